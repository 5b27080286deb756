use std::collections::{HashMap, HashSet};
use std::fmt;

use super::act::Act;
use super::batch::{Batch, Difference};
use super::store::{DatasetRow, IdentityRow, ImportRow, Writing};
use super::succession::{self, Successions};
use super::{Ask, ChangeKind, Registry, RegistryError, decode, identity};
use crate::model::{DatasetName, EntityId, Record, RecordId};

/// A dataset as its list publishes it now, as a whole.
#[derive(Clone, Debug, PartialEq)]
pub struct Import {
    /// The dataset it replaces.
    pub dataset: DatasetName,
    /// Its records, in any order.
    pub records: Vec<Record>,
    /// How many further records were read and not taken over.
    pub quarantined: u64,
    /// By whom: a principal, or the command that read the list; 1 to 256 bytes.
    pub actor: String,
    /// By which a repeated request is recognised, for ever; 1 to 128 bytes. `None`: every request is a new one.
    pub request_id: Option<String>,
    /// When.
    pub at: jiff::Timestamp,
    /// What stands in the way of taking it over.
    pub guard: Guard,
}

/// What an import is looked at for before it is taken over. The default lets everything through.
#[derive(Clone, Copy, Default)]
pub struct Guard {
    /// The share of the records there were that may be gone, 0 to 1; one that lost more, or has none left, is refused
    /// with `LostRecords`. `None`: any.
    pub max_loss: Option<f64>,
    /// Tells of two forms of one record whether the second is somebody else, so that the publisher gave an id that it
    /// had used before. Such a record is kept apart: see [`Succession`](super::Succession).
    pub is_somebody_else: Option<fn(&Record, &Record) -> bool>,
}

impl Guard {
    /// The share of the records that may be gone unless somebody says otherwise.
    pub const MAX_LOSS: f64 = 0.1;

    /// Fewer records than this come and go in whole: a share says nothing of them.
    const MIN_RECORDS: u64 = 20;

    fn check(&self, dataset: &DatasetName, before: u64, removed: u64, after: u64) -> Result<(), RegistryError> {
        let Some(share) = self.max_loss else { return Ok(()) };
        let lost = before >= Guard::MIN_RECORDS && removed as f64 > share * before as f64;
        if lost || (before > 0 && after == 0) {
            return Err(RegistryError::LostRecords { dataset: dataset.clone(), before, removed });
        }
        Ok(())
    }
}

impl fmt::Debug for Guard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Guard").field("max_loss", &self.max_loss).finish_non_exhaustive()
    }
}

impl PartialEq for Guard {
    fn eq(&self, other: &Guard) -> bool {
        self.max_loss == other.max_loss && self.is_somebody_else.is_some() == other.is_somebody_else.is_some()
    }
}

/// What became of the records of an import. `read = imported + unchanged + quarantined`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ImportCounts {
    /// Records read.
    pub read: u64,
    /// Records taken over: `added + changed`.
    pub imported: u64,
    /// Records that were not there before.
    pub added: u64,
    /// Records that were there in another form.
    pub changed: u64,
    /// Records equal to what was there.
    pub unchanged: u64,
    /// Records of the earlier version that are no longer there.
    pub removed: u64,
    /// Records that were not taken over.
    pub quarantined: u64,
    /// The revision after it.
    pub revision: u64,
}

impl Registry {
    /// Replaces a dataset, all or nothing, in one transaction that is durable when this returns.
    ///
    /// Records are brought into canonical form; equal means equal in it. A record seen for the first time founds an
    /// id; one that comes back gets the id it had. The revision counts up by one if anything changed. A request id
    /// that was used before gives the counts of then and has no effect; `RequestReused` if the content differs.
    /// `DuplicateRecord`, `OtherDataset` and `InvalidRecord` name the record; `LostRecords` if the guard does not let
    /// it through. The request is recognised by what it carries, not by its guard.
    pub fn import(&self, mut import: Import) -> Result<ImportCounts, RegistryError> {
        super::judging::check_text("actor", &import.actor, 1..=256)?;
        let ask = Ask { request_id: import.request_id, at: import.at, validate_only: false };
        let (dataset, quarantined) = (&import.dataset, import.quarantined);
        let mut batch = Batch::new(dataset, import.records.clone(), quarantined)?;
        let request_digest = batch.request_digest;
        let mut act = Act::begin(&*self.store, &ask)?;
        if let Some(request_id) = &ask.request_id {
            let earlier = act.writing.import(request_id)?;
            let reused = || RegistryError::RequestReused(request_id.clone());
            match earlier {
                Some(earlier) if earlier.digest[..] != request_digest[..] => return Err(reused()),
                Some(earlier) => return Ok(decode::counts(&earlier)),
                None if act.writing.request(request_id)?.is_some() => return Err(reused()),
                None => {}
            }
        }
        let mut successions = Successions::of(&mut *act.writing, dataset)?;
        if successions.rename(&mut import.records) {
            batch = Batch::new(dataset, import.records.clone(), quarantined)?;
        }
        let strangers = succession::strangers(&mut *act.writing, &batch, &import.guard)?;
        if !strangers.is_empty() {
            successions.add(&mut act, strangers)?;
            successions.rename(&mut import.records);
            batch = Batch::new(dataset, import.records, quarantined)?;
        }
        batch.request_digest = request_digest;
        let row = batch.write(&mut act, dataset, &import.guard, ask.request_id)?;
        let counts = decode::counts(&row);
        act.import(&import.actor, &row)?;
        act.writing.commit()?;
        Ok(counts)
    }
}

impl Batch {
    /// Writes what differs from what is there.
    fn write(
        self,
        act: &mut Act<'_>,
        dataset: &DatasetName,
        guard: &Guard,
        request_id: Option<String>,
    ) -> Result<ImportRow, RegistryError> {
        let before = act.writing.digests(dataset)?;
        let difference = Difference::between(&before, &self.rows);
        let (before, removed) = (before.len() as u64, difference.removed.len() as u64);
        guard.check(dataset, before, removed, self.rows.len() as u64)?;
        let is_new = !act.writing.datasets()?.iter().any(|row| row.name == dataset.as_str());
        let at = act.at;
        let mut revision = act.before();
        if is_new || !difference.is_empty() {
            revision = act.revision;
            act.writing.set_revision(revision)?;
            act.writing.set_records_revision(revision)?;
            act.writing.put_dataset(&DatasetRow {
                name: dataset.to_string(),
                record_count: self.rows.len() as u64,
                name_count: self.rows.iter().map(|(_, row)| row.names).sum(),
                digest: self.digest.to_hex().to_string(),
                imported_at: at.to_string(),
            })?;
        }
        act.revision = revision;
        for some in difference.removed.chunks(AT_ONCE) {
            act.writing.remove_records(some)?;
            let parse = |id: &&str| id.parse().map_err(|error| RegistryError::damaged(format!("record {id}"), error));
            let records: Vec<RecordId> = some.iter().map(parse).collect::<Result<_, RegistryError>>()?;
            let entities = founded(&mut *act.writing, &records, revision)?;
            act.records(ChangeKind::Removed, records.into_iter().zip(entities))?;
        }
        for (kind, rows) in [(ChangeKind::Added, &difference.added), (ChangeKind::Changed, &difference.changed)] {
            for some in rows.chunks(AT_ONCE) {
                let records: Vec<RecordId> = some.iter().map(|(id, _)| id.clone()).collect();
                let entities = founded(&mut *act.writing, &records, revision)?;
                act.writing.put_records(&some.iter().map(|(_, row)| row).collect::<Vec<_>>())?;
                let links = |id| self.links.get(id).map_or(&[][..], Vec::as_slice);
                let relations = some.iter().map(|(id, row)| (row.record_id.as_str(), links(id)));
                act.writing.set_relations(&relations.collect::<Vec<_>>())?;
                act.records(kind, records.into_iter().zip(entities))?;
            }
        }
        let row = ImportRow {
            request_id,
            digest: self.request_digest.to_vec(),
            dataset: dataset.to_string(),
            at: at.to_string(),
            added: difference.added.len() as u64,
            changed: difference.changed.len() as u64,
            unchanged: (self.rows.len() - difference.added.len() - difference.changed.len()) as u64,
            removed: difference.removed.len() as u64,
            quarantined: self.quarantined,
            revision,
        };
        act.writing.add_import(&row)?;
        Ok(row)
    }
}

/// Records that are written at once: a database at the other end of a wire is asked once for all of them.
const AT_ONCE: usize = 500;

/// Gives records, none twice, their identities, those that they had before or new ones, and tells the entities that they
/// stand for.
pub(super) fn founded(
    writing: &mut dyn Writing,
    records: &[RecordId],
    revision: u64,
) -> Result<Vec<EntityId>, RegistryError> {
    let founders: Vec<&str> = records.iter().map(RecordId::as_str).collect();
    let known = writing.identities(&founders)?;
    let known: HashMap<&str, &IdentityRow> = known.iter().map(|row| (row.record_id.as_str(), row)).collect();
    let new: Vec<&RecordId> = records.iter().filter(|record| !known.contains_key(record.as_str())).collect();
    let first: Vec<String> = new.iter().map(|record| EntityId::mint(record, 0).to_string()).collect();
    let mut taken: HashSet<String> = writing.minted(&first)?.into_iter().collect();
    let mut minted: HashMap<&str, EntityId> = HashMap::new();
    let mut rows = Vec::with_capacity(new.len());
    for record in new {
        let first = EntityId::mint(record, 0);
        let is_taken = |id: EntityId| {
            let is_known = taken.contains(&id.to_string());
            Ok(is_known || (id != first && writing.identity_of(id)?.is_some()))
        };
        let (id, attempt) = identity::mint(record, EntityId::mint, is_taken)?;
        let text = id.to_string();
        taken.insert(text.clone());
        minted.insert(record.as_str(), id);
        rows.push(IdentityRow {
            record_id: record.to_string(),
            canonical: text.clone(),
            id: text,
            attempt,
            minted: revision,
        });
    }
    writing.add_identities(&rows)?;
    let entity = |record: &RecordId| match (minted.get(record.as_str()), known.get(record.as_str())) {
        (Some(id), _) => Ok(*id),
        (None, Some(row)) => Ok(decode::identity(row)?.canonical),
        (None, None) => Err(RegistryError::UnknownRecord(record.clone())),
    };
    records.iter().map(entity).collect()
}
