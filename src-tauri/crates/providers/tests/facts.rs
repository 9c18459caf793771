//! The facts of signing in: complete, https, and what decides between them.

use std::collections::HashSet;

use providers::{
    Choice, ClientAuth, Endpoints, FIXED_PORTS, Kind, Need, Pkce, Profile, ProfileField, Protocol, Redirect,
    RefreshKind, Revoke, SignIn, Source, UserInfo, all, covers, find, hosts, known_service, known_services, sign_in,
    split_scopes,
};

fn every_way() -> Vec<(&'static str, &'static SignIn)> {
    let own = all().iter().flat_map(|provider| provider.sign_in.iter().map(|way| (provider.id, way)));
    own.chain(known_services().iter().map(|service| (service.id, &service.sign_in))).collect()
}

fn way(provider: &str, id: &str) -> &'static SignIn {
    find(provider).and_then(|row| row.sign_in.iter().find(|way| way.id == id)).expect(id)
}

fn is_sentences(text: &str) -> bool {
    text.is_empty()
        || text.ends_with('.')
            && text.chars().next().is_some_and(char::is_uppercase)
            && !text.contains('!')
            && !text.contains("  ")
            && !["please", "successfully", "oops"].iter().any(|word| text.to_lowercase().contains(word))
}

#[test]
fn oauth_rows_say_how_to_sign_in() {
    for row in all() {
        assert_eq!(row.kind == Kind::Oauth, !row.sign_in.is_empty(), "{}", row.id);
        let ids: HashSet<_> = row.sign_in.iter().map(|way| way.id).collect();
        assert_eq!(ids.len(), row.sign_in.len(), "{}: ids of ways differ", row.id);
        assert!(row.sign_in.len() < 2 || row.sign_in.iter().all(|way| !way.title.is_empty()), "{}", row.id);
        assert!(is_sentences(row.register_help) && is_sentences(row.note), "{}", row.id);
        assert!(row.kind != Kind::Oauth || !row.register_help.is_empty(), "{}", row.id);
        assert!(row.register_url.is_empty() || row.register_url.starts_with("https://"), "{}", row.id);
        for setting in row.settings {
            assert!(
                is_sentences(setting.help) && !setting.help.is_empty() && !setting.title.is_empty(),
                "{}",
                setting.key
            );
        }
        let keys: HashSet<_> = row.settings.iter().map(|setting| setting.key).collect();
        assert_eq!(keys.len(), row.settings.len(), "{}: settings differ", row.id);
        for host in row.hosts {
            let plain = host.strip_prefix("*.").unwrap_or(host);
            assert!(plain.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || ".-".contains(c)), "{host}");
            assert!(plain.contains('.'), "{host}: never a whole top-level domain");
        }
    }
}

#[test]
fn addresses_are_https_or_come_from_settings() {
    for (owner, way) in every_way() {
        let Endpoints { authorize, token, request_token } = way.endpoints;
        let named = |key: &str| find(owner).is_some_and(|row| row.settings.iter().any(|setting| setting.key == key));
        assert_eq!(authorize.is_empty(), token.is_empty(), "{owner}");
        assert!(!authorize.is_empty() || owner == "oauth2" || named("authorize_url") && named("token_url"), "{owner}");
        assert_eq!(way.protocol == Protocol::OAuth1, !request_token.is_empty(), "{owner} {}", way.id);
        let mut addresses = vec![authorize, token, request_token, way.issuer.unwrap_or("")];
        for userinfo in ways_to_ask(way) {
            addresses.push(userinfo.url);
        }
        match way.revoke {
            Revoke::None { instead } => assert!(is_sentences(instead) && !instead.is_empty(), "{owner}"),
            Revoke::Form { url, .. } | Revoke::Delete { url } | Revoke::Signed { url } => addresses.push(url),
        }
        for address in addresses.into_iter().filter(|address| !address.is_empty()) {
            assert!(address.starts_with("https://"), "{owner}: {address}");
            assert!(!address.contains(char::is_whitespace) && !address.contains('#'), "{owner}: {address}");
            assert!(
                !address.split('/').nth(2).is_none_or(|authority| authority.contains(['@', ':'])),
                "{owner}: {address}"
            );
        }
    }
}

fn ways_to_ask(way: &SignIn) -> Vec<&UserInfo> {
    let firsts = [way.userinfo.as_ref(), way.older_userinfo.as_ref().map(|(_, older)| older)];
    firsts.into_iter().flatten().flat_map(|first| std::iter::successors(Some(first), |info| info.then)).collect()
}

#[test]
fn facts_of_one_way_agree() {
    for (owner, way) in every_way() {
        let name = format!("{owner} {}", way.id);
        assert!(
            way.client_secret != Need::Forbidden || way.client_auth == ClientAuth::None,
            "{name}: no secret, no proof"
        );
        assert!(
            way.client_secret != Need::Forbidden || way.pkce == Pkce::Required,
            "{name}: public clients have PKCE only"
        );
        assert!(way.refresh_scope.is_none() || way.refresh != RefreshKind::Never, "{name}");
        assert!(
            way.refresh_scope.is_none_or(|scope| way.default_scope.contains(scope)),
            "{name}: asked for by default"
        );
        assert!(is_sentences(way.refresh_advice), "{name}");
        if let Redirect::Loopback { host, .. } = way.redirect {
            assert!(["127.0.0.1", "localhost"].contains(&host), "{name}");
        }
        for hint in way.hints {
            assert!(!hint.code.is_empty() || !hint.text.is_empty(), "{name}: a hint for nothing fits everything");
            assert!(is_sentences(hint.message) && is_sentences(hint.next), "{name}: {}", hint.message);
            assert!(!hint.message.is_empty() && !hint.next.is_empty(), "{name}");
        }
        for userinfo in ways_to_ask(way) {
            check_profile(&name, &userinfo.profile);
        }
    }
    assert!(FIXED_PORTS.is_sorted());
}

fn check_profile(name: &str, profile: &Profile) {
    let fields: HashSet<_> = profile.fields.iter().map(|(field, _)| field).collect();
    assert_eq!(fields.len(), profile.fields.len(), "{name}: a field twice");
    let sources =
        profile.fields.iter().map(|(_, sources)| sources).chain(profile.urls.iter().map(|(_, sources)| sources));
    for source in sources.copied().chain([profile.uid]).flatten() {
        let pointers = match source {
            Source::At(at) => vec![*at],
            Source::Text(text) => text.split('{').skip(1).filter_map(|part| part.split('}').next()).collect(),
            Source::TextIf { at, text, .. } => {
                text.split('{').skip(1).filter_map(|part| part.split('}').next()).chain([*at]).collect()
            }
            Source::InList { list, fits, at } => fits.iter().map(|(at, _)| *at).chain([*list, *at]).collect(),
        };
        assert!(!pointers.is_empty() && pointers.iter().all(|at| at.starts_with('/')), "{name}: {source:?}");
    }
}

#[test]
fn what_decides_between_ways() {
    let check = |provider: &str, choice: Choice<'_>, expect: Option<&str>| {
        let row = find(provider).expect(provider);
        assert_eq!(sign_in(row, &choice).map(|way| way.id), expect, "{provider} {choice:?}");
    };
    let secret = Choice { has_secret: true, ..Choice::default() };
    let scope = Choice { scope: "tweet.read", ..Choice::default() };
    check("twitter", Choice::default(), Some("1.0a"));
    check("twitter", secret, Some("1.0a"));
    check("twitter", Choice { scope: "  ", ..secret }, Some("1.0a"));
    check("twitter", scope, Some("2.0"));
    check("twitter", Choice { has_secret: true, ..scope }, Some("2.0"));
    check("linkedin", secret, Some("web"));
    check("linkedin", Choice::default(), Some("native"));
    check("linkedin", Choice { wanted: Some("web"), ..Choice::default() }, Some("web"));
    check("linkedin", Choice { wanted: Some("else"), ..secret }, Some("web"));
    check("microsoft", secret, Some("web"));
    check("microsoft", Choice::default(), Some("public"));
    check("google", Choice::default(), Some("google"));
    check("facebook", secret, Some("facebook"));
    check("operator", Choice::default(), Some("operator"));
    check("secret", secret, None);
    check("google_service_account", secret, None);

    let discord = Choice {
        authorize_url: "https://discord.com/oauth2/authorize",
        token_url: "https://discord.com/api/oauth2/token",
        ..secret
    };
    check("oauth2", discord, Some("discord"));
    check("oauth2", Choice { authorize_url: "", ..discord }, Some("discord"));
    check("oauth2", Choice { token_url: "https://evil.example/token", ..discord }, Some("oauth2"));
    check("oauth2", Choice::default(), Some("oauth2"));
    check("salesforce", discord, Some("salesforce"));
}

#[test]
fn known_services_are_known_by_bare_hosts() {
    let check = |authorize: &str, expect: Option<&str>| {
        assert_eq!(known_service(authorize, "").map(|service| service.id), expect, "{authorize}");
    };
    check("https://discord.com/oauth2/authorize?prompt=none", Some("discord"));
    check("HTTPS://Discord.com/oauth2/authorize", Some("discord"));
    check("https://launchpad.37signals.com/authorization/new", Some("basecamp"));
    check("http://discord.com/oauth2/authorize", None);
    check("https://discord.com.evil.example/", None);
    check("https://discord.com@evil.example/", None);
    check("https://evil.example\\@discord.com/", None);
    check("https://discord.com:8443/", None);
    check("discord.com", None);
    check("", None);
}

#[test]
fn hosts_cover_what_they_name() {
    let check = |provider: &str, host: &str, expect: bool| {
        let row = find(provider).expect(provider);
        assert_eq!(covers(row.hosts, host), expect, "{provider} {host}");
    };
    check("google", "www.googleapis.com", true);
    check("google", "Sheets.GoogleAPIs.com", true);
    check("google", "europe-west1-dialogflow.googleapis.com", true);
    check("google", "googleapis.com", false);
    check("google", ".googleapis.com", false);
    check("google", "evilgoogleapis.com", false);
    check("google", "www.googleapis.com.evil.example", false);
    check("facebook", "graph.facebook.com", true);
    check("facebook", "www.facebook.com", false);
    check("salesforce", "acme.my.salesforce.com", false);
    check("secret", "api.example.org", false);

    let oauth2 = find("oauth2").expect("oauth2");
    let discord = Choice { authorize_url: "https://discord.com/oauth2/authorize", ..Choice::default() };
    assert_eq!(hosts(oauth2, &discord), ["discord.com"]);
    assert!(hosts(oauth2, &Choice::default()).is_empty());
}

#[test]
fn settings_fill_addresses() {
    let check = |provider: &str, address: &str, value: Option<&str>, expect: Option<&str>| {
        let row = find(provider).expect(provider);
        assert_eq!(row.fill(address, |_| value).as_deref(), expect, "{address} {value:?}");
    };
    let tenant = "https://login.microsoftonline.com/{tenant}/oauth2/v2.0/token";
    check("microsoft", tenant, None, Some("https://login.microsoftonline.com/common/oauth2/v2.0/token"));
    check("microsoft", tenant, Some(" "), Some("https://login.microsoftonline.com/common/oauth2/v2.0/token"));
    check("microsoft", tenant, Some("x.nl"), Some("https://login.microsoftonline.com/x.nl/oauth2/v2.0/token"));
    check("microsoft", tenant, Some("x/../y"), None);
    check("microsoft", tenant, Some(".."), None);
    check("microsoft", tenant, Some("x?a=b"), None);
    check("microsoft", "https://a/{unknown}", None, None);
    check("microsoft", "https://a/{open", Some("x"), None);
    check("google", "https://a/b", Some("x"), Some("https://a/b"));
    for (owner, way) in every_way() {
        let Some(row) = find(owner) else { continue };
        for address in [way.endpoints.authorize, way.endpoints.token] {
            assert!(row.fill(address, |_| None).is_some(), "{owner}: every key in braces has a default");
        }
    }
}

#[test]
fn scopes_split_and_have_words() {
    let check = |text: &str, expect: &[&str]| assert_eq!(split_scopes(text), expect, "{text:?}");
    check("r_liteprofile,r_emailaddress", &["r_liteprofile", "r_emailaddress"]);
    check(" email , profile\nemail\tx ", &["email", "profile", "x"]);
    check(" ,, ", &[]);

    let words = |provider: &str, scope: &str| find(provider).and_then(|row| row.scope_words(scope));
    assert_eq!(words("google", "email"), Some("see your e-mail address"));
    assert_eq!(words("twitter", "offline.access"), Some("stay signed in"));
    assert_eq!(words("google", "https://www.googleapis.com/auth/unheard-of"), None);
    for row in all() {
        let scopes: HashSet<_> = row.scopes.iter().map(|words| words.scope).collect();
        assert_eq!(scopes.len(), row.scopes.len(), "{}: a scope twice", row.id);
        for words in row.scopes {
            assert!(words.words.starts_with(char::is_lowercase) && !words.words.ends_with('.'), "{}", words.scope);
        }
    }
}

#[test]
fn older_scopes_ask_older_addresses() {
    let check = |scope: &str, expect: &str| {
        let asked = way("linkedin", "web").userinfo_for(scope).map(|userinfo| userinfo.url);
        assert!(asked.is_some_and(|url| url.starts_with(expect)), "{scope}: {asked:?}");
    };
    check("openid profile email", "https://api.linkedin.com/v2/userinfo");
    check("email,openid,profile", "https://api.linkedin.com/v2/userinfo");
    check("", "https://api.linkedin.com/v2/userinfo");
    check("r_liteprofile,r_emailaddress", "https://api.linkedin.com/v2/me?");
    let url = way("linkedin", "web").userinfo_for("r_liteprofile").map_or("", |userinfo| userinfo.url);
    assert!(url.ends_with("localizedLastName,profilePicture(displayImage~:playableStreams))"), "{url}");
}

#[test]
fn issuers_fit_exactly() {
    let check = |provider: &str, id: &str, iss: &str, expect: bool| {
        assert_eq!(way(provider, id).issuer_fits(iss), expect, "{iss}");
    };
    check("google", "google", "https://accounts.google.com", true);
    check("google", "google", "https://accounts.google.com/", false);
    check("google", "google", "accounts.google.com", false);
    check("microsoft", "web", "https://login.microsoftonline.com/9188040d-6c67-4c5b-b112-36a304b66dad/v2.0", true);
    check("microsoft", "web", "https://login.microsoftonline.com/a/b/v2.0", false);
    check("microsoft", "web", "https://login.microsoftonline.com//v2.0", false);
    check("facebook", "facebook", "", false);
}

#[test]
fn the_narrowest_hint_comes_first() {
    let check = |provider: &str, id: &str, code: &str, text: &str, expect: Option<&str>| {
        let hint = way(provider, id).hint(code, text).map(|hint| hint.message);
        assert!(
            hint.map(|hint| hint.starts_with(expect.unwrap_or("-"))).unwrap_or(expect.is_none()),
            "{text}: {hint:?}"
        );
    };
    let google = |text, expect| check("google", "google", "invalid_grant", text, expect);
    google("Token has been expired or revoked.", Some("Google ended this sign-in"));
    google("Invalid JWT Signature.", Some("Google refused the key. It was deleted or disabled."));
    google(
        "Invalid JWT: Token must be a short-lived token (60 minutes)",
        Some("Google refused the key's signature because"),
    );
    google("Bad Request", None);
    check(
        "microsoft",
        "public",
        "invalid_grant",
        "AADSTS700082: The refresh token has expired",
        Some("This sign-in at Microsoft ended"),
    );
    check(
        "microsoft",
        "public",
        "invalid_grant",
        "AADSTS70008: expired",
        Some("This sign-in at Microsoft has expired"),
    );
    check(
        "microsoft",
        "web",
        "invalid_client",
        "AADSTS7000215: Invalid client secret",
        Some("Microsoft refused the client secret"),
    );
    check("facebook", "facebook", "190", "Error validating access token", Some("Facebook ended this sign-in"));
    check("twitter", "1.0a", "89", "Invalid or expired token.", Some("Twitter ended this sign-in"));
}

#[test]
fn fields_have_one_key_each() {
    for field in ProfileField::ALL {
        assert_eq!(ProfileField::from_word(field.as_str()), Some(field));
    }
    assert_eq!(ProfileField::from_word("urls"), None);
}
