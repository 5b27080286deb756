//! Where the rows of the registry lie. A store keeps and finds rows and knows nothing of what they mean; minting,
//! clusters and checks are above it, so that every backend behaves alike.
//!
//! What a backend promises, and the conformance suite holds:
//!  - One writer at a time: [`Store::write`] waits for the one before. Nothing is visible before
//!    [`Writing::commit`]; after it everything is, also after a crash. Dropped without commit, a write leaves no trace.
//!  - A [`Reading`] sees one committed state, whatever is written meanwhile.
//!  - Text is ordered byte by byte (in PostgreSQL: `COLLATE "C"`).
//!  - All rows but those of the state, datasets, records, their relations and clusters are never changed and never
//!    deleted.

mod migrations;
#[cfg(feature = "postgres")]
mod postgres;
mod rows;
mod sql;
mod sqlite;
mod tables;
mod trail;

#[cfg(feature = "postgres")]
pub use postgres::Postgres;
pub use rows::{
    AuditRow, ChangeRow, Closes, ClosingRow, DatasetRow, IdentityRow, ImportRow, JudgementRow, ProposalRow, RecordRow,
    RequestRow, SuppressionRow, WithdrawalRow,
};
pub use sql::Cell;
pub use sqlite::Sqlite;
pub(super) use sqlite::hold;
pub use tables::Table;
pub use trail::{ReadTrail, WriteTrail};

use std::ops::ControlFlow;
use std::path::Path;
use std::time::Duration;

use super::RegistryError;
use crate::model::{DatasetName, EntityId, RecordId};

type Result<T> = std::result::Result<T, RegistryError>;

/// A keeper of rows.
pub trait Store: Send + Sync {
    /// Begins to read. Readers do not wait for a writer, except in a store in memory.
    fn read(&self) -> Result<Box<dyn Reading + '_>>;
    /// Begins to write, after the writer before is done.
    fn write(&self) -> Result<Box<dyn Writing + '_>>;
    /// Checks the files as such, below the rows: what is wrong, in words; empty if nothing is.
    fn check(&self) -> Result<Vec<String>>;
    /// Writes a copy of the committed state to a new file, durable when it returns, while others read and write.
    fn backup(&self, to: &Path) -> Result<()>;
    /// True if other processes may write, too.
    fn is_shared(&self) -> bool {
        false
    }
    /// Waits until another process may have written, but not longer than `patience`; true if one may have. Where nobody
    /// else writes, there is nothing to wait for.
    fn await_news(&self, patience: Duration) -> bool {
        let _ = patience;
        false
    }
}

/// One committed state.
pub trait Reading: ReadTrail {
    /// How many changes were committed.
    fn revision(&mut self) -> Result<u64>;
    /// The last revision that added, changed or removed a record.
    fn records_revision(&mut self) -> Result<u64>;
    /// The import of a request.
    fn import(&mut self, request_id: &str) -> Result<Option<ImportRow>>;
    /// All datasets, ordered by name.
    fn datasets(&mut self) -> Result<Vec<DatasetRow>>;
    /// Ids and digests of a dataset's records, ordered by id.
    fn digests(&mut self, dataset: &DatasetName) -> Result<Vec<(String, Vec<u8>)>>;
    /// A record.
    fn record(&mut self, record: &RecordId) -> Result<Option<RecordRow>>;
    /// Every record with the id that it founded, ordered by record id, until `visit` breaks off.
    fn each_record(&mut self, visit: &mut dyn FnMut(RecordRow, String) -> ControlFlow<()>) -> Result<()>;
    /// The records of a cluster that are published now, ordered by record id.
    fn records_of(&mut self, canonical: EntityId) -> Result<Vec<RecordRow>>;
    /// The identity that a record founded, also if the record is gone.
    fn identity(&mut self, founder: &RecordId) -> Result<Option<IdentityRow>>;
    /// The identities that some records founded, in any order; those that founded none are left out.
    fn identities(&mut self, founders: &[&str]) -> Result<Vec<IdentityRow>>;
    /// Which of some ids were minted, in any order.
    fn minted(&mut self, ids: &[String]) -> Result<Vec<String>>;
    /// The identity of an id.
    fn identity_of(&mut self, id: EntityId) -> Result<Option<IdentityRow>>;
    /// Every identity, ordered by founder, until `visit` breaks off.
    fn each_identity(&mut self, visit: &mut dyn FnMut(IdentityRow) -> ControlFlow<()>) -> Result<()>;
    /// Every id that leads to another one and the id it leads to, ordered.
    fn redirects(&mut self) -> Result<Vec<(String, String)>>;
    /// The identities of a cluster, ordered by founder.
    fn members(&mut self, canonical: EntityId) -> Result<Vec<IdentityRow>>;
    /// The first `limit` canonical ids behind `after` that have a record, of the dataset where one is given.
    fn entities(&mut self, after: Option<EntityId>, limit: usize, dataset: Option<&DatasetName>)
    -> Result<Vec<String>>;
    /// A judgement.
    fn judgement(&mut self, number: u64) -> Result<Option<JudgementRow>>;
    /// The judgements about a record, withdrawn ones too, ordered by number.
    fn judgements_of(&mut self, record: &RecordId) -> Result<Vec<JudgementRow>>;
    /// Gives every row of a table to `visit`, ordered by key; the first error ends it.
    fn each_row(&mut self, table: &Table, visit: &mut dyn FnMut(&[Cell]) -> Result<()>) -> Result<()>;
    /// The first `limit` judgements behind the number `after`, withdrawn ones too, ordered by number.
    fn judgements(&mut self, after: u64, limit: usize) -> Result<Vec<JudgementRow>>;
}

/// A change under way. It sees what it has written.
pub trait Writing: Reading + WriteTrail {
    /// Sets the revision.
    fn set_revision(&mut self, revision: u64) -> Result<()>;
    /// Sets the last revision that changed a record.
    fn set_records_revision(&mut self, revision: u64) -> Result<()>;
    /// Adds an import.
    fn add_import(&mut self, row: &ImportRow) -> Result<()>;
    /// Adds or replaces a dataset.
    fn put_dataset(&mut self, row: &DatasetRow) -> Result<()>;
    /// Adds or replaces records; their dataset and identities must be there.
    fn put_records(&mut self, rows: &[&RecordRow]) -> Result<()>;
    /// Removes records; their identities stay.
    fn remove_records(&mut self, records: &[&str]) -> Result<()>;
    /// Adds identities with where they lead; ids and founders must be new.
    fn add_identities(&mut self, rows: &[IdentityRow]) -> Result<()>;
    /// Sets where an id leads.
    fn set_canonical(&mut self, id: EntityId, canonical: EntityId) -> Result<()>;
    /// Adds a judgement and gives its number, above every earlier one; `number` and `withdrawn` of the row are not
    /// looked at.
    fn add_judgement(&mut self, row: &JudgementRow) -> Result<u64>;
    /// Adds the withdrawal of a judgement, at most one a judgement.
    fn add_withdrawal(&mut self, judgement: u64, row: &WithdrawalRow) -> Result<()>;
    /// Adds a row to a table, for copies: its cells in the order of the columns.
    fn add_row(&mut self, table: &Table, row: &[Cell]) -> Result<()>;
    /// Makes the change durable and visible, all of it.
    fn commit(self: Box<Self>) -> Result<()>;
}
