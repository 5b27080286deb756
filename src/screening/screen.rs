use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::ScreeningError;
use crate::model::{EntityId, Version};
use crate::resolver::{Detail, Engine, Options, Query, QueryError, Scope, Snapshot, Verdict};

/// The most hits of a subject.
const MAX_HITS: usize = 20;

/// A party of one's own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subject {
    /// The caller's id. Suppressions of the subject of this id hold.
    pub id: String,
    /// Its names and facts, in a form that only the caller reads.
    pub bytes: Vec<u8>,
}

/// An entity that may be a subject.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Hit {
    /// Its canonical id.
    #[serde(with = "entity")]
    pub entity: EntityId,
    /// The name to show for it.
    pub caption: String,
    /// What to make of it: a match, or one to look at.
    #[serde(with = "verdict")]
    pub verdict: Verdict,
    /// The probability that it is the subject, 0 to 1.
    pub probability: f64,
}

/// A subject with its hits.
#[derive(Clone, Debug, PartialEq)]
pub struct Screened {
    /// The subject.
    pub subject: Subject,
    /// Its hits, best first.
    pub hits: Vec<Hit>,
    /// What they were found in.
    pub version: Version,
}

/// What changed for a subject.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AlertKind {
    /// An entity is a hit now.
    New,
    /// An entity is no hit any more.
    Lost,
    /// The verdict about a hit is another one.
    Changed,
}

/// What changed for a subject, as it is kept.
#[derive(Clone, Debug, PartialEq)]
pub struct Alert {
    /// Its number, from 1.
    pub number: u64,
    /// What changed.
    pub kind: AlertKind,
    /// Whose.
    pub subject: String,
    /// The hit as it is now; of one that was lost as it was.
    pub hit: Hit,
    /// Of a changed verdict, the one before.
    pub former: Option<Verdict>,
    /// What it was found in.
    pub version: Version,
    /// When it was found.
    pub at: Timestamp,
}

/// The hits of a subject. `Ok(Err)` where the query is refused.
pub(super) fn hits(
    engine: &Engine,
    snapshot: &Snapshot,
    subject: &str,
    query: &Query,
) -> Result<Result<Vec<Hit>, QueryError>, ScreeningError> {
    let known = engine.known_not_to_be(snapshot, subject)?;
    let options = Options { limit: MAX_HITS, detail: Detail::None, ..Options::default() };
    let found = match snapshot.resolve_but(query, &Scope::default(), &options, &known) {
        Ok(found) => found,
        Err(error) => return Ok(Err(error)),
    };
    let is_hit = |found: &crate::resolver::Match| found.suppression.is_none() && found.verdict != Verdict::NoMatch;
    let hits = found.matches.into_iter().filter(is_hit).map(|found| Hit {
        entity: found.entity,
        caption: found.caption,
        verdict: found.verdict,
        probability: found.probability,
    });
    Ok(Ok(hits.collect()))
}

/// What changed from some hits to others, ordered by entity. Entities that became one meanwhile are one hit.
pub(super) fn compare(before: &[Hit], after: &[Hit], snapshot: &Snapshot) -> Vec<(AlertKind, Hit, Option<Verdict>)> {
    let mut old: BTreeMap<EntityId, &Hit> = BTreeMap::new();
    for hit in before {
        // The best comes first.
        old.entry(snapshot.canonical(hit.entity)).or_insert(hit);
    }
    let mut changes = Vec::new();
    for hit in after {
        match old.remove(&hit.entity) {
            None => changes.push((AlertKind::New, hit.clone(), None)),
            Some(known) if known.verdict != hit.verdict => {
                changes.push((AlertKind::Changed, hit.clone(), Some(known.verdict)));
            }
            Some(_) => {}
        }
    }
    changes.extend(old.into_values().map(|hit| (AlertKind::Lost, hit.clone(), None)));
    changes.sort_by_cached_key(|(_, hit, _)| hit.entity.to_string());
    changes
}

impl AlertKind {
    const ALL: [AlertKind; 3] = [AlertKind::New, AlertKind::Lost, AlertKind::Changed];

    pub(super) fn as_str(self) -> &'static str {
        match self {
            AlertKind::New => "new",
            AlertKind::Lost => "lost",
            AlertKind::Changed => "changed",
        }
    }

    pub(super) fn parse(word: &str) -> Option<AlertKind> {
        AlertKind::ALL.into_iter().find(|kind| kind.as_str() == word)
    }
}

mod entity {
    use serde::{Deserialize, Deserializer, Serializer, de};

    use crate::model::EntityId;

    pub(super) fn serialize<S: Serializer>(id: &EntityId, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(id)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<EntityId, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
    }
}

pub(super) mod verdict {
    use serde::{Deserialize, Deserializer, Serializer, de};

    use crate::resolver::Verdict;

    pub(in crate::screening) fn parse(word: &str) -> Option<Verdict> {
        [Verdict::Match, Verdict::Review, Verdict::NoMatch].into_iter().find(|verdict| verdict.as_str() == word)
    }

    pub(super) fn serialize<S: Serializer>(verdict: &Verdict, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(verdict.as_str())
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Verdict, D::Error> {
        let word = String::deserialize(deserializer)?;
        parse(&word).ok_or_else(|| de::Error::custom(format!("{word:?} is no verdict")))
    }
}
