-- Nobody lists dwellings, households or residents but by what they are in: an index of all of them, in
-- an order that is not the one they are entered in, only made each slower to enter.
DROP INDEX entries_by_kind;
CREATE INDEX entries_listed ON entries (kind, sort) WHERE kind NOT IN (1, 2, 3);
