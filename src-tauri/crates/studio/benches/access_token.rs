//! A script's `get_access_token` with the vault open and nothing cached: from the entry in the manifest to the token. The
//! floor is the value of a secret of the same bot, which opens one sealed row and does nothing else.
//!
//! Prints one figure a line, `MICROSECONDS NAME`; whoever runs it sums up.

use std::sync::Arc;
use std::time::Instant;

use studio::store::{MemoryKeychain, NewVault};
use studio::{KeyFile, Secret, Setup, Studio};

const MANIFEST: &str = "\
- provider: google_service_account
  alias: bigquery
  context: bot
  scope: https://www.googleapis.com/auth/bigquery
- provider: secret
  alias: floor
  context: bot
";

fn main() {
    let rounds = if std::env::args().any(|word| word == "--smoke") { 1 } else { 200 };
    let folder = tempfile::tempdir().expect("a folder");
    let bot = folder.path().join("bot");
    std::fs::create_dir(&bot).expect("a folder");
    std::fs::write(bot.join("integrations.yaml"), MANIFEST).expect("a manifest");
    let keychain = Arc::new(MemoryKeychain::default());
    let studio = Studio::start(Setup { keychain, ..Setup::new(folder.path().join("data")) }).expect("a studio");
    studio.create_vault(NewVault::Keychain).expect("a vault");
    let bot = studio.visit(&bot).expect("a bot").id;
    studio.set_secret(&bot, "floor", &Secret::new("floor-value".to_owned())).expect("a secret");
    studio.set_key_file(&bot, "bigquery", KeyFile::Practice).expect("a connection");
    let token = || studio.access_token(&bot, "bigquery").expect("a connection").0.expect("practice gives a token");
    // The first one comes from the provider.
    drop(token());
    for _ in 0..rounds {
        let start = Instant::now();
        drop(token());
        report(start, "token");
        let start = Instant::now();
        drop(studio.reveal_secret(&bot, "floor").expect("a value"));
        report(start, "floor");
    }
}

#[allow(clippy::print_stdout, reason = "the figures are what this program is for")]
fn report(start: Instant, what: &str) {
    println!("{} {what}", start.elapsed().as_micros());
}
