use rusqlite::Row;

use super::Transaction;
use super::reading::record;
use crate::model::{DatasetName, EntityId, RecordId};
use crate::registry::store::{
    AuditRow, ChangeRow, Closes, ClosingRow, ProposalRow, ReadTrail, RecordRow, RequestRow, Result, SuppressionRow,
    WriteTrail,
};

const AUDIT: &str = "SELECT sequence, at, revision, action, actor, detail, previous, hash FROM audit";
const CHANGE: &str = "SELECT sequence, revision, at, action, entity, other, record_id, judgement, reason FROM changes";
const PROPOSAL: &str = "SELECT number, revision, at, left_id, right_id, opinion, actor, reason, evidence, worth, conflict FROM proposals p";
const OPEN_PROPOSAL: &str = "NOT EXISTS (SELECT 1 FROM closings c WHERE c.kind = 'proposal' AND c.number = p.number)";
const SUPPRESSION: &str = "SELECT number, revision, at, subject, entity, actor, reason FROM suppressions s";

fn audit(row: &Row<'_>) -> rusqlite::Result<AuditRow> {
    Ok(AuditRow {
        sequence: row.get(0)?,
        at: row.get(1)?,
        revision: row.get(2)?,
        action: row.get(3)?,
        actor: row.get(4)?,
        detail: row.get(5)?,
        previous: row.get(6)?,
        hash: row.get(7)?,
    })
}

fn change(row: &Row<'_>) -> rusqlite::Result<ChangeRow> {
    Ok(ChangeRow {
        sequence: row.get(0)?,
        revision: row.get(1)?,
        at: row.get(2)?,
        action: row.get(3)?,
        entity: row.get(4)?,
        other: row.get(5)?,
        record: row.get(6)?,
        judgement: row.get(7)?,
        reason: row.get(8)?,
    })
}

fn proposal(row: &Row<'_>) -> rusqlite::Result<ProposalRow> {
    Ok(ProposalRow {
        number: row.get(0)?,
        revision: row.get(1)?,
        at: row.get(2)?,
        left: row.get(3)?,
        right: row.get(4)?,
        opinion: row.get(5)?,
        actor: row.get(6)?,
        reason: row.get(7)?,
        evidence: row.get(8)?,
        worth: row.get(9)?,
        conflict: row.get(10)?,
    })
}

fn suppression(row: &Row<'_>) -> rusqlite::Result<SuppressionRow> {
    Ok(SuppressionRow {
        number: row.get(0)?,
        revision: row.get(1)?,
        at: row.get(2)?,
        subject: row.get(3)?,
        entity: row.get(4)?,
        actor: row.get(5)?,
        reason: row.get(6)?,
    })
}

/// A number as the database can hold it; a larger one is behind every row.
fn number(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

impl ReadTrail for Transaction<'_> {
    fn request(&mut self, request_id: &str) -> Result<Option<RequestRow>> {
        self.one("SELECT request_id, action, digest, answer FROM requests WHERE request_id = ?", [request_id], |row| {
            Ok(RequestRow { request_id: row.get(0)?, action: row.get(1)?, digest: row.get(2)?, answer: row.get(3)? })
        })
    }

    fn audit_head(&mut self) -> Result<Option<AuditRow>> {
        self.one(&format!("{AUDIT} ORDER BY sequence DESC LIMIT 1"), [], audit)
    }

    fn audit(&mut self, after: u64, limit: usize) -> Result<Vec<AuditRow>> {
        self.all(&format!("{AUDIT} WHERE sequence > ? ORDER BY sequence LIMIT ?"), (number(after), limit), audit)
    }

    fn changes(&mut self, after: u64, limit: usize) -> Result<Vec<ChangeRow>> {
        self.all(&format!("{CHANGE} WHERE sequence > ? ORDER BY sequence LIMIT ?"), (number(after), limit), change)
    }

    fn last_change(&mut self) -> Result<u64> {
        let last = self.one("SELECT coalesce(max(sequence), 0) FROM changes", [], |row| row.get(0))?;
        Ok(last.unwrap_or_default())
    }

    fn changes_of(&mut self, id: EntityId, after: u64, limit: usize) -> Result<Vec<ChangeRow>> {
        let sql = format!(
            "{CHANGE} WHERE sequence IN (
                 SELECT sequence FROM changes WHERE entity = ?1 AND sequence > ?2 UNION
                 SELECT sequence FROM changes WHERE other = ?1 AND other <> '' AND sequence > ?2)
             ORDER BY sequence LIMIT ?3"
        );
        self.all(&sql, (id.to_string(), number(after), limit), change)
    }

    fn proposal(&mut self, proposed: u64) -> Result<Option<ProposalRow>> {
        self.one(&format!("{PROPOSAL} WHERE number = ?"), [number(proposed)], proposal)
    }

    fn proposals_of(&mut self, record: &RecordId) -> Result<Vec<ProposalRow>> {
        let sql = format!("{PROPOSAL} WHERE (left_id = ?1 OR right_id = ?1) AND {OPEN_PROPOSAL} ORDER BY number");
        self.all(&sql, [record.as_str()], proposal)
    }

    fn proposals(&mut self, after: Option<(u64, u64)>, limit: usize, conflicts: bool) -> Result<Vec<ProposalRow>> {
        let (worth, place) = after.map_or((i64::MAX, 0), |(worth, place)| (number(worth), number(place)));
        let sql = format!(
            "{PROPOSAL} WHERE worth <= ?1 AND (worth < ?1 OR number > ?2) AND (NOT ?3 OR conflict <> '')
             AND {OPEN_PROPOSAL} ORDER BY worth DESC, number LIMIT ?4"
        );
        self.all(&sql, (worth, place, conflicts, limit), proposal)
    }

    fn suppression(&mut self, suppressed: u64) -> Result<Option<SuppressionRow>> {
        self.one(&format!("{SUPPRESSION} WHERE number = ?"), [number(suppressed)], suppression)
    }

    fn suppressions(&mut self, subject: Option<&str>, after: u64, limit: usize) -> Result<Vec<SuppressionRow>> {
        let sql = format!(
            "{SUPPRESSION} WHERE (?1 IS NULL OR subject = ?1) AND number > ?2 AND NOT EXISTS (
                 SELECT 1 FROM closings c WHERE c.kind = 'suppression' AND c.number = s.number)
             ORDER BY number LIMIT ?3"
        );
        self.all(&sql, (subject, number(after), limit), suppression)
    }

    fn closing(&mut self, closes: Closes, closed: u64) -> Result<Option<ClosingRow>> {
        let sql = "SELECT revision, at, actor, reason FROM closings WHERE kind = ? AND number = ?";
        self.one(sql, (closes.as_str(), number(closed)), |row| {
            Ok(ClosingRow { revision: row.get(0)?, at: row.get(1)?, actor: row.get(2)?, reason: row.get(3)? })
        })
    }

    fn linked_to(&mut self, target: &RecordId) -> Result<Vec<RecordRow>> {
        let sql = "SELECT r.record_id, r.dataset, r.digest, r.names, r.json FROM relations l
             JOIN records r ON r.record_id = l.record_id WHERE l.target = ? ORDER BY r.record_id";
        self.all(sql, [target.as_str()], record)
    }

    fn successions(&mut self, dataset: &DatasetName) -> Result<Vec<(String, String, u64)>> {
        // ';' follows ':' in ASCII: every id of the dataset lies between.
        let sql = "SELECT record_id, successor, revision FROM successions WHERE record_id > ? AND record_id < ?
             ORDER BY record_id";
        self.all(sql, (format!("{dataset}:"), format!("{dataset};")), |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
    }
}

impl WriteTrail for Transaction<'_> {
    fn add_request(&mut self, row: &RequestRow) -> Result<()> {
        self.put(
            "INSERT INTO requests (request_id, action, digest, answer) VALUES (?, ?, ?, ?)",
            (&row.request_id, &row.action, &row.digest, &row.answer),
        )
    }

    fn add_audit(&mut self, row: &AuditRow) -> Result<()> {
        self.put(
            "INSERT INTO audit (sequence, at, revision, action, actor, detail, previous, hash)
             VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (row.sequence, &row.at, row.revision, &row.action, &row.actor, &row.detail, &row.previous, &row.hash),
        )
    }

    fn add_change(&mut self, row: &ChangeRow) -> Result<()> {
        self.put(
            "INSERT INTO changes (revision, at, action, entity, other, record_id, judgement, reason)
             VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (row.revision, &row.at, &row.action, &row.entity, &row.other, &row.record, row.judgement, &row.reason),
        )
    }

    fn add_proposal(&mut self, row: &ProposalRow) -> Result<u64> {
        self.put(
            "INSERT INTO proposals
             (revision, at, left_id, right_id, opinion, actor, reason, evidence, worth, conflict)
             VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                row.revision,
                &row.at,
                &row.left,
                &row.right,
                &row.opinion,
                &row.actor,
                &row.reason,
                &row.evidence,
                row.worth,
                &row.conflict,
            ),
        )?;
        self.number()
    }

    fn add_suppression(&mut self, row: &SuppressionRow) -> Result<u64> {
        self.put(
            "INSERT INTO suppressions (revision, at, subject, entity, actor, reason) VALUES (?, ?, ?, ?, ?, ?)",
            (row.revision, &row.at, &row.subject, &row.entity, &row.actor, &row.reason),
        )?;
        self.number()
    }

    fn close(&mut self, closes: Closes, closed: u64, row: &ClosingRow) -> Result<()> {
        self.put(
            "INSERT INTO closings (kind, number, revision, at, actor, reason) VALUES (?, ?, ?, ?, ?, ?)",
            (closes.as_str(), closed, row.revision, &row.at, &row.actor, &row.reason),
        )
    }

    fn set_relations(&mut self, record: &str, targets: &[String]) -> Result<()> {
        self.put("DELETE FROM relations WHERE record_id = ?", [record])?;
        for target in targets {
            self.put("INSERT OR IGNORE INTO relations (record_id, target) VALUES (?, ?)", (record, target))?;
        }
        Ok(())
    }

    fn add_succession(&mut self, record: &str, successor: &str, revision: u64) -> Result<()> {
        self.put(
            "INSERT INTO successions (record_id, successor, revision) VALUES (?, ?, ?)",
            (record, successor, revision),
        )
    }
}
