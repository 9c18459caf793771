use super::*;

const FORM: &str = "https://api.twitter.com/1.1/statuses/update.json?include_entities=true";

fn url(text: &str) -> Url {
    Url::parse(text).unwrap()
}

/// The example of RFC 5849 section 3.4.1.
#[test]
fn base_string_of_the_rfc() {
    let oauth = [
        ("oauth_consumer_key", "9djdj82h48djs9d2"),
        ("oauth_token", "kkk9d7dh3k39sjv7"),
        ("oauth_signature_method", "HMAC-SHA1"),
        ("oauth_timestamp", "137131201"),
        ("oauth_nonce", "7d8f3e4a"),
    ];
    let base = base_string(
        "post",
        &url("http://EXAMPLE.COM:80/request?b5=%3D%253D&a3=a&c%40=&a2=r%20b"),
        &oauth,
        &[("c2", ""), ("a3", "2 q")],
    );
    assert_eq!(
        base.as_str(),
        "POST&http%3A%2F%2Fexample.com%2Frequest&a2%3Dr%2520b%26a3%3D2%2520q%26a3%3Da%26b5%3D%253D%25253D%26c%2540%3D%26c2%3D\
         %26oauth_consumer_key%3D9djdj82h48djs9d2%26oauth_nonce%3D7d8f3e4a%26oauth_signature_method%3DHMAC-SHA1\
         %26oauth_timestamp%3D137131201%26oauth_token%3Dkkk9d7dh3k39sjv7"
    );
}

/// The requests of RFC 5849 section 1.2 that are signed with HMAC-SHA1.
#[test]
fn signatures_of_the_rfc() {
    let check = |method: &str, address: &str, oauth: &[(&str, &str)], token_secret: &str, expect: &str| {
        let mut all = vec![("oauth_consumer_key", "dpf43f3p2l4k3l03"), ("oauth_signature_method", "HMAC-SHA1")];
        all.extend_from_slice(oauth);
        let base = base_string(method, &url(address), &all, &[]);
        assert_eq!(sign(&base, "kd94hf93k423kf44", token_secret), expect, "{}", *base);
    };
    check(
        "POST",
        "https://photos.example.net/initiate",
        &[
            ("oauth_timestamp", "137131200"),
            ("oauth_nonce", "wIjqoS"),
            ("oauth_callback", "http://printer.example.com/ready"),
        ],
        "",
        "74KNZJeDHnMBp0EMJ9ZHt/XKycU=",
    );
    check(
        "POST",
        "https://photos.example.net/token",
        &[
            ("oauth_token", "hh5s93j4hdidpola"),
            ("oauth_timestamp", "137131201"),
            ("oauth_nonce", "walatlh"),
            ("oauth_verifier", "hfdp7dh39dks9884"),
        ],
        "hdhd0244k9j7ao03",
        "gKgrFCywp7rO0OXSjdot/IHF7IU=",
    );
    check(
        "GET",
        "http://photos.example.net/photos?file=vacation.jpg&size=original",
        &[("oauth_token", "nnch734d00sl2jdk"), ("oauth_timestamp", "137131202"), ("oauth_nonce", "chapoH")],
        "pfkkdhi9sl3r4s00",
        "MdpQcU8iPSUjWoN/UDMsK2sui9I=",
    );
}

/// The request of X's page "Creating a signature".
fn published(url: &Url) -> Request<'_> {
    Request {
        method: "POST",
        url,
        form: &[("status", "Hello Ladies + Gentlemen, a signed OAuth request!")],
        oauth: &[],
        nonce: "kYjzVBB8Y0ZFabxSWbWovY3uYSQ2pTgmZeNu2VS4cg",
        timestamp: 1_318_622_958,
    }
}

const KEYS: Keys<'_> = Keys {
    consumer_key: "xvz1evFS4wEEPTGEFPHBog",
    consumer_secret: "kAcSOqF21Fu85e7zjz7ZN2U4ZRhfV3WpwPAoE3Z7kBw",
    token: Some(("370773112-GmHxMAgYyLbNEtIKZeRNFsMKPR9EyMZeS9weJAEb", "LswwdoUaIvS8ltyTt5jkRh4J50vUPVVHtR2YPi5kE")),
};

#[test]
fn header_of_the_published_example() {
    let url = url(FORM);
    assert_eq!(
        header(&published(&url), &KEYS).as_str(),
        "OAuth oauth_consumer_key=\"xvz1evFS4wEEPTGEFPHBog\", \
         oauth_nonce=\"kYjzVBB8Y0ZFabxSWbWovY3uYSQ2pTgmZeNu2VS4cg\", \
         oauth_signature=\"hCtSmYh%2BiHYCEqBWrE7C7hYmtUk%3D\", oauth_signature_method=\"HMAC-SHA1\", \
         oauth_timestamp=\"1318622958\", oauth_token=\"370773112-GmHxMAgYyLbNEtIKZeRNFsMKPR9EyMZeS9weJAEb\", \
         oauth_version=\"1.0\""
    );
}

#[test]
fn whatever_is_signed_changes_the_signature() {
    let address = url(FORM);
    let signed = header(&published(&address), &KEYS);
    let other_address = url("https://api.twitter.com/1.1/statuses/update.json?include_entities=false");
    let others = [
        header(&Request { method: "GET", ..published(&address) }, &KEYS),
        header(&published(&other_address), &KEYS),
        header(&Request { form: &[("status", "Hello")], ..published(&address) }, &KEYS),
        header(&Request { oauth: &[("oauth_verifier", "1")], ..published(&address) }, &KEYS),
        header(&Request { nonce: "n", ..published(&address) }, &KEYS),
        header(&Request { timestamp: 1, ..published(&address) }, &KEYS),
        header(&published(&address), &Keys { consumer_secret: "x", ..KEYS }),
        header(&published(&address), &Keys { token: None, ..KEYS }),
    ];
    let signature =
        |header: &str| header.split("oauth_signature=").nth(1).unwrap().split(',').next().unwrap().to_owned();
    for other in others {
        assert_ne!(signature(&other), signature(&signed), "{}", *other);
    }
    assert!(!signed.contains("kAcSOqF21"), "secrets sign and are not sent");
}

#[test]
fn answers_are_read() {
    let check = |body: &str, expect: Option<(&str, &str, bool)>| {
        let read = read_token(body);
        let read = read.as_ref().map(|token| (token.token.as_str(), token.secret.as_str(), token.confirmed));
        assert_eq!(read, expect, "{body}");
    };
    check("oauth_token=T&oauth_token_secret=S&oauth_callback_confirmed=true", Some(("T", "S", true)));
    check("oauth_token=T%2B&oauth_token_secret=S&user_id=1&screen_name=ada\n", Some(("T+", "S", false)));
    check("oauth_token=T&oauth_token_secret=S&oauth_token=U", None);
    check("oauth_token=T", None);
    check("oauth_token=&oauth_token_secret=S", None);
    check("{\"errors\":[{\"code\":32}]}", None);
    let token = read_token("oauth_token=T1&oauth_token_secret=S1&user_id=1&screen_name=ada").unwrap();
    assert_eq!(token.rest, [("user_id".to_owned(), "1".to_owned()), ("screen_name".to_owned(), "ada".to_owned())]);
    assert!(!format!("{token:?}").contains("S1"));
}
