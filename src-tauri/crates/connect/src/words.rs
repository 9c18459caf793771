//! Sentences for what goes wrong between this computer and a provider: what happened, what to do next. The other party is named;
//! nothing that a provider or a browser sent is ever quoted.

#[cfg(test)]
mod tests;

use std::time::Duration;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use providers::{ErrorHint, Redirect, SignIn};

use crate::trouble::Trouble;

/// What was being done when a provider said no.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Step {
    /// The browser came back with an error.
    Browser,
    /// A code was exchanged for a token.
    Exchange,
    /// A token was refreshed.
    Refresh,
    /// A token was asked for with the client's credentials.
    ClientCredentials,
    /// A token was asked for with a key.
    Key,
    /// The provider was asked who signed in, or anything else with the token.
    Ask,
    /// A sign-in was ended.
    Revoke,
}

/// An error as a provider gave it. The texts decide which sentence fits; they are not shown.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Said<'s> {
    /// The `error` of RFC 6749.
    pub(crate) error: &'s str,
    /// A code of the provider's own.
    pub(crate) code: &'s str,
    /// The explanation.
    pub(crate) text: &'s str,
    /// The status of the answer; 0 for none.
    pub(crate) status: u16,
}

/// What an error means: by the provider's own hints, else by its standard code, else by its status.
pub(crate) fn said(title: &str, way: Option<&SignIn>, step: Step, said: Said<'_>) -> Trouble {
    if is_denial(said.error) && step == Step::Browser {
        return denied(title);
    }
    let hint = |code| way.and_then(|way| way.hint(code, said.text));
    let narrow = [said.code, said.error].into_iter().filter(|code| !code.is_empty()).find_map(hint);
    if let Some(ErrorHint { message, next, .. }) = narrow.or_else(|| hint("")) {
        return Trouble::new(*message, *next);
    }
    standard(title, step, &said).unwrap_or_else(|| by_status(title, step, said.status))
}

/// Whether an error of a callback means that the person said no.
pub(crate) fn is_denial(error: &str) -> bool {
    // The latter two are LinkedIn's.
    ["access_denied", "user_denied", "user_cancelled_login", "user_cancelled_authorize"].contains(&error)
}

fn standard(title: &str, step: Step, said: &Said<'_>) -> Option<Trouble> {
    let text = said.text.to_lowercase();
    if text.contains("redirect_uri") || text.contains("redirect uri") || text.contains("callback url") {
        return Some(callback_unknown(title));
    }
    Some(match said.error {
        "invalid_grant" => invalid_grant(title, step),
        "invalid_client" => Trouble::new(
            format!("{title} does not know this client id, or the client secret does not belong to it."),
            "Copy both again from where the client is registered, then try again.",
        ),
        "unauthorized_client" => Trouble::new(
            format!("{title} does not let this client sign in this way."),
            "Check the kind of client where it is registered.",
        ),
        "invalid_scope" => Trouble::new(
            format!("{title} does not grant a scope of this entry."),
            "Check the spelling of the scope, and what stands between two scopes.",
        ),
        "unsupported_grant_type" | "unsupported_response_type" => Trouble::new(
            format!("{title} does not offer this way to sign in."),
            "Check `flow` and the addresses of the entry.",
        ),
        "invalid_request"
            if text.contains("code_challenge") || text.contains("code_verifier") || text.contains("pkce") =>
        {
            Trouble::new(format!("{title} does not take PKCE."), "Switch PKCE off for this entry, then try again.")
        }
        "invalid_request" => Trouble::new(
            format!("{title} found something wrong with the request."),
            "Check the addresses, the client id and the extra parameters of the entry.",
        ),
        "temporarily_unavailable" | "server_error" | "slow_down" => later(title, step, said.status, None),
        "login_required" | "interaction_required" | "consent_required" | "account_selection_required" => Trouble::new(
            format!("{title} wants the person to answer something in the browser."),
            "Connect again and answer it there.",
        ),
        "invalid_token" => Trouble::new(format!("{title} refused the access token."), "Connect again."),
        "insufficient_scope" => Trouble::new(
            format!("The sign-in at {title} does not cover this."),
            "Add the scope that is missing, then connect again.",
        ),
        _ if is_denial(said.error) => denied(title),
        _ => return None,
    })
}

fn invalid_grant(title: &str, step: Step) -> Trouble {
    match step {
        Step::Browser | Step::Exchange => Trouble::new(
            format!("{title} refused the code: it was used before, came too late, or belongs to another callback URL."),
            "Try again.",
        ),
        Step::Key => Trouble::new(
            format!("{title} refused the key. It was deleted or disabled."),
            "Create a new key and replace this one.",
        ),
        _ => Trouble::new(format!("{title} ended this sign-in: it was revoked, or it expired."), "Connect again."),
    }
}

fn by_status(title: &str, step: Step, status: u16) -> Trouble {
    match (status, step) {
        (429 | 408 | 425 | 500.., _) => later(title, step, status, None),
        (401, Step::Ask) => Trouble::new(format!("{title} refused the access token."), "Connect again."),
        (403, Step::Ask) => Trouble::new(
            format!("The sign-in at {title} does not cover this."),
            "Add the scope that is missing, then connect again.",
        ),
        (401 | 403, _) => Trouble::new(
            format!("{title} refused the client id or the client secret."),
            "Copy both again from where the client is registered, then try again.",
        ),
        (404 | 405 | 410, _) => Trouble::new(
            format!("{title} has nothing at this address."),
            "Check the addresses of the entry, or of the app credentials.",
        ),
        (_, Step::Browser) => {
            Trouble::new(format!("{title} did not connect: it reported an error in the browser."), "Try again.")
        }
        _ => Trouble::new(
            format!("{title} said no in a way that Patchbay does not know."),
            "Open the response to see what it says.",
        ),
    }
}

/// The person said no.
pub(crate) fn denied(title: &str) -> Trouble {
    Trouble::new(
        format!("{title} did not connect: access was declined in the browser."),
        "Try again when you are ready.",
    )
}

/// The attempt ended without an answer.
pub(crate) fn timed_out() -> Trouble {
    Trouble::new("No answer from the browser for 5 min.", "Try again, or paste the callback URL.")
}

/// A callback of another attempt, or after the end of this one.
pub(crate) fn not_ours() -> Trouble {
    Trouble::new("This callback belongs to another sign-in.", "Start again from here.")
}

/// What was pasted is not the callback's address.
pub(crate) fn not_a_callback() -> Trouble {
    Trouble::new(
        "This is not the address that the browser ended at.",
        "Copy the whole address from the browser, with what follows the question mark.",
    )
}

/// A callback that holds contradictions: a parameter twice, a code and an error, too much text.
pub(crate) fn odd_callback(title: &str) -> Trouble {
    Trouble::new(format!("What came back from {title} contradicts itself, so it was not used."), "Try again.")
}

/// The callback names another issuer than the one that was asked (RFC 9207).
pub(crate) fn wrong_issuer(title: &str) -> Trouble {
    Trouble::new(
        format!("The answer does not come from {title}, so it was not used."),
        "Check the addresses of the entry, then try again.",
    )
}

/// The provider compares callback URLs and was not told this one.
pub(crate) fn callback_unknown(title: &str) -> Trouble {
    Trouble::new(
        format!("{title} does not know this callback URL."),
        "Add it where the client is registered, then try again.",
    )
}

/// No port to listen on.
pub(crate) fn ports_taken(ports: &[u16]) -> Trouble {
    let which = match ports {
        [first, .., last] => format!("Ports {first} to {last} are"),
        [port] => format!("Port {port} is"),
        [] => "Every port is".to_owned(),
    };
    Trouble::new(
        format!("{which} in use by other programs."),
        "Choose another port in Preferences and register the new URL.",
    )
}

/// The browser did not open.
pub(crate) fn no_browser() -> Trouble {
    Trouble::new("The browser could not be opened.", "Copy the link and open it yourself.")
}

/// No refresh token came: the sign-in ends at `until`.
pub(crate) fn no_refresh_token(title: &str, until: Option<&str>, way: Option<&SignIn>) -> Trouble {
    let ends = until.map_or("so it is unknown when this sign-in ends".to_owned(), |until| {
        format!("so this sign-in ends at {until}")
    });
    let advice = way.map_or("", |way| way.refresh_advice);
    let next = if advice.is_empty() { "Connect again when it has ended." } else { advice };
    Trouble::new(format!("{title} did not grant a refresh token, {ends}."), next)
}

/// The token ended and cannot be renewed.
pub(crate) fn expired(title: &str) -> Trouble {
    Trouble::new(format!("This sign-in at {title} has expired and cannot renew itself."), "Connect again.")
}

/// A Google sign-in that ended about 7 days after it began.
pub(crate) fn google_testing(title: &str) -> Trouble {
    Trouble::new(
        format!("{title} ended this sign-in after 7 days, which it does while the app's consent screen is in testing."),
        "Publish the app under Audience in the Google Cloud console, then connect again.",
    )
}

/// Another program refreshed and did not finish.
pub(crate) fn interrupted(title: &str) -> Trouble {
    Trouble::new(format!("The refresh of {title} was interrupted, so its sign-in was lost."), "Connect again.")
}

/// The clocks differ: `ahead` seconds, negative when this computer's is behind. `None` when it is too little to matter.
pub(crate) fn clock(ahead: i64) -> Option<Trouble> {
    let off = ahead.unsigned_abs();
    let (side, span) = (if ahead > 0 { "ahead" } else { "behind" }, duration(Duration::from_secs(off)));
    (off >= 60)
        .then(|| Trouble::new(format!("This computer's clock is {span} {side}."), "Set the clock, then try again."))
}

/// Not now. `after` is how long to wait.
pub(crate) fn later(title: &str, step: Step, status: u16, after: Option<Duration>) -> Trouble {
    let message = match status {
        429 => format!("{title} wants fewer requests for now."),
        0 => format!("{title} is not available for now."),
        _ => format!("{title} has a fault of its own for now."),
    };
    let wait =
        after.filter(|after| !after.is_zero()).map_or("later".to_owned(), |after| format!("in {}", duration(after)));
    // Where nothing came of a sign-in yet, there is none to keep.
    let next = match step {
        Step::Browser | Step::Exchange | Step::ClientCredentials | Step::Key => format!("Try again {wait}."),
        Step::Refresh | Step::Ask | Step::Revoke => format!("The sign-in is kept; try again {wait}."),
    };
    Trouble::new(message, next)
}

/// Nobody answered.
pub(crate) fn unreachable(title: &str) -> Trouble {
    Trouble::new(format!("{title} could not be reached."), "Check the network; the sign-in is kept and tried again.")
}

/// An answer that cannot be used. `but` continues "… answered, but ".
pub(crate) fn odd_answer(title: &str, but: &str) -> Trouble {
    Trouble::new(format!("{title} answered, but {but}."), "Check the token URL; open the response to see what came.")
}

/// Addresses changed since the sign-in was approved.
pub(crate) fn origins_changed(title: &str, old: &str, new: &str) -> Trouble {
    Trouble::new(
        format!("The addresses of {title} changed from {old} to {new}, so nothing is sent there."),
        "Confirm the new addresses if you changed them; else undo the change.",
    )
}

/// No client id anywhere.
pub(crate) fn no_client_id(title: &str) -> Trouble {
    Trouble::new(
        format!("There is no client id for {title} yet."),
        "Register a client at the provider and add its id, or connect against practice.",
    )
}

/// The provider does not work without a secret.
pub(crate) fn no_client_secret(title: &str) -> Trouble {
    Trouble::new(
        format!("{title} needs a client secret, and there is none."),
        "Add the secret that belongs to the client id.",
    )
}

/// An address that settings must hold.
pub(crate) fn no_address(title: &str, which: &str) -> Trouble {
    Trouble::new(
        format!("The {which} of {title} is not known."),
        "Add it to the app credentials of the provider in Preferences.",
    )
}

/// Where the callback goes, as one sentence for the form.
pub(crate) fn redirect(title: &str, redirect: Redirect) -> String {
    match redirect {
        Redirect::DeepLink => format!("{title} hands the answer to the app; register this URL as it stands."),
        Redirect::Loopback { fixed_port: true, .. } => {
            format!("{title} compares the whole URL; register each of these.")
        }
        Redirect::Loopback { host: "localhost", .. } => {
            format!("{title} ignores the port; register the URL without it.")
        }
        Redirect::Loopback { .. } => format!("{title} takes any port on this computer; there is nothing to register."),
        Redirect::Paste => {
            format!(
                "{title} takes https addresses only; when the browser ends there, copy its address and paste it here."
            )
        }
    }
}

/// "412 ms", "40 s", "7 min", "3 h", "2 days".
pub(crate) fn duration(span: Duration) -> String {
    let seconds = span.as_secs();
    match seconds {
        0 => format!("{} ms", span.as_millis()),
        1..60 => format!("{seconds} s"),
        60..3_600 => format!("{} min", (seconds + 30) / 60),
        3_600..172_800 => format!("{} h", (seconds + 1_800) / 3_600),
        _ => format!("{} days", (seconds + 43_200) / 86_400),
    }
}

/// "15:01" on the day of `now`, else "12 Nov 2025, 15:01".
pub(crate) fn time(at: Timestamp, now: Timestamp, zone: &TimeZone) -> String {
    let (at, now) = (at.to_zoned(zone.clone()), now.to_zoned(zone.clone()));
    let form = if at.date() == now.date() { "%H:%M" } else { "%-d %b %Y, %H:%M" };
    at.strftime(form).to_string()
}
