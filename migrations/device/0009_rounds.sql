-- Rounds and campaigns: who is how old, and which form was filled in about whom.

ALTER TABLE entries ADD COLUMN birth TEXT NOT NULL DEFAULT ''; -- of a resident, YYYY-MM-DD

CREATE INDEX records_by_form ON records (form_id, finished_at);
