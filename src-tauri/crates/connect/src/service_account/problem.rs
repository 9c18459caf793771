/// Why a key file was not taken. The message says what is wrong and never quotes the file; [`KeyFileProblem::next`] says what
/// to do.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum KeyFileProblem {
    /// Nothing but space.
    #[error("There is nothing in it.")]
    Empty,
    /// Over 64 KiB.
    #[error("This is too large for a service account key.")]
    TooLarge,
    /// No JSON in any of the encodings.
    #[error("This is not a service account key.")]
    NotJson,
    /// JSON that stops before its end.
    #[error("The key file is cut off.")]
    CutOff,
    /// The private key alone.
    #[error("This is only the private key, not the whole key file.")]
    OnlyKey,
    /// A key file of the type P12.
    #[error("This is a key file of the type P12.")]
    Pkcs12,
    /// `AIza…`
    #[error("This is an API key, not a service account key.")]
    ApiKey,
    /// `client_secret_….json`
    #[error("This is an OAuth client file, not a service account key.")]
    OAuthClient,
    /// A token answer or a saved token.
    #[error("This is a file with a token, not a service account key.")]
    Token,
    /// `application_default_credentials.json`
    #[error("These are your own credentials from the gcloud command, not a service account key.")]
    OwnCredentials,
    /// A configuration of workload identity federation, which holds no key.
    #[error("This file names an account but holds no key.")]
    Federation,
    /// A key of the practice server, for an integration that is not practised.
    #[error("This key is for practice; Google does not know it.")]
    PracticeKey,
    /// A field that has to be there.
    #[error("`{field}` is missing from the key file.")]
    Missing {
        /// Its key.
        field: &'static str,
    },
    /// A field that cannot be right.
    #[error("`{field}` of the key file {why}.")]
    Wrong {
        /// Its key.
        field: &'static str,
        /// Continues the sentence.
        why: &'static str,
    },
    /// Another kind of key.
    #[error("`private_key` of the key file is not an RSA key.")]
    NotRsa,
    /// A key of less than 2048 bits.
    #[error("`private_key` of the key file is shorter than 2048 bits, which Google no longer takes.")]
    Small,
    /// The key signs nothing that its public half would verify.
    #[error("`private_key` of the key file is damaged: what it signs does not verify.")]
    Unproven,
}

const NEW_KEY: &str =
    "Create a key of the type JSON under Service accounts in the Google Cloud console and paste that.";
const WHOLE: &str = "Paste or drop the whole JSON file as Google gave it to you.";

impl KeyFileProblem {
    /// What to do next, as a sentence.
    pub fn next(&self) -> &'static str {
        match self {
            Self::OAuthClient => "Create a key under Service accounts and paste that.",
            Self::PracticeKey => "Switch the integration to practice, or paste a key from Google.",
            Self::NotJson
            | Self::Pkcs12
            | Self::ApiKey
            | Self::Token
            | Self::OwnCredentials
            | Self::Federation
            | Self::NotRsa
            | Self::Small
            | Self::Wrong { field: "token_uri" | "universe_domain" | "type", .. } => NEW_KEY,
            Self::Empty
            | Self::TooLarge
            | Self::CutOff
            | Self::OnlyKey
            | Self::Missing { .. }
            | Self::Wrong { .. }
            | Self::Unproven => WHOLE,
        }
    }

    /// The field that is wrong, if it is one.
    pub fn field(&self) -> Option<&'static str> {
        match self {
            Self::Missing { field } | Self::Wrong { field, .. } => Some(field),
            Self::NotRsa | Self::Small | Self::Unproven => Some("private_key"),
            _ => None,
        }
    }
}
