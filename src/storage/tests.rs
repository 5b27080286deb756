use std::collections::BTreeMap;
use std::io::{ErrorKind, Write};

use super::*;

const HEADER: Header = Header {
    tag: Tag::new("test"),
    format: 1,
    versions: Versions { alphabet: 2, tables: 3 },
    segment: SegmentId([7; 16]),
};

/// What every directory must do.
fn contract(directory: &dyn Directory) {
    assert_eq!(directory.list().unwrap(), Vec::<String>::new());
    assert!(!directory.exists("a").unwrap());
    assert!(matches!(directory.open("a"), Err(StorageError::Missing { file }) if file == "a"));
    assert!(matches!(directory.delete("a"), Err(StorageError::Missing { .. })));
    assert!(matches!(directory.rename("a", "b"), Err(StorageError::Missing { file }) if file == "a"));

    directory.publish("b", b"first").unwrap();
    directory.publish("a", b"").unwrap();
    assert_eq!(directory.list().unwrap(), ["a", "b"]);
    assert!(directory.open("a").unwrap().is_empty());

    let old = directory.open("b").unwrap();
    let slice = old.slice(1..3).unwrap();
    directory.publish("b", b"second").unwrap();
    assert_eq!(&*directory.open("b").unwrap(), b"second");
    directory.rename("a", "b").unwrap();
    directory.delete("b").unwrap();
    assert_eq!((&*old, &*slice), (&b"first"[..], &b"ir"[..]));
    assert_eq!(&*slice.slice(1..2).unwrap(), b"r");
    assert!(slice.slice(1..3).is_none() && old.slice(6..6).is_none());
    assert_eq!(directory.list().unwrap(), Vec::<String>::new());

    for name in ["", "..", ".a", "a/b", "/a", "a\0b", "é", &"a".repeat(129)] {
        assert!(matches!(directory.open(name), Err(StorageError::Name { .. })), "{name:?}");
        assert!(matches!(directory.create(name), Err(StorageError::Name { .. })), "{name:?}");
    }

    drop(Sealer::create(directory, &HEADER).unwrap());
    let mut sealer = Sealer::create(directory, &HEADER).unwrap();
    sealer.write_all(b"body").unwrap();
    assert_eq!(sealer.position(), 4);
    drop(sealer.seal().unwrap());
    assert_eq!(directory.list().unwrap(), Vec::<String>::new(), "what is not wanted leaves nothing");
    seal(directory, "sealed", b"body");
    let envelope = Envelope::open("sealed", directory.open("sealed").unwrap()).unwrap();
    envelope.expect(&HEADER).unwrap();
    envelope.verify().unwrap();
    assert_eq!(&**envelope.body(), b"body");
    assert_eq!(Envelope::seal(&HEADER, b"body"), (directory.open("sealed").unwrap().to_vec(), envelope.digest()));
}

fn seal(directory: &dyn Directory, name: &str, body: &[u8]) {
    let mut sealer = Sealer::create(directory, &HEADER).unwrap();
    sealer.write_all(body).unwrap();
    sealer.seal().unwrap().rename(name).unwrap();
    directory.sync().unwrap();
}

#[test]
fn a_disk_keeps_the_contract() {
    let folder = tempfile::tempdir().unwrap();
    let directory = FsDirectory::create(folder.path().join("a/b")).unwrap();
    std::fs::create_dir(directory.path().join("folder")).unwrap();
    contract(&directory);
    assert!(matches!(FsDirectory::open(folder.path().join("c")), Err(StorageError::Missing { .. })));
    std::fs::write(folder.path().join("file"), b"").unwrap();
    assert!(matches!(FsDirectory::open(folder.path().join("file")), Err(StorageError::Io { .. })));
}

#[test]
fn memory_keeps_the_contract() {
    contract(&RamDirectory::new());
}

#[test]
fn a_faulty_disk_without_faults_keeps_the_contract() {
    contract(&FaultyDirectory::new(RamDirectory::new()).unwrap());
}

#[test]
fn an_empty_body_seals() {
    let directory = RamDirectory::new();
    seal(&directory, "a", b"");
    let envelope = Envelope::open("a", directory.open("a").unwrap()).unwrap();
    envelope.verify().unwrap();
    assert_eq!(envelope.length(), ENVELOPE_LENGTH as u64);
}

fn check(bytes: Vec<u8>, expected: &Header) -> Result<(), StorageError> {
    let envelope = Envelope::open("a.idx", Bytes::from(bytes))?;
    envelope.expect(expected)?;
    envelope.verify()
}

#[test]
fn every_flipped_bit_and_every_length_is_refused() {
    let directory = RamDirectory::new();
    seal(&directory, "a", b"some body");
    let whole = directory.files().remove("a").unwrap();
    check(whole.clone(), &HEADER).unwrap();
    for bit in 0..whole.len() * 8 {
        let mut damaged = whole.clone();
        damaged[bit / 8] ^= 1 << (bit % 8);
        let error = check(damaged, &HEADER).expect_err(&format!("bit {bit}"));
        assert!(error.to_string().starts_with("a.idx: "), "{error}");
    }
    for length in 0..whole.len() {
        let error = check(whole[..length].to_vec(), &HEADER).expect_err(&format!("length {length}"));
        assert!(error.to_string().starts_with("a.idx: "), "{error}");
    }
    let longer = [&whole[..], b"x"].concat();
    check(longer, &HEADER).expect_err("longer");
}

#[test]
fn an_error_says_what_was_found_and_what_was_expected() {
    let directory = RamDirectory::new();
    seal(&directory, "a", b"some body");
    let whole = directory.files().remove("a").unwrap();
    let message = |expected: &Header| check(whole.clone(), expected).unwrap_err().to_string();
    assert_eq!(message(&Header { tag: Tag::new("names"), ..HEADER }), "a.idx: kind test, expected names");
    assert_eq!(message(&Header { format: 9, ..HEADER }), "a.idx: format version 1, expected 9");
    let versions = Versions { alphabet: 9, tables: 3 };
    assert_eq!(message(&Header { versions, ..HEADER }), "a.idx: alphabet version 2, expected 9");
    let versions = Versions { alphabet: 2, tables: 9 };
    assert_eq!(message(&Header { versions, ..HEADER }), "a.idx: tables version 3, expected 9");
    assert_eq!(
        message(&Header { segment: SegmentId([8; 16]), ..HEADER }),
        format!("a.idx: segment {}, expected {}", "07".repeat(16), "08".repeat(16))
    );
    let mut damaged = whole.clone();
    damaged[HEADER_LENGTH] ^= 1;
    let (found, expected) = match check(damaged, &HEADER) {
        Err(StorageError::Checksum { found, expected, .. }) => (found, expected),
        other => panic!("{other:?}"),
    };
    assert_ne!(found, expected);
    assert_eq!(Envelope::open("a", Bytes::from(whole)).unwrap().digest(), expected);
}

#[test]
fn digests_are_written_in_hexadecimal() {
    let digest = Digest::of(b"");
    assert_eq!(digest.short(), "af1349b9f5f9a1a6a0404dea36dcc949");
    assert_eq!(digest.to_string().parse::<Digest>().unwrap(), digest);
    for text in ["", "0", "AF", "zz", &"é".repeat(16), &"A".repeat(32), &"0".repeat(34)] {
        assert!(text.parse::<SegmentId>().is_err(), "{text}");
    }
}

#[test]
fn a_failure_at_any_call_leaves_the_old_file_or_the_new_one() {
    for forever in [false, true] {
        for call in 0.. {
            let directory = FaultyDirectory::new(RamDirectory::new()).unwrap();
            directory.publish("a", b"old").unwrap();
            directory.fail_at(call, ErrorKind::StorageFull, forever);
            let published = directory.publish("a", b"new");
            directory.heal();
            let live = directory.open("a").unwrap().to_vec();
            for seed in 0..20 {
                for unsynced in [Unsynced::Lost, Unsynced::Kept, Unsynced::Mixed(seed)] {
                    let crashed = directory.crash(unsynced).open("a").unwrap().to_vec();
                    match published {
                        Ok(()) => assert_eq!(crashed, b"new", "{unsynced:?}"),
                        Err(_) => assert!(crashed == b"old" || crashed == b"new", "{unsynced:?}: {crashed:?}"),
                    }
                }
            }
            match published {
                Ok(()) => {
                    assert!(call > 4, "the failure at call {call} was swallowed");
                    break;
                }
                Err(error) => {
                    assert!(
                        matches!(&error, StorageError::Io { source, .. } if source.kind() == ErrorKind::StorageFull)
                    );
                    assert!(live == b"old" || live == b"new");
                }
            }
        }
    }
}

#[test]
fn a_crash_loses_what_was_not_synced() {
    let directory = FaultyDirectory::new(RamDirectory::from(BTreeMap::from([("a".into(), b"old".to_vec())]))).unwrap();
    directory.create("b").unwrap().write_all(b"bytes").unwrap();
    assert_eq!(directory.crash(Unsynced::Lost).files(), BTreeMap::from([("a".into(), b"old".to_vec())]));
    assert_eq!(directory.crash(Unsynced::Kept).files()["b"], b"bytes");
    directory.sync().unwrap();
    assert_eq!(directory.crash(Unsynced::Lost).files()["b"], b"", "a name without its bytes");
    directory.delete("a").unwrap();
    assert!(directory.crash(Unsynced::Lost).exists("a").unwrap());
    let images: Vec<_> = (0..50).map(|seed| directory.crash(Unsynced::Mixed(seed)).files()).collect();
    assert!(images.iter().any(|files| files.contains_key("a")) && images.iter().any(|files| !files.contains_key("a")));
    assert!(images.iter().any(|files| !files["b"].is_empty() && files["b"].len() < 5));
}
