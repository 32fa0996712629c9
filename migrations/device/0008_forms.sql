-- Forms: what is being filled in, and what was.

CREATE TABLE form_drafts (
    -- Forms being filled in. User data: a row leaves only by becoming an operation, after a month in
    -- the bin, or when nothing was ever answered in it.
    id           BLOB    PRIMARY KEY CHECK (length(id) = 16),
    body         TEXT    NOT NULL, -- client::store::form_drafts::FormDraft, JSON
    answered     INTEGER NOT NULL DEFAULT 0 CHECK (answered IN (0, 1)), -- a person answered something
    changed_at   INTEGER NOT NULL,
    discarded_at INTEGER           -- in the bin since; NULL: not in the bin
) STRICT, WITHOUT ROWID;

CREATE TABLE form_answers (
    -- What a session of a form saved: a value under its address, or an instance of a repeat.
    n       INTEGER PRIMARY KEY,
    draft   BLOB    NOT NULL CHECK (length(draft) = 16),
    address TEXT    NOT NULL,
    value   TEXT,                  -- NULL: an instance
    UNIQUE (draft, address)
) STRICT;

CREATE TABLE form_last (
    -- The answers of the last filling of each form that was finished here.
    form     TEXT PRIMARY KEY,
    answers  TEXT NOT NULL         -- addresses and values, JSON
) STRICT, WITHOUT ROWID;

CREATE TABLE records (
    -- What lists show of a record: mirror and outbox folded. Can be made anew from them at any time.
    id           BLOB    PRIMARY KEY CHECK (length(id) = 16),
    form_doc     BLOB    NOT NULL CHECK (length(form_doc) = 16),
    form_id      TEXT    NOT NULL,
    form_version TEXT    NOT NULL,
    subject_kind TEXT,
    subject_id   BLOB,
    grid         TEXT    NOT NULL,
    name         TEXT    NOT NULL,
    finished_at  INTEGER NOT NULL,
    author       TEXT    NOT NULL, -- staff id
    replaces     BLOB,
    photos       INTEGER NOT NULL,
    own_at       INTEGER,          -- when this device made it
    unsent       INTEGER NOT NULL  -- the hub doesn't have it
) STRICT;

CREATE INDEX records_by_time ON records (finished_at);
CREATE INDEX records_by_subject ON records (subject_kind, subject_id, finished_at);
CREATE INDEX records_by_replaced ON records (replaces) WHERE replaces IS NOT NULL;
CREATE INDEX records_by_own ON records (own_at) WHERE own_at IS NOT NULL;
