-- What an entry is found by and compared by, as it was written last. It is looked up when that changes or
-- the entry goes; the two indexes that told it before held every key once more, in the order that
-- costs most to write.

CREATE TABLE entry_found (
    entry INTEGER PRIMARY KEY, -- rowid of the entry
    keys  TEXT    NOT NULL     -- JSON: the keys of its rows in entry_keys
) STRICT;

INSERT INTO entry_found (entry, keys)
     SELECT entry, json_group_array(key)
       FROM entry_keys
      GROUP BY entry;

DROP INDEX entry_keys_by_entry;

CREATE TABLE alike_found (
    entry BLOB PRIMARY KEY CHECK (length(entry) = 16),
    keys  TEXT NOT NULL -- JSON: the keys of its rows in alike_keys, in order
) STRICT, WITHOUT ROWID;

INSERT INTO alike_found (entry, keys)
     SELECT entry, json_group_array(key)
       FROM (SELECT entry, key FROM alike_keys ORDER BY entry, key)
      GROUP BY entry;

DROP INDEX alike_keys_by_entry;
