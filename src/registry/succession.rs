use std::collections::BTreeMap;

use super::act::Act;
use super::batch::{Batch, Difference};
use super::import::{Guard, founded};
use super::store::{Reading, Writing};
use super::{Registry, RegistryError, decode};
use crate::model::{DatasetName, Record, RecordId};

/// A publisher's id that came to name somebody else.
///
/// The party that bore it keeps the record id and the entity it founded; the other one is kept under an id of its own,
/// the publisher's with `~2` behind it, and founds an entity of its own: nothing that was judged of the one holds for
/// the other. Whoever knows better judges the two the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Succession {
    /// The id as the publisher gives it.
    pub record: RecordId,
    /// The id under which the party is kept that bears it now.
    pub successor: RecordId,
    /// The revision that noticed.
    pub revision: u64,
}

impl Registry {
    /// The ids of a dataset that came to name somebody else, ordered.
    pub fn successions(&self, dataset: &DatasetName) -> Result<Vec<Succession>, RegistryError> {
        let rows = self.store.read()?.successions(dataset)?;
        rows.into_iter().map(decode::succession).collect()
    }
}

/// Which ids of a dataset stand for others.
pub(super) struct Successions(BTreeMap<RecordId, RecordId>);

impl Successions {
    pub(super) fn of(reading: &mut dyn Reading, dataset: &DatasetName) -> Result<Successions, RegistryError> {
        let mut successors = BTreeMap::new();
        for row in reading.successions(dataset)? {
            let succession = decode::succession(row)?;
            successors.insert(succession.record, succession.successor);
        }
        Ok(Successions(successors))
    }

    /// The id under which the party is kept that bears an id now.
    fn bearer<'a>(&'a self, mut id: &'a RecordId) -> &'a RecordId {
        while let Some(successor) = self.0.get(id) {
            id = successor;
        }
        id
    }

    /// Gives records, and what they link to, the ids under which they are kept; false if none has another.
    pub(super) fn rename(&self, records: &mut [Record]) -> bool {
        let mut any = false;
        if self.0.is_empty() {
            return any;
        }
        for record in records {
            let links = record.relations.iter_mut().filter_map(|relation| relation.record.as_mut());
            for id in std::iter::once(&mut record.id).chain(links) {
                let bearer = self.bearer(id);
                if bearer != id {
                    *id = bearer.clone();
                    any = true;
                }
            }
        }
        any
    }

    /// Writes that ids name somebody else from now on.
    pub(super) fn add(&mut self, act: &mut Act<'_>, strangers: Vec<RecordId>) -> Result<(), RegistryError> {
        for record in strangers {
            let successor = next(&mut *act.writing, &record)?;
            let revision = act.revision;
            founded(&mut *act.writing, std::slice::from_ref(&record), revision)?;
            act.writing.add_succession(record.as_str(), successor.as_str(), revision)?;
            self.0.insert(record, successor);
        }
        Ok(())
    }
}

/// The first id behind a record's that nobody has.
fn next(writing: &mut dyn Writing, record: &RecordId) -> Result<RecordId, RegistryError> {
    let (stem, number) = match record.as_str().rsplit_once('~') {
        Some((stem, number)) => (stem, number.parse::<u32>().ok()),
        None => (record.as_str(), None),
    };
    let (stem, first) = number.map_or((record.as_str(), 2), |number| (stem, number.saturating_add(1)));
    for number in first..first.saturating_add(1000) {
        let id = format!("{stem}~{number}");
        let id: RecordId = id.parse().map_err(|_| RegistryError::NoFreeId { record: record.clone(), attempts: 1 })?;
        if writing.identity(&id)?.is_none() {
            return Ok(id);
        }
    }
    Err(RegistryError::NoFreeId { record: record.clone(), attempts: 1000 })
}

/// The records of an import whose ids stood for somebody else before.
pub(super) fn strangers(
    writing: &mut dyn Writing,
    batch: &Batch,
    guard: &Guard,
) -> Result<Vec<RecordId>, RegistryError> {
    let Some(is_somebody_else) = guard.is_somebody_else else { return Ok(Vec::new()) };
    let Some((first, _)) = batch.rows.first() else { return Ok(Vec::new()) };
    let before = writing.digests(&first.dataset())?;
    let mut strangers = Vec::new();
    for (id, row) in Difference::between(&before, &batch.rows).changed {
        let Some(known) = writing.record(id)? else { continue };
        if is_somebody_else(&decode::record(&known)?, &decode::record(row)?) {
            strangers.push(id.clone());
        }
    }
    Ok(strangers)
}
