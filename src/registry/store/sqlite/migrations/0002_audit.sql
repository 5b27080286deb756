-- What every change leaves behind, what waits for a decision, and what is known to be a false hit.

ALTER TABLE judgements ADD COLUMN evidence TEXT NOT NULL DEFAULT '';

-- The last revision that changed a record: an index that shows it is up to date.
ALTER TABLE state ADD COLUMN records_revision INTEGER NOT NULL DEFAULT 0 CHECK (records_revision >= 0);
UPDATE state SET records_revision = revision;

-- Requests that were answered, with what they were answered.
CREATE TABLE requests (
    request_id TEXT NOT NULL PRIMARY KEY,
    action     TEXT NOT NULL,
    digest     BLOB NOT NULL CHECK (length(digest) = 32),
    answer     TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- One row a change, each with the hash of the one before.
CREATE TABLE audit (
    sequence INTEGER NOT NULL PRIMARY KEY CHECK (sequence >= 1),
    at       TEXT    NOT NULL,
    revision INTEGER NOT NULL,
    action   TEXT    NOT NULL,
    actor    TEXT    NOT NULL,
    detail   TEXT    NOT NULL,
    previous BLOB    NOT NULL CHECK (length(previous) = 32),
    hash     BLOB    NOT NULL CHECK (length(hash) = 32)
) STRICT;

-- What became of whom, for those who follow it.
CREATE TABLE changes (
    sequence  INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    revision  INTEGER NOT NULL,
    at        TEXT    NOT NULL,
    action    TEXT    NOT NULL CHECK (action IN ('added', 'changed', 'removed', 'merged', 'split')),
    entity    TEXT    NOT NULL,
    other     TEXT    NOT NULL,
    record_id TEXT    NOT NULL,
    judgement INTEGER NOT NULL,
    reason    TEXT    NOT NULL
) STRICT;
CREATE INDEX changes_by_entity ON changes (entity, sequence);
CREATE INDEX changes_by_other ON changes (other, sequence) WHERE other <> '';
CREATE INDEX changes_by_revision ON changes (revision, sequence);

-- Pairs that wait for somebody to decide them.
CREATE TABLE proposals (
    number   INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    revision INTEGER NOT NULL,
    at       TEXT    NOT NULL,
    left_id  TEXT    NOT NULL REFERENCES identities (record_id),
    right_id TEXT    NOT NULL REFERENCES identities (record_id) CHECK (right_id <> left_id),
    opinion  TEXT    NOT NULL CHECK (opinion IN ('same', 'different', 'unsure')),
    actor    TEXT    NOT NULL,
    reason   TEXT    NOT NULL,
    evidence TEXT    NOT NULL,
    worth    INTEGER NOT NULL CHECK (worth >= 0),
    conflict TEXT    NOT NULL
) STRICT;
CREATE INDEX proposals_by_worth ON proposals (worth DESC, number);
CREATE INDEX proposals_by_left ON proposals (left_id);
CREATE INDEX proposals_by_right ON proposals (right_id);

-- Hits of a caller's own party that are known to be false.
CREATE TABLE suppressions (
    number    INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    revision  INTEGER NOT NULL,
    at        TEXT    NOT NULL,
    subject   TEXT    NOT NULL,
    entity    TEXT    NOT NULL REFERENCES identities (id),
    actor     TEXT    NOT NULL,
    reason    TEXT    NOT NULL
) STRICT;
CREATE INDEX suppressions_by_subject ON suppressions (subject, number);

-- The end of a proposal or a suppression.
CREATE TABLE closings (
    kind     TEXT    NOT NULL CHECK (kind IN ('proposal', 'suppression')),
    number   INTEGER NOT NULL,
    revision INTEGER NOT NULL,
    at       TEXT    NOT NULL,
    actor    TEXT    NOT NULL,
    reason   TEXT    NOT NULL,
    PRIMARY KEY (kind, number)
) STRICT, WITHOUT ROWID;

-- Links of published records to others of their list.
CREATE TABLE relations (
    record_id TEXT NOT NULL REFERENCES records (record_id) ON DELETE CASCADE,
    target    TEXT NOT NULL,
    PRIMARY KEY (record_id, target)
) STRICT, WITHOUT ROWID;
CREATE INDEX relations_by_target ON relations (target, record_id);
INSERT OR IGNORE INTO relations (record_id, target)
    SELECT r.record_id, json_extract(e.value, '$.record') FROM records r, json_each(r.json, '$.relations') e
    WHERE json_extract(e.value, '$.record') IS NOT NULL;

-- A publisher's id that came to name somebody else, and the id under which that party is kept.
CREATE TABLE successions (
    record_id TEXT    NOT NULL PRIMARY KEY REFERENCES identities (record_id),
    successor TEXT    NOT NULL UNIQUE,
    revision  INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Rows of these are only ever added.
CREATE TRIGGER requests_stay     BEFORE DELETE ON requests     BEGIN SELECT RAISE (ABORT, 'requests are kept for ever'); END;
CREATE TRIGGER requests_hold     BEFORE UPDATE ON requests     BEGIN SELECT RAISE (ABORT, 'requests never change'); END;
CREATE TRIGGER audit_stays       BEFORE DELETE ON audit        BEGIN SELECT RAISE (ABORT, 'the audit is kept for ever'); END;
CREATE TRIGGER audit_holds       BEFORE UPDATE ON audit        BEGIN SELECT RAISE (ABORT, 'the audit never changes'); END;
CREATE TRIGGER changes_stay      BEFORE DELETE ON changes      BEGIN SELECT RAISE (ABORT, 'changes are kept for ever'); END;
CREATE TRIGGER changes_hold      BEFORE UPDATE ON changes      BEGIN SELECT RAISE (ABORT, 'changes never change'); END;
CREATE TRIGGER proposals_stay    BEFORE DELETE ON proposals    BEGIN SELECT RAISE (ABORT, 'proposals are kept for ever'); END;
CREATE TRIGGER proposals_hold    BEFORE UPDATE ON proposals    BEGIN SELECT RAISE (ABORT, 'proposals never change'); END;
CREATE TRIGGER suppressions_stay BEFORE DELETE ON suppressions BEGIN SELECT RAISE (ABORT, 'suppressions are kept for ever'); END;
CREATE TRIGGER suppressions_hold BEFORE UPDATE ON suppressions BEGIN SELECT RAISE (ABORT, 'suppressions never change'); END;
CREATE TRIGGER closings_stay     BEFORE DELETE ON closings     BEGIN SELECT RAISE (ABORT, 'closings are kept for ever'); END;
CREATE TRIGGER closings_hold     BEFORE UPDATE ON closings     BEGIN SELECT RAISE (ABORT, 'closings never change'); END;
CREATE TRIGGER successions_stay  BEFORE DELETE ON successions  BEGIN SELECT RAISE (ABORT, 'successions are kept for ever'); END;
CREATE TRIGGER successions_hold  BEFORE UPDATE ON successions  BEGIN SELECT RAISE (ABORT, 'successions never change'); END;
