//! What comes back from the browser, or does not: links, ports, wrong and late answers.

use std::fs;
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt;

use tests::browser::{encode, parameter};
use tests::{Browser, Keychain, LONG, Session, bots, until};

use super::fixed_ports;
use super::talk::{ADA, Bot, Talk};

fn bot<'s>(session: &'s Session, provider: &str) -> Bot<'s> {
    let manifest = format!("- provider: {provider}\n  alias: own\n  context: user\n");
    let files = [("integrations.yaml", manifest.as_bytes()), ("main.bubble", b"say \"Hello\"\n".as_slice())];
    Bot::new(session, &bots::write(session.home(), "bot", &files))
}

/// An answer to the callback of a link, with the link's own state unless another is given.
fn answer(link: &str, what: &str, state: Option<&str>) -> String {
    let own = parameter(link, "state").unwrap();
    format!("{}?{what}&state={}", parameter(link, "redirect_uri").unwrap(), encode(state.unwrap_or(&own)))
}

#[test]
fn oa_07_without_a_browser_the_link_is_printed() {
    let session = Session::new(Keychain::None);
    let bot = bot(&session, "google");
    let mut talk = bot.talk(&["connect", "own"]);
    let link = talk.link();
    talk.warned("Open this address in a browser (practice):");
    assert!(Browser::default().open(&link, ADA).text.contains("Google is connected"));
    assert_eq!(talk.end().code, Some(0));
}

/// A display and a browser, and the same address in both.
#[test]
fn oa_07_with_a_browser_it_opens_and_the_link_is_printed_too() {
    let session = Session::new(Keychain::None);
    let bot = bot(&session, "google");
    let (tools, told) = (session.home().path("tmp/tools"), session.home().path("tmp/opened"));
    fs::create_dir(&tools).unwrap();
    let opener = tools.join("xdg-open");
    fs::write(&opener, format!("#!/bin/sh\nprintf %s \"$1\" > {}\n", told.display())).unwrap();
    fs::set_permissions(&opener, fs::Permissions::from_mode(0o755)).unwrap();
    let mut command = bot.command(&["connect", "own"]);
    let path = format!("{}:{}", tools.display(), std::env::var("PATH").unwrap());
    command.env("PATH", path).env("DISPLAY", ":4711");
    let mut talk = Talk::start(&mut command);
    let link = talk.link();
    talk.warned("The browser has opened 127.0.0.1");
    let opened = until("the browser to open", LONG, || fs::read_to_string(&told).ok().filter(|text| !text.is_empty()));
    assert_eq!(opened, link);
    assert!(Browser::default().open(&opened, ADA).text.contains("Google is connected"));
    assert_eq!(talk.end().code, Some(0));
}

#[test]
fn oa_05_taken_ports_are_said() {
    let _ports = fixed_ports();
    let session = Session::new(Keychain::None);
    let bot = bot(&session, "twitter");
    let taken: Vec<_> = (47_823..=47_825).map(|port| TcpListener::bind(("127.0.0.1", port)).unwrap()).collect();
    let outcome = bot.run(&["connect", "own"]);
    assert!(outcome.err.contains("Ports 47823 to 47825 are in use by other programs."), "{outcome:?}");
    assert!(outcome.err.contains("Choose another port in Preferences and register the new URL."), "{outcome:?}");
    assert_eq!(outcome.code, Some(1), "{outcome:?}");
    drop(taken);
    let second = TcpListener::bind(("127.0.0.1", 47_823)).unwrap();
    let (outcome, landing) = bot.sign_in(&["connect", "own"], ADA);
    outcome.expect(0, "Twitter is connected");
    assert!(landing.address.starts_with("http://127.0.0.1:47824/"), "the next one: {}", landing.address);
    drop(second);
}

#[test]
fn oa_01_twenty_wrong_states_and_then_the_right_one() {
    let session = Session::new(Keychain::None);
    let bot = bot(&session, "google");
    let mut talk = bot.talk(&["connect", "own"]);
    let link = talk.link();
    let own = parameter(&link, "state").unwrap();
    assert!(own.len() >= 22, "128 bits at least: {own}");
    for round in 0..20 {
        let wrong = match round {
            0 => String::new(),
            1 => own[1..].to_owned(),
            2 => own.to_lowercase() + "x",
            other => format!("{own}{other}"),
        };
        let page = Browser::default().visit(&answer(&link, "code=stolen-code", Some(&wrong)));
        assert_eq!(page.status, Some(400), "{page:?}");
        assert!(page.text.contains("This callback belongs to another sign-in"), "{}", page.text);
        assert!(!page.source.contains("stolen-code"), "nothing that came is shown: {}", page.source);
    }
    assert!(!talk.has_ended(), "wrong answers do not end it");
    let landing = Browser::default().open(&link, ADA);
    assert!(landing.text.contains("Google is connected"), "{}", landing.text);
    assert_eq!(talk.end().code, Some(0));
}

#[test]
fn oa_06_declined_and_odd_answers_end_it_with_a_sentence() {
    let session = Session::new(Keychain::None);
    let bot = bot(&session, "google");
    let ends = |what: &str, sentence: &str| {
        let mut talk = bot.talk(&["connect", "own"]);
        let landing = Browser::default().visit(&answer(&talk.link(), what, None));
        assert_eq!(landing.status, Some(200), "{landing:?}");
        assert!(landing.text.contains("Google did not connect"), "{}", landing.text);
        let outcome = talk.end();
        outcome.expect(4, sentence);
        assert!(!outcome.err.contains("evil"), "nothing that came is shown: {outcome:?}");
    };
    ends("error=access_denied", "Google did not connect: access was declined in the browser.");
    ends(
        "error=evil_error&error_description=evil+text",
        "Google did not connect: it reported an error in the browser.",
    );
    ends("error=access_denied&code=evil", "Google answered with both a code and an error");
    ends("code=one&code=evil", "Google answered with the same parameter twice");
    ends("code=never-given-out", "Google refused the code");
    ends("code=x&iss=https%3A%2F%2Fevil.example", "The answer does not come from Google");
}

#[test]
fn a_late_answer_reaches_nobody_and_no_later_sign_in() {
    let session = Session::new(Keychain::None);
    let bot = bot(&session, "google");
    let mut first = bot.talk(&["connect", "own"]);
    let link = first.link();
    first.interrupt();
    until("Ctrl+C to end it", LONG, || first.has_ended().then_some(()));
    // The practice of that process ended with it, so the answer is made by hand, as a browser that was left open sends it.
    let late = Browser::default().visit(&answer(&link, "code=late", None));
    assert_eq!(late.status, None, "nobody listens any more: {late:?}");
    assert_ne!(bot.run(&["token", "get", "own"]).code, Some(0));

    let mut second = bot.talk(&["connect", "own"]);
    let next = second.link();
    assert_ne!(parameter(&next, "state"), parameter(&link, "state"));
    let crossed = answer(&next, "code=late", parameter(&link, "state").as_deref());
    let page = Browser::default().visit(&crossed);
    assert!(page.text.contains("This callback belongs to another sign-in"), "{}", page.text);
    assert!(Browser::default().open(&next, ADA).text.contains("Google is connected"));
    assert_eq!(second.end().code, Some(0));
}

/// Other paths and other hosts get nothing, and a second answer is late.
#[test]
fn oa_05_the_listener_answers_nothing_else() {
    let session = Session::new(Keychain::None);
    let bot = bot(&session, "google");
    let mut talk = bot.talk(&["connect", "own"]);
    let link = talk.link();
    let callback = parameter(&link, "redirect_uri").unwrap();
    let base = callback.strip_suffix("/auth/oauth2/callback").expect("the usual path").to_owned();
    for path in ["/", "/favicon.ico", "/auth", "/done"] {
        assert_eq!(tests::browser::get(&format!("{base}{path}")).0, 404, "{path}");
    }
    assert_eq!(tests::browser::post_json(&callback, &serde_json::json!({})), 405);
    assert!(!talk.has_ended());
    assert!(Browser::default().open(&link, ADA).text.contains("Google is connected"));
    assert_eq!(talk.end().code, Some(0));
}
