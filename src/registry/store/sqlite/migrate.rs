use std::path::Path;

use rusqlite::Connection;

use super::failure;
use crate::registry::RegistryError;
use crate::registry::store::migrations::{check, checksum};

/// Every migration in order, the first being version 1. A published one never changes: databases keep its checksum.
const MIGRATIONS: &[&str] = &[include_str!("migrations/0001_registry.sql"), include_str!("migrations/0002_audit.sql")];

/// Marks the file as a registry of exonym: "exon" in ASCII.
const APPLICATION_ID: i32 = 0x6578_6f6e;

/// The schema this version reads and writes.
pub(super) const SCHEMA: u32 = MIGRATIONS.len() as u32;

/// Tells databases of other programs, newer versions and changed migrations from ours; gives the schema found, 0 in
/// an empty database.
pub(super) fn schema(connection: &Connection, path: &Path) -> Result<u32, RegistryError> {
    let fail = |error| failure(path, error);
    let mark: i32 = connection.query_row("PRAGMA application_id", [], |row| row.get(0)).map_err(fail)?;
    if mark != APPLICATION_ID {
        let objects: u64 =
            connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0)).map_err(fail)?;
        return if mark == 0 && objects == 0 { Ok(0) } else { Err(RegistryError::Foreign(path.to_owned())) };
    }
    let stored = || -> rusqlite::Result<Vec<(u32, String)>> {
        let mut statement = connection.prepare("SELECT version, checksum FROM migrations ORDER BY version")?;
        statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?.collect()
    };
    check(path.to_owned(), &stored().map_err(fail)?, MIGRATIONS)
}

/// Brings the database up to [`SCHEMA`], in one transaction: after a crash it has the old schema or the new one.
pub(super) fn migrate(connection: &mut Connection, path: &Path) -> Result<(), RegistryError> {
    let found = schema(connection, path)?;
    if found == SCHEMA {
        return Ok(());
    }
    apply(connection, found).map_err(|error| failure(path, error))
}

fn apply(connection: &mut Connection, found: u32) -> rusqlite::Result<()> {
    let transaction = connection.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
    if found == 0 {
        transaction.pragma_update(None, "application_id", APPLICATION_ID)?;
        transaction.execute_batch(
            "CREATE TABLE migrations (version INTEGER NOT NULL PRIMARY KEY, checksum TEXT NOT NULL) STRICT",
        )?;
    }
    for (version, text) in (1..=SCHEMA).zip(MIGRATIONS).skip(found as usize) {
        transaction.execute_batch(text)?;
        transaction.execute("INSERT INTO migrations (version, checksum) VALUES (?, ?)", (version, checksum(text)))?;
    }
    transaction.commit()
}
