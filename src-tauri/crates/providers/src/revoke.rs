/// How a sign-in is ended at the provider. Deleting it here never waits for that.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Revoke {
    /// The provider has no address for it.
    None {
        /// Where the person can end it themselves, as a sentence.
        instead: &'static str,
    },
    /// A POST with the form `token` and `token_type_hint` (RFC 7009).
    Form {
        /// Empty: the setting `revoke_url`; without it, as `None`.
        url: &'static str,
        /// Whether the client proves itself, as at the token endpoint.
        client: bool,
        /// Whether one request with either token ends the whole sign-in, other tokens of the same account included.
        ends_all: bool,
    },
    /// A DELETE with the access token as `Authorization: Bearer`; `{uid}` in the address is the account's id.
    Delete {
        /// The address.
        url: &'static str,
    },
    /// A signed POST without a body (OAuth 1.0a).
    Signed {
        /// The address.
        url: &'static str,
    },
}
