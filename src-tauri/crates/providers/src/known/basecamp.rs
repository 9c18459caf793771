//! Basecamp, as <https://github.com/basecamp/api/blob/master/sections/authentication.md> says; that loopback addresses with a
//! fixed port work is what its own command line shows. It has no scopes.

use super::KnownService;
use crate::table::generic::{OAUTH2, USERINFO};
use crate::{
    ClientAuth, Endpoints, Need, Profile, ProfileField, Redirect, RefreshKind, Revoke, SignIn, Source, UserInfo,
};

pub(super) const SERVICE: KnownService = KnownService {
    id: "basecamp",
    title: "Basecamp",
    sign_in_hosts: &["launchpad.37signals.com"],
    sign_in: SignIn {
        id: "basecamp",
        endpoints: Endpoints {
            authorize: "https://launchpad.37signals.com/authorization/new",
            token: "https://launchpad.37signals.com/authorization/token",
            request_token: "",
        },
        client_auth: ClientAuth::Body,
        client_secret: Need::Required,
        refresh: RefreshKind::Stable,
        redirect: Redirect::Loopback { host: "127.0.0.1", fixed_port: true },
        scope_separator: "",
        refresh_advice: "",
        userinfo: Some(UserInfo {
            url: "https://launchpad.37signals.com/authorization.json",
            profile: PROFILE,
            ..USERINFO
        }),
        revoke: Revoke::None { instead: "End it in Basecamp under My profile, Connected apps." },
        access_seconds: Some(1_209_600),
        ..OAUTH2
    },
    hosts: &["3.basecampapi.com", "launchpad.37signals.com"],
    scopes: &[],
    register_url: "https://launchpad.37signals.com/integrations",
    register_help: "Register an integration at 37signals Launchpad with each callback URL shown here.",
    note: "Basecamp wants every request of a script to have a `User-Agent` with a way to reach you.",
};

const PROFILE: Profile = Profile {
    fields: &[
        (ProfileField::Name, &[Source::Text("{/identity/first_name} {/identity/last_name}")]),
        (ProfileField::FirstName, &[Source::At("/identity/first_name")]),
        (ProfileField::LastName, &[Source::At("/identity/last_name")]),
        (ProfileField::Email, &[Source::At("/identity/email_address")]),
    ],
    urls: &[],
    uid: &[Source::At("/identity/id")],
};
