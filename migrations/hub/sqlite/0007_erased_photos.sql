-- Photos that went with what was erased and whose bytes are still to be removed. The rows of `photos`
-- are gone by then.
CREATE TABLE erased_photos (
    digest BLOB NOT NULL PRIMARY KEY CHECK (length(digest) = 32)
) STRICT, WITHOUT ROWID;
