use super::enums::{feature_message, kind_message, verdict_message};
use crate::model::Version;
use crate::proto::v1;
use crate::resolver::{Comparison, Match, Resolution, Suggestion, Suggestions};
use crate::score::Evidence;

/// An answer as the contract has it.
pub fn resolution_response(resolution: Resolution) -> v1::ResolveResponse {
    v1::ResolveResponse {
        verdict: verdict_message(resolution.verdict).into(),
        incomplete: resolution.is_incomplete(),
        incomplete_reason: resolution.cut.map(|cut| cut.bound.to_owned()).unwrap_or_default(),
        candidates: resolution.matches.into_iter().map(candidate_message).collect(),
        version: Some(version_message(&resolution.version)),
        receipt: None,
    }
}

fn candidate_message(candidate: Match) -> v1::Candidate {
    v1::Candidate {
        entity_id: candidate.entity.to_string(),
        record_ids: candidate.records.iter().map(ToString::to_string).collect(),
        kind: kind_message(candidate.kind).into(),
        caption: candidate.caption,
        query_name: candidate.query_name,
        matched_name: candidate.matched_name,
        probability: candidate.probability,
        score: candidate.score,
        evidence: candidate.evidence.into_iter().map(evidence_message).collect(),
        verdict: verdict_message(candidate.verdict).into(),
        ties: u32::try_from(candidate.ties).unwrap_or(u32::MAX),
        suppression_number: candidate.suppression.unwrap_or_default(),
    }
}

fn evidence_message(evidence: Evidence) -> v1::Evidence {
    v1::Evidence {
        feature: feature_message(evidence.feature).into(),
        query_value: evidence.query_value,
        entity_value: evidence.entity_value,
        weight: evidence.weight,
        mechanism: evidence.mechanism.to_owned(),
        text: evidence.text,
    }
}

/// A comparison as the contract has it.
pub fn comparison_response(comparison: Comparison) -> v1::CompareResponse {
    let version = Version { model: comparison.model.to_owned(), ..Version::default() };
    v1::CompareResponse {
        verdict: verdict_message(comparison.verdict).into(),
        probability: comparison.probability,
        score: comparison.score,
        left_name: comparison.left_name,
        right_name: comparison.right_name,
        evidence: comparison.evidence.into_iter().map(evidence_message).collect(),
        version: Some(version_message(&version)),
    }
}

/// Suggestions as the contract has them.
pub fn suggest_response(suggestions: Suggestions) -> v1::SuggestResponse {
    let party = |party: Suggestion| v1::Suggestion {
        entity_id: party.entity.to_string(),
        record_id: party.record.to_string(),
        kind: kind_message(party.kind).into(),
        caption: party.caption,
        name: party.name,
        score: party.score,
    };
    v1::SuggestResponse {
        suggestions: suggestions.parties.into_iter().map(party).collect(),
        incomplete: suggestions.incomplete.is_some(),
        incomplete_reason: suggestions.incomplete.unwrap_or_default().to_owned(),
        version: Some(version_message(&suggestions.version)),
    }
}

/// A version as the contract has it.
pub fn version_message(version: &Version) -> v1::Version {
    v1::Version {
        index_version: version.index.clone(),
        model_version: version.model.clone(),
        engine_version: env!("CARGO_PKG_VERSION").to_owned(),
        registry_revision: version.registry_revision,
    }
}
