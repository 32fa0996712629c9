-- The tablet's database, first version. Released migrations are never edited; new ones only add.

CREATE TABLE device (
    -- This device and the hub it belongs to; exactly one row.
    one                INTEGER PRIMARY KEY CHECK (one = 1),
    id                 BLOB    NOT NULL CHECK (length(id) = 16),
    last_dev_seq       INTEGER NOT NULL DEFAULT 0, -- the last position given in the own sequence
    hub_url            TEXT,                       -- NULL until enrolled, as all below
    hub_id             TEXT,
    hub_name           TEXT,
    token              TEXT,
    staff              TEXT,                       -- the person's card, JSON
    epoch              TEXT,                       -- the hub's epoch as last seen
    acked_dev_seq      INTEGER NOT NULL DEFAULT 0, -- the highest position the hub has confirmed
    revoked            INTEGER NOT NULL DEFAULT 0 CHECK (revoked IN (0, 1)),
    last_complete_at   INTEGER                     -- when everything was last in step
) STRICT;

CREATE TABLE settings (
    -- Small things by name, each a JSON value.
    name  TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE drafts (
    -- Reports being written. User data: a row leaves only by becoming an operation.
    id           BLOB    PRIMARY KEY CHECK (length(id) = 16),
    body         TEXT    NOT NULL, -- shared::ipc::Draft, JSON
    changed_at   INTEGER NOT NULL,
    discarded_at INTEGER           -- in the bin since; NULL: not in the bin
) STRICT, WITHOUT ROWID;

CREATE TABLE captured (
    -- Photos prepared on this device, as the pipeline described them. What a page sends back of
    -- a photo is looked up here, so that it can't invent one.
    digest   BLOB    PRIMARY KEY CHECK (length(digest) = 32),
    thumb    BLOB    NOT NULL CHECK (length(thumb) = 32),
    photo    TEXT    NOT NULL, -- shared::PhotoRef, JSON
    added_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE outbox (
    -- Everything this device has done, in its own order. Rows are user data and stay after the
    -- hub confirmed them: they are sent again when the hub lost its database.
    dev_seq     INTEGER PRIMARY KEY,
    op_id       BLOB    NOT NULL UNIQUE CHECK (length(op_id) = 16),
    target_kind TEXT    NOT NULL,
    target_id   BLOB    NOT NULL CHECK (length(target_id) = 16),
    op          TEXT    NOT NULL, -- shared::Op, JSON, exactly as it is sent
    state       TEXT    NOT NULL DEFAULT 'queued' CHECK (state IN ('queued', 'acked')),
    outcome     TEXT,             -- shared::Outcome, JSON; NULL until the hub answered
    acked_at    INTEGER,
    observed_at INTEGER NOT NULL  -- the device's wall clock, for the ledger
) STRICT;

CREATE INDEX outbox_by_target ON outbox (target_kind, target_id, dev_seq);
CREATE INDEX outbox_queued ON outbox (dev_seq) WHERE state = 'queued';

CREATE TABLE mirror (
    -- The last state of each document as the hub told it. Unknown kinds and fields are kept.
    kind TEXT    NOT NULL,
    id   BLOB    NOT NULL CHECK (length(id) = 16),
    rev  INTEGER NOT NULL,
    body TEXT    NOT NULL, -- JSON
    PRIMARY KEY (kind, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE mirror_scopes (
    -- In which feeds a document stands; one that stands in none has left this device.
    kind  TEXT NOT NULL,
    id    BLOB NOT NULL CHECK (length(id) = 16),
    scope TEXT NOT NULL,
    PRIMARY KEY (kind, id, scope)
) STRICT, WITHOUT ROWID;

CREATE INDEX mirror_scopes_by_scope ON mirror_scopes (scope, kind, id);

CREATE TABLE feeds (
    -- How far each feed was pulled, and what the hub said it holds there.
    scope  TEXT    PRIMARY KEY,
    cursor TEXT    NOT NULL, -- empty: from the beginning
    head   INTEGER,          -- the hub's seq when last pulled to the end; NULL: not at the end
    count  INTEGER NOT NULL,
    sum    INTEGER NOT NULL -- 64 bits, kept as signed
) STRICT, WITHOUT ROWID;

CREATE TABLE cases (
    -- What lists and search show of a case: mirror and outbox folded. Can be made anew from them
    -- at any time.
    id          BLOB    PRIMARY KEY CHECK (length(id) = 16),
    case_no     TEXT,
    category    TEXT,             -- NULL: unsure
    summary     TEXT    NOT NULL,
    address     TEXT    NOT NULL,
    grid        TEXT    NOT NULL,
    lng         REAL,
    lat         REAL,
    urgency     INTEGER NOT NULL, -- 0 normal, 1 urgent, 2 critical
    state       INTEGER NOT NULL, -- place in the life cycle
    is_open     INTEGER NOT NULL,
    reported_at INTEGER NOT NULL,
    updated_at  INTEGER NOT NULL,
    deadline    INTEGER,
    reporter    TEXT    NOT NULL, -- staff id
    mine        INTEGER NOT NULL, -- this person reported or confirmed it
    photos      INTEGER NOT NULL,
    photo       TEXT,             -- the first one, JSON
    plus_ones   INTEGER NOT NULL,
    attention   INTEGER NOT NULL, -- something this person did had no effect
    own_at      INTEGER,          -- when this device last did something with it
    unsent      INTEGER NOT NULL  -- operations the hub doesn't have
) STRICT;

CREATE INDEX cases_by_reported ON cases (reported_at);
CREATE INDEX cases_by_updated ON cases (updated_at);
CREATE INDEX cases_by_deadline ON cases (deadline, reported_at);
CREATE INDEX cases_most_pressing_first ON cases ((deadline IS NULL), deadline, reported_at);
CREATE INDEX cases_by_urgency ON cases (urgency, reported_at);
CREATE INDEX cases_by_state ON cases (state, reported_at);
CREATE INDEX cases_by_category ON cases (category, reported_at);
CREATE INDEX cases_by_address ON cases (address, reported_at);
CREATE INDEX cases_by_own ON cases (own_at) WHERE own_at IS NOT NULL;
CREATE INDEX cases_by_latitude ON cases (lat, lng) WHERE is_open = 1;
-- Counting what a filter finds reads only this.
CREATE INDEX cases_to_count ON cases (mine, state, unsent);

CREATE TABLE case_words (
    -- What a case is found by: words, pinyin, initials, numbers. Apart from `cases`, so that a
    -- search reads little.
    case_rowid INTEGER PRIMARY KEY, -- of the row in `cases`
    category   TEXT,
    words      TEXT NOT NULL
) STRICT;

CREATE TABLE case_photos (
    -- Which photos belong to which case, from the folded case.
    case_id BLOB    NOT NULL CHECK (length(case_id) = 16),
    digest  BLOB    NOT NULL CHECK (length(digest) = 32),
    thumb   BLOB    NOT NULL CHECK (length(thumb) = 32),
    own     INTEGER NOT NULL, -- this device must deliver it
    PRIMARY KEY (case_id, digest)
) STRICT, WITHOUT ROWID;

CREATE INDEX case_photos_by_digest ON case_photos (digest);

CREATE TABLE files (
    -- The files of photos and thumbnails: which are here, which the hub has.
    digest          BLOB    PRIMARY KEY CHECK (length(digest) = 32),
    kind            TEXT    NOT NULL CHECK (kind IN ('photo', 'thumb')),
    bytes           INTEGER NOT NULL,
    case_id         BLOB    NOT NULL CHECK (length(case_id) = 16), -- where it was first seen
    own             INTEGER NOT NULL DEFAULT 0 CHECK (own IN (0, 1)),    -- made on this device
    here            INTEGER NOT NULL DEFAULT 0 CHECK (here IN (0, 1)),   -- its bytes are here
    at_hub          INTEGER NOT NULL DEFAULT 0 CHECK (at_hub IN (0, 1)), -- the hub has it whole
    sent            INTEGER NOT NULL DEFAULT 0, -- bytes the hub has confirmed so far
    refused         TEXT,                       -- shared::ipc::Stuck, JSON: why it does not move on
    attempts        INTEGER NOT NULL DEFAULT 0,
    next_attempt_at INTEGER                     -- not before; NULL: at once
) STRICT, WITHOUT ROWID;

CREATE INDEX files_to_send ON files (kind DESC, next_attempt_at) WHERE own = 1 AND at_hub = 0;
CREATE INDEX files_to_fetch ON files (next_attempt_at) WHERE here = 0 AND kind = 'thumb';
