PRAGMA application_id = 1346524756;

CREATE TABLE vault (
    id            INTEGER PRIMARY KEY CHECK (id = 1),
    uuid          TEXT NOT NULL,
    state         TEXT NOT NULL CHECK (state IN ('pending', 'active')),
    protection    TEXT NOT NULL CHECK (protection IN ('keychain', 'passphrase')),
    check_value   BLOB,
    stretch       BLOB,
    by_passphrase BLOB,
    by_recovery   BLOB
) STRICT;

CREATE TABLE data_keys (
    bot     TEXT NOT NULL,
    key_id  INTEGER NOT NULL,
    wrapped BLOB NOT NULL,
    PRIMARY KEY (bot, key_id)
) STRICT;

CREATE TABLE secrets (
    bot        TEXT NOT NULL,
    alias      TEXT NOT NULL,
    key_id     INTEGER NOT NULL,
    sealed     BLOB NOT NULL,
    changed_at INTEGER NOT NULL,
    used_at    INTEGER,
    PRIMARY KEY (bot, alias),
    FOREIGN KEY (bot, key_id) REFERENCES data_keys (bot, key_id) ON DELETE CASCADE
) STRICT;

CREATE TABLE removed (
    undo       TEXT NOT NULL PRIMARY KEY,
    bot        TEXT NOT NULL,
    alias      TEXT NOT NULL,
    key_id     INTEGER NOT NULL,
    sealed     BLOB NOT NULL,
    changed_at INTEGER NOT NULL,
    used_at    INTEGER,
    removed_at INTEGER NOT NULL,
    FOREIGN KEY (bot, key_id) REFERENCES data_keys (bot, key_id) ON DELETE CASCADE
) STRICT;

CREATE TABLE bindings (
    path     BLOB NOT NULL PRIMARY KEY,
    bot      TEXT NOT NULL,
    answered TEXT,
    bound_at INTEGER NOT NULL
) STRICT;

CREATE INDEX bindings_by_bot ON bindings (bot);

CREATE TABLE settings (
    name  TEXT NOT NULL PRIMARY KEY,
    value ANY NOT NULL
) STRICT;

CREATE TABLE recent (
    path        BLOB NOT NULL PRIMARY KEY,
    title       TEXT NOT NULL,
    last_opened INTEGER NOT NULL,
    jacks       TEXT NOT NULL
) STRICT;
