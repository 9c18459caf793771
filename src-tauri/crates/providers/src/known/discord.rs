//! Discord, as <https://discord.com/developers/docs/topics/oauth2> says. Callback addresses are compared exactly.

use super::KnownService;
use crate::table::generic::{OAUTH2, USERINFO};
use crate::{
    ClientAuth, Endpoints, ErrorHint, Profile, ProfileField, Redirect, RefreshKind, Revoke, ScopeWords, SignIn, Source,
    UserInfo,
};

pub(super) const SERVICE: KnownService = KnownService {
    id: "discord",
    title: "Discord",
    sign_in_hosts: &["discord.com", "discordapp.com"],
    sign_in: SignIn {
        id: "discord",
        endpoints: Endpoints {
            authorize: "https://discord.com/oauth2/authorize",
            token: "https://discord.com/api/oauth2/token",
            request_token: "",
        },
        client_auth: ClientAuth::Basic,
        refresh: RefreshKind::Rotates,
        redirect: Redirect::DeepLink,
        default_scope: "identify",
        refresh_advice: "",
        userinfo: Some(UserInfo { url: "https://discord.com/api/users/@me", profile: PROFILE, ..USERINFO }),
        revoke: Revoke::Form { url: "https://discord.com/api/oauth2/token/revoke", client: true, ends_all: true },
        access_seconds: Some(604_800),
        hints: &[
            ErrorHint {
                code: "",
                text: "redirect_uri",
                message: "Discord does not know this callback URL.",
                next: "Add it in the developer portal, then try again.",
            },
            ErrorHint {
                code: "invalid_client",
                text: "",
                message: "Discord does not know this client id, or the client secret does not belong to it.",
                next: "Copy both again from OAuth2 in the developer portal.",
            },
        ],
        ..OAUTH2
    },
    hosts: &["discord.com"],
    scopes: &[
        ScopeWords { scope: "identify", words: "see your name and picture" },
        ScopeWords { scope: "guilds", words: "see which servers you are in" },
        ScopeWords { scope: "guilds.join", words: "join servers for you" },
        ScopeWords { scope: "connections", words: "see the other accounts that you linked" },
        ScopeWords { scope: "messages.read", words: "read messages in the local client" },
    ],
    register_url: "https://discord.com/developers/applications",
    register_help: "Create an application in Discord's developer portal and add the callback URL under OAuth2, Redirects.",
    note: "A token from client credentials belongs to the owner of the application, and cannot be refreshed.",
};

const PICTURE: &str = "https://cdn.discordapp.com/avatars/{/id}/{/avatar}.png";
const MOVING_PICTURE: Source =
    Source::TextIf { at: "/avatar", begins: "a_", text: "https://cdn.discordapp.com/avatars/{/id}/{/avatar}.gif" };

const PROFILE: Profile = Profile {
    fields: &[
        (ProfileField::Name, &[Source::At("/global_name"), Source::At("/username")]),
        (ProfileField::Nickname, &[Source::At("/username")]),
        (ProfileField::Email, &[Source::At("/email")]),
        (ProfileField::Image, &[MOVING_PICTURE, Source::Text(PICTURE)]),
    ],
    urls: &[],
    uid: &[Source::At("/id")],
};
