//! The table. Contexts of the OAuth providers follow the integrations documentation as far as it shows them; operator,
//! salesforce and twitter are taken to allow both. Retired scopes: Facebook withdrew `publish_actions` in 2018; LinkedIn
//! closed its two old scopes when it moved to OpenID Connect. Hosts are those of each provider's documented API. How people
//! sign in stands in one file per provider below.

mod facebook;
pub(crate) mod generic;
mod google;
mod linkedin;
mod microsoft;
mod settings;
mod twitter;

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
    sign_in: &[],
    hosts: &[],
    scopes: &[],
    register_url: "",
    register_help: "",
    settings: &[],
    note: "",
};
const FIXED: Provider = Provider { kind: Kind::Static, contexts: BOT, scope_separator: None, ..OAUTH };
const GOOGLE_APIS: &[&str] = &["*.googleapis.com"];

pub(crate) const PROVIDERS: &[Provider] = &[
    Provider {
        id: "google",
        title: "Google",
        icon: "G",
        help: "Sign in with a Google account, for instance to read calendars or send mail.",
        sign_in: google::SIGN_IN,
        hosts: GOOGLE_APIS,
        scopes: google::SCOPES,
        register_url: "https://console.cloud.google.com/apis/credentials",
        register_help: "Create an OAuth client of the type Desktop app in the Google Cloud console; it takes any callback URL \
                        on 127.0.0.1.",
        note: "While the consent screen is in testing, Google ends every sign-in after 7 days. Of one account and client it \
               keeps 100 sign-ins and ends the oldest.",
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
        sign_in: facebook::SIGN_IN,
        hosts: &["graph.facebook.com"],
        scopes: facebook::SCOPES,
        register_url: "https://developers.facebook.com/apps",
        register_help: "Create an app with Facebook Login in the Meta developer portal and add the callback URL to Valid OAuth \
                        Redirect URIs.",
        settings: facebook::SETTINGS,
        note: "Facebook gives no refresh token: a sign-in lasts about 60 days. It takes https addresses only, so you paste the \
               address that the browser ends at.",
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
        sign_in: linkedin::SIGN_IN,
        hosts: &["api.linkedin.com"],
        scopes: linkedin::SCOPES,
        register_url: "https://www.linkedin.com/developers/apps",
        register_help: "Create an app in the LinkedIn developer portal, add the product Sign In with LinkedIn using OpenID \
                        Connect, and add the callback URL under Auth.",
        settings: linkedin::SETTINGS,
        note: "LinkedIn gives refresh tokens to partners only: a sign-in lasts 60 days.",
        ..OAUTH
    },
    Provider {
        id: "microsoft",
        title: "Microsoft",
        icon: "M",
        help: "Sign in with a Microsoft account, at work, at school or at home.",
        sign_in: microsoft::SIGN_IN,
        hosts: &["graph.microsoft.com"],
        scopes: microsoft::SCOPES,
        register_url: "https://entra.microsoft.com/#view/Microsoft_AAD_RegisteredApps/ApplicationsListBlade",
        register_help: "Register an app in the Microsoft Entra admin center and add the callback URL, without its port, under \
                        Mobile and desktop applications.",
        settings: microsoft::SETTINGS,
        note: "Microsoft gives a refresh token only for the scope `offline_access`.",
        ..OAUTH
    },
    Provider {
        id: "operator",
        title: "Operator",
        scope_separator: None,
        icon: "O",
        help: "Sign in with an Operator (Enreach) account.",
        sign_in: generic::OPERATOR,
        register_help: "Ask your contact at the platform for a client and its addresses, and name the callback URL shown here.",
        settings: generic::ADDRESSES,
        note: "Operator's addresses are not public; your contact at the platform must supply them.",
        ..OAUTH
    },
    Provider {
        id: "salesforce",
        title: "Salesforce",
        scope_separator: None,
        icon: "S",
        help: "Sign in with a Salesforce account.",
        sign_in: generic::SALESFORCE,
        register_help: "Create a connected app in Setup of your Salesforce organisation and add the callback URL to it.",
        settings: generic::ADDRESSES,
        note: "Salesforce's addresses are those of your organisation.",
        ..OAUTH
    },
    Provider {
        id: "twitter",
        title: "Twitter",
        icon: "X",
        help: "Sign in with a Twitter account; a `scope` selects OAuth 2.0, which has scopes, over the classic sign-in.",
        sign_in: twitter::SIGN_IN,
        hosts: &["api.twitter.com", "api.x.com"],
        scopes: twitter::SCOPES,
        register_url: "https://developer.x.com/en/portal/projects-and-apps",
        register_help: "Create an app in the X developer portal, switch on user authentication, and add each callback URL shown \
                        here.",
        note: "The classic sign-in needs the API key and its secret as client id and client secret, not the OAuth 2.0 client.",
        ..OAUTH
    },
    Provider {
        id: "oauth2",
        title: "OAuth2",
        scope_separator: None,
        icon: "zap",
        help: "Connect to any service that speaks OAuth2; the `oauth2` block names its addresses.",
        sign_in: generic::GENERIC,
        register_help: "Register a client at the service, with the callback URL shown here.",
        ..OAUTH
    },
    Provider {
        id: "google_service_account",
        title: "Google service account",
        kind: Kind::ServiceAccount,
        needs_scope: true,
        icon: "file-key",
        help: "Use a Google service account's key file; scripts get access tokens for the `scope`.",
        hosts: GOOGLE_APIS,
        scopes: google::SCOPES,
        register_url: "https://console.cloud.google.com/iam-admin/serviceaccounts",
        register_help: "Create a key of the type JSON under Service accounts in the Google Cloud console, and give the account \
                        access to what the bot uses.",
        settings: settings::KEY_FILE,
        note: "The key file is kept in the vault only; each scope has a token of its own, which lives an hour.",
        ..FIXED
    },
    Provider {
        id: "dialogflow",
        title: "Dialogflow",
        icon: "messages-square",
        help: "Let your own Dialogflow agent recognise intents.",
        hosts: GOOGLE_APIS,
        register_url: "https://console.cloud.google.com/iam-admin/serviceaccounts",
        register_help: "Create a key of the type JSON for a service account with the role Dialogflow API Client.",
        ..FIXED
    },
    Provider {
        id: "twilio",
        title: "Twilio",
        icon: "message-square-text",
        help: "Send SMS messages through Twilio.",
        hosts: &["api.twilio.com"],
        register_url: "https://console.twilio.com",
        register_help: "Account SID and auth token stand on the first page of the Twilio console.",
        ..FIXED
    },
    Provider {
        id: "mailgun",
        title: "Mailgun",
        icon: "mail",
        help: "Send mail from your own domain through Mailgun.",
        hosts: &["api.mailgun.net", "api.eu.mailgun.net"],
        register_url: "https://app.mailgun.com/settings/api_security",
        register_help: "Create an API key under API security in Mailgun.",
        ..FIXED
    },
    Provider {
        id: "pushwoosh",
        title: "Pushwoosh",
        icon: "bell",
        help: "Send push notifications to chats on the web and in apps.",
        hosts: &["cp.pushwoosh.com", "api.pushwoosh.com"],
        register_url: "https://app.pushwoosh.com",
        register_help: "Create an API token under Settings, API access in Pushwoosh.",
        ..FIXED
    },
    Provider {
        id: "dialog",
        title: "360dialog",
        icon: "message-circle",
        help: "Send WhatsApp template messages through 360dialog.",
        hosts: &["waba-v2.360dialog.io"],
        register_url: "https://hub.360dialog.com",
        register_help: "Create an API key for the number in the 360dialog hub.",
        ..FIXED
    },
    Provider {
        id: "masvoz_sms",
        title: "Masvoz SMS",
        icon: "message-square-more",
        help: "Send SMS messages through Masvoz instead of Twilio.",
        register_help: "The address and the sign-in stand in your contract with Masvoz.",
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
        settings: settings::SECRET,
        ..FIXED
    },
];
