CREATE TABLE personas (
    bot      TEXT NOT NULL,
    id       TEXT NOT NULL,
    name     TEXT NOT NULL,
    fields   TEXT NOT NULL,
    position INTEGER NOT NULL,
    PRIMARY KEY (bot, id)
) STRICT;

CREATE TABLE remembered (
    bot     TEXT NOT NULL,
    persona TEXT NOT NULL,
    json    TEXT NOT NULL,
    PRIMARY KEY (bot, persona)
) STRICT;

CREATE TABLE connections (
    id          TEXT NOT NULL PRIMARY KEY,
    bot         TEXT NOT NULL,
    alias       TEXT NOT NULL,
    persona     TEXT NOT NULL,
    provider    TEXT NOT NULL,
    practice    INTEGER NOT NULL CHECK (practice IN (0, 1)),
    facts       TEXT NOT NULL,
    key_id      INTEGER NOT NULL,
    sealed      BLOB NOT NULL,
    version     INTEGER NOT NULL,
    created_at  INTEGER NOT NULL,
    changed_at  INTEGER NOT NULL,
    used_at     INTEGER,
    lease_by    TEXT,
    lease_until INTEGER,
    started_by  TEXT,
    started_at  INTEGER,
    failures    INTEGER NOT NULL DEFAULT 0,
    retry_at    INTEGER,
    UNIQUE (bot, alias, persona),
    FOREIGN KEY (bot, key_id) REFERENCES data_keys (bot, key_id) ON DELETE CASCADE
) STRICT;

CREATE TABLE app_credentials (
    provider   TEXT NOT NULL PRIMARY KEY,
    settings   TEXT NOT NULL,
    changed_at INTEGER NOT NULL
) STRICT;

CREATE TABLE client_secrets (
    bot    TEXT NOT NULL,
    name   TEXT NOT NULL,
    key_id INTEGER NOT NULL,
    sealed BLOB NOT NULL,
    PRIMARY KEY (bot, name),
    FOREIGN KEY (bot, key_id) REFERENCES data_keys (bot, key_id) ON DELETE CASCADE
) STRICT;

CREATE TABLE approvals (
    bot         TEXT NOT NULL,
    alias       TEXT NOT NULL,
    host        TEXT NOT NULL,
    approved_at INTEGER NOT NULL,
    PRIMARY KEY (bot, alias, host)
) STRICT;

CREATE TABLE practice_choices (
    bot      TEXT NOT NULL,
    alias    TEXT NOT NULL,
    practice INTEGER NOT NULL CHECK (practice IN (0, 1)),
    PRIMARY KEY (bot, alias)
) STRICT;

CREATE TABLE practice (
    kind       TEXT NOT NULL,
    id         TEXT NOT NULL,
    data       TEXT NOT NULL,
    expires_at INTEGER,
    PRIMARY KEY (kind, id)
) STRICT;
