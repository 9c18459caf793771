use providers::{Choice, find, sign_in};

use super::*;

fn way(id: &str) -> &'static SignIn {
    sign_in(find(id).unwrap(), &Choice::default()).unwrap()
}

fn check(found: &Trouble, expect: &str) {
    assert_eq!(found.to_string(), expect);
    for sentence in [&found.message, &found.hint] {
        assert!(sentence.ends_with('.') && !sentence.contains('!') && !sentence.contains("  "), "{sentence}");
        let low = sentence.to_lowercase();
        assert!(!["please", "successfully", "oops"].iter().any(|word| low.contains(word)), "{sentence}");
    }
}

#[test]
fn words_of_the_design() {
    check(
        &denied("Discord"),
        "Discord did not connect: access was declined in the browser. Try again when you are ready.",
    );
    check(&timed_out(), "No answer from the browser for 5 min. Try again, or paste the callback URL.");
    check(&not_ours(), "This callback belongs to another sign-in. Start again from here.");
    check(
        &ports_taken(&[47823, 47824, 47825]),
        "Ports 47823 to 47825 are in use by other programs. Choose another port in Preferences and register the new URL.",
    );
    check(
        &ports_taken(&[8080]),
        "Port 8080 is in use by other programs. Choose another port in Preferences and register the new URL.",
    );
    check(
        &no_refresh_token("Microsoft", Some("15:01"), Some(way("microsoft"))),
        "Microsoft did not grant a refresh token, so this sign-in ends at 15:01. Add `offline_access` to the scope.",
    );
    check(
        &no_refresh_token("Facebook", None, Some(way("facebook"))),
        "Facebook did not grant a refresh token, so it is unknown when this sign-in ends. Connect again when it has ended.",
    );
    check(&interrupted("Discord"), "The refresh of Discord was interrupted, so its sign-in was lost. Connect again.");
    check(&clock(420).unwrap(), "This computer's clock is 7 min ahead. Set the clock, then try again.");
    check(&clock(-7200).unwrap(), "This computer's clock is 2 h behind. Set the clock, then try again.");
    assert_eq!(clock(59), None);
    assert!(clock(i64::MIN).is_some());
}

#[test]
fn provider_errors() {
    let check = |id: &str, step: Step, error: &str, text: &str, status: u16, expect: &str| {
        let title = find(id).unwrap().title;
        let found = said(title, Some(way(id)), step, Said { error, text, status, code: "" });
        check(&found, expect);
    };
    check(
        "oauth2",
        Step::Browser,
        "access_denied",
        "",
        0,
        "OAuth2 did not connect: access was declined in the browser. Try again when you are ready.",
    );
    check(
        "linkedin",
        Step::Browser,
        "user_cancelled_login",
        "The user cancelled",
        0,
        "LinkedIn did not connect: access was declined in the browser. Try again when you are ready.",
    );
    check(
        "google",
        Step::Key,
        "invalid_grant",
        "Invalid JWT Signature.",
        400,
        "Google refused the key. It was deleted or disabled. Create a new key and replace this one.",
    );
    check(
        "google",
        Step::Refresh,
        "invalid_grant",
        "Token has been expired or revoked.",
        400,
        "Google ended this sign-in: it was revoked, or it expired. Connect again.",
    );
    check(
        "google",
        Step::Exchange,
        "invalid_grant",
        "Malformed auth code.",
        400,
        "Google refused the code: it was used before, came too late, or belongs to another callback URL. Try again.",
    );
    check(
        "microsoft",
        Step::Exchange,
        "invalid_client",
        "AADSTS7000218: The request body must contain client_secret",
        401,
        "Microsoft takes this app for a web app, which needs a client secret. Add the client secret, or register the callback URL under Mobile and desktop applications.",
    );
    check(
        "oauth2",
        Step::Exchange,
        "invalid_client",
        "",
        401,
        "OAuth2 does not know this client id, or the client secret does not belong to it. Copy both again from where the client is registered, then try again.",
    );
    check(
        "oauth2",
        Step::Exchange,
        "invalid_request",
        "Invalid parameter: redirect_uri",
        400,
        "OAuth2 does not know this callback URL. Add it where the client is registered, then try again.",
    );
    check(
        "oauth2",
        Step::Exchange,
        "invalid_request",
        "code_challenge is not allowed",
        400,
        "OAuth2 does not take PKCE. Switch PKCE off for this entry, then try again.",
    );
    check(
        "oauth2",
        Step::Refresh,
        "",
        "",
        502,
        "OAuth2 has a fault of its own for now. The sign-in is kept; try again later.",
    );
    check(
        "oauth2",
        Step::Refresh,
        "",
        "",
        429,
        "OAuth2 wants fewer requests for now. The sign-in is kept; try again later.",
    );
    check("oauth2", Step::Ask, "", "", 401, "OAuth2 refused the access token. Connect again.");
    check(
        "oauth2",
        Step::Exchange,
        "",
        "",
        404,
        "OAuth2 has nothing at this address. Check the addresses of the entry, or of the app credentials.",
    );
    check(
        "oauth2",
        Step::Exchange,
        "weird",
        "",
        418,
        "OAuth2 said no in a way that Patchbay does not know. Open the response to see what it says.",
    );
}

#[test]
fn a_code_of_its_own_goes_before_the_standard_one() {
    let error = Said { error: "invalid_grant", code: "190", text: "Error validating access token", status: 400 };
    let found = said("Facebook", Some(way("facebook")), Step::Ask, error);
    check(&found, "Facebook ended this sign-in: it expired, was withdrawn, or the password changed. Connect again.");
}

/// Whatever a server sends, nothing of it is in the words.
#[test]
fn nothing_is_quoted() {
    let canary = "canary-7f3a";
    for step in
        [Step::Browser, Step::Exchange, Step::Refresh, Step::ClientCredentials, Step::Key, Step::Ask, Step::Revoke]
    {
        for error in ["", "invalid_grant", "invalid_client", "invalid_request", "invalid_scope", "server_error", canary]
        {
            for status in [0, 200, 400, 401, 403, 404, 429, 500] {
                let found =
                    said("Google", Some(way("google")), step, Said { error, code: canary, text: canary, status });
                assert!(!found.to_string().contains(canary), "{}", found.to_string());
                assert!(found.message.ends_with('.') && found.hint.ends_with('.'), "{}", found.to_string());
            }
        }
    }
}

#[test]
fn spans_and_times() {
    let check = |seconds: u64, expect: &str| assert_eq!(duration(Duration::from_secs(seconds)), expect);
    check(0, "0 ms");
    check(59, "59 s");
    check(60, "1 min");
    check(3_540, "59 min");
    check(3_600, "1 h");
    check(172_800, "2 days");
    let at = |second: i64| Timestamp::from_second(second).unwrap();
    assert_eq!(time(at(1_763_046_060), at(1_763_040_000), &TimeZone::UTC), "15:01");
    assert_eq!(time(at(1_763_046_060), at(1_763_000_000 - 86_400), &TimeZone::UTC), "13 Nov 2025, 15:01");
    let after = later("Google", Step::Refresh, 503, Some(Duration::from_secs(30)));
    assert_eq!(after.hint, "The sign-in is kept; try again in 30 s.");
}
