use std::cmp::Ordering;
use std::collections::BTreeMap;

use super::act::Act;
use super::store::{DatasetRow, IdentityRow, ImportRow, RecordRow, Writing};
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
    /// `DuplicateRecord`, `OtherDataset` and `InvalidRecord` name the record.
    pub fn import(&self, import: Import) -> Result<ImportCounts, RegistryError> {
        super::judging::check_text("actor", &import.actor, 1..=256)?;
        let ask = Ask { request_id: import.request_id, at: import.at, validate_only: false };
        let batch = Batch::new(&import.dataset, import.records, import.quarantined)?;
        let mut act = Act::begin(&*self.store, &ask)?;
        if let Some(request_id) = &ask.request_id {
            let earlier = act.writing.import(request_id)?;
            let reused = || RegistryError::RequestReused(request_id.clone());
            match earlier {
                Some(earlier) if earlier.digest[..] != batch.request_digest[..] => return Err(reused()),
                Some(earlier) => return Ok(decode::counts(&earlier)),
                None if act.writing.request(request_id)?.is_some() => return Err(reused()),
                None => {}
            }
        }
        let row = batch.write(&mut act, &import.dataset, ask.request_id)?;
        let counts = decode::counts(&row);
        act.import(&import.actor, &row)?;
        act.writing.commit()?;
        Ok(counts)
    }
}

/// The records of an import in canonical form, checked, ordered by id.
struct Batch {
    rows: Vec<(RecordId, RecordRow)>,
    /// What each record links to within its list.
    links: BTreeMap<RecordId, Vec<String>>,
    quarantined: u64,
    /// Of the records.
    digest: blake3::Hash,
    /// Of everything that makes the request what it is; the time is not part of it.
    request_digest: [u8; 32],
}

impl Batch {
    fn new(dataset: &DatasetName, mut records: Vec<Record>, quarantined: u64) -> Result<Batch, RegistryError> {
        records.sort_by(|left, right| left.id.cmp(&right.id));
        if let Some(pair) = records.windows(2).find(|pair| pair[0].id == pair[1].id) {
            return Err(RegistryError::DuplicateRecord(pair[0].id.clone()));
        }
        let mut hasher = blake3::Hasher::new();
        let mut rows = Vec::with_capacity(records.len());
        let mut links = BTreeMap::new();
        for mut record in records {
            if record.dataset() != *dataset {
                return Err(RegistryError::OtherDataset { record: record.id, dataset: dataset.clone() });
            }
            record.canonicalize();
            if let Err(source) = record.validate() {
                return Err(RegistryError::InvalidRecord { record: record.id, source });
            }
            let json = serde_json::to_string(&record)
                .map_err(|error| RegistryError::damaged(format!("record {}", record.id), error))?;
            hasher.update(json.as_bytes());
            hasher.update(b"\n");
            let row = RecordRow {
                record_id: record.id.to_string(),
                dataset: dataset.to_string(),
                digest: blake3::hash(json.as_bytes()).as_bytes().to_vec(),
                names: record.names.len() as u64,
                json,
            };
            let targets = record.relations.iter().filter_map(|relation| relation.record.as_ref());
            let targets: Vec<String> = targets.map(ToString::to_string).collect();
            if !targets.is_empty() {
                links.insert(record.id.clone(), targets);
            }
            rows.push((record.id, row));
        }
        let digest = hasher.finalize();
        let request = format!("{dataset}\n{quarantined}\n{digest}");
        let request_digest = *blake3::hash(request.as_bytes()).as_bytes();
        Ok(Batch { rows, links, quarantined, digest, request_digest })
    }

    /// Writes what differs from what is there.
    fn write(
        self,
        act: &mut Act<'_>,
        dataset: &DatasetName,
        request_id: Option<String>,
    ) -> Result<ImportRow, RegistryError> {
        let before = act.writing.digests(dataset)?;
        let difference = Difference::between(&before, &self.rows);
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
        for id in &difference.removed {
            act.writing.remove_record(id)?;
            let record: RecordId = id.parse().map_err(|error| RegistryError::damaged(format!("record {id}"), error))?;
            let entity = founded(&mut *act.writing, &record, revision)?;
            act.record(ChangeKind::Removed, entity, &record)?;
        }
        let added = difference.added.iter().map(|row| (ChangeKind::Added, *row));
        let changed = difference.changed.iter().map(|row| (ChangeKind::Changed, *row));
        for (kind, (id, row)) in added.chain(changed) {
            let entity = founded(&mut *act.writing, id, revision)?;
            act.writing.put_record(row)?;
            act.writing.set_relations(&row.record_id, self.links.get(id).map_or(&[], Vec::as_slice))?;
            act.record(kind, entity, id)?;
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

/// Gives a record its identity, the one it had before or a new one, and tells the entity that it stands for.
fn founded(writing: &mut dyn Writing, record: &RecordId, revision: u64) -> Result<EntityId, RegistryError> {
    if let Some(row) = writing.identity(record)? {
        return Ok(decode::identity(&row)?.canonical);
    }
    let taken = |id| Ok(writing.identity_of(id)?.is_some());
    let (id, attempt) = identity::mint(record, EntityId::mint, taken)?;
    let text = id.to_string();
    let row =
        IdentityRow { record_id: record.to_string(), canonical: text.clone(), id: text, attempt, minted: revision };
    writing.add_identity(&row)?;
    Ok(id)
}

/// What an import changes; each list ordered by id.
#[derive(Default)]
struct Difference<'a> {
    added: Vec<&'a (RecordId, RecordRow)>,
    changed: Vec<&'a (RecordId, RecordRow)>,
    removed: Vec<&'a str>,
}

impl<'a> Difference<'a> {
    /// Walks both sides once; both are ordered by id.
    fn between(before: &'a [(String, Vec<u8>)], after: &'a [(RecordId, RecordRow)]) -> Difference<'a> {
        let mut difference = Difference::default();
        let (mut old, mut new) = (before.iter().peekable(), after.iter().peekable());
        loop {
            let order = match (old.peek(), new.peek()) {
                (Some((old, _)), Some((new, _))) => old.as_str().cmp(new.as_str()),
                (Some(_), None) => Ordering::Less,
                (None, Some(_)) => Ordering::Greater,
                (None, None) => return difference,
            };
            let old = if order.is_le() { old.next() } else { None };
            let new = if order.is_ge() { new.next() } else { None };
            match (old, new) {
                (Some((id, _)), None) => difference.removed.push(id),
                (None, Some(added)) => difference.added.push(added),
                (Some((_, digest)), Some(same)) if *digest != same.1.digest => difference.changed.push(same),
                _ => {}
            }
        }
    }

    fn is_empty(&self) -> bool {
        self.added.is_empty() && self.changed.is_empty() && self.removed.is_empty()
    }
}
