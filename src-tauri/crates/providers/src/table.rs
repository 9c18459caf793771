//! The table. Contexts of the OAuth providers follow the integrations documentation as far as it shows them; operator,
//! salesforce and twitter are taken to allow both. Retired scopes: Facebook withdrew `publish_actions` in 2018; LinkedIn
//! closed its two old scopes when it moved to OpenID Connect.

use crate::{Context, Kind, Provider, RetiredScope, ScopeSeparator};

const BOT: &[Context] = &[Context::Bot];
const BOTH: &[Context] = &[Context::Bot, Context::User];
const LINKEDIN_RETIRED: &str = "LinkedIn closed it to new apps; use `openid profile email`.";

const OAUTH: Provider = Provider {
    id: "",
    title: "",
    kind: Kind::Oauth,
    contexts: BOTH,
    scope_separator: Some(ScopeSeparator::Space),
    needs_scope: false,
    retired_scopes: &[],
    icon: "",
    help: "",
};
const FIXED: Provider = Provider { kind: Kind::Static, contexts: BOT, scope_separator: None, ..OAUTH };

pub(crate) const PROVIDERS: &[Provider] = &[
    Provider {
        id: "google",
        title: "Google",
        icon: "G",
        help: "Sign in with a Google account, for instance to read calendars or send mail.",
        ..OAUTH
    },
    Provider {
        id: "facebook",
        title: "Facebook",
        scope_separator: Some(ScopeSeparator::Comma),
        retired_scopes: &[RetiredScope {
            scope: "publish_actions",
            advice: "Facebook withdrew it in 2018, so posting with it works against the practice server only.",
        }],
        icon: "f",
        help: "Sign in with a Facebook account.",
        ..OAUTH
    },
    Provider {
        id: "linkedin",
        title: "LinkedIn",
        retired_scopes: &[
            RetiredScope { scope: "r_liteprofile", advice: LINKEDIN_RETIRED },
            RetiredScope { scope: "r_emailaddress", advice: LINKEDIN_RETIRED },
        ],
        icon: "in",
        help: "Sign in with a LinkedIn account.",
        ..OAUTH
    },
    Provider {
        id: "microsoft",
        title: "Microsoft",
        icon: "M",
        help: "Sign in with a Microsoft account, at work, at school or at home.",
        ..OAUTH
    },
    Provider {
        id: "operator",
        title: "Operator",
        scope_separator: None,
        icon: "O",
        help: "Sign in with an Operator (Enreach) account.",
        ..OAUTH
    },
    Provider {
        id: "salesforce",
        title: "Salesforce",
        scope_separator: None,
        icon: "S",
        help: "Sign in with a Salesforce account.",
        ..OAUTH
    },
    Provider {
        id: "twitter",
        title: "Twitter",
        icon: "X",
        help: "Sign in with a Twitter account; a `scope` selects OAuth 2.0, which has scopes, over the classic sign-in.",
        ..OAUTH
    },
    Provider {
        id: "oauth2",
        title: "OAuth2",
        scope_separator: None,
        icon: "zap",
        help: "Connect to any service that speaks OAuth2; the `oauth2` block names its addresses.",
        ..OAUTH
    },
    Provider {
        id: "google_service_account",
        title: "Google service account",
        kind: Kind::ServiceAccount,
        needs_scope: true,
        icon: "file-key",
        help: "Use a Google service account's key file; scripts get access tokens for the `scope`.",
        ..FIXED
    },
    Provider {
        id: "dialogflow",
        title: "Dialogflow",
        icon: "messages-square",
        help: "Let your own Dialogflow agent recognise intents.",
        ..FIXED
    },
    Provider {
        id: "twilio",
        title: "Twilio",
        icon: "message-square-text",
        help: "Send SMS messages through Twilio.",
        ..FIXED
    },
    Provider {
        id: "mailgun",
        title: "Mailgun",
        icon: "mail",
        help: "Send mail from your own domain through Mailgun.",
        ..FIXED
    },
    Provider {
        id: "pushwoosh",
        title: "Pushwoosh",
        icon: "bell",
        help: "Send push notifications to chats on the web and in apps.",
        ..FIXED
    },
    Provider {
        id: "dialog",
        title: "360dialog",
        icon: "message-circle",
        help: "Send WhatsApp template messages through 360dialog.",
        ..FIXED
    },
    Provider {
        id: "masvoz_sms",
        title: "Masvoz SMS",
        icon: "message-square-more",
        help: "Send SMS messages through Masvoz instead of Twilio.",
        ..FIXED
    },
    Provider { id: "smtp", title: "SMTP", icon: "send", help: "Send mail through a mail server of your own.", ..FIXED },
    Provider {
        id: "calendar",
        title: "Calendar",
        kind: Kind::Calendar,
        icon: "calendar",
        help: "A calendar of the bot's own, which scripts name by the constant of its alias.",
        ..FIXED
    },
    Provider {
        id: "secret",
        title: "Secret",
        kind: Kind::Secret,
        icon: "key-round",
        help: "One secret text, such as an API key, that scripts read with `get_access_token`.",
        ..FIXED
    },
];
