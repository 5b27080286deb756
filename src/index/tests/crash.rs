use std::io::ErrorKind;

use crate::storage::{Directory, FaultyDirectory, Unsynced};

use super::*;

/// A directory that holds an old edition, and the versions of the old and the new one.
fn editions() -> (FaultyDirectory<RamDirectory>, [String; 2]) {
    let directory = build(&register(12, 0));
    let old = Index::open(&directory).unwrap().version().to_owned();
    let new = Index::open(&build(&register(12, 1))).unwrap().version().to_owned();
    (FaultyDirectory::new(directory).unwrap(), [old, new])
}

fn publish(directory: &dyn Directory) -> Result<Manifest, IndexError> {
    gather(&register(12, 1), BuildOptions { block: 64, ..BuildOptions::default() }).finish(directory, VERSIONS)
}

fn version(directory: &dyn Directory) -> String {
    let index = Index::open(directory).unwrap();
    index.check().unwrap();
    index.version().to_owned()
}

#[test]
fn a_failure_at_any_call_leaves_the_old_index_or_the_new_one() {
    let mut calls = 0;
    for (forever, kind) in [(false, ErrorKind::StorageFull), (true, ErrorKind::Other)] {
        for call in 0.. {
            let (directory, [old, new]) = editions();
            directory.fail_at(call, kind, forever);
            let published = publish(&directory);
            directory.heal();
            let found = version(&directory);
            assert!(found == old || found == new, "call {call}: {found}");
            match published {
                Ok(manifest) => {
                    assert_eq!((found, manifest.version()), (new.clone(), new));
                    calls = calls.max(call);
                    break;
                }
                Err(IndexError::Storage(error)) => assert!(!error.to_string().is_empty()),
                Err(other) => panic!("{other}"),
            }
            if !forever {
                assert!(!directory.list().unwrap().iter().any(|name| name.starts_with("tmp-")), "call {call}");
            }
            let again = publish(&directory).unwrap();
            gc(&directory, [&again]).unwrap();
            assert_eq!(version(&directory), new);
            assert_eq!(directory.list().unwrap().len(), again.segments[0].files.len() + 1, "no orphans");
        }
    }
    assert!(calls > 40, "{calls} calls are too few to have met every step");
}

#[test]
fn a_crash_at_any_call_leaves_the_old_index_or_the_new_one() {
    for call in 0.. {
        let (directory, [old, new]) = editions();
        directory.fail_at(call, ErrorKind::Other, true);
        let published = publish(&directory);
        for unsynced in [Unsynced::Lost, Unsynced::Kept].into_iter().chain((0..32).map(Unsynced::Mixed)) {
            let crashed = directory.crash(unsynced);
            let found = version(&crashed);
            match published {
                Ok(_) => assert_eq!(found, new, "{unsynced:?}"),
                Err(_) => assert!(found == old || found == new, "call {call}, {unsynced:?}: {found}"),
            }
            if unsynced == Unsynced::Mixed(call % 32) {
                publish(&crashed).unwrap();
                assert_eq!(version(&crashed), new);
            }
        }
        if published.is_ok() {
            break;
        }
    }
}

#[test]
fn the_first_index_is_there_or_is_not() {
    for call in 0.. {
        let directory = FaultyDirectory::new(RamDirectory::new()).unwrap();
        directory.fail_at(call, ErrorKind::Other, true);
        let published = publish(&directory);
        for unsynced in [Unsynced::Lost, Unsynced::Kept, Unsynced::Mixed(call)] {
            let crashed = directory.crash(unsynced);
            if crashed.exists(MANIFEST_FILE).unwrap() {
                version(&crashed);
            } else {
                assert!(published.is_err());
            }
        }
        if published.is_ok() {
            break;
        }
    }
}

#[test]
fn a_failure_while_opening_is_an_error() {
    let (directory, [old, _]) = editions();
    for call in 0.. {
        directory.fail_at(call, ErrorKind::Other, false);
        match Index::open(&directory) {
            Ok(index) => {
                assert_eq!(index.version(), old);
                assert_eq!(call as usize, index.manifest().segments[0].files.len() + 1);
                break;
            }
            Err(error) => assert!(matches!(error, IndexError::Storage(_)), "{error}"),
        }
    }
}
