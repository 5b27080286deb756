use std::collections::BTreeMap;

use super::payload::RecordPayload;
use super::readings::MAX_READINGS;
use super::{Query, QueryError, Scope, Snapshot};
use crate::index::{NameOrd, RecordOrd};
use crate::model::{EntityId, Kind, RecordId, Version};
use crate::retrieval;

/// A party whose name begins as somebody types.
#[derive(Clone, Debug, PartialEq)]
pub struct Suggestion {
    /// The party.
    pub entity: EntityId,
    /// The record whose name it is.
    pub record: RecordId,
    /// Its kind.
    pub kind: Kind,
    /// The name to show for it.
    pub caption: String,
    /// The name that begins so.
    pub name: String,
    /// What speaks for it in nats; orders the suggestions, and is no probability.
    pub score: f64,
}

/// What to offer to somebody who types.
#[derive(Clone, Debug, PartialEq)]
pub struct Suggestions {
    /// Parties, the likeliest first; equals by their ids.
    pub parties: Vec<Suggestion>,
    /// Which bound cut the search, if one did.
    pub incomplete: Option<&'static str>,
    /// What was counted: states, postings.
    pub work: u64,
    /// Which index and model answered.
    pub version: Version,
}

/// How many times more names are looked at than parties are offered: parties have several names.
const NAMES_A_PARTY: usize = 8;

impl Snapshot {
    /// Offers the parties that have every word of a text, the last of which may be only the beginning of one, in any
    /// script. The same text gives the same answer for one version.
    pub fn suggest(&self, text: &str, kind: Kind, scope: &Scope, limit: usize) -> Result<Suggestions, QueryError> {
        let query = Query { kind, ..Query::of_name(text) };
        query.validate()?;
        let (mut readings, cut) = query.readings().pop().unwrap_or_default();
        readings.truncate(MAX_READINGS);
        let in_scope = |name: &crate::index::NameView<'_>| self.is_in_scope(name.record, kind, scope);
        let (found, work, incomplete) =
            retrieval::suggest(&self.index, &readings, limit.saturating_mul(NAMES_A_PARTY), &in_scope);
        let mut best: BTreeMap<EntityId, (f32, RecordOrd, NameOrd)> = BTreeMap::new();
        for suggested in found {
            let Some(record) = self.index.name(suggested.name).map(|name| name.record) else { continue };
            let payload = self
                .index
                .record(record)
                .and_then(|view| RecordPayload::entity(view.payload, || self.record_id(record)));
            let Some(entity) = payload.map(|entity| self.canonical(entity)) else { continue };
            // Names come best first.
            best.entry(entity).or_insert((suggested.gain, record, suggested.name));
        }
        let mut best: Vec<_> = best.into_iter().collect();
        best.sort_by(|a, b| b.1.0.total_cmp(&a.1.0).then_with(|| a.0.to_string().cmp(&b.0.to_string())));
        let parties = best.into_iter().take(limit);
        let parties = parties.filter_map(|(entity, (gain, record, name))| self.suggestion(entity, gain, record, name));
        Ok(Suggestions {
            parties: parties.collect(),
            incomplete: incomplete.or(cut.map(|cut| cut.bound)),
            work,
            version: self.version().clone(),
        })
    }

    fn suggestion(&self, entity: EntityId, gain: f32, record: RecordOrd, name: NameOrd) -> Option<Suggestion> {
        let view = self.index.record(record)?;
        Some(Suggestion {
            entity,
            record: self.record_id(record)?,
            kind: RecordPayload::kind(view.payload),
            caption: self.index.name_text(NameOrd(view.names.start))?,
            name: self.index.name_text(name)?,
            score: gain.into(),
        })
    }
}
