//! Rows of a store as values of the model. A row that does not hold what it should is damage, named by its key.

use std::fmt::Display;
use std::str::FromStr;

use super::store::{
    ChangeRow, DatasetRow, IdentityRow, ImportRow, JudgementRow, ProposalRow, RecordRow, SuppressionRow,
};
use super::{
    Change, ChangeKind, Dataset, Identity, ImportCounts, RegistryError, StoredJudgement, StoredProposal, Succession,
    Suppression, Withdrawal,
};
use crate::model::{EntityId, Judgement, Opinion, Record};

fn parse<T: FromStr>(place: &dyn Display, text: &str) -> Result<T, RegistryError>
where
    T::Err: Display,
{
    text.parse().map_err(|error| RegistryError::damaged(place, error))
}

/// The record of a row: its text is what was written, and it is the record of this id.
pub(super) fn record(row: &RecordRow) -> Result<Record, RegistryError> {
    let place = format!("record {}", row.record_id);
    if blake3::hash(row.json.as_bytes()).as_bytes()[..] != row.digest[..] {
        return Err(RegistryError::damaged(place, "the text does not fit its digest"));
    }
    let record: Record = serde_json::from_str(&row.json).map_err(|error| RegistryError::damaged(&place, error))?;
    if record.id.as_str() != row.record_id {
        return Err(RegistryError::damaged(place, format!("the text is that of record {}", record.id)));
    }
    Ok(record)
}

pub(super) fn entity_id(text: &str) -> Result<EntityId, RegistryError> {
    parse(&format!("entity {text}"), text)
}

pub(super) fn identity(row: &IdentityRow) -> Result<Identity, RegistryError> {
    let place = format!("identity of record {}", row.record_id);
    Ok(Identity {
        record: parse(&place, &row.record_id)?,
        id: parse(&place, &row.id)?,
        attempt: row.attempt,
        minted: row.minted,
        canonical: parse(&place, &row.canonical)?,
    })
}

pub(super) fn dataset(row: DatasetRow) -> Result<Dataset, RegistryError> {
    let place = format!("dataset {}", row.name);
    Ok(Dataset {
        name: parse(&place, &row.name)?,
        record_count: row.record_count,
        name_count: row.name_count,
        digest: row.digest,
        imported_at: parse(&place, &row.imported_at)?,
    })
}

pub(super) fn succession((record, successor, revision): (String, String, u64)) -> Result<Succession, RegistryError> {
    let place = format!("succession of record {record}");
    Ok(Succession { record: parse(&place, &record)?, successor: parse(&place, &successor)?, revision })
}

pub(super) fn counts(row: &ImportRow) -> ImportCounts {
    let imported = row.added + row.changed;
    ImportCounts {
        read: imported + row.unchanged + row.quarantined,
        imported,
        added: row.added,
        changed: row.changed,
        unchanged: row.unchanged,
        removed: row.removed,
        quarantined: row.quarantined,
        revision: row.revision,
    }
}

pub(super) fn judgement(row: JudgementRow) -> Result<StoredJudgement, RegistryError> {
    let place = format!("judgement {}", row.number);
    let opinion = opinion(&place, &row.opinion)?;
    let withdrawn = row.withdrawn.map(|withdrawal| {
        Ok::<_, RegistryError>(Withdrawal {
            revision: withdrawal.revision,
            at: parse(&place, &withdrawal.at)?,
            actor: withdrawal.actor,
            reason: withdrawal.reason,
        })
    });
    Ok(StoredJudgement {
        number: row.number,
        revision: row.revision,
        at: parse(&place, &row.at)?,
        judgement: Judgement {
            left: parse(&place, &row.left)?,
            right: parse(&place, &row.right)?,
            opinion,
            actor: row.actor,
            reason: row.reason,
            evidence: row.evidence,
        },
        withdrawn: withdrawn.transpose()?,
    })
}

fn opinion(place: &str, text: &str) -> Result<Opinion, RegistryError> {
    Opinion::parse(text).ok_or_else(|| RegistryError::damaged(place, format!("{text:?} is no opinion")))
}

pub(super) fn proposal(row: ProposalRow) -> Result<StoredProposal, RegistryError> {
    let place = format!("proposal {}", row.number);
    Ok(StoredProposal {
        number: row.number,
        revision: row.revision,
        at: parse(&place, &row.at)?,
        judgement: Judgement {
            left: parse(&place, &row.left)?,
            right: parse(&place, &row.right)?,
            opinion: opinion(&place, &row.opinion)?,
            actor: row.actor,
            reason: row.reason,
            evidence: row.evidence,
        },
        worth: row.worth,
        conflict: row.conflict,
    })
}

pub(super) fn suppression(row: SuppressionRow, canonical: EntityId) -> Result<Suppression, RegistryError> {
    let place = format!("suppression {}", row.number);
    Ok(Suppression {
        number: row.number,
        revision: row.revision,
        at: parse(&place, &row.at)?,
        subject: row.subject,
        entity: parse(&place, &row.entity)?,
        canonical,
        actor: row.actor,
        reason: row.reason,
    })
}

pub(super) fn change(row: ChangeRow) -> Result<Change, RegistryError> {
    let place = format!("change {}", row.sequence);
    let kind = ChangeKind::parse(&row.action)
        .ok_or_else(|| RegistryError::damaged(&place, format!("{:?} is no kind of change", row.action)))?;
    let other = Some(row.other).filter(|other| !other.is_empty());
    Ok(Change {
        sequence: row.sequence,
        revision: row.revision,
        at: parse(&place, &row.at)?,
        kind,
        entity: parse(&place, &row.entity)?,
        other: other.map(|other| parse(&place, &other)).transpose()?,
        record: parse(&place, &row.record)?,
        judgement: Some(row.judgement).filter(|number| *number > 0),
        reason: row.reason,
    })
}
