use super::{Open, at, entity_of, id, import, publish, record};
use crate::model::{EntityId, RecordName};
use crate::registry::{Import, ImportCounts, Refusal, Registry, RegistryError};

/// Everything there is to read.
fn everything(registry: &Registry) -> (u64, Vec<String>, Vec<String>) {
    let mut records = Vec::new();
    let visit = &mut |record, id| {
        records.push(format!("{id} {record:?}"));
        Ok::<_, RegistryError>(())
    };
    let revision = registry.for_each_record(visit).unwrap();
    (revision, records, registry.datasets().unwrap().iter().map(|dataset| format!("{dataset:?}")).collect())
}

pub fn counts_add_up(open: &Open) {
    let opened = open();
    let first = vec![record("test:1", "Anton Belov"), record("test:2", "Boris Orlov"), record("test:3", "Vera Lenko")];
    let counts = opened.registry.import(Import { quarantined: 2, ..import("test", first) }).unwrap();
    let expected =
        ImportCounts { read: 5, imported: 3, added: 3, quarantined: 2, revision: 1, ..ImportCounts::default() };
    assert_eq!(counts, expected);

    let second = vec![record("test:2", "Boris Orlov"), record("test:3", "Vera Lenkova"), record("test:4", "Kim Da")];
    let counts = opened.registry.import(Import { quarantined: 1, ..import("test", second) }).unwrap();
    let expected = ImportCounts {
        read: 4,
        imported: 2,
        added: 1,
        changed: 1,
        unchanged: 1,
        removed: 1,
        quarantined: 1,
        revision: 2,
    };
    assert_eq!(counts, expected);
    assert_eq!(counts.read, counts.imported + counts.unchanged + counts.quarantined);
    let dataset = opened.registry.datasets().unwrap().remove(0);
    assert_eq!((dataset.record_count, dataset.name_count), (3, 3));
    assert_eq!(opened.registry.record(&id("test:1")).unwrap(), None);
    assert_eq!(opened.registry.record(&id("test:3")).unwrap().unwrap().caption(), "Vera Lenkova");
}

pub fn records_are_kept_in_canonical_form(open: &Open) {
    let opened = open();
    let mut untidy = record("test:1", "  Anton Belov ");
    untidy.countries = vec!["ru".to_owned(), "BY".to_owned(), "RU".to_owned()];
    untidy.names.push(RecordName { text: "Anton Belov".to_owned(), ..untidy.names[0].clone() });
    let mut tidy = untidy.clone();
    tidy.canonicalize();
    opened.registry.import(import("test", vec![untidy])).unwrap();
    assert_eq!(opened.registry.record(&id("test:1")).unwrap(), Some(tidy.clone()));
    let counts = opened.registry.import(import("test", vec![tidy])).unwrap();
    assert_eq!((counts.unchanged, counts.changed), (1, 0));
}

pub fn an_import_that_changes_nothing_counts_no_revision(open: &Open) {
    let opened = open();
    publish(&opened.registry, "test", &["test:1", "test:2"]);
    let before = everything(&opened.registry);
    let records = ["test:1", "test:2"].map(|text| record(text, &format!("Name of {text}"))).to_vec();
    let counts = opened.registry.import(Import { at: at(99), ..import("test", records) }).unwrap();
    assert_eq!((counts.unchanged, counts.revision), (2, 1));
    assert_eq!(everything(&opened.registry), before);
}

pub fn order_does_not_matter(open: &Open) {
    let (one, other) = (open(), open());
    publish(&one.registry, "test", &["test:1", "test:2", "test:3"]);
    publish(&other.registry, "test", &["test:3", "test:1", "test:2"]);
    assert_eq!(everything(&one.registry), everything(&other.registry));
}

pub fn a_bad_record_leaves_everything_as_it_was(open: &Open) {
    let opened = open();
    publish(&opened.registry, "test", &["test:1", "test:2"]);
    let before = everything(&opened.registry);
    let good = record("test:0", "Anton Belov");
    let attempt = |records| opened.registry.import(import("test", records)).unwrap_err().to_string();

    let twice = attempt(vec![good.clone(), record("test:7", "A"), record("test:7", "B")]);
    assert_eq!(twice, "record test:7: the id occurs more than once in the import");
    let stranger = attempt(vec![good.clone(), record("other:1", "A")]);
    assert_eq!(stranger, "record other:1: expected a record of dataset test");
    let mute = attempt(vec![good.clone(), record("test:8", " -- ")]);
    assert_eq!(mute, "record test:8: names[0]: the name has no letter or digit");
    let nameless = attempt(vec![good, record("test:9", "  ")]);
    assert_eq!(nameless, "record test:9: names: a record needs at least one name");

    assert_eq!(everything(&opened.registry), before);
    assert_eq!(opened.registry.record(&id("test:0")).unwrap(), None);
    assert!(opened.registry.verify().unwrap().is_sound());
}

pub fn ids_outlive_their_records(open: &Open) {
    let opened = open();
    publish(&opened.registry, "test", &["test:1", "test:2"]);
    let founded = entity_of(&opened.registry, "test:1");
    assert_eq!(founded, EntityId::mint(&id("test:1"), 0));

    publish(&opened.registry, "test", &["test:2", "test:3"]);
    assert_eq!(opened.registry.entity(founded).unwrap(), None);
    assert_eq!(opened.registry.entity_of_record(&id("test:1")).unwrap(), None);

    publish(&opened.registry, "test", &["test:3", "test:1"]);
    assert_eq!(entity_of(&opened.registry, "test:1"), founded);
    let found = opened.registry.entity(founded).unwrap().unwrap();
    assert_eq!((found.redirected, found.entity.records.len()), (false, 1));
}

pub fn a_repeated_request_has_one_effect(open: &Open) {
    let opened = open();
    let request = |name: &str| Import {
        request_id: Some("b7f1".to_owned()),
        quarantined: 1,
        ..import("test", vec![record("test:1", name)])
    };
    let first = opened.registry.import(request("Anton Belov")).unwrap();
    publish(&opened.registry, "test", &["test:2"]);
    let before = everything(&opened.registry);
    let again = opened.registry.import(Import { at: at(50), ..request("Anton Belov") }).unwrap();
    assert_eq!(again, first);
    assert_eq!(everything(&opened.registry), before);

    let other = opened.registry.import(request("Boris Orlov")).unwrap_err();
    assert_eq!(other.to_string(), "request \"b7f1\" was used before with other content");
    assert!(other.refusal().is_some_and(Refusal::is_reused_request));
    let other = opened.registry.import(Import { quarantined: 0, ..request("Anton Belov") }).unwrap_err();
    assert!(matches!(other, RegistryError::RequestReused(_)));
    assert_eq!(everything(&opened.registry), before);
}

pub fn a_request_id_without_content_is_refused(open: &Open) {
    let opened = open();
    for text in ["", "  ", "a\u{0}b", &"x".repeat(129)] {
        let request = Import { request_id: Some(text.to_owned()), ..import("test", Vec::new()) };
        let error = opened.registry.import(request).unwrap_err();
        assert!(error.to_string().starts_with("request_id: "), "{error}");
    }
    assert_eq!(opened.registry.datasets().unwrap(), []);
}

pub fn datasets_do_not_touch_each_other(open: &Open) {
    let opened = open();
    publish(&opened.registry, "a", &["a:1", "a:2"]);
    publish(&opened.registry, "a-b", &["a-b:1"]);
    publish(&opened.registry, "a", &["a:2"]);
    let names: Vec<String> =
        opened.registry.datasets().unwrap().iter().map(|set| format!("{} {}", set.name, set.record_count)).collect();
    assert_eq!(names, ["a 1", "a-b 1"]);
    assert!(opened.registry.record(&id("a-b:1")).unwrap().is_some());
}

pub fn the_digest_is_that_of_the_lines(open: &Open) {
    let opened = open();
    let records = [record("test:1", "Anton Belov"), record("test:2", "Kim Da")];
    let lines: String = records.iter().map(|record| serde_json::to_string(record).unwrap() + "\n").collect();
    opened.registry.import(import("test", records.into_iter().rev().collect())).unwrap();
    let dataset = opened.registry.datasets().unwrap().remove(0);
    assert_eq!(dataset.digest, blake3::hash(lines.as_bytes()).to_hex().as_str());
    assert_eq!(dataset.imported_at, at(0));
}

pub fn an_emptied_dataset_stays(open: &Open) {
    let opened = open();
    let counts = opened.registry.import(import("test", Vec::new())).unwrap();
    assert_eq!((counts.read, counts.revision), (0, 1));
    publish(&opened.registry, "test", &["test:1"]);
    let counts = opened.registry.import(import("test", Vec::new())).unwrap();
    assert_eq!((counts.removed, counts.revision), (1, 3));
    assert_eq!(opened.registry.datasets().unwrap()[0].record_count, 0);
    assert!(opened.registry.verify().unwrap().is_sound());
}
