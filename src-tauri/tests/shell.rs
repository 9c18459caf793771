//! What the window may do, compared with what it was decided to be allowed.

use std::fs;
use std::path::Path;

use serde_json::{Value, json};

fn read(file: &str) -> Value {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(file);
    serde_json::from_str(&fs::read_to_string(path).expect("the file is there")).expect("the file is JSON")
}

#[test]
fn the_window_has_these_permissions_and_no_others() {
    let files: Vec<_> = fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("capabilities"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    assert_eq!(files, ["main.json"]);
    let capability = read("capabilities/main.json");
    assert_eq!(capability["permissions"], json!(["core:event:allow-listen", "core:event:allow-unlisten", "allow-rpc"]));
    assert_eq!(capability["windows"], json!(["main"]));
    assert_eq!(capability["remote"], Value::Null, "no page from elsewhere may call the engine");
}

#[test]
fn the_policy_lets_nothing_in_from_outside() {
    let config = read("tauri.conf.json");
    let security = &config["app"]["security"];
    assert_eq!(config["app"]["withGlobalTauri"], false);
    assert_eq!(security["freezePrototype"], true);
    assert_eq!(security["capabilities"], json!(["main"]));
    assert_eq!(security["dangerousDisableAssetCspModification"], Value::Null);
    assert_eq!(
        security["csp"],
        json!({
            "default-src": "'self'",
            "script-src": "'self'",
            "style-src": "'self' 'unsafe-inline'",
            "img-src": "'self' data:",
            "font-src": "'self'",
            "connect-src": "ipc: http://ipc.localhost",
            "object-src": "'none'",
            "base-uri": "'none'",
            "frame-src": "'none'",
            "form-action": "'none'"
        })
    );
}
