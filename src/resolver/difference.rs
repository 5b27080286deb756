use std::collections::{BTreeMap, BTreeSet};

use super::Snapshot;
use super::payload::{RecordPayload, decode_name};
use crate::index::{NameOrd, RecordOrd, differing};
use crate::model::{EntityId, NameQuality, RecordId};
use crate::score::Facts;

/// What became of an entity, or of a record of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DifferenceKind {
    /// An entity that had no record.
    EntityAdded,
    /// An entity that has no record any more.
    EntityRemoved,
    /// A further record of an entity that was there.
    RecordAdded,
    /// A record less of an entity that stays.
    RecordRemoved,
    /// A record with other names or facts.
    RecordChanged,
    /// A record stands for another entity, into which its own was merged.
    Merged,
    /// A record stands for another entity, and its own is still one.
    Split,
}

/// A difference between two versions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// What it is.
    pub kind: DifferenceKind,
    /// The entity; of a merger or split the one that the record stood for in the earlier version.
    pub entity: EntityId,
    /// Of a merger or split, the one that it stands for in the later version.
    pub to: Option<EntityId>,
    /// The record.
    pub record: RecordId,
    /// The name to show for it.
    pub caption: String,
    /// Names that only the later version has.
    pub names_added: Vec<String>,
    /// Names that only the earlier version had.
    pub names_removed: Vec<String>,
    /// What else of a changed record is different.
    pub facts_changed: Vec<&'static str>,
}

/// A record as an index knows it.
struct Seen {
    record: RecordId,
    founded: EntityId,
    names: Vec<(String, NameQuality)>,
    facts: Facts,
}

impl Snapshot {
    /// In what a later version differs, ordered by entity, record and kind. Costs a read of what is not in a segment
    /// of both, and a look at every record where records came, went or moved.
    pub fn differences(&self, later: &Snapshot) -> Vec<Difference> {
        let mut differences = Vec::new();
        let (mut came, mut went) = (Vec::new(), Vec::new());
        for (one, other) in differing(&self.index, &later.index) {
            let (one, other) = (one.and_then(|one| self.seen(one)), other.and_then(|other| later.seen(other)));
            match (one, other) {
                (Some(one), Some(other)) => differences.extend(changed(&one, other, later)),
                (Some(one), None) => went.push(one),
                (None, Some(other)) => came.push(other),
                (None, None) => {}
            }
        }
        let of = |seen: &Seen| later.canonical(seen.founded);
        let asked: BTreeSet<EntityId> = came.iter().chain(&went).map(of).collect();
        let (before, after) = (self.members(&asked, later), later.members(&asked, later));
        let whole = |kinds: [DifferenceKind; 2], there: &BTreeSet<EntityId>, seen: Seen| {
            let entity = of(&seen);
            let kind = kinds[usize::from(there.contains(&entity))];
            Difference { entity, ..seen.difference(kind) }
        };
        let added = [DifferenceKind::EntityAdded, DifferenceKind::RecordAdded];
        let removed = [DifferenceKind::EntityRemoved, DifferenceKind::RecordRemoved];
        differences.extend(came.into_iter().map(|seen| whole(added, &before, seen)));
        differences.extend(went.into_iter().map(|seen| whole(removed, &after, seen)));
        differences.extend(self.moved(later));
        differences.sort_by_cached_key(|own| (own.entity.to_string(), own.record.to_string(), own.kind));
        differences
    }

    fn seen(&self, record: RecordOrd) -> Option<Seen> {
        let view = self.index.record(record)?;
        let payload = RecordPayload::decode(view.payload)?;
        let names = view.names.clone().filter_map(|name| {
            let name = NameOrd(name);
            let quality = decode_name(&self.index, &self.index.name(name)?).0;
            Some((self.index.name_text(name)?, quality))
        });
        let names = names.collect();
        Some(Seen { record: self.record_id(record)?, founded: self.founded(record)?, names, facts: payload.facts })
    }

    fn founded(&self, record: RecordOrd) -> Option<EntityId> {
        RecordPayload::entity(self.index.record(record)?.payload, || self.record_id(record))
    }

    /// Which of some entities of a later version have a record here.
    fn members(&self, asked: &BTreeSet<EntityId>, later: &Snapshot) -> BTreeSet<EntityId> {
        let mut there = BTreeSet::new();
        let mut records = self.index.records();
        while there.len() < asked.len()
            && let Some(record) = records.next()
        {
            let entity = self.founded(record).map(|founded| later.canonical(founded));
            there.extend(entity.filter(|entity| asked.contains(entity)));
        }
        there
    }

    /// Records of both versions that stand for another entity in the later one.
    fn moved(&self, later: &Snapshot) -> Vec<Difference> {
        let moved = self.redirected(later);
        if moved.is_empty() {
            return Vec::new();
        }
        let mut differences = Vec::new();
        for record in later.index.records() {
            let Some((from, to)) = later.founded(record).and_then(|founded| moved.get(&founded)).copied() else {
                continue;
            };
            let there = |seen: &Seen| self.index.record_by_id(seen.record.as_str()).is_some();
            let Some(seen) = later.seen(record).filter(there) else { continue };
            let kind = match later.canonical(from) == to {
                true => DifferenceKind::Merged,
                false => DifferenceKind::Split,
            };
            differences.push(Difference { entity: from, to: Some(to), ..seen.difference(kind) });
        }
        differences
    }

    /// Ids that lead elsewhere in a later version: from where, and to where.
    fn redirected(&self, later: &Snapshot) -> BTreeMap<EntityId, (EntityId, EntityId)> {
        let ids = self.redirects().keys().chain(later.redirects().keys());
        let leads = ids.map(|id| (*id, (self.canonical(*id), later.canonical(*id))));
        leads.filter(|(_, (from, to))| from != to).collect()
    }
}

impl Seen {
    fn difference(self, kind: DifferenceKind) -> Difference {
        Difference {
            kind,
            entity: self.founded,
            to: None,
            record: self.record,
            caption: self.names.into_iter().next().map(|(text, _)| text).unwrap_or_default(),
            names_added: Vec::new(),
            names_removed: Vec::new(),
            facts_changed: Vec::new(),
        }
    }
}

/// In what two forms of one record differ; `None` if in nothing that answers depend on.
fn changed(one: &Seen, other: Seen, later: &Snapshot) -> Option<Difference> {
    let only = |of: &Seen, against: &Seen| -> Vec<String> {
        let others: BTreeSet<&str> = against.names.iter().map(|(text, _)| text.as_str()).collect();
        of.names.iter().map(|(text, _)| text).filter(|text| !others.contains(text.as_str())).cloned().collect()
    };
    let (names_added, names_removed) = (only(&other, one), only(one, &other));
    let (old, new) = (&one.facts, &other.facts);
    let facts = [
        (old.kind != new.kind, "kind"),
        (old.birth_dates != new.birth_dates, "birth_dates"),
        (old.countries != new.countries, "countries"),
        (old.gender != new.gender, "gender"),
        (old.identifiers != new.identifiers, "identifiers"),
        (names_added.is_empty() && names_removed.is_empty() && one.names != other.names, "name_quality"),
    ];
    let facts_changed: Vec<&str> = facts.into_iter().filter(|(differs, _)| *differs).map(|(_, name)| name).collect();
    if names_added.is_empty() && names_removed.is_empty() && facts_changed.is_empty() {
        return None;
    }
    let entity = later.canonical(other.founded);
    let difference = other.difference(DifferenceKind::RecordChanged);
    Some(Difference { entity, names_added, names_removed, facts_changed, ..difference })
}

#[cfg(test)]
mod tests;
