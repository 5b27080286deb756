use super::super::{
    AuditRow, ChangeRow, Closes, ClosingRow, ProposalRow, RequestRow, Result, SuppressionRow, WriteTrail,
};
use super::write::numbered;
use super::{Session, Value};

impl<S: Session> WriteTrail for S {
    fn add_request(&mut self, row: &RequestRow) -> Result<()> {
        let RequestRow { request_id, action, digest, answer } = row;
        let sql = "INSERT INTO requests (request_id, action, digest, answer) VALUES ($1, $2, $3, $4)";
        self.execute(sql, &[request_id.into(), action.into(), digest.into(), answer.into()])
    }

    fn add_audit(&mut self, row: &AuditRow) -> Result<()> {
        let AuditRow { sequence, at, revision, action, actor, detail, previous, hash } = row;
        let values = [
            (*sequence).into(),
            at.into(),
            (*revision).into(),
            action.into(),
            actor.into(),
            detail.into(),
            previous.into(),
            hash.into(),
        ];
        let sql = "INSERT INTO audit (sequence, at, revision, action, actor, detail, previous, hash)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
        self.execute(sql, &values)
    }

    fn add_changes(&mut self, rows: &[ChangeRow]) -> Result<()> {
        let values = rows.iter().map(|row| {
            let ChangeRow { revision, at, action, entity, other, record, judgement, reason, .. } = row;
            vec![
                (*revision).into(),
                at.into(),
                action.into(),
                entity.into(),
                other.into(),
                record.into(),
                (*judgement).into(),
                reason.into(),
            ]
        });
        let sql = "INSERT INTO changes
             (sequence, revision, at, action, entity, other, record_id, judgement, reason)
             VALUES ((SELECT coalesce(max(sequence), 0) + 1 FROM changes), $1, $2, $3, $4, $5, $6, $7, $8)";
        self.execute_all(sql, &values.collect::<Vec<_>>())
    }

    fn add_proposal(&mut self, row: &ProposalRow) -> Result<u64> {
        let ProposalRow { revision, at, left, right, opinion, actor, reason, evidence, worth, conflict, .. } = row;
        let values = [
            (*revision).into(),
            at.into(),
            left.into(),
            right.into(),
            opinion.into(),
            actor.into(),
            reason.into(),
            evidence.into(),
            (*worth).into(),
            conflict.into(),
        ];
        let sql = "INSERT INTO proposals
             (number, revision, at, left_id, right_id, opinion, actor, reason, evidence, worth, conflict)
             VALUES ((SELECT coalesce(max(number), 0) + 1 FROM proposals), $1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
             RETURNING number";
        numbered(self, sql, &values)
    }

    fn add_suppression(&mut self, row: &SuppressionRow) -> Result<u64> {
        let SuppressionRow { revision, at, subject, entity, actor, reason, .. } = row;
        let values = [(*revision).into(), at.into(), subject.into(), entity.into(), actor.into(), reason.into()];
        let sql = "INSERT INTO suppressions (number, revision, at, subject, entity, actor, reason)
             VALUES ((SELECT coalesce(max(number), 0) + 1 FROM suppressions), $1, $2, $3, $4, $5, $6)
             RETURNING number";
        numbered(self, sql, &values)
    }

    fn close(&mut self, closes: Closes, number: u64, row: &ClosingRow) -> Result<()> {
        let ClosingRow { revision, at, actor, reason } = row;
        let values =
            [closes.as_str().into(), number.into(), (*revision).into(), at.into(), actor.into(), reason.into()];
        let sql = "INSERT INTO closings (kind, number, revision, at, actor, reason) VALUES ($1, $2, $3, $4, $5, $6)";
        self.execute(sql, &values)
    }

    fn set_relations(&mut self, of: &[(&str, &[String])]) -> Result<()> {
        let records: Vec<Vec<Value<'_>>> = of.iter().map(|(record, _)| vec![(*record).into()]).collect();
        self.execute_all("DELETE FROM relations WHERE record_id = $1", &records)?;
        let targets = of.iter().flat_map(|(record, targets)| targets.iter().map(|target| (*record, target)));
        let targets: Vec<Vec<Value<'_>>> = targets.map(|(record, target)| vec![record.into(), target.into()]).collect();
        let sql = "INSERT INTO relations (record_id, target) VALUES ($1, $2) ON CONFLICT DO NOTHING";
        self.execute_all(sql, &targets)
    }

    fn add_succession(&mut self, record: &str, successor: &str, revision: u64) -> Result<()> {
        let sql = "INSERT INTO successions (record_id, successor, revision) VALUES ($1, $2, $3)";
        self.execute(sql, &[record.into(), successor.into(), revision.into()])
    }
}
