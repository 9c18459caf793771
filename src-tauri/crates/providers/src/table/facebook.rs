//! Facebook, as <https://developers.facebook.com/docs/facebook-login/guides/advanced/manual-flow> says. Live apps take https
//! callback addresses only. PKCE is documented for its OpenID Connect variant alone, so the plain flow goes without.

use super::generic::{HINT, OAUTH2, USERINFO};
use crate::{
    ClientAuth, Endpoints, ErrorHint, Exchange, Need, Pkce, Profile, ProfileField, Redirect, RefreshKind, Revoke,
    ScopeWords, Setting, SignIn, Source, UserInfo,
};

pub(crate) const SIGN_IN: &[SignIn] = &[SignIn {
    id: "facebook",
    endpoints: Endpoints {
        authorize: "https://www.facebook.com/{version}/dialog/oauth",
        token: "https://graph.facebook.com/{version}/oauth/access_token",
        request_token: "",
    },
    pkce: Pkce::Unsupported,
    client_auth: ClientAuth::Body,
    client_secret: Need::Required,
    refresh: RefreshKind::Never,
    redirect: Redirect::Paste,
    scope_separator: ",",
    default_scope: "email,public_profile",
    refresh_advice: "",
    exchange: Some(Exchange { grant_type: "fb_exchange_token", token_field: "fb_exchange_token" }),
    userinfo: Some(UserInfo {
        url: "https://graph.facebook.com/{version}/me?fields=id,name,first_name,last_name,email,link,picture.type(large)",
        app_secret_proof: true,
        profile: PROFILE,
        ..USERINFO
    }),
    revoke: Revoke::Delete { url: "https://graph.facebook.com/{version}/{uid}/permissions" },
    access_seconds: Some(3600),
    hints: HINTS,
    ..OAUTH2
}];

const PROFILE: Profile = Profile {
    fields: &[
        (ProfileField::Name, &[Source::At("/name")]),
        (ProfileField::FirstName, &[Source::At("/first_name")]),
        (ProfileField::LastName, &[Source::At("/last_name")]),
        (ProfileField::Email, &[Source::At("/email")]),
        (ProfileField::Description, &[Source::At("/bio")]),
        (
            ProfileField::Image,
            &[Source::At("/picture/data/url"), Source::Text("https://graph.facebook.com/{/id}/picture?type=large")],
        ),
    ],
    urls: &[("facebook", &[Source::At("/link")]), ("website", &[Source::At("/website")])],
    uid: &[Source::At("/id")],
};

pub(crate) const SETTINGS: &[Setting] = &[Setting {
    key: "version",
    title: "Graph API version",
    help: "The version in Facebook's addresses; Facebook answers for a version it has ended with the oldest one that lives.",
    default: "v24.0",
    required: false,
    choices: &[],
}];

// Codes of <https://developers.facebook.com/docs/graph-api/guides/error-handling>.
const HINTS: &[ErrorHint] = &[
    ErrorHint {
        code: "190",
        text: "app secret",
        message: "Facebook refused the app secret.",
        next: "Copy it again from App settings, Basic, in the Meta developer portal.",
    },
    ErrorHint {
        code: "190",
        text: "",
        message: "Facebook ended this sign-in: it expired, was withdrawn, or the password changed.",
        next: "Connect again.",
    },
    ErrorHint {
        code: "191",
        text: "",
        message: "Facebook does not know this callback URL.",
        next: "Add it to Valid OAuth Redirect URIs in the Meta developer portal, then try again.",
    },
    ErrorHint {
        text: "redirect_uri",
        message: "Facebook does not know this callback URL.",
        next: "Add it to Valid OAuth Redirect URIs in the Meta developer portal, then try again.",
        ..HINT
    },
    ErrorHint {
        text: "client secret",
        message: "Facebook refused the app secret.",
        next: "Copy it again from App settings, Basic, in the Meta developer portal.",
        ..HINT
    },
    ErrorHint {
        code: "101",
        text: "",
        message: "Facebook does not know this app id.",
        next: "Copy it again from App settings, Basic, in the Meta developer portal.",
    },
    ErrorHint {
        text: "Invalid Scopes",
        message: "Facebook does not grant a scope of this entry.",
        next: "Remove the scope, or add the permission to the app in the Meta developer portal.",
        ..HINT
    },
    ErrorHint {
        code: "200",
        text: "",
        message: "The person did not grant Facebook's permission for this, or the app may not ask for it.",
        next: "Add the scope, connect again and leave the permission ticked.",
    },
    ErrorHint {
        code: "10",
        text: "",
        message: "The app does not have Facebook's permission for this.",
        next: "Request the permission in the Meta developer portal.",
    },
];

pub(crate) const SCOPES: &[ScopeWords] = &[
    ScopeWords { scope: "public_profile", words: "see your name and picture" },
    ScopeWords { scope: "user_friends", words: "see which of your friends use it too" },
    ScopeWords { scope: "user_birthday", words: "see your date of birth" },
    ScopeWords { scope: "user_location", words: "see where you live" },
    ScopeWords { scope: "user_posts", words: "see your posts" },
    ScopeWords { scope: "publish_actions", words: "post in your name" },
    ScopeWords { scope: "pages_show_list", words: "see the pages that you manage" },
    ScopeWords { scope: "pages_manage_posts", words: "post on the pages that you manage" },
    ScopeWords { scope: "pages_read_engagement", words: "read what is posted on your pages" },
];
