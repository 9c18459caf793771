//! A planted value is found where it is entered and revealed, and nowhere else: in no file, log, event, message, call.

use std::path::Path;

use serde_json::{Value, json};
use tests::canary::{CANARY, found_below, found_in};
use tests::strace::{self, Call, while_watched};
use tests::{Cli, DevHost, Flow, Keychain, LONG, Session, Step, Target, Window, bots, need, run};

const NONE: [String; 0] = [];

/// The calls that hold the value in any form.
fn telling(calls: &[Call]) -> Vec<String> {
    let told = calls.iter().map(|call| (call, found_in(&call.data, CANARY)));
    told.filter(|(_, forms)| !forms.is_empty()).map(|(call, forms)| format!("{} {forms:?}", call.start)).collect()
}

/// No file of the user holds the value; the search finds one that does.
fn check_files(session: &Session) {
    let home = session.home().path("");
    assert_eq!(found_below(&home, CANARY), NONE);
    let control = session.home().path("home/control");
    std::fs::write(&control, CANARY).unwrap();
    assert_ne!(found_below(&home, CANARY), NONE, "the search finds what is there");
    std::fs::remove_file(control).unwrap();
}

#[test]
fn canaries_of_the_command_line() {
    need(&["strace"]);
    let session = Session::new(Keychain::Gnome);
    let bot = bots::copy("secret", session.home());
    let cli = Cli::new(&session, &bot);
    // Records stand outside the home, which is searched.
    let records = tempfile::tempdir().unwrap();
    let recorded = |name: &str, words: &[&str], input: &str| {
        let file = records.path().join(name);
        let tracer = strace::record_into(&file);
        let tracer: Vec<&str> = tracer.iter().map(String::as_str).collect();
        let mut command = cli.behind("strace", &tracer, words);
        command.env("PATCHBAY_LOG", "trace");
        let output = run(&mut command, input.as_bytes(), LONG);
        assert!(output.status.success(), "{words:?}: {output:?}");
        let log = found_in(&output.stderr, CANARY);
        assert!(log.is_empty(), "{words:?} said it on standard error: {log:?}");
        (output, strace::calls(&file))
    };

    let (_, calls) = recorded("set", &["secret", "set", "myapi_key"], CANARY);
    let entry = telling(&calls);
    assert!(
        !entry.is_empty() && entry.iter().all(|call| call.starts_with("read(0, ")),
        "entry reads it once: {entry:?}"
    );

    let (output, calls) = recorded("get", &["secret", "get", "myapi_key"], "");
    let reveal = telling(&calls);
    assert!(
        !reveal.is_empty() && reveal.iter().all(|call| call.starts_with("write(1, ")),
        "reveal writes it: {reveal:?}"
    );
    assert_eq!(output.stdout, CANARY.as_bytes());

    let others: [&[&str]; 7] = [
        &["chat"],
        &["chat", "--json"],
        &["secret", "list", "--json"],
        &["integrations", "--json"],
        &["check"],
        &["vault", "status", "--json"],
        &["secret", "remove", "myapi_key"],
    ];
    for (at, words) in others.into_iter().enumerate() {
        let (output, calls) = recorded(&format!("other-{at}"), words, "hello\n");
        assert_eq!(telling(&calls), NONE, "{words:?}");
        assert!(found_in(&output.stdout, CANARY).is_empty(), "{words:?}");
        if words == ["chat"] {
            assert_eq!(String::from_utf8_lossy(&output.stdout), "Your token is: ‹secret:myapi_key›\n");
        }
    }
    check_files(&session);
    assert!(session.data().join("patchbay.log").exists(), "there is a log that was searched");
}

#[test]
fn canaries_of_the_boundary() {
    let session = Session::new(Keychain::Gnome);
    let bot = bots::copy("several", session.home());
    let host = DevHost::start(&session, Some(&bot));
    let records = tempfile::tempdir().unwrap();
    let watched = |name: &str, work: &dyn Fn()| while_watched(&session, &[host.id()], &records.path().join(name), work);
    let id = host.open_bot();
    let events = host.events();
    host.ask("vault_create", &json!({ "type": "keychain" }));
    let secret = json!({ "bot": id, "alias": "weather_key" });

    let entry = watched("entry", &|| {
        host.ask("secret_set", &json!({ "bot": id, "alias": "weather_key", "value": CANARY }));
        // Refused requests do not quote what was sent.
        host.call("secret_set", &json!({ "bot": id, "alias": "nowhere", "value": CANARY })).unwrap_err();
        host.call("secret_set", &json!({ "bot": id, "alias": "weather_key", "value": CANARY, "more": 1 })).unwrap_err();
        host.call("secret_set", &json!({ "bot": id, "alias": "weather_key", "value": [CANARY] })).unwrap_err();
    });
    assert!(!telling(&entry).is_empty(), "entry is seen");

    let middle = watched("middle", &|| everything_but_entry_and_reveal(&host, &id));
    assert_eq!(telling(&middle), NONE, "calls of everything else");
    assert!(middle.len() > 100, "only {} calls were seen", middle.len());

    let reveal = watched("reveal", &|| {
        assert_eq!(host.ask("secret_reveal", &secret)["value"], CANARY);
    });
    assert!(!telling(&reveal).is_empty(), "reveal is seen");
    let chat = chat_with_a_secret(&host, &id);
    let part = secret_part(&chat).expect("a secret in the chat");
    assert_eq!(host.ask("chat_reveal", &json!({ "chat": chat["chat"], "part": part }))["value"], CANARY);

    for exchange in host.exchanges() {
        let told = (
            !found_in(exchange.request.as_bytes(), CANARY).is_empty(),
            !found_in(exchange.answer.as_bytes(), CANARY).is_empty(),
        );
        let expect = match exchange.name.as_str() {
            "secret_set" => (true, false),
            "secret_reveal" | "chat_reveal" => (false, true),
            _ => (false, false),
        };
        assert_eq!(told, expect, "request and answer of {}", exchange.name);
    }
    let all = serde_json::to_string(&events.all()).unwrap();
    assert!(found_in(all.as_bytes(), CANARY).is_empty(), "{all}");
    assert!(events.all().len() > 3, "events were heard: {all}");
    check_files(&session);
}

fn everything_but_entry_and_reveal(host: &DevHost, bot: &str) {
    let this = json!({ "bot": bot });
    let secret = json!({ "bot": bot, "alias": "weather_key" });
    for name in ["bot_get", "secrets_list"] {
        host.ask(name, &this);
    }
    for name in ["app_info", "vault_get", "settings_get", "bots_recent"] {
        host.ask(name, &json!({}));
    }
    let chat = chat_with_a_secret(host, bot);
    host.ask("chat_get", &json!({ "chat": chat["chat"] }));
    host.ask("chat_restart", &json!({ "chat": chat["chat"] }));
    let document = host.ask("document_open", &json!({ "bot": bot, "file": "main.bubble" }));
    let edit = json!({ "from": 0, "to": 0, "insert": "# changed\n" });
    host.ask(
        "document_change",
        &json!({ "document": document["document"], "version": document["version"], "edits": [edit] }),
    );
    host.ask("document_save", &json!({ "document": document["document"], "overwrite": false }));
    host.ask("secret_copy", &secret);
    let removed = host.ask("secret_remove", &secret);
    host.ask("secret_restore", &json!({ "bot": bot, "undo": removed["undo"] }));
}

/// The script asks for a name, then says the secret.
fn chat_with_a_secret(host: &DevHost, bot: &str) -> Value {
    let chat = host.ask("chat_start", &json!({ "bot": bot }));
    let chat = host.ask("chat_send", &json!({ "chat": chat["chat"], "text": "Ada" }));
    assert!(secret_part(&chat).is_some(), "the script says the secret: {chat:#}");
    chat
}

/// The number of the first secret part that the bot said.
fn secret_part(chat: &Value) -> Option<Value> {
    let items = chat["items"].as_array()?.iter();
    let mut parts =
        items.filter(|item| item["from"] == "bot").flat_map(|item| item["text"].as_array().into_iter().flatten());
    parts.find(|part| part["type"] == "secret").map(|part| part["part"].clone())
}

#[test]
fn canaries_of_the_window() {
    let session = Session::with_display(Keychain::Gnome);
    let bot = bots::copy("secret", session.home());
    let records = tempfile::tempdir().unwrap();
    let mut window = Window::open(&session, Some(&bot));
    let processes = window.processes();
    assert!(processes.len() >= 3, "the program and WebKit's own: {processes:?}");

    let flow = |name: &str| {
        let mut flow = Flow::read(name);
        // The same path with the planted value.
        for step in &mut flow.steps {
            if let Step::Fill(fill) = step {
                CANARY.clone_into(&mut fill.value);
            }
        }
        flow
    };
    let mut walk = |name: &str| {
        let file = records.path().join(name);
        while_watched(&session, &processes, &file, || {
            window.follow(&flow(&format!("parts/canary-{name}")), name, Some(&bot))
        })
    };
    assert!(!telling(&walk("entry")).is_empty(), "entry is seen");
    let middle = walk("middle");
    assert_eq!(telling(&middle), NONE, "calls of everything else");
    assert!(middle.len() > 100, "only {} calls were seen", middle.len());
    assert!(!telling(&walk("reveal")).is_empty(), "reveal is seen");
    window.see(&Target { text: Some(CANARY.to_owned()), ..Target::default() });
    window.quit();
    check_files(&session);
    assert!(Path::new(&session.data().join("vault.db")).exists());
}
