use std::collections::BTreeSet;
use std::io::{self, ErrorKind, Write};
use std::sync::atomic::{AtomicU64, Ordering};

use super::*;
use crate::index::{Index, MANIFEST_FILE, OpenOptions};
use crate::model::{EntityId, Kind, Record, RecordId, Version};
use crate::registry::{Guard, Import, Leads};
use crate::resolver::Engine;
use crate::storage::{Bytes, Draft, Envelope, FaultyDirectory, FsDirectory, RamDirectory, StorageError, Unsynced};

fn import(turn: usize) -> Import {
    let record = |number: usize| {
        let id: RecordId = format!("own:{number}").parse().unwrap();
        Record::new(id, Kind::Person, format!("Anton Belov {}", number % (turn + 2)))
    };
    Import {
        dataset: "own".parse().unwrap(),
        records: (0..6 + turn).map(record).collect(),
        quarantined: 0,
        actor: "test".to_owned(),
        request_id: None,
        at: Timestamp::UNIX_EPOCH,
        guard: Guard::default(),
    }
}

/// A registry whose list changed since a directory was published, with that directory.
fn behind() -> (Registry, RamDirectory, String) {
    let (registry, directory) = (Registry::in_memory().unwrap(), RamDirectory::new());
    registry.import(import(0)).unwrap();
    start(&registry, &directory, Thresholds::default()).unwrap();
    registry.import(import(1)).unwrap();
    let before = start(&registry, &directory, Thresholds::default()).unwrap().snapshot.version().index.clone();
    registry.import(import(2)).unwrap();
    (registry, directory, before)
}

fn copy(directory: &RamDirectory) -> RamDirectory {
    RamDirectory::from(directory.files())
}

fn serves(directory: &dyn Directory) -> Result<String, SnapshotError> {
    let snapshot = Snapshot::open(directory, Leads::default(), Thresholds::default())?;
    Ok(snapshot.version().index.clone())
}

/// Every version that the ledger retains must be there, whole.
fn all_there(directory: &dyn Directory) {
    for edition in Ledger::read(directory).unwrap().unwrap().editions {
        let manifest = Manifest::read_kept(directory, &edition.index).unwrap();
        Index::open_manifest(directory, manifest, OpenOptions::default(), &[]).unwrap().check().unwrap();
    }
}

#[test]
fn a_crash_at_any_call_leaves_a_version_and_no_orphan_is_picked_up() {
    let (registry, base, before) = behind();
    let clean = copy(&base);
    let after = start(&registry, &clean, Thresholds::default()).unwrap().snapshot.version().index.clone();
    let names = |directory: &dyn Directory| directory.list().unwrap();
    for call in 0.. {
        let directory = FaultyDirectory::new(copy(&base)).unwrap();
        directory.fail_at(call, ErrorKind::Other, true);
        let published = start(&registry, &directory, Thresholds::default());
        for unsynced in [Unsynced::Lost, Unsynced::Kept].into_iter().chain((0..8).map(Unsynced::Mixed)) {
            let crashed = directory.crash(unsynced);
            let found = serves(&crashed).unwrap();
            assert!(found == before || found == after, "call {call}, {unsynced:?}: {found}");
            all_there(&crashed);
            let ledger = Ledger::read(&crashed).unwrap().unwrap();
            if ledger.last().unwrap().index == after {
                assert_eq!(found, after, "call {call}, {unsynced:?}: the ledger is ahead of the manifest");
            }
            if published.is_ok() {
                assert_eq!(ledger.last().unwrap().index, after, "what was answered is there");
            }
            let again = start(&registry, &crashed, Thresholds::default()).unwrap();
            assert_eq!(again.snapshot.version().index, after);
            // What was left over goes with the next publication.
            collect(&crashed, &again.ledger);
            assert_eq!(names(&crashed), names(&clean), "call {call}, {unsynced:?}");
            all_there(&crashed);
        }
        if published.is_ok() {
            assert!(call > 60, "{call} calls are too few to have met every step");
            break;
        }
    }
}

/// A directory that damages one of the files that are written to it, and says nothing.
struct Damaging {
    inner: RamDirectory,
    files: AtomicU64,
    which: u64,
}

struct DamagingDraft {
    inner: Box<dyn Draft>,
    /// Bytes to be written before the one that is damaged; `None`: none is.
    left: Option<usize>,
}

impl Write for DamagingDraft {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut written = bytes.to_vec();
        if let Some(left) = self.left {
            match written.get_mut(left) {
                Some(byte) => (*byte, self.left) = (*byte ^ 4, None),
                None => self.left = Some(left - written.len()),
            }
        }
        self.inner.write_all(&written)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

impl Draft for DamagingDraft {
    fn sync(&mut self) -> io::Result<()> {
        self.inner.sync()
    }
}

impl Directory for Damaging {
    fn open(&self, name: &str) -> Result<Bytes, StorageError> {
        self.inner.open(name)
    }

    fn create(&self, name: &str) -> Result<Box<dyn Draft>, StorageError> {
        let damaged = self.files.fetch_add(1, Ordering::Relaxed) == self.which;
        Ok(Box::new(DamagingDraft { inner: self.inner.create(name)?, left: damaged.then_some(70) }))
    }

    fn rename(&self, from: &str, to: &str) -> Result<(), StorageError> {
        self.inner.rename(from, to)
    }

    fn delete(&self, name: &str) -> Result<(), StorageError> {
        self.inner.delete(name)
    }

    fn list(&self) -> Result<Vec<String>, StorageError> {
        self.inner.list()
    }

    fn exists(&self, name: &str) -> Result<bool, StorageError> {
        self.inner.exists(name)
    }

    fn sync(&self) -> Result<(), StorageError> {
        self.inner.sync()
    }
}

/// What a publication leaves behind where the medium damages one of the files of the index: each one in turn. With the
/// bug the manifest is published before they are verified.
fn after_damage(pointer_first: bool) -> Vec<String> {
    let (registry, base, before) = behind();
    let mut wrong = Vec::new();
    for which in 0.. {
        let directory = Damaging { inner: copy(&base), files: AtomicU64::new(0), which };
        let ledger = Ledger::read(&directory).unwrap().unwrap();
        let (manifest, revision) = indexer::build(&registry, &directory).unwrap();
        if which >= directory.files.load(Ordering::Relaxed) {
            assert!(which > 5, "an index has more files");
            return wrong;
        }
        let beside = Snapshot::open(&directory, Leads::default(), Thresholds::default()).unwrap();
        let open = |directory: &dyn Directory, leads| {
            if pointer_first {
                manifest.publish(directory)?;
            }
            Ok(Snapshot::of_manifest(directory, manifest.clone(), leads, &beside)?)
        };
        let published = publish(&registry, &directory, &ledger, &open, revision);
        assert!(published.is_err(), "file {which}: damage was not found");
        match serves(&directory) {
            Ok(found) if found == before => {}
            Ok(found) => wrong.push(format!("file {which}: {found} serves after an error")),
            Err(error) => wrong.push(format!("file {which}: nothing serves after a restart: {error}")),
        }
        // A later publication, on a sound medium, is not held up by what is left.
        start(&registry, &copy(&directory.inner), Thresholds::default()).map(|_| ()).unwrap_or_else(|error| {
            wrong.push(format!("file {which}: a restart is refused: {error}"));
        });
    }
    wrong
}

#[test]
fn a_damaged_file_is_found_before_it_is_pointed_at() {
    let wrong = after_damage(false);
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_pointer_before_verification_is_caught() {
    assert!(!after_damage(true).is_empty(), "the manifest was published before the files were verified");
}

/// A data directory with one list, its folder of the index, and what serves.
fn data() -> (tempfile::TempDir, FsDirectory, Version) {
    let folder = tempfile::tempdir().unwrap();
    let engine = Engine::open(folder.path(), Thresholds::default()).unwrap();
    engine.import(import(0)).unwrap();
    let version = engine.snapshot().version().clone();
    let directory = FsDirectory::open(folder.path().join("index")).unwrap();
    (folder, directory, version)
}

#[test]
fn an_index_of_another_format_is_built_anew() {
    let (folder, directory, version) = data();
    let bytes = directory.open(MANIFEST_FILE).unwrap();
    let envelope = Envelope::open(MANIFEST_FILE, bytes).unwrap();
    let mut header = *envelope.header();
    header.format -= 1;
    // What an older program wrote is whole, and says nothing that this one could follow.
    directory.publish(MANIFEST_FILE, &Envelope::seal(&header, b"{\"older\": true}").0).unwrap();
    let engine = Engine::open(folder.path(), Thresholds::default()).unwrap();
    assert_eq!(*engine.snapshot().version(), version);
}

#[test]
fn an_index_of_other_tables_is_built_anew_and_its_versions_are_forgotten() {
    let (folder, directory, version) = data();
    let mut versions = indexer::versions();
    versions.tables ^= 1;
    let mut other = indexer::Indexer::default();
    for record in import(1).records {
        let entity = EntityId::mint(&record.id, 0);
        other.push(record, entity).unwrap();
    }
    let manifest = other.finish().unwrap().finish(&directory, versions).unwrap();
    manifest.keep(&directory).unwrap();
    let mut ledger = Ledger::read(&directory).unwrap().unwrap();
    let stale = Edition { index: manifest.version(), ..ledger.last().unwrap().clone() };
    ledger.editions = vec![stale];
    ledger.publish(&directory).unwrap();
    let engine = Engine::open(folder.path(), Thresholds::default()).unwrap();
    assert_eq!(*engine.snapshot().version(), version);
    let indexes: Vec<String> = engine.versions().into_iter().map(|retained| retained.edition.index).collect();
    assert_eq!(indexes, [version.index]);
    let files: BTreeSet<String> = directory.list().unwrap().into_iter().collect();
    assert!(manifest.files().all(|file| !files.contains(&file.name)), "files of the stale one are left");
}

#[test]
fn what_is_damaged_is_refused_at_start() {
    // In the manifest also the word that tells its format: damage must not pass for another format.
    let places = [(MANIFEST_FILE, 16), (MANIFEST_FILE, 80), (super::super::ledger::LEDGER_FILE, 80)];
    for (file, at) in places {
        let (folder, directory, _) = data();
        let path = folder.path().join("index").join(file);
        let mut bytes = std::fs::read(&path).unwrap();
        bytes[at] ^= 1;
        std::fs::write(&path, bytes).unwrap();
        let opened = Engine::open(folder.path(), Thresholds::default());
        let error = opened.err().unwrap_or_else(|| panic!("{file} was opened, damaged at {at}")).to_string();
        assert!(error.starts_with(&format!("{file}: checksum ")), "{error}");
        drop(directory);
    }
    let (folder, directory, _) = data();
    // A file of the index that serves: those of past versions are read when they are asked.
    let (manifest, _) = Manifest::read(&directory).unwrap();
    let name = &manifest.files().find(|file| file.name.starts_with("names-")).unwrap().name;
    let path = folder.path().join("index").join(name);
    let mut bytes = std::fs::read(&path).unwrap();
    bytes[70] ^= 1;
    std::fs::write(&path, bytes).unwrap();
    let error = Engine::open(folder.path(), Thresholds::default()).err().expect("was opened").to_string();
    assert!(error.starts_with(name.as_str()), "{error}");
}
