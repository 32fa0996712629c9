-- What each draft became, so that finishing it once more is answered with the same.

CREATE TABLE became (
    draft BLOB PRIMARY KEY CHECK (length(draft) = 16),
    kind  TEXT NOT NULL,
    id    BLOB NOT NULL CHECK (length(id) = 16)
) STRICT, WITHOUT ROWID;

-- Before, what a draft became had its id.
INSERT INTO became (draft, kind, id)
     SELECT target_id, target_kind, target_id
       FROM outbox
      WHERE target_kind IN ('case', 'record')
        AND op ->> '$.base_rev' = 0
      GROUP BY target_kind, target_id;
