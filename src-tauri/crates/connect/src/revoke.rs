//! The end of a connection: deleted here at once, and revoked at the provider where it offers that.

use std::time::Duration;

use http::Method;
use providers::Revoke;
use store::BotId;
use url::Url;
use wire::{Caller, Response, WireError};
use zeroize::Zeroizing;

use crate::client_auth::{self, Style};
use crate::entry::Entry;
use crate::grant::Grant;
use crate::http::{Call, Form, send};
use crate::plan::{Plan, UID};
use crate::request_token::signed;
use crate::words::{self, Said, Step};
use crate::{Connect, ConnectError, Core, explain};

/// Deleting here never waits longer for the provider.
const TIMEOUT: Duration = Duration::from_secs(10);

/// What became of a connection that was to be deleted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deleted {
    /// Whether it was there.
    pub existed: bool,
    /// Whether the provider was told.
    pub revoked: Revoked,
}

/// Whether a provider ended a sign-in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Revoked {
    /// It did.
    Done,
    /// It has no way for that.
    NotOffered {
        /// Where the person can end it, as a sentence; may be empty.
        instead: String,
    },
    /// It was asked and did not, or could not be asked. The connection is gone from here all the same.
    Failed {
        /// Why, as a sentence.
        why: String,
    },
}

impl Connect {
    /// Deletes a connection, then revokes its tokens at the provider, for at most some seconds. Without an entry, or if its
    /// addresses changed, nothing is sent. `existed` is false the second time.
    ///
    /// # Errors
    /// The store failed; nothing was deleted.
    pub async fn delete_token(&self, entry: Option<&Entry>, bot: BotId, id: &str) -> Result<Deleted, ConnectError> {
        let core = &self.0;
        let wanted = id.to_owned();
        // A locked vault keeps nobody from deleting.
        let (found, grant) = core
            .store(move |store| {
                let Some(found) = store.connection(bot, &wanted)? else { return Ok((None, None)) };
                let grant = store.grant(bot, &wanted).ok().flatten().and_then(|(_, grant)| Grant::read(&grant));
                Ok((store.delete_connection(bot, &wanted)?.then_some(found), grant))
            })
            .await?;
        let Some(found) = found else {
            return Ok(Deleted { existed: false, revoked: Revoked::NotOffered { instead: String::new() } });
        };
        core.connection_changed(bot, &found.alias, found.persona.as_deref());
        let plan = entry
            .filter(|entry| entry.bot == bot && entry.alias == found.alias)
            .and_then(|entry| Plan::of(entry, &core.setup.ports).ok());
        let revoked = match (plan, grant) {
            (Some((plan, _)), Some(grant)) => {
                let told = revoke(core, &plan, &grant).await;
                if let Revoked::Failed { why } = &told {
                    tracing::info!(alias = found.alias, why, "not revoked");
                }
                told
            }
            (None, _) => Revoked::NotOffered { instead: String::new() },
            (_, None) => Revoked::Failed { why: "The vault is locked, so the provider was not told.".into() },
        };
        Ok(Deleted { existed: true, revoked })
    }
}

/// Tells the provider: the refresh token first, then the access token (RFC 7009 section 2.1).
pub(crate) async fn revoke(core: &Core, plan: &Plan, grant: &Grant) -> Revoked {
    if grant.practice != plan.practice.is_some() || grant.origins != plan.origins() {
        let why = format!("The addresses of {} changed since it was connected, so nothing was sent.", plan.party);
        return Revoked::Failed { why };
    }
    let tokens: Vec<_> = [(&grant.refresh_token, "refresh_token"), (&grant.access_token, "access_token")]
        .into_iter()
        .filter_map(|(token, hint)| token.as_ref().map(|token| (token, hint)))
        .collect();
    match (plan.sign_in.revoke, &plan.revoke) {
        (Revoke::Delete { .. }, _) => delete(core, plan, grant).await,
        (Revoke::Signed { .. }, Some(url)) => {
            let pair = grant.access_token.clone().zip(grant.token_secret.clone());
            let sent = signed(core, plan, Method::POST, url, &[], pair.as_ref(), Vec::new(), "revocation").await;
            judge(plan, sent)
        }
        (Revoke::Form { client, ends_all, .. }, Some(url)) => {
            let mut last = Revoked::NotOffered { instead: String::new() };
            for (token, hint) in tokens {
                last = form(core, plan, url, token, hint, client).await;
                if ends_all || matches!(last, Revoked::Failed { .. }) {
                    break;
                }
            }
            last
        }
        // An entry may name its own address where the provider has none.
        (Revoke::None { .. }, Some(url)) => {
            let mut last = Revoked::NotOffered { instead: String::new() };
            for (token, hint) in tokens {
                last = form(core, plan, url, token, hint, true).await;
            }
            last
        }
        (Revoke::None { instead }, None) => Revoked::NotOffered { instead: instead.into() },
        (Revoke::Form { .. } | Revoke::Signed { .. }, None) => Revoked::NotOffered { instead: String::new() },
    }
}

async fn form(core: &Core, plan: &Plan, url: &Url, token: &Zeroizing<String>, hint: &str, client: bool) -> Revoked {
    let mut styles = if client { client_auth::styles(plan, None) } else { vec![Style::None] }.into_iter();
    let mut style = styles.next().unwrap_or(Style::None);
    loop {
        let mut form: Form =
            vec![("token".into(), token.clone()), ("token_type_hint".into(), Zeroizing::new(hint.to_owned()))];
        let mut headers = Vec::new();
        if client {
            client_auth::dress(style, plan, &mut headers, &mut form);
        }
        let call = Call {
            method: Method::POST,
            url,
            headers,
            form: Some(&form),
            what: "revocation",
            caller: Caller::OAuth,
            secrets: vec![token.clone()],
            timeout: TIMEOUT,
        };
        let sent = send(core, &plan.asker(), call).await;
        let unknown = sent.as_ref().is_ok_and(|response| response.status == 401);
        match styles.next().filter(|_| unknown) {
            Some(next) => style = next,
            None => return judge(plan, sent),
        }
    }
}

async fn delete(core: &Core, plan: &Plan, grant: &Grant) -> Revoked {
    let (Some(uid), Some(token)) = (&grant.uid, &grant.access_token) else {
        return Revoked::Failed { why: format!("It is not known which account of {} signed in.", plan.party) };
    };
    let plain = uid.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-'));
    let url = plan.revoke_account.as_ref().and_then(|url| Url::parse(&url.replace(UID, uid)).ok());
    let Some(url) = url.filter(|_| plain) else {
        return Revoked::Failed { why: format!("The account of {} has an id that cannot be asked for.", plan.party) };
    };
    let call = Call {
        method: Method::DELETE,
        url: &url,
        headers: vec![("Authorization".into(), format!("Bearer {}", token.as_str()))],
        form: None,
        what: "revocation",
        caller: Caller::OAuth,
        secrets: vec![token.clone()],
        timeout: TIMEOUT,
    };
    judge(plan, send(core, &plan.asker(), call).await)
}

/// 200 is all that RFC 7009 section 2.2 asks for; an unknown token is as good as revoked.
fn judge(plan: &Plan, sent: Result<Response, WireError>) -> Revoked {
    match sent {
        Ok(response) if (200..300).contains(&response.status) => Revoked::Done,
        Ok(response) => {
            let said = Said { status: response.status, ..Said::default() };
            Revoked::Failed { why: words::said(&plan.party, Some(plan.sign_in), Step::Revoke, said).message }
        }
        Err(error) => Revoked::Failed { why: explain::split(&error.to_string()).message },
    }
}
