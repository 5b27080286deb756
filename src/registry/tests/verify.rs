use super::{Open, at, id, judgement, publish};
use crate::model::{EntityId, Opinion};
use crate::registry::store::{DatasetRow, IdentityRow, RecordRow, Writing};

pub fn a_registry_in_use_is_sound(open: &Open) {
    let opened = open();
    assert!(opened.registry.verify().unwrap().is_sound());
    publish(&opened.registry, "a", &["a:1", "a:2", "a:3"]);
    publish(&opened.registry, "b", &["b:1"]);
    opened.registry.judge(judgement("a:1", Opinion::Same, "b:1"), at(1)).unwrap();
    opened.registry.judge(judgement("a:2", Opinion::Different, "b:1"), at(2)).unwrap();
    opened.registry.withdraw(2, "analyst", "", at(3)).unwrap();
    publish(&opened.registry, "a", &["a:1"]);
    let report = opened.registry.verify().unwrap();
    assert_eq!(report.findings, Vec::<String>::new());
    assert_eq!((report.revision, report.records, report.identities, report.judgements), (6, 2, 4, 2));
}

/// What is found after `tamper` wrote behind the registry's back.
fn found(open: &Open, tamper: impl Fn(&mut dyn Writing)) -> Vec<String> {
    let opened = open();
    publish(&opened.registry, "a", &["a:1", "a:2", "a:3"]);
    opened.registry.judge(judgement("a:1", Opinion::Same, "a:2"), at(1)).unwrap();
    let mut writing = opened.registry.store.write().unwrap();
    tamper(&mut *writing);
    writing.commit().unwrap();
    opened.registry.verify().unwrap().findings
}

fn change_record(writing: &mut dyn Writing, change: impl Fn(&mut RecordRow)) {
    let mut row = writing.record(&id("a:3")).unwrap().unwrap();
    change(&mut row);
    writing.put_records(&[&row]).unwrap();
}

fn change_dataset(writing: &mut dyn Writing, change: impl Fn(&mut DatasetRow)) {
    let mut row = writing.datasets().unwrap().remove(0);
    change(&mut row);
    writing.put_dataset(&row).unwrap();
}

fn rewrite(row: &mut RecordRow, from: &str, to: &str) {
    row.json = row.json.replace(from, to);
    row.digest = blake3::hash(row.json.as_bytes()).as_bytes().to_vec();
}

pub fn what_was_tampered_with_is_found(open: &Open) {
    let expect = |words: &str, tamper: &dyn Fn(&mut dyn Writing)| {
        let findings = found(open, tamper);
        assert!(findings.iter().any(|finding| finding.contains(words)), "{words:?} not in {findings:#?}");
    };
    expect("record a:3 is damaged: the text does not fit its digest", &|writing| {
        change_record(writing, |row| row.json = row.json.replace("Name", "Mane"));
    });
    expect("dataset a: digest", &|writing| {
        change_record(writing, |row| rewrite(row, "Name", "Mane"));
    });
    expect("record a:3: not in canonical form", &|writing| {
        change_record(writing, |row| rewrite(row, "\"Name of a:3\"", "\" Name\""));
    });
    expect("record a:3: names[0]: the name has no letter or digit", &|writing| {
        change_record(writing, |row| rewrite(row, "\"Name of a:3\"", "\"--\""));
    });
    expect("record a:3 is damaged: the text is that of record a:4", &|writing| {
        change_record(writing, |row| rewrite(row, "\"id\":\"a:3\"", "\"id\":\"a:4\""));
    });
    expect("record a:3 is damaged: ", &|writing| change_record(writing, |row| rewrite(row, "{", "[")));
    expect("record a:3: 1 names, stored as 7", &|writing| change_record(writing, |row| row.names = 7));
    expect("dataset a: 3 records, stored as 9", &|writing| change_dataset(writing, |row| row.record_count = 9));
    expect("dataset a: 3 names, stored as 9", &|writing| change_dataset(writing, |row| row.name_count = 9));
    expect("dataset a is damaged", &|writing| change_dataset(writing, |row| row.imported_at = "noon".to_owned()));
    expect("leads to", &|writing| {
        let canonical = EntityId::mint(&id("a:3"), 0);
        writing.set_canonical(EntityId::mint(&id("a:1"), 0), canonical).unwrap();
    });
    let identity = |record: &str, entity: &str, attempt, minted| IdentityRow {
        record_id: record.to_owned(),
        id: entity.to_owned(),
        attempt,
        minted,
        canonical: entity.to_owned(),
    };
    expect("entity id \"ent-00000000001\": the last character should be '0'", &|writing| {
        writing.add_identities(&[identity("a:9", "ent-00000000001", 0, 1)]).unwrap();
    });
    expect("record a:9 does not found it at attempt 0", &|writing| {
        writing.add_identities(&[identity("a:9", "ent-00000000000", 0, 1)]).unwrap();
    });
    expect("minted at attempt 1 though attempt 0 was free", &|writing| {
        let second = EntityId::mint(&id("a:9"), 1).to_string();
        writing.add_identities(&[identity("a:9", &second, 1, 1)]).unwrap();
    });
    expect("minted by revision 99, which is not committed", &|writing| {
        let first = EntityId::mint(&id("a:9"), 0).to_string();
        writing.add_identities(&[identity("a:9", &first, 0, 99)]).unwrap();
    });
}
