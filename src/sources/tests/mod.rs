mod eu;
mod ftm;
mod json;
mod mapped;
mod names;
mod ofac;
mod parquet;
mod real_lists;
mod rows;
mod senzing;
mod tables;
mod uk;
mod un;
mod values;

use std::path::{Path, PathBuf};

use tempfile::TempDir;

use super::*;
use crate::model::{NameQuality, Record};

/// Files of one test, in a folder that goes with it.
struct Files {
    folder: TempDir,
    paths: Vec<PathBuf>,
}

impl Files {
    fn new(files: &[(&str, &[u8])]) -> Files {
        let folder = tempfile::tempdir().unwrap();
        let paths = files.iter().map(|(name, bytes)| {
            let path = folder.path().join(name);
            std::fs::write(&path, bytes).unwrap();
            path
        });
        let paths = paths.collect();
        Files { folder, paths }
    }

    fn read(&self, format: Format, mapping: Option<&Mapping>) -> Result<Batch, SourceError> {
        assert!(self.folder.path().is_dir());
        let batch = read(format, &dataset("test"), &self.paths, mapping, &|_| ());
        if let Ok(batch) = &batch {
            assert_conserved(batch);
        }
        batch
    }
}

/// What holds of every batch.
fn assert_conserved(batch: &Batch) {
    assert_eq!(batch.read, (batch.records.len() + batch.quarantined.len()) as u64);
    let mut ids: Vec<_> = batch.records.iter().map(|record| &record.id).collect();
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), batch.records.len());
    for record in &batch.records {
        assert_eq!(record.validate(), Ok(()));
        let mut again = record.clone();
        again.canonicalize();
        assert_eq!(&again, record);
    }
}

fn dataset(name: &str) -> DatasetName {
    name.parse().unwrap()
}

fn names(record: &Record) -> Vec<&str> {
    record.names.iter().map(|name| name.text.as_str()).collect()
}

fn weak_names(record: &Record) -> Vec<&str> {
    let weak = record.names.iter().filter(|name| name.quality == NameQuality::Weak);
    weak.map(|name| name.text.as_str()).collect()
}

fn shown<T: ToString>(values: &[T]) -> Vec<String> {
    values.iter().map(T::to_string).collect()
}

fn identifiers(record: &Record) -> Vec<String> {
    let shown = |identifier: &crate::model::Identifier| {
        format!("{} {} {}", identifier.kind, identifier.value, identifier.country).trim_end().to_owned()
    };
    record.identifiers.iter().map(shown).collect()
}

/// A file of public lists outside of the repository; `None` where it is absent, and loudly so.
fn shared(path: &str) -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared").join(path);
    if path.exists() {
        return Some(path);
    }
    eprintln!("SKIPPED: {} is absent", path.display());
    None
}

fn bundled() -> Mapping {
    Mapping::parse("eu-journal", bundled_mapping("eu-journal").unwrap()).unwrap()
}

#[test]
fn formats_round_trip_and_a_wrong_one_is_told() {
    for format in Format::ALL {
        assert_eq!(format.to_string().parse(), Ok(format));
    }
    assert_eq!(
        "xlsx".parse::<Format>(),
        Err("unknown format \"xlsx\": expected one of ofac-csv, un-xml, eu-xml, eu-csv, uk-xml, uk-csv, ofsi-csv, ftm, senzing, mapped".to_owned())
    );
}

#[test]
fn what_is_missing_is_told_with_what_to_do() {
    let told = |format, files: &[PathBuf], mapping: Option<&Mapping>| {
        read(format, &dataset("test"), files, mapping, &|_| ()).unwrap_err().to_string()
    };
    assert_eq!(
        told(Format::Mapped, &[], None),
        "the mapped format: a mapping is needed; name a bundled one or give a file"
    );
    assert_eq!(told(Format::Mapped, &[], Some(&bundled())), "the mapped format: no file is given; give one or more");
    assert_eq!(
        told(Format::OfacCsv, &["alt.csv".into()], Some(&bundled())),
        "the ofac-csv format: a mapping belongs to the mapped format only; leave it out"
    );
    assert_eq!(
        told(Format::OfacCsv, &[], None),
        "the ofac-csv format: sdn.csv is missing; give it beside the other files"
    );
    assert!(
        told(Format::OfacCsv, &["/nowhere/sdn.csv".into()], None).starts_with("/nowhere/sdn.csv: cannot be read: ")
    );
    assert!(told(Format::OfacCsv, &["x/people.csv".into()], None).contains("none of sdn.csv, alt.csv"));
    assert_eq!(told(Format::UnXml, &[], None), "the un-xml format: one XML file is needed, 0 given");
}

#[test]
fn other_encodings_are_refused_with_the_place() {
    let refused = |bytes: &[u8]| Files::new(&[("sdn.csv", bytes)]).read(Format::OfacCsv, None).unwrap_err().to_string();
    let utf16: Vec<u8> = [0xFEFF, 0x31, 0x2C].iter().flat_map(|unit: &u16| unit.to_le_bytes()).collect();
    assert!(refused(&utf16).ends_with("sdn.csv: the file is UTF-16; save it as UTF-8 first"));
    assert!(
        refused(b"1,\"a\"\n2,\"Andr\xE9\"").ends_with("byte 13 (line 2) is not UTF-8; save the file as UTF-8 first")
    );
    // An overlong encoding and a surrogate are no UTF-8 either.
    assert!(refused(b"\xC0\xAF").contains("byte 0 (line 1)"));
    assert!(refused(b"a\xED\xA0\x80").contains("byte 1 (line 1)"));
}

#[test]
fn progress_ends_at_the_whole() {
    let files =
        Files::new(&[("sdn.csv", super::tests::ofac::SDN.as_bytes()), ("alt.csv", super::tests::ofac::ALT.as_bytes())]);
    let told = std::cell::RefCell::new(Vec::new());
    let batch =
        read(Format::OfacCsv, &dataset("test"), &files.paths, None, &|progress| told.borrow_mut().push(progress));
    let told = told.into_inner();
    let last = told.last().unwrap();
    assert_eq!((last.bytes, last.read), (last.total_bytes, batch.unwrap().read));
    assert!(told.windows(2).all(|pair| pair[0].bytes <= pair[1].bytes));
}
