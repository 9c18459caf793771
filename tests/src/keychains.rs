//! Real keychains: GNOME's and KeePassXC's.

use std::fs;
use std::process::Stdio;

use data_encoding::BASE64;

use crate::{Keychain, LONG, Running, Session, need, run, until};

const PASSWORD: &str = "keychain-password";

impl Session {
    /// Ends the keychain that runs and starts another, on the same folders: an entry made before is there again.
    ///
    /// # Panics
    /// A program is missing or the keychain does not come up.
    pub fn set_keychain(&mut self, keychain: Keychain) {
        self.keychain = None;
        if keychain == Keychain::NoBus {
            return;
        }
        until("the old keychain to leave the bus", LONG, || (!self.keychain_runs()).then_some(()));
        match keychain {
            Keychain::None | Keychain::NoBus => return,
            Keychain::Gnome => self.keychain = Some(self.gnome(true)),
            Keychain::GnomeLocked => {
                // A collection must be there to be locked.
                if !self.home().path("data/keyrings/login.keyring").exists() {
                    self.keychain = Some(self.gnome(true));
                    until("the keychain", LONG, || self.keychain_runs().then_some(()));
                    self.keychain = None;
                    until("the keychain to end", LONG, || (!self.keychain_runs()).then_some(()));
                }
                self.keychain = Some(self.gnome(false));
            }
            Keychain::KeePassXc => self.keychain = Some(self.keepassxc()),
        }
        until("the keychain on the bus", LONG, || self.keychain_runs().then_some(()));
        if matches!(keychain, Keychain::Gnome | Keychain::KeePassXc) {
            until("the keychain to be open", LONG, || self.keychain_is_open().then_some(()));
        }
    }

    /// Entries of the product in the keychain, by their accounts.
    ///
    /// # Panics
    /// `secret-tool` is missing.
    pub fn keychain_entries(&self) -> Vec<String> {
        need(&["secret-tool"]);
        let mut tool = self.command("secret-tool");
        let output = run(tool.args(["search", "--all", "--unlock", "service", "patchbay"]), b"", LONG);
        let text = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
        text.lines().filter_map(|line| line.strip_prefix("attribute.username = ")).map(str::to_owned).collect()
    }

    /// Removes all entries of the product from the keychain.
    ///
    /// # Panics
    /// `secret-tool` refuses.
    pub fn clear_keychain(&self) {
        let mut tool = self.command("secret-tool");
        // Its status is 1 when there was nothing to remove.
        run(tool.args(["clear", "service", "patchbay"]), b"", LONG);
        assert_eq!(self.keychain_entries(), [""; 0]);
    }

    /// Puts another key under the name that the product uses.
    ///
    /// # Panics
    /// `secret-tool` refuses.
    pub fn put_wrong_key(&self, account: &str) {
        self.clear_keychain();
        let mut tool = self.command("secret-tool");
        tool.args([
            "store",
            "--label=Patchbay vault key",
            "service",
            "patchbay",
            "username",
            account,
            "target",
            "default",
        ]);
        let output = run(&mut tool, BASE64.encode(&[7; 32]).as_bytes(), LONG);
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }

    fn gnome(&self, unlock: bool) -> Running {
        need(&["gnome-keyring-daemon", "secret-tool"]);
        let mut daemon = self.command("gnome-keyring-daemon");
        daemon.args(["--foreground", "--components=secrets"]).stdin(Stdio::piped()).stderr(Stdio::null());
        if unlock {
            daemon.arg("--unlock");
        }
        let mut running = Running::start(&mut daemon);
        if unlock {
            // No line end: it would be part of the password.
            running.write(PASSWORD);
        }
        running.close_input();
        running
    }

    fn keepassxc(&self) -> Running {
        need(&["keepassxc", "keepassxc-cli", "secret-tool"]);
        let database = self.home().path("home/passwords.kdbx");
        if !database.exists() {
            self.make_database(&database);
        }
        let settings = self.home().path("config/keepassxc/keepassxc.ini");
        fs::create_dir_all(settings.parent().expect("a folder")).expect("a folder");
        let text = "[General]\nConfigVersion=2\nUpdateCheckMessageShown=true\nSingleInstance=false\n\
                    [FdoSecrets]\nEnabled=true\nConfirmAccessItem=false\nConfirmDeleteItem=false\nShowNotification=false\n\
                    [GUI]\nCheckForUpdates=false\n[Security]\nLockDatabaseScreenLock=false\n";
        fs::write(&settings, text).expect("settings");
        let mut program = self.command("keepassxc");
        program.args(["--pw-stdin", "--config"]).arg(&settings).arg("--localconfig");
        program.arg(self.home().path("config/keepassxc/local.ini")).arg(&database);
        program.env("QT_QPA_PLATFORM", "offscreen").stdin(Stdio::piped()).stderr(Stdio::null());
        let mut running = Running::start(&mut program);
        running.write(&format!("{PASSWORD}\n"));
        running.close_input();
        running
    }

    /// A database whose one group is offered as a keychain.
    fn make_database(&self, database: &std::path::Path) {
        let xml = self.home().path("tmp/database.xml");
        let group = BASE64.encode(&[1; 16]);
        let exposed = "{01010101-0101-0101-0101-010101010101}";
        let text = format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?><KeePassFile><Meta><Generator>KeePassXC</Generator>\
             <CustomData><Item><Key>FDO_SECRETS_EXPOSED_GROUP</Key><Value>{exposed}</Value></Item></CustomData></Meta>\
             <Root><Group><UUID>{group}</UUID><Name>Passwords</Name></Group></Root></KeePassFile>"
        );
        fs::write(&xml, text).expect("the database's text");
        let mut import = self.command("keepassxc-cli");
        import.arg("import").arg("--set-password").arg(&xml).arg(database).env("QT_QPA_PLATFORM", "offscreen");
        let output = run(&mut import, format!("{PASSWORD}\n{PASSWORD}\n").as_bytes(), LONG);
        assert!(database.exists(), "no database: {}", String::from_utf8_lossy(&output.stderr));
    }

    fn keychain_runs(&self) -> bool {
        let question =
            ["--dest=org.freedesktop.DBus", "/", "org.freedesktop.DBus.NameHasOwner", "string:org.freedesktop.secrets"];
        self.ask_bus(&question).contains("boolean true")
    }

    /// Asked without using it: a write to one that is still opening would bring up a question that nobody answers.
    fn keychain_is_open(&self) -> bool {
        let service =
            ["--dest=org.freedesktop.secrets", "/org/freedesktop/secrets", "org.freedesktop.Secret.Service.ReadAlias"];
        let answer = self.ask_bus(&[service.as_slice(), &["string:default"]].concat());
        let Some(collection) = answer.split('"').nth(1).filter(|path| *path != "/") else { return false };
        let properties = ["--dest=org.freedesktop.secrets", collection, "org.freedesktop.DBus.Properties.Get"];
        let locked = ["string:org.freedesktop.Secret.Collection", "string:Locked"];
        self.ask_bus(&[properties.as_slice(), &locked].concat()).contains("boolean false")
    }

    fn ask_bus(&self, question: &[&str]) -> String {
        need(&["dbus-send"]);
        let mut ask = self.command("dbus-send");
        let output = run(ask.args(["--session", "--print-reply"]).args(question), b"", LONG);
        String::from_utf8_lossy(&output.stdout).into_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keychains_are_as_asked_for() {
        for (keychain, runs, open) in [
            (Keychain::None, false, false),
            (Keychain::Gnome, true, true),
            (Keychain::GnomeLocked, true, false),
            (Keychain::KeePassXc, true, true),
        ] {
            let session = Session::new(keychain);
            assert_eq!((session.keychain_runs(), session.keychain_is_open()), (runs, open), "{keychain:?}");
        }
    }

    #[test]
    fn an_entry_is_there_again_after_the_keychain_was_locked() {
        let mut session = Session::new(Keychain::Gnome);
        session.put_wrong_key("vault-1");
        assert_eq!(session.keychain_entries(), ["vault-1"]);
        session.set_keychain(Keychain::GnomeLocked);
        session.set_keychain(Keychain::Gnome);
        assert_eq!(session.keychain_entries(), ["vault-1"]);
        session.clear_keychain();
        assert!(session.keychain_entries().is_empty());
    }
}
