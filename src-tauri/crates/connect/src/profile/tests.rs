use providers::{Choice, SignIn, find as provider, known_service, sign_in};
use serde_json::json;

use super::*;

fn way(id: &str, scope: &str) -> &'static SignIn {
    sign_in(provider(id).unwrap(), &Choice { scope, has_secret: true, ..Choice::default() }).unwrap()
}

/// Reads answers as the sign-in's addresses would give them, one after the other.
fn person(way: &'static SignIn, scope: &str, answers: &[Value]) -> Person {
    let first = way.userinfo_for(scope).unwrap();
    let asked = std::iter::successors(Some(first), |info| info.then);
    let pairs: Vec<_> = asked.map(|info| &info.profile).zip(answers).collect();
    assert_eq!(pairs.len(), answers.len());
    read(&pairs, &BTreeMap::new())
}

fn check(way: &'static SignIn, scope: &str, answers: &[Value], uid: &str, expect: Value) {
    let found = person(way, scope, answers);
    assert_eq!(found.uid.as_deref(), Some(uid));
    assert_eq!(serde_json::to_value(&found.info).unwrap(), expect);
}

#[test]
fn google() {
    let answer = json!({"sub":"1","name":"Ada L","given_name":"Ada","family_name":"L","picture":"https://x/p.png",
        "email":"a@x.nl","email_verified":true,"hd":"x.nl"});
    let expect = json!({"name":"Ada L","first_name":"Ada","last_name":"L","image":"https://x/p.png","email":"a@x.nl",
        "urls":{"website":"x.nl"}});
    check(way("google", ""), "", &[answer], "1", expect);
}

#[test]
fn facebook() {
    let answer = json!({"id":"7","name":"Ada L","first_name":"Ada","last_name":"L","email":"a@x.nl",
        "link":"https://facebook.com/ada","picture":{"data":{"url":"https://x/p.jpg","is_silhouette":false}}});
    let expect = json!({"name":"Ada L","first_name":"Ada","last_name":"L","email":"a@x.nl","image":"https://x/p.jpg",
        "urls":{"facebook":"https://facebook.com/ada"}});
    check(way("facebook", ""), "", &[answer], "7", expect);
    let expect = json!({"name":"Ada","image":"https://graph.facebook.com/7/picture?type=large"});
    check(way("facebook", ""), "", &[json!({"id":"7","name":"Ada"})], "7", expect);
}

#[test]
fn linkedin() {
    let answer = json!({"sub":"a1","name":"Ada L","given_name":"Ada","family_name":"L","picture":"https://x/p.jpg",
        "locale":{"country":"NL","language":"nl"},"email":"a@x.nl","email_verified":true});
    let expect = json!({"name":"Ada L","first_name":"Ada","last_name":"L","image":"https://x/p.jpg","email":"a@x.nl"});
    check(way("linkedin", ""), "openid profile email", &[answer], "a1", expect.clone());

    let me = json!({"id":"a1","localizedFirstName":"Ada","localizedLastName":"L","profilePicture":{"displayImage~":{"elements":[
        {"identifiers":[{"identifier":"https://x/small.jpg"}]},
        {"identifiers":[{"identifier":"https://x/other.jpg"},{"identifier":"https://x/p.jpg"}]}]}}});
    let handles = json!({"elements":[
        {"primary":true,"type":"PHONE","handle~":{"phoneNumber":"1"}},
        {"primary":false,"type":"EMAIL","handle~":{"emailAddress":"b@x.nl"}},
        {"primary":true,"type":"EMAIL","handle~":{"emailAddress":"a@x.nl"}}]});
    check(way("linkedin", ""), "r_liteprofile,r_emailaddress", &[me, handles], "a1", expect);
}

#[test]
fn microsoft() {
    let answer = json!({"id":"g","displayName":"Ada L","givenName":"Ada","surname":"L","mail":null,"userPrincipalName":"a@x.nl",
        "jobTitle":null,"mobilePhone":null,"businessPhones":["+31"],"officeLocation":"Delft"});
    let expect =
        json!({"name":"Ada L","first_name":"Ada","last_name":"L","email":"a@x.nl","phone":"+31","location":"Delft"});
    check(way("microsoft", ""), "", &[answer], "g", expect);
}

#[test]
fn twitter() {
    let classic = json!({"id_str":"1","name":"Ada","screen_name":"ada","description":"d","location":"Delft","url":"https://x",
        "profile_image_url_https":"https://p","email":"a@x.nl"});
    let mut expect = json!({"name":"Ada","nickname":"ada","description":"d","location":"Delft","image":"https://p",
        "email":"a@x.nl","urls":{"Twitter":"https://twitter.com/ada","Website":"https://x"}});
    check(way("twitter", ""), "", &[classic], "1", expect.clone());
    let new = json!({"data":{"id":"1","name":"Ada","username":"ada","description":"d","location":"Delft","url":"https://x",
        "profile_image_url":"https://p"}});
    expect.as_object_mut().unwrap().remove("email");
    check(way("twitter", "tweet.read"), "tweet.read", &[new], "1", expect);
}

#[test]
fn known_services() {
    let discord = &known_service("https://discord.com/oauth2/authorize", "").unwrap().sign_in;
    let answer =
        json!({"id":"1","username":"ada","global_name":"Ada L","avatar":"abc","email":"a@x.nl","verified":true});
    let mut expect = json!({"name":"Ada L","nickname":"ada","email":"a@x.nl",
        "image":"https://cdn.discordapp.com/avatars/1/abc.png"});
    check(discord, "", &[answer], "1", expect.clone());
    let moving = json!({"id":"1","username":"ada","global_name":"Ada L","avatar":"a_bc","email":"a@x.nl"});
    expect["image"] = json!("https://cdn.discordapp.com/avatars/1/a_bc.gif");
    check(discord, "", &[moving], "1", expect);
    let bare = json!({"id":"1","username":"ada","global_name":null,"avatar":null});
    check(discord, "", &[bare], "1", json!({"name":"ada","nickname":"ada"}));

    let basecamp = &known_service("https://launchpad.37signals.com/authorization/new", "").unwrap().sign_in;
    let answer = json!({"identity":{"id":9,"first_name":"Ada","last_name":"L","email_address":"a@x.nl"}});
    check(basecamp, "", &[answer], "9", json!({"name":"Ada L","first_name":"Ada","last_name":"L","email":"a@x.nl"}));
}

#[test]
fn a_missing_name_is_derived() {
    let check = |answer: Value, expect: Option<&str>| {
        assert_eq!(
            person(way("oauth2", ""), "", std::slice::from_ref(&answer)).info.name.as_deref(),
            expect,
            "{answer}"
        );
    };
    check(json!({"name":"Ada","given_name":"B"}), Some("Ada"));
    check(json!({"name":"  ","given_name":"Ada","family_name":"L"}), Some("Ada L"));
    check(json!({"family_name":"L"}), Some("L"));
    check(json!({"preferred_username":"ada","email":"a@x.nl"}), Some("ada"));
    check(json!({"email":"a.lovelace@x.nl"}), Some("a.lovelace"));
    check(json!({"email":"@x.nl"}), None);
    check(json!({}), None);
}

#[test]
fn odd_answers_do_no_harm() {
    for answer in
        [json!(null), json!([]), json!("x"), json!({"sub":{"a":1},"name":["Ada"],"picture":7,"address":"Delft"})]
    {
        let found = person(way("oauth2", ""), "", std::slice::from_ref(&answer));
        assert_eq!(found, Person::default(), "{answer}");
    }
    let check_picture = |address: &str, kept: bool| {
        let found = person(way("oauth2", ""), "", &[json!({"picture": address})]);
        assert_eq!(found.info.image.is_some(), kept, "{address}");
    };
    check_picture("https://x.nl/p.png", true);
    check_picture("http://127.0.0.1:47840/p.png", true);
    check_picture("data:image/png;base64,AA==", true);
    check_picture("http://x.nl/p.png", false);
    check_picture("javascript:alert(1)", false);
    check_picture("data:text/html,x", false);
    check_picture("file:///etc/passwd", false);
    check_picture("p.png", false);
    let long = person(way("oauth2", ""), "", &[json!({"name": "x".repeat(TEXT_LIMIT + 1), "nickname": "n"})]);
    assert_eq!(long.info.name.as_deref(), Some("n"));
    let hostile = json!({"id":"../../x?y","username":"a","avatar":"#/../z"});
    let discord = &known_service("https://discord.com/oauth2/authorize", "").unwrap().sign_in;
    let image = person(discord, "", &[hostile]).info.image.unwrap();
    assert!(image.starts_with("https://cdn.discordapp.com/avatars/..%2F..%2Fx%3Fy/%23%2F..%2Fz"), "{image}");
}

#[test]
fn own_pointers_go_first() {
    let own = [("name", "/user/full"), ("uid", "/user/no"), ("email", "/nowhere"), ("unheard_of", "/name")];
    let own = own.map(|(key, pointer)| (key.to_owned(), pointer.to_owned())).into();
    let answer = json!({"sub":"1","name":"Other","email":"a@x.nl","user":{"full":"Ada L","no":12}});
    let profile = &way("oauth2", "").userinfo_for("").unwrap().profile;
    let found = read(&[(profile, &answer)], &own);
    assert_eq!((found.uid.as_deref(), found.info.name.as_deref()), (Some("12"), Some("Ada L")));
    assert_eq!(found.info.email.as_deref(), Some("a@x.nl"), "a pointer to nothing leaves the provider's");
}

#[test]
fn info_survives_its_json() {
    let info = person(way("google", ""), "", &[json!({"sub":"1","name":"Ada","hd":"x.nl"})]).info;
    let text = serde_json::to_string(&info).unwrap();
    assert_eq!(serde_json::from_str::<Info>(&text).unwrap(), info);
    assert_eq!(serde_json::from_str::<Info>("{}").unwrap(), Info::default());
    assert_eq!(info.field(ProfileField::Name), Some("Ada"));
}
