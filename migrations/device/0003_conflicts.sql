-- Fields of a case that two people corrected without knowing of each other, counted where this person
-- may decide. Folding writes it.

ALTER TABLE cases ADD COLUMN conflicts INTEGER NOT NULL DEFAULT 0;

-- 今日 counts these.
CREATE INDEX cases_undecided ON cases (updated_at, id) WHERE conflicts > 0;
