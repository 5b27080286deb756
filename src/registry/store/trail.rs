use super::{AuditRow, ChangeRow, Closes, ClosingRow, ProposalRow, RecordRow, RequestRow, Result, SuppressionRow};
use crate::model::{DatasetName, EntityId, RecordId};

/// What changes left behind, what waits for a decision, and what records say of one another: the reading side.
pub trait ReadTrail {
    /// A request that was answered, other than an import.
    fn request(&mut self, request_id: &str) -> Result<Option<RequestRow>>;
    /// The last link of the audit.
    fn audit_head(&mut self) -> Result<Option<AuditRow>>;
    /// The first `limit` links of the audit behind `after`, in order.
    fn audit(&mut self, after: u64, limit: usize) -> Result<Vec<AuditRow>>;
    /// The first `limit` changes behind `after`, in order.
    fn changes(&mut self, after: u64, limit: usize) -> Result<Vec<ChangeRow>>;
    /// The number of the last change; 0 where there is none.
    fn last_change(&mut self) -> Result<u64>;
    /// The first `limit` changes behind `after` of an entity, or into or from it, in order.
    fn changes_of(&mut self, id: EntityId, after: u64, limit: usize) -> Result<Vec<ChangeRow>>;
    /// The first `limit` records that revisions above `revision` added, changed or removed, each once, ordered.
    fn changed_records(&mut self, revision: u64, limit: usize) -> Result<Vec<String>>;
    /// A proposal, closed ones too.
    fn proposal(&mut self, number: u64) -> Result<Option<ProposalRow>>;
    /// The open proposals about a record, ordered by number.
    fn proposals_of(&mut self, record: &RecordId) -> Result<Vec<ProposalRow>>;
    /// The first `limit` open proposals, ordered by worth from the highest and then by number, behind the place
    /// `after`; only those that contradict something where `conflicts` is set.
    fn proposals(&mut self, after: Option<(u64, u64)>, limit: usize, conflicts: bool) -> Result<Vec<ProposalRow>>;
    /// A suppression, closed ones too.
    fn suppression(&mut self, number: u64) -> Result<Option<SuppressionRow>>;
    /// The first `limit` open suppressions behind the number `after`, of one subject where one is given, in order.
    fn suppressions(&mut self, subject: Option<&str>, after: u64, limit: usize) -> Result<Vec<SuppressionRow>>;
    /// The end of a proposal or a suppression.
    fn closing(&mut self, closes: Closes, number: u64) -> Result<Option<ClosingRow>>;
    /// The published records that link to a record, ordered by record id.
    fn linked_to(&mut self, target: &RecordId) -> Result<Vec<RecordRow>>;
    /// Publisher's ids that came to name somebody else, the ids that took their place, and since which revision;
    /// ordered.
    fn successions(&mut self, dataset: &DatasetName) -> Result<Vec<(String, String, u64)>>;
}

/// The writing side of [`ReadTrail`].
pub trait WriteTrail {
    /// Adds a request that was answered; its id must be new.
    fn add_request(&mut self, row: &RequestRow) -> Result<()>;
    /// Adds a link to the audit; its sequence must be new.
    fn add_audit(&mut self, row: &AuditRow) -> Result<()>;
    /// Adds changes in order; `sequence` of the rows is not looked at.
    fn add_changes(&mut self, rows: &[ChangeRow]) -> Result<()>;
    /// Adds a proposal and gives its number, above every earlier one; `number` of the row is not looked at.
    fn add_proposal(&mut self, row: &ProposalRow) -> Result<u64>;
    /// Adds a suppression and gives its number, above every earlier one; `number` of the row is not looked at.
    fn add_suppression(&mut self, row: &SuppressionRow) -> Result<u64>;
    /// Ends a proposal or a suppression, at most once each.
    fn close(&mut self, closes: Closes, number: u64, row: &ClosingRow) -> Result<()>;
    /// Sets what published records link to.
    fn set_relations(&mut self, of: &[(&str, &[String])]) -> Result<()>;
    /// Adds a succession; a record has at most one.
    fn add_succession(&mut self, record: &str, successor: &str, revision: u64) -> Result<()>;
}
