//! Google, as <https://developers.google.com/identity/protocols/oauth2/native-app> and its OpenID Connect pages say. Profile
//! fields follow Überauth's strategy.

use super::generic::{HINT, OAUTH2, USERINFO};
use crate::{
    ClientAuth, Endpoints, ErrorHint, Need, Profile, ProfileField, Redirect, RefreshKind, Revoke, ScopeWords, SignIn,
    Source, UserInfo,
};

pub(crate) const SIGN_IN: &[SignIn] = &[SignIn {
    id: "google",
    endpoints: Endpoints {
        authorize: "https://accounts.google.com/o/oauth2/v2/auth",
        token: "https://oauth2.googleapis.com/token",
        request_token: "",
    },
    client_auth: ClientAuth::Body,
    client_secret: Need::Required,
    refresh: RefreshKind::Stable,
    redirect: Redirect::Loopback { host: "127.0.0.1", fixed_port: false },
    default_scope: "openid email profile",
    // Without `prompt=consent` only the first sign-in of an account gives a refresh token.
    authorize_params: &[("access_type", "offline"), ("prompt", "consent")],
    refresh_advice: "Remove the app under Third-party access in the Google account, then connect again.",
    userinfo: Some(UserInfo { url: "https://openidconnect.googleapis.com/v1/userinfo", profile: PROFILE, ..USERINFO }),
    revoke: Revoke::Form { url: "https://oauth2.googleapis.com/revoke", client: false, ends_all: true },
    issuer: Some("https://accounts.google.com"),
    access_seconds: Some(3600),
    hints: HINTS,
    ..OAUTH2
}];

const PROFILE: Profile = Profile {
    fields: &[
        (ProfileField::Name, &[Source::At("/name")]),
        (ProfileField::FirstName, &[Source::At("/given_name")]),
        (ProfileField::LastName, &[Source::At("/family_name")]),
        (ProfileField::Email, &[Source::At("/email")]),
        (ProfileField::Image, &[Source::At("/picture")]),
    ],
    urls: &[("profile", &[Source::At("/profile")]), ("website", &[Source::At("/hd")])],
    uid: &[Source::At("/sub"), Source::At("/id")],
};

pub(crate) const HINTS: &[ErrorHint] = &[
    ErrorHint {
        code: "invalid_grant",
        text: "Invalid JWT Signature",
        message: "Google refused the key. It was deleted or disabled.",
        next: "Create a new key and replace this one.",
    },
    ErrorHint {
        code: "invalid_grant",
        text: "account not found",
        message: "Google does not know this service account. It was deleted.",
        next: "Choose another service account, create a key for it and replace this one.",
    },
    ErrorHint {
        code: "invalid_grant",
        text: "short-lived token",
        message: "Google refused the key's signature because this computer's clock is wrong.",
        next: "Set the clock, then try again.",
    },
    ErrorHint {
        code: "invalid_grant",
        text: "Invalid JWT",
        message: "Google refused what was signed with the key.",
        next: "Set this computer's clock, then try again; if that does not help, create a new key.",
    },
    ErrorHint {
        code: "invalid_grant",
        text: "expired or revoked",
        message: "Google ended this sign-in: it was revoked, or it expired.",
        next: "Connect again.",
    },
    ErrorHint {
        code: "unauthorized_client",
        text: "",
        message: "Google does not let this client do that, or the service account may not act for others.",
        next: "Check the client's type, or the domain-wide delegation, in the Google Cloud console.",
    },
    ErrorHint {
        code: "invalid_client",
        text: "",
        message: "Google does not know this client id, or the client secret does not belong to it.",
        next: "Copy both again from Credentials in the Google Cloud console.",
    },
    ErrorHint {
        code: "deleted_client",
        text: "",
        message: "This client was deleted at Google.",
        next: "Create a new one under Credentials in the Google Cloud console and replace the client id.",
    },
    ErrorHint {
        code: "invalid_scope",
        text: "",
        message: "Google does not know a scope of this entry.",
        next: "Check the spelling of the scope; several scopes are separated with spaces.",
    },
    ErrorHint {
        code: "admin_policy_enforced",
        text: "",
        message: "The administrator of this Google account does not allow the app.",
        next: "Ask the administrator to allow the client id, or sign in with another account.",
    },
    ErrorHint {
        code: "org_internal",
        text: "",
        message: "This client is for accounts of its own organisation only.",
        next: "Sign in with such an account, or make the consent screen External.",
    },
    ErrorHint {
        text: "redirect_uri",
        message: "Google does not know this callback URL.",
        next: "Use a client of the type Desktop app, or add the URL to the client's redirect URIs.",
        ..HINT
    },
];

pub(crate) const SCOPES: &[ScopeWords] = &[
    ScopeWords { scope: "https://www.googleapis.com/auth/userinfo.email", words: "see your e-mail address" },
    ScopeWords { scope: "https://www.googleapis.com/auth/userinfo.profile", words: "see your name and picture" },
    ScopeWords { scope: "https://www.googleapis.com/auth/calendar", words: "see, change and delete your calendars" },
    ScopeWords { scope: "https://www.googleapis.com/auth/calendar.readonly", words: "see your calendars" },
    ScopeWords {
        scope: "https://www.googleapis.com/auth/calendar.events",
        words: "see and change events in your calendars",
    },
    ScopeWords { scope: "https://www.googleapis.com/auth/gmail.readonly", words: "read your mail" },
    ScopeWords { scope: "https://www.googleapis.com/auth/gmail.send", words: "send mail in your name" },
    ScopeWords { scope: "https://mail.google.com/", words: "read, send and delete your mail" },
    ScopeWords {
        scope: "https://www.googleapis.com/auth/drive",
        words: "see, change and delete your files in Google Drive",
    },
    ScopeWords { scope: "https://www.googleapis.com/auth/drive.readonly", words: "see your files in Google Drive" },
    ScopeWords {
        scope: "https://www.googleapis.com/auth/drive.file",
        words: "see and change the files that it makes in Google Drive",
    },
    ScopeWords { scope: "https://www.googleapis.com/auth/spreadsheets", words: "see and change your spreadsheets" },
    ScopeWords { scope: "https://www.googleapis.com/auth/spreadsheets.readonly", words: "see your spreadsheets" },
    ScopeWords { scope: "https://www.googleapis.com/auth/contacts.readonly", words: "see your contacts" },
    ScopeWords { scope: "https://www.googleapis.com/auth/bigquery", words: "read and change data in BigQuery" },
    ScopeWords { scope: "https://www.googleapis.com/auth/bigquery.readonly", words: "read data in BigQuery" },
    ScopeWords {
        scope: "https://www.googleapis.com/auth/cloud-platform",
        words: "see, change and delete everything in Google Cloud",
    },
    ScopeWords { scope: "https://www.googleapis.com/auth/dialogflow", words: "use and change Dialogflow agents" },
];
