use rusqlite::Params;

use super::{Transaction, failure, run};
use crate::model::EntityId;
use crate::registry::RegistryError;
use crate::registry::store::{
    DatasetRow, IdentityRow, ImportRow, JudgementRow, RecordRow, Result, WithdrawalRow, Writing,
};

impl Transaction<'_> {
    pub(super) fn put(&self, sql: &str, values: impl Params) -> Result<()> {
        let put = || self.connection.prepare_cached(sql)?.execute(values);
        put().map(|_| ()).map_err(|error| failure(self.path, error))
    }

    /// The number of the row that was added last.
    pub(super) fn number(&self) -> Result<u64> {
        u64::try_from(self.connection.last_insert_rowid())
            .map_err(|error| RegistryError::damaged(self.path.display(), error))
    }
}

impl Writing for Transaction<'_> {
    fn set_revision(&mut self, revision: u64) -> Result<()> {
        self.put("UPDATE state SET revision = ?", [revision])
    }

    fn set_records_revision(&mut self, revision: u64) -> Result<()> {
        self.put("UPDATE state SET records_revision = ?", [revision])
    }

    fn add_import(&mut self, row: &ImportRow) -> Result<()> {
        self.put(
            "INSERT INTO imports
             (request_id, digest, dataset, at, added, changed, unchanged, removed, quarantined, revision)
             VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                &row.request_id,
                &row.digest,
                &row.dataset,
                &row.at,
                row.added,
                row.changed,
                row.unchanged,
                row.removed,
                row.quarantined,
                row.revision,
            ),
        )
    }

    fn put_dataset(&mut self, row: &DatasetRow) -> Result<()> {
        self.put(
            "INSERT INTO datasets (name, record_count, name_count, digest, imported_at) VALUES (?, ?, ?, ?, ?)
             ON CONFLICT (name) DO UPDATE SET record_count = excluded.record_count,
             name_count = excluded.name_count, digest = excluded.digest, imported_at = excluded.imported_at",
            (&row.name, row.record_count, row.name_count, &row.digest, &row.imported_at),
        )
    }

    fn put_record(&mut self, row: &RecordRow) -> Result<()> {
        self.put(
            "INSERT INTO records (record_id, dataset, digest, names, json) VALUES (?, ?, ?, ?, ?)
             ON CONFLICT (record_id) DO UPDATE SET dataset = excluded.dataset, digest = excluded.digest,
             names = excluded.names, json = excluded.json",
            (&row.record_id, &row.dataset, &row.digest, row.names, &row.json),
        )
    }

    fn remove_record(&mut self, record: &str) -> Result<()> {
        self.put("DELETE FROM records WHERE record_id = ?", [record])
    }

    fn add_identity(&mut self, row: &IdentityRow) -> Result<()> {
        self.put(
            "INSERT INTO identities (record_id, id, attempt, minted) VALUES (?, ?, ?, ?)",
            (&row.record_id, &row.id, row.attempt, row.minted),
        )?;
        self.put("INSERT INTO clusters (id, canonical) VALUES (?, ?)", (&row.id, &row.canonical))
    }

    fn set_canonical(&mut self, id: EntityId, canonical: EntityId) -> Result<()> {
        self.put("UPDATE clusters SET canonical = ? WHERE id = ?", (canonical.to_string(), id.to_string()))
    }

    fn add_judgement(&mut self, row: &JudgementRow) -> Result<u64> {
        self.put(
            "INSERT INTO judgements (revision, at, left_id, right_id, opinion, actor, reason, evidence)
             VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (row.revision, &row.at, &row.left, &row.right, &row.opinion, &row.actor, &row.reason, &row.evidence),
        )?;
        self.number()
    }

    fn add_withdrawal(&mut self, judgement: u64, row: &WithdrawalRow) -> Result<()> {
        self.put(
            "INSERT INTO withdrawals (judgement, revision, at, actor, reason) VALUES (?, ?, ?, ?, ?)",
            (judgement, row.revision, &row.at, &row.actor, &row.reason),
        )
    }

    fn commit(self: Box<Self>) -> Result<()> {
        run(&self.connection, "COMMIT").map_err(|error| failure(self.path, error))
    }
}
