-- The registry. Text is compared byte by byte (the default collation, BINARY).

-- How many changes were committed.
CREATE TABLE state (
    only     INTEGER NOT NULL PRIMARY KEY CHECK (only = 1),
    revision INTEGER NOT NULL CHECK (revision >= 0)
) STRICT;
INSERT INTO state VALUES (1, 0);

-- Ids and the records that founded them, kept for ever.
CREATE TABLE identities (
    record_id TEXT    NOT NULL PRIMARY KEY,
    id        TEXT    NOT NULL UNIQUE,
    attempt   INTEGER NOT NULL CHECK (attempt >= 0),
    minted    INTEGER NOT NULL CHECK (minted >= 1)
) STRICT, WITHOUT ROWID;

-- Where each id leads: the result of the judgements, kept for quick reading.
CREATE TABLE clusters (
    id        TEXT NOT NULL PRIMARY KEY REFERENCES identities (id),
    canonical TEXT NOT NULL REFERENCES identities (id)
) STRICT, WITHOUT ROWID;
CREATE INDEX clusters_by_canonical ON clusters (canonical, id);

CREATE TABLE datasets (
    name         TEXT    NOT NULL PRIMARY KEY,
    record_count INTEGER NOT NULL CHECK (record_count >= 0),
    name_count   INTEGER NOT NULL CHECK (name_count >= 0),
    digest       TEXT    NOT NULL,
    imported_at  TEXT    NOT NULL
) STRICT, WITHOUT ROWID;

-- Records as their lists publish them now.
CREATE TABLE records (
    record_id TEXT    NOT NULL PRIMARY KEY REFERENCES identities (record_id),
    dataset   TEXT    NOT NULL REFERENCES datasets (name),
    digest    BLOB    NOT NULL CHECK (length(digest) = 32),
    names     INTEGER NOT NULL CHECK (names >= 1),
    json      TEXT    NOT NULL
) STRICT;
CREATE INDEX records_by_dataset ON records (dataset, record_id, digest);

-- Every import and what it was answered.
CREATE TABLE imports (
    number      INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    request_id  TEXT    UNIQUE,
    digest      BLOB    NOT NULL CHECK (length(digest) = 32),
    dataset     TEXT    NOT NULL REFERENCES datasets (name),
    at          TEXT    NOT NULL,
    added       INTEGER NOT NULL,
    changed     INTEGER NOT NULL,
    unchanged   INTEGER NOT NULL,
    removed     INTEGER NOT NULL,
    quarantined INTEGER NOT NULL,
    revision    INTEGER NOT NULL
) STRICT;

CREATE TABLE judgements (
    number   INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    revision INTEGER NOT NULL,
    at       TEXT    NOT NULL,
    left_id  TEXT    NOT NULL REFERENCES identities (record_id),
    right_id TEXT    NOT NULL REFERENCES identities (record_id) CHECK (right_id <> left_id),
    opinion  TEXT    NOT NULL CHECK (opinion IN ('same', 'different', 'unsure')),
    actor    TEXT    NOT NULL,
    reason   TEXT    NOT NULL
) STRICT;
CREATE INDEX judgements_by_left ON judgements (left_id);
CREATE INDEX judgements_by_right ON judgements (right_id);

CREATE TABLE withdrawals (
    judgement INTEGER NOT NULL PRIMARY KEY REFERENCES judgements (number),
    revision  INTEGER NOT NULL,
    at        TEXT    NOT NULL,
    actor     TEXT    NOT NULL,
    reason    TEXT    NOT NULL
) STRICT;

-- Rows of these are only ever added.
CREATE TRIGGER identities_stay  BEFORE DELETE ON identities  BEGIN SELECT RAISE (ABORT, 'identities are kept for ever'); END;
CREATE TRIGGER identities_hold  BEFORE UPDATE ON identities  BEGIN SELECT RAISE (ABORT, 'identities never change'); END;
CREATE TRIGGER imports_stay     BEFORE DELETE ON imports     BEGIN SELECT RAISE (ABORT, 'imports are kept for ever'); END;
CREATE TRIGGER imports_hold     BEFORE UPDATE ON imports     BEGIN SELECT RAISE (ABORT, 'imports never change'); END;
CREATE TRIGGER judgements_stay  BEFORE DELETE ON judgements  BEGIN SELECT RAISE (ABORT, 'judgements are kept for ever'); END;
CREATE TRIGGER judgements_hold  BEFORE UPDATE ON judgements  BEGIN SELECT RAISE (ABORT, 'judgements never change'); END;
CREATE TRIGGER withdrawals_stay BEFORE DELETE ON withdrawals BEGIN SELECT RAISE (ABORT, 'withdrawals are kept for ever'); END;
CREATE TRIGGER withdrawals_hold BEFORE UPDATE ON withdrawals BEGIN SELECT RAISE (ABORT, 'withdrawals never change'); END;
