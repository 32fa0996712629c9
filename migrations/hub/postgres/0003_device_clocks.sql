-- What each device's clocks said at its last hello that told them.
CREATE TABLE device_clocks (
    device  UUID NOT NULL PRIMARY KEY REFERENCES devices (id),
    at      BIGINT NOT NULL,             -- the hub's clock
    skew_ms BIGINT NOT NULL,             -- wall - at: positive when the device is ahead
    wall    BIGINT NOT NULL,
    mono    BIGINT NOT NULL,
    boot    TEXT NOT NULL
);
