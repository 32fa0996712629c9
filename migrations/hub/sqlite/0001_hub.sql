-- The hub's tables. Times are milliseconds since 1970 (UTC); ids of 16 bytes are UUIDs.

-- Facts about this hub itself, by name: hub_id, hub_name, epoch, city_code, utc_offset_minutes,
-- pack_version.
CREATE TABLE meta (
    name  TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- People as the city pack names them. Somebody missing in a later pack stays: only the operator
-- takes access away.
CREATE TABLE staff (
    id         TEXT NOT NULL PRIMARY KEY,
    name       TEXT NOT NULL,
    name_en    TEXT NOT NULL,
    badge_no   TEXT NOT NULL,
    roles      TEXT NOT NULL,            -- JSON array of roles
    revoked_at INTEGER                   -- NULL: not revoked
) STRICT, WITHOUT ROWID;

-- Grids a person may see, directly or through their communities.
CREATE TABLE staff_grids (
    staff TEXT NOT NULL REFERENCES staff (id),
    grid  TEXT NOT NULL,
    PRIMARY KEY (staff, grid)
) STRICT, WITHOUT ROWID;

-- Every grid of the city; a report names one of these.
CREATE TABLE grids (
    code TEXT NOT NULL PRIMARY KEY
) STRICT, WITHOUT ROWID;

CREATE TABLE devices (
    id           BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    staff        TEXT NOT NULL REFERENCES staff (id),
    token_hash   BLOB NOT NULL UNIQUE CHECK (length(token_hash) = 32),  -- SHA-256; the token itself is never kept
    name         TEXT NOT NULL,
    app_version  TEXT NOT NULL,
    enrolled_at  INTEGER NOT NULL,
    pushed_at    INTEGER,                -- NULL: nothing pushed yet
    revoked_at   INTEGER,                -- NULL: not revoked
    last_dev_seq INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;

CREATE TABLE enrolment_codes (
    hash       BLOB NOT NULL PRIMARY KEY CHECK (length(hash) = 32),     -- SHA-256 of the code
    staff      TEXT NOT NULL REFERENCES staff (id),
    expires_at INTEGER NOT NULL,
    used_at    INTEGER,                  -- NULL: not used yet
    used_by    BLOB                      -- the device that used it
) STRICT, WITHOUT ROWID;

-- The op log: everything anybody ever did, whole, with what became of it. Never deleted from.
CREATE TABLE ops (
    device      BLOB NOT NULL REFERENCES devices (id),
    dev_seq     INTEGER NOT NULL,        -- dense per device, from 1
    op_id       BLOB,                    -- NULL: could not be read
    repeated    INTEGER NOT NULL,        -- 1: another device identity sent the same op before
    kind        TEXT,                    -- target; NULL: could not be read
    id          BLOB,
    payload     TEXT NOT NULL,           -- the op as it came
    sent        TEXT NOT NULL,           -- how the device's clocks stood when it sent
    received_at INTEGER NOT NULL,
    outcome     TEXT NOT NULL,           -- JSON; what a replay gets again
    rev         INTEGER NOT NULL,        -- revision of the target afterwards
    quarantined INTEGER NOT NULL,        -- 1: somebody must look at it
    PRIMARY KEY (device, dev_seq)
) STRICT;

CREATE UNIQUE INDEX ops_by_id ON ops (op_id) WHERE op_id IS NOT NULL AND repeated = 0;
CREATE INDEX ops_unnamed ON ops (device) WHERE op_id IS NULL;
CREATE INDEX ops_quarantined ON ops (received_at) WHERE quarantined = 1;

-- The current state of everything.
CREATE TABLE docs (
    kind       TEXT NOT NULL,
    id         BLOB NOT NULL CHECK (length(id) = 16),
    rev        INTEGER NOT NULL,
    body       TEXT NOT NULL,            -- JSON
    changed_at INTEGER NOT NULL,
    PRIMARY KEY (kind, id)
) STRICT;

-- Which document stands where in which feed: its latest place only.
CREATE TABLE feeds (
    scope TEXT NOT NULL,
    kind  TEXT NOT NULL,
    id    BLOB NOT NULL,
    seq   INTEGER NOT NULL,
    rev   INTEGER NOT NULL,              -- the revision counted in feed_heads.sum
    has_left INTEGER NOT NULL DEFAULT 0,  -- 1: no longer in this feed; an id-only marker remains
    PRIMARY KEY (scope, kind, id),
    UNIQUE (scope, seq),
    FOREIGN KEY (kind, id) REFERENCES docs (kind, id)
) STRICT, WITHOUT ROWID;

CREATE INDEX feeds_by_doc ON feeds (kind, id);

-- How far each feed goes. Bumped in the transaction that changes the feed: no holes.
CREATE TABLE feed_heads (
    scope TEXT NOT NULL PRIMARY KEY,
    seq   INTEGER NOT NULL,
    count INTEGER NOT NULL,              -- documents in it, those that left not counted
    sum   INTEGER NOT NULL               -- wrapping sum of their hashes, as the same 64 bits
) STRICT, WITHOUT ROWID;

-- 案件编号: the last number given on each local day.
CREATE TABLE case_numbers (
    day  TEXT NOT NULL PRIMARY KEY,      -- 20261124
    last INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Photos by digest; the bytes are files beside the database.
CREATE TABLE photos (
    digest      BLOB NOT NULL PRIMARY KEY CHECK (length(digest) = 32),
    length      INTEGER NOT NULL,
    "offset"    INTEGER NOT NULL,        -- bytes that are fsynced
    device      BLOB NOT NULL REFERENCES devices (id),
    staff       TEXT NOT NULL REFERENCES staff (id),
    created_at  INTEGER NOT NULL,
    updated_at  INTEGER NOT NULL,
    complete_at INTEGER                  -- NULL: bytes are missing or not verified
) STRICT, WITHOUT ROWID;

CREATE INDEX photos_by_device ON photos (device, created_at);
CREATE INDEX photos_unfinished ON photos (updated_at) WHERE complete_at IS NULL;

-- Which documents show which photos (and thumbnails): who may see the one may see the other.
CREATE TABLE photo_refs (
    digest BLOB NOT NULL,
    kind   TEXT NOT NULL,
    id     BLOB NOT NULL,
    PRIMARY KEY (digest, kind, id)
) STRICT, WITHOUT ROWID;
