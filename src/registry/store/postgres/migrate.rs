use std::path::PathBuf;

use super::super::Result;
use super::super::migrations::{check, checksum};
use super::super::sql::{Cell, Session, Value};
use super::Postgres;
use super::session::Transaction;
use crate::registry::RegistryError;

/// Every migration in order, the first being version 1. A published one never changes: databases keep its checksum.
const MIGRATIONS: &[&str] = &[include_str!("migrations/0001_registry.sql"), include_str!("migrations/0002_audit.sql")];

/// The schema this version reads and writes.
pub(super) const SCHEMA: u32 = MIGRATIONS.len() as u32;

fn count(session: &mut Transaction<'_>, sql: &str, values: &[Value<'_>]) -> Result<i64> {
    let mut found = 0;
    session.query(sql, values, &mut |cells| {
        if let Ok(Cell::Number(number)) = cells.cell(0) {
            found = number;
        }
        Ok(())
    })?;
    Ok(found)
}

/// Tells schemas of other programs, newer versions and changed migrations from ours; gives the version found, 0 where
/// there is nothing yet.
pub(super) fn version(store: &Postgres, session: &mut Transaction<'_>) -> Result<u32> {
    let sql = "SELECT count(*) FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
         WHERE n.nspname = CAST($1 AS TEXT) AND c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S')";
    let relations = count(session, sql, &[store.schema.as_str().into()])?;
    let ours = count(session, &format!("{sql} AND c.relname = 'migrations'"), &[store.schema.as_str().into()])?;
    match (relations, ours) {
        (0, _) => return Ok(0),
        (_, 0) => return Err(RegistryError::Foreign(PathBuf::from(&store.place))),
        _ => {}
    }
    let mut stored = Vec::new();
    session.query("SELECT version, checksum FROM migrations ORDER BY version", &[], &mut |cells| {
        if let (Ok(Cell::Number(version)), Ok(Cell::Text(checksum))) = (cells.cell(0), cells.cell(1)) {
            stored.push((u32::try_from(version).unwrap_or(u32::MAX), checksum));
        }
        Ok(())
    })?;
    check(PathBuf::from(&store.place), &stored, MIGRATIONS)
}

/// Brings the schema up to [`SCHEMA`], in one transaction, one server at a time.
pub(super) fn migrate(store: &Postgres) -> Result<()> {
    let mut session = store.begin_any_write()?;
    let found = version(store, &mut session)?;
    if found == SCHEMA {
        return Ok(());
    }
    let schema = &store.schema;
    let there = "SELECT count(*) FROM pg_catalog.pg_namespace WHERE nspname = CAST($1 AS TEXT)";
    // Asked for first: who may use a schema that is there need not be allowed to make one.
    if count(&mut session, there, &[schema.as_str().into()])? == 0 {
        session.script(&format!("CREATE SCHEMA {schema}"))?;
    }
    if found == 0 {
        session.script("CREATE TABLE migrations (version BIGINT NOT NULL PRIMARY KEY, checksum TEXT NOT NULL)")?;
    }
    for (version, text) in (1..=SCHEMA).zip(MIGRATIONS).skip(found as usize) {
        session.script(text)?;
        let sql = "INSERT INTO migrations (version, checksum) VALUES ($1, $2)";
        session.execute(sql, &[version.into(), (&checksum(text)).into()])?;
    }
    Session::commit(Box::new(session))
}
