use proptest::prelude::*;

use super::*;
use crate::model::{Kind, Record, RecordName};
use crate::registry::Leads;
use crate::resolver::{Thresholds, indexer};
use crate::storage::{Directory, RamDirectory};

const NAMES: [&str; 6] = ["Anton Belov", "Антон Белов", "Kim Jong Un", "김정은", "Mokran LLC", "Sever Trading"];

/// A record by its number, with what it is made of.
type Made = (Vec<usize>, bool);

fn id(number: usize) -> RecordId {
    format!("test:{number}").parse().unwrap()
}

fn founded(number: usize) -> EntityId {
    EntityId::mint(&id(number), 0)
}

fn record(number: usize, (names, in_russia): &Made) -> (Record, EntityId) {
    let mut record = Record::new(id(number), Kind::Unknown, "");
    let name = |place: &usize| RecordName {
        text: NAMES[*place].to_owned(),
        quality: NameQuality::Strong,
        language: "".into(),
    };
    record.names = names.iter().map(name).collect();
    record.countries = if *in_russia { vec!["RU".to_owned()] } else { Vec::new() };
    record.canonicalize();
    (record, founded(number))
}

/// Ids that lead to the first one of their group.
fn leads(groups: &[usize]) -> Leads {
    let mut first: BTreeMap<usize, usize> = BTreeMap::new();
    let mut redirects = BTreeMap::new();
    for (number, group) in groups.iter().enumerate() {
        let to = *first.entry(*group).or_insert(number);
        if to != number {
            redirects.insert(founded(number), founded(to));
        }
    }
    Leads { revision: 1, redirects }
}

type Told = (DifferenceKind, EntityId, Option<EntityId>, RecordId);

/// The same by looking at everything.
fn naive(one: &BTreeMap<usize, Made>, other: &BTreeMap<usize, Made>, before: &Leads, after: &Leads) -> Vec<Told> {
    let canonical = |leads: &Leads, id: EntityId| leads.redirects.get(&id).copied().unwrap_or(id);
    let is_in = |list: &BTreeMap<usize, Made>, entity| list.keys().any(|own| canonical(after, founded(*own)) == entity);
    let mut told = Vec::new();
    let numbers: BTreeSet<usize> = one.keys().chain(other.keys()).copied().collect();
    for number in numbers {
        let (from, to) = (canonical(before, founded(number)), canonical(after, founded(number)));
        match (one.get(&number), other.get(&number)) {
            (None, Some(_)) if is_in(one, to) => told.push((DifferenceKind::RecordAdded, to, None, id(number))),
            (None, Some(_)) => told.push((DifferenceKind::EntityAdded, to, None, id(number))),
            (Some(_), None) if is_in(other, to) => told.push((DifferenceKind::RecordRemoved, to, None, id(number))),
            (Some(_), None) => told.push((DifferenceKind::EntityRemoved, to, None, id(number))),
            (Some(old), Some(new)) => {
                if record(number, old) != record(number, new) {
                    told.push((DifferenceKind::RecordChanged, to, None, id(number)));
                }
                if from != to {
                    let merged = canonical(after, from) == to;
                    let kind = if merged { DifferenceKind::Merged } else { DifferenceKind::Split };
                    told.push((kind, from, Some(to), id(number)));
                }
            }
            (None, None) => {}
        }
    }
    told.sort_by_cached_key(|(kind, entity, _, record)| (entity.to_string(), record.to_string(), *kind));
    told
}

fn told(differences: Vec<Difference>) -> Vec<Told> {
    differences.into_iter().map(|own| (own.kind, own.entity, own.to, own.record)).collect()
}

fn made() -> impl Strategy<Value = Made> {
    (prop::collection::vec(0..NAMES.len(), 1..3), any::<bool>())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn versions_differ_in_what_looking_at_everything_shows(
        first in prop::collection::btree_map(0usize..10, made(), 1..8),
        changed in prop::collection::btree_map(0usize..10, made(), 0..5),
        removed in prop::collection::btree_set(0usize..10, 0..4),
        groups in (prop::collection::vec(0usize..5, 10), prop::collection::vec(0usize..5, 10)),
    ) {
        let mut second = first.clone();
        second.retain(|number, _| !removed.contains(number));
        second.extend(changed.clone());
        let (before, after) = (leads(&groups.0), leads(&groups.1));
        let records = |list: &BTreeMap<usize, Made>| list.iter().map(|(number, made)| record(*number, made)).collect::<Vec<_>>();
        let open = |directory: &dyn Directory, leads: &Leads| {
            Snapshot::open(directory, leads.clone(), Thresholds::default()).unwrap()
        };
        let directory = RamDirectory::new();
        indexer::build_records(&records(&first), &directory).unwrap();
        let one = open(&directory, &before);
        let ids: Vec<RecordId> = removed.iter().filter(|number| !changed.contains_key(number)).map(|number| id(*number)).collect();
        let manifest = indexer::change(&one.index, &records(&changed), &ids, &directory).unwrap();
        let beside = Snapshot::of_manifest(&directory, manifest, after.clone(), &one).unwrap();
        let expected = naive(&first, &second, &before, &after);
        prop_assert_eq!(told(one.differences(&beside)), expected.clone());
        // Nor does it matter whether the two share segments.
        let apart = RamDirectory::new();
        indexer::build_records(&records(&second), &apart).unwrap();
        prop_assert_eq!(told(one.differences(&open(&apart, &after))), expected);
        prop_assert_eq!(told(beside.differences(&one)), naive(&second, &first, &after, &before));
        prop_assert!(beside.differences(&open(&apart, &after)).is_empty());
    }
}
