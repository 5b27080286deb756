//! What must hold for any input at all: one function for each parser and each function that cannot fail.
//!
//! `fuzz/` calls these with the bytes it thinks of, and the tests below with bytes of their own. They panic where
//! something does not hold.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::LazyLock;
use std::sync::atomic::{AtomicU64, Ordering};
use std::{env, fs, process};

use prost::Message;
use unicode_normalization::is_nfc;

use crate::config::{self, Config};
use crate::index::{self, NameOrd, RecordOrd};
use crate::model::{DatasetName, EntityId, Kind, Record};
use crate::names::{self, Hints, MOST_READINGS, analyse};
use crate::proto::v1;
use crate::resolver::indexer;
use crate::service::convert;
use crate::sources::{self, Format, Mapping};
use crate::storage::RamDirectory;
use crate::tables::Tsv;
use crate::text::{self, Script, Symbols, symbols};
use crate::translit;

/// The most parts of one reading for each character of the text, and one.
const PARTS_OF_A_CHARACTER: usize = 4;
/// The most bytes that a scheme writes for each byte it reads.
const BYTES_OF_A_BYTE: usize = 24;

/// Text becomes words that lie in it, and folding twice changes nothing.
pub fn read(bytes: &[u8]) {
    let original = String::from_utf8_lossy(bytes);
    let read = text::read(&original);
    let mut end = 0;
    for word in &read.words {
        assert!(!word.form.is_empty() && !word.symbols.is_empty() && is_nfc(&word.form));
        assert!(original.get(word.span.clone()).is_some_and(|written| !written.is_empty()));
        assert!(word.span.end >= end, "words follow each other");
        end = word.span.end;
        text::other_reading(word);
        text::digit_readings(word);
    }
    let folded = read.folded();
    assert_eq!(text::fold(&folded), folded);
    assert_eq!(text::read_traced(&original).0, read);
    text::likely_language(&read);
    text::normalized(&original);
    text::collapsed(&read, &original);
    text::parted(&original);
}

/// A name has readings that lie in it. The first byte is the kind.
pub fn name(bytes: &[u8]) {
    let (kind, rest) = first(bytes);
    let kind = Kind::ALL[kind % Kind::ALL.len()];
    let original = String::from_utf8_lossy(rest);
    let analysis = analyse(&original, &Hints { kind, ..Hints::default() });
    assert!(analysis.readings.len() <= MOST_READINGS);
    assert_eq!(analysis.readings.is_empty(), text::read(&original).words.is_empty());
    let most = PARTS_OF_A_CHARACTER * (original.chars().count() + 1);
    for reading in &analysis.readings {
        assert!(!reading.parts.is_empty() && reading.parts.len() <= most);
        assert!(reading.weight > 0.0 && (kind == Kind::Unknown || reading.kind == kind));
        for part in &reading.parts {
            assert!(!part.form.is_empty() && !part.symbols.is_empty());
            assert!(original.get(part.span.clone()).is_some_and(|written| !written.is_empty()));
            assert!(names::lemmas(part).iter().all(|lemma| !lemma.is_empty()));
        }
        reading.spans();
        let mut encoded = Vec::new();
        names::codec::encode(reading, &mut |_| None, &mut encoded);
        assert!(names::codec::decode(&mut &encoded[..], &[]).is_some());
    }
}

/// Every scheme writes any text. The first byte is the scheme.
pub fn transliterate(bytes: &[u8]) {
    let (place, rest) = first(bytes);
    let scheme = &translit::schemes()[place % translit::schemes().len()];
    let original = String::from_utf8_lossy(rest);
    let done = scheme.transliterate_traced(&original);
    assert!(is_nfc(&done.text) && done.alternatives.len() < 16);
    assert!(done.text.len() <= BYTES_OF_A_BYTE * (original.len() + 1));
    assert_eq!(scheme.transliterate(&original).text, done.text);
    assert!(!scheme.spell(&original).is_empty());
}

/// The files of a small index, by name.
static INDEX: LazyLock<BTreeMap<String, Vec<u8>>> = LazyLock::new(|| {
    let record = |id: &str, kind: Kind, name: &str| Record::new(id.parse().expect("an id"), kind, name);
    let records = [
        record("list:1", Kind::Person, "Kim Chol Su"),
        record("list:2", Kind::Organization, "ООО «Мокран»"),
        record("list:3", Kind::Organization, "조선철산무역총회사"),
    ];
    let founded = |record: Record| {
        let entity = EntityId::mint(&record.id, 0);
        (record, entity)
    };
    let records = records.map(founded);
    let directory = RamDirectory::new();
    indexer::build_records(&records, &directory).expect("an index");
    directory.files()
});

/// A damaged index is refused, or everything in it can be read. Each four bytes change one byte: the file, two for
/// the place, and the new value; a place beyond the end cuts the file.
pub fn index(bytes: &[u8]) {
    let mut files = INDEX.clone();
    let names: Vec<String> = files.keys().cloned().collect();
    for change in bytes.chunks_exact(4) {
        let name = &names[usize::from(change[0]) % names.len()];
        let place = usize::from(u16::from_le_bytes([change[1], change[2]]));
        if let Some(file) = files.get_mut(name) {
            match file.get_mut(place) {
                Some(byte) => *byte = change[3],
                None => file.truncate(usize::from(change[3])),
            }
        }
    }
    if let Ok(index) = index::open_bytes(files) {
        for lane in index.lanes().collect::<Vec<_>>() {
            for ordinal in 0..64 {
                if index.key(lane, ordinal).is_some() {
                    index.postings(lane, ordinal).take(64).for_each(drop);
                }
            }
        }
        (0..index.name_limit().min(64)).for_each(|name| drop(index.name_text(NameOrd(name))));
        let mut key = Vec::new();
        for name in (0..index.name_limit().min(64)).filter_map(|name| index.name(NameOrd(name))) {
            name.words.for_each(|word| {
                let _ = index.spell(word, &mut key);
            });
        }
        (0..index.record_count().min(64)).for_each(|record| {
            let _ = index.record(RecordOrd(record));
        });
    }
}

/// Bytes as the file of a list: records and quarantined rows are all that was read.
fn list(format: Format, file: &'static str, bytes: &[u8], mapping: Option<&Mapping>) {
    let file = Scratch::new(file, bytes);
    let dataset: DatasetName = "list".parse().expect("a name");
    let _ = Format::of_files(&[file.path()]);
    if let Ok(batch) = sources::read(format, &dataset, &[file.path()], mapping, &|_| {}) {
        assert_eq!(batch.read, (batch.records.len() + batch.quarantined.len()) as u64);
        assert!(batch.records.iter().all(|record| record.validate().is_ok()));
    }
}

/// A file in a folder of its own, which goes when it is dropped.
struct Scratch {
    folder: PathBuf,
    file: &'static str,
}

impl Scratch {
    fn new(file: &'static str, bytes: &[u8]) -> Scratch {
        static COUNT: AtomicU64 = AtomicU64::new(0);
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let folder = env::temp_dir().join(format!("exonym-fuzzing-{}-{number}", process::id()));
        fs::create_dir_all(&folder).expect("a folder for the file");
        fs::write(folder.join(file), bytes).expect("the file can be written");
        Scratch { folder, file }
    }

    fn path(&self) -> PathBuf {
        self.folder.join(self.file)
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // What is left behind is the system's to clear.
        let _ = fs::remove_dir_all(&self.folder);
    }
}

/// The CSV file of the OFAC list.
pub fn ofac_csv(bytes: &[u8]) {
    list(Format::OfacCsv, "sdn.csv", bytes, None);
}

/// The XML file of the UN list.
pub fn un_xml(bytes: &[u8]) {
    list(Format::UnXml, "un.xml", bytes, None);
}

/// The XML file of the EU list.
pub fn eu_xml(bytes: &[u8]) {
    list(Format::EuXml, "eu.xml", bytes, None);
}

/// The CSV file of the EU list.
pub fn eu_csv(bytes: &[u8]) {
    list(Format::EuCsv, "eu.csv", bytes, None);
}

/// The XML file of the UK list.
pub fn uk_xml(bytes: &[u8]) {
    list(Format::UkXml, "uk.xml", bytes, None);
}

/// The CSV file of the UK list.
pub fn uk_csv(bytes: &[u8]) {
    list(Format::UkCsv, "uk.csv", bytes, None);
}

/// The CSV file of the OFSI list.
pub fn ofsi_csv(bytes: &[u8]) {
    list(Format::OfsiCsv, "conlist.csv", bytes, None);
}

/// Lines of FollowTheMoney.
pub fn ftm(bytes: &[u8]) {
    list(Format::Ftm, "entities.ftm.json", bytes, None);
}

/// Lines as Senzing loads them.
pub fn senzing(bytes: &[u8]) {
    list(Format::Senzing, "senzing.jsonl", bytes, None);
}

/// A file that a mapping describes: of CSV, TSV or lines of JSON, as the first byte says, with the bundled mappings.
pub fn mapped(bytes: &[u8]) {
    let (ending, rest) = first(bytes);
    let file = ["list.csv", "list.tsv", "list.jsonl"][ending % 3];
    for name in sources::bundled_mappings() {
        let text = sources::bundled_mapping(name).expect("a bundled mapping has a text");
        let mapping = Mapping::parse(name, text).expect("a bundled mapping can be read");
        list(Format::Mapped, file, rest, Some(&mapping));
    }
}

/// A mapping is read or refused.
pub fn mapping(bytes: &[u8]) {
    let _ = Mapping::parse("mapping.toml", &String::from_utf8_lossy(bytes));
}

/// Settings are read or refused, from a file and from the environment.
pub fn settings(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let environment = text.lines().filter_map(|line| line.split_once('='));
    let file = Scratch::new("exonym.toml", bytes);
    let sources = config::Sources {
        file: Some(file.path()),
        environment: environment.map(|(name, value)| (format!("EXONYM_{name}"), value.to_owned())).collect(),
        flags: Vec::new(),
    };
    let _ = Config::load(&sources);
    let _ = Config::load(&config::Sources { file: None, ..sources });
}

/// A table is read or refused; its rows have as many cells as columns.
pub fn table(bytes: &[u8]) {
    if let Ok(table) = Tsv::parse("table.tsv", &String::from_utf8_lossy(bytes)) {
        assert!(table.rows.iter().all(|row| row.cells.len() == table.columns.len()));
    }
}

/// Bytes of an index are a name or none, and what was read is written in the same way, with its words and without.
pub fn codec(bytes: &[u8]) {
    for script in Script::ALL {
        symbols::decode(script, bytes);
    }
    names::codec::part_count(bytes);
    let mut rest = bytes;
    let words = [Symbols::from(&b"kim"[..]), Symbols::default()];
    while let Some(name) = names::codec::decode(&mut rest, &words) {
        let mut encoded = Vec::new();
        let mut kept = |part: &names::NamePart| words.iter().position(|word| *word == part.symbols);
        names::codec::encode(&name, &mut |_| None, &mut encoded);
        names::codec::encode(&name, &mut kept, &mut encoded);
        let mut written = &encoded[..];
        assert_eq!(names::codec::decode(&mut written, &[]).as_ref(), Some(&name));
        assert_eq!(names::codec::decode(&mut written, &words), Some(name));
    }
}

/// Messages are converted or refused with a field.
pub fn messages(bytes: &[u8]) {
    let (which, rest) = first(bytes);
    if which % 2 == 0 {
        let Ok(request) = v1::ResolveRequest::decode(rest) else { return };
        let query = convert::query_from(request.query, "query");
        assert!(query.as_ref().err().is_none_or(|error| !error.field.is_empty()));
        if let Ok(query) = query {
            let _ = query.validate();
        }
        let as_of = request.scope.as_ref().and_then(|scope| scope.as_of.clone());
        assert!(convert::as_of_from(as_of, "as_of").err().is_none_or(|error| error.field.starts_with("as_of")));
        let _ = (convert::scope_from(request.scope), convert::options_from(request.options, 10));
    } else {
        let Ok(record) = v1::Record::decode(rest) else { return };
        let dataset: DatasetName = "list".parse().expect("a name");
        let record = convert::record_from(record, &dataset);
        assert!(record.err().is_none_or(|error| !error.field.is_empty()));
    }
}

/// The first byte as a number, and the bytes behind it.
fn first(bytes: &[u8]) -> (usize, &[u8]) {
    bytes.split_first().map_or((0, bytes), |(first, rest)| (usize::from(*first), rest))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(32))]

        #[test]
        fn any_bytes_do(bytes: Vec<u8>) {
            for check in [
                super::read, super::name, super::transliterate, super::index, super::ofac_csv, super::un_xml,
                super::eu_xml, super::eu_csv, super::uk_xml, super::uk_csv, super::ofsi_csv, super::ftm, super::senzing,
                super::mapped, super::mapping, super::settings, super::table, super::codec, super::messages,
            ] {
                check(&bytes);
            }
        }

        #[test]
        fn any_text_does(text in "\\PC{0,40}", place in 0_u8..64) {
            let bytes = [&[place], text.as_bytes()].concat();
            super::read(text.as_bytes());
            super::name(&bytes);
            super::transliterate(&bytes);
        }
    }

    #[test]
    fn what_once_failed_holds() {
        // Letters spelled by name, cut where the original has a sign that is no letter.
        super::name("\u{1}비유\0증".as_bytes());
        for kind in 0..5 {
            super::name(&[&[kind], "비유\0증".as_bytes()].concat());
        }
    }
}
