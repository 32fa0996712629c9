-- What the person has seen of their own work that had no effect.

CREATE TABLE acknowledged (
    op_id BLOB    PRIMARY KEY CHECK (length(op_id) = 16),
    at    INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- 今日 counts these.
CREATE INDEX cases_asking ON cases (id) WHERE attention = 1;
