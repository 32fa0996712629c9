-- Files that were made of what was filled in: who asked for which, and why. Only added to.
CREATE TABLE exports (
    at        INTEGER NOT NULL,
    device    BLOB NOT NULL REFERENCES devices (id),
    staff     TEXT NOT NULL,
    form      TEXT NOT NULL,
    format    TEXT NOT NULL,
    first_day TEXT NOT NULL,
    last_day  TEXT NOT NULL,
    numbers   INTEGER NOT NULL,          -- what is shown masked stands there whole
    reason    TEXT NOT NULL,
    grids     INTEGER NOT NULL,          -- how many the person answers for
    records   INTEGER NOT NULL
) STRICT;
