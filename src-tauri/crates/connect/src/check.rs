//! Checks that a person asks for: does the connection work, are client id and secret right.

use std::time::Instant;

use jiff::Timestamp;
use wire::Caller;

use crate::entry::{Entry, Flow};
use crate::facts::Facts;
use crate::http::Failure;
use crate::mint;
use crate::normalise::Refused;
use crate::plan::Plan;
use crate::refresh::{Renewed, Wish, renew, renews};
use crate::start::{fixed_redirect, loopback, usual_way};
use crate::token_request::{self, Proof};
use crate::tokens::{Live, Missing, live};
use crate::trouble::Trouble;
use crate::userinfo::{self, Who};
use crate::words::Step;
use crate::{Connect, Core, Way, explain, state};

/// What testing a connection told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tested {
    /// Whether it works.
    pub ok: bool,
    /// What happened.
    pub message: String,
    /// What to do next; may be empty.
    pub hint: String,
    /// When.
    pub at: Timestamp,
    /// How long it took, in milliseconds.
    pub ms: u64,
}

/// What checking client id and secret told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checked {
    /// The verdict.
    pub verdict: Verdict,
    /// What happened, and what to do next.
    pub trouble: Trouble,
}

/// Whether a client is known to the provider.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Id and secret are right.
    Right,
    /// One of them is wrong.
    Wrong,
    /// The provider does not tell.
    Unknown,
}

impl Connect {
    /// Tests a connection with a real request: who signed in, else a new token. The result is kept as the last one.
    pub async fn test(&self, entry: &Entry, id: &str) -> Tested {
        let (core, started) = (&self.0, Instant::now());
        let outcome = if mint::is_key(entry) {
            mint::mint(core, entry, id, true)
                .await
                .map(|_| format!("{} gave a token.", entry.title))
                .map_err(|error| error.trouble())
        } else {
            probe(self, entry, id).await
        };
        let at = core.now();
        let ms = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
        let (ok, trouble) = match outcome {
            Ok(message) => (true, Trouble::new(message, "")),
            Err(trouble) => (false, trouble),
        };
        note(core, entry, id, ok, &trouble, at).await;
        Tested { ok, message: trouble.message, hint: trouble.hint, at, ms }
    }

    /// Checks client id and secret without anybody signing in: the token endpoint is given a code that cannot be right. A
    /// provider that complains of the code took the client. In the flow of client credentials a token is fetched and dropped.
    pub async fn check_credentials(&self, entry: &Entry) -> Checked {
        let core = &self.0;
        let plan = match Plan::ready(entry, &core.setup.ports) {
            Ok(plan) => plan,
            Err(trouble) => return Checked { verdict: Verdict::Wrong, trouble },
        };
        if let Err(error) = state::check_origins(core, &plan).await {
            return Checked { verdict: Verdict::Unknown, trouble: error.trouble() };
        }
        if plan.sign_in.protocol == providers::Protocol::OAuth1 {
            return check_signed(core, &plan).await;
        }
        let (code, verifier) = (core.random(), core.random());
        let redirect = redirect(&plan, &core.setup.ports);
        let proof = match plan.flow {
            Flow::ClientCredentials => Proof::Client,
            Flow::AuthCode => {
                Proof::Code { code: &code, redirect: &redirect, verifier: plan.pkce.then_some(verifier.as_str()) }
            }
        };
        let answer = token_request::tokens(core, &plan, proof, None).await;
        let failure = match answer.result {
            Ok(_) => return right(&plan),
            Err(failure) => failure,
        };
        match judge(&failure) {
            Verdict::Right => right(&plan),
            verdict => Checked { verdict, trouble: explain::failure(&plan, Step::Exchange, &failure) },
        }
    }
}

/// What the complaint about a wrong code tells of the client.
fn judge(failure: &Failure) -> Verdict {
    let Failure::Refused(Refused::Said(said)) = failure else { return Verdict::Unknown };
    let (code, text) = (said.code.as_deref().unwrap_or(""), said.text.as_deref().unwrap_or("").to_lowercase());
    match (said.error.as_str(), code) {
        // Microsoft says `invalid_request` or `invalid_grant` to a wrong code, and `invalid_client` or a number to a wrong client.
        (_, "AADSTS700016" | "AADSTS7000215" | "AADSTS7000222" | "AADSTS7000218" | "AADSTS700025") => Verdict::Wrong,
        (_, code) if code.starts_with("AADSTS9002313") || code.starts_with("AADSTS70000") => Verdict::Right,
        ("invalid_grant", _) => Verdict::Right,
        ("invalid_client" | "unauthorized_client" | "deleted_client", _) => Verdict::Wrong,
        // Facebook numbers its complaints: 1 is the secret, 101 the app, 100 the code.
        ("OAuthException", "1" | "101") => Verdict::Wrong,
        ("OAuthException", "100") if text.contains("code") => Verdict::Right,
        _ => Verdict::Unknown,
    }
}

fn right(plan: &Plan) -> Checked {
    let what = if plan.client_secret.is_some() { "client id and the client secret" } else { "client id" };
    Checked { verdict: Verdict::Right, trouble: Trouble::new(format!("{} knows the {what}.", plan.party), "") }
}

async fn check_signed(core: &Core, plan: &Plan) -> Checked {
    let redirect = redirect(plan, &core.setup.ports);
    match crate::request_token::request_token(core, plan, &redirect, &core.random()).await {
        Ok(_) => right(plan),
        Err(error) => Checked { verdict: Verdict::Unknown, trouble: error.trouble() },
    }
}

/// A callback address that is registered, as far as can be told.
fn redirect(plan: &Plan, fixed: &[u16]) -> String {
    match usual_way(plan) {
        Way::Loopback => {
            let (host, ports) = loopback(plan, fixed);
            let host = if host.contains(':') { format!("[{host}]") } else { host };
            let port = ports.first().map_or(String::new(), |port| format!(":{port}"));
            format!("http://{host}{port}{}", plan.path)
        }
        way => fixed_redirect(plan, way),
    }
}

async fn probe(connect: &Connect, entry: &Entry, id: &str) -> Result<String, Trouble> {
    let core = &connect.0;
    let (plan, _) = Plan::of(entry, &core.setup.ports)?;
    let Live { connection, grant, note } = live(core, entry, id).await.map_err(|missing| match missing {
        Missing::Gone => Trouble::new("There is no token with this id.", "Connect first."),
        Missing::Store(error) => explain::split(&error.to_string()),
    })?;
    let over = || Trouble::new(format!("{} has no token that works.", plan.title), "Connect again.");
    let Some(mut grant) = grant else { return Err(note.unwrap_or_else(over)) };
    for again in [false, true] {
        let failure = match userinfo::who(core, &plan, &grant, Caller::Test).await {
            Some(Ok(who)) => return Ok(known(core, &connection, &plan, who).await),
            Some(Err(failure)) => Some(failure),
            None => None,
        };
        // A token that the provider no longer takes may have been revoked alone; and without an address to ask, a new token is
        // the cheapest real answer.
        let refused = failure.as_ref().is_none_or(|failure| failure.error() == Some("invalid_token"));
        if again || !refused || !renews(&plan, &grant) {
            return match failure {
                Some(failure) => Err(explain::failure(&plan, Step::Ask, &failure)),
                None => Ok(format!("{} has a token; {} offers no way to test it.", plan.title, plan.party)),
            };
        }
        let version = connection.version;
        match renew(core, &plan, id, Wish::NewerThan(version)).await {
            Ok(Renewed::Fresh(_)) if failure.is_none() => return Ok(format!("{} gave a new token.", plan.party)),
            Ok(Renewed::Fresh(new)) => grant = *new,
            Ok(Renewed::Failed { trouble, .. }) => return Err(trouble),
            Ok(Renewed::Gone) => return Err(over()),
            Err(error) => return Err(explain::split(&error.to_string())),
        }
    }
    Err(over())
}

/// Keeps what the provider says of the account now.
async fn known(core: &Core, connection: &store::Connection, plan: &Plan, who: Who) -> String {
    let name = who.person.info.name.clone().or_else(|| who.person.info.email.clone());
    let (bot, id) = (plan.bot, connection.id.clone());
    let kept = core
        .store(move |store| {
            let Some(connection) = store.connection(bot, &id)? else { return Ok(false) };
            let mut facts = Facts::read(&connection.facts);
            (facts.who, facts.raw) = (who.person.info, who.raw);
            store.set_facts(bot, &id, &facts.write())
        })
        .await;
    if let Err(error) = kept {
        tracing::debug!(%error, "who signed in was not kept");
    }
    match name {
        Some(name) => format!("{} answered: signed in as {name}.", plan.party),
        None => format!("{} answered.", plan.party),
    }
}

async fn note(core: &Core, entry: &Entry, id: &str, ok: bool, trouble: &Trouble, at: Timestamp) {
    let (bot, id, trouble, alias) = (entry.bot, id.to_owned(), trouble.clone(), entry.alias.clone());
    let kept = core
        .store(move |store| {
            let Some(connection) = store.connection(bot, &id)?.filter(|found| found.alias == alias) else {
                return Ok(false);
            };
            let mut facts = Facts::read(&connection.facts);
            facts.note(ok, &trouble.message, &trouble.hint, at);
            store.set_facts(bot, &id, &facts.write())
        })
        .await;
    match kept {
        Ok(true) => core.connection_changed(entry.bot, &entry.alias, entry.persona.as_deref()),
        Ok(false) => {}
        Err(error) => tracing::debug!(%error, "the result of a test was not kept"),
    }
}
