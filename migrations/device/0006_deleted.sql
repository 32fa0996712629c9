-- Deleting.

CREATE TABLE deleted (
    -- Documents that were deleted at the hub and that this device did something with: who deleted
    -- them, when and why, never what they were. A row goes when the document comes back.
    kind     TEXT    NOT NULL,
    id       BLOB    NOT NULL CHECK (length(id) = 16),
    rev      INTEGER NOT NULL,
    deletion TEXT    NOT NULL, -- shared::case::Deletion, JSON
    PRIMARY KEY (kind, id)
) STRICT, WITHOUT ROWID;
