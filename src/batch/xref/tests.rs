use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use super::number::agree;
use super::party::Party;
use super::{Rule, decided, pairs, policy, xref};
use crate::model::{EntityId, Identifier, IdentifierType, Kind, NameQuality, Record, RecordId, RecordName};
use crate::registry::{Ask, Guard, Import};
use crate::resolver::{Engine, Thresholds};
use crate::sources::{self, Format};

fn record(id: &str, name: &str) -> Record {
    Record::new(id.parse().unwrap(), Kind::Person, name)
}

fn born(id: &str, name: &str, date: &str) -> Record {
    let mut record = record(id, name);
    record.birth_dates = vec![date.parse().unwrap()];
    record
}

fn numbered(id: &str, name: &str, value: &str) -> Record {
    let mut record = record(id, name);
    record.identifiers =
        vec![Identifier { kind: IdentifierType::Passport, value: value.to_owned(), country: String::new() }];
    record
}

fn rule(left: Record, right: Record) -> Option<Rule> {
    let records = [left, right].map(|record| {
        let id = EntityId::mint(&record.id, 0);
        (record, id)
    });
    decided(&records).first().map(|(.., rule)| *rule)
}

#[test]
fn a_rule_decides_what_it_says_and_no_more() {
    let same = |a, b| rule(born("a:1", "KIM, Jong Il", a), born("b:1", "Kim Jong-il", b));
    assert_eq!(same("1942-02-16", "1942-02-16"), Some(Rule::NameAndBirthDate));
    assert_eq!(same("1942-02-16", "1942-02-17"), None);
    assert_eq!(same("1942", "1942"), None);
    assert_eq!(rule(born("a:1", "Kim Jong Il", "1942-02-16"), born("a:2", "Kim Jong Il", "1942-02-16")), None);
    assert_eq!(rule(born("a:1", "Kim Jong Il", "1942-02-16"), born("b:1", "Kim Jong Un", "1942-02-16")), None);

    let nicknamed = |name: &str| {
        let mut record = born("b:1", "Somebody Else", "1942-02-16");
        record.names.push(RecordName { text: name.into(), quality: NameQuality::Weak, language: String::new() });
        rule(born("a:1", name, "1942-02-16"), record)
    };
    assert_eq!(nicknamed("Abu Walid al-Indunisi"), Some(Rule::NameAndBirthDate));
    assert_eq!(nicknamed("Saifuddin"), None);

    let number = |a, b| rule(numbered("a:1", "Anton Belov", a), numbered("b:1", "Антон Белов", b));
    assert_eq!(number("70 0012345", "700012345"), Some(Rule::EqualNumber));
    assert_eq!(number("700012345", "700012346"), None);
    assert_eq!(number("1234", "1234"), None, "too short to name somebody");
    assert_eq!(rule(numbered("a:1", "Anton Belov", "700012345"), numbered("b:1", "Kim Jong Un", "700012345")), None);
    let mut company = numbered("b:1", "Anton Belov", "700012345");
    company.kind = Kind::Organization;
    assert_eq!(rule(numbered("a:1", "Anton Belov", "700012345"), company), None);
    let mut old = numbered("a:1", "Anton Belov", "700012345");
    let mut young = numbered("b:1", "Anton Belov", "700012345");
    old.birth_dates = vec!["1940".parse().unwrap()];
    young.birth_dates = vec!["1980".parse().unwrap()];
    assert_eq!(rule(old, young), None);
}

#[test]
fn a_company_keeps_its_number_under_another_label_and_a_ship_under_another_name() {
    let with = |id: &str, kind, name: &str, sort, value: &str| {
        let mut record = record(id, name);
        record.kind = kind;
        record.identifiers = vec![Identifier { kind: sort, value: value.to_owned(), country: String::new() }];
        record
    };
    let company = |id, sort, value| with(id, Kind::Organization, "Korea Samma Shipping Co", sort, value);
    let (imo, registration) = (IdentifierType::Imo, IdentifierType::Registration);
    let pair = rule(company("a:1", imo, "IMO 5145892"), company("b:1", registration, "5145892"));
    assert_eq!(pair, Some(Rule::EqualNumber));
    let ship = |id, name, sort| with(id, Kind::Vessel, name, sort, "9274331");
    assert_eq!(rule(ship("a:1", "Souria", imo), ship("b:1", "San Damian", imo)), Some(Rule::EqualNumber));
    assert_eq!(rule(ship("a:1", "Souria", imo), ship("b:1", "San Damian", registration)), None);
}

#[test]
fn numbers_agree_but_for_a_slip() {
    let pair = |a: &str, b: &str| agree(&numbered("a:1", "x", a), &numbered("b:1", "x", b));
    assert_eq!(pair("AE313327", "AE 313-327"), Some(true));
    assert_eq!(pair("P0381230469", "PO381230469"), Some(true));
    assert_eq!(pair("PD472310104", "472310104"), Some(true));
    assert_eq!(pair("AE313327", "AC744430"), Some(false));
    assert_eq!(agree(&record("a:1", "x"), &numbered("b:1", "x", "AE313327")), None);
}

#[test]
fn decisions_are_judged_and_the_rest_waits() {
    let engine = Engine::in_memory(Thresholds::default()).unwrap();
    let lists = [
        ("a", vec![born("a:1", "KIM, Jong Il", "1942-02-16"), record("a:2", "Anton Sergeyevich Belov")]),
        ("b", vec![born("b:1", "Kim Jong-il", "1942-02-16"), record("b:2", "Антон Сергеевич Белов")]),
    ];
    for (dataset, records) in lists {
        let import = Import {
            dataset: dataset.parse().unwrap(),
            records,
            quarantined: 0,
            actor: "test".to_owned(),
            request_id: None,
            at: jiff::Timestamp::UNIX_EPOCH,
            guard: Guard::default(),
        };
        engine.import(import).unwrap();
    }
    let looked = xref(&engine, false, &|_| {}).unwrap();
    assert_eq!(engine.registry().revision().unwrap(), 2);
    let done = xref(&engine, true, &|_| {}).unwrap();
    assert_eq!((done.records, &done.decided), (4, &BTreeMap::from([("name-and-birth-date", 1)])));
    assert_eq!((looked.decided, looked.queued), (done.decided, done.queued));
    let kim: RecordId = "a:1".parse().unwrap();
    assert_eq!(engine.registry().entity_of_record(&kim).unwrap().unwrap().records.len(), 2);
    let queue = engine.registry().queue(None, 9, false).unwrap();
    assert_eq!(queue.iter().map(|one| one.judgement.left.as_str()).collect::<Vec<_>>(), ["a:2"]);
    // A second run finds everything as it is.
    let again = xref(&engine, true, &|_| {}).unwrap();
    assert_eq!((again.known, again.queued, again.conflicts), (1, 1, 0));
    assert_eq!(engine.registry().judgements(0, 9).unwrap().len(), 1);
    // What a person withdraws and forbids is not judged again.
    engine.change(|registry| registry.withdraw(1, "judge", "", Ask::from(jiff::Timestamp::UNIX_EPOCH))).unwrap();
    let mut different = engine.registry().judgement(1).unwrap().unwrap().judgement;
    different.opinion = crate::model::Opinion::Different;
    engine.change(|registry| registry.judge(different, jiff::Timestamp::UNIX_EPOCH)).unwrap();
    let refused = xref(&engine, true, &|_| {}).unwrap();
    assert_eq!((refused.conflicts, engine.registry().queue(None, 9, true).unwrap().len()), (1, 1));
}

/// The real lists, where they are; `None` with a loud line where they are not.
fn real_lists() -> Option<Vec<(Record, EntityId)>> {
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data");
    let files = |folder: &str, names: &[&str]| -> Vec<PathBuf> {
        names.iter().map(|name| data.join(folder).join(name)).collect()
    };
    let mapping = sources::Mapping::parse("eu-journal", sources::bundled_mapping("eu-journal")?).unwrap();
    let eu = ["32014R0269.csv", "32014R0833.csv", "32006R0765.csv", "32017R1509.csv"];
    let lists = [
        ("ofac", Format::OfacCsv, files("ofac", &["sdn.csv", "alt.csv", "add.csv", "sdn_comments.csv"]), None),
        ("un", Format::UnXml, files("un", &["UN_consolidated.xml"]), None),
        ("eu", Format::Mapped, files("eu", &eu), Some(&mapping)),
    ];
    if !data.is_dir() {
        eprintln!("SKIPPED: {} is not there", data.display());
        return None;
    }
    let mut records = Vec::new();
    for (dataset, format, files, mapping) in lists {
        let batch = sources::read(format, &dataset.parse().unwrap(), &files, mapping, &|_| {}).unwrap();
        records.extend(batch.records.into_iter().map(|record| {
            let id = EntityId::mint(&record.id, 0);
            (record, id)
        }));
    }
    Some(records)
}

#[test]
fn the_real_lists_are_joined_rightly() {
    let Some(records) = real_lists() else { return };
    let decided = decided(&records);
    assert!(decided.len() > 700, "{}", decided.len());
    let mut clusters: BTreeMap<RecordId, RecordId> = BTreeMap::new();
    let root = |clusters: &BTreeMap<RecordId, RecordId>, id: &RecordId| {
        let mut id = id.clone();
        while let Some(next) = clusters.get(&id) {
            id = next.clone();
        }
        id
    };
    for (left, right, _) in &decided {
        let (a, b) = (root(&clusters, left), root(&clusters, right));
        if a != b {
            clusters.insert(b, a);
        }
    }
    let parties: Vec<Party<'_>> = records.iter().map(|(record, id)| Party::new(record, *id)).collect();
    let (mut checkable, mut right) = (0u64, 0u64);
    for (left, other) in pairs::pairs(&parties, Vec::new()).0 {
        let (left, other) = (&parties[left], &parties[other]);
        if policy::by_name(left, other).is_some()
            && let Some(agree) = agree(left.record, other.record)
        {
            checkable += 1;
            right += u64::from(agree);
        }
    }
    // By hard identifiers: what a name and a birth date alone say, before numbers have a say.
    assert!(checkable > 100 && right as f64 >= 0.995 * checkable as f64, "{right} of {checkable}");

    let truth = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/eval/lists-xref/queries.tsv");
    let Ok(truth) = std::fs::read_to_string(&truth) else {
        eprintln!("SKIPPED: {} is not there", truth.display());
        return;
    };
    let mut named: BTreeMap<String, BTreeSet<&RecordId>> = BTreeMap::new();
    for (record, _) in &records {
        for name in &record.names {
            named.entry(super::party::form(&name.text)).or_default().insert(&record.id);
        }
    }
    let (mut pairs, mut joined, mut missed) = (0, 0, Vec::new());
    for line in truth.lines() {
        let cells: Vec<&str> = line.split('\t').collect();
        let wanted: Vec<RecordId> = cells[3].split('|').map(|id| id.parse().unwrap()).collect();
        let bearers = named.get(&super::party::form(cells[2]));
        let bearers: Vec<&&RecordId> =
            bearers.into_iter().flatten().filter(|id| id.dataset() != wanted[0].dataset()).collect();
        // Some of the names are of lists that are not at hand.
        if bearers.is_empty() {
            continue;
        }
        pairs += 1;
        let is_joined = bearers.iter().any(|id| wanted.iter().any(|one| root(&clusters, id) == root(&clusters, one)));
        joined += u64::from(is_joined);
        if !is_joined {
            missed.push(cells[0]);
        }
    }
    println!("{joined} of {pairs} pairs joined; {right} of {checkable} checkable decisions right");
    assert!(pairs > 300 && joined as f64 >= 0.97 * pairs as f64, "{joined} of {pairs}, missed {missed:?}");
}
