//! The samples of the integrations documentation, read to their exact values.

use manifest::{Field, Integration, Severity, read};

const KEYS: [&str; 12] = [
    "provider",
    "alias",
    "context",
    "scope",
    "description",
    "title",
    "icon",
    "flow",
    "client_id",
    "client_secret",
    "authorize_url",
    "token_url",
];

fn sample(name: &str) -> String {
    let path = format!("{}/tests/fixtures/{name}.yaml", env!("CARGO_MANIFEST_DIR"));
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// The values of an entry in the order of [`KEYS`], after comparing each with what stands at its place.
fn values(text: &str, entry: &Integration) -> Vec<(&'static str, String)> {
    let oauth2 = entry.oauth2.clone().unwrap_or_default();
    let secret = oauth2.client_secret.map(|field| Field {
        value: field.value.reveal().to_owned(),
        key_range: field.key_range,
        value_range: field.value_range,
    });
    let fields = [
        entry.provider.clone(),
        entry.alias.clone(),
        entry.context.clone(),
        entry.scope.clone(),
        entry.description.clone(),
        entry.title.clone(),
        entry.icon.clone(),
        oauth2.flow,
        oauth2.client_id,
        secret,
        oauth2.authorize_url,
        oauth2.token_url,
    ];
    let mut found = Vec::new();
    for (key, field) in KEYS.into_iter().zip(fields) {
        let Some(field) = field else { continue };
        assert_eq!(&text[field.key_range.clone()], key);
        assert_eq!(text[field.value_range.clone()].trim_matches('"'), field.value);
        assert!(entry.range.start < field.key_range.start && field.value_range.end <= entry.range.end);
        found.push((key, field.value));
    }
    found
}

/// `expect`: for each entry its values as `key=value`, its effective alias, and its first and last characters.
fn check(name: &str, expect: &[(&[&str], &str)], problems: &[(&str, Severity)]) {
    let text = sample(name);
    let manifest = read(&text);
    assert_eq!(manifest.entries.len(), expect.len());
    for (entry, (fields, alias)) in manifest.entries.iter().zip(expect) {
        let found: Vec<String> = values(&text, entry).iter().map(|(key, value)| format!("{key}={value}")).collect();
        assert_eq!(found, *fields, "{name}");
        assert_eq!(entry.alias(), *alias);
        let source = &text[entry.range.clone()];
        assert!(source.starts_with("- ") && source.trim_end() == source && !source.contains("\n- "), "{source}");
    }
    let found: Vec<_> = manifest.diagnostics.iter().map(|problem| (problem.code, problem.severity)).collect();
    assert_eq!(found, problems, "{name}: {:#?}", manifest.diagnostics);
    assert!(manifest.complete);
}

#[test]
fn overview() {
    check(
        "01-overview",
        &[
            (&["provider=google", "alias=google", "context=user", "scope=email profile"], "google"),
            (&["provider=facebook", "alias=facebook", "context=user", "scope=email,user_friends"], "facebook"),
            (
                &[
                    "provider=linkedin",
                    "alias=linkedin",
                    "context=user",
                    "scope=r_liteprofile,r_emailaddress",
                    "description=Retrieve contact information",
                ],
                "linkedin",
            ),
            (&["provider=twilio", "context=bot", "description=Allow bot to send SMS notifications"], "twilio"),
        ],
        &[("scope-retired", Severity::Hint), ("scope-separator", Severity::Hint), ("scope-retired", Severity::Hint)],
    );
}

#[test]
fn one_entry_each() {
    for (name, provider, description) in [
        ("02-dialogflow", "dialogflow", "Integrate with Google Dialogflow"),
        ("03-twilio", "twilio", "Integrate with Twilio"),
        ("04-mailgun", "mailgun", "Integrate with Mailgun"),
        ("05-pushwoosh", "pushwoosh", "Integrate with Pushwoosh"),
        ("06-360dialog", "dialog", "Integrate with 360 Dialog"),
        ("07-masvoz", "masvoz_sms", "Integrate with Masvoz SMS API"),
        ("13-twilio-one-line", "twilio", "Configure SMS notifications"),
    ] {
        let fields = [format!("provider={provider}"), "context=bot".to_owned(), format!("description={description}")];
        check(name, &[(&fields.each_ref().map(String::as_str), provider)], &[]);
    }
}

#[test]
fn service_account() {
    check(
        "08-google-service-account",
        &[(
            &[
                "provider=google_service_account",
                "alias=bigquery",
                "context=bot",
                "scope=https://www.googleapis.com/auth/bigquery",
                "description=Integrate with Google BigQuery API",
            ],
            "bigquery",
        )],
        &[],
    );
}

#[test]
fn calendar() {
    let fields: &[&str] = &["provider=calendar", "alias=booking", "context=bot", "title=Booking", "icon=calendar"];
    check("09-calendar", &[(fields, "booking")], &[]);
}

#[test]
fn oauth2() {
    check(
        "11-oauth2",
        &[(
            &[
                "provider=oauth2",
                "alias=discord1",
                "context=bot",
                "scope=identify",
                "description=An example integration",
                "title=Discord",
                "icon=lightning",
                "flow=auth_code",
                "client_id=xxx",
                "client_secret=yyy",
                "authorize_url=https://discord.com/oauth2/authorize",
                "token_url=https://discord.com/api/oauth2/token",
            ],
            "discord1",
        )],
        &[("client-secret-in-text", Severity::Warning)],
    );
}

#[test]
fn secret() {
    let fields: &[&str] = &["provider=secret", "alias=myapi_key", "context=bot", "description=API key for myapi.com"];
    check("12-secret", &[(fields, "myapi_key")], &[]);
}

#[test]
fn a_data_definition_is_no_manifest() {
    let manifest = read(&sample("10-calendar-ddl"));
    assert!(manifest.entries.is_empty());
    assert_eq!(manifest.diagnostics[0].code, "not-a-list");
}

#[test]
fn the_client_secret_is_not_printed() {
    let manifest = read(&sample("11-oauth2"));
    let printed = format!("{manifest:?}");
    assert!(printed.contains("xxx") && !printed.contains("yyy"), "{printed}");
}
