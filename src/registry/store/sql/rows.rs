use super::super::{
    AuditRow, ChangeRow, ClosingRow, DatasetRow, IdentityRow, ImportRow, JudgementRow, ProposalRow, RecordRow,
    RequestRow, Result, SuppressionRow, WithdrawalRow,
};
use super::Row;

/// A row with the statement that finds it, whose columns are its fields in order.
macro_rules! rows {
    ($($sql:ident, $read:ident, $row:ident: $select:literal => $($field:ident $at:literal),+;)*) => {$(
        pub(super) const $sql: &str = $select;

        pub(super) fn $read(row: &Row<'_>) -> Result<$row> {
            Ok($row { $($field: row.get($at)?,)+ })
        }
    )*};
}

rows! {
    RECORD, record, RecordRow: "SELECT r.record_id, r.dataset, r.digest, r.names, r.json FROM records r" =>
        record_id 0, dataset 1, digest 2, names 3, json 4;
    IDENTITY, identity, IdentityRow: "SELECT i.record_id, i.id, i.attempt, i.minted, c.canonical FROM identities i
        JOIN clusters c ON c.id = i.id" =>
        record_id 0, id 1, attempt 2, minted 3, canonical 4;
    IMPORT, import, ImportRow: "SELECT request_id, digest, dataset, at, added, changed, unchanged, removed,
        quarantined, revision FROM imports" =>
        request_id 0, digest 1, dataset 2, at 3, added 4, changed 5, unchanged 6, removed 7, quarantined 8, revision 9;
    DATASET, dataset, DatasetRow: "SELECT name, record_count, name_count, digest, imported_at FROM datasets" =>
        name 0, record_count 1, name_count 2, digest 3, imported_at 4;
    REQUEST, request, RequestRow: "SELECT request_id, action, digest, answer FROM requests" =>
        request_id 0, action 1, digest 2, answer 3;
    AUDIT, audit, AuditRow: "SELECT sequence, at, revision, action, actor, detail, previous, hash FROM audit" =>
        sequence 0, at 1, revision 2, action 3, actor 4, detail 5, previous 6, hash 7;
    CHANGE, change, ChangeRow: "SELECT sequence, revision, at, action, entity, other, record_id, judgement, reason
        FROM changes" =>
        sequence 0, revision 1, at 2, action 3, entity 4, other 5, record 6, judgement 7, reason 8;
    PROPOSAL, proposal, ProposalRow: "SELECT number, revision, at, left_id, right_id, opinion, actor, reason, evidence,
        worth, conflict FROM proposals p" =>
        number 0, revision 1, at 2, left 3, right 4, opinion 5, actor 6, reason 7, evidence 8, worth 9, conflict 10;
    SUPPRESSION, suppression, SuppressionRow: "SELECT number, revision, at, subject, entity, actor, reason
        FROM suppressions s" =>
        number 0, revision 1, at 2, subject 3, entity 4, actor 5, reason 6;
    CLOSING, closing, ClosingRow: "SELECT revision, at, actor, reason FROM closings" =>
        revision 0, at 1, actor 2, reason 3;
}

pub(super) const JUDGEMENT: &str = "SELECT j.number, j.revision, j.at, j.left_id, j.right_id, j.opinion, j.actor,
    j.reason, j.evidence, w.revision, w.at, w.actor, w.reason
    FROM judgements j LEFT JOIN withdrawals w ON w.judgement = j.number";

pub(super) fn judgement(row: &Row<'_>) -> Result<JudgementRow> {
    let withdrawn = match row.get::<Option<u64>>(9)? {
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
