use std::ops::ControlFlow;

use rusqlite::{Params, Row};

use super::{Transaction, failure};
use crate::model::{DatasetName, EntityId, RecordId};
use crate::registry::store::{
    DatasetRow, IdentityRow, ImportRow, JudgementRow, Reading, RecordRow, Result, WithdrawalRow,
};

const RECORD: &str = "SELECT record_id, dataset, digest, names, json FROM records";
const IDENTITY: &str =
    "SELECT i.record_id, i.id, i.attempt, i.minted, c.canonical FROM identities i JOIN clusters c ON c.id = i.id";
const JUDGEMENT: &str = "SELECT j.number, j.revision, j.at, j.left_id, j.right_id, j.opinion, j.actor, j.reason,
     j.evidence, w.revision, w.at, w.actor, w.reason FROM judgements j LEFT JOIN withdrawals w ON w.judgement = j.number";

impl Transaction<'_> {
    /// Gives every row to `visit` until it breaks off.
    pub(super) fn each<T>(
        &self,
        sql: &str,
        values: impl Params,
        read: fn(&Row<'_>) -> rusqlite::Result<T>,
        visit: &mut dyn FnMut(T) -> ControlFlow<()>,
    ) -> Result<()> {
        let each = || -> rusqlite::Result<()> {
            let mut statement = self.connection.prepare_cached(sql)?;
            let mut rows = statement.query(values)?;
            while let Some(row) = rows.next()? {
                if visit(read(row)?).is_break() {
                    break;
                }
            }
            Ok(())
        };
        each().map_err(|error| failure(self.path, error))
    }

    pub(super) fn all<T>(
        &self,
        sql: &str,
        values: impl Params,
        read: fn(&Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<Vec<T>> {
        let mut rows = Vec::new();
        self.each(sql, values, read, &mut |row| {
            rows.push(row);
            ControlFlow::Continue(())
        })?;
        Ok(rows)
    }

    pub(super) fn one<T>(
        &self,
        sql: &str,
        values: impl Params,
        read: fn(&Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<Option<T>> {
        let mut found = None;
        self.each(sql, values, read, &mut |row| {
            found = Some(row);
            ControlFlow::Break(())
        })?;
        Ok(found)
    }
}

pub(super) fn record(row: &Row<'_>) -> rusqlite::Result<RecordRow> {
    Ok(RecordRow {
        record_id: row.get(0)?,
        dataset: row.get(1)?,
        digest: row.get(2)?,
        names: row.get(3)?,
        json: row.get(4)?,
    })
}

fn identity(row: &Row<'_>) -> rusqlite::Result<IdentityRow> {
    Ok(IdentityRow {
        record_id: row.get(0)?,
        id: row.get(1)?,
        attempt: row.get(2)?,
        minted: row.get(3)?,
        canonical: row.get(4)?,
    })
}

fn judgement(row: &Row<'_>) -> rusqlite::Result<JudgementRow> {
    let withdrawn = match row.get::<_, Option<u64>>(9)? {
        Some(revision) => Some(WithdrawalRow { revision, at: row.get(10)?, actor: row.get(11)?, reason: row.get(12)? }),
        None => None,
    };
    Ok(JudgementRow {
        number: row.get(0)?,
        revision: row.get(1)?,
        at: row.get(2)?,
        left: row.get(3)?,
        right: row.get(4)?,
        opinion: row.get(5)?,
        actor: row.get(6)?,
        reason: row.get(7)?,
        evidence: row.get(8)?,
        withdrawn,
    })
}

fn import(row: &Row<'_>) -> rusqlite::Result<ImportRow> {
    Ok(ImportRow {
        request_id: row.get(0)?,
        digest: row.get(1)?,
        dataset: row.get(2)?,
        at: row.get(3)?,
        added: row.get(4)?,
        changed: row.get(5)?,
        unchanged: row.get(6)?,
        removed: row.get(7)?,
        quarantined: row.get(8)?,
        revision: row.get(9)?,
    })
}

fn dataset(row: &Row<'_>) -> rusqlite::Result<DatasetRow> {
    Ok(DatasetRow {
        name: row.get(0)?,
        record_count: row.get(1)?,
        name_count: row.get(2)?,
        digest: row.get(3)?,
        imported_at: row.get(4)?,
    })
}

impl Reading for Transaction<'_> {
    fn revision(&mut self) -> Result<u64> {
        let found = self.one("SELECT revision FROM state", [], |row| row.get(0))?;
        found.ok_or_else(|| failure(self.path, rusqlite::Error::QueryReturnedNoRows))
    }

    fn records_revision(&mut self) -> Result<u64> {
        let found = self.one("SELECT records_revision FROM state", [], |row| row.get(0))?;
        found.ok_or_else(|| failure(self.path, rusqlite::Error::QueryReturnedNoRows))
    }

    fn import(&mut self, request_id: &str) -> Result<Option<ImportRow>> {
        let sql = "SELECT request_id, digest, dataset, at, added, changed, unchanged, removed, quarantined, revision
             FROM imports WHERE request_id = ?";
        self.one(sql, [request_id], import)
    }

    fn datasets(&mut self) -> Result<Vec<DatasetRow>> {
        let sql = "SELECT name, record_count, name_count, digest, imported_at FROM datasets ORDER BY name";
        self.all(sql, [], dataset)
    }

    fn digests(&mut self, dataset: &DatasetName) -> Result<Vec<(String, Vec<u8>)>> {
        let sql = "SELECT record_id, digest FROM records WHERE dataset = ? ORDER BY record_id";
        self.all(sql, [dataset.as_str()], |row| Ok((row.get(0)?, row.get(1)?)))
    }

    fn record(&mut self, id: &RecordId) -> Result<Option<RecordRow>> {
        self.one(&format!("{RECORD} WHERE record_id = ?"), [id.as_str()], record)
    }

    fn each_record(&mut self, visit: &mut dyn FnMut(RecordRow, String) -> ControlFlow<()>) -> Result<()> {
        let sql = "SELECT r.record_id, r.dataset, r.digest, r.names, r.json, i.id FROM records r
             JOIN identities i ON i.record_id = r.record_id ORDER BY r.record_id";
        self.each(sql, [], |row| Ok((record(row)?, row.get(5)?)), &mut |(row, founded)| visit(row, founded))
    }

    fn records_of(&mut self, canonical: EntityId) -> Result<Vec<RecordRow>> {
        let sql = "SELECT r.record_id, r.dataset, r.digest, r.names, r.json FROM clusters c
             JOIN identities i ON i.id = c.id JOIN records r ON r.record_id = i.record_id
             WHERE c.canonical = ? ORDER BY r.record_id";
        self.all(sql, [canonical.to_string()], record)
    }

    fn identity(&mut self, founder: &RecordId) -> Result<Option<IdentityRow>> {
        self.one(&format!("{IDENTITY} WHERE i.record_id = ?"), [founder.as_str()], identity)
    }

    fn identity_of(&mut self, id: EntityId) -> Result<Option<IdentityRow>> {
        self.one(&format!("{IDENTITY} WHERE i.id = ?"), [id.to_string()], identity)
    }

    fn each_identity(&mut self, visit: &mut dyn FnMut(IdentityRow) -> ControlFlow<()>) -> Result<()> {
        self.each(&format!("{IDENTITY} ORDER BY i.record_id"), [], identity, visit)
    }

    fn redirects(&mut self) -> Result<Vec<(String, String)>> {
        let sql = "SELECT id, canonical FROM clusters WHERE canonical <> id ORDER BY id";
        self.all(sql, [], |row| Ok((row.get(0)?, row.get(1)?)))
    }

    fn members(&mut self, canonical: EntityId) -> Result<Vec<IdentityRow>> {
        let sql = format!("{IDENTITY} WHERE c.canonical = ? ORDER BY i.record_id");
        self.all(&sql, [canonical.to_string()], identity)
    }

    fn entities(
        &mut self,
        after: Option<EntityId>,
        limit: usize,
        dataset: Option<&DatasetName>,
    ) -> Result<Vec<String>> {
        // Walks the index in order and stops at the limit: an id is looked at once, also where a dataset is given.
        let sql = "SELECT c.canonical FROM clusters c WHERE c.canonical > ?1 AND EXISTS (
                 SELECT 1 FROM identities i JOIN records r ON r.record_id = i.record_id
                 WHERE i.id = c.id AND (?2 IS NULL OR r.dataset = ?2))
             GROUP BY c.canonical ORDER BY c.canonical LIMIT ?3";
        // No id is smaller than the empty text.
        let after = after.map(|id| id.to_string()).unwrap_or_default();
        self.all(sql, (after, dataset.map(DatasetName::as_str), limit), |row| row.get(0))
    }

    fn judgement(&mut self, number: u64) -> Result<Option<JudgementRow>> {
        // No row has a number that the database cannot hold.
        let Ok(number) = i64::try_from(number) else { return Ok(None) };
        self.one(&format!("{JUDGEMENT} WHERE j.number = ?"), [number], judgement)
    }

    fn judgements_of(&mut self, record: &RecordId) -> Result<Vec<JudgementRow>> {
        let sql = format!("{JUDGEMENT} WHERE j.left_id = ?1 OR j.right_id = ?1 ORDER BY j.number");
        self.all(&sql, [record.as_str()], judgement)
    }

    fn judgements(&mut self, after: u64, limit: usize) -> Result<Vec<JudgementRow>> {
        let Ok(after) = i64::try_from(after) else { return Ok(Vec::new()) };
        self.all(&format!("{JUDGEMENT} WHERE j.number > ? ORDER BY j.number LIMIT ?"), (after, limit), judgement)
    }
}
