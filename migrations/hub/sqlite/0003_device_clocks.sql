-- What each device's clocks said at its last hello that told them.
CREATE TABLE device_clocks (
    device  BLOB NOT NULL PRIMARY KEY REFERENCES devices (id),
    at      INTEGER NOT NULL,            -- the hub's clock
    skew_ms INTEGER NOT NULL,            -- wall - at: positive when the device is ahead
    wall    INTEGER NOT NULL,
    mono    INTEGER NOT NULL,
    boot    TEXT NOT NULL
) STRICT;
