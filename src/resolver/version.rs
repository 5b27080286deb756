use jiff::Timestamp;

use super::ledger::{Edition, Ledger, Pin};

/// As of when a query is answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AsOf {
    /// What answers stated: this index, and, unless it is `None`, this revision of the registry; else the last one
    /// with which the index served.
    Index(String, Option<u64>),
    /// The revision of the registry.
    Revision(u64),
    /// What served at a time.
    Time(Timestamp),
}

/// A version that is retained.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Retained {
    /// The index.
    pub edition: Edition,
    /// The last revision of the registry with which it served, or serves.
    pub last_revision: u64,
    /// Whether it is what serves now.
    pub serves: bool,
    /// How it came to serve though newer ones are there.
    pub pin: Option<Pin>,
}

/// Why a version cannot be asked.
#[derive(Debug, thiserror::Error)]
pub enum VersionError {
    /// It is not retained, or never was there.
    #[error("{asked}: no such version is retained; retained are {retained}")]
    NotRetained {
        /// What was asked for, in words.
        asked: String,
        /// What is there, in words.
        retained: String,
    },
    /// It is to come.
    #[error("{asked}: that is still to come; retained are {retained}")]
    ToCome {
        /// What was asked for, in words.
        asked: String,
        /// What is there, in words.
        retained: String,
    },
    /// Nothing is pinned.
    #[error("nothing is pinned or rolled back")]
    NotPinned,
    /// The ledger is whole, but says what this version cannot follow.
    #[error("versions: {reason}")]
    Ledger {
        /// What it says.
        reason: String,
    },
}

impl std::fmt::Display for AsOf {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            AsOf::Index(index, None) => write!(f, "index {index}"),
            AsOf::Index(index, Some(revision)) => write!(f, "index {index} as of registry revision {revision}"),
            AsOf::Revision(revision) => write!(f, "registry revision {revision}"),
            AsOf::Time(time) => write!(f, "{time}"),
        }
    }
}

/// An index and the revision of the registry as of which it is asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Point {
    pub(super) index: String,
    pub(super) revision: u64,
}

/// Where what is asked for is found.
pub(super) enum Found {
    /// There.
    Exactly(Point),
    /// An index at a time: the revision is the last one then, between two.
    At {
        /// The index.
        index: String,
        /// The time.
        time: Timestamp,
        /// The first revision that it can be.
        from: u64,
        /// The last one.
        until: u64,
    },
}

impl Ledger {
    /// The version that is asked for; `current` is the revision of the registry.
    pub(super) fn find(&self, asked: &AsOf, current: u64, now: Timestamp) -> Result<Found, VersionError> {
        let exactly = |index: &str, revision| Ok(Found::Exactly(Point { index: index.to_owned(), revision }));
        let gone = || VersionError::NotRetained { asked: asked.to_string(), retained: self.in_words(current) };
        let to_come = || VersionError::ToCome { asked: asked.to_string(), retained: self.in_words(current) };
        let all = || self.editions.iter().rev();
        match asked {
            AsOf::Index(index, None) => {
                let edition = all().find(|edition| edition.index == *index).ok_or_else(gone)?;
                exactly(index, edition.until(current))
            }
            AsOf::Index(index, Some(revision)) => {
                let served = |edition: &&Edition| {
                    edition.index == *index && (edition.registry_revision..=edition.until(current)).contains(revision)
                };
                all().find(served).ok_or_else(gone)?;
                exactly(index, *revision)
            }
            AsOf::Revision(revision) if *revision > current => Err(to_come()),
            AsOf::Revision(revision) => {
                let edition = all().find(|edition| edition.registry_revision <= *revision).ok_or_else(gone)?;
                let own = *revision <= edition.until(current);
                if own { exactly(&edition.index, *revision) } else { Err(gone()) }
            }
            AsOf::Time(time) if *time > now => Err(to_come()),
            AsOf::Time(time) => {
                let holds = |pin: &&Pin| pin.at <= *time && pin.ended_at.is_none_or(|ended| *time < ended);
                if let Some(pin) = self.pins.iter().rev().find(holds) {
                    let kept = all().any(|edition| edition.index == pin.index);
                    return if kept { exactly(&pin.index, pin.registry_revision) } else { Err(gone()) };
                }
                let edition = all().find(|edition| edition.published_at <= *time).ok_or_else(gone)?;
                if edition.replaced.as_ref().is_some_and(|replaced| replaced.at <= *time) {
                    return Err(gone());
                }
                let (from, until) = (edition.registry_revision, edition.until(current));
                Ok(Found::At { index: edition.index.clone(), time: *time, from, until })
            }
        }
    }

    /// What is retained, newest first.
    pub(super) fn retained(&self, serving: &Point, current: u64) -> Vec<Retained> {
        let shown = |edition: &Edition| {
            let last_revision = edition.until(current);
            let revisions = edition.registry_revision..=last_revision;
            let serves = edition.index == serving.index && revisions.contains(&serving.revision);
            let pin = self.pin().filter(|_| serves).cloned();
            Retained { edition: edition.clone(), last_revision, serves, pin }
        };
        self.editions.iter().rev().map(shown).collect()
    }

    /// The same as a sentence.
    pub(super) fn in_words(&self, current: u64) -> String {
        let word = |edition: &Edition| {
            let (from, to) = (edition.registry_revision, edition.until(current));
            format!("{} (registry revision {from} to {to}, since {})", edition.index, edition.published_at)
        };
        let words: Vec<String> = self.editions.iter().rev().map(word).collect();
        if words.is_empty() { "none".to_owned() } else { words.join(", ") }
    }
}
