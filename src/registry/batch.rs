use std::cmp::Ordering;
use std::collections::BTreeMap;

use super::RegistryError;
use super::store::RecordRow;
use crate::model::{DatasetName, Record, RecordId};

/// The records of an import in canonical form, checked, ordered by id.
pub(super) struct Batch {
    pub(super) rows: Vec<(RecordId, RecordRow)>,
    /// What each record links to within its list.
    pub(super) links: BTreeMap<RecordId, Vec<String>>,
    pub(super) quarantined: u64,
    /// Of the records.
    pub(super) digest: blake3::Hash,
    /// Of everything that makes the request what it is; the time is not part of it.
    pub(super) request_digest: [u8; 32],
}

impl Batch {
    pub(super) fn new(
        dataset: &DatasetName,
        mut records: Vec<Record>,
        quarantined: u64,
    ) -> Result<Batch, RegistryError> {
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
}

/// What an import changes; each list ordered by id.
#[derive(Default)]
pub(super) struct Difference<'a> {
    pub(super) added: Vec<&'a (RecordId, RecordRow)>,
    pub(super) changed: Vec<&'a (RecordId, RecordRow)>,
    pub(super) removed: Vec<&'a str>,
}

impl<'a> Difference<'a> {
    /// Walks both sides once; both are ordered by id.
    pub(super) fn between(before: &'a [(String, Vec<u8>)], after: &'a [(RecordId, RecordRow)]) -> Difference<'a> {
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

    pub(super) fn is_empty(&self) -> bool {
        self.added.is_empty() && self.changed.is_empty() && self.removed.is_empty()
    }
}
