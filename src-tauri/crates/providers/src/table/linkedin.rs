//! LinkedIn, as <https://learn.microsoft.com/linkedin/shared/authentication/authorization-code-flow> and the page on native
//! clients say. The web variant mishandles PKCE; the native one takes loopback addresses and has to be enabled by LinkedIn.

use super::generic::{HINT, OAUTH2, USERINFO};
use crate::{
    ClientAuth, Endpoints, ErrorHint, Need, Pkce, Profile, ProfileField, Redirect, RefreshKind, Revoke, ScopeWords,
    Setting, SignIn, Source, UserInfo,
};

const TOKEN: &str = "https://www.linkedin.com/oauth/v2/accessToken";

pub(crate) const SIGN_IN: &[SignIn] = &[
    SignIn {
        id: "web",
        title: "Web app, with a client secret",
        endpoints: Endpoints {
            authorize: "https://www.linkedin.com/oauth/v2/authorization",
            token: TOKEN,
            request_token: "",
        },
        pkce: Pkce::Unsupported,
        client_auth: ClientAuth::Body,
        client_secret: Need::Required,
        redirect: Redirect::Paste,
        ..LINKEDIN
    },
    SignIn {
        id: "native",
        title: "Native app, without a client secret",
        endpoints: Endpoints {
            authorize: "https://www.linkedin.com/oauth/native-pkce/authorization",
            token: TOKEN,
            request_token: "",
        },
        pkce: Pkce::Required,
        client_auth: ClientAuth::None,
        client_secret: Need::Forbidden,
        redirect: Redirect::Loopback { host: "127.0.0.1", fixed_port: false },
        ..LINKEDIN
    },
];

const LINKEDIN: SignIn = SignIn {
    refresh: RefreshKind::Never,
    default_scope: "openid profile email",
    refresh_advice: "",
    userinfo: Some(UserInfo { url: "https://api.linkedin.com/v2/userinfo", profile: PROFILE, ..USERINFO }),
    older_userinfo: Some((
        &["r_liteprofile", "r_basicprofile"],
        UserInfo {
            url: "https://api.linkedin.com/v2/me?projection=(id,localizedFirstName,localizedLastName,\
                  profilePicture(displayImage~:playableStreams))",
            profile: OLD_PROFILE,
            then: Some(&UserInfo {
                url: "https://api.linkedin.com/v2/clientAwareMemberHandles?q=members\
                      &projection=(elements*(primary,type,handle~))",
                profile: OLD_EMAIL,
                ..USERINFO
            }),
            ..USERINFO
        },
    )),
    revoke: Revoke::Form { url: "https://www.linkedin.com/oauth/v2/revoke", client: true, ends_all: false },
    access_seconds: Some(5_184_000),
    hints: HINTS,
    ..OAUTH2
};

const PROFILE: Profile = Profile {
    fields: &[
        (ProfileField::Name, &[Source::At("/name")]),
        (ProfileField::FirstName, &[Source::At("/given_name")]),
        (ProfileField::LastName, &[Source::At("/family_name")]),
        (ProfileField::Email, &[Source::At("/email")]),
        (ProfileField::Image, &[Source::At("/picture")]),
    ],
    urls: &[],
    uid: &[Source::At("/sub")],
};

const OLD_PROFILE: Profile = Profile {
    fields: &[
        (ProfileField::FirstName, &[Source::At("/localizedFirstName")]),
        (ProfileField::LastName, &[Source::At("/localizedLastName")]),
        // Elements and identifiers go from the smallest picture to the largest.
        (ProfileField::Image, &[Source::At("/profilePicture/displayImage~0/elements/-/identifiers/-/identifier")]),
    ],
    urls: &[],
    uid: &[Source::At("/id")],
};

const OLD_EMAIL: Profile = Profile {
    fields: &[(
        ProfileField::Email,
        &[Source::InList {
            list: "/elements",
            fits: &[("/primary", "true"), ("/type", "EMAIL")],
            at: "/handle~0/emailAddress",
        }],
    )],
    urls: &[],
    uid: &[],
};

pub(crate) const SETTINGS: &[Setting] = &[Setting {
    key: "sign_in",
    title: "Kind of app",
    help: "A `web` app has a client secret; a `native` one has none, and LinkedIn must enable that for the app.",
    default: "",
    required: false,
    choices: &["web", "native"],
}];

const HINTS: &[ErrorHint] = &[
    ErrorHint {
        code: "unauthorized_scope_error",
        text: "",
        message: "LinkedIn does not grant a scope of this entry to this app.",
        next: "Use `openid profile email`, or add the product that the scope belongs to in the LinkedIn developer portal.",
    },
    ErrorHint { code: "65600", text: "", message: "LinkedIn refused the access token.", next: "Connect again." },
    ErrorHint {
        code: "65601",
        text: "",
        message: "LinkedIn ended this sign-in: it was revoked.",
        next: "Connect again.",
    },
    ErrorHint { code: "65602", text: "", message: "This sign-in at LinkedIn has expired.", next: "Connect again." },
    ErrorHint {
        text: "code verifier",
        message: "LinkedIn takes this client for a native app.",
        next: "Set the kind of app to `native`.",
        ..HINT
    },
    ErrorHint {
        text: "redirect_uri",
        message: "LinkedIn does not know this callback URL.",
        next: "Add it to Authorized redirect URLs in the LinkedIn developer portal, then try again.",
        ..HINT
    },
];

pub(crate) const SCOPES: &[ScopeWords] = &[
    ScopeWords { scope: "r_liteprofile", words: "see your name and picture" },
    ScopeWords { scope: "r_emailaddress", words: "see your e-mail address" },
    ScopeWords { scope: "w_member_social", words: "post in your name" },
];
