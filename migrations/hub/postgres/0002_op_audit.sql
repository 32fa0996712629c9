-- What the operator did with operations in quarantine. Only added to.
CREATE TABLE op_audit (
    id      BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at      BIGINT NOT NULL,
    device  UUID NOT NULL,
    dev_seq BIGINT NOT NULL,
    deed    TEXT NOT NULL,               -- content_shown, retried
    before  TEXT NOT NULL,               -- JSON: the outcome it had
    after   TEXT NOT NULL,               -- JSON: the outcome it has since; the same when only shown
    FOREIGN KEY (device, dev_seq) REFERENCES ops (device, dev_seq)
);

CREATE INDEX op_audit_by_op ON op_audit (device, dev_seq);
