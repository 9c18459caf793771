//! The seven sample scripts, practised: what a person reads in the terminal, before and after signing in.
//!
//! What is expected stands beside the scripts, in `fixtures/samples`. `PATCHBAY_WRITE_TRANSCRIPTS=1` writes it anew.

use std::fs;

use tests::{Browser, Keychain, Outcome, Session, bots, folder};

use super::talk::{ADA, Bot};

const NAMES: [&str; 7] =
    ["1-secret", "2-login-buttons", "3-token-event", "4-oauth-link", "5-token-info", "6-status-update", "7-full-token"];

fn script(name: &str) -> String {
    fs::read_to_string(folder("fixtures/samples").join(format!("{name}.bubble"))).unwrap()
}

/// A bot with one of the scripts.
fn sample<'s>(session: &'s Session, script: &str) -> Bot<'s> {
    let manifest = fs::read(folder("fixtures/samples/integrations.yaml")).unwrap();
    let files = [("integrations.yaml", manifest.as_slice()), ("main.bubble", script.as_bytes())];
    Bot::new(session, &bots::write(session.home(), "sample", &files))
}

/// What a person typed and read. Addresses and times that differ from run to run stand as what they are.
fn transcript(title: &str, outcome: &Outcome) -> String {
    let mut text = format!("== {title}: exit status {}\n", outcome.code.unwrap_or(-1));
    for (stream, content) in [("out", &outcome.out), ("err", &outcome.err)] {
        for line in content.lines() {
            let line = steady(line);
            text += &format!("{stream}| {line}\n");
        }
    }
    text
}

fn steady(line: &str) -> String {
    if line.starts_with("http://127.0.0.1:") {
        return "‹link›".to_owned();
    }
    let line = match line
        .split_once("this sign-in ends at ")
        .and_then(|(start, rest)| Some((start, rest.split_once(". ")?.1)))
    {
        Some((start, rest)) => format!("{start}this sign-in ends at TIME. {rest}"),
        None => line.to_owned(),
    };
    let line = after(&line, "127.0.0.1:", "PORT", |c| c.is_ascii_digit());
    let line = after(&line, "\"expires_at\":", "TIME", |c| c.is_ascii_digit());
    after(&line, "expires_at: ", "TIME", |c| c.is_ascii_digit())
}

/// Puts `name` in place of what follows each `start` for as long as it is of a kind.
fn after(text: &str, start: &str, name: &str, kind: impl Fn(char) -> bool) -> String {
    let mut pieces = text.split(start);
    let first = pieces.next().unwrap_or_default().to_owned();
    pieces.fold(first, |text, piece| {
        let rest = piece.trim_start_matches(&kind);
        let name = if rest.len() < piece.len() { name } else { "" };
        text + start + name + rest
    })
}

/// "ends at 15:01" and the like.
pub(super) fn without_times(line: &str) -> String {
    let number = |word: &str| word.len() == 5 && word.as_bytes()[2] == b':' && word[..2].parse::<u8>().is_ok();
    let shown = |word: &str| {
        let bare = word.trim_end_matches(['.', ',']);
        if number(bare) { word.replace(bare, "TIME") } else { word.to_owned() }
    };
    line.split(' ').map(shown).collect::<Vec<_>>().join(" ")
}

#[track_caller]
pub(super) fn check(name: &str, got: &str) {
    let file = folder("fixtures/samples").join(format!("{name}.txt"));
    if std::env::var_os("PATCHBAY_WRITE_TRANSCRIPTS").is_some() {
        fs::write(&file, got).unwrap();
    }
    let expect = fs::read_to_string(&file).unwrap_or_default();
    assert_eq!(got, expect, "{}", file.display());
}

/// The lines that are typed, with the browser in between where a sign-in asks for it.
fn chat(bot: &Bot<'_>, lines: &[&str]) -> Outcome {
    let mut talk = bot.talk(&["chat"]);
    for line in lines {
        talk.say(line);
        if line.starts_with("/login") || line.starts_with("/press") {
            let link = talk.link();
            let landing = Browser::default().open(&link, ADA);
            assert!(landing.text.contains("is connected"), "{}", landing.text);
        }
    }
    talk.end()
}

/// One script: nobody is signed in, then somebody signs in on the way, then a new conversation begins.
fn plays(name: &str, before: &[&str], on_the_way: &[&str], later: &[&str]) {
    let session = Session::new(Keychain::None);
    let bot = sample(&session, &script(name));
    let mut got = transcript("nobody is signed in", &chat(&bot, before));
    if !on_the_way.is_empty() {
        got += &transcript(&format!("{on_the_way:?}"), &chat(&bot, on_the_way));
        got += &transcript("a new conversation", &chat(&bot, later));
    }
    check(name, &got);
}

#[test]
fn sample_1_secret() {
    let session = Session::new(Keychain::None);
    let bot = sample(&session, &script("1-secret"));
    let mut got = transcript("no value", &chat(&bot, &[]));
    assert_eq!(bot.run_with(&["secret", "set", "myapi_key"], "a-value-of-the-sample").code, Some(0));
    let told = chat(&bot, &[]);
    assert!(!format!("{told:?}").contains("a-value-of-the-sample"), "{told:?}");
    got += &transcript("a value", &told);
    check("1-secret", &got);
}

#[test]
fn sample_2_login_buttons() {
    plays("2-login-buttons", &[], &["/press 1", "/login facebook"], &[]);
}

#[test]
fn sample_3_token_event() {
    plays("3-token-event", &["hello"], &["/login google"], &["hello"]);
}

#[test]
fn sample_4_oauth_link() {
    plays("4-oauth-link", &[], &["/login google"], &[]);
}

#[test]
fn sample_5_token_info() {
    plays("5-token-info", &[], &["/login google", "/restart"], &[]);
}

#[test]
fn sample_6_status_update() {
    plays("6-status-update", &["I am here"], &["/login facebook", "I am here"], &["I am still here"]);
}

#[test]
fn sample_7_full_token() {
    plays("7-full-token", &[], &["/login facebook", "/restart"], &[]);
}

/// As they are copied out of a document: no line is indented.
#[test]
fn samples_run_as_they_are_pasted() {
    let session = Session::new(Keychain::None);
    let bot = sample(&session, "dialog main do\n  say \"not this one\"\nend\n");
    let mut got = String::new();
    for signed_in in [false, true] {
        if signed_in {
            bot.connect("google");
            bot.connect("facebook");
            assert_eq!(bot.run_with(&["secret", "set", "myapi_key"], "a-value-of-the-sample").code, Some(0));
        }
        for name in NAMES {
            let raw: String = script(name).lines().map(|line| line.trim_start().to_owned() + "\n").collect();
            let outcome = bot.run_with(&["chat", "--script"], &raw);
            assert!(!outcome.out.contains("not this one"), "{outcome:?}");
            got += &transcript(&format!("{name}, signed in: {signed_in}"), &outcome);
        }
    }
    check("pasted", &got);
}
