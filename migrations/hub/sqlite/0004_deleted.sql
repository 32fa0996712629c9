-- Deleting, and forgetting what was deleted long ago.

-- 1: the document was deleted; its id and who deleted it are served in its place.
ALTER TABLE feeds ADD COLUMN deleted INTEGER NOT NULL DEFAULT 0;

-- The last place an operator had forgotten; whoever stands before it begins the feed anew. 0: none.
ALTER TABLE feed_heads ADD COLUMN horizon INTEGER NOT NULL DEFAULT 0;
