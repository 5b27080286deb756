use super::{Open, at, entity_of, id, import, judgement, publish, record};
use crate::model::{EntityId, Opinion, Record, Relation};
use crate::registry::{Guard, Import, RegistryError, Succession};

fn many(count: usize) -> Vec<Record> {
    (0..count).map(|number| record(&format!("a:{number}"), "Anton Belov")).collect()
}

fn guarded(records: Vec<Record>) -> Import {
    let guard =
        Guard { max_loss: Some(0.1), is_somebody_else: Some(|before, after| before.caption() != after.caption()) };
    Import { guard, ..import("a", records) }
}

pub fn a_list_that_lost_too_much_is_refused(open: &Open) {
    let opened = open();
    let registry = &opened.registry;
    registry.import(guarded(many(30))).unwrap();
    registry.import(guarded(many(27))).unwrap();
    for left in [24, 0] {
        let refused = registry.import(guarded(many(left))).unwrap_err();
        let RegistryError::LostRecords { before, removed, .. } = refused else { panic!("{refused}") };
        assert_eq!((before, removed), (27, 27 - left as u64));
    }
    assert_eq!(registry.revision().unwrap(), 2);
    assert!(registry.record(&id("a:26")).unwrap().is_some());
    // Somebody says that it is right.
    let accepted = Import { guard: Guard::default(), ..guarded(many(24)) };
    assert_eq!(registry.import(accepted).unwrap().removed, 3);
    // A short list comes and goes, but not to nothing.
    let opened = open();
    opened.registry.import(guarded(many(2))).unwrap();
    opened.registry.import(guarded(many(1))).unwrap();
    assert!(opened.registry.import(guarded(Vec::new())).is_err());
}

pub fn an_id_that_names_somebody_else_is_kept_apart(open: &Open) {
    let opened = open();
    let registry = &opened.registry;
    registry.import(guarded(vec![record("a:1", "Anton Belov"), record("a:2", "Kim Da")])).unwrap();
    publish(registry, "b", &["b:1"]);
    registry.judge(judgement("a:1", Opinion::Same, "b:1"), at(1)).unwrap();
    let before = entity_of(registry, "a:1");

    let mut other = record("a:2", "Kim Da");
    other.relations = vec![Relation { relation: "brother".into(), name: "Pak Na".into(), record: Some(id("a:1")) }];
    let counts = registry.import(guarded(vec![record("a:1", "Pak Na"), other.clone()])).unwrap();
    assert_eq!((counts.added, counts.changed, counts.removed), (1, 1, 1));
    let succession = Succession { record: id("a:1"), successor: id("a:1~2"), revision: counts.revision };
    assert_eq!(registry.successions(&"a".parse().unwrap()).unwrap(), [succession]);
    // Nothing that was judged of the one holds for the other, and the id stays with whom it named.
    assert_eq!(entity_of(registry, "a:1~2"), EntityId::mint(&id("a:1~2"), 0));
    assert_eq!(entity_of(registry, "b:1"), before);
    let brother = registry.record(&id("a:2")).unwrap().unwrap();
    assert_eq!(brother.relations[0].record, Some(id("a:1~2")));

    // The next version of the list is compared with the party that bears the id now.
    let again = registry.import(guarded(vec![record("a:1", "Pak Na"), other])).unwrap();
    assert_eq!((again.unchanged, again.removed, again.revision), (2, 0, counts.revision));
    let third = registry.import(guarded(vec![record("a:1", "Yi Ra"), record("a:2", "Kim Da")])).unwrap();
    assert_eq!((third.added, third.removed), (1, 1));
    assert!(registry.record(&id("a:1~3")).unwrap().is_some());
    assert!(registry.verify().unwrap().is_sound());
    assert!(registry.verify_audit(None).unwrap().findings.is_empty());
}
