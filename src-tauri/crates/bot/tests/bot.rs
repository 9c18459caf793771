//! Whole bots, given as texts.

use std::sync::Arc;

use bot::{Bot, FileKind, Problem, ReadProblem, Severity, SourceFile, StudioFile, TokenKind};

fn source(path: &str, text: &str) -> SourceFile {
    SourceFile { path: path.into(), text: Ok(text.into()) }
}

fn read(files: &[(&str, &str)]) -> Bot {
    Bot::read(&files.iter().map(|(path, text)| source(path, text)).collect::<Vec<_>>())
}

fn listed(problems: &[Problem]) -> Vec<String> {
    let list = |p: &Problem| format!("{}:{}:{}-{}:{} {}", p.file, p.line, p.column, p.end_line, p.end_column, p.code);
    problems.iter().map(list).collect()
}

/// `expect`: `file:line:column-endline:endcolumn code` of every problem.
#[track_caller]
fn check(files: &[(&str, &str)], expect: &[&str]) {
    let bot = read(files);
    assert_eq!(listed(bot.problems()), expect, "{:#?}", bot.problems());
    for problem in bot.problems() {
        assert!(problem.message.ends_with(['.', '?']), "{}", problem.message);
        assert!(problem.hint.is_empty() || problem.hint.ends_with('.'), "{}", problem.hint);
    }
}

const SECRET: &str = "- provider: secret\n  alias: myapi_key\n  context: bot\n";
const READS_SECRET: &str =
    "dialog main do\n  token = get_access_token(bot.tokens.myapi_key)\n  say \"x: \" + token\nend\n";

#[test]
fn nothing_is_no_problem() {
    check(&[], &[]);
    check(&[("integrations.yaml", ""), ("main.bubble", ""), ("notes.yaml", ""), ("patchbay.yaml", "")], &[]);
}

#[test]
fn the_secret_sample_is_whole() {
    check(&[("integrations.yaml", SECRET), ("main.bubble", READS_SECRET)], &[]);
}

#[test]
fn files_are_recognised() {
    let bot = read(&[
        ("skills/booking/data/slots.yaml", "type: calendar\nstorage: {calendar_name: booking}\n"),
        ("skills/booking/integrations.yml", "- provider: calendar\n  context: bot\n  alias: booking\n"),
        ("integrations.yaml", SECRET),
        ("main.bubble", READS_SECRET),
        ("prices.yaml", "- 1\n- 2\n"),
        ("people.json", "[]"),
        ("people.csv", "a,b"),
        ("deep/integrations.yaml", "- provider: google\n"),
        ("patchbay.yaml", "id: b-1\ntitle: Honcho Desk\nlater: [1]\n"),
        ("README.md", "# x"),
    ]);
    let files: Vec<_> = bot.files().into_iter().map(|file| (file.path.to_string(), file.kind, file.skill)).collect();
    let skill = Some(Arc::from("booking"));
    assert_eq!(
        files,
        [
            ("deep/integrations.yaml".to_owned(), FileKind::Data, None),
            ("integrations.yaml".to_owned(), FileKind::Manifest, None),
            ("main.bubble".to_owned(), FileKind::Script, None),
            ("patchbay.yaml".to_owned(), FileKind::Studio, None),
            ("people.csv".to_owned(), FileKind::Data, None),
            ("people.json".to_owned(), FileKind::Data, None),
            ("prices.yaml".to_owned(), FileKind::Data, None),
            ("skills/booking/data/slots.yaml".to_owned(), FileKind::DataDefinition, skill.clone()),
            ("skills/booking/integrations.yml".to_owned(), FileKind::Manifest, skill.clone()),
        ]
    );
    assert_eq!(listed(bot.problems()), [""; 0]);
    assert_eq!(bot.title(), Some("Honcho Desk"));
    assert_eq!(
        bot.studio_file().cloned(),
        Some(StudioFile { id: Some("b-1".into()), title: Some("Honcho Desk".into()) })
    );
    let entries: Vec<_> = bot.entries().iter().map(|entry| (entry.integration.alias(), entry.skill.clone())).collect();
    assert_eq!(entries, [("myapi_key", None), ("booking", skill)]);
    assert_eq!((bot.entries()[0].line, bot.entries()[0].end_line), (1, 3));
    let definitions: Vec<_> =
        bot.data_definitions().map(|(_, d)| (d.kind.as_str(), d.calendar_name.as_deref())).collect();
    assert_eq!(definitions, [("calendar", Some("booking"))]);
}

#[test]
fn manifest_problems_have_their_places() {
    check(
        &[("integrations.yaml", "\u{feff}- provider: linkedin\r\n  contxt: user\r\n  title: \"😀\r\n")],
        &["integrations.yaml:3:10-3:13 unclosed-quote"],
    );
    let bot = read(&[("integrations.yaml", "# 😀\n- provider: linkedin\n  contxt: user\n")]);
    let problem = &bot.problems()[0];
    assert_eq!((problem.line, problem.column, problem.end_column, problem.range.clone()), (3, 3, 9, 28..34));
    assert_eq!(
        (problem.severity, problem.message.as_str()),
        (Severity::Error, "Unknown key `contxt`. Did you mean `context`?")
    );
}

#[test]
fn script_problems_are_here_too() {
    let bot = read(&[("skills/a/x.bubble", "dialog main do\n  say \"x\n")]);
    assert!(!bot.problems().is_empty());
    assert!(bot.problems().iter().all(|problem| &*problem.file == "skills/a/x.bubble"));
}

#[test]
fn two_manifests_in_one_place() {
    check(
        &[("integrations.yaml", ""), ("integrations.yml", SECRET), ("skills/a/integrations.yml", "")],
        &["integrations.yml:1:1-1:1 two-manifests"],
    );
    assert!(read(&[("integrations.yaml", ""), ("integrations.yml", SECRET)]).entries().is_empty());
}

#[test]
fn aliases_are_shared_by_all_manifests() {
    let bot = read(&[
        ("integrations.yaml", "# c\n- provider: google\n  context: user\n"),
        (
            "skills/a/integrations.yaml",
            "- provider: google\n  context: user\n- provider: smtp\n  context: bot\n  alias: google\n",
        ),
        ("skills/b/integrations.yaml", "- provider: google\n  context: user\n"),
    ]);
    let found: Vec<_> = bot.problems().iter().map(|p| (&*p.file, p.line, p.message.as_str())).collect();
    assert_eq!(
        found,
        [
            ("integrations.yaml", 2, "Alias `google` is also used in skills/a/integrations.yaml, line 1."),
            ("skills/a/integrations.yaml", 1, "Alias `google` is also used on line 5."),
            ("skills/a/integrations.yaml", 1, "Alias `google` is also used in integrations.yaml, line 2."),
            ("skills/a/integrations.yaml", 5, "Alias `google` is also used on line 1."),
            ("skills/b/integrations.yaml", 1, "Alias `google` is also used in integrations.yaml, line 2."),
        ]
    );
    assert_eq!(bot.entry("google").map(|entry| &*entry.file), Some("integrations.yaml"));
}

#[test]
fn scripts_and_manifests_are_checked_together() {
    check(
        &[("integrations.yaml", SECRET), ("main.bubble", "say get_access_token(bot.tokens.myapi_kye)\n")],
        &["integrations.yaml:2:10-2:19 unused-secret", "main.bubble:1:33-1:42 unknown-alias"],
    );
    let bot = read(&[("integrations.yaml", SECRET), ("main.bubble", "say oauth_link(\"myapi_kye\")\n")]);
    assert_eq!(bot.problems()[1].message, "No manifest has alias `myapi_kye`. Did you mean `myapi_key`?");
    assert_eq!(bot.problems()[1].severity, Severity::Warning);
    let google = "- provider: google\n  context: user\n";
    check(
        &[("integrations.yaml", google), ("main.bubble", "log user.tokens.google\nsay oauth_link(\"google\")\n")],
        &[],
    );
    check(
        &[("integrations.yaml", google), ("main.bubble", "log bot.tokens.google\n")],
        &["main.bubble:1:16-1:22 alias-context"],
    );
    check(
        &[("integrations.yaml", SECRET), ("main.bubble", "say oauth_link(\"myapi_key\")\n")],
        &["main.bubble:1:17-1:26 alias-context"],
    );
}

#[test]
fn nothing_is_concluded_from_a_manifest_that_was_not_read() {
    let broken = "- provider: secret\n\talias: myapi_key\n";
    check(
        &[("integrations.yaml", broken), ("main.bubble", READS_SECRET)],
        &["integrations.yaml:2:1-2:2 tab-indentation"],
    );
    let text = Err(ReadProblem { message: "The file is gone.".into(), hint: "Restore it.".into() });
    let bot = Bot::read(&[SourceFile { path: "integrations.yaml".into(), text }, source("main.bubble", READS_SECRET)]);
    assert_eq!(listed(bot.problems()), ["integrations.yaml:1:1-1:1 unreadable"]);
    assert_eq!(
        (bot.problems()[0].message.as_str(), bot.problems()[0].hint.as_str()),
        ("The file is gone.", "Restore it.")
    );
}

#[test]
fn calendars() {
    let manifest = "- provider: calendar\n  context: bot\n  alias: booking\n";
    let definition = "type: calendar\ntitle: {en: Booking}\nstorage:\n  type: calendar\n  calendar_name: booking\n";
    check(&[("integrations.yaml", manifest), ("slots.yaml", definition)], &[]);
    check(&[("integrations.yaml", manifest)], &["integrations.yaml:3:10-3:17 calendar-undefined"]);
    check(&[("slots.yaml", definition)], &["slots.yaml:5:18-5:25 unknown-calendar"]);
    check(
        &[("integrations.yaml", manifest), ("slots.yaml", &definition.replace("name: booking", "name: bookng"))],
        &["integrations.yaml:3:10-3:17 calendar-undefined", "slots.yaml:5:18-5:24 unknown-calendar"],
    );
    check(&[("slots.yaml", "type: calendar\nstorage: {}\n")], &["slots.yaml:1:7-1:15 calendar-name-missing"]);
    check(&[("slots.yaml", "type: calendar\n")], &["slots.yaml:1:7-1:15 calendar-name-missing"]);
}

#[test]
fn data_definitions() {
    let fine = [
        ("a.yaml", "type: form\nstorage: [1]\n"),
        ("b.yml", "x: 1\n[a]: b\n"),
        ("c.yaml", "- type: x\n"),
        ("d.yaml", "just text"),
    ];
    check(&fine, &[]);
    check(&[("a.yaml", "---\na: 1\n---\nb: 2\n")], &[]);
    check(&[("a.yaml", "x: 1\ntype:\n")], &["a.yaml:2:5-2:5 type-missing"]);
    check(&[("a.yaml", "type: [1]\n")], &["a.yaml:1:7-1:10 unexpected-value"]);
    check(&[("a.yaml", "type: a\nb: 1\nb: 2\n")], &["a.yaml:3:1-3:5 duplicate-key"]);
    check(&[("a.yaml", "a: 1\n\tb: 2\n")], &["a.yaml:2:1-2:2 tab-indentation"]);
    check(&[("a.yaml", &"[".repeat(20_000))], &["a.yaml:1:33-1:20001 too-deep"]);
    check(&[("a.yaml", &"#".repeat(1024 * 1024 + 1))], &["a.yaml:1:1-1:1 too-large"]);
}

#[test]
fn studio_files() {
    check(&[("patchbay.yaml", "title: [x]\n")], &["patchbay.yaml:1:8-1:11 unexpected-value"]);
    check(&[("patchbay.yaml", "title: \"x\n")], &["patchbay.yaml:1:8-1:10 unclosed-quote"]);
    check(&[("patchbay.yaml", "- x\n")], &["patchbay.yaml:1:1-1:4 unexpected-value"]);
    assert_eq!(read(&[("patchbay.yaml", "title: 007\n")]).title(), Some("007"));
    assert_eq!(read(&[("patchbay.yaml", "title: [x]\n")]).studio_file(), None);
}

#[test]
fn alias_bombs_in_data_are_cut_short() {
    let bomb = |levels: usize| {
        let mut bomb = "type: &a0 [x, x, x, x, x, x, x, x, x]\n".to_owned();
        for level in 1..levels {
            bomb.push_str(&format!("a{level}: &a{level} [{}]\n", format!("*a{}, ", level - 1).repeat(9)));
        }
        bomb
    };
    assert_eq!(read(&[("a.yaml", &bomb(9))]).problems()[0].code, "too-many-values");
    assert_eq!(
        read(&[("a.yaml", &bomb(5).replace("type: &a0", "type: x\nz: &a0"))]).problems()[0].code,
        "too-many-values"
    );
}

#[test]
fn uses() {
    let bot = read(&[
        ("integrations.yaml", SECRET),
        ("main.bubble", READS_SECRET),
        ("skills/a/z.bubble", "dialog other do\n  log \"é😀\" + bot.tokens.myapi_key\nend\n"),
    ]);
    let found: Vec<_> =
        bot.uses("myapi_key").into_iter().map(|used| (used.file.to_string(), used.line, used.column)).collect();
    assert_eq!(found, [("main.bubble".to_owned(), 2, 39), ("skills/a/z.bubble".to_owned(), 2, 26)]);
    assert!(bot.uses("other").is_empty());
}

#[test]
fn tokens() {
    let bot = read(&[
        ("integrations.yaml", "- title: \"😀\" # c\n"),
        ("main.bubble", "say \"x\"\n"),
        ("a.json", "{\"a\": 1}"),
        ("a.csv", "a"),
    ]);
    let kinds = |path: &str| bot.tokens(path).into_iter().map(|token| (token.kind, token.range)).collect::<Vec<_>>();
    assert_eq!(
        kinds("integrations.yaml"),
        [
            (TokenKind::Punctuation, 0..1),
            (TokenKind::Key, 2..7),
            (TokenKind::Punctuation, 7..8),
            (TokenKind::String, 9..13),
            (TokenKind::Comment, 14..17),
        ]
    );
    assert_eq!(kinds("main.bubble")[0], (TokenKind::Keyword, 0..3));
    assert_eq!(kinds("a.json")[1], (TokenKind::Key, 1..4));
    assert!(kinds("a.csv").is_empty() && kinds("none").is_empty());
}

#[test]
fn an_entry_is_shown_without_its_client_secret() {
    let bot = read(&[("integrations.yaml", "- provider: oauth2\n  oauth2:\n    client_secret: yyy\n")]);
    assert_eq!(bot.source(&bot.entries()[0]), "- provider: oauth2\n  oauth2:\n    client_secret: ••••••••");
}

#[test]
fn the_bots_own_main_comes_first() {
    let bot = read(&[("zebra.bubble", "say \"z\"\n"), ("skills/a/a.bubble", "say \"a\"\n")]);
    let own = read(&[("zebra.bubble", "say \"z\"\n")]);
    assert!(!Arc::ptr_eq(bot.program(), own.program()));
}
