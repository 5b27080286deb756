use super::store::ChangeRow;
use super::{Registry, RegistryError, decode};
use crate::model::{EntityId, Record, RecordId};

/// What became of an entity.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ChangeKind {
    /// A list published a record of it.
    Added,
    /// A list published a record of it in another form.
    Changed,
    /// A list no longer publishes a record of it.
    Removed,
    /// A record of it stands for another one now, which survives: the two were judged to be one.
    Merged,
    /// A record of it stands for another one now: a judgement that tied the two was withdrawn.
    Split,
}

impl ChangeKind {
    /// Every kind.
    pub const ALL: [ChangeKind; 5] =
        [ChangeKind::Added, ChangeKind::Changed, ChangeKind::Removed, ChangeKind::Merged, ChangeKind::Split];

    /// The word used in files.
    pub fn as_str(self) -> &'static str {
        match self {
            ChangeKind::Added => "added",
            ChangeKind::Changed => "changed",
            ChangeKind::Removed => "removed",
            ChangeKind::Merged => "merged",
            ChangeKind::Split => "split",
        }
    }

    /// The kind of a word; `None` for any other.
    pub fn parse(text: &str) -> Option<ChangeKind> {
        ChangeKind::ALL.into_iter().find(|kind| kind.as_str() == text)
    }
}

/// A change of an entity.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// Its place among all changes, from 1: who has seen it goes on behind it.
    pub sequence: u64,
    /// The revision that made it.
    pub revision: u64,
    /// When.
    pub at: jiff::Timestamp,
    /// What became of it.
    pub kind: ChangeKind,
    /// The entity by its canonical id; of a merger or split the one that the record stood for before.
    pub entity: EntityId,
    /// Of a merger or split, the entity that the record stands for since; the id that the record founded leads there.
    pub other: Option<EntityId>,
    /// The record that was added, changed, removed, or moved from one entity to the other.
    pub record: RecordId,
    /// The judgement that merged or was withdrawn.
    pub judgement: Option<u64>,
    /// Why, in the words of who judged.
    pub reason: String,
}

/// A record that stands for an entity, published or not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Referent {
    /// The record.
    pub record: RecordId,
    /// The id that it founded.
    pub founded: EntityId,
    /// The revision that minted the id.
    pub minted: u64,
    /// Whether its list publishes it now.
    pub published: bool,
}

/// A party that records link an entity with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Related {
    /// The record that says so.
    pub source: RecordId,
    /// Its word for it ("Linked To").
    pub relation: String,
    /// True if the entity's own record says so; false if the other party's does.
    pub outgoing: bool,
    /// The other party's name.
    pub name: String,
    /// The other party's record, where its list tells.
    pub record: Option<RecordId>,
    /// The other party's entity, where its record is on file.
    pub entity: Option<EntityId>,
}

impl Registry {
    /// The first `limit` changes of all entities behind `after` (0: from the first), in order; a limit above 1,001 is
    /// taken as that.
    pub fn changes(&self, after: u64, limit: usize) -> Result<Vec<Change>, RegistryError> {
        self.store.read()?.changes(after, limit.min(1001))?.into_iter().map(decode::change).collect()
    }

    /// The number of the last change; 0 where there is none.
    pub fn last_change(&self) -> Result<u64, RegistryError> {
        self.store.read()?.last_change()
    }

    /// The first `limit` changes behind `after` of the entity that an id leads to, and of every id that leads there,
    /// in order; `None` for an id that was never minted.
    pub fn history(&self, id: EntityId, after: u64, limit: usize) -> Result<Option<Vec<Change>>, RegistryError> {
        let mut reading = self.store.read()?;
        let Some(row) = reading.identity_of(id)? else { return Ok(None) };
        let canonical = decode::identity(&row)?.canonical;
        let limit = limit.min(1001);
        let mut rows: Vec<ChangeRow> = Vec::new();
        for member in reading.members(canonical)? {
            rows.extend(reading.changes_of(decode::entity_id(&member.id)?, after, limit)?);
        }
        rows.sort_by_key(|row| row.sequence);
        rows.dedup_by_key(|row| row.sequence);
        rows.truncate(limit);
        rows.into_iter().map(decode::change).collect::<Result<_, _>>().map(Some)
    }

    /// Every record that stands for the entity that an id leads to, ordered by record id; `None` for an id that was
    /// never minted.
    pub fn referents(&self, id: EntityId) -> Result<Option<Vec<Referent>>, RegistryError> {
        let mut reading = self.store.read()?;
        let Some(row) = reading.identity_of(id)? else { return Ok(None) };
        let canonical = decode::identity(&row)?.canonical;
        let mut referents = Vec::new();
        for row in reading.members(canonical)? {
            let identity = decode::identity(&row)?;
            let published = reading.record(&identity.record)?.is_some();
            let (record, founded, minted) = (identity.record, identity.id, identity.minted);
            referents.push(Referent { record, founded, minted, published });
        }
        Ok(Some(referents))
    }

    /// The parties that published records link with the entity that an id leads to: first what its own records say,
    /// then what others say of it, each ordered by the record that says so; `None` for an id that was never minted.
    pub fn related(&self, id: EntityId) -> Result<Option<Vec<Related>>, RegistryError> {
        let mut reading = self.store.read()?;
        let Some(row) = reading.identity_of(id)? else { return Ok(None) };
        let canonical = decode::identity(&row)?.canonical;
        let entity_of = |reading: &mut dyn super::store::Reading, record: &RecordId| {
            let row = reading.identity(record)?;
            row.map(|row| Ok::<_, RegistryError>(decode::identity(&row)?.canonical)).transpose()
        };
        let mut related = Vec::new();
        for row in reading.records_of(canonical)? {
            let record = decode::record(&row)?;
            for relation in record.relations {
                let entity = match &relation.record {
                    Some(other) => entity_of(&mut *reading, other)?,
                    None => None,
                };
                let (relation, name, other) = (relation.relation, relation.name, relation.record);
                related.push(Related {
                    source: record.id.clone(),
                    relation,
                    outgoing: true,
                    name,
                    record: other,
                    entity,
                });
            }
        }
        for member in reading.members(canonical)? {
            let target = decode::identity(&member)?.record;
            for row in reading.linked_to(&target)? {
                let source = decode::record(&row)?;
                let entity = entity_of(&mut *reading, &source.id)?;
                related.extend(links_to(&source, &target).map(|relation| Related {
                    source: source.id.clone(),
                    relation,
                    outgoing: false,
                    name: source.caption().to_owned(),
                    record: Some(source.id.clone()),
                    entity,
                }));
            }
        }
        Ok(Some(related))
    }
}

/// The words by which a record links to another.
fn links_to(source: &Record, target: &RecordId) -> impl Iterator<Item = String> {
    let own = source.relations.iter().filter(|relation| relation.record.as_ref() == Some(target));
    own.map(|relation| relation.relation.clone()).collect::<Vec<_>>().into_iter()
}
