use super::super::{
    AuditRow, ChangeRow, Closes, ClosingRow, ProposalRow, ReadTrail, RecordRow, RequestRow, Result, SuppressionRow,
};
use super::rows::{
    AUDIT, CHANGE, CLOSING, PROPOSAL, RECORD, REQUEST, SUPPRESSION, audit, change, closing, proposal, record, request,
    suppression,
};
use super::{Session, all, one};
use crate::model::{DatasetName, EntityId, RecordId};

const OPEN_PROPOSAL: &str = "NOT EXISTS (SELECT 1 FROM closings c WHERE c.kind = 'proposal' AND c.number = p.number)";

impl<S: Session> ReadTrail for S {
    fn request(&mut self, request_id: &str) -> Result<Option<RequestRow>> {
        one(self, &format!("{REQUEST} WHERE request_id = $1"), &[request_id.into()], request)
    }

    fn audit_head(&mut self) -> Result<Option<AuditRow>> {
        one(self, &format!("{AUDIT} ORDER BY sequence DESC LIMIT 1"), &[], audit)
    }

    fn audit(&mut self, after: u64, limit: usize) -> Result<Vec<AuditRow>> {
        let sql = format!("{AUDIT} WHERE sequence > $1 ORDER BY sequence LIMIT $2");
        all(self, &sql, &[after.into(), limit.into()], audit)
    }

    fn changes(&mut self, after: u64, limit: usize) -> Result<Vec<ChangeRow>> {
        let sql = format!("{CHANGE} WHERE sequence > $1 ORDER BY sequence LIMIT $2");
        all(self, &sql, &[after.into(), limit.into()], change)
    }

    fn last_change(&mut self) -> Result<u64> {
        let last = one(self, "SELECT coalesce(max(sequence), 0) FROM changes", &[], |row| row.get(0))?;
        Ok(last.unwrap_or_default())
    }

    fn changes_of(&mut self, id: EntityId, after: u64, limit: usize) -> Result<Vec<ChangeRow>> {
        let sql = format!(
            "{CHANGE} WHERE sequence IN (
                 SELECT sequence FROM changes WHERE entity = $1 AND sequence > $2 UNION
                 SELECT sequence FROM changes WHERE other = $1 AND other <> '' AND sequence > $2)
             ORDER BY sequence LIMIT $3"
        );
        all(self, &sql, &[(&id.to_string()).into(), after.into(), limit.into()], change)
    }

    fn changed_records(&mut self, revision: u64, limit: usize) -> Result<Vec<String>> {
        let sql = "SELECT DISTINCT record_id FROM changes
             WHERE revision > $1 AND action IN ('added', 'changed', 'removed') ORDER BY record_id LIMIT $2";
        all(self, sql, &[revision.into(), limit.into()], |row| row.get(0))
    }

    fn proposal(&mut self, number: u64) -> Result<Option<ProposalRow>> {
        one(self, &format!("{PROPOSAL} WHERE number = $1"), &[number.into()], proposal)
    }

    fn proposals_of(&mut self, record: &RecordId) -> Result<Vec<ProposalRow>> {
        let sql = format!("{PROPOSAL} WHERE (left_id = $1 OR right_id = $1) AND {OPEN_PROPOSAL} ORDER BY number");
        all(self, &sql, &[record.as_str().into()], proposal)
    }

    fn proposals(&mut self, after: Option<(u64, u64)>, limit: usize, conflicts: bool) -> Result<Vec<ProposalRow>> {
        let (worth, place) = after.unwrap_or((u64::MAX, 0));
        let sql = format!(
            "{PROPOSAL} WHERE worth <= $1 AND (worth < $1 OR number > $2) AND (CAST($3 AS BIGINT) = 0 OR conflict <> '')
             AND {OPEN_PROPOSAL} ORDER BY worth DESC, number LIMIT $4"
        );
        all(self, &sql, &[worth.into(), place.into(), conflicts.into(), limit.into()], proposal)
    }

    fn suppression(&mut self, number: u64) -> Result<Option<SuppressionRow>> {
        one(self, &format!("{SUPPRESSION} WHERE number = $1"), &[number.into()], suppression)
    }

    fn suppressions(&mut self, subject: Option<&str>, after: u64, limit: usize) -> Result<Vec<SuppressionRow>> {
        let sql = format!(
            "{SUPPRESSION} WHERE (CAST($1 AS TEXT) IS NULL OR subject = $1) AND number > $2 AND NOT EXISTS (
                 SELECT 1 FROM closings c WHERE c.kind = 'suppression' AND c.number = s.number)
             ORDER BY number LIMIT $3"
        );
        all(self, &sql, &[subject.into(), after.into(), limit.into()], suppression)
    }

    fn closing(&mut self, closes: Closes, number: u64) -> Result<Option<ClosingRow>> {
        let sql = format!("{CLOSING} WHERE kind = $1 AND number = $2");
        one(self, &sql, &[closes.as_str().into(), number.into()], closing)
    }

    fn linked_to(&mut self, target: &RecordId) -> Result<Vec<RecordRow>> {
        let sql =
            format!("{RECORD} JOIN relations l ON l.record_id = r.record_id WHERE l.target = $1 ORDER BY r.record_id");
        all(self, &sql, &[target.as_str().into()], record)
    }

    fn successions(&mut self, dataset: &DatasetName) -> Result<Vec<(String, String, u64)>> {
        let sql = "SELECT record_id, successor, revision FROM successions WHERE record_id > $1 AND record_id < $2
             ORDER BY record_id";
        // ';' follows ':' in ASCII: every id of the dataset lies between.
        let (first, last) = (format!("{dataset}:"), format!("{dataset};"));
        all(self, sql, &[(&first).into(), (&last).into()], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
    }
}
