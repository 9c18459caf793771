//! The real window: every flow, and what only a window can show.

use std::time::{Duration, Instant};

use tests::{Cli, Flow, Keychain, Session, Target, Theme, Window, bots};

/// Walks a path from `flows/`. One test per flow, so that each can be run by itself.
fn walk(name: &str, theme: Theme) {
    let flow = Flow::read(name);
    let session = Session::with_display(flow.keychain.into());
    let bot = flow.bot.as_ref().map(|bot| bots::copy(bot, session.home()));
    let mut window = Window::open_in(&session, bot.as_deref(), theme);
    window.follow(&flow, name, bot.as_deref());
}

macro_rules! flows {
    ($($test:ident: $name:literal,)*) => {
        $(#[test]
        fn $test() {
            walk($name, Theme::Light);
        })*

        /// Flows with answers for dialogs of the system, which only the browser's host can be given.
        const BROWSER_ONLY: &[&str] = &["start-from-an-example"];

        #[test]
        fn every_flow_has_a_test_here() {
            let mut walked = [&[$($name),*], BROWSER_ONLY].concat();
            walked.sort_unstable();
            assert_eq!(walked, Flow::names());
            for name in Flow::names() {
                assert_eq!(BROWSER_ONLY.contains(&name.as_str()), !Flow::read(&name).picks.is_empty(), "{name}");
            }
        }
    };
}

flows! {
    flow_connect_an_integration: "connect-an-integration",
    flow_edit_a_script: "edit-a-script",
    flow_fill_from_env: "fill-from-env",
    flow_passphrase: "passphrase",
    flow_problems: "problems",
    flow_remove_and_undo: "remove-and-undo",
    flow_secret_in_chat: "secret-in-chat",
    flow_service_account: "service-account",
    flow_sign_in_from_a_chat: "sign-in-from-a-chat",
    flow_theme: "theme",
}

#[test]
fn screens_in_the_dark() {
    walk("secret-in-chat", Theme::Dark);
}

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

#[test]
fn relaunch_still_has_the_secret_and_reveals_it() {
    let session = Session::with_display(Keychain::Gnome);
    let bot = bots::copy("secret", session.home());
    Cli::new(&session, &bot).set("myapi_key", "still-here-after-quitting");
    let mut window = Window::open(&session, Some(&bot));
    window.see(&screen("Secrets"));
    window.relaunch();
    window.click(&screen("Secrets"), "Secrets");
    window.click(&named("button", "Reveal myapi_key"), "Reveal");
    window.see(&text("still-here-after-quitting"));
    window.shoot_sizes("relaunched");
}

#[test]
fn locked_keychain_shows_the_way_out() {
    let mut session = Session::with_display(Keychain::Gnome);
    let bot = bots::copy("secret", session.home());
    Cli::new(&session, &bot).set("myapi_key", "behind-the-keychain");
    session.set_keychain(Keychain::GnomeLocked);
    {
        let mut window = Window::open(&session, Some(&bot));
        window.click(&screen("Secrets"), "Secrets");
        window.click(&named("button", "Reveal myapi_key"), "Reveal");
        let dialog = named("dialog", "Unlock the vault");
        window.see(&dialog);
        window.see(&text("The system keychain is locked."));
        window.see(&named("radio", "The recovery key"));
        window.shoot_sizes("keychain-locked");
        assert!(!window.shows(&text("behind-the-keychain")));
        window.quit();
    }
    session.set_keychain(Keychain::Gnome);
    let window = Window::open(&session, Some(&bot));
    window.click(&screen("Secrets"), "Secrets");
    window.click(&named("button", "Reveal myapi_key"), "Reveal");
    window.see(&text("behind-the-keychain"));
}

/// Other programs use the processor too, so the best of a few attempts counts.
#[test]
fn window_row_follows_the_command_line_within_a_second() {
    let session = Session::with_display(Keychain::Gnome);
    let bot = bots::copy("secret", session.home());
    let cli = Cli::new(&session, &bot);
    cli.set("myapi_key", "first");
    let window = Window::open(&session, Some(&bot));
    window.click(&screen("Secrets"), "Secrets");
    window.see(&named("button", "Reveal myapi_key"));
    let mut times = Vec::new();
    for _ in 0..5 {
        assert_eq!(cli.run(&["secret", "remove", "myapi_key"]).code, Some(0));
        let start = Instant::now();
        window.see(&text("No value"));
        times.push(start.elapsed());
        cli.set("myapi_key", "again");
        window.see(&named("button", "Reveal myapi_key"));
    }
    eprintln!("{times:?}");
    assert!(times.iter().min() < Some(&Duration::from_secs(1)), "{times:?}");
}

/// A second launch hands its folder to the window that is there, which asks before it opens one never opened before.
#[test]
fn second_launch_offers_its_folder_to_the_first() {
    let session = Session::with_display(Keychain::Gnome);
    let (bot, other) = (bots::copy("secret", session.home()), bots::copy("several", session.home()));
    let window = Window::open(&session, Some(&bot));
    window.see(&screen("Secrets"));
    let mut second = session.command(tests::binary("patchbay-desktop"));
    let output = tests::run(second.arg(&other), b"", tests::LONG);
    assert!(output.status.success(), "{output:?}");
    let question =
        Target { role: Some("alertdialog".to_owned()), like: Some("bots/several".to_owned()), ..Target::default() };
    window.see(&question);
    window.click(&named("button", "Open folder"), "Open folder");
    window.gone(&question, "the question");
    window.see(&Target { role: Some("button".to_owned()), like: Some("Bot: several".to_owned()), ..Target::default() });
}
