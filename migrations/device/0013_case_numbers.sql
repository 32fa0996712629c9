-- What a case is found by when its number is typed. Filled when everything is folded anew at the first
-- start of a version that knows it.

CREATE TABLE case_numbers (
    number     TEXT    NOT NULL, -- 案件编号 or 回执码, its own or of a case it goes on as; small letters
    case_rowid INTEGER NOT NULL, -- of the row in `cases`
    PRIMARY KEY (number, case_rowid)
) STRICT, WITHOUT ROWID;

CREATE INDEX case_numbers_by_case ON case_numbers (case_rowid);
