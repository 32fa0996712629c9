-- Households and those who stand in the register twice. Made anew from mirror and outbox at any time.

ALTER TABLE entries ADD COLUMN is_head INTEGER NOT NULL DEFAULT 0; -- of a resident: 户主
ALTER TABLE entries ADD COLUMN same_as BLOB;  -- of a resident: whom they are said to be
ALTER TABLE entries ADD COLUMN survivor BLOB; -- of a resident: who goes on in their place; NULL: they

CREATE INDEX entries_by_same_as ON entries (same_as) WHERE same_as IS NOT NULL;
CREATE INDEX entries_by_survivor ON entries (survivor) WHERE survivor IS NOT NULL;

-- 居民 counts these.
CREATE INDEX entries_there ON entries (kind) WHERE gone = 0 AND survivor IS NULL;

CREATE TABLE alike_keys (
    -- What two entries of one person have in common.
    key   TEXT NOT NULL,
    entry BLOB NOT NULL CHECK (length(entry) = 16),
    PRIMARY KEY (key, entry)
) STRICT, WITHOUT ROWID;

CREATE INDEX alike_keys_by_entry ON alike_keys (entry);

CREATE TABLE alike (
    -- Pairs that have one, found when the later of them is folded.
    one       BLOB    NOT NULL CHECK (length(one) = 16), -- the lower id, who was entered first
    other     BLOB    NOT NULL CHECK (length(other) = 16),
    by_number INTEGER NOT NULL, -- the number is the same, not just name and birth
    PRIMARY KEY (one, other)
) STRICT, WITHOUT ROWID;

CREATE INDEX alike_by_other ON alike (other);

CREATE TABLE not_alike (
    -- Of whom somebody said that they are two.
    entry BLOB NOT NULL CHECK (length(entry) = 16), -- the entry that says so
    other BLOB NOT NULL CHECK (length(other) = 16),
    PRIMARY KEY (entry, other)
) STRICT, WITHOUT ROWID;
