//! Signing in with the real window, and what only a window can show: links into the app, a pasted address, a pause.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::path::Path;
use std::process::Stdio;

use tests::browser::{Browser, Choice};
use tests::{Cli, Keychain, LONG, Running, Session, Target, Window, binary, bots, folder, need, run};

fn text(text: &str) -> Target {
    Target { text: Some(text.to_owned()), ..Target::default() }
}

fn named(role: &str, name: &str) -> Target {
    Target { role: Some(role.to_owned()), name: Some(name.to_owned()), ..Target::default() }
}

fn screen(name: &str) -> Target {
    let navigation = named("navigation", "Main");
    Target {
        role: Some("link".to_owned()),
        like: Some(name.to_owned()),
        inside: Some(Box::new(navigation)),
        ..Target::default()
    }
}

fn row(name: &str) -> Target {
    let list = named("region", "Integration list");
    Target {
        role: Some("link".to_owned()),
        like: Some(name.to_owned()),
        inside: Some(Box::new(list)),
        ..Target::default()
    }
}

fn make_vault(session: &Session, bot: &Path) {
    let made = Cli::new(session, bot).run(&["vault", "create"]);
    assert_eq!(made.code, Some(0), "{made:?}");
}

/// The window on the Discord entry, which comes back by a link into the app, waiting for its answer; and that answer.
fn waiting_for_discord<'s>(session: &'s Session, bot: &Path) -> (Window<'s>, String) {
    make_vault(session, bot);
    let mut window = Window::open(session, Some(bot));
    window.click(&screen("Integrations"), "Integrations");
    window.click(&row("Discord"), "Discord");
    window.click(&named("radio", "Practice"), "Practice");
    window.see(&named("radio", "Practice"));
    window.click(&named("button", "Connect discord1"), "Connect");
    window.see(&text("Waiting for you to approve"));
    let link = window.opened("Discord");
    let answer = Browser::default().answer(&link, Choice::Allow("Ada Winter"));
    (window, answer)
}

/// As the desktop does with a link of ours: a second start with nothing but the link.
fn follow_link(session: &Session, link: &str) {
    let second = run(session.command(binary("patchbay-desktop")).arg(link), b"", LONG);
    assert!(second.status.success(), "the second start hands over and ends: {second:?}");
}

#[test]
fn a_link_into_the_running_app_ends_the_sign_in_and_it_is_still_there_after_a_relaunch() {
    let session = Session::with_display(Keychain::Gnome);
    let bot = bots::copy("connect", session.home());
    let (mut window, answer) = waiting_for_discord(&session, &bot);
    assert!(answer.starts_with("patchbay://auth/oauth2/callback?"), "{answer}");
    // Any page can send a link: one with another state changes nothing.
    follow_link(&session, "patchbay://auth/oauth2/callback?code=stolen&state=guessed");
    window.see(&text("This callback belongs to another sign-in."));
    assert!(window.shows(&text("Waiting for you to approve")), "a wrong state ends nothing");
    follow_link(&session, &answer);
    window.see(&text("Ada Winter"));
    window.shoot_sizes("deep-link-connected");
    window.relaunch();
    window.click(&screen("Integrations"), "Integrations");
    window.click(&row("Discord"), "Discord");
    window.see(&text("Ada Winter"));
    let found = Cli::new(&session, &bot).run(&["connections"]);
    assert!(found.out.contains("discord1") && found.out.contains("practice"), "{found:?}");
}

#[test]
fn a_link_that_starts_the_app_says_that_no_sign_in_waits_for_it() {
    let session = Session::with_display(Keychain::Gnome);
    let bot = bots::copy("connect", session.home());
    let (mut window, answer) = waiting_for_discord(&session, &bot);
    window.quit();
    drop(window);
    let window = Window::open(&session, Some(Path::new(&answer)));
    window.see(&text("This callback belongs to another sign-in."));
    window.shoot_sizes("deep-link-cold");
}

#[test]
fn a_pasted_address_ends_the_sign_in_and_a_foreign_one_does_not() {
    let session = Session::with_display(Keychain::Gnome);
    let bot = bots::copy("connect", session.home());
    make_vault(&session, &bot);
    let mut window = Window::open(&session, Some(&bot));
    window.click(&screen("Integrations"), "Integrations");
    window.click(&row("Calendar of the bot"), "Calendar");
    window.click(&named("button", "Connect calendar"), "Connect");
    let link = window.opened("Google");
    let answer = Browser::default().answer(&link, Choice::Allow("Noor Verhoeven"));
    window.click(&named("button", "Paste the callback URL instead"), "paste");
    let field = named("textbox", "Callback URL");
    window.fill(&field, "http://127.0.0.1:1/auth/oauth2/callback?code=c&state=other", "a foreign address");
    window.click(&named("button", "Finish"), "Finish");
    window.see(&text("This callback belongs to another sign-in."));
    window.shoot_sizes("paste-foreign");
    window.fill(&field, &answer, "the address");
    window.click(&named("button", "Finish"), "Finish");
    window.see(&text("noor@example.org"));
}

#[test]
fn a_token_on_its_way_to_a_new_host_waits_for_the_person() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let session = Session::with_display(Keychain::Gnome);
    let script = format!(
        "dialog main do\n  key = get_access_token(bot.tokens.myapi_key)\n  \
         r = http_get \"http://127.0.0.1:{port}/now\", headers: [\"X-Key\": key]\n  say \"It answered #{{r.status_code}}\"\nend\n"
    );
    let manifest = "- provider: secret\n  alias: myapi_key\n  context: bot\n";
    let files: [(&str, &[u8]); 2] = [("integrations.yaml", manifest.as_bytes()), ("main.bubble", script.as_bytes())];
    let bot = bots::write(session.home(), "paused", &files);
    Cli::new(&session, &bot).set("myapi_key", "sk-live-4711-abc");
    let window = Window::open(&session, Some(&bot));
    window.click(&screen("Test chat"), "Test chat");
    window.see(&text(&format!("Token ‹myapi_key› is about to go to 127.0.0.1:{port}")));
    window.shoot_sizes("paused");
    listener.set_nonblocking(true).unwrap();
    assert!(listener.accept().is_err(), "nothing was sent before the person allowed it");
    listener.set_nonblocking(false).unwrap();
    let server = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut request = [0; 4096];
        let read = stream.read(&mut request).unwrap();
        stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: close\r\n\r\nok").unwrap();
        String::from_utf8_lossy(&request[..read]).into_owned()
    });
    window.click(&named("button", "Allow for this bot"), "the token");
    // The address is one of this computer, which is a question of its own.
    window.see(&text(&format!("This bot is about to reach 127.0.0.1:{port}")));
    window.click(&named("button", "Allow for this bot"), "the address");
    window.see(&text("It answered 200"));
    let request = server.join().unwrap();
    assert!(request.to_lowercase().contains("x-key: sk-live-4711-abc"), "{request}");
    window.shoot_sizes("allowed");
}

/// The documentation's scripts as one copies them from a page: without indentation.
fn raw(name: &str) -> String {
    let script = std::fs::read_to_string(folder("fixtures/samples").join(format!("{name}.bubble"))).unwrap();
    script.lines().map(str::trim_start).collect::<Vec<_>>().join("\n")
}

/// Puts a text on the clipboard and presses Ctrl+V where no field has the focus.
fn paste(session: &Session, window: &Window<'_>, script: &str) -> Running {
    let mut owner = session.command("xclip");
    let mut owner = Running::start(owner.args(["-quiet", "-selection", "clipboard"]).stdin(Stdio::piped()));
    owner.write(script);
    owner.close_input();
    window.click(&named("heading", "Test chat"), "away from every field");
    window.press("Control+v");
    window.see(&text("Running a pasted script"));
    // The clipboard lives as long as its owner.
    owner
}

#[test]
fn the_seven_samples_run_when_they_are_pasted_as_the_documentation_has_them() {
    need(&["xclip"]);
    let session = Session::with_display(Keychain::Gnome);
    let manifest = std::fs::read(folder("fixtures/samples/integrations.yaml")).unwrap();
    let bot = bots::write(session.home(), "samples", &[("integrations.yaml", &manifest)]);
    Cli::new(&session, &bot).set("myapi_key", "sk-live-4711-abc");
    let mut window = Window::open(&session, Some(&bot));
    window.click(&screen("Test chat"), "Test chat");
    let conversation = |what: &str| Target { inside: Some(Box::new(named("region", "Conversation"))), ..text(what) };

    let _first = paste(&session, &window, &raw("1-secret"));
    window.see(&conversation("Your token is: ‹secret:myapi_key›"));
    window.shoot_sizes("sample-1");

    let both = format!("{}\n{}", raw("2-login-buttons"), raw("3-token-event"));
    let _second = paste(&session, &window, &both);
    for provider in ["Google", "Facebook"] {
        let button = Target {
            role: Some("button".to_owned()),
            like: Some(format!("Login with {provider}")),
            ..Target::default()
        };
        window.click(&button, provider);
        let link = window.opened(provider);
        let landing = Browser::default().open(&link, Choice::Allow("Victor Cooper"));
        assert!(landing.text.contains(&format!("{provider} is connected")), "{}", landing.text);
    }
    window.see(&conversation("Thank you for logging in."));
    window.shoot_sizes("samples-2-and-3");

    let _fourth = paste(&session, &window, &raw("4-oauth-link"));
    window.see(&Target { role: Some("link".to_owned()), ..conversation("patchbay://login/google") });
    window.shoot_sizes("sample-4");

    let _fifth = paste(&session, &window, &raw("5-token-info"));
    window.click(&Target { role: Some("tab".to_owned()), like: Some("Log".to_owned()), ..Target::default() }, "Log");
    window.see(&text("Victor Cooper"));
    window.shoot_sizes("sample-5");

    let _sixth = paste(&session, &window, &raw("6-status-update"));
    window.see(&conversation("Please enter your status update"));
    window.fill(&named("textbox", "Message"), "Out for a walk", "the status update");
    window.press("Enter");
    window.see(&conversation("Post created!"));
    window.shoot_sizes("sample-6");

    let _seventh = paste(&session, &window, &raw("7-full-token"));
    window.see(&conversation("Logging the token…"));
    window.see(&text("refresh_token"));
    window.shoot_sizes("sample-7");
}
