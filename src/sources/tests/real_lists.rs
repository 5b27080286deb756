//! The public lists, whole: nothing is lost, and every sort of fact is found.

use std::collections::{BTreeSet, HashMap};
use std::sync::OnceLock;

use super::*;
use crate::model::IdentifierType;

fn ofac() -> Option<&'static Batch> {
    static BATCH: OnceLock<Option<Batch>> = OnceLock::new();
    let read_files = || {
        let files: Option<Vec<PathBuf>> =
            ["sdn", "alt", "add", "sdn_comments"].iter().map(|file| shared(&format!("data/ofac/{file}.csv"))).collect();
        Some(read(Format::OfacCsv, &dataset("ofac"), &files?, None, &|_| ()).unwrap())
    };
    BATCH.get_or_init(read_files).as_ref()
}

fn un() -> Option<&'static Batch> {
    static BATCH: OnceLock<Option<Batch>> = OnceLock::new();
    let read_file = || {
        let file = shared("data/un/UN_consolidated.xml")?;
        Some(read(Format::UnXml, &dataset("un"), &[file], None, &|_| ()).unwrap())
    };
    BATCH.get_or_init(read_file).as_ref()
}

const EU: [(&str, u64); 4] = [("32014R0269", 2802), ("32014R0833", 1746), ("32006R0765", 408), ("32017R1509", 326)];

fn eu() -> Option<&'static Batch> {
    static BATCH: OnceLock<Option<Batch>> = OnceLock::new();
    let read_files = || {
        let files: Option<Vec<PathBuf>> = EU.iter().map(|(file, _)| shared(&format!("data/eu/{file}.csv"))).collect();
        Some(read(Format::Mapped, &dataset("eu"), &files?, Some(&bundled()), &|_| ()).unwrap())
    };
    BATCH.get_or_init(read_files).as_ref()
}

fn count(batch: &Batch, of: impl Fn(&Record) -> usize) -> usize {
    batch.records.iter().map(of).sum()
}

fn numbers(batch: &Batch, kind: IdentifierType) -> usize {
    count(batch, |record| record.identifiers.iter().filter(|identifier| identifier.kind == kind).count())
}

#[test]
fn ofac_conserves_its_entries() {
    let Some(batch) = ofac() else { return };
    assert_conserved(batch);
    assert_eq!((batch.read, batch.quarantined.as_slice()), (8976, &[][..]));
    // Primary names and aliases, and the weak aliases of the remarks; repetitions within a record drop out.
    assert!(count(batch, |record| record.names.len()) > 8976 + 11_910);
    assert!(count(batch, |record| weak_names(record).len()) > 2300);
    assert!(count(batch, |record| record.birth_dates.len()) > 5000);
    assert!(count(batch, |record| record.relations.iter().filter(|link| link.record.is_some()).count()) > 3400);
    assert!(numbers(batch, IdentifierType::Imo) > 400);
    assert!(numbers(batch, IdentifierType::Passport) > 1500);
    assert!(numbers(batch, IdentifierType::Ogrn) > 90);
    assert!(count(batch, |record| record.addresses.len()) > 11_000);
    assert!(batch.warnings.len() < 20, "{:?}", batch.warnings);
}

#[test]
fn un_conserves_its_entries() {
    let Some(batch) = un() else { return };
    assert_conserved(batch);
    assert_eq!((batch.read, batch.quarantined.as_slice()), (730 + 273, &[][..]));
    let people = batch.records.iter().filter(|record| record.kind == crate::model::Kind::Person).count();
    assert_eq!(people, 730);
    assert!(count(batch, |record| weak_names(record).len()) > 600);
    assert!(count(batch, |record| record.birth_dates.len()) > 850);
    assert!(numbers(batch, IdentifierType::Passport) > 280);
    assert!(batch.warnings.len() < 40, "{:?}", batch.warnings);
}

#[test]
fn eu_conserves_its_rows() {
    let Some(batch) = eu() else { return };
    assert_conserved(batch);
    for (file, rows) in EU {
        let of_file = |id: &str| id.starts_with(&format!("eu:{file}/"));
        let records = batch.records.iter().filter(|record| of_file(record.id.as_str())).count();
        assert_eq!(records as u64, rows, "{file}");
    }
    assert_eq!(batch.quarantined, []);
    assert!(count(batch, |record| record.birth_dates.len()) > 2250);
    assert!(numbers(batch, IdentifierType::Imo) > 700);
    assert!(numbers(batch, IdentifierType::Inn) > 1300);
    assert!(batch.warnings.len() < 100, "{:?}", batch.warnings);
    let noise = |name: &&str| name.contains("Text of image") || name.ends_with(':');
    assert_eq!(count(batch, |record| names(record).iter().filter(|name| noise(name)).count()), 0);
}

/// The evaluation calls records by ids of its own making; they must be ours.
#[test]
fn ids_are_those_of_the_evaluation() {
    let (Some(index), Some(ofac), Some(un), Some(eu)) = (shared("eval/lists-index/index.tsv"), ofac(), un(), eu())
    else {
        return;
    };
    let text = std::fs::read_to_string(index).unwrap();
    let mut wanted: HashMap<&str, BTreeSet<&str>> = HashMap::new();
    for line in text.lines() {
        let cells: Vec<&str> = line.split('\t').collect();
        let ours = cells[0].starts_with("ofac:")
            || cells[0].starts_with("un:")
            || EU.iter().any(|(file, _)| cells[0].starts_with(&format!("eu:{file}/")));
        if ours {
            wanted.entry(cells[0]).or_default().insert(cells[2]);
        }
    }
    let batches = [ofac, un, eu];
    let records: HashMap<&str, &Record> =
        batches.iter().flat_map(|batch| &batch.records).map(|record| (record.id.as_str(), record)).collect();
    assert_eq!(records.keys().collect::<BTreeSet<_>>(), wanted.keys().collect());
    // Its names come from another reading of the same cells; nearly all of them agree.
    let all: usize = wanted.values().map(BTreeSet::len).sum();
    let found =
        wanted.iter().map(|(id, wanted)| names(records[id]).iter().filter(|name| wanted.contains(*name)).count());
    let found: usize = found.sum();
    assert!(found * 100 > all * 97, "{found} of {all} names");
}
