//! The committed TypeScript bindings are those of this table.

use std::path::Path;

#[test]
fn export_bindings() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../ui/src/api/bindings.ts");
    let made = api::bindings::typescript();
    if std::env::var_os("PATCHBAY_WRITE_BINDINGS").is_some() {
        std::fs::write(&file, &made).unwrap();
    }
    let kept = std::fs::read_to_string(&file).unwrap_or_default();
    assert!(kept == made, "ui/src/api/bindings.ts is stale: run `cargo xtask bindings`");
}
