use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use rusqlite::{Connection, OptionalExtension, Row, Transaction, TransactionBehavior, params};

use super::ScreeningError;
use super::screen::{Alert, AlertKind, Hit, Screened, Subject, verdict};
use crate::model::Version;

/// Marks the file as a portfolio of exonym: "expf" in ASCII.
const APPLICATION_ID: i32 = 0x6578_7066;
const SCHEMA: i32 = 1;

/// `index_version`, `model` and `revision` are those of the version in which hits and alerts were found.
const TABLES: &str = "
CREATE TABLE subjects (
    id TEXT NOT NULL PRIMARY KEY,
    query BLOB NOT NULL,
    hits TEXT NOT NULL,
    index_version TEXT NOT NULL,
    model TEXT NOT NULL,
    revision INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE alerts (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    kind TEXT NOT NULL,
    subject TEXT NOT NULL,
    hit TEXT NOT NULL,
    former TEXT,
    index_version TEXT NOT NULL,
    model TEXT NOT NULL,
    revision INTEGER NOT NULL,
    at TEXT NOT NULL
) STRICT;
";

/// The rows of a portfolio in SQLite. `synchronous = FULL`: what was committed is on the disk.
pub(super) struct Rows {
    path: PathBuf,
    connection: Mutex<Connection>,
}

type Result<T> = std::result::Result<T, ScreeningError>;

impl Rows {
    /// Opens a file, made where there is none. The data directory it lies in is held by this process.
    pub(super) fn open(path: &Path) -> Result<Rows> {
        let fail = |source| ScreeningError::Database { path: path.to_owned(), source };
        let mut connection = Connection::open(path).map_err(fail)?;
        let word = |name: &str, connection: &Connection| {
            connection.query_row(&format!("PRAGMA {name}"), [], |row| row.get::<_, i32>(0))
        };
        let mark = word("application_id", &connection).map_err(fail)?;
        let schema = word("user_version", &connection).map_err(fail)?;
        match (mark, schema) {
            (0, 0) => {
                connection.pragma_update(None, "journal_mode", "WAL").map_err(fail)?;
                let transaction = connection.transaction().map_err(fail)?;
                transaction.execute_batch(TABLES).map_err(fail)?;
                transaction.pragma_update(None, "user_version", SCHEMA).map_err(fail)?;
                transaction.pragma_update(None, "application_id", APPLICATION_ID).map_err(fail)?;
                transaction.commit().map_err(fail)?;
            }
            (APPLICATION_ID, SCHEMA) => {}
            _ => return Err(ScreeningError::Foreign { path: path.to_owned() }),
        }
        connection.pragma_update(None, "synchronous", "FULL").map_err(fail)?;
        Ok(Rows { path: path.to_owned(), connection: Mutex::new(connection) })
    }

    fn connection(&self) -> MutexGuard<'_, Connection> {
        // A transaction that a panic left open is rolled back when it is dropped.
        self.connection.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn fail(&self, source: rusqlite::Error) -> ScreeningError {
        ScreeningError::Database { path: self.path.clone(), source }
    }

    fn damaged(&self, what: String, reason: impl ToString) -> ScreeningError {
        ScreeningError::Damaged { path: self.path.clone(), what, reason: reason.to_string() }
    }

    /// Runs a change: all of it is there afterwards, or nothing.
    pub(super) fn write<T>(&self, change: impl FnOnce(&Transaction<'_>) -> rusqlite::Result<T>) -> Result<T> {
        let mut connection = self.connection();
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate);
        let done = transaction.and_then(|transaction| {
            let done = change(&transaction)?;
            transaction.commit()?;
            Ok(done)
        });
        done.map_err(|error| self.fail(error))
    }

    /// A subject.
    pub(super) fn subject(&self, id: &str) -> Result<Option<Screened>> {
        let found = {
            let connection = self.connection();
            let found = connection
                .prepare_cached("SELECT id, query, hits, index_version, model, revision FROM subjects WHERE id = ?")
                .and_then(|mut statement| statement.query_row([id], row).optional());
            found.map_err(|error| self.fail(error))?
        };
        found.map(|row| self.screened(row)).transpose()
    }

    fn screened(&self, (subject, hits, version): (Subject, String, Version)) -> Result<Screened> {
        let hits = serde_json::from_str(&hits)
            .map_err(|error| self.damaged(format!("hits of subject {:?}", subject.id), error))?;
        Ok(Screened { subject, hits, version })
    }

    /// The first `limit` subjects behind an id, ordered by id; only those not screened in a version where one is given.
    pub(super) fn subjects(&self, after: &str, limit: usize, other_than: Option<&Version>) -> Result<Vec<Screened>> {
        let connection = self.connection();
        let (index, model, revision) = other_than
            .map_or(("", "", 0), |version| (version.index.as_str(), version.model.as_str(), version.registry_revision));
        let all = other_than.is_none();
        let rows = connection
            .prepare_cached(
                "SELECT id, query, hits, index_version, model, revision FROM subjects WHERE id > ?1 AND (?2 OR NOT
                 (index_version = ?3 AND model = ?4 AND revision = ?5)) ORDER BY id LIMIT ?6",
            )
            .and_then(|mut statement| {
                let rows = statement.query_map(params![after, all, index, model, revision, limit as u64], row)?;
                rows.collect::<rusqlite::Result<Vec<_>>>()
            });
        rows.map_err(|error| self.fail(error))?.into_iter().map(|row| self.screened(row)).collect()
    }

    /// How many of some subjects there are, and how many in all.
    pub(super) fn count(&self, of: &[Subject]) -> Result<(u64, u64)> {
        let connection = self.connection();
        let count = || {
            let mut there = 0;
            for subject in of {
                let sql = "SELECT count(*) FROM subjects WHERE id = ?";
                there += connection.query_row(sql, [&subject.id], |row| row.get::<_, u64>(0))?;
            }
            Ok((there, connection.query_row("SELECT count(*) FROM subjects", [], |row| row.get(0))?))
        };
        count().map_err(|error| self.fail(error))
    }

    /// The first `limit` alerts behind a number, in order.
    pub(super) fn alerts(&self, after: u64, limit: usize) -> Result<Vec<Alert>> {
        let connection = self.connection();
        let rows = connection
            .prepare_cached(
                "SELECT number, kind, subject, hit, former, index_version, model, revision, at FROM alerts
                 WHERE number > ?1 ORDER BY number LIMIT ?2",
            )
            .and_then(|mut statement| {
                let rows = statement.query_map(params![after, limit as u64], |row| {
                    let words: (u64, String, String, String, Option<String>) =
                        (row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?);
                    Ok((words, version(row, 5)?, row.get::<_, String>(8)?))
                })?;
                rows.collect::<rusqlite::Result<Vec<_>>>()
            });
        let alert = |((number, kind, subject, hit, former), version, at): (_, Version, String)| {
            let damaged = |reason: String| self.damaged(format!("alert {number}"), reason);
            let kind: String = kind;
            let former: Option<String> = former;
            let hit: String = hit;
            Ok(Alert {
                number,
                kind: AlertKind::parse(&kind).ok_or_else(|| damaged(format!("kind {kind:?}")))?,
                subject,
                hit: serde_json::from_str(&hit).map_err(|error| damaged(error.to_string()))?,
                former: match former {
                    None => None,
                    Some(word) => Some(verdict::parse(&word).ok_or_else(|| damaged(format!("verdict {word:?}")))?),
                },
                version,
                at: at.parse().map_err(|error: jiff::Error| damaged(error.to_string()))?,
            })
        };
        rows.map_err(|error| self.fail(error))?.into_iter().map(alert).collect()
    }

    /// The numbers of the first alert that is kept and of the last one there ever was; 1 and 0 where there was none.
    pub(super) fn bounds(&self) -> Result<(u64, u64)> {
        let connection = self.connection();
        let bounds = || {
            let last: u64 = connection.query_row(
                "SELECT coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'alerts'), 0)",
                [],
                |row| row.get(0),
            )?;
            let first: Option<u64> = connection.query_row("SELECT min(number) FROM alerts", [], |row| row.get(0))?;
            Ok((first.unwrap_or(last + 1), last))
        };
        bounds().map_err(|error| self.fail(error))
    }
}

fn row(row: &Row<'_>) -> rusqlite::Result<(Subject, String, Version)> {
    Ok((Subject { id: row.get(0)?, bytes: row.get(1)? }, row.get(2)?, version(row, 3)?))
}

fn version(row: &Row<'_>, at: usize) -> rusqlite::Result<Version> {
    Ok(Version { index: row.get(at)?, model: row.get(at + 1)?, registry_revision: row.get(at + 2)? })
}

/// The hits as a column has them.
pub(super) fn written(hits: &impl serde::Serialize) -> String {
    // Strings and numbers: there is nothing that JSON cannot say.
    serde_json::to_string(hits).unwrap_or_default()
}

/// Adds or replaces a subject.
pub(super) fn put(transaction: &Transaction<'_>, screened: &Screened) -> rusqlite::Result<()> {
    let Screened { subject, hits, version } = screened;
    let mut statement = transaction.prepare_cached("INSERT OR REPLACE INTO subjects VALUES (?, ?, ?, ?, ?, ?)")?;
    let (index, model, revision) = (&version.index, &version.model, version.registry_revision);
    statement.execute(params![subject.id, subject.bytes, written(hits), index, model, revision])?;
    Ok(())
}

/// Replaces the hits of a subject; false if it is another one by now, or gone.
pub(super) fn update(transaction: &Transaction<'_>, screened: &Screened) -> rusqlite::Result<bool> {
    let Screened { subject, hits, version } = screened;
    let mut statement = transaction.prepare_cached(
        "UPDATE subjects SET hits = ?, index_version = ?, model = ?, revision = ? WHERE id = ? AND query = ?",
    )?;
    let (index, model, revision) = (&version.index, &version.model, version.registry_revision);
    Ok(statement.execute(params![written(hits), index, model, revision, subject.id, subject.bytes])? == 1)
}

/// Adds an alert and drops the one that is `keep` alerts older.
pub(super) fn tell(
    transaction: &Transaction<'_>,
    (kind, hit, former): (AlertKind, Hit, Option<crate::resolver::Verdict>),
    screened: &Screened,
    at: jiff::Timestamp,
    keep: u64,
) -> rusqlite::Result<()> {
    let version = &screened.version;
    let former = former.map(|verdict| verdict.as_str());
    transaction
        .prepare_cached(
            "INSERT INTO alerts (kind, subject, hit, former, index_version, model, revision, at)
             VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        )?
        .execute(params![
            kind.as_str(),
            screened.subject.id,
            written(&hit),
            former,
            version.index,
            version.model,
            version.registry_revision,
            at.to_string()
        ])?;
    let number = transaction.last_insert_rowid().unsigned_abs();
    let mut drop = transaction.prepare_cached("DELETE FROM alerts WHERE number <= ?")?;
    drop.execute([number.saturating_sub(keep)])?;
    Ok(())
}
