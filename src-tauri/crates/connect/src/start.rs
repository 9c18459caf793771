//! The beginning of a sign-in: listen first, then open the browser.

use std::sync::Arc;

use providers::{HOSTED_CALLBACK, Protocol};
use store::{LockReason, StoreError, Unlock, VaultState};
use url::Url;

use crate::attempt::{Attempt, AttemptView, Stage, Way};
use crate::entry::{Entry, Flow};
use crate::listener;
use crate::plan::{self, Plan, Route};
use crate::state;
use crate::trouble::Trouble;
use crate::{Change, Connect, ConnectError, Core, request_token, token_request, words};

impl Connect {
    /// Starts a sign-in; an earlier one for the same connection is cancelled. The listener is ready before the browser is opened.
    /// If the browser cannot be opened, the attempt waits all the same, with `opened: false`.
    ///
    /// # Errors
    /// Something is missing, the ports are taken, the addresses changed since the last sign-in, or, in OAuth 1.0a, the provider
    /// refused the first request.
    pub async fn start(&self, entry: Entry, way: Option<Way>) -> Result<AttemptView, ConnectError> {
        let core = &self.0;
        let plan = Plan::ready(&entry, &core.setup.ports)?;
        drop(entry);
        if plan.flow == Flow::ClientCredentials {
            return Err(Trouble::new(format!("{} needs no browser.", plan.title), "Fetch its token instead.").into());
        }
        let way = way.unwrap_or_else(|| usual_way(&plan));
        check_way(&plan, way)?;
        state::check_origins(core, &plan).await?;
        check_vault(core).await?;
        core.supersede(&plan).await;

        let bound = match way {
            Way::Loopback => {
                let (host, ports) = loopback(&plan, &core.setup.ports);
                Some(listener::bind(&plan, &host, &ports).await.map_err(|error| taken(&ports, &error))?)
            }
            Way::DeepLink | Way::Paste => None,
        };
        let redirect = bound.as_ref().map_or_else(|| fixed_redirect(&plan, way), |bound| bound.redirect.clone());
        let state = core.random();
        let verifier = plan.pkce.then(|| core.random());
        let unusable =
            || Trouble::new(format!("The authorize URL of {} is not usable.", plan.party), "Check it in the manifest.");
        let (url, first) = match plan.sign_in.protocol {
            Protocol::OAuth2 => {
                let verifier = verifier.as_ref().map(|verifier| verifier.as_str());
                (token_request::authorize_url(&plan, &redirect, &state, verifier).ok_or_else(unusable)?, None)
            }
            Protocol::OAuth1 => {
                let (url, token) = request_token::request_token(core, &plan, &redirect, &state).await?;
                (url, Some(token))
            }
        };
        let url = plan.played(&url);
        check_url(&url).then_some(()).ok_or_else(unusable)?;

        let now = core.now();
        let view = AttemptView {
            id: uuid::Uuid::new_v4().simple().to_string(),
            bot: plan.bot,
            alias: plan.alias.clone(),
            persona: plan.persona.clone(),
            provider: plan.provider.id.to_owned(),
            title: plan.title.clone(),
            party: plan.party.clone(),
            way,
            url: url.into(),
            redirect_uri: redirect,
            opened: false,
            trouble: None,
            practice: plan.practice.is_some(),
            started_at: now,
            expires_at: now.checked_add(core.setup.lifetime).unwrap_or(now),
            stage: Stage::Waiting,
            wrong: 0,
        };
        let attempt = Arc::new(Attempt::new(plan, state, verifier, view));
        *attempt.request_token.lock().unwrap_or_else(std::sync::PoisonError::into_inner) = first;
        if let Some(bound) = bound {
            bound.serve(core, &attempt);
        }
        core.remember(&attempt);
        core.limit(&attempt);
        core.changed(Change::Attempt(Box::new(attempt.view())));
        core.open(&attempt).await;
        Ok(attempt.view())
    }
}

/// A sign-in whose tokens cannot be kept would be lost, so the vault is opened before anybody is sent to the browser.
async fn check_vault(core: &Core) -> Result<(), ConnectError> {
    let opened = core.store(|store| match store.vault().state {
        VaultState::Unlocked => Ok(()),
        VaultState::Locked(LockReason::NotTried) => store.unlock(Unlock::Keychain),
        VaultState::Locked(reason) => Err(StoreError::VaultLocked(reason)),
        VaultState::Absent => Err(StoreError::VaultAbsent),
        VaultState::Unusable(reason) => Err(StoreError::VaultUnusable(reason)),
    });
    Ok(opened.await?)
}

/// The way that the provider takes.
pub(crate) fn usual_way(plan: &Plan) -> Way {
    match plan.route {
        Route::DeepLink => Way::DeepLink,
        Route::Loopback { .. } => Way::Loopback,
        Route::Paste => Way::Paste,
    }
}

/// The host and ports of a listener; for entries whose usual way is another, the ports that were registered.
pub(crate) fn loopback(plan: &Plan, fixed: &[u16]) -> (String, Vec<u16>) {
    match &plan.route {
        Route::Loopback { host, ports } => (host.clone(), ports.clone()),
        _ if plan.practice.is_some() => ("127.0.0.1".into(), Vec::new()),
        _ => ("127.0.0.1".into(), fixed.to_vec()),
    }
}

/// The callback address of a way without a listener.
pub(crate) fn fixed_redirect(plan: &Plan, way: Way) -> String {
    match way {
        Way::DeepLink => providers::DEEP_LINK_CALLBACK.to_owned(),
        Way::Paste => HOSTED_CALLBACK.to_owned(),
        // Where it goes is known once the port is bound.
        Way::Loopback => format!("http://127.0.0.1{}", plan.path),
    }
}

/// Any program can register for a deep link, so what comes by one must be useless to others: bound to this attempt by PKCE, or
/// to this client by its secret.
pub(crate) fn check_way(plan: &Plan, way: Way) -> Result<(), Trouble> {
    let bound = plan.pkce || plan.client_secret.is_some();
    if way == Way::DeepLink && !bound {
        return Err(Trouble::new(
            format!("A code for {} could be used by another program that takes the link.", plan.title),
            "Turn PKCE on, fill in a client secret, or use a callback on this computer.",
        ));
    }
    Ok(())
}

/// An address that may be handed to the operating system, which opens anything.
fn check_url(url: &Url) -> bool {
    url.as_str().len() <= 16 * 1024 && plan::endpoint(url.as_str()).is_some()
}

fn taken(ports: &[u16], error: &std::io::Error) -> ConnectError {
    tracing::warn!(%error, "no port for a sign-in");
    ConnectError::PortsTaken(words::ports_taken(ports))
}
