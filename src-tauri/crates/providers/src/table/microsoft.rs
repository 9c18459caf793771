//! Microsoft, as <https://learn.microsoft.com/entra/identity-platform/v2-oauth2-auth-code-flow> says. Error numbers are those
//! of its page "Microsoft Entra authentication and authorization error codes".

use super::generic::{HINT, OAUTH2, USERINFO};
use crate::{
    ClientAuth, Endpoints, ErrorHint, Need, Pkce, Profile, ProfileField, Redirect, RefreshKind, Revoke, ScopeWords,
    Setting, SignIn, Source, UserInfo,
};

pub(crate) const SIGN_IN: &[SignIn] = &[
    SignIn {
        id: "public",
        title: "Mobile and desktop app, without a client secret",
        pkce: Pkce::Required,
        client_auth: ClientAuth::None,
        client_secret: Need::Forbidden,
        ..MICROSOFT
    },
    SignIn {
        id: "web",
        title: "Web app, with a client secret",
        client_auth: ClientAuth::Body,
        client_secret: Need::Required,
        ..MICROSOFT
    },
];

const MICROSOFT: SignIn = SignIn {
    endpoints: Endpoints {
        authorize: "https://login.microsoftonline.com/{tenant}/oauth2/v2.0/authorize",
        token: "https://login.microsoftonline.com/{tenant}/oauth2/v2.0/token",
        request_token: "",
    },
    refresh: RefreshKind::Rotates,
    // Of loopback addresses only `localhost` can be registered without editing the app's manifest; its port is ignored.
    redirect: Redirect::Loopback { host: "localhost", fixed_port: false },
    default_scope: "https://graph.microsoft.com/user.read openid email offline_access",
    authorize_params: &[("response_mode", "query")],
    refresh_scope: Some("offline_access"),
    refresh_advice: "Add `offline_access` to the scope.",
    userinfo: Some(UserInfo { url: "https://graph.microsoft.com/v1.0/me", profile: PROFILE, ..USERINFO }),
    revoke: Revoke::None {
        instead: "End it at https://myapps.microsoft.com, or at https://account.live.com/consent/Manage.",
    },
    issuer: Some("https://login.microsoftonline.com/{tenantid}/v2.0"),
    access_seconds: Some(3600),
    hints: HINTS,
    ..OAUTH2
};

const PROFILE: Profile = Profile {
    fields: &[
        (ProfileField::Name, &[Source::At("/displayName")]),
        (ProfileField::FirstName, &[Source::At("/givenName")]),
        (ProfileField::LastName, &[Source::At("/surname")]),
        (ProfileField::Email, &[Source::At("/mail"), Source::At("/userPrincipalName")]),
        (ProfileField::Location, &[Source::At("/officeLocation")]),
        (ProfileField::Description, &[Source::At("/jobTitle")]),
        (ProfileField::Phone, &[Source::At("/mobilePhone"), Source::At("/businessPhones/0")]),
    ],
    urls: &[],
    uid: &[Source::At("/id")],
};

pub(crate) const SETTINGS: &[Setting] = &[Setting {
    key: "tenant",
    title: "Tenant",
    help: "Who may sign in: `common`, `organizations`, `consumers`, or the id or domain of one organisation.",
    default: "common",
    required: false,
    choices: &[],
}];

const fn aadsts(text: &'static str, message: &'static str, next: &'static str) -> ErrorHint {
    ErrorHint { text, message, next, ..HINT }
}

const HINTS: &[ErrorHint] = &[
    aadsts(
        "AADSTS50011",
        "Microsoft does not know this callback URL.",
        "Add `http://localhost` with the path shown, under Mobile and desktop applications, in the app registration.",
    ),
    aadsts(
        "AADSTS700016",
        "Microsoft does not know this client id in the tenant that was asked.",
        "Check the client id and the tenant.",
    ),
    aadsts(
        "AADSTS7000215",
        "Microsoft refused the client secret.",
        "Copy the secret's Value, not its Secret ID, from Certificates and secrets in the app registration.",
    ),
    aadsts(
        "AADSTS7000222",
        "The client secret has expired at Microsoft.",
        "Create a new one under Certificates and secrets in the app registration and replace this one.",
    ),
    aadsts(
        "AADSTS7000218",
        "Microsoft takes this app for a web app, which needs a client secret.",
        "Add the client secret, or register the callback URL under Mobile and desktop applications.",
    ),
    aadsts(
        "AADSTS700025",
        "Microsoft takes this app for a desktop app, which has no client secret.",
        "Remove the client secret, or register the callback URL under Web.",
    ),
    // The longer numbers first: `AADSTS70008` begins `AADSTS700082` and others.
    aadsts("AADSTS700082", "This sign-in at Microsoft ended because it was not used for too long.", "Connect again."),
    aadsts("AADSTS700084", "This sign-in at Microsoft has reached its longest life.", "Connect again."),
    aadsts("AADSTS70008:", "This sign-in at Microsoft has expired.", "Connect again."),
    aadsts("AADSTS50173", "Microsoft ended this sign-in because the password changed.", "Connect again."),
    aadsts(
        "AADSTS65001",
        "The person or an administrator has not consented to this app at Microsoft.",
        "Connect again and accept what is asked.",
    ),
    aadsts(
        "AADSTS65004",
        "Microsoft did not connect: access was declined in the browser.",
        "Try again when you are ready.",
    ),
    aadsts(
        "AADSTS90094",
        "Microsoft needs an administrator's consent for this scope.",
        "Ask the administrator of the organisation to consent, or ask for less.",
    ),
    aadsts(
        "AADSTS50020",
        "This account does not belong to the tenant that was asked.",
        "Sign in with another account, or set the tenant to `common`.",
    ),
    aadsts(
        "AADSTS50194",
        "This app is for one organisation only.",
        "Set the tenant to the id or domain of that organisation.",
    ),
    aadsts("AADSTS50076", "Microsoft wants a second factor for this.", "Connect again and complete it in the browser."),
    aadsts("AADSTS70011", "Microsoft does not know a scope of this entry.", "Check the spelling of the scope."),
    aadsts("AADSTS90002", "Microsoft does not know this tenant.", "Check the tenant in the app credentials."),
];

pub(crate) const SCOPES: &[ScopeWords] = &[
    ScopeWords { scope: "https://graph.microsoft.com/user.read", words: "see your profile" },
    ScopeWords { scope: "User.Read", words: "see your profile" },
    ScopeWords { scope: "Mail.Read", words: "read your mail" },
    ScopeWords { scope: "Mail.Send", words: "send mail in your name" },
    ScopeWords { scope: "Calendars.Read", words: "see your calendars" },
    ScopeWords { scope: "Calendars.ReadWrite", words: "see, change and delete events in your calendars" },
    ScopeWords { scope: "Files.Read", words: "see your files" },
    ScopeWords { scope: "Files.ReadWrite", words: "see, change and delete your files" },
    ScopeWords { scope: "Contacts.Read", words: "see your contacts" },
];
