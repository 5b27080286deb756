-- What every change leaves behind, what waits for a decision, and what is known to be a false hit.

ALTER TABLE judgements ADD COLUMN evidence TEXT COLLATE "C" NOT NULL DEFAULT '';

-- The last revision that changed a record: an index that shows it is up to date.
ALTER TABLE state ADD COLUMN records_revision BIGINT NOT NULL DEFAULT 0 CHECK (records_revision >= 0);
UPDATE state SET records_revision = revision;

-- Requests that were answered, with what they were answered.
CREATE TABLE requests (
    request_id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    action     TEXT COLLATE "C" NOT NULL,
    digest     BYTEA NOT NULL CHECK (octet_length(digest) = 32),
    answer     TEXT COLLATE "C" NOT NULL
);

-- One row a change, each with the hash of the one before.
CREATE TABLE audit (
    sequence BIGINT NOT NULL PRIMARY KEY CHECK (sequence >= 1),
    at       TEXT COLLATE "C" NOT NULL,
    revision BIGINT NOT NULL,
    action   TEXT COLLATE "C" NOT NULL,
    actor    TEXT COLLATE "C" NOT NULL,
    detail   TEXT COLLATE "C" NOT NULL,
    previous BYTEA NOT NULL CHECK (octet_length(previous) = 32),
    hash     BYTEA NOT NULL CHECK (octet_length(hash) = 32)
);

-- What became of whom, for those who follow it.
CREATE TABLE changes (
    sequence  BIGINT NOT NULL PRIMARY KEY,
    revision  BIGINT NOT NULL,
    at        TEXT COLLATE "C" NOT NULL,
    action    TEXT COLLATE "C" NOT NULL CHECK (action IN ('added', 'changed', 'removed', 'merged', 'split')),
    entity    TEXT COLLATE "C" NOT NULL,
    other     TEXT COLLATE "C" NOT NULL,
    record_id TEXT COLLATE "C" NOT NULL,
    judgement BIGINT NOT NULL,
    reason    TEXT COLLATE "C" NOT NULL
);
CREATE INDEX changes_by_entity ON changes (entity, sequence);
CREATE INDEX changes_by_other ON changes (other, sequence) WHERE other <> '';
CREATE INDEX changes_by_revision ON changes (revision, sequence);

-- Pairs that wait for somebody to decide them.
CREATE TABLE proposals (
    number   BIGINT NOT NULL PRIMARY KEY,
    revision BIGINT NOT NULL,
    at       TEXT COLLATE "C" NOT NULL,
    left_id  TEXT COLLATE "C" NOT NULL REFERENCES identities (record_id),
    right_id TEXT COLLATE "C" NOT NULL REFERENCES identities (record_id) CHECK (right_id <> left_id),
    opinion  TEXT COLLATE "C" NOT NULL CHECK (opinion IN ('same', 'different', 'unsure')),
    actor    TEXT COLLATE "C" NOT NULL,
    reason   TEXT COLLATE "C" NOT NULL,
    evidence TEXT COLLATE "C" NOT NULL,
    worth    BIGINT NOT NULL CHECK (worth >= 0),
    conflict TEXT COLLATE "C" NOT NULL
);
CREATE INDEX proposals_by_worth ON proposals (worth DESC, number);
CREATE INDEX proposals_by_left ON proposals (left_id);
CREATE INDEX proposals_by_right ON proposals (right_id);

-- Hits of a caller's own party that are known to be false.
CREATE TABLE suppressions (
    number    BIGINT NOT NULL PRIMARY KEY,
    revision  BIGINT NOT NULL,
    at        TEXT COLLATE "C" NOT NULL,
    subject   TEXT COLLATE "C" NOT NULL,
    entity    TEXT COLLATE "C" NOT NULL REFERENCES identities (id),
    actor     TEXT COLLATE "C" NOT NULL,
    reason    TEXT COLLATE "C" NOT NULL
);
CREATE INDEX suppressions_by_subject ON suppressions (subject, number);

-- The end of a proposal or a suppression.
CREATE TABLE closings (
    kind     TEXT COLLATE "C" NOT NULL CHECK (kind IN ('proposal', 'suppression')),
    number   BIGINT NOT NULL,
    revision BIGINT NOT NULL,
    at       TEXT COLLATE "C" NOT NULL,
    actor    TEXT COLLATE "C" NOT NULL,
    reason   TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (kind, number)
);

-- Links of published records to others of their list.
CREATE TABLE relations (
    record_id TEXT COLLATE "C" NOT NULL REFERENCES records (record_id) ON DELETE CASCADE,
    target    TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (record_id, target)
);
CREATE INDEX relations_by_target ON relations (target, record_id);

-- A publisher's id that came to name somebody else, and the id under which that party is kept.
CREATE TABLE successions (
    record_id TEXT COLLATE "C" NOT NULL PRIMARY KEY REFERENCES identities (record_id),
    successor TEXT COLLATE "C" NOT NULL UNIQUE,
    revision  BIGINT NOT NULL
);

-- Rows of these are only ever added.
CREATE TRIGGER requests_stay BEFORE DELETE ON requests FOR EACH ROW EXECUTE FUNCTION refuse ('requests are kept for ever');
CREATE TRIGGER requests_stay_whole BEFORE TRUNCATE ON requests FOR EACH STATEMENT EXECUTE FUNCTION refuse ('requests are kept for ever');
CREATE TRIGGER requests_hold BEFORE UPDATE ON requests FOR EACH ROW EXECUTE FUNCTION refuse ('requests never change');
CREATE TRIGGER audit_stays BEFORE DELETE ON audit FOR EACH ROW EXECUTE FUNCTION refuse ('the audit is kept for ever');
CREATE TRIGGER audit_stays_whole BEFORE TRUNCATE ON audit FOR EACH STATEMENT EXECUTE FUNCTION refuse ('the audit is kept for ever');
CREATE TRIGGER audit_holds BEFORE UPDATE ON audit FOR EACH ROW EXECUTE FUNCTION refuse ('the audit never changes');
CREATE TRIGGER changes_stay BEFORE DELETE ON changes FOR EACH ROW EXECUTE FUNCTION refuse ('changes are kept for ever');
CREATE TRIGGER changes_stay_whole BEFORE TRUNCATE ON changes FOR EACH STATEMENT EXECUTE FUNCTION refuse ('changes are kept for ever');
CREATE TRIGGER changes_hold BEFORE UPDATE ON changes FOR EACH ROW EXECUTE FUNCTION refuse ('changes never change');
CREATE TRIGGER proposals_stay BEFORE DELETE ON proposals FOR EACH ROW EXECUTE FUNCTION refuse ('proposals are kept for ever');
CREATE TRIGGER proposals_stay_whole BEFORE TRUNCATE ON proposals FOR EACH STATEMENT EXECUTE FUNCTION refuse ('proposals are kept for ever');
CREATE TRIGGER proposals_hold BEFORE UPDATE ON proposals FOR EACH ROW EXECUTE FUNCTION refuse ('proposals never change');
CREATE TRIGGER suppressions_stay BEFORE DELETE ON suppressions FOR EACH ROW EXECUTE FUNCTION refuse ('suppressions are kept for ever');
CREATE TRIGGER suppressions_stay_whole BEFORE TRUNCATE ON suppressions FOR EACH STATEMENT EXECUTE FUNCTION refuse ('suppressions are kept for ever');
CREATE TRIGGER suppressions_hold BEFORE UPDATE ON suppressions FOR EACH ROW EXECUTE FUNCTION refuse ('suppressions never change');
CREATE TRIGGER closings_stay BEFORE DELETE ON closings FOR EACH ROW EXECUTE FUNCTION refuse ('closings are kept for ever');
CREATE TRIGGER closings_stay_whole BEFORE TRUNCATE ON closings FOR EACH STATEMENT EXECUTE FUNCTION refuse ('closings are kept for ever');
CREATE TRIGGER closings_hold BEFORE UPDATE ON closings FOR EACH ROW EXECUTE FUNCTION refuse ('closings never change');
CREATE TRIGGER successions_stay BEFORE DELETE ON successions FOR EACH ROW EXECUTE FUNCTION refuse ('successions are kept for ever');
CREATE TRIGGER successions_stay_whole BEFORE TRUNCATE ON successions FOR EACH STATEMENT EXECUTE FUNCTION refuse ('successions are kept for ever');
CREATE TRIGGER successions_hold BEFORE UPDATE ON successions FOR EACH ROW EXECUTE FUNCTION refuse ('successions never change');
