//! Twitter, now X. Without a scope the platform means the classic sign-in, OAuth 1.0a; a scope selects OAuth 2.0, as
//! <https://docs.x.com/resources/fundamentals/authentication> describes both. Callback addresses are compared exactly, and
//! `localhost` is not taken.

use super::generic::{HINT, OAUTH2, USERINFO};
use crate::{
    ClientAuth, Endpoints, ErrorHint, Need, Pkce, Profile, ProfileField, Protocol, Redirect, RefreshKind, Revoke,
    ScopeWords, SignIn, Source, UserInfo,
};

const REDIRECT: Redirect = Redirect::Loopback { host: "127.0.0.1", fixed_port: true };

pub(crate) const SIGN_IN: &[SignIn] = &[
    SignIn {
        id: "1.0a",
        title: "Classic sign-in, OAuth 1.0a",
        protocol: Protocol::OAuth1,
        endpoints: Endpoints {
            authorize: "https://api.twitter.com/oauth/authorize",
            token: "https://api.twitter.com/oauth/access_token",
            request_token: "https://api.twitter.com/oauth/request_token",
        },
        pkce: Pkce::Unsupported,
        client_auth: ClientAuth::None,
        client_secret: Need::Required,
        refresh: RefreshKind::Never,
        redirect: REDIRECT,
        scope_separator: "",
        refresh_advice: "",
        userinfo: Some(UserInfo {
            url: "https://api.twitter.com/1.1/account/verify_credentials.json\
                  ?include_entities=false&skip_status=true&include_email=true",
            profile: CLASSIC_PROFILE,
            ..USERINFO
        }),
        revoke: Revoke::Signed { url: "https://api.twitter.com/1.1/oauth/invalidate_token" },
        expires: false,
        hints: HINTS,
        ..OAUTH2
    },
    SignIn {
        id: "2.0",
        title: "OAuth 2.0",
        endpoints: Endpoints {
            authorize: "https://x.com/i/oauth2/authorize",
            token: "https://api.x.com/2/oauth2/token",
            request_token: "",
        },
        pkce: Pkce::Required,
        client_auth: ClientAuth::Basic,
        refresh: RefreshKind::Rotates,
        redirect: REDIRECT,
        default_scope: "tweet.read users.read offline.access",
        refresh_scope: Some("offline.access"),
        refresh_advice: "Add `offline.access` to the scope.",
        userinfo: Some(UserInfo {
            url: "https://api.x.com/2/users/me?user.fields=name,username,description,location,url,profile_image_url",
            profile: PROFILE,
            ..USERINFO
        }),
        revoke: Revoke::Form { url: "https://api.x.com/2/oauth2/revoke", client: true, ends_all: false },
        access_seconds: Some(7200),
        hints: HINTS,
        ..OAUTH2
    },
];

const CLASSIC_PROFILE: Profile = Profile {
    fields: &[
        (ProfileField::Name, &[Source::At("/name")]),
        (ProfileField::Nickname, &[Source::At("/screen_name")]),
        (ProfileField::Email, &[Source::At("/email")]),
        (ProfileField::Location, &[Source::At("/location")]),
        (ProfileField::Description, &[Source::At("/description")]),
        (ProfileField::Image, &[Source::At("/profile_image_url_https"), Source::At("/profile_image_url")]),
    ],
    urls: &[("Twitter", &[Source::Text("https://twitter.com/{/screen_name}")]), ("Website", &[Source::At("/url")])],
    uid: &[Source::At("/id_str"), Source::At("/user_id")],
};

const PROFILE: Profile = Profile {
    fields: &[
        (ProfileField::Name, &[Source::At("/data/name")]),
        (ProfileField::Nickname, &[Source::At("/data/username")]),
        (ProfileField::Email, &[Source::At("/data/confirmed_email")]),
        (ProfileField::Location, &[Source::At("/data/location")]),
        (ProfileField::Description, &[Source::At("/data/description")]),
        (ProfileField::Image, &[Source::At("/data/profile_image_url")]),
    ],
    urls: &[
        ("Twitter", &[Source::Text("https://twitter.com/{/data/username}")]),
        ("Website", &[Source::At("/data/url")]),
    ],
    uid: &[Source::At("/data/id")],
};

const HINTS: &[ErrorHint] = &[
    ErrorHint {
        code: "32",
        text: "",
        message: "Twitter refused the API key or its secret.",
        next: "Copy both again from Keys and tokens in the X developer portal.",
    },
    ErrorHint {
        code: "89",
        text: "",
        message: "Twitter ended this sign-in: the token is no longer valid.",
        next: "Connect again.",
    },
    ErrorHint {
        code: "135",
        text: "",
        message: "Twitter refused the request because this computer's clock is wrong.",
        next: "Set the clock, then try again.",
    },
    ErrorHint {
        code: "415",
        text: "",
        message: "Twitter does not know this callback URL.",
        next: "Add it to the app's callback URLs in the X developer portal, then try again.",
    },
    ErrorHint {
        code: "453",
        text: "",
        message: "The app's plan at X does not include this request.",
        next: "Add a `scope` to sign in with OAuth 2.0, or choose another plan at X.",
    },
    ErrorHint {
        text: "value passed for the token was invalid",
        message: "Twitter ended this sign-in: the refresh token was used before, or was revoked.",
        next: "Connect again.",
        ..HINT
    },
    ErrorHint {
        text: "redirect_uri",
        message: "Twitter does not know this callback URL.",
        next: "Add it to the app's callback URLs in the X developer portal, then try again.",
        ..HINT
    },
    ErrorHint {
        text: "Missing valid authorization header",
        message: "X takes this app for a confidential client, which needs a client secret.",
        next: "Add the client secret, or make the app a Native App in the X developer portal.",
        ..HINT
    },
];

pub(crate) const SCOPES: &[ScopeWords] = &[
    ScopeWords { scope: "tweet.read", words: "read the posts that you can see" },
    ScopeWords { scope: "tweet.write", words: "post in your name" },
    ScopeWords { scope: "users.read", words: "see profiles that you can see, yours too" },
    ScopeWords { scope: "users.email", words: "see your e-mail address" },
    ScopeWords { scope: "offline.access", words: "stay signed in" },
    ScopeWords { scope: "dm.read", words: "read your direct messages" },
    ScopeWords { scope: "dm.write", words: "send direct messages in your name" },
];
