-- A place in a feed is kept by the numbers of the document and of the feed, not by their names: a
-- fifth of the bytes, two trees in place of three, and all places of a document side by side. An
-- edit of an old case touches pages from all over; these are fewer, and more of them stay in memory.

ALTER TABLE docs RENAME TO old_docs;

-- The current state of everything.
CREATE TABLE docs (
    no         INTEGER NOT NULL PRIMARY KEY,
    kind       TEXT NOT NULL,
    id         BLOB NOT NULL CHECK (length(id) = 16),
    rev        INTEGER NOT NULL,
    body       TEXT NOT NULL,            -- JSON
    changed_at INTEGER NOT NULL,
    UNIQUE (kind, id)
) STRICT;

INSERT INTO docs (kind, id, rev, body, changed_at)
SELECT kind, id, rev, body, changed_at
  FROM old_docs
 ORDER BY rowid;

ALTER TABLE feed_heads RENAME TO old_heads;

-- How far each feed goes. Bumped in the transaction that changes the feed: no holes.
CREATE TABLE feed_heads (
    no      INTEGER NOT NULL PRIMARY KEY,
    scope   TEXT NOT NULL UNIQUE,
    seq     INTEGER NOT NULL,
    count   INTEGER NOT NULL,            -- documents in it, those that left not counted
    sum     INTEGER NOT NULL,            -- wrapping sum of their hashes, as the same 64 bits
    horizon INTEGER NOT NULL DEFAULT 0   -- the last place that was forgotten; 0: none
) STRICT;

INSERT INTO feed_heads (scope, seq, count, sum, horizon)
SELECT scope, seq, count, sum, horizon
  FROM old_heads;

-- Which document stands where in which feed: its latest place only.
CREATE TABLE places (
    doc      INTEGER NOT NULL REFERENCES docs (no),
    feed     INTEGER NOT NULL REFERENCES feed_heads (no),
    seq      INTEGER NOT NULL,
    rev      INTEGER NOT NULL,           -- the revision counted in feed_heads.sum
    has_left INTEGER NOT NULL,           -- 1: no longer in this feed; an id-only marker remains
    deleted  INTEGER NOT NULL,           -- 1: its id and who deleted it are served in its place
    PRIMARY KEY (doc, feed),
    UNIQUE (feed, seq)
) STRICT, WITHOUT ROWID;

INSERT INTO places (doc, feed, seq, rev, has_left, deleted)
SELECT d.no, h.no, f.seq, f.rev, f.has_left, f.deleted
  FROM feeds AS f
  JOIN docs AS d ON d.kind = f.kind AND d.id = f.id
  JOIN feed_heads AS h ON h.scope = f.scope
 ORDER BY d.no, h.no;

DROP TABLE feeds;
DROP TABLE old_docs;
DROP TABLE old_heads;

-- The same by their names.
CREATE VIEW feeds AS
SELECT h.scope, d.kind, d.id, p.seq, p.rev, p.has_left, p.deleted
  FROM places AS p
  JOIN docs AS d ON d.no = p.doc
  JOIN feed_heads AS h ON h.no = p.feed;
