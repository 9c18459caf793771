//! What can be typed. Nothing here takes a secret.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::error::ErrorKind;
use clap::{Args, CommandFactory, Parser, Subcommand};
use clap_complete::Shell;

use crate::output;
use crate::stop::{Status, Stop};

const EXIT_STATUS: &str = "\
Exit status:
  0   fine
  1   problems were found, or the bot stopped with an error
  2   wrong use, or there is no such alias
  3   the vault is locked, its keychain is missing, or the folder's identity is open
  4   the network or a provider refused
  5   cancelled or timed out
  70  a fault of Patchbay";

/// Builds, checks and tries chatbots on this computer
#[derive(Debug, Parser)]
#[command(name = "patchbay", version, subcommand_required = true, arg_required_else_help = true, after_help = EXIT_STATUS)]
pub(crate) struct Arguments {
    #[command(flatten)]
    pub(crate) globals: Globals,
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// What every command takes.
#[derive(Debug, Args)]
pub(crate) struct Globals {
    /// The bot's folder; the current folder unless given
    #[arg(short = 'C', value_name = "FOLDER", global = true, default_value = ".", hide_default_value = true)]
    pub(crate) folder: PathBuf,
    /// Write JSON: one document, or one object per line for a stream
    #[arg(long, global = true)]
    pub(crate) json: bool,
    /// Where the vault and the lists are kept
    #[arg(long, value_name = "FOLDER", env = "PATCHBAY_DATA_DIR", hide_env_values = true, global = true)]
    pub(crate) data_dir: Option<PathBuf>,
    /// Read the vault's passphrase from the first line of this file descriptor instead of a hidden prompt
    #[arg(long, value_name = "N", global = true)]
    pub(crate) passphrase_fd: Option<u32>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Show all problems of manifests, data definitions and scripts
    ///
    /// Works on any folder. Touches neither vault nor data folder. The exit status is 1 if there is an error; warnings
    /// and hints alone leave it at 0.
    Check {
        /// The bot's folder; the current folder unless given
        #[arg(id = "checked-folder", value_name = "FOLDER")]
        folder: Option<PathBuf>,
    },
    /// List the entries of all manifests with their states
    Integrations,
    /// Store, read and remove the values of `provider: secret` entries
    Secret {
        #[command(subcommand)]
        command: SecretCommand,
    },
    /// Settle which bot a folder is
    ///
    /// Without a command: show the question, if one is open. A folder that carries the id of a bot which this computer
    /// knows elsewhere reads no secrets until its question is settled.
    Identity {
        #[command(subcommand)]
        command: Option<IdentityCommand>,
    },
    /// The encrypted store of everything secret
    Vault {
        #[command(subcommand)]
        command: VaultCommand,
    },
    /// Talk to the bot: lines in, messages out
    ///
    /// Each line of standard input is said to the bot; what the bot says goes to standard output, a secret as
    /// ‹secret:alias›. `/restart` begins anew, `/quit` or the end of input ends; a line that begins with `//` is said
    /// with one `/`. A script's error goes to standard error with its place; without a terminal it ends the
    /// conversation with exit status 1.
    ///
    /// `/event NAME JSON` sends an event, `/jump 2h` moves the clock ahead (s, m, h, d), `/press N` presses a button of the
    /// last message, `/login ALIAS` signs the persona in. A token that is about to go to a host which nobody allowed ends
    /// the conversation with exit status 1; `patchbay flows approve` allows it.
    Chat {
        /// Who talks to the bot: a persona's name or id
        #[arg(long = "as", value_name = "PERSONA")]
        persona: Option<String>,
        /// Run the script on standard input in place of the bot's own, then read nothing more
        #[arg(long)]
        script: bool,
    },
    /// Sign in, and wait for the outcome
    ///
    /// Opens the system's browser, or prints the link where there is none. A service account's key file is read from
    /// standard input. The exit status is 4 if the provider refused and 5 if the sign-in was cancelled or timed out.
    Connect {
        /// The alias of the entry
        alias: String,
        /// Whose sign-in, for an entry with `context: user`: a persona's name or id
        #[arg(long = "as", value_name = "PERSONA")]
        persona: Option<String>,
        /// Let practice play the provider from now on
        #[arg(long, conflicts_with = "real")]
        practice: bool,
        /// Use the provider itself from now on
        #[arg(long)]
        real: bool,
        /// Read the address that the browser stopped on from standard input instead of listening for it
        #[arg(long)]
        paste: bool,
    },
    /// List what is connected
    Connections,
    /// What the token functions of the language return
    Token {
        #[command(subcommand)]
        command: TokenCommand,
    },
    /// Make one call that only an accepted token can make
    TestConnection {
        /// The alias of the entry
        alias: String,
        /// Whose, for an entry with `context: user`: a persona's name or id
        #[arg(long = "as", value_name = "PERSONA")]
        persona: Option<String>,
    },
    /// Run the practice providers and print their address
    ///
    /// Ends with standard input, or with Ctrl+C. People, tokens and faults are kept in the data folder.
    Practice {
        /// The port; 47840, or a free one where that is taken, unless given
        #[arg(long)]
        port: Option<u16>,
        /// Switch a fault on until standard input ends; Ctrl+C leaves it on. May be given several times
        #[arg(long, value_name = "NAME")]
        fault: Vec<String>,
        /// Register a service account and write its key file here
        #[arg(long, value_name = "FILE")]
        key_file: Option<PathBuf>,
    },
    /// Where tokens may go
    Flows {
        #[command(subcommand)]
        command: FlowsCommand,
    },
    /// Write a completion script for a shell
    Completions {
        /// The shell
        shell: Shell,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum SecretCommand {
    /// Store a value, read from standard input or a hidden prompt
    ///
    /// One line break at the end of standard input is not part of the value. The vault is made on first use, its key
    /// kept in the system keychain; its recovery key is then shown once on standard error.
    ///
    /// Give a value of several lines on standard input: a prompt ends with its first line.
    Set {
        /// The alias of the entry
        alias: String,
    },
    /// Print a value
    ///
    /// Piped or redirected: exactly the value, no line break added. On a terminal: a mask, unless --reveal is given;
    /// then the value and a line break, control characters made visible.
    Get {
        /// The alias of the entry
        alias: String,
        /// Print the value on a terminal too
        #[arg(long)]
        reveal: bool,
    },
    /// List the secrets: whether a value is set, when it changed, what uses it
    List,
    /// Remove a value; asks first on a terminal
    Remove {
        /// The alias of the entry
        alias: String,
        /// Do not ask
        #[arg(long)]
        yes: bool,
    },
    /// Store the values of a `.env` file, read from standard input
    ///
    /// A name fills the secret of that alias, letter case aside, `-` and `.` read as `_`. Values that are stored already
    /// are replaced. If a line cannot be read, nothing is stored and the exit status is 1.
    Fill {
        /// Only show what would be stored
        #[arg(long)]
        dry_run: bool,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum TokenCommand {
    /// Print the access token, renewed if it has expired
    ///
    /// Piped or redirected: exactly the token, no line break added. On a terminal: a mask, unless --reveal is given.
    Get {
        #[command(flatten)]
        whose: TokenArguments,
        /// Print the token on a terminal too
        #[arg(long)]
        reveal: bool,
    },
    /// Print who is signed in, as JSON
    Info {
        #[command(flatten)]
        whose: TokenArguments,
    },
    /// Print everything about the token, as JSON, its secrets masked
    Full {
        #[command(flatten)]
        whose: TokenArguments,
    },
    /// Revoke the token where the provider offers it, then delete it; asks first on a terminal
    Delete {
        #[command(flatten)]
        whose: TokenArguments,
        /// Do not ask
        #[arg(long)]
        yes: bool,
    },
}

#[derive(Debug, Args)]
pub(crate) struct TokenArguments {
    /// The alias of the entry
    pub(crate) alias: String,
    /// Whose, for an entry with `context: user`: a persona's name or id
    #[arg(long = "as", value_name = "PERSONA")]
    pub(crate) persona: Option<String>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum FlowsCommand {
    /// Let scripts reach an address of this computer or its network from now on
    ApproveAddress {
        /// The host with its port, as in the address
        host: String,
        /// Do not ask
        #[arg(long)]
        yes: bool,
    },
    /// Let a token go to a host from now on
    Approve {
        /// The alias of the token
        alias: String,
        /// The host, without `https://` and without a path
        host: String,
        /// Do not ask
        #[arg(long)]
        yes: bool,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum IdentityCommand {
    /// The folder was moved: its secrets come along; only if the old folder is gone
    Moved,
    /// The folder is a copy: it gets an id of its own and no secrets
    Copy,
    /// Both folders read the same secrets; lists them and asks first
    Share {
        /// Do not ask
        #[arg(long)]
        yes: bool,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum VaultCommand {
    /// Show how the vault is, without opening it
    Status,
    /// Make the vault, its key in the system keychain unless a passphrase is asked for
    ///
    /// The recovery key is printed once. Whoever holds it can open the vault without keychain or passphrase.
    Create {
        /// Derive the key from a passphrase, read from --passphrase-fd or a hidden prompt
        #[arg(long)]
        passphrase: bool,
    },
    /// Try to open the vault with its keychain or passphrase
    ///
    /// Each command opens the vault for itself, so this keeps nothing open; it tells whether the vault can be opened.
    Unlock,
    /// Explain why there is nothing to lock from the command line
    Lock,
    /// Open the vault with the recovery key and protect it anew
    ///
    /// The recovery key is read from standard input or a hidden prompt. The vault is then protected as it was before,
    /// unless told otherwise; a passphrase is asked for anew.
    Recover {
        #[command(flatten)]
        protect: ProtectArguments,
    },
    /// Change what protects the vault, or make a new recovery key
    Rekey {
        #[command(flatten)]
        protect: ProtectArguments,
        /// Make a new recovery key and print it once; the old one stops working
        #[arg(long, conflicts_with_all = ["keychain", "passphrase", "new_passphrase_fd"])]
        recovery_key: bool,
    },
}

/// What is to protect the vault from now on.
#[derive(Debug, Args)]
pub(crate) struct ProtectArguments {
    /// Keep the key in the system keychain
    #[arg(long, conflicts_with = "passphrase")]
    pub(crate) keychain: bool,
    /// Derive the key from a new passphrase, read from --new-passphrase-fd or a hidden prompt
    #[arg(long)]
    pub(crate) passphrase: bool,
    /// Read the new passphrase from the first line of this file descriptor
    #[arg(long, value_name = "N", conflicts_with = "keychain")]
    pub(crate) new_passphrase_fd: Option<u32>,
}

/// Reads the command line. Help and version are printed and are no failure.
pub(crate) fn read() -> Result<Arguments, Stop> {
    let typed: Vec<OsString> = std::env::args_os().collect();
    Arguments::try_parse_from(&typed).map_err(|error| match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => match error.print() {
            Ok(()) => Stop::Told(Status::Fine),
            Err(cause) => cause.into(),
        },
        _ if is_about_secrets(&typed) => unquoted(&typed),
        _ => {
            // Standard error may be closed; there is nobody left to tell then.
            let _ = error.print();
            Stop::Told(Status::WrongUse)
        }
    })
}

/// Whether the first command that was typed is one that deals in secrets.
fn is_about_secrets(typed: &[OsString]) -> bool {
    let known = Arguments::command();
    let first = typed.iter().skip(1).find(|word| known.find_subcommand(word).is_some());
    first.is_some_and(|word| word == "secret" || word == "vault")
}

/// The usage of a command that deals in secrets. What was typed is not quoted: it may hold one.
fn unquoted(typed: &[OsString]) -> Stop {
    let mut command = Arguments::command();
    command.build();
    let words: Vec<&str> = typed.iter().skip(1).filter_map(|word| word.to_str()).collect();
    output::say(&usage(&mut command, &words));
    Stop::wrong_use(
        "These arguments cannot be used.",
        "A value is read from standard input or a hidden prompt, never from an argument; one that was typed here stands in the shell's history now.",
    )
}

/// The usage of the innermost command that the words name.
fn usage(command: &mut clap::Command, words: &[&str]) -> String {
    let named = words.iter().position(|word| command.find_subcommand(word).is_some());
    match named.and_then(|at| Some((command.find_subcommand_mut(words[at])?, &words[at + 1..]))) {
        Some((inner, rest)) => usage(inner, rest),
        None => command.render_usage().to_string(),
    }
}
