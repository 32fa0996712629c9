-- How people were assigned before a pack assigned them otherwise; how they are assigned now stands in
-- `staff` and `staff_grids`, and until the first of these rows it was so from the beginning. What
-- somebody did is judged by what held when they did it, however late it comes.
CREATE TABLE former_assignments (
    staff       TEXT COLLATE "C" NOT NULL REFERENCES staff (id),
    since_at    BIGINT,                  -- the hub's time; NULL: from the beginning
    until_at    BIGINT NOT NULL,         -- when the pack was loaded that ended it
    grids       TEXT NOT NULL,           -- JSON array of codes
    roles       TEXT NOT NULL,           -- JSON array of roles
    permissions TEXT NOT NULL,           -- JSON array
    with_device BOOLEAN NOT NULL,        -- false: the person had no device yet, and can't have done anything
    PRIMARY KEY (staff, until_at)
);
