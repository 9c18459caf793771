use std::time::Duration;

use thiserror::Error;

/// Why there is no answer. Each is one sentence for people that names hosts and aliases, never a query or a secret.
///
/// `host` is what [`crate::host_of`] gives: the name or address, with the port unless it is the scheme's own.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum WireError {
    /// Nobody approved this pair; nothing was sent to this host.
    #[error("{alias} is not approved for {host}, so nothing was sent. Approve the pair or use an approved address.")]
    NotApproved { alias: String, host: String },
    /// The address policy refuses this host for good.
    #[error("{host} is refused: {why}.")]
    Address { host: String, why: Why },
    /// A loopback or private address that this bot was not allowed yet. Ask once, then send again.
    #[error("{host} is on this computer or in its network, so nothing was sent. Allow this bot to reach it first.")]
    AskAddress { host: String },
    /// A practice token in a request that the practice server does not play.
    #[error("The token of {alias} is for practice only, so it was not sent to {host}. Connect {alias} for real first.")]
    PracticeTokenElsewhere { alias: String, host: String },
    /// A real secret in a request that the practice server plays.
    #[error(
        "{alias} is real and {host} is practised, so nothing was sent. Connect {alias} with practice or turn practice off."
    )]
    RealTokenToPractice { alias: String, host: String },
    /// The request is for the practice server, which does not run.
    #[error("{host} is practised, but the practice server is not running. Start it or turn practice off.")]
    PracticeStopped { host: String },
    #[error("The answer is larger than {}, so reading it was stopped. Ask for less at a time.", size(.limit))]
    TooLarge { limit: usize },
    #[error("There was no complete answer within {} s. Try again later.", .after.as_secs_f32())]
    TimedOut { after: Duration },
    /// The host says that nothing listens there.
    #[error("{host} refused the connection. Check the address and that the server is running.")]
    Refused { host: String },
    /// The name or the host cannot be reached.
    #[error("{host} cannot be reached. Check the address and the network connection.")]
    Unreachable { host: String },
    #[error("The connection to {host} broke off before the answer was complete. Try again.")]
    Interrupted { host: String },
    #[error("The secure connection to {host} failed. Check the address and this computer's clock.")]
    Tls { host: String },
    /// The system's list of certificate authorities cannot be read.
    #[error("The certificates of this computer cannot be read. Install its package of certificate authorities.")]
    Certificates,
    #[error("The address is not a plain http or https address. Write it as https://host/path, without a user name.")]
    BadUrl,
    #[error("The header {name} cannot be sent as it stands. Remove line breaks and special characters.")]
    BadHeader { name: String },
    #[error("The address redirects too many times. Use the address that it leads to.")]
    Redirects,
}

/// What the address policy has against a host.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum Why {
    /// 169.254/16 and fe80::/10 (RFC 3927, RFC 4291 2.5.6).
    #[error("it is an address of the local link, which is never used")]
    LinkLocal,
    #[error("it hands out the credentials of cloud machines")]
    Metadata,
    /// Unspecified, multicast, broadcast and reserved addresses.
    #[error("it is not the address of one computer. Use another address")]
    NotOne,
    #[error("it is an address of this computer. Use the public address of the provider")]
    Loopback,
    #[error("it is an address of a private network. Use the public address of the provider")]
    Private,
    #[error("it is not encrypted. Use an address that begins with https")]
    PlainHttp,
    #[error("an encrypted address redirects to it without encryption. Use another address")]
    Downgrade,
}

fn size(bytes: &usize) -> String {
    const MIB: usize = 1024 * 1024;
    match *bytes {
        limit if limit >= MIB => format!("{} MiB", limit / MIB),
        limit if limit >= 1024 => format!("{} KiB", limit / 1024),
        limit => format!("{limit} bytes"),
    }
}
