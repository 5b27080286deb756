use super::FieldError;
use super::record::timestamp;
use crate::model::Opinion;
use crate::proto::v1;
use crate::registry::{
    Change, ChangeKind, Cluster, JudgementReceipt, Moved, Outcome, Referent, Related, StoredJudgement, StoredProposal,
    Succession, Suppression,
};

/// The opinion of a field; it must be one.
pub fn opinion_from(value: i32, field: &str) -> Result<Opinion, FieldError> {
    match v1::Opinion::try_from(value) {
        Ok(v1::Opinion::Same) => Ok(Opinion::Same),
        Ok(v1::Opinion::Different) => Ok(Opinion::Different),
        Ok(v1::Opinion::Unsure) => Ok(Opinion::Unsure),
        Ok(v1::Opinion::Unspecified) => Err(FieldError::new(field, "an opinion is required")),
        Err(_) => Err(FieldError::new(field, format!("{value} is no opinion"))),
    }
}

fn opinion_message(opinion: Opinion) -> v1::Opinion {
    match opinion {
        Opinion::Same => v1::Opinion::Same,
        Opinion::Different => v1::Opinion::Different,
        Opinion::Unsure => v1::Opinion::Unsure,
    }
}

/// Whether a judgement that contradicts what holds waits in the queue.
pub fn may_wait_from(value: i32, field: &str) -> Result<bool, FieldError> {
    match v1::OnConflict::try_from(value) {
        Ok(v1::OnConflict::Unspecified | v1::OnConflict::Refuse) => Ok(false),
        Ok(v1::OnConflict::Queue) => Ok(true),
        Err(_) => Err(FieldError::new(field, format!("{value} is none of the values"))),
    }
}

/// What became of a judgement, as the contract has it.
pub fn outcome_response(outcome: Outcome) -> v1::RecordJudgementResponse {
    match outcome {
        Outcome::Judged(JudgementReceipt { number, revision, clusters, moved }) => v1::RecordJudgementResponse {
            number,
            registry_revision: revision,
            clusters: clusters.into_iter().map(cluster_message).collect(),
            moved: moved.into_iter().map(moved_message).collect(),
            ..Default::default()
        },
        Outcome::Queued { proposal, conflict } => {
            v1::RecordJudgementResponse { review_number: proposal, conflict, ..Default::default() }
        }
    }
}

/// What a withdrawal did, as the contract has it.
pub fn withdrawal_response(receipt: JudgementReceipt) -> v1::WithdrawJudgementResponse {
    v1::WithdrawJudgementResponse {
        registry_revision: receipt.revision,
        clusters: receipt.clusters.into_iter().map(cluster_message).collect(),
        moved: receipt.moved.into_iter().map(moved_message).collect(),
    }
}

fn cluster_message(cluster: Cluster) -> v1::Cluster {
    let record_ids = cluster.records.iter().map(ToString::to_string).collect();
    v1::Cluster { entity_id: cluster.id.to_string(), record_ids }
}

fn moved_message(moved: Moved) -> v1::MovedRecord {
    v1::MovedRecord {
        record_id: moved.record.to_string(),
        from_entity_id: moved.from.to_string(),
        to_entity_id: moved.to.to_string(),
    }
}

/// A judgement as the contract has it.
pub fn judgement_message(stored: StoredJudgement) -> v1::Judgement {
    let withdrawal = stored.withdrawn.map(|withdrawn| v1::Withdrawal {
        actor: withdrawn.actor,
        reason: withdrawn.reason,
        withdrawn_at: Some(timestamp(withdrawn.at)),
        registry_revision: withdrawn.revision,
    });
    v1::Judgement {
        number: stored.number,
        left_record_id: stored.judgement.left.to_string(),
        right_record_id: stored.judgement.right.to_string(),
        opinion: opinion_message(stored.judgement.opinion).into(),
        actor: stored.judgement.actor,
        reason: stored.judgement.reason,
        evidence: stored.judgement.evidence,
        judged_at: Some(timestamp(stored.at)),
        registry_revision: stored.revision,
        withdrawal,
    }
}

/// A pair that waits, as the contract has it.
pub fn review_message(stored: StoredProposal) -> v1::Review {
    v1::Review {
        number: stored.number,
        left_record_id: stored.judgement.left.to_string(),
        right_record_id: stored.judgement.right.to_string(),
        opinion: opinion_message(stored.judgement.opinion).into(),
        actor: stored.judgement.actor,
        reason: stored.judgement.reason,
        evidence: stored.judgement.evidence,
        proposed_at: Some(timestamp(stored.at)),
        worth_bits: stored.worth as f64 / 1000.0,
        conflict: stored.conflict,
    }
}

/// A suppression as the contract has it.
pub fn suppression_message(suppression: Suppression) -> v1::Suppression {
    v1::Suppression {
        number: suppression.number,
        subject: suppression.subject,
        entity_id: suppression.canonical.to_string(),
        given_entity_id: suppression.entity.to_string(),
        actor: suppression.actor,
        reason: suppression.reason,
        suppressed_at: Some(timestamp(suppression.at)),
    }
}

/// A change as the contract has it.
pub fn change_message(change: Change) -> v1::EntityChange {
    let kind = match change.kind {
        ChangeKind::Added => v1::ChangeKind::Added,
        ChangeKind::Changed => v1::ChangeKind::Changed,
        ChangeKind::Removed => v1::ChangeKind::Removed,
        ChangeKind::Merged => v1::ChangeKind::Merged,
        ChangeKind::Split => v1::ChangeKind::Split,
    };
    v1::EntityChange {
        kind: kind.into(),
        entity_id: change.entity.to_string(),
        to_entity_id: change.other.map(|other| other.to_string()).unwrap_or_default(),
        record_id: change.record.to_string(),
        judgement_number: change.judgement.unwrap_or_default(),
        reason: change.reason,
        changed_at: Some(timestamp(change.at)),
        registry_revision: change.revision,
    }
}

/// A record that stands for an entity, as the contract has it.
pub fn referent_message(referent: Referent) -> v1::Referent {
    v1::Referent {
        record_id: referent.record.to_string(),
        founded_entity_id: referent.founded.to_string(),
        minted_revision: referent.minted,
        published: referent.published,
    }
}

/// An id that names somebody else, as the contract has it.
pub fn reused_message(succession: Succession) -> v1::ReusedId {
    v1::ReusedId { record_id: succession.record.to_string(), kept_as_record_id: succession.successor.to_string() }
}

/// A related party as the contract has it.
pub fn related_message(related: Related) -> v1::RelatedParty {
    let direction = match related.outgoing {
        true => v1::RelationDirection::Outgoing,
        false => v1::RelationDirection::Incoming,
    };
    v1::RelatedParty {
        relation: related.relation,
        direction: direction.into(),
        source_record_id: related.source.to_string(),
        name: related.name,
        record_id: related.record.map(|record| record.to_string()).unwrap_or_default(),
        entity_id: related.entity.map(|entity| entity.to_string()).unwrap_or_default(),
    }
}
