use std::ops::Range;

use providers::nearest_word;

use super::map::Map;
use super::url::{UrlFault, check_url};
use super::{OAUTH2_KEYS, Walk, anchor};
use crate::integration::{Field, Flow, Integration, OAuth2};
use crate::tree::Content;

impl<'t> Walk<'t, '_> {
    /// Reads the `oauth2` block, which the generic provider needs and no other has.
    pub(super) fn oauth2(&mut self, entry: &Integration, map: &Map<'t>) -> Option<OAuth2> {
        let needed = entry.provider_id() == "oauth2";
        let Some(pair) = map.get("oauth2") else {
            if needed && !map.mentions("oauth2") && !map.strayed {
                self.found.error(
                    anchor(entry, map),
                    "oauth2-missing",
                    "Provider `oauth2` needs an `oauth2` block.",
                    "Add `oauth2:` with `flow`, `client_id`, `authorize_url` and `token_url` indented below it.",
                );
            }
            return None;
        };
        if !needed && entry.known_provider().is_some() {
            let message = format!(
                "Only provider `oauth2` has an `oauth2` block; `{}` knows its own addresses.",
                entry.provider_id()
            );
            self.found.warning(
                pair.key.clone(),
                "oauth2-not-used",
                message,
                "Remove the block, or write `provider: oauth2`.",
            );
        }
        let value = pair.value.resolve(self.entries)?;
        if !matches!(value.content(), Content::Map(_)) {
            if !map.strayed {
                self.found.error(
                    pair.key.clone(),
                    "oauth2-not-a-map",
                    "`oauth2` holds keys of its own, and none stand below it.",
                    "Write `flow`, `client_id` and the others below it, indented by two spaces more.",
                );
            }
            return None;
        }
        let block = self.map(pair.value, &OAUTH2_KEYS);
        let read = OAuth2 {
            key_range: pair.key.clone(),
            value_range: pair.value.range(),
            flow: self.text_field(&block, "flow"),
            client_id: self.text_field(&block, "client_id"),
            client_secret: self.secret_field(&block),
            authorize_url: self.text_field(&block, "authorize_url"),
            token_url: self.text_field(&block, "token_url"),
        };
        self.flow(&read, &block);
        for field in [&read.authorize_url, &read.token_url].into_iter().flatten() {
            self.address(field);
        }
        Some(read)
    }

    fn flow(&mut self, read: &OAuth2, block: &Map<'t>) {
        let needed: &[&str] = match (&read.flow, read.known_flow()) {
            (_, Some(Flow::AuthCode)) => &["client_id", "authorize_url", "token_url"],
            (_, Some(Flow::ClientCredentials)) => &["client_id", "token_url"],
            (Some(flow), None) => {
                let nearest = nearest_word(&flow.value, ["auth_code", "client_credentials"]);
                let all = || "auth_code, client_credentials".to_owned();
                self.unknown("flow", &flow.value, flow.value_range.clone(), nearest, all);
                &["client_id", "token_url"]
            }
            (None, None) => &["flow", "client_id", "token_url"],
        };
        let missing: Vec<&str> = needed.iter().copied().filter(|key| !block.mentions(key)).collect();
        for key in missing {
            let hint = match key {
                "flow" => {
                    "Add `flow: auth_code` when a person signs in, or `flow: client_credentials` when the bot does."
                }
                "client_id" => "Add the id that the provider gave your app.",
                _ => "Add the address from the provider's documentation.",
            };
            self.found.error(
                read.key_range.clone(),
                "oauth2-key-missing",
                format!("This `oauth2` block has no `{key}`."),
                hint,
            );
        }
    }

    fn address(&mut self, field: &Field) {
        let Err(fault) = check_url(&field.value) else { return };
        let range: Range<usize> = field.value_range.clone();
        match fault {
            UrlFault::NotAnAddress => {
                let hint = "Write a whole address, such as `https://example.com/oauth2/token`.";
                self.found.error(range, "bad-url", "This is no web address.", hint);
            }
            UrlFault::Insecure => self.found.error(
                range,
                "insecure-url",
                "This address is not encrypted: `http` is allowed for this computer only.",
                "Write `https://`.",
            ),
            UrlFault::HasCredentials => {
                let hint = "Remove everything up to the `@`.";
                self.found.error(range, "bad-url", "An address must not hold a user name or password.", hint);
            }
            UrlFault::HasFragment => {
                self.found.error(range, "bad-url", "An address must not have a part after `#`.", "Remove it.");
            }
        }
    }
}
