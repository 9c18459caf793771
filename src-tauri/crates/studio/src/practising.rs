//! Practice: the providers that Patchbay plays itself, for whoever has no account or no network.

use practice::Fault;
use store::Secret;

use crate::{Error, Event, Studio};

/// The practice server as it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PracticeState {
    /// Its address, while it runs.
    pub base: Option<String>,
    /// The people who can sign in.
    pub people: Vec<String>,
    pub faults: Vec<FaultState>,
}

/// Something that practice can be told to do wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FaultState {
    /// In kebab-case, as the command line takes it.
    pub name: String,
    pub label: String,
    pub on: bool,
}

impl Studio {
    /// The practice server as it is. It starts by itself when an entry is practised for the first time.
    ///
    /// # Errors
    /// The data folder cannot be read.
    pub fn practice(&self) -> Result<PracticeState, Error> {
        let on = practice::faults(&self.inner.store)?;
        let fault = |fault: &Fault| FaultState {
            name: fault.name().to_owned(),
            label: fault.label().to_owned(),
            on: on.iter().any(|own| own.name() == fault.name()),
        };
        Ok(PracticeState {
            base: self.outward().practice().map(practice::Practice::base),
            people: practice::people(&self.inner.store)?.into_iter().map(|person| person.name).collect(),
            faults: Fault::all().iter().map(fault).collect(),
        })
    }

    /// Starts the practice server. `port`: the usual one, or a free one where that is taken, unless given.
    ///
    /// # Errors
    /// The port is taken.
    pub fn start_practice(&self, port: Option<u16>) -> Result<PracticeState, Error> {
        self.practice_server(port)?;
        self.practice()
    }

    /// Switches a fault on or off. The name may carry an amount: `slow=250`.
    ///
    /// # Errors
    /// There is no such fault, or the data folder cannot be written.
    pub fn set_fault(&self, name: &str, on: bool) -> Result<PracticeState, Error> {
        let fault = Fault::from_name(name).ok_or_else(|| {
            let names: Vec<_> = Fault::all().iter().map(|fault| fault.name()).collect();
            Error::invalid(format!("Practice has no fault `{name}`."), format!("There are {}.", names.join(", ")))
        })?;
        practice::set_fault(&self.inner.store, &fault, on)?;
        self.send(&Event::CredentialsChanged);
        self.practice()
    }

    /// Registers a service account at practice and gives its key file.
    ///
    /// # Errors
    /// No key could be made, or the data folder cannot be written.
    pub fn practice_key_file(&self, email: &str) -> Result<Secret<String>, Error> {
        self.practice_server(None)?.new_key_file(email).map_err(|cause| {
            tracing::error!("practice made no key: {cause}");
            Error::Unavailable { message: "Practice could not make a key.".to_owned(), hint: "Try again.".to_owned() }
        })
    }
}
