-- What entries are found by stands in parts, each of the entries that came one after the other (the number
-- of an entry's row / 2^18). In one order, a table that was taken over touched every page of what a whole
-- city is found by.

CREATE TABLE keys_in_parts (
    part  INTEGER NOT NULL,
    key   TEXT    NOT NULL,
    entry INTEGER NOT NULL, -- rowid of the entry
    PRIMARY KEY (part, key, entry)
) STRICT, WITHOUT ROWID;

INSERT INTO keys_in_parts (part, key, entry)
     SELECT entry >> 18 AS part, key, entry
       FROM entry_keys
      ORDER BY part, key, entry;

DROP TABLE entry_keys;
ALTER TABLE keys_in_parts RENAME TO entry_keys;
