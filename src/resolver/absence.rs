use std::collections::BTreeMap;
use std::sync::atomic::Ordering;
use std::sync::{Arc, MutexGuard};

use serde::{Deserialize, Serialize};

use super::ledger::Ledger;
use super::publication::Published as Shown;
use super::{Engine, EngineError, Snapshot, Thresholds, follow, model_version};
use crate::model::EntityId;
use crate::registry::{Leads, RegistryError};
use crate::storage::{Directory, Envelope, Header, SegmentId, StorageError, Tag, Versions};

/// Where ids led when an index of a registry that lies elsewhere served last: what a start needs of the registry.
const LEADS_FILE: &str = "leads";
const LEADS: Tag = Tag::new("leads");
const FORMAT: u32 = 1;

/// What served, and where ids led: the newest version, and the pinned one where one is.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Kept(Vec<KeptLeads>);

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct KeptLeads {
    index: String,
    revision: u64,
    redirects: BTreeMap<String, String>,
}

impl KeptLeads {
    fn of(snapshot: &Snapshot) -> KeptLeads {
        let redirects = snapshot.redirects().iter().map(|(id, to)| (id.to_string(), to.to_string()));
        let version = snapshot.version();
        KeptLeads { index: version.index.clone(), revision: version.registry_revision, redirects: redirects.collect() }
    }

    fn leads(self) -> Option<Leads> {
        let id = |text: &str| text.parse::<EntityId>().ok();
        let redirects = self.redirects.iter().map(|(from, to)| Some((id(from)?, id(to)?)));
        Some(Leads { revision: self.revision, redirects: redirects.collect::<Option<_>>()? })
    }
}

fn header() -> Header {
    Header { tag: LEADS, format: FORMAT, versions: Versions::default(), segment: SegmentId::default() }
}

/// Where ids led in an index, at a revision where one is given; `None` if that is not kept or cannot be read.
fn kept(directory: &dyn Directory, index: &str, revision: Option<u64>) -> Result<Option<Leads>, StorageError> {
    let bytes = match directory.open(LEADS_FILE) {
        Err(StorageError::Missing { .. }) => return Ok(None),
        opened => opened?,
    };
    let envelope = Envelope::open(LEADS_FILE, bytes)?;
    envelope.verify()?;
    envelope.expect(&header())?;
    let Ok(Kept(versions)) = serde_json::from_slice(envelope.body()) else { return Ok(None) };
    let wanted = |kept: &KeptLeads| kept.index == index && revision.is_none_or(|revision| kept.revision == revision);
    Ok(versions.into_iter().find(wanted).and_then(KeptLeads::leads))
}

/// The newest index of a directory as it served last, without its registry; `None` where there is none that this program
/// can answer from.
pub(super) fn start(directory: &dyn Directory, thresholds: Thresholds) -> Result<Option<Shown>, EngineError> {
    let Some(ledger) = Ledger::read(directory)? else { return Ok(None) };
    let Some(last) = ledger.last().filter(|last| last.model == model_version()) else { return Ok(None) };
    let Some(leads) = kept(directory, &last.index, None)? else { return Ok(None) };
    let snapshot = Snapshot::open(directory, leads, thresholds)?;
    Ok((snapshot.version().index == last.index).then_some(Shown { snapshot, ledger }))
}

impl Engine {
    /// True once the index is known to be that of the registry: not yet where the registry did not answer at the start.
    pub(super) fn is_recognised(&self) -> bool {
        self.recognised.load(Ordering::Acquire)
    }

    /// Makes up for what a start without the registry left out; the caller holds the lock. The index of another registry
    /// is built anew.
    pub(super) fn recognise(&self, guard: &MutexGuard<'_, ()>) -> Result<(), EngineError> {
        if self.is_recognised() {
            return Ok(());
        }
        if !follow::recognise(&self.registry, self.directory.as_ref())? {
            self.ledger.store(Arc::new(Ledger::new(self.ledger.load().retain)));
            self.build_anew(guard)?;
        }
        self.recognised.store(true, Ordering::Release);
        Ok(())
    }

    /// Where ids led in a version that served last; `None` unless the registry is away since the start.
    pub(super) fn kept_leads(&self, index: &str, revision: u64) -> Result<Option<Leads>, EngineError> {
        if self.is_recognised() { Ok(None) } else { Ok(kept(self.directory.as_ref(), index, Some(revision))?) }
    }

    /// Keeps where ids lead for a start without the registry. What cannot be written is written the next time.
    pub(super) fn keep_leads(&self) {
        if !self.registry.is_shared() {
            return;
        }
        let (newest, serving) = (self.newest.load(), self.serving.load());
        let mut versions = vec![KeptLeads::of(&newest)];
        if newest.version() != serving.version() {
            versions.push(KeptLeads::of(&serving));
        }
        // Strings and numbers: there is nothing that JSON cannot say.
        let body = serde_json::to_vec(&Kept(versions)).unwrap_or_default();
        if let Err(error) = self.directory.publish(LEADS_FILE, &Envelope::seal(&header(), &body).0) {
            tracing::warn!(%error, "a start without the registry would not know where ids lead");
        }
    }
}

/// True for what a start can go on from: nobody answers where the registry is.
pub(super) fn is_away(error: &EngineError) -> bool {
    matches!(error, EngineError::Registry(RegistryError::Unreachable { .. }))
}
