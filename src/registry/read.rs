use std::collections::BTreeMap;
use std::ops::ControlFlow;

use super::store::Reading;
use super::{Registry, RegistryError, decode};
use crate::model::{DatasetName, Entity, EntityId, Record, RecordId};

/// An entity and how it was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FoundEntity {
    /// The entity.
    pub entity: Entity,
    /// True if it was asked for by a former id.
    pub redirected: bool,
}

/// Which entities to list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Page {
    /// Only entities behind this id; `None` starts at the first.
    pub after: Option<EntityId>,
    /// The most entities to give; more than [`Page::MAX`] is taken as that.
    pub limit: usize,
    /// Only entities with a record in this dataset; `None` means all.
    pub dataset: Option<DatasetName>,
}

impl Page {
    /// The most entities of one page: 1,000, and the one that tells whether there are more.
    pub const MAX: usize = 1001;
}

/// A dataset as it was last imported.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dataset {
    /// Its name.
    pub name: DatasetName,
    /// How many records it has.
    pub record_count: u64,
    /// How many names those records carry.
    pub name_count: u64,
    /// BLAKE3 digest, hexadecimal, of its records in canonical JSON, one a line, ordered by id.
    pub digest: String,
    /// When the last import that changed anything was committed.
    pub imported_at: jiff::Timestamp,
}

/// Where ids lead: a judgement changes this and no record.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Leads {
    /// The revision of the registry.
    pub revision: u64,
    /// Every id that leads to another one, with the canonical id it leads to.
    pub redirects: BTreeMap<EntityId, EntityId>,
}

/// What became of records behind a revision, as of one committed state.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct News {
    /// The last revision that changed a record.
    pub records_revision: u64,
    /// Where ids lead, and the revision of the registry.
    pub leads: Leads,
    /// Records that were added or changed, as they are now, with the ids that they founded; ordered by id.
    pub changed: Vec<(Record, EntityId)>,
    /// Records that are gone, ordered.
    pub removed: Vec<RecordId>,
    /// More records than were asked for: they are not listed.
    pub too_many: bool,
}

impl Registry {
    /// The entity an id leads to, at once or by redirection; `None` for an id that was never minted, and for one
    /// whose entity has no published record left.
    pub fn entity(&self, id: EntityId) -> Result<Option<FoundEntity>, RegistryError> {
        let mut reading = self.store.read()?;
        let Some(row) = reading.identity_of(id)? else { return Ok(None) };
        let canonical = decode::identity(&row)?.canonical;
        let entity = load(&mut *reading, canonical)?;
        Ok(entity.map(|entity| FoundEntity { entity, redirected: canonical != id }))
    }

    /// The entity a record stands for; `None` for a record that is not published now.
    pub fn entity_of_record(&self, record: &RecordId) -> Result<Option<Entity>, RegistryError> {
        let mut reading = self.store.read()?;
        if reading.record(record)?.is_none() {
            return Ok(None);
        }
        let Some(row) = reading.identity(record)? else { return Ok(None) };
        let canonical = decode::identity(&row)?.canonical;
        load(&mut *reading, canonical)
    }

    /// A record; `None` if it is not published now.
    pub fn record(&self, record: &RecordId) -> Result<Option<Record>, RegistryError> {
        self.store.read()?.record(record)?.map(|row| decode::record(&row)).transpose()
    }

    /// A page of entities, ordered by the string form of their ids. A page shorter than its limit is the last.
    pub fn entities(&self, page: &Page) -> Result<Vec<Entity>, RegistryError> {
        let mut reading = self.store.read()?;
        let ids = reading.entities(page.after, page.limit.min(Page::MAX), page.dataset.as_ref())?;
        let mut entities = Vec::with_capacity(ids.len());
        for id in ids {
            entities.extend(load(&mut *reading, decode::entity_id(&id)?)?);
        }
        Ok(entities)
    }

    /// All datasets, ordered by name.
    pub fn datasets(&self) -> Result<Vec<Dataset>, RegistryError> {
        self.store.read()?.datasets()?.into_iter().map(decode::dataset).collect()
    }

    /// Gives every published record with the id that it founded to `visit`, ordered by record id, one at a time and
    /// all of one committed state; gives the last revision that changed a record. Where the ids lead is told by
    /// [`Registry::leads`]. The first error, of either side, ends it.
    pub fn for_each_record<E: From<RegistryError>>(
        &self,
        visit: &mut dyn FnMut(Record, EntityId) -> Result<(), E>,
    ) -> Result<u64, E> {
        let mut reading = self.store.read()?;
        let revision = reading.records_revision()?;
        let mut done = Ok(());
        reading.each_record(&mut |row, founded| {
            let decoded = decode::record(&row).and_then(|record| Ok((record, decode::entity_id(&founded)?)));
            done = decoded.map_err(E::from).and_then(|(record, id)| visit(record, id));
            if done.is_ok() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
        })?;
        done.map(|()| revision)
    }

    /// Every id that leads to another one, with the canonical id it leads to; also those whose records are gone.
    pub fn redirects(&self) -> Result<BTreeMap<EntityId, EntityId>, RegistryError> {
        Ok(self.leads()?.redirects)
    }

    /// Where ids lead, as of one revision.
    pub fn leads(&self) -> Result<Leads, RegistryError> {
        leads(&mut *self.store.read()?)
    }

    /// The revision of the registry, and the last one that changed a record, as of one committed state.
    pub fn revisions(&self) -> Result<(u64, u64), RegistryError> {
        let mut reading = self.store.read()?;
        Ok((reading.revision()?, reading.records_revision()?))
    }

    /// What became of records behind a revision, of at most so many, and where ids lead now.
    pub fn news(&self, revision: u64, most: usize) -> Result<News, RegistryError> {
        let mut reading = self.store.read()?;
        let mut news =
            News { records_revision: reading.records_revision()?, leads: leads(&mut *reading)?, ..News::default() };
        let changed = reading.changed_records(revision, most.saturating_add(1))?;
        if changed.len() > most {
            return Ok(News { too_many: true, ..news });
        }
        for id in changed {
            let id: RecordId = id.parse().map_err(|error| RegistryError::damaged(format!("change of {id}"), error))?;
            let (row, identity) = (reading.record(&id)?, reading.identity(&id)?);
            match (row, identity) {
                (Some(row), Some(identity)) => {
                    news.changed.push((decode::record(&row)?, decode::identity(&identity)?.id));
                }
                _ => news.removed.push(id),
            }
        }
        Ok(news)
    }

    /// The last revision that added, changed or removed a record: an index of it shows every record.
    pub fn records_revision(&self) -> Result<u64, RegistryError> {
        self.store.read()?.records_revision()
    }

    /// The id that a record founded, also if it is no longer published; `None` for a record that never was.
    pub fn founded(&self, record: &RecordId) -> Result<Option<EntityId>, RegistryError> {
        let row = self.store.read()?.identity(record)?;
        row.map(|row| Ok(decode::identity(&row)?.id)).transpose()
    }

    /// The record that founded an id; `None` for an id that was never minted.
    pub fn founder(&self, id: EntityId) -> Result<Option<RecordId>, RegistryError> {
        let row = self.store.read()?.identity_of(id)?;
        row.map(|row| Ok(decode::identity(&row)?.record)).transpose()
    }

    /// How many changes were committed; 0 in an empty registry.
    pub fn revision(&self) -> Result<u64, RegistryError> {
        self.store.read()?.revision()
    }
}

fn leads(reading: &mut dyn Reading) -> Result<Leads, RegistryError> {
    let revision = reading.revision()?;
    let rows = reading.redirects()?;
    let redirects = rows.iter().map(|(id, to)| Ok((decode::entity_id(id)?, decode::entity_id(to)?)));
    Ok(Leads { revision, redirects: redirects.collect::<Result<_, RegistryError>>()? })
}

/// The entity of a canonical id; `None` if none of its records is published now.
fn load(reading: &mut dyn Reading, canonical: EntityId) -> Result<Option<Entity>, RegistryError> {
    let records: Vec<Record> =
        reading.records_of(canonical)?.iter().map(decode::record).collect::<Result<_, RegistryError>>()?;
    if records.is_empty() {
        return Ok(None);
    }
    let mut former_ids = Vec::new();
    for row in reading.members(canonical)? {
        let id = decode::identity(&row)?.id;
        if id != canonical {
            former_ids.push(id);
        }
    }
    former_ids.sort_unstable();
    Ok(Some(Entity { id: canonical, records, former_ids }))
}
