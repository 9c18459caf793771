use std::net::SocketAddr;

use http::Method;
use zeroize::Zeroizing;

use super::*;
use crate::{Carried, Cause};

/// The bot `b` may reach router.lan and 192.168.1.1; everything of alias `ok` is approved; practised.example is practised.
struct Fixed {
    practice: Option<SocketAddr>,
}

impl Rules for Fixed {
    fn approved(&self, bot: &str, alias: &str, host: &str) -> bool {
        bot == "b" && alias == "ok" && host != "other.example"
    }
    fn address_approved(&self, bot: &str, host: &str) -> bool {
        bot == "b" && matches!(host, "router.lan" | "192.168.1.1" | "169.254.169.254")
    }
    fn own_ports(&self) -> Vec<u16> {
        vec![47830]
    }
    fn practice(&self) -> Option<SocketAddr> {
        self.practice
    }
    fn is_practised(&self, bot: &str, host: &str) -> bool {
        bot == "b" && host == "practised.example"
    }
}

const RUNS: Fixed = Fixed { practice: Some(SocketAddr::new(IpAddr::V4(std::net::Ipv4Addr::LOCALHOST), 47840)) };
const STOPPED: Fixed = Fixed { practice: None };

fn request(caller: Caller, url: &str) -> Request {
    let cause = Cause { caller, bot: "b".to_owned(), chat: None, place: None, what: "a test".to_owned() };
    Request::new(Method::GET, url.parse().unwrap(), cause)
}

fn carrying(caller: Caller, url: &str, alias: &str, practice: bool) -> Request {
    let value = Zeroizing::new("canary-4711".to_owned());
    let secrets = vec![Carried { alias: alias.to_owned(), value, practice }];
    Request { secrets, ..request(caller, url) }
}

fn routed(request: &Request, rules: &Fixed) -> Result<Route, WireError> {
    route(request, &request.url, rules)
}

#[derive(Debug, PartialEq, Eq)]
enum Verdict {
    Public,
    Near,
    Ask,
    Not(Why),
    Bad,
}
use Verdict::{Ask, Bad, Near, Not, Public};

fn check(caller: Caller, url: &str, expect: Verdict) {
    let verdict = match routed(&request(caller, url), &STOPPED) {
        Ok(Route { reach: Reach::Public, .. }) => Public,
        Ok(Route { reach: Reach::Near, .. }) => Near,
        Err(WireError::AskAddress { .. }) => Ask,
        Err(WireError::Address { why, .. }) => Not(why),
        Err(WireError::BadUrl) => Bad,
        Err(other) => panic!("{url}: {other}"),
    };
    assert_eq!(verdict, expect, "{caller:?} {url}");
}

/// NE-01, the table of callers and addresses.
#[test]
fn ne_01_the_address_policy_of_a_sign_in() {
    for caller in [Caller::OAuth, Caller::Test] {
        check(caller, "https://accounts.example/token", Public);
        check(caller, "https://8.8.8.8/token", Public);
        check(caller, "http://accounts.example/token", Not(Why::PlainHttp));
        check(caller, "http://8.8.8.8/token", Not(Why::PlainHttp));
        for loopback in
            ["127.0.0.1:9", "127.8.8.8", "[::1]:9", "localhost:9", "localhost.", "[::ffff:127.0.0.1]", "2130706433"]
        {
            check(caller, &format!("http://{loopback}/"), Near);
            check(caller, &format!("https://{loopback}/"), Near);
        }
        check(caller, "https://192.168.1.1/", Not(Why::Private));
        check(caller, "https://[fd00::1]/", Not(Why::Private));
    }
}

#[test]
fn ne_01_the_address_policy_of_a_script() {
    check(Caller::Script, "https://api.example/", Public);
    check(Caller::Script, "http://api.example/", Public);
    check(Caller::Script, "http://127.0.0.1:47830/room", Near);
    check(Caller::Script, "http://localhost:47830/room", Near);
    for near in [
        "127.0.0.1:9",
        "0x7f.1",
        "localhost",
        "a.localhost",
        "[::1]",
        "10.0.0.1",
        "192.168.1.2",
        "[fd12::1]",
        "[64:ff9b::a00:1]",
    ] {
        check(Caller::Script, &format!("http://{near}/"), Ask);
    }
    check(Caller::Script, "http://192.168.1.1/", Near);
    check(Caller::Script, "http://router.lan/", Near);
    // The answer holds for this port only, and Patchbay's ports are nobody else's on another host.
    check(Caller::Script, "http://192.168.1.1:8080/", Ask);
    check(Caller::Script, "http://192.168.1.2:47830/", Ask);
}

#[test]
fn ne_01_what_nobody_may_reach() {
    for caller in [Caller::OAuth, Caller::Test, Caller::Script] {
        for (host, why) in [
            ("169.254.169.254", Why::Metadata),
            ("[::ffff:169.254.169.254]", Why::Metadata),
            ("[::ffff:a9fe:a9fe]", Why::Metadata),
            ("[64:ff9b::a9fe:a9fe]", Why::Metadata),
            ("[2002:a9fe:a9fe::1]", Why::Metadata),
            ("[fd00:ec2::254]", Why::Metadata),
            ("0xa9fea9fe", Why::Metadata),
            ("metadata.google.internal", Why::Metadata),
            ("METADATA.google.internal.", Why::Metadata),
            ("169.254.1.1", Why::LinkLocal),
            ("[fe80::1]", Why::LinkLocal),
            ("0.0.0.0", Why::NotOne),
            ("[::]", Why::NotOne),
            ("224.0.0.1", Why::NotOne),
            ("[ff02::1]", Why::NotOne),
            ("255.255.255.255", Why::NotOne),
        ] {
            check(caller, &format!("https://{host}/"), Not(why));
        }
        check(caller, "https://user@api.example/", Bad);
        check(caller, "https://:word@api.example/", Bad);
        check(caller, "ftp://api.example/", Bad);
        check(caller, "file:///etc/passwd", Bad);
        check(caller, "data:,x", Bad);
    }
}

#[test]
fn sends_no_secret_without_encryption() {
    let plain = routed(&carrying(Caller::Script, "http://api.example/", "ok", false), &RUNS);
    assert_eq!(plain, Err(WireError::Address { host: "api.example".to_owned(), why: Why::PlainHttp }));
    assert!(routed(&carrying(Caller::Script, "https://api.example/", "ok", false), &RUNS).is_ok());
    assert!(routed(&carrying(Caller::Script, "http://router.lan/", "ok", false), &RUNS).is_ok());
}

#[test]
fn asks_for_every_alias_whether_it_is_approved() {
    let check = |request: Request, expect: Option<(&str, &str)>| {
        let expect =
            expect.map(|(alias, host)| WireError::NotApproved { alias: alias.to_owned(), host: host.to_owned() });
        assert_eq!(routed(&request, &RUNS).err(), expect, "{}", request.url);
    };
    let aliases = |url: &str, aliases: &[&str]| Request {
        aliases: aliases.iter().map(|alias| (*alias).to_owned()).collect(),
        ..request(Caller::Script, url)
    };
    check(aliases("https://api.example/", &["ok"]), None);
    check(aliases("https://api.example/", &["ok", "new"]), Some(("new", "api.example")));
    check(aliases("https://other.example:8443/", &["ok"]), None);
    check(aliases("https://other.example:443/", &["ok"]), Some(("ok", "other.example")));
    // A pair is asked for by the provider's own host, also when practice plays it.
    check(aliases("https://practised.example/", &["new"]), Some(("new", "practised.example")));
    // The text of a secret needs the approval too; a sign-in needs none.
    check(carrying(Caller::Script, "https://api.example/", "new", false), Some(("new", "api.example")));
    check(carrying(Caller::OAuth, "https://api.example/", "new", false), None);
}

#[test]
fn keeps_practice_and_real_apart() {
    let check = |request: Request, rules: &Fixed, expect: Result<&str, WireError>| {
        let went = routed(&request, rules).map(|route| format!("{} {}", route.practice, route.url));
        assert_eq!(went, expect.map(str::to_owned), "{}", request.url);
    };
    let host = |host: &str| host.to_owned();
    let at = "true http://127.0.0.1:47840/practised.example/a?b=c";
    let practised = "https://practised.example/a?b=c";
    let played = "http://127.0.0.1:47840/practised.example/a?b=c";
    for caller in [Caller::OAuth, Caller::Script] {
        check(request(caller, practised), &RUNS, Ok(at));
        check(request(caller, played), &RUNS, Ok(at));
        check(carrying(caller, practised, "ok", true), &RUNS, Ok(at));
        check(carrying(caller, played, "ok", true), &RUNS, Ok(at));
        // The token decides: hosts that a provider's table leaves out are played too.
        check(
            carrying(caller, "https://media.example/x", "ok", true),
            &RUNS,
            Ok("true http://127.0.0.1:47840/media.example/x"),
        );
        let real = WireError::RealTokenToPractice { alias: host("ok"), host: host("practised.example") };
        check(carrying(caller, practised, "ok", false), &RUNS, Err(real.clone()));
        check(carrying(caller, played, "ok", false), &RUNS, Err(real));
        let stopped = WireError::PracticeStopped { host: host("practised.example") };
        check(carrying(caller, practised, "ok", true), &STOPPED, Err(stopped));
        for near in ["127.0.0.1:47830", "192.168.1.1", "localhost:1", "169.254.169.254"] {
            let elsewhere = WireError::PracticeTokenElsewhere { alias: host("ok"), host: host(near) };
            check(carrying(caller, &format!("http://{near}/"), "ok", true), &RUNS, Err(elsewhere));
        }
    }
}
