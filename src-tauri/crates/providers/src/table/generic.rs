//! Servers that are known by what the builder says of them: the generic `oauth2`, Operator, Salesforce. No public description
//! of Operator's addresses exists, and Salesforce's depend on the organisation, so both take theirs from settings.

use crate::profile::OPENID;
use crate::{
    ClientAuth, Endpoints, ErrorHint, Need, Pkce, Protocol, Redirect, RefreshKind, Revoke, Setting, SignIn, UserInfo,
};

/// What holds unless a server is known to differ (RFC 6749, 7636, 7009; OpenID Connect for who signed in).
pub(crate) const OAUTH2: SignIn = SignIn {
    id: "oauth2",
    title: "",
    protocol: Protocol::OAuth2,
    endpoints: Endpoints { authorize: "", token: "", request_token: "" },
    pkce: Pkce::Supported,
    client_auth: ClientAuth::Auto,
    client_secret: Need::Optional,
    refresh: RefreshKind::Unknown,
    redirect: Redirect::DeepLink,
    scope_separator: " ",
    default_scope: "",
    authorize_params: &[],
    token_params: &[],
    refresh_params: &[],
    refresh_scope: None,
    refresh_advice: "Some services give one only for the scope `offline_access`; the service's own documentation says so.",
    exchange: None,
    userinfo: Some(USERINFO),
    older_userinfo: None,
    revoke: Revoke::Form { url: "", client: true, ends_all: false },
    issuer: None,
    access_seconds: None,
    expires: true,
    hints: &[],
};

pub(crate) const USERINFO: UserInfo =
    UserInfo { url: "", headers: &[], app_secret_proof: false, profile: OPENID, then: None };

/// A hint for any code and text, to be narrowed.
pub(crate) const HINT: ErrorHint = ErrorHint { code: "", text: "", message: "", next: "" };

const ADDRESS: Setting = Setting { key: "", title: "", help: "", default: "", required: false, choices: &[] };

/// The settings of a provider whose addresses are the server's own.
pub(crate) const ADDRESSES: &[Setting] = &[
    Setting {
        key: "issuer",
        title: "Issuer URL",
        help: "If the server publishes its addresses, this is where; the others are then read from it.",
        ..ADDRESS
    },
    Setting {
        key: "authorize_url",
        title: "Authorization URL",
        help: "The address that opens in the browser.",
        required: true,
        ..ADDRESS
    },
    Setting {
        key: "token_url",
        title: "Token URL",
        help: "The address that exchanges the code for a token.",
        required: true,
        ..ADDRESS
    },
    Setting {
        key: "userinfo_url",
        title: "User info URL",
        help: "The address that tells who signed in; without it no name is shown.",
        ..ADDRESS
    },
    Setting {
        key: "revoke_url",
        title: "Revocation URL",
        help: "The address that ends a sign-in; without it, disconnecting deletes the tokens here only.",
        ..ADDRESS
    },
    Setting { key: "scope", title: "Scope", help: "Sent when an entry has no scope of its own.", ..ADDRESS },
];

pub(crate) const OPERATOR: &[SignIn] = &[SignIn { id: "operator", ..OAUTH2 }];
pub(crate) const SALESFORCE: &[SignIn] = &[SignIn { id: "salesforce", ..OAUTH2 }];
pub(crate) const GENERIC: &[SignIn] = &[OAUTH2];
