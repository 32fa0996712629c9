-- When a photo was last looked at or taken: what was not looked at for longest makes room first.

ALTER TABLE files ADD COLUMN used_at INTEGER NOT NULL DEFAULT 0;

CREATE INDEX files_here ON files (own, used_at) WHERE here = 1 AND kind = 'photo';
