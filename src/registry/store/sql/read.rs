use std::ops::ControlFlow;

use super::super::{DatasetRow, IdentityRow, ImportRow, JudgementRow, Reading, RecordRow, Result, Table};
use super::rows::{DATASET, IDENTITY, IMPORT, JUDGEMENT, RECORD, dataset, identity, import, judgement, record};
use super::{Cell, Read, Session, Value, all, one};
use crate::model::{DatasetName, EntityId, RecordId};
use crate::registry::RegistryError;

/// How many values are asked for at once.
const AMONG: usize = 500;
/// How many rows of a walk are in memory at once.
const WALK: usize = 1000;

fn state(session: &mut dyn Session, sql: &str) -> Result<u64> {
    let found = one(session, sql, &[], |row| row.get(0))?;
    found.ok_or_else(|| RegistryError::damaged(session.place(), "the table state has no row"))
}

/// The rows in which a column, with which the statement ends, has one of some values.
fn among<T>(session: &mut dyn Session, sql: &str, of: &[impl AsRef<str>], read: Read<T>) -> Result<Vec<T>> {
    let mut rows = Vec::new();
    for some in of.chunks(AMONG) {
        // As many places as ever, so that there is one statement to prepare: the last value again and again.
        let last = some.last().map(AsRef::as_ref);
        let values: Vec<Value<'_>> =
            some.iter().map(AsRef::as_ref).chain(last.into_iter().cycle()).take(AMONG).map(Value::from).collect();
        let places: Vec<String> = (1..=AMONG).map(|place| format!("${place}")).collect();
        rows.extend(all(session, &format!("{sql} IN ({})", places.join(", ")), &values, read)?);
    }
    Ok(rows)
}

impl<S: Session> Reading for S {
    fn revision(&mut self) -> Result<u64> {
        state(self, "SELECT revision FROM state")
    }

    fn records_revision(&mut self) -> Result<u64> {
        state(self, "SELECT records_revision FROM state")
    }

    fn import(&mut self, request_id: &str) -> Result<Option<ImportRow>> {
        one(self, &format!("{IMPORT} WHERE request_id = $1"), &[request_id.into()], import)
    }

    fn datasets(&mut self) -> Result<Vec<DatasetRow>> {
        all(self, &format!("{DATASET} ORDER BY name"), &[], dataset)
    }

    fn digests(&mut self, dataset: &DatasetName) -> Result<Vec<(String, Vec<u8>)>> {
        let sql = "SELECT record_id, digest FROM records WHERE dataset = $1 ORDER BY record_id";
        all(self, sql, &[dataset.as_str().into()], |row| Ok((row.get(0)?, row.get(1)?)))
    }

    fn record(&mut self, id: &RecordId) -> Result<Option<RecordRow>> {
        one(self, &format!("{RECORD} WHERE r.record_id = $1"), &[id.as_str().into()], record)
    }

    fn each_record(&mut self, visit: &mut dyn FnMut(RecordRow, String) -> ControlFlow<()>) -> Result<()> {
        let sql = "SELECT r.record_id, r.dataset, r.digest, r.names, r.json, i.id FROM records r
             JOIN identities i ON i.record_id = r.record_id WHERE r.record_id > $1 ORDER BY r.record_id LIMIT $2";
        // No id is smaller than the empty text.
        let mut after = String::new();
        loop {
            let rows = all(self, sql, &[(&after).into(), WALK.into()], |row| Ok((record(row)?, row.get(5)?)))?;
            let count = rows.len();
            for (row, founded) in rows {
                after.clone_from(&row.record_id);
                if visit(row, founded).is_break() {
                    return Ok(());
                }
            }
            if count < WALK {
                return Ok(());
            }
        }
    }

    fn records_of(&mut self, canonical: EntityId) -> Result<Vec<RecordRow>> {
        let sql = format!(
            "{RECORD} JOIN identities i ON i.record_id = r.record_id JOIN clusters c ON c.id = i.id
             WHERE c.canonical = $1 ORDER BY r.record_id"
        );
        all(self, &sql, &[(&canonical.to_string()).into()], record)
    }

    fn identity(&mut self, founder: &RecordId) -> Result<Option<IdentityRow>> {
        one(self, &format!("{IDENTITY} WHERE i.record_id = $1"), &[founder.as_str().into()], identity)
    }

    fn identities(&mut self, founders: &[&str]) -> Result<Vec<IdentityRow>> {
        among(self, &format!("{IDENTITY} WHERE i.record_id"), founders, identity)
    }

    fn minted(&mut self, ids: &[String]) -> Result<Vec<String>> {
        among(self, "SELECT id FROM identities WHERE id", ids, |row| row.get(0))
    }

    fn identity_of(&mut self, id: EntityId) -> Result<Option<IdentityRow>> {
        one(self, &format!("{IDENTITY} WHERE i.id = $1"), &[(&id.to_string()).into()], identity)
    }

    fn each_identity(&mut self, visit: &mut dyn FnMut(IdentityRow) -> ControlFlow<()>) -> Result<()> {
        let sql = format!("{IDENTITY} WHERE i.record_id > $1 ORDER BY i.record_id LIMIT $2");
        let mut after = String::new();
        loop {
            let rows = all(self, &sql, &[(&after).into(), WALK.into()], identity)?;
            let count = rows.len();
            for row in rows {
                after.clone_from(&row.record_id);
                if visit(row).is_break() {
                    return Ok(());
                }
            }
            if count < WALK {
                return Ok(());
            }
        }
    }

    fn redirects(&mut self) -> Result<Vec<(String, String)>> {
        let sql = "SELECT id, canonical FROM clusters WHERE canonical <> id ORDER BY id";
        all(self, sql, &[], |row| Ok((row.get(0)?, row.get(1)?)))
    }

    fn members(&mut self, canonical: EntityId) -> Result<Vec<IdentityRow>> {
        let sql = format!("{IDENTITY} WHERE c.canonical = $1 ORDER BY i.record_id");
        all(self, &sql, &[(&canonical.to_string()).into()], identity)
    }

    fn entities(
        &mut self,
        after: Option<EntityId>,
        limit: usize,
        dataset: Option<&DatasetName>,
    ) -> Result<Vec<String>> {
        // Walks the index in order and stops at the limit: an id is looked at once, also where a dataset is given.
        let sql = "SELECT c.canonical FROM clusters c WHERE c.canonical > $1 AND EXISTS (
                 SELECT 1 FROM identities i JOIN records r ON r.record_id = i.record_id
                 WHERE i.id = c.id AND (CAST($2 AS TEXT) IS NULL OR r.dataset = $2))
             GROUP BY c.canonical ORDER BY c.canonical LIMIT $3";
        let after = after.map(|id| id.to_string()).unwrap_or_default();
        let values = [(&after).into(), dataset.map(DatasetName::as_str).into(), limit.into()];
        all(self, sql, &values, |row| row.get(0))
    }

    fn judgement(&mut self, number: u64) -> Result<Option<JudgementRow>> {
        one(self, &format!("{JUDGEMENT} WHERE j.number = $1"), &[number.into()], judgement)
    }

    fn judgements_of(&mut self, record: &RecordId) -> Result<Vec<JudgementRow>> {
        let sql = format!("{JUDGEMENT} WHERE j.left_id = $1 OR j.right_id = $1 ORDER BY j.number");
        all(self, &sql, &[record.as_str().into()], judgement)
    }

    fn each_row(&mut self, table: &Table, visit: &mut dyn FnMut(&[Cell]) -> Result<()>) -> Result<()> {
        let (columns, key) = (table.columns.join(", "), table.columns[..table.key].join(", "));
        let place = self.place();
        let sql = format!("SELECT {columns} FROM {} ORDER BY {key}", table.name);
        self.query(&sql, &[], &mut |cells| {
            let row: std::result::Result<Vec<Cell>, String> =
                (0..table.columns.len()).map(|at| cells.cell(at)).collect();
            visit(&row.map_err(|reason| RegistryError::damaged(format!("{place}, {}", table.name), reason))?)
        })
    }

    fn judgements(&mut self, after: u64, limit: usize) -> Result<Vec<JudgementRow>> {
        let sql = format!("{JUDGEMENT} WHERE j.number > $1 ORDER BY j.number LIMIT $2");
        all(self, &sql, &[after.into(), limit.into()], judgement)
    }
}
