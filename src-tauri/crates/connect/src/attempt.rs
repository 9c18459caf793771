//! One sign-in on its way: from the opened browser to the tokens.

use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use jiff::Timestamp;
use store::BotId;
use subtle::ConstantTimeEq;
use tokio::sync::watch;
use tokio::task::JoinHandle;
use url::Url;
use zeroize::Zeroizing;

use crate::callback::{self, Answer};
use crate::plan::Plan;
use crate::trouble::Trouble;
use crate::{Change, Connect, ConnectError, Core, LIFETIME, complete, words};

/// After so many wrong answers, further ones are answered slowly.
const WRONG_UNTIL_SLOW: u32 = 20;
/// How slowly.
const SLOW: Duration = Duration::from_secs(1);
/// So long a program that ends with its sign-in waits for the browser to read the last page.
const SHOWN: Duration = Duration::from_secs(2);
/// So many attempts that are over are remembered, to explain late answers.
const REMEMBERED: usize = 32;

/// How the answer comes back from the browser.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Way {
    /// The operating system hands it to the app.
    DeepLink,
    /// A listener on this computer takes it.
    Loopback,
    /// The person pastes the address that the browser ended at.
    Paste,
}

/// Where a sign-in is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stage {
    /// The person is in the browser.
    Waiting,
    /// The answer came and is being exchanged for tokens.
    Exchanging,
    /// Done.
    Connected {
        /// The token id.
        id: String,
        /// Who signed in, as a name; `None` if the provider does not say.
        who: Option<String>,
        /// What is worth knowing now, each with a next step.
        notes: Vec<Trouble>,
    },
    /// It did not work.
    Failed(Trouble),
    /// The person gave up here, or started again.
    Cancelled,
    /// Nothing came back in time.
    TimedOut(Trouble),
}

/// A sign-in as it is shown. Holds the authorization address, which may be copied, and no secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AttemptView {
    /// Names it in every call.
    pub id: String,
    /// Whose it is.
    pub bot: BotId,
    /// The alias.
    pub alias: String,
    /// Who signs in; `None` is the bot's own connection.
    pub persona: Option<String>,
    /// The id of the provider.
    pub provider: String,
    /// The entry's name.
    pub title: String,
    /// The name of the other party.
    pub party: String,
    /// How the answer comes back.
    pub way: Way,
    /// The address for the browser.
    pub url: String,
    /// The callback address, exactly as it was sent.
    pub redirect_uri: String,
    /// Whether the browser was opened; if not, the person opens `url`.
    pub opened: bool,
    /// What went wrong with opening it.
    pub trouble: Option<Trouble>,
    /// Whether practice plays the provider.
    pub practice: bool,
    /// When it began.
    pub started_at: Timestamp,
    /// When it is given up.
    pub expires_at: Timestamp,
    /// Where it is.
    pub stage: Stage,
    /// How many answers came that belong elsewhere.
    pub wrong: u32,
}

pub(crate) struct Attempt {
    pub(crate) plan: Plan,
    pub(crate) state: Zeroizing<String>,
    /// Taken, and so wiped, by the exchange.
    pub(crate) verifier: Mutex<Option<Zeroizing<String>>>,
    /// OAuth 1.0a: the request token and its secret.
    pub(crate) request_token: Mutex<Option<(Zeroizing<String>, Zeroizing<String>)>>,
    pub(crate) redirect: String,
    pub(crate) view: watch::Sender<AttemptView>,
    /// The state was used; it works once.
    taken: AtomicBool,
    /// Ends the listener.
    pub(crate) stop: watch::Sender<bool>,
    /// The browser asked for the page that tells how it ended.
    pub(crate) shown: watch::Sender<bool>,
    listeners: Mutex<Vec<JoinHandle<()>>>,
}

/// What became of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Taken {
    /// It is being exchanged; the attempt's end tells.
    Accepted,
    /// Its state is not that of this attempt.
    Wrong,
    /// Its state was right, but the attempt is over.
    Late,
}

impl Stage {
    /// Whether nothing will change any more.
    pub fn is_over(&self) -> bool {
        !matches!(self, Self::Waiting | Self::Exchanging)
    }
}

impl fmt::Debug for Attempt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Attempt({:?})", self.plan)
    }
}

impl Attempt {
    pub(crate) fn new(
        plan: Plan,
        state: Zeroizing<String>,
        verifier: Option<Zeroizing<String>>,
        view: AttemptView,
    ) -> Self {
        let redirect = view.redirect_uri.clone();
        Self {
            plan,
            state,
            verifier: Mutex::new(verifier),
            request_token: Mutex::default(),
            redirect,
            view: watch::Sender::new(view),
            taken: AtomicBool::new(false),
            stop: watch::Sender::new(false),
            shown: watch::Sender::new(false),
            listeners: Mutex::default(),
        }
    }

    pub(crate) fn view(&self) -> AttemptView {
        self.view.borrow().clone()
    }

    /// In a time that does not depend on where the two differ.
    fn is_state(&self, given: &str) -> bool {
        self.state.as_bytes().ct_eq(given.as_bytes()).into()
    }

    fn is_waiting(&self) -> bool {
        self.view.borrow().stage == Stage::Waiting && !self.taken.load(Ordering::SeqCst)
    }

    pub(crate) fn listens(&self, listener: JoinHandle<()>) {
        self.listeners.lock().unwrap_or_else(PoisonError::into_inner).push(listener);
    }

    /// Closes the listener and waits until its port is free.
    pub(crate) async fn close(&self) {
        self.stop.send_replace(true);
        let listeners = std::mem::take(&mut *self.listeners.lock().unwrap_or_else(PoisonError::into_inner));
        for listener in listeners {
            listener.abort();
            drop(listener.await);
        }
    }

    /// Stays for the browser to read how it ended, then lets the listener finish its answers.
    async fn show(&self) {
        let listeners = std::mem::take(&mut *self.listeners.lock().unwrap_or_else(PoisonError::into_inner));
        if listeners.is_empty() {
            return;
        }
        let mut shown = self.shown.subscribe();
        let _ = tokio::time::timeout(SHOWN, shown.wait_for(|shown| *shown)).await;
        self.stop.send_replace(true);
        for listener in listeners {
            let _ = tokio::time::timeout(SHOWN, listener).await;
        }
    }

    /// The attempt at its end.
    pub(crate) async fn over(&self) -> AttemptView {
        let mut view = self.view.subscribe();
        // The sender lives in this attempt, so waiting cannot fail.
        let _ = view.wait_for(|view| view.stage.is_over()).await;
        self.view()
    }
}

impl Core {
    /// Moves an attempt on, unless it is over already.
    pub(crate) fn advance(&self, attempt: &Attempt, stage: Stage) -> bool {
        let moved = attempt.view.send_if_modified(|view| {
            let moved = !view.stage.is_over();
            if moved {
                view.stage = stage;
            }
            moved
        });
        if moved {
            self.changed(Change::Attempt(Box::new(attempt.view())));
        }
        moved
    }

    /// Adds an attempt and forgets the oldest of those that are over.
    pub(crate) fn remember(&self, attempt: &Arc<Attempt>) {
        let mut attempts = self.attempts();
        attempts.push(Arc::clone(attempt));
        while attempts.len() > REMEMBERED {
            let Some(oldest) = attempts.iter().position(|attempt| attempt.view.borrow().stage.is_over()) else { break };
            attempts.remove(oldest);
        }
    }

    pub(crate) fn find(&self, id: &str) -> Option<Arc<Attempt>> {
        self.attempts().iter().find(|attempt| attempt.view.borrow().id == id).cloned()
    }

    /// Gives an answer to an attempt. Only one with its state, and only once, goes further.
    pub(crate) async fn take(self: &Arc<Self>, attempt: &Arc<Attempt>, answer: Answer) -> Taken {
        if !answer.state.as_ref().is_some_and(|state| attempt.is_state(state)) {
            let mut wrong = 0;
            attempt.view.send_modify(|view| {
                view.wrong = view.wrong.saturating_add(1);
                wrong = view.wrong;
            });
            if wrong > WRONG_UNTIL_SLOW {
                tokio::time::sleep(SLOW).await;
            }
            return Taken::Wrong;
        }
        if !attempt.is_waiting() || attempt.taken.swap(true, Ordering::SeqCst) {
            return Taken::Late;
        }
        // A task of its own: the browser may hang up, and a code that was sent must not be lost half-way.
        let (core, attempt) = (Arc::clone(self), Arc::clone(attempt));
        tokio::spawn(async move { complete::complete(&core, &attempt, answer.says).await });
        Taken::Accepted
    }

    /// Gives an attempt up after its time.
    pub(crate) fn limit(self: &Arc<Self>, attempt: &Arc<Attempt>) {
        let (core, attempt) = (Arc::downgrade(self), Arc::downgrade(attempt));
        let lifetime = self.setup.lifetime;
        tokio::spawn(async move {
            tokio::time::sleep(lifetime).await;
            let (Some(core), Some(attempt)) = (core.upgrade(), attempt.upgrade()) else { return };
            if attempt.is_waiting() && !attempt.taken.swap(true, Ordering::SeqCst) {
                let usual = words::timed_out();
                let late = if lifetime == LIFETIME {
                    usual
                } else {
                    Trouble::new(format!("No answer from the browser for {}.", words::duration(lifetime)), usual.hint)
                };
                core.advance(&attempt, Stage::TimedOut(late));
                attempt.close().await;
            }
        });
    }

    async fn give_up(&self, attempt: &Attempt) {
        attempt.taken.store(true, Ordering::SeqCst);
        self.advance(attempt, Stage::Cancelled);
        attempt.close().await;
    }

    /// Ends a waiting attempt for the same connection.
    pub(crate) async fn supersede(&self, plan: &Plan) {
        let earlier: Vec<_> = self
            .attempts()
            .iter()
            .filter(|attempt| {
                let other = &attempt.plan;
                (other.bot, &other.alias, &other.persona) == (plan.bot, &plan.alias, &plan.persona)
                    && !attempt.view.borrow().stage.is_over()
            })
            .cloned()
            .collect();
        for attempt in earlier {
            self.give_up(&attempt).await;
        }
    }

    /// Opens the browser, and notes whether that worked.
    pub(crate) async fn open(&self, attempt: &Attempt) {
        let opener = Arc::clone(&self.setup.opener);
        let Ok(url) = Url::parse(&attempt.view.borrow().url) else { return };
        let opened = tokio::task::spawn_blocking(move || opener(&url)).await;
        let opened = match opened {
            Ok(Ok(())) => true,
            Ok(Err(error)) => {
                tracing::warn!(error, "the browser could not be opened");
                false
            }
            Err(_) => false,
        };
        attempt.view.send_modify(|view| {
            view.opened = opened;
            view.trouble = (!opened).then(words::no_browser);
        });
        self.changed(Change::Attempt(Box::new(attempt.view())));
    }
}

impl Connect {
    /// An attempt as it is now.
    pub fn attempt(&self, id: &str) -> Option<AttemptView> {
        self.0.find(id).map(|attempt| attempt.view())
    }

    /// The attempts of this run, the latest last; older ones that are over are forgotten.
    pub fn attempts(&self) -> Vec<AttemptView> {
        self.0.attempts().iter().map(|attempt| attempt.view()).collect()
    }

    /// Waits until an attempt is over. `None`: there is no such attempt.
    pub async fn finished(&self, id: &str) -> Option<AttemptView> {
        let attempt = self.0.find(id)?;
        Some(attempt.over().await)
    }

    /// Waits until the browser has read how an attempt that is over ended, for some seconds at most. For a program that ends
    /// with its sign-in, and its listener with it.
    pub async fn shown(&self, id: &str) {
        if let Some(attempt) = self.0.find(id) {
            attempt.show().await;
        }
    }

    /// Opens the browser again.
    ///
    /// # Errors
    /// There is no such attempt, or it is over.
    pub async fn reopen(&self, id: &str) -> Result<AttemptView, ConnectError> {
        let attempt = self.0.find(id).filter(|attempt| attempt.is_waiting()).ok_or(ConnectError::NoAttempt)?;
        self.0.open(&attempt).await;
        Ok(attempt.view())
    }

    /// Gives an attempt up and closes its listener. An answer that comes later is refused.
    pub async fn cancel(&self, id: &str) -> Option<AttemptView> {
        let attempt = self.0.find(id)?;
        if attempt.is_waiting() {
            self.0.give_up(&attempt).await;
        }
        Some(attempt.view())
    }

    /// Takes the address that the browser ended at, and gives the attempt at its end.
    ///
    /// # Errors
    /// There is no such attempt, the text is no answer, or it belongs to another sign-in. The attempt waits on.
    pub async fn paste(&self, id: &str, address: &str) -> Result<AttemptView, ConnectError> {
        let attempt = self.0.find(id).ok_or(ConnectError::NoAttempt)?;
        let answer = callback::from_address(address);
        match &answer.says {
            Err(callback::Malformed::NotAnAddress) => {
                return Err(words::not_a_callback().into());
            }
            Err(callback::Malformed::Nothing) => {
                return Err(Trouble::new(
                    "That address holds no answer yet.",
                    "Approve in the browser first, then paste the address that it ends at.",
                )
                .into());
            }
            _ => {}
        }
        match self.0.take(&attempt, answer).await {
            Taken::Accepted => Ok(self.0.closed(&attempt).await),
            Taken::Wrong | Taken::Late => Err(ConnectError::NotOurs),
        }
    }

    /// Takes a deep link that reached the app, and gives the attempt at its end. It is matched by its state and nothing else.
    ///
    /// # Errors
    /// [`ConnectError::NotOurs`]: no sign-in waits for it.
    pub async fn deep_link(&self, url: &str) -> Result<AttemptView, ConnectError> {
        let answer = callback::from_deep_link(url).ok_or(ConnectError::NotOurs)?;
        let waiting: Vec<_> = self.0.attempts().iter().filter(|attempt| attempt.is_waiting()).cloned().collect();
        let state = answer.state.as_ref().ok_or(ConnectError::NotOurs)?;
        // Every one is compared, so that time does not tell which was near.
        let found =
            waiting.iter().fold(None, |found, attempt| if attempt.is_state(state) { Some(attempt) } else { found });
        let attempt = found.ok_or(ConnectError::NotOurs)?;
        match self.0.take(attempt, answer).await {
            Taken::Accepted => Ok(self.0.closed(attempt).await),
            Taken::Wrong | Taken::Late => Err(ConnectError::NotOurs),
        }
    }
}

impl Core {
    /// Waits for the end of an attempt whose answer came another way than by its listener.
    async fn closed(&self, attempt: &Attempt) -> AttemptView {
        let view = attempt.over().await;
        attempt.close().await;
        view
    }
}
