-- Large registers: what lists tell of all of them is not counted anew each time somebody asks.

CREATE TABLE touched (
    -- Where something changed, so that what the doors of one building ask for is counted anew and
    -- that of the others is not. Every building that has doors is here, whether it is itself or not.
    building BLOB    PRIMARY KEY, -- its id; empty: doors that are in none
    at       INTEGER NOT NULL     -- counts changes; the later, the higher
) STRICT, WITHOUT ROWID;

CREATE INDEX touched_by_at ON touched (at);

INSERT INTO touched (building, at)
     SELECT DISTINCT ifnull(parent, x''), 1
       FROM entries
      WHERE kind = 1
      UNION
     SELECT id, 1
       FROM entries
      WHERE kind = 0;

CREATE TABLE there (
    -- How many entries of a kind are there: not gone, and not going on as another.
    kind  INTEGER PRIMARY KEY,
    count INTEGER NOT NULL
) STRICT;

INSERT INTO there (kind, count)
     SELECT kind, count(*)
       FROM entries
      WHERE gone = 0
        AND survivor IS NULL
      GROUP BY kind;

-- It was there to be counted.
DROP INDEX entries_there;
