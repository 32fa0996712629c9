-- What had no effect is told on a page; the outbox is never emptied, and going through all of it took longer
-- with each year of work.
CREATE INDEX outbox_no_effect ON outbox (acked_at)
 WHERE outcome IS NOT NULL
   AND json_extract(outcome, '$.outcome') IN ('conflict_kept', 'quarantined');
