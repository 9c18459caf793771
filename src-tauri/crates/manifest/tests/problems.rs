//! Wrong manifests: what is said, and where.

use manifest::{LineIndex, Severity, read};

/// `expect`: code, line, column and the text of each problem's range.
#[track_caller]
fn check(text: &str, expect: &[(&str, u32, u32, &str)]) {
    let index = LineIndex::new(text);
    let manifest = read(text);
    let found: Vec<_> = manifest
        .diagnostics
        .iter()
        .map(|problem| {
            let place = index.position(problem.range.start);
            (problem.code, place.line, place.column, &text[problem.range.clone()])
        })
        .collect();
    assert_eq!(found, expect, "{text}\n{:#?}", manifest.diagnostics);
    for problem in &manifest.diagnostics {
        assert!(problem.message.ends_with(['.', '?']), "{}", problem.message);
        assert!(problem.hint.is_empty() || problem.hint.ends_with('.'), "{}", problem.hint);
    }
}

#[track_caller]
fn check_text(text: &str, message: &str, hint: &str) {
    let manifest = read(text);
    let found: Vec<_> = manifest.diagnostics.iter().map(|p| (p.message.as_str(), p.hint.as_str())).collect();
    assert_eq!(found, [(message, hint)], "{text}");
}

#[track_caller]
fn check_aliases(text: &str, expect: &[&str]) {
    let manifest = read(text);
    let found: Vec<_> = manifest.entries.iter().map(|entry| entry.alias()).collect();
    assert_eq!(found, expect, "{text}\n{:#?}", manifest.diagnostics);
}

const SECRET: &str = "- provider: secret\n  context: bot\n";

#[test]
fn nothing_to_say() {
    for text in [
        "",
        "\n",
        "# only a comment\n",
        "---\n",
        "--- # c\n",
        "\u{feff}",
        "~",
        "[]",
        SECRET,
        "- {provider: google, context: user}",
    ] {
        check(text, &[]);
    }
    for text in ["", "# c", "[]", "---\n"] {
        assert!(read(text).complete && read(text).entries.is_empty());
    }
}

#[test]
fn shape() {
    check("provider: google\ncontext: user\n", &[("not-a-list", 1, 1, "provider")]);
    check("integrations:\n- provider: google\n  context: user\n", &[("not-a-list", 1, 1, "integrations")]);
    check("google", &[("not-a-list", 1, 1, "google")]);
    check(
        "- google\n- \n- - a\n",
        &[("entry-not-a-map", 1, 1, "- google"), ("empty-entry", 2, 1, "-"), ("entry-not-a-map", 3, 1, "- - a")],
    );
    check("- provider:google\n", &[("entry-not-a-map", 1, 1, "- provider:google")]);
    check("title: x\n- provider: secret\n  context: bot\n", &[("not-a-list", 1, 1, "title: x")]);
    check("- provider: secret\n  context: bot\n---\n- provider: smtp\n", &[("several-documents", 3, 1, "---")]);
}

#[test]
fn keys() {
    check("- provider: linkedin\n  contxt: user\n", &[("unknown-key", 2, 3, "contxt")]);
    check_text("- provider: linkedin\n  contxt: user\n", "Unknown key `contxt`. Did you mean `context`?", "");
    check("- provider: secret\n  context: bot\n  colour: red\n", &[("unknown-key", 3, 3, "colour")]);
    check("- provider: secret\n  context: bot\n  ? [a]\n  : b\n", &[("key-not-text", 3, 5, "[a]")]);
    check("- provider: secret\n  context: bot\n  alias: a\n  alias: b\n", &[("duplicate-key", 4, 3, "alias")]);
    check(
        "- provider: secret\n  context: bot\n  alias:\n  title: ~\n",
        &[("value-missing", 3, 3, "alias"), ("value-missing", 4, 3, "title")],
    );
    check(
        "- provider: google\n  context: user\n  scope: [email, profile]\n",
        &[("value-not-text", 3, 10, "[email, profile]")],
    );
}

#[test]
fn providers_and_contexts() {
    check("- context: bot\n", &[("provider-missing", 1, 3, "context")]);
    check("- provider: gogle\n  context: user\n", &[("unknown-provider", 1, 13, "gogle")]);
    check_text("- provider: Google\n  context: user\n", "Unknown provider `Google`. Did you mean `google`?", "");
    check("- provider: basecamp\n  context: user\n", &[("unknown-provider", 1, 13, "basecamp")]);
    check("- provider: google\n", &[("context-missing", 1, 13, "google")]);
    check_text("- provider: twilio\n", "This entry has no context.", "Add `context: bot`.");
    check("- provider: google\n  context: usr\n", &[("unknown-context", 2, 12, "usr")]);
    for provider in ["twilio", "secret", "calendar", "dialogflow", "google_service_account", "smtp"] {
        let text = format!("- provider: {provider}\n  scope: a\n  context: user\n");
        check(&text, &[("context-not-allowed", 3, 12, "user")]);
    }
}

#[test]
fn aliases() {
    check("- provider: secret\n  context: bot\n  alias: my key\n", &[("alias-not-identifier", 3, 10, "my key")]);
    check_text(
        "- provider: secret\n  context: bot\n  alias: my-key\n",
        "Alias `my-key` is no name that scripts can use.",
        "Use letters, digits and `_`, beginning with a letter, such as `my_key`.",
    );
    check("- provider: secret\n  context: bot\n  alias: 1st\n", &[("alias-not-identifier", 3, 10, "1st")]);
    check("- provider: secret\n  context: bot\n  alias: \"\"\n", &[("alias-not-identifier", 3, 10, "\"\"")]);
    check(
        "- provider: twilio\n  context: bot\n- provider: twilio\n  context: bot\n- provider: secret\n  alias: twilio\n  context: bot\n",
        &[
            ("duplicate-alias", 1, 13, "twilio"),
            ("duplicate-alias", 3, 13, "twilio"),
            ("duplicate-alias", 6, 10, "twilio"),
        ],
    );
}

#[test]
fn duplicate_aliases_name_each_other() {
    let manifest =
        read("- provider: secret\n  context: bot\n  alias: a\n- provider: smtp\n  context: bot\n  alias: a\n");
    let messages: Vec<_> = manifest.diagnostics.iter().map(|problem| problem.message.as_str()).collect();
    assert_eq!(messages, ["Alias `a` is also used on line 6.", "Alias `a` is also used on line 3."]);
}

#[test]
fn scopes() {
    check(
        "- provider: google_service_account\n  context: bot\n",
        &[("scope-missing", 1, 13, "google_service_account")],
    );
    check(
        "- provider: google\n  context: user\n  scope: email,profile\n",
        &[("scope-separator", 3, 10, "email,profile")],
    );
    check_text(
        "- provider: facebook\n  context: user\n  scope: email, user_friends\n",
        "Facebook separates scopes with commas.",
        "Write `email,user_friends`.",
    );
    check(
        "- provider: facebook\n  context: user\n  scope: \"email,publish_actions\"\n",
        &[("scope-retired", 3, 17, "publish_actions")],
    );
    check(
        "- provider: linkedin\n  context: user\n  scope: r_emailaddress_x openid r_emailaddress\n",
        &[("scope-retired", 3, 34, "r_emailaddress")],
    );
    check(
        "- provider: twitter\n  context: user\n  scope: tweet.read users.read\n",
        &[("scope-selects-oauth2", 3, 3, "scope")],
    );
    check(
        "- provider: oauth2\n  context: bot\n  scope: a,b\n  oauth2: {flow: client_credentials, client_id: x, token_url: 'https://x.example/t'}\n",
        &[],
    );
    for hint in read("- provider: google\n  context: user\n  scope: a,b\n").diagnostics {
        assert_eq!(hint.severity, Severity::Hint);
    }
}

fn with_block(block: &str) -> String {
    format!("- provider: oauth2\n  context: bot\n  oauth2:\n{block}")
}

#[test]
fn oauth2_block() {
    check("- provider: oauth2\n  context: bot\n", &[("oauth2-missing", 1, 13, "oauth2")]);
    check("- provider: oauth2\n  context: bot\n  oauth2: x\n", &[("oauth2-not-a-map", 3, 3, "oauth2")]);
    check(
        "- provider: google\n  context: user\n  oauth2:\n    flow: auth_code\n    client_id: x\n    authorize_url: https://a.example\n    token_url: https://a.example\n",
        &[("oauth2-not-used", 3, 3, "oauth2")],
    );
    check(
        &with_block("    client_id: x\n"),
        &[("oauth2-key-missing", 3, 3, "oauth2"), ("oauth2-key-missing", 3, 3, "oauth2")],
    );
    check(
        &with_block("    flow: auth_code\n"),
        &[
            ("oauth2-key-missing", 3, 3, "oauth2"),
            ("oauth2-key-missing", 3, 3, "oauth2"),
            ("oauth2-key-missing", 3, 3, "oauth2"),
        ],
    );
    check_text(
        &with_block("    flow: client_credentials\n    client_id: x\n"),
        "This `oauth2` block has no `token_url`.",
        "Add the address from the provider's documentation.",
    );
    check(
        &with_block("    flow: authcode\n    client_id: x\n    token_url: https://a.example\n"),
        &[("unknown-flow", 4, 11, "authcode")],
    );
    check_text(
        &with_block("    flow: authcode\n    client_id: x\n    token_url: https://a.example\n"),
        "Unknown flow `authcode`. Did you mean `auth_code`?",
        "",
    );
    check(
        &with_block("    flow: client_credentials\n    cliend_id: x\n    token_url: https://a.example\n"),
        &[("unknown-key", 5, 5, "cliend_id")],
    );
    check(
        &with_block("    flow: client_credentials\n    client_id: x\n    token_url: https://a.example\n    alias: y\n"),
        &[("inside-oauth2", 7, 5, "alias")],
    );
}

#[test]
fn lost_block_indentation() {
    check(
        "- provider: oauth2\n  context: bot\n  oauth2:\n  flow: auth_code\n  client_secret: yyy\n",
        &[
            ("outside-oauth2", 4, 3, "flow"),
            ("outside-oauth2", 5, 3, "client_secret"),
            ("client-secret-in-text", 5, 18, "yyy"),
        ],
    );
}

#[test]
fn addresses() {
    let with =
        |url: &str| with_block(&format!("    flow: client_credentials\n    client_id: x\n    token_url: {url}\n"));
    check(&with("http://example.com/token"), &[("insecure-url", 6, 16, "http://example.com/token")]);
    check(&with("http://127.0.0.1:47840/token"), &[]);
    check(&with("discord.com/token"), &[("bad-url", 6, 16, "discord.com/token")]);
    check(&with("https://a:b@example.com/"), &[("bad-url", 6, 16, "https://a:b@example.com/")]);
}

#[test]
fn client_secrets() {
    let block = "    flow: client_credentials\n    client_id: x\n    token_url: https://a.example\n";
    check(&with_block(&format!("{block}    client_secret: \"yyy\"\n")), &[("client-secret-in-text", 7, 20, "\"yyy\"")]);
    check(&with_block(&format!("{block}    client_secret: |\n      yyy\n")), &[("client-secret-in-text", 8, 7, "yyy")]);
    check(&with_block(&format!("{block}    client_secret:\n")), &[("value-missing", 7, 5, "client_secret")]);
}

#[test]
fn syntax() {
    check("- provider: secret\n\tcontext: bot\n", &[("tab-indentation", 2, 1, "\t")]);
    check(
        "- provider: secret\n  context: bot\n  title: \"Weather\n  description: \"x\"\n",
        &[("unclosed-quote", 3, 10, "\"Weather")],
    );
    check("- provider: secret\n  title: 'don't'\n", &[("text-after-quote", 2, 15, "t'")]);
    check("- provider: google\ncontext: user\nalias: g\n", &[("indentation-lost", 2, 1, "context: user\nalias: g")]);
    check_text(
        "- provider: google\ncontext: user\nalias: g\n",
        "Indentation was lost in 2 lines of this entry.",
        "Indent every key by two spaces, so that it stands under the first one.",
    );
    check("- provider: twilio context: bot description: \"x\"\n", &[("keys-on-one-line", 1, 20, "context")]);
    check("- provider: secret\n  description: Note: this\n", &[("unquoted-colon", 2, 16, "Note")]);
    check("- provider: google\n   context: user\n", &[("uneven-indentation", 2, 4, "context: user")]);
    check("- provider: google\n context: user\n", &[("uneven-indentation", 2, 2, "context: user")]);
    check("- provider: google\n  context\n  alias: x\n", &[("no-colon", 2, 3, "context")]);
    check("- provider: google\n-context: bot\n", &[("no-space-after-dash", 2, 1, "-context: bot")]);
    check("- provider: google\nhello\n", &[("line-outside", 2, 1, "hello")]);
    check("- provider: [google\n  context: bot\n", &[("unclosed-bracket", 2, 10, ": bot")]);
    check("- provider: @google\n", &[("unexpected-character", 1, 13, "@google")]);
    check("- provider: \"a\\qb\"\n", &[("unknown-escape", 1, 13, "\"a\\qb\"")]);
}

#[test]
fn several_at_once() {
    check(
        "- provider: secret\n\tcontext: bot\n\ttitle: 'x\n- alias: a b\n  contxt: x\n",
        &[
            ("tab-indentation", 2, 1, "\t"),
            ("tab-indentation", 3, 1, "\t"),
            ("unclosed-quote", 3, 9, "'x"),
            ("provider-missing", 4, 3, "alias"),
            ("alias-not-identifier", 4, 10, "a b"),
            ("unknown-key", 5, 3, "contxt"),
        ],
    );
}

#[test]
fn other_entries_survive_a_broken_one() {
    let broken = [
        "- provider: google\n\tcontext: user\n",
        "- title: \"x\n  alias: y\n",
        "- a: [1\n",
        "- provider: a\ncontext: b\n",
        "- x: \u{0}\n",
    ];
    for broken in broken {
        let text = format!("# head\n{SECRET}  alias: one\n{broken}{SECRET}  alias: two\n");
        check_aliases(&text, &["one", "two"]);
        assert!(!read(&text).complete);
        assert!(!read(&text).diagnostics.is_empty());
    }
}

#[test]
fn places_with_marks_and_line_ends() {
    check(
        "\u{feff}- provider: gogle\r\n  context: user\r\n  contxt: x\r\n",
        &[("unknown-provider", 1, 13, "gogle"), ("unknown-key", 3, 3, "contxt")],
    );
    check("- provider: secret\r  context: bot\r  title: 😀é\r  colour: red\r", &[("unknown-key", 4, 3, "colour")]);
    check("- {title: \"😀é\", provider: gogle, context: user}\n", &[("unknown-provider", 1, 28, "gogle")]);
    check_aliases("\u{feff}- provider: secret\r\n  context: bot\r\n", &["secret"]);
    let text =
        "\u{feff}# c\r\n  - provider: smtp\r\n    context: bot\r\n\r\n  - provider: secret\r\n    context: bot\r\n";
    let ranges: Vec<_> = read(text).entries.iter().map(|entry| &text[entry.range.clone()]).collect();
    assert_eq!(ranges, ["- provider: smtp\r\n    context: bot", "- provider: secret\r\n    context: bot"]);
    let bare = "\u{feff}- provider: smtp\n  context: bot\n";
    assert_eq!(&bare[read(bare).entries[0].range.clone()], "- provider: smtp\n  context: bot");
}

#[test]
fn spelling_is_kept() {
    let manifest = read(
        "- provider: no\n  alias: 0123\n  title: 1_000\n  description: 1.10\n  icon: \"a\\tb\"\n  scope: >-\n    a\n    b\n",
    );
    let entry = &manifest.entries[0];
    let values: Vec<_> = [&entry.provider, &entry.alias, &entry.title, &entry.description, &entry.icon, &entry.scope]
        .into_iter()
        .map(|field| field.as_ref().map_or("", |field| field.value.as_str()))
        .collect();
    assert_eq!(values, ["no", "0123", "1_000", "1.10", "a\tb", "a b"]);
}

#[test]
fn anchors_and_merges() {
    let text = "- &base\n  provider: secret\n  context: &c bot\n  alias: one\n- <<: *base\n  alias: two\n- {<<: [*base], alias: three, context: *c}\n";
    check(text, &[]);
    check_aliases(text, &["one", "two", "three"]);
    let entries = read(text).entries;
    assert_eq!(entries[2].context.as_ref().map(|field| &text[field.value_range.clone()]), Some("*c"));
    assert_eq!(entries[1].known_context(), Some(providers::Context::Bot));
    check("- provider: *x\n  context: bot\n", &[("unknown-anchor", 1, 13, "*x")]);
    check("- &a [*a]\n", &[("entry-not-a-map", 1, 1, "- &a [*a]"), ("alias-in-itself", 1, 7, "*a")]);
    check(
        "- &a provider\n- <<: *a\n  provider: secret\n  context: bot\n",
        &[("entry-not-a-map", 1, 1, "- &a provider"), ("merge-not-a-map", 2, 7, "*a")],
    );
}
