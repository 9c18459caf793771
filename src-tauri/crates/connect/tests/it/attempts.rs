//! OA-01 to OA-04, OA-06, OA-07, DL-01: what comes back from the browser.

use connect::{Change, ConnectError, Stage, Way};
use data_encoding::BASE64URL_NOPAD;

use crate::browser::browse;
use crate::house::{CLIENT_SECRET, House, callback, connected, entry, failed, parameter, sign_in, token, with};
use crate::server::{Server, error, usual};

#[tokio::test]
async fn a_person_signs_in_over_the_listener() {
    let (house, server) = (House::new(), Server::new().await);
    let (connect, store) = house.process();
    let view = connect.start(entry(&store, &server), None).await.unwrap();
    assert_eq!((view.way, view.opened, &view.stage), (Way::Loopback, true, &Stage::Waiting));
    assert_eq!(house.opened.lock().unwrap()[0].as_str(), view.url);
    assert!(!view.url.contains("tauri") && view.redirect_uri.starts_with("http://127.0.0.1:"), "{}", view.url);

    let page = browse(&callback(&view, "code=code-1")).await;
    assert_eq!((page.status, page.header("location")), (302, Some("/done")));
    let done = format!("{}/done", view.redirect_uri.strip_suffix("/auth/oauth2/callback").unwrap());
    let page = browse(&done).await;
    assert!(page.body.contains("Demo is connected") && page.body.contains("Signed in as Ada L."), "{}", page.body);
    assert!(page.body.contains("Patchbay") && !page.body.contains("code-1"));
    assert_eq!(page.header("referrer-policy"), Some("no-referrer"));
    assert_eq!(page.header("cache-control"), Some("no-store"));

    let id = connected(&connect.finished(&view.id).await.unwrap());
    let asked = server.last("/token");
    assert_eq!(asked.form["redirect_uri"], view.redirect_uri, "the same string in both requests");
    assert_eq!(asked.form["code"], "code-1");
    assert_eq!(token(&connect, &entry(&store, &server), &id).await.as_deref(), Some("canary-at-1"));
    let changes = house.changes.lock().unwrap();
    assert!(changes.iter().any(|change| matches!(change, Change::Token { id: given, .. } if *given == id)));
    for canary in ["canary-at-1", "canary-rt-1", CLIENT_SECRET, "code-1"] {
        assert!(!house.recorded().contains(canary), "{canary} in the record");
        assert!(!format!("{changes:?}").contains(canary), "{canary} in the changes");
    }
}

#[tokio::test]
async fn oa_01_state_missing_wrong_replayed_or_of_another_alias_is_refused() {
    let (house, server) = (House::new(), Server::new().await);
    let (connect, store) = house.process();
    let view = connect.start(entry(&store, &server), None).await.unwrap();
    let mut other = entry(&store, &server);
    other.alias = "other".into();
    let other = connect.start(other, None).await.unwrap();
    let foreign = parameter(&other.url, "state").unwrap();
    for answer in ["code=c".to_owned(), "code=c&state=wrong".into(), format!("code=c&state={foreign}"), "state=".into()]
    {
        let page = browse(&format!("{}?{answer}", view.redirect_uri)).await;
        assert_eq!(page.status, 400, "{answer}");
        assert!(page.body.contains("This callback belongs to another sign-in"));
    }
    let now = connect.attempt(&view.id).unwrap();
    assert_eq!((now.wrong, &now.stage), (4, &Stage::Waiting));
    assert!(server.seen("/token").is_empty());

    assert_eq!(browse(&callback(&view, "code=code-1")).await.status, 302);
    assert_eq!(browse(&callback(&view, "code=code-1")).await.status, 400, "replayed");
    assert_eq!(server.seen("/token").len(), 1);
    connected(&connect.finished(&view.id).await.unwrap());
}

#[tokio::test]
async fn oa_01_state_twenty_wrong_then_right_succeeds() {
    let (house, server) = (House::new(), Server::new().await);
    let (connect, store) = house.process();
    let view = connect.start(entry(&store, &server), None).await.unwrap();
    for number in 0..20 {
        assert_eq!(browse(&format!("{}?code=c&state=guess-{number}", view.redirect_uri)).await.status, 400);
    }
    let slow = std::time::Instant::now();
    browse(&format!("{}?code=c&state=guess", view.redirect_uri)).await;
    assert!(slow.elapsed().as_millis() >= 900, "further ones are slowed down");
    let quick = std::time::Instant::now();
    assert_eq!(browse(&callback(&view, "code=code-1")).await.status, 302);
    assert!(quick.elapsed().as_millis() < 900, "the right one is not");
    connected(&connect.finished(&view.id).await.unwrap());
}

#[tokio::test]
async fn oa_01_state_expires_with_the_attempt() {
    let (mut house, server) = (House::new(), Server::new().await);
    house.lifetime = std::time::Duration::from_millis(200);
    let (connect, store) = house.process();
    let by_link = with(entry(&store, &server), |block| block.redirect.as_mut().unwrap().host = "app".into());
    let view = connect.start(by_link, None).await.unwrap();
    let over = connect.finished(&view.id).await.unwrap();
    assert_eq!(failed(&over), "No answer from the browser for 200 ms. Try again, or paste the callback URL.");
    assert!(matches!(connect.deep_link(&callback(&view, "code=c")).await, Err(ConnectError::NotOurs)));
    assert!(server.seen("/token").is_empty());
}

#[tokio::test]
async fn oa_02_pkce_is_s256_and_bound_to_the_exchange() {
    let (house, server) = (House::new(), Server::new().await);
    let (connect, store) = house.process();
    let view = connect.start(entry(&store, &server), None).await.unwrap();
    browse(&callback(&view, "code=code-1")).await;
    connected(&connect.finished(&view.id).await.unwrap());
    assert_eq!(parameter(&view.url, "code_challenge_method").as_deref(), Some("S256"));
    let verifier = server.last("/token").form["code_verifier"].clone();
    assert_eq!(verifier.len(), 43);
    let digest = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, verifier.as_bytes());
    assert_eq!(parameter(&view.url, "code_challenge"), Some(BASE64URL_NOPAD.encode(digest.as_ref())));
    assert!(!view.url.contains(&verifier) && !house.recorded().contains(&verifier));

    let without = with(entry(&store, &server), |block| block.pkce = Some(false));
    let view = connect.start(without, None).await.unwrap();
    assert_eq!(parameter(&view.url, "code_challenge"), None);
    let again = connect.start(entry(&store, &server), None).await.unwrap();
    assert_ne!(
        parameter(&again.url, "code_challenge").unwrap(),
        BASE64URL_NOPAD.encode(digest.as_ref()),
        "one per attempt"
    );
}

#[tokio::test]
async fn oa_03_iss_wrong_missing_or_twice_is_not_exchanged() {
    let check = async |issuer: Option<&str>, required: bool, answer: &str, passes: bool| {
        let (house, server) = (House::new(), Server::new().await);
        let (connect, store) = house.process();
        let entry = with(entry(&store, &server), |block| {
            (block.issuer, block.issuer_required) = (issuer.map(str::to_owned), required);
        });
        let view = connect.start(entry, None).await.unwrap();
        let answer = answer.replace("{own}", &server.at(""));
        browse(&callback(&view, &answer)).await;
        let over = connect.finished(&view.id).await.unwrap();
        assert_eq!(matches!(over.stage, Stage::Connected { .. }), passes, "{answer}: {:?}", over.stage);
        assert_eq!(server.seen("/token").len(), usize::from(passes));
    };
    check(Some("https://a.example"), false, "code=c&iss=https://a.example", true).await;
    check(Some("https://a.example"), false, "code=c&iss=https://b.example", false).await;
    check(Some("https://a.example"), false, "code=c&iss=https://a.example/", false).await;
    check(Some("https://a.example"), false, "code=c", true).await;
    check(Some("https://a.example"), true, "code=c", false).await;
    check(Some("https://a.example"), false, "code=c&iss=https://a.example&iss=https://a.example", false).await;
    check(None, false, "code=c&iss={own}", true).await;
    check(None, false, "code=c&iss=https://evil.example", false).await;
}

#[tokio::test]
async fn oa_03_iss_of_microsoft_may_have_any_tenant_and_nothing_else() {
    let check = async |issuer: &str, passes: bool| {
        let (house, server) = (House::new(), Server::new().await);
        *house.practice.lock().unwrap() = Some(server.address);
        let (connect, store) = house.process();
        server.script(|seen, number| match seen.path.rsplit('/').next().unwrap() {
            "token" => crate::server::ok(crate::server::tokens(number)),
            _ => usual(seen, number),
        });
        let practice = Some(server.address);
        let entry = connect::Entry { provider: "microsoft".into(), oauth2: None, practice, ..entry(&store, &server) };
        let view = connect.start(entry, None).await.unwrap();
        browse(&callback(&view, &format!("code=c&iss={issuer}"))).await;
        let over = connect.finished(&view.id).await.unwrap();
        assert_eq!(matches!(over.stage, Stage::Connected { .. }), passes, "{issuer}: {:?}", over.stage);
    };
    check("https://login.microsoftonline.com/9188040d/v2.0", true).await;
    check("https://login.microsoftonline.com/9188040d/evil/v2.0", false).await;
    check("https://login.microsoftonline.com//v2.0", false).await;
    check("https://evil.example/9188040d/v2.0", false).await;
}

#[tokio::test]
async fn oa_04_crossed_answers_of_two_flows_both_fail_safely() {
    let (house, one, two) = (House::new(), Server::new().await, Server::new().await);
    let (connect, store) = house.process();
    let mut other = entry(&store, &two);
    other.alias = "other".into();
    let (first, second) =
        (connect.start(entry(&store, &one), None).await.unwrap(), connect.start(other, None).await.unwrap());
    let state = |view: &connect::AttemptView| parameter(&view.url, "state").unwrap();
    for (view, foreign) in [(&first, &second), (&second, &first)] {
        let page = browse(&format!("{}?code=c&state={}", view.redirect_uri, state(foreign))).await;
        assert_eq!(page.status, 400);
    }
    // The right state, with the other's issuer: mixed up by the server in between.
    for (view, other) in [(&first, &two), (&second, &one)] {
        browse(&callback(view, &format!("code=c&iss={}", other.at("")))).await;
        let over = connect.finished(&view.id).await.unwrap();
        assert!(failed(&over).contains("The answer does not come from Demo"), "{over:?}");
    }
    assert!(one.seen("/token").is_empty() && two.seen("/token").is_empty());
}

#[tokio::test]
async fn oa_06_errors_of_the_browser_are_told_and_end_the_attempt() {
    let check = async |answer: &str, expect: &str| {
        let (house, server) = (House::new(), Server::new().await);
        let (connect, store) = house.process();
        let view = connect.start(entry(&store, &server), None).await.unwrap();
        browse(&callback(&view, answer)).await;
        let told = failed(&connect.finished(&view.id).await.unwrap());
        assert!(told.contains(expect), "{answer}: {told}");
        assert!(server.seen("/token").is_empty());
        assert!(!house.changes.lock().unwrap().iter().any(|change| matches!(change, Change::Token { .. })));
    };
    check("error=access_denied", "Demo did not connect: access was declined in the browser.").await;
    check("error=access_denied&error_description=%3Cscript%3E", "access was declined").await;
    check("error=made_up", "Demo did not connect: it reported an error in the browser.").await;
    check("error=access_denied&code=c", "both a code and an error").await;
    check("code=c&code=d", "the same parameter twice").await;
    check("nothing=1", "answered without a code").await;
}

#[tokio::test]
async fn oa_07_a_browser_that_does_not_open_leaves_the_link() {
    let (house, server) = (House::new(), Server::new().await);
    let (connect, store) = house.process();
    house.no_browser.store(true, std::sync::atomic::Ordering::SeqCst);
    let view = connect.start(entry(&store, &server), None).await.unwrap();
    assert!(!view.opened && view.url.starts_with(&server.at("/authorize?")));
    assert_eq!(view.trouble.as_ref().unwrap().message, "The browser could not be opened.");
    house.no_browser.store(false, std::sync::atomic::Ordering::SeqCst);
    let view = connect.reopen(&view.id).await.unwrap();
    assert!(view.opened && view.trouble.is_none());
    browse(&callback(&view, "code=c")).await;
    connected(&connect.finished(&view.id).await.unwrap());
}

#[tokio::test]
async fn dl_01_deep_links_match_by_state_and_nothing_else() {
    let (house, server) = (House::new(), Server::new().await);
    let (connect, store) = house.process();
    let not_ours = async |link: &str| matches!(connect.deep_link(link).await, Err(ConnectError::NotOurs));
    assert!(not_ours("patchbay://auth/oauth2/callback?code=c&state=s").await, "nobody waits");
    let by_link = || with(entry(&store, &server), |block| block.redirect.as_mut().unwrap().host = "app".into());
    let view = connect.start(by_link(), None).await.unwrap();
    assert_eq!((view.way, view.redirect_uri.as_str()), (Way::DeepLink, "patchbay://auth/oauth2/callback"));
    for number in 0..200 {
        assert!(not_ours(&format!("patchbay://auth/oauth2/callback?code=c&state=flood-{number}")).await);
    }
    assert!(not_ours(&format!("patchbay://auth/oauth2/callback?code={}", "c".repeat(100_000))).await);
    assert!(not_ours(&callback(&view, "code=c").replace("/callback", "/other")).await);
    assert!(not_ours("").await);
    assert_eq!(connect.attempt(&view.id).unwrap().stage, Stage::Waiting);
    let over = connect.deep_link(&callback(&view, "code=code-1")).await.unwrap();
    connected(&over);
    assert!(not_ours(&callback(&view, "code=code-1")).await, "replayed");
    assert_eq!(server.seen("/token").len(), 1);

    // A link that any program could take must be useless to it.
    let open = with(by_link(), |block| block.pkce = Some(false));
    let open = connect::Entry { client: connect::Client { id: "public".into(), ..Default::default() }, ..open };
    let refused = connect.start(open, None).await.unwrap_err().to_string();
    assert!(refused.contains("another program"), "{refused}");
}

#[tokio::test]
async fn a_pasted_address_is_read_like_a_callback() {
    let (house, server) = (House::new(), Server::new().await);
    let (connect, store) = house.process();
    let view = connect.start(entry(&store, &server), Some(Way::Paste)).await.unwrap();
    assert_eq!(view.redirect_uri, "https://studio.dialox.ai/auth/oauth2/callback");
    let refused = async |text: &str| connect.paste(&view.id, text).await.unwrap_err().to_string();
    assert!(refused("").await.contains("not the address"));
    assert!(refused("hello").await.contains("not the address"));
    assert!(refused(&view.url).await.contains("holds no answer yet"));
    assert_eq!(
        refused("https://studio.dialox.ai/auth/oauth2/callback?code=c&state=wrong").await,
        "This callback belongs to another sign-in. Start again from here."
    );
    let over = connect.paste(&view.id, &format!("  {}\n", callback(&view, "code=code-1"))).await.unwrap();
    connected(&over);
    assert!(refused(&callback(&view, "code=code-1")).await.contains("another sign-in"));
    assert!(matches!(connect.paste("no-such", "x").await, Err(ConnectError::NoAttempt)));
}

#[tokio::test]
async fn a_late_callback_after_cancelling_is_refused() {
    let (house, server) = (House::new(), Server::new().await);
    let (connect, store) = house.process();
    let view = connect.start(entry(&store, &server), None).await.unwrap();
    assert_eq!(connect.cancel(&view.id).await.unwrap().stage, Stage::Cancelled);
    let late = connect.paste(&view.id, &callback(&view, "code=c")).await.unwrap_err().to_string();
    assert_eq!(late, "This callback belongs to another sign-in. Start again from here.");
    let address = view.redirect_uri.strip_prefix("http://").unwrap().split('/').next().unwrap();
    assert!(tokio::net::TcpStream::connect(address).await.is_err(), "the listener is closed");
    assert!(server.seen("/token").is_empty());
}

#[tokio::test]
async fn a_second_start_cancels_the_first_and_has_its_port() {
    let (mut house, server) = (House::new(), Server::new().await);
    let free = wire::Loopback::bind(0).await.unwrap().address().port();
    house.ports = vec![free];
    let (connect, store) = house.process();
    let fixed = || with(entry(&store, &server), |block| block.redirect.as_mut().unwrap().ports = vec![free]);
    let first = connect.start(fixed(), None).await.unwrap();
    let second = connect.start(fixed(), None).await.unwrap();
    assert_eq!(connect.attempt(&first.id).unwrap().stage, Stage::Cancelled);
    assert_eq!(first.redirect_uri, second.redirect_uri);
    assert_eq!(browse(&callback(&first, "code=c")).await.status, 400);
    assert_eq!(browse(&callback(&second, "code=c")).await.status, 302);
}

#[tokio::test]
async fn a_refused_code_is_explained() {
    let (house, server) = (House::new(), Server::new().await);
    let (connect, store) = house.process();
    server.script(|seen, number| if seen.path == "/token" { error(400, "invalid_grant") } else { usual(seen, number) });
    let view = connect.start(entry(&store, &server), None).await.unwrap();
    browse(&callback(&view, "code=c")).await;
    let told = failed(&connect.finished(&view.id).await.unwrap());
    assert!(told.starts_with("Demo refused the code") && !told.contains("In the provider's words"), "{told}");
}

#[tokio::test]
async fn changed_addresses_get_nothing_until_they_are_confirmed() {
    let (house, server, other) = (House::new(), Server::new().await, Server::new().await);
    let (connect, store) = house.process();
    let id = sign_in(&connect, entry(&store, &server)).await;
    let pulled = || with(entry(&store, &server), |block| block.token_url = other.at("/token"));
    assert_eq!(token(&connect, &pulled(), &id).await, None);
    let note = connect.access_token(&pulled(), &id).await.note.unwrap();
    assert!(note.contains(&server.at("")) && note.contains(&other.at("")), "{note}");
    assert!(matches!(connect.start(pulled(), None).await, Err(ConnectError::OriginsChanged { .. })));
    assert!(matches!(connect.state(&pulled()).unwrap().status, connect::Status::NeedsAttention(_)));
    house.pass(3600);
    assert_eq!(token(&connect, &pulled(), &id).await, None);
    assert!(other.seen("/token").is_empty(), "no request until confirmed");
    connect.confirm_origins(&pulled()).await.unwrap();
    assert_eq!(token(&connect, &pulled(), &id).await.as_deref(), Some("canary-at-1"));
    assert_eq!(other.seen("/token").len(), 1);
}
