//! Bots that come with Patchbay. They work offline and without an account.

/// An example: its files as they are written into a new bot's folder.
#[derive(Debug)]
pub struct Example {
    pub id: &'static str,
    pub title: &'static str,
    pub description: &'static str,
    /// Provider ids of its entries, for the glyphs.
    pub providers: &'static [&'static str],
    files: &'static [(&'static str, &'static str)],
}

impl Example {
    /// Path and text of each file of a new bot called `title`.
    pub fn files(&self, title: &str) -> Vec<(String, String)> {
        let own = self.files.iter().map(|(file, text)| ((*file).to_owned(), (*text).to_owned()));
        own.chain([studio_file(title)]).collect()
    }
}

macro_rules! files {
    ($bot:literal: $($file:literal),+ $(,)?) => {
        &[$(($file, include_str!(concat!("../examples-bots/", $bot, "/", $file)))),+]
    };
}

/// Every example, in the order in which they are offered.
pub const EXAMPLES: &[Example] = &[
    Example {
        id: "secret",
        title: "A secret in a chat",
        description: "Stores one value in the vault and reads it in a script",
        providers: &["secret"],
        files: files!("secret": "integrations.yaml", "main.bubble"),
    },
    Example {
        id: "sign-in",
        title: "Sign in from a chat",
        description: "People sign in with Google and Facebook, played by practice",
        providers: &["google", "facebook", "google_service_account"],
        files: files!("sign-in": "integrations.yaml", "main.bubble"),
    },
    Example {
        id: "greeting",
        title: "Ask and answer",
        description: "A short conversation that needs no integration",
        providers: &[],
        files: files!("greeting": "integrations.yaml", "main.bubble"),
    },
    Example {
        id: "overview",
        title: "Every kind of integration",
        description: "One entry of each kind, in the bot and in two skills",
        providers: &["google", "twilio", "google_service_account", "oauth2", "calendar", "mailgun", "secret"],
        files: files!(
            "overview": "integrations.yaml",
            "main.bubble",
            "booking.yaml",
            "skills/bookings/integrations.yaml",
            "skills/bookings/bookings.bubble",
            "skills/messages/integrations.yaml",
            "skills/messages/messages.bubble",
        ),
    },
];

/// The files of a new bot that starts from nothing.
pub(crate) fn blank(title: &str) -> Vec<(String, String)> {
    let manifest = "# The connections that this bot needs, one entry each.\n[]\n";
    let script =
        "dialog main do\n  name = ask \"Hello. What is your name?\"\n  say \"Nice to meet you, #{name}.\"\nend\n";
    vec![
        ("integrations.yaml".to_owned(), manifest.to_owned()),
        ("main.bubble".to_owned(), script.to_owned()),
        studio_file(title),
    ]
}

/// `patchbay.yaml` with the title, quoted so that any title stays one.
fn studio_file(title: &str) -> (String, String) {
    let quoted = title.replace('\\', "\\\\").replace('"', "\\\"");
    (crate::bots::STUDIO_FILE.to_owned(), format!("title: \"{quoted}\"\n"))
}
