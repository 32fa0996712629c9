-- Files that were made of what was filled in: who asked for which, and why. Only added to.
CREATE TABLE exports (
    at        BIGINT NOT NULL,
    device    UUID NOT NULL REFERENCES devices (id),
    staff     TEXT NOT NULL,
    form      TEXT NOT NULL,
    format    TEXT NOT NULL,
    first_day TEXT NOT NULL,
    last_day  TEXT NOT NULL,
    numbers   BOOLEAN NOT NULL,          -- what is shown masked stands there whole
    reason    TEXT NOT NULL,
    grids     BIGINT NOT NULL,           -- how many the person answers for
    records   BIGINT NOT NULL
);
