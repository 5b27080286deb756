use super::super::{
    DatasetRow, IdentityRow, ImportRow, JudgementRow, RecordRow, Result, Table, WithdrawalRow, Writing,
};
use super::{Cell, Session, Value, one};
use crate::model::EntityId;
use crate::registry::RegistryError;

/// Adds a row whose number is one above the last one, and gives it. Rows that are numbered are never deleted, and there
/// is one writer: a number that was given is never given again, and none is left out.
pub(super) fn numbered(session: &mut dyn Session, sql: &str, values: &[Value<'_>]) -> Result<u64> {
    let number = one(session, sql, values, |row| row.get(0))?;
    number.ok_or_else(|| RegistryError::damaged(session.place(), "a row was added without a number"))
}

impl<S: Session> Writing for S {
    fn set_revision(&mut self, revision: u64) -> Result<()> {
        self.execute("UPDATE state SET revision = $1", &[revision.into()])
    }

    fn set_records_revision(&mut self, revision: u64) -> Result<()> {
        self.execute("UPDATE state SET records_revision = $1", &[revision.into()])
    }

    fn add_import(&mut self, row: &ImportRow) -> Result<()> {
        let ImportRow { request_id, digest, dataset, at, .. } = row;
        let values = [
            request_id.as_ref().into(),
            digest.into(),
            dataset.into(),
            at.into(),
            row.added.into(),
            row.changed.into(),
            row.unchanged.into(),
            row.removed.into(),
            row.quarantined.into(),
            row.revision.into(),
        ];
        let sql = "INSERT INTO imports
             (number, request_id, digest, dataset, at, added, changed, unchanged, removed, quarantined, revision)
             VALUES ((SELECT coalesce(max(number), 0) + 1 FROM imports), $1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
        self.execute(sql, &values)
    }

    fn put_dataset(&mut self, row: &DatasetRow) -> Result<()> {
        let DatasetRow { name, record_count, name_count, digest, imported_at } = row;
        let values = [name.into(), (*record_count).into(), (*name_count).into(), digest.into(), imported_at.into()];
        let sql = "INSERT INTO datasets (name, record_count, name_count, digest, imported_at)
             VALUES ($1, $2, $3, $4, $5)
             ON CONFLICT (name) DO UPDATE SET record_count = excluded.record_count,
             name_count = excluded.name_count, digest = excluded.digest, imported_at = excluded.imported_at";
        self.execute(sql, &values)
    }

    fn put_records(&mut self, rows: &[&RecordRow]) -> Result<()> {
        let values = rows.iter().map(|row| {
            let RecordRow { record_id, dataset, digest, names, json } = *row;
            vec![record_id.into(), dataset.into(), digest.into(), (*names).into(), json.into()]
        });
        let sql = "INSERT INTO records (record_id, dataset, digest, names, json) VALUES ($1, $2, $3, $4, $5)
             ON CONFLICT (record_id) DO UPDATE SET dataset = excluded.dataset, digest = excluded.digest,
             names = excluded.names, json = excluded.json";
        self.execute_all(sql, &values.collect::<Vec<_>>())
    }

    fn remove_records(&mut self, records: &[&str]) -> Result<()> {
        let values: Vec<Vec<Value<'_>>> = records.iter().map(|record| vec![(*record).into()]).collect();
        self.execute_all("DELETE FROM records WHERE record_id = $1", &values)
    }

    fn add_identities(&mut self, rows: &[IdentityRow]) -> Result<()> {
        let identities = rows.iter().map(|row| {
            let IdentityRow { record_id, id, attempt, minted, .. } = row;
            vec![record_id.into(), id.into(), (*attempt).into(), (*minted).into()]
        });
        let sql = "INSERT INTO identities (record_id, id, attempt, minted) VALUES ($1, $2, $3, $4)";
        self.execute_all(sql, &identities.collect::<Vec<_>>())?;
        let clusters = rows.iter().map(|row| vec![(&row.id).into(), (&row.canonical).into()]);
        self.execute_all("INSERT INTO clusters (id, canonical) VALUES ($1, $2)", &clusters.collect::<Vec<_>>())
    }

    fn set_canonical(&mut self, id: EntityId, canonical: EntityId) -> Result<()> {
        let sql = "UPDATE clusters SET canonical = $1 WHERE id = $2";
        self.execute(sql, &[(&canonical.to_string()).into(), (&id.to_string()).into()])
    }

    fn add_judgement(&mut self, row: &JudgementRow) -> Result<u64> {
        let JudgementRow { revision, at, left, right, opinion, actor, reason, evidence, .. } = row;
        let values = [
            (*revision).into(),
            at.into(),
            left.into(),
            right.into(),
            opinion.into(),
            actor.into(),
            reason.into(),
            evidence.into(),
        ];
        let sql = "INSERT INTO judgements
             (number, revision, at, left_id, right_id, opinion, actor, reason, evidence)
             VALUES ((SELECT coalesce(max(number), 0) + 1 FROM judgements), $1, $2, $3, $4, $5, $6, $7, $8)
             RETURNING number";
        numbered(self, sql, &values)
    }

    fn add_withdrawal(&mut self, judgement: u64, row: &WithdrawalRow) -> Result<()> {
        let WithdrawalRow { revision, at, actor, reason } = row;
        let sql = "INSERT INTO withdrawals (judgement, revision, at, actor, reason) VALUES ($1, $2, $3, $4, $5)";
        self.execute(sql, &[judgement.into(), (*revision).into(), at.into(), actor.into(), reason.into()])
    }

    fn add_row(&mut self, table: &Table, row: &[Cell]) -> Result<()> {
        let values: Vec<Value<'_>> = row.iter().map(Value::from).collect();
        let places: Vec<String> = (1..=table.columns.len()).map(|place| format!("${place}")).collect();
        let sql = format!("INSERT INTO {} ({}) VALUES ({})", table.name, table.columns.join(", "), places.join(", "));
        self.execute(&sql, &values)
    }

    fn commit(self: Box<Self>) -> Result<()> {
        Session::commit(self)
    }
}
