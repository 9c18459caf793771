//! What is filled in where nobody signs in.

use crate::Setting;

/// A Google service account: its key file, whole.
pub(super) const KEY_FILE: &[Setting] = &[Setting {
    key: "key_file",
    title: "Key file",
    help: "The whole JSON file that the Google Cloud console gave you.",
    default: "",
    required: true,
    choices: &[],
}];

/// One secret text.
pub(super) const SECRET: &[Setting] = &[Setting {
    key: "value",
    title: "Value",
    help: "What scripts get from `get_access_token`; it is kept in the vault only.",
    default: "",
    required: true,
    choices: &[],
}];
