-- The registry. Text is compared byte by byte.

-- How many changes were committed.
CREATE TABLE state (
    single   BIGINT NOT NULL PRIMARY KEY CHECK (single = 1),
    revision BIGINT NOT NULL CHECK (revision >= 0)
);
INSERT INTO state VALUES (1, 0);

-- Ids and the records that founded them, kept for ever.
CREATE TABLE identities (
    record_id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    id        TEXT COLLATE "C" NOT NULL UNIQUE,
    attempt   BIGINT NOT NULL CHECK (attempt >= 0),
    minted    BIGINT NOT NULL CHECK (minted >= 1)
);

-- Where each id leads: the result of the judgements, kept for quick reading.
CREATE TABLE clusters (
    id        TEXT COLLATE "C" NOT NULL PRIMARY KEY REFERENCES identities (id),
    canonical TEXT COLLATE "C" NOT NULL REFERENCES identities (id)
);
CREATE INDEX clusters_by_canonical ON clusters (canonical, id);

CREATE TABLE datasets (
    name         TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    record_count BIGINT NOT NULL CHECK (record_count >= 0),
    name_count   BIGINT NOT NULL CHECK (name_count >= 0),
    digest       TEXT COLLATE "C" NOT NULL,
    imported_at  TEXT COLLATE "C" NOT NULL
);

-- Records as their lists publish them now.
CREATE TABLE records (
    record_id TEXT COLLATE "C" NOT NULL PRIMARY KEY REFERENCES identities (record_id),
    dataset   TEXT COLLATE "C" NOT NULL REFERENCES datasets (name),
    digest    BYTEA NOT NULL CHECK (octet_length(digest) = 32),
    names     BIGINT NOT NULL CHECK (names >= 1),
    json      TEXT COLLATE "C" NOT NULL
);
CREATE INDEX records_by_dataset ON records (dataset, record_id, digest);

-- Every import and what it was answered.
CREATE TABLE imports (
    number      BIGINT NOT NULL PRIMARY KEY,
    request_id  TEXT COLLATE "C" UNIQUE,
    digest      BYTEA NOT NULL CHECK (octet_length(digest) = 32),
    dataset     TEXT COLLATE "C" NOT NULL REFERENCES datasets (name),
    at          TEXT COLLATE "C" NOT NULL,
    added       BIGINT NOT NULL,
    changed     BIGINT NOT NULL,
    unchanged   BIGINT NOT NULL,
    removed     BIGINT NOT NULL,
    quarantined BIGINT NOT NULL,
    revision    BIGINT NOT NULL
);

CREATE TABLE judgements (
    number   BIGINT NOT NULL PRIMARY KEY,
    revision BIGINT NOT NULL,
    at       TEXT COLLATE "C" NOT NULL,
    left_id  TEXT COLLATE "C" NOT NULL REFERENCES identities (record_id),
    right_id TEXT COLLATE "C" NOT NULL REFERENCES identities (record_id) CHECK (right_id <> left_id),
    opinion  TEXT COLLATE "C" NOT NULL CHECK (opinion IN ('same', 'different', 'unsure')),
    actor    TEXT COLLATE "C" NOT NULL,
    reason   TEXT COLLATE "C" NOT NULL
);
CREATE INDEX judgements_by_left ON judgements (left_id);
CREATE INDEX judgements_by_right ON judgements (right_id);

CREATE TABLE withdrawals (
    judgement BIGINT NOT NULL PRIMARY KEY REFERENCES judgements (number),
    revision  BIGINT NOT NULL,
    at        TEXT COLLATE "C" NOT NULL,
    actor     TEXT COLLATE "C" NOT NULL,
    reason    TEXT COLLATE "C" NOT NULL
);

-- Rows of these are only ever added.
CREATE FUNCTION refuse () RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '%', TG_ARGV[0];
END
$$;
CREATE TRIGGER identities_stay BEFORE DELETE ON identities FOR EACH ROW EXECUTE FUNCTION refuse ('identities are kept for ever');
CREATE TRIGGER identities_stay_whole BEFORE TRUNCATE ON identities FOR EACH STATEMENT EXECUTE FUNCTION refuse ('identities are kept for ever');
CREATE TRIGGER identities_hold BEFORE UPDATE ON identities FOR EACH ROW EXECUTE FUNCTION refuse ('identities never change');
CREATE TRIGGER imports_stay BEFORE DELETE ON imports FOR EACH ROW EXECUTE FUNCTION refuse ('imports are kept for ever');
CREATE TRIGGER imports_stay_whole BEFORE TRUNCATE ON imports FOR EACH STATEMENT EXECUTE FUNCTION refuse ('imports are kept for ever');
CREATE TRIGGER imports_hold BEFORE UPDATE ON imports FOR EACH ROW EXECUTE FUNCTION refuse ('imports never change');
CREATE TRIGGER judgements_stay BEFORE DELETE ON judgements FOR EACH ROW EXECUTE FUNCTION refuse ('judgements are kept for ever');
CREATE TRIGGER judgements_stay_whole BEFORE TRUNCATE ON judgements FOR EACH STATEMENT EXECUTE FUNCTION refuse ('judgements are kept for ever');
CREATE TRIGGER judgements_hold BEFORE UPDATE ON judgements FOR EACH ROW EXECUTE FUNCTION refuse ('judgements never change');
CREATE TRIGGER withdrawals_stay BEFORE DELETE ON withdrawals FOR EACH ROW EXECUTE FUNCTION refuse ('withdrawals are kept for ever');
CREATE TRIGGER withdrawals_stay_whole BEFORE TRUNCATE ON withdrawals FOR EACH STATEMENT EXECUTE FUNCTION refuse ('withdrawals are kept for ever');
CREATE TRIGGER withdrawals_hold BEFORE UPDATE ON withdrawals FOR EACH ROW EXECUTE FUNCTION refuse ('withdrawals never change');
