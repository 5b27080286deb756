use std::cmp::Ordering;

use super::store::{DatasetRow, IdentityRow, ImportRow, RecordRow, Writing};
use super::{Registry, RegistryError, decode, identity};
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
        if let Some(request_id) = &import.request_id {
            super::judging::check_text("request_id", request_id, 1..=128)?;
        }
        let batch = Batch::new(&import.dataset, import.records, import.quarantined)?;
        let mut writing = self.store.write()?;
        if let Some(request_id) = &import.request_id
            && let Some(earlier) = writing.import(request_id)?
        {
            if earlier.digest[..] != batch.request_digest[..] {
                return Err(RegistryError::RequestReused(request_id.clone()));
            }
            return Ok(decode::counts(&earlier));
        }
        let row = batch.write(&mut *writing, &import.dataset, import.request_id, import.at)?;
        writing.commit()?;
        Ok(decode::counts(&row))
    }
}

/// The records of an import in canonical form, checked, ordered by id.
struct Batch {
    rows: Vec<(RecordId, RecordRow)>,
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
            rows.push((record.id, row));
        }
        let digest = hasher.finalize();
        let request = format!("{dataset}\n{quarantined}\n{digest}");
        let request_digest = *blake3::hash(request.as_bytes()).as_bytes();
        Ok(Batch { rows, quarantined, digest, request_digest })
    }

    /// Writes what differs from what is there.
    fn write(
        self,
        writing: &mut dyn Writing,
        dataset: &DatasetName,
        request_id: Option<String>,
        at: jiff::Timestamp,
    ) -> Result<ImportRow, RegistryError> {
        let before = writing.digests(dataset)?;
        let difference = Difference::between(&before, &self.rows);
        let is_new = !writing.datasets()?.iter().any(|row| row.name == dataset.as_str());
        let mut revision = writing.revision()?;
        if is_new || !difference.is_empty() {
            revision += 1;
            writing.set_revision(revision)?;
            writing.put_dataset(&DatasetRow {
                name: dataset.to_string(),
                record_count: self.rows.len() as u64,
                name_count: self.rows.iter().map(|(_, row)| row.names).sum(),
                digest: self.digest.to_hex().to_string(),
                imported_at: at.to_string(),
            })?;
        }
        for id in &difference.removed {
            writing.remove_record(id)?;
        }
        for (id, row) in &difference.added {
            found(writing, id, revision)?;
            writing.put_record(row)?;
        }
        for (_, row) in &difference.changed {
            writing.put_record(row)?;
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
        writing.add_import(&row)?;
        Ok(row)
    }
}

/// Gives a record its identity: the one it had before, or a new one.
fn found(writing: &mut dyn Writing, record: &RecordId, revision: u64) -> Result<(), RegistryError> {
    if writing.identity(record)?.is_some() {
        return Ok(());
    }
    let taken = |id| Ok(writing.identity_of(id)?.is_some());
    let (id, attempt) = identity::mint(record, EntityId::mint, taken)?;
    let id = id.to_string();
    let row = IdentityRow { record_id: record.to_string(), canonical: id.clone(), id, attempt, minted: revision };
    writing.add_identity(&row)
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
