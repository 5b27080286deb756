use std::collections::BTreeMap;

use jiff::Timestamp;

use super::store::Reading;
use super::{ChangeKind, Leads, Registry, RegistryError, decode};
use crate::model::EntityId;

/// Rows that are read at a time.
const PAGE: usize = 1000;

impl Registry {
    /// Where ids led as of a revision: what is held now without the mergers and splits behind it. Costs a look at
    /// every change behind the revision. `None` for a revision that is not there yet.
    pub fn leads_at(&self, revision: u64) -> Result<Option<Leads>, RegistryError> {
        let mut reading = self.store.read()?;
        if revision > reading.revision()? {
            return Ok(None);
        }
        leads_at(&mut *reading, revision).map(Some)
    }

    /// The last revision up to which no record changed behind a revision.
    pub fn unchanged_until(&self, revision: u64) -> Result<u64, RegistryError> {
        unchanged_until(&mut *self.store.read()?, revision)
    }

    /// Where ids led as of the last revision up to which no record changed behind a revision.
    pub fn leads_of_records(&self, revision: u64) -> Result<Leads, RegistryError> {
        let mut reading = self.store.read()?;
        let until = unchanged_until(&mut *reading, revision)?;
        leads_at(&mut *reading, until)
    }

    /// The entities that were known not to be a subject as of a revision, by the ids that were given, with the number
    /// of the suppression. Costs a look at every link of the audit behind the revision.
    pub fn suppressed_at(&self, subject: &str, revision: u64) -> Result<BTreeMap<EntityId, u64>, RegistryError> {
        let mut reading = self.store.read()?;
        let mut suppressed = BTreeMap::new();
        let mut add = |row: super::store::SuppressionRow| {
            if row.revision <= revision && row.subject == subject {
                let number = suppressed.entry(decode::entity_id(&row.entity)?).or_insert(row.number);
                *number = row.number.min(*number);
            }
            Ok::<(), RegistryError>(())
        };
        let mut after = 0;
        loop {
            let page = reading.suppressions(Some(subject), after, PAGE)?;
            let Some(last) = page.last() else { break };
            after = last.number;
            page.into_iter().try_for_each(&mut add)?;
        }
        let mut after = link_behind(&mut *reading, revision)?;
        loop {
            let page = reading.audit(after, PAGE)?;
            let Some(last) = page.last() else { break };
            after = last.sequence;
            for link in page.into_iter().filter(|link| link.revision > revision && link.action == LIFT) {
                let lifted: Lifted = serde_json::from_str(&link.detail)
                    .map_err(|error| RegistryError::damaged(format!("link {} of the audit", link.sequence), error))?;
                if let Some(row) = reading.suppression(lifted.number)? {
                    add(row)?;
                }
            }
        }
        Ok(suppressed)
    }

    /// The last revision from `from` to `to` that was made at a time or before; `from` if none was.
    pub fn revision_at(&self, time: Timestamp, from: u64, to: u64) -> Result<u64, RegistryError> {
        let mut reading = self.store.read()?;
        let mut found = from;
        let mut after = link_behind(&mut *reading, from)?;
        loop {
            let page = reading.audit(after, PAGE)?;
            let Some(last) = page.last() else { return Ok(found) };
            after = last.sequence;
            for link in page.into_iter().filter(|link| link.revision > from) {
                if link.revision > to {
                    return Ok(found);
                }
                let at: Timestamp = link.at.parse().map_err(|error: jiff::Error| {
                    RegistryError::damaged(format!("link {} of the audit", link.sequence), error)
                })?;
                if at <= time {
                    found = link.revision;
                }
            }
        }
    }
}

fn leads_at(reading: &mut dyn Reading, revision: u64) -> Result<Leads, RegistryError> {
    let rows = reading.redirects()?;
    let redirects = rows.iter().map(|(id, to)| Ok((decode::entity_id(id)?, decode::entity_id(to)?)));
    let mut redirects = redirects.collect::<Result<BTreeMap<EntityId, EntityId>, RegistryError>>()?;
    let mut moves = Vec::new();
    let mut after = change_behind(reading, revision)?;
    loop {
        let page = reading.changes(after, PAGE)?;
        let Some(last) = page.last() else { break };
        after = last.sequence;
        for row in page.into_iter().filter(|row| row.revision > revision) {
            let change = decode::change(row)?;
            if matches!(change.kind, ChangeKind::Merged | ChangeKind::Split) {
                moves.push((change.record, change.entity));
            }
        }
    }
    for (record, before) in moves.into_iter().rev() {
        let Some(row) = reading.identity(&record)? else { continue };
        let founded = decode::identity(&row)?.id;
        if founded == before {
            redirects.remove(&founded);
        } else {
            redirects.insert(founded, before);
        }
    }
    Ok(Leads { revision, redirects })
}

/// The change behind which those of later revisions stand.
fn change_behind(reading: &mut dyn Reading, revision: u64) -> Result<u64, RegistryError> {
    let last = reading.last_change()?;
    first_behind(last, |sequence| Ok(reading.changes(sequence, 1)?.first().is_none_or(|row| row.revision > revision)))
}

fn unchanged_until(reading: &mut dyn Reading, revision: u64) -> Result<u64, RegistryError> {
    let mut after = change_behind(reading, revision)?;
    loop {
        let page = reading.changes(after, PAGE)?;
        let Some(last) = page.last() else { return reading.revision() };
        after = last.sequence;
        for row in page.into_iter().filter(|row| row.revision > revision) {
            let next = row.revision;
            if matches!(decode::change(row)?.kind, ChangeKind::Added | ChangeKind::Changed | ChangeKind::Removed) {
                return Ok(next - 1);
            }
        }
    }
}

/// The action of a link by which a suppression ended, and what of its detail is read.
const LIFT: &str = "lift";

#[derive(serde::Deserialize)]
struct Lifted {
    number: u64,
}

/// The link behind which those of later revisions stand.
fn link_behind(reading: &mut dyn Reading, revision: u64) -> Result<u64, RegistryError> {
    let last = reading.audit_head()?.map_or(0, |head| head.sequence);
    first_behind(last, |sequence| Ok(reading.audit(sequence, 1)?.first().is_none_or(|row| row.revision > revision)))
}

/// The least number up to `last` of which `holds` is true; it is true of every number behind one of which it is.
fn first_behind(last: u64, mut holds: impl FnMut(u64) -> Result<bool, RegistryError>) -> Result<u64, RegistryError> {
    let (mut low, mut high) = (0, last);
    while low < high {
        let middle = low + (high - low) / 2;
        if holds(middle)? { high = middle } else { low = middle + 1 }
    }
    Ok(low)
}
