//! The pages that people see. They work without script, with the keyboard, light and dark.

use std::fmt::Write;
use std::sync::LazyLock;

use data_encoding::BASE64;
use sha2::{Digest, Sha256};
use url::{Host, Url};

use crate::faults::{Fault, Lasting};
use crate::people::Person;
use crate::reply::Reply;
use crate::vendors;

/// The product's own colours and sizes, as far as these pages need them.
const STYLE: &str = include_str!("page.css");

static STYLE_HASH: LazyLock<String> = LazyLock::new(|| BASE64.encode(&Sha256::digest(STYLE.as_bytes())));

/// What the consent page shows.
pub(crate) struct Consent<'c> {
    pub(crate) request: &'c str,
    pub(crate) provider: &'c str,
    pub(crate) host: &'c str,
    pub(crate) client: &'c str,
    pub(crate) scopes: &'c [String],
    pub(crate) redirect: &'c str,
    pub(crate) people: &'c [Person],
    pub(crate) chosen: &'c str,
}

/// Who signs in, and to what.
pub(crate) fn consent(shown: &Consent<'_>) -> Reply {
    let provider = escape(shown.provider);
    let mut main = format!(
        "<h1>Sign in to {provider}</h1>\n<p><code>{}</code> asks for access. This is practice: a stand-in on this \
         computer. Nothing here reaches {provider}, and the people are made up.</p>\n",
        escape(shown.client)
    );
    main.push_str("<form method=\"post\" action=\"/practice/consent\">\n");
    hidden(&mut main, "request", shown.request);
    main.push_str("<fieldset><legend>Who signs in</legend>\n");
    for person in shown.people {
        let _ = writeln!(
            main,
            "<label class=\"person\"><input type=\"radio\" name=\"person\" value=\"{id}\"{checked}> <span><b>{name}</b> \
             <small>{email}</small></span></label>",
            id = escape(&person.id),
            checked = if person.id == shown.chosen { " checked" } else { "" },
            name = escape(&person.name),
            email = escape(&person.email),
        );
    }
    main.push_str("</fieldset>\n<h2>What it may do</h2>\n");
    if shown.scopes.is_empty() {
        main.push_str("<p>See who you are. It asked for no scopes.</p>\n");
    } else {
        main.push_str("<ul class=\"scopes\">\n");
        for scope in shown.scopes {
            let words = vendors::words(shown.host, scope).map(|words| format!("{words} ")).unwrap_or_default();
            let _ = writeln!(main, "<li>{words}<code>{}</code></li>", escape(scope));
        }
        main.push_str("</ul>\n");
    }
    main.push_str(
        "<p class=\"buttons\"><button class=\"primary\" name=\"decision\" value=\"allow\">Allow</button> <button \
         name=\"decision\" value=\"deny\">Deny</button></p>\n</form>\n",
    );
    let _ = writeln!(
        main,
        "<p class=\"note\">Plays <code>{}</code>. Goes back to <code>{}</code>.</p>",
        escape(shown.host),
        escape(shown.redirect)
    );
    document(200, &format!("Sign in to {provider}"), &main, &place(shown.redirect))
}

/// What happened, and what to do next.
pub(crate) fn problem(status: u16, what: &str, next: &str) -> Reply {
    let main = format!("<h1>{}</h1>\n<p>{}</p>\n", escape(what), escape(next));
    document(status, "Sign-in cannot go on", &main, "")
}

/// Fields for the app, which the person hands over with a button: the page has no script to do it.
pub(crate) fn form_post(redirect: &str, fields: &[(&str, &str)]) -> Reply {
    let mut main = format!("<h1>Go back to the app</h1>\n<form method=\"post\" action=\"{}\">\n", escape(redirect));
    for (name, value) in fields {
        hidden(&mut main, name, value);
    }
    main.push_str("<p class=\"buttons\"><button class=\"primary\" autofocus>Continue</button></p>\n</form>\n");
    document(200, "Go back to the app", &main, &place(redirect))
}

/// The first page: what this is.
pub(crate) fn index(base: &str, people: &[Person], faults: &[(Fault, Lasting)]) -> Reply {
    let mut main = format!(
        "<h1>Practice providers</h1>\n<p>Patchbay plays Google, Facebook, LinkedIn, Microsoft, Discord, X and any other \
         OAuth server here, so that a bot can be tried without real accounts. A provider's address is played at <code>{}\
         /HOST/PATH</code>.</p>\n<h2>People</h2>\n<ul class=\"scopes\">\n",
        escape(base)
    );
    for person in people {
        let _ = writeln!(main, "<li>{} <small>{}</small></li>", escape(&person.name), escape(&person.email));
    }
    main.push_str("</ul>\n<h2>Faults</h2>\n");
    if faults.is_empty() {
        main.push_str("<p>None is on.</p>\n");
    } else {
        main.push_str("<ul class=\"scopes\">\n");
        for (fault, lasting) in faults {
            let times = match lasting {
                Lasting::Times(1) => " Once more.".to_owned(),
                Lasting::Times(times) => format!(" {times} times more."),
                Lasting::Always | Lasting::Off => String::new(),
            };
            let _ = writeln!(main, "<li><code>{}</code> {}.{times}</li>", fault.name(), fault.label());
        }
        main.push_str("</ul>\n");
    }
    document(200, "Practice providers", &main, "")
}

fn hidden(main: &mut String, name: &str, value: &str) {
    let _ = writeln!(main, "<input type=\"hidden\" name=\"{}\" value=\"{}\">", escape(name), escape(value));
}

/// `target`: the one other place to which a form of the page may lead.
fn document(status: u16, title: &str, main: &str, target: &str) -> Reply {
    let body = format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" \
         content=\"width=device-width\">\n<title>{title} · Practice</title>\n<style>{STYLE}</style>\n</head>\n<body>\n\
         <main>\n<p class=\"chip\">Practice</p>\n{main}</main>\n</body>\n</html>\n"
    );
    // Browsers apply form-action to the redirect that answers a form as well.
    let policy = format!(
        "default-src 'none'; style-src 'sha256-{}'; form-action 'self' {target}; base-uri 'none'; frame-ancestors 'none'",
        *STYLE_HASH
    );
    Reply::new(status, "text/html; charset=utf-8", body).with("content-security-policy", policy)
}

/// An address as a source in a content security policy: its origin, or its scheme where it has none.
fn place(address: &str) -> String {
    let Ok(url) = Url::parse(address) else { return String::new() };
    match url.scheme() {
        // Policies have no way to write an IPv6 address.
        "http" if matches!(url.host(), Some(Host::Ipv6(_))) => "http:".to_owned(),
        "http" | "https" => url.origin().ascii_serialization(),
        other => format!("{other}:"),
    }
}

fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            other => escaped.push(other),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_from_outside_becomes_markup() {
        let shown = Consent {
            request: "r\"><script>",
            provider: "<em>",
            host: "h",
            client: "<img src=x>",
            scopes: &["a&b".to_owned()],
            redirect: "http://127.0.0.1:9/cb?<x>",
            people: &[Person { name: "<i>".to_owned(), ..Person::default() }],
            chosen: "",
        };
        let page = consent(&shown);
        for raw in ["<script>", "<em>", "<img", "<i>", "a&b<", "<x>"] {
            assert!(!page.body.contains(raw), "{raw}: {}", page.body);
        }
        assert!(page.body.contains("<title>Sign in to &lt;em&gt; · Practice</title>"), "{}", page.body);
        let policy = page.headers.iter().find(|(name, _)| *name == "content-security-policy").unwrap();
        assert!(policy.1.contains("form-action 'self' http://127.0.0.1:9;"), "{}", policy.1);
    }

    #[test]
    fn places_of_policies() {
        let check = |address: &str, expect: &str| assert_eq!(place(address), expect);
        check("http://127.0.0.1:8080/cb", "http://127.0.0.1:8080");
        check("http://[::1]:8080/cb", "http:");
        check("patchbay://auth/oauth2/callback", "patchbay:");
        check("https://example.org/a;b", "https://example.org");
    }
}
