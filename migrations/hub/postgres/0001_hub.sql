-- The hub's tables. Times are milliseconds since 1970 (UTC). What is a key or is sorted is compared
-- byte by byte (COLLATE "C"), as everywhere else in this project.

-- Facts about this hub itself, by name: hub_id, hub_name, epoch, city_code, utc_offset_minutes,
-- pack_version.
CREATE TABLE meta (
    name  TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
);

-- People as the city pack names them. Somebody missing in a later pack stays: only the operator
-- takes access away.
CREATE TABLE staff (
    id         TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    name       TEXT NOT NULL,
    name_en    TEXT NOT NULL,
    badge_no   TEXT NOT NULL,
    roles      TEXT NOT NULL,            -- JSON array of roles
    revoked_at BIGINT                    -- NULL: not revoked
);

-- Grids a person may see, directly or through their communities.
CREATE TABLE staff_grids (
    staff TEXT COLLATE "C" NOT NULL REFERENCES staff (id),
    grid  TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (staff, grid)
);

-- Every grid of the city; a report names one of these.
CREATE TABLE grids (
    code TEXT COLLATE "C" NOT NULL PRIMARY KEY
);

CREATE TABLE devices (
    id           UUID NOT NULL PRIMARY KEY,
    staff        TEXT COLLATE "C" NOT NULL REFERENCES staff (id),
    token_hash   BYTEA NOT NULL UNIQUE CHECK (length(token_hash) = 32),  -- SHA-256; the token itself is never kept
    name         TEXT NOT NULL,
    app_version  TEXT NOT NULL,
    enrolled_at  BIGINT NOT NULL,
    pushed_at    BIGINT,                 -- NULL: nothing pushed yet
    revoked_at   BIGINT,                 -- NULL: not revoked
    last_dev_seq BIGINT NOT NULL DEFAULT 0
);

CREATE INDEX devices_by_staff ON devices (staff);

CREATE TABLE enrolment_codes (
    hash       BYTEA NOT NULL PRIMARY KEY CHECK (length(hash) = 32),     -- SHA-256 of the code
    staff      TEXT COLLATE "C" NOT NULL REFERENCES staff (id),
    expires_at BIGINT NOT NULL,
    used_at    BIGINT,                   -- NULL: not used yet
    used_by    UUID                      -- the device that used it
);

-- The op log: everything anybody ever did, whole, with what became of it. Never deleted from.
CREATE TABLE ops (
    device      UUID NOT NULL REFERENCES devices (id),
    dev_seq     BIGINT NOT NULL,         -- dense per device, from 1
    op_id       UUID,                    -- NULL: could not be read
    repeated    BOOLEAN NOT NULL,        -- another device identity sent the same op before
    kind        TEXT,                    -- target; NULL: could not be read
    id          UUID,
    payload     TEXT NOT NULL,           -- the op as it came; TEXT, because JSONB knows no \u0000
    sent        TEXT NOT NULL,           -- how the device's clocks stood when it sent
    received_at BIGINT NOT NULL,
    outcome     TEXT NOT NULL,           -- JSON; what a replay gets again
    rev         BIGINT NOT NULL,         -- revision of the target afterwards
    quarantined BOOLEAN NOT NULL,        -- somebody must look at it
    PRIMARY KEY (device, dev_seq)
);

CREATE UNIQUE INDEX ops_by_id ON ops (op_id) WHERE op_id IS NOT NULL AND NOT repeated;
CREATE INDEX ops_repeated ON ops (op_id) WHERE repeated;
CREATE INDEX ops_unnamed ON ops (device) WHERE op_id IS NULL;
CREATE INDEX ops_quarantined ON ops (received_at) WHERE quarantined;

-- The current state of everything.
CREATE TABLE docs (
    kind       TEXT COLLATE "C" NOT NULL,
    id         UUID NOT NULL,
    rev        BIGINT NOT NULL,
    body       TEXT NOT NULL,            -- JSON
    changed_at BIGINT NOT NULL,
    PRIMARY KEY (kind, id)
);

-- Which document stands where in which feed: its latest place only.
CREATE TABLE feeds (
    scope    TEXT COLLATE "C" NOT NULL,
    kind     TEXT COLLATE "C" NOT NULL,
    id       UUID NOT NULL,
    seq      BIGINT NOT NULL,
    rev      BIGINT NOT NULL,            -- the revision counted in feed_heads.sum
    has_left BOOLEAN NOT NULL DEFAULT FALSE,  -- no longer in this feed; an id-only marker remains
    PRIMARY KEY (scope, kind, id),
    UNIQUE (scope, seq),
    FOREIGN KEY (kind, id) REFERENCES docs (kind, id)
);

CREATE INDEX feeds_by_doc ON feeds (kind, id);

-- How far each feed goes. The row is locked by whoever changes the feed, until they commit: that
-- is why a reader never sees a hole.
CREATE TABLE feed_heads (
    scope TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    seq   BIGINT NOT NULL,
    count BIGINT NOT NULL,               -- documents in it, those that left not counted
    sum   BIGINT NOT NULL                -- wrapping sum of their hashes, as the same 64 bits
);

-- 案件编号: the last number given on each local day.
CREATE TABLE case_numbers (
    day  TEXT COLLATE "C" NOT NULL PRIMARY KEY,  -- 20261124
    last BIGINT NOT NULL
);

-- Photos by digest; the bytes are files beside the database.
CREATE TABLE photos (
    digest      BYTEA NOT NULL PRIMARY KEY CHECK (length(digest) = 32),
    length      BIGINT NOT NULL,
    "offset"    BIGINT NOT NULL,         -- bytes that are fsynced
    device      UUID NOT NULL REFERENCES devices (id),
    staff       TEXT COLLATE "C" NOT NULL REFERENCES staff (id),
    created_at  BIGINT NOT NULL,
    updated_at  BIGINT NOT NULL,
    complete_at BIGINT                   -- NULL: bytes are missing or not verified
);

CREATE INDEX photos_by_device ON photos (device, created_at);
CREATE INDEX photos_unfinished ON photos (updated_at) WHERE complete_at IS NULL;

-- Which hub process is writing which photo, until when by the database's clock. Only here: an
-- embedded database has one process that serves.
CREATE TABLE upload_leases (
    digest BYTEA NOT NULL PRIMARY KEY,
    holder UUID NOT NULL,                -- made anew by each process
    until  TIMESTAMPTZ NOT NULL
);

-- Which documents show which photos (and thumbnails): who may see the one may see the other.
CREATE TABLE photo_refs (
    digest BYTEA NOT NULL,
    kind   TEXT COLLATE "C" NOT NULL,
    id     UUID NOT NULL,
    PRIMARY KEY (digest, kind, id)
);
