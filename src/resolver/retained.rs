//! Versions that no longer are the newest one: asked as of then, pinned, rolled back to.

use std::sync::{Arc, Mutex, PoisonError};

use jiff::Timestamp;

use super::ledger::{Ledger, Pin};
use super::publication;
use super::version::{Found, Point};
use super::{AsOf, Engine, EngineError, Retained, Snapshot, SnapshotError, VersionError};
use crate::index::{Index, Manifest, OpenOptions};
use crate::model::Version;

/// Past versions that stay open, and no more: a version is mapped, not read into memory, and shares the segments that
/// other open ones have, but where its ids lead is kept.
const OPEN: usize = 4;

/// Past versions that are open, the one used last at the end.
#[derive(Default)]
pub(super) struct Past(Mutex<Vec<Arc<Snapshot>>>);

impl Past {
    fn all(&self) -> Vec<Arc<Snapshot>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Lets go of versions that are no longer retained.
    pub(super) fn keep(&self, ledger: &Ledger) {
        let mut open = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        open.retain(|own| ledger.editions.iter().any(|edition| edition.index == own.version().index));
    }

    fn put(&self, snapshot: &Arc<Snapshot>) {
        let mut open = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        open.retain(|other| other.version() != snapshot.version());
        open.push(Arc::clone(snapshot));
        let over = open.len().saturating_sub(OPEN);
        open.drain(..over);
    }
}

/// Who changes what serves, and why.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Because {
    /// Who.
    pub actor: String,
    /// Why.
    pub reason: String,
}

impl Engine {
    /// Retains so many versions from now on, at least the one that serves. The number is kept in the data directory.
    pub fn retain(&self, count: usize) -> Result<(), EngineError> {
        let _guard = self.lock();
        let ledger = self.ledger.load();
        if ledger.retain == count.max(1) {
            return Ok(());
        }
        let mut next = Ledger { retain: count.max(1), ..Ledger::clone(&ledger) };
        next.settle();
        self.settle(next)
    }

    /// The versions that are retained, newest first.
    pub fn versions(&self) -> Vec<Retained> {
        let serving = self.snapshot();
        let serving = Point { index: serving.version().index.clone(), revision: serving.version().registry_revision };
        self.ledger.load().retained(&serving, self.current())
    }

    /// The snapshot that served as of then: the same index, and ids lead where they led, so that it gives the same
    /// answers to the byte.
    pub fn as_of(&self, asked: &AsOf) -> Result<Arc<Snapshot>, EngineError> {
        let point = self.point(asked)?;
        let version = |snapshot: &Arc<Snapshot>| {
            let version = snapshot.version();
            version.index == point.index && version.registry_revision == point.revision
        };
        let mut open = self.past.all();
        open.extend([self.newest.load_full(), self.serving.load_full()]);
        if let Some(found) = open.iter().find(|snapshot| version(snapshot)) {
            if !Arc::ptr_eq(found, &self.serving.load()) && !Arc::ptr_eq(found, &self.newest.load()) {
                self.past.put(found);
            }
            return Ok(Arc::clone(found));
        }
        let leads = match self.kept_leads(&point.index, point.revision)? {
            Some(leads) => Some(leads),
            None => self.registry.leads_at(point.revision)?,
        };
        let leads = leads.ok_or_else(|| self.not_retained(asked))?;
        let same = open.iter().find(|snapshot| snapshot.version().index == point.index);
        let snapshot = match same {
            Some(same) => same.with_leads(leads),
            None => {
                let beside: Vec<&Index> = open.iter().map(|snapshot| &*snapshot.index).collect();
                let index = Manifest::read_kept(self.directory.as_ref(), &point.index).and_then(|manifest| {
                    Index::open_manifest(self.directory.as_ref(), manifest, OpenOptions::default(), &beside)
                });
                // It may have been let go since it was looked up.
                let index = match index {
                    Err(_) if self.point(asked).is_err() => return Err(self.not_retained(asked)),
                    index => index.map_err(SnapshotError::from)?,
                };
                Snapshot::of_index(index, leads, self.thresholds)?
            }
        };
        let snapshot = Arc::new(snapshot);
        self.past.put(&snapshot);
        Ok(snapshot)
    }

    /// Serves a retained version from now on, also after a restart, until it is told otherwise; with `until_published`
    /// until the next index of other records is published. What is imported and judged meanwhile is kept, and serves
    /// afterwards.
    pub fn pin(&self, asked: &AsOf, until_published: bool, because: Because) -> Result<Version, EngineError> {
        let _guard = self.lock();
        let snapshot = self.as_of(asked)?;
        let version = snapshot.version().clone();
        let at = Timestamp::now();
        let mut next = Ledger::clone(&self.ledger.load());
        next.end_pin(at);
        let Because { actor, reason } = because;
        let (index, registry_revision) = (version.index.clone(), version.registry_revision);
        let pin = Pin { index, registry_revision, until_published, actor, reason, at, ended_at: None };
        // Told first: nothing else serves without a link of the audit that says so.
        let action = if until_published { "roll-back" } else { "pin" };
        self.registry.note(action, &pin.actor, &pin, at)?;
        next.pins.push(pin);
        self.settle(next)?;
        self.serving.store(snapshot);
        self.keep_leads();
        Ok(version)
    }

    /// Serves the newest version again.
    pub fn unpin(&self, because: &Because) -> Result<Version, EngineError> {
        let _guard = self.lock();
        let mut next = Ledger::clone(&self.ledger.load());
        let Some(pin) = next.pin() else { return Err(VersionError::NotPinned.into()) };
        let at = Timestamp::now();
        let detail = serde_json::json!({ "index": pin.index, "reason": because.reason });
        self.registry.note("unpin", &because.actor, &detail, at)?;
        next.end_pin(at);
        next.settle();
        self.settle(next)?;
        self.show(self.newest.load_full());
        Ok(self.snapshot().version().clone())
    }

    /// The version before the one that serves, as it was last.
    pub fn before(&self) -> Result<AsOf, EngineError> {
        let serving = self.snapshot();
        let ledger = self.ledger.load();
        let mut older = ledger.editions.iter().rev().skip_while(|edition| edition.index != serving.version().index);
        older.next();
        let before = older.next().ok_or_else(|| VersionError::NotRetained {
            asked: format!("the version before {}", serving.version().index),
            retained: ledger.in_words(self.current()),
        })?;
        Ok(AsOf::Index(before.index.clone(), Some(before.until(self.current()))))
    }

    /// Serves the version that is pinned, if one is.
    pub(super) fn serve_pinned(&self) -> Result<(), EngineError> {
        let Some(pin) = self.ledger.load().pin().cloned() else { return Ok(()) };
        let snapshot = self.as_of(&AsOf::Index(pin.index, Some(pin.registry_revision)))?;
        self.serving.store(snapshot);
        Ok(())
    }

    /// Puts a ledger in force.
    fn settle(&self, next: Ledger) -> Result<(), EngineError> {
        next.publish(self.directory.as_ref())?;
        publication::collect(self.directory.as_ref(), &next);
        self.past.keep(&next);
        self.ledger.store(Arc::new(next));
        Ok(())
    }

    fn point(&self, asked: &AsOf) -> Result<Point, EngineError> {
        match self.ledger.load().find(asked, self.current(), Timestamp::now())? {
            Found::Exactly(point) => Ok(point),
            Found::At { index, time, from, until } => {
                Ok(Point { index, revision: self.registry.revision_at(time, from, until)? })
            }
        }
    }

    /// The revision of the registry that the newest snapshot shows.
    fn current(&self) -> u64 {
        self.newest.load().version().registry_revision
    }

    fn not_retained(&self, asked: &AsOf) -> EngineError {
        let retained = self.ledger.load().in_words(self.current());
        VersionError::NotRetained { asked: asked.to_string(), retained }.into()
    }
}

#[cfg(test)]
mod tests;
