-- The register 一标三实 and visits: what lists and search show of them. Made anew from mirror and
-- outbox at any time.

CREATE TABLE entries (
    id           BLOB    PRIMARY KEY CHECK (length(id) = 16),
    kind         INTEGER NOT NULL, -- 0 building, 1 dwelling, 2 household, 3 resident, 4 place
    grid         TEXT    NOT NULL,
    parent       BLOB,             -- the entry it belongs to
    title        TEXT    NOT NULL, -- a name, a room's number
    sort         TEXT    NOT NULL, -- what lists are ordered by
    place        TEXT    NOT NULL, -- of a building its compound, of a dwelling its door: 3-2-501
    unit         TEXT    NOT NULL, -- of a dwelling
    floor        INTEGER,          -- of a dwelling
    gone         INTEGER NOT NULL, -- moved away, dead, ended
    tags         TEXT    NOT NULL, -- care tags, a blank before and behind each
    conflicts    INTEGER NOT NULL, -- fields in which several values stand
    confirmed_at INTEGER NOT NULL, -- when anybody last said of any field that it is so
    unsent       INTEGER NOT NULL  -- operations the hub doesn't have
) STRICT;

CREATE INDEX entries_by_parent ON entries (parent, kind, sort);
CREATE INDEX entries_by_kind ON entries (kind, sort);

-- 居民 counts these.
CREATE INDEX entries_disputed ON entries (id) WHERE conflicts > 0;

CREATE TABLE entry_keys (
    -- What an entry is found by, from the beginning of each key: words, pinyin, initials, numbers.
    key   TEXT    NOT NULL,
    entry INTEGER NOT NULL, -- rowid of the entry
    PRIMARY KEY (key, entry)
) STRICT, WITHOUT ROWID;

CREATE INDEX entry_keys_by_entry ON entry_keys (entry);

CREATE TABLE visits (
    id      BLOB    PRIMARY KEY CHECK (length(id) = 16),
    at_id   BLOB    NOT NULL CHECK (length(at_id) = 16), -- the dwelling or place
    at      INTEGER NOT NULL,
    outcome TEXT    NOT NULL, -- shared::visit::Met
    note    TEXT    NOT NULL,
    staff   TEXT    NOT NULL,
    unsent  INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX visits_by_door ON visits (at_id, at);
