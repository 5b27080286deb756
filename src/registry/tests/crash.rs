//! What is left when the process ends without a goodbye.

use std::path::{Path, PathBuf};
use std::process::Command;

use super::{at, id, import, judgement, publish, record};
use crate::model::Opinion;
use crate::registry::Registry;

/// Tells the child, which is this test program again, where to work.
const DIRECTORY: &str = "EXONYM_TEST_CRASH_DIRECTORY";

fn run_child(test: &str, directory: &Path) -> (bool, String) {
    let program = std::env::current_exe().unwrap();
    let output = Command::new(program)
        .args(["--exact", "--nocapture", &format!("registry::tests::crash::{test}")])
        .env(DIRECTORY, directory)
        .output()
        .unwrap();
    (output.status.success(), String::from_utf8_lossy(&output.stdout).into_owned())
}

fn child_directory() -> Option<PathBuf> {
    std::env::var_os(DIRECTORY).map(PathBuf::from)
}

/// The child of `another_process_is_refused`; nothing by itself.
#[test]
fn child_opens() {
    let Some(directory) = child_directory() else { return };
    match Registry::open(&directory) {
        Ok(_) => println!("opened"),
        Err(error) => println!("refused: {error}"),
    }
}

#[test]
fn another_process_is_refused() {
    let directory = tempfile::tempdir().unwrap();
    let registry = Registry::open(directory.path()).unwrap();
    let (_, output) = run_child("child_opens", directory.path());
    let sentence = format!("refused: {} is in use by another process", directory.path().display());
    assert!(output.contains(&sentence), "{output}");
    drop(registry);
    let (_, output) = run_child("child_opens", directory.path());
    assert!(output.contains("opened"), "{output}");
}

/// The child of `a_killed_writer_leaves_what_it_committed`; nothing by itself.
#[test]
fn child_dies_in_the_middle_of_a_write() {
    let Some(directory) = child_directory() else { return };
    let registry = Registry::open(&directory).unwrap();
    publish(&registry, "a", &["a:1", "a:2"]);
    registry.judge(judgement("a:1", Opinion::Same, "a:2"), at(1)).unwrap();
    let mut writing = registry.store.write().unwrap();
    writing.set_revision(99).unwrap();
    for number in 1..3 {
        writing.remove_records(&[&format!("a:{number}")]).unwrap();
    }
    std::process::abort();
}

#[test]
fn a_killed_writer_leaves_what_it_committed() {
    let directory = tempfile::tempdir().unwrap();
    let (survived, output) = run_child("child_dies_in_the_middle_of_a_write", directory.path());
    assert!(!survived, "{output}");
    // First without repair, then by the next writer: the committed state is in the log.
    for _ in 0..2 {
        let reading = Registry::open_read_only(directory.path()).unwrap();
        assert_eq!(reading.revision().unwrap(), 2);
        assert_eq!(reading.entity_of_record(&id("a:1")).unwrap().unwrap().records.len(), 2);
        drop(reading);
        let registry = Registry::open(directory.path()).unwrap();
        assert_eq!(registry.revision().unwrap(), 2);
        assert!(registry.verify().unwrap().is_sound());
    }
}

#[test]
fn a_panic_in_the_middle_of_a_write_leaves_the_old_state_and_a_registry_that_works() {
    for registry in [Registry::in_memory().unwrap(), on_disk().1] {
        publish(&registry, "a", &["a:1"]);
        let panicked = std::thread::scope(|scope| {
            let half = || {
                let mut writing = registry.store.write().unwrap();
                writing.remove_records(&["a:1"]).unwrap();
                panic!("in the middle, on purpose");
            };
            scope.spawn(half).join().is_err()
        });
        assert!(panicked);
        assert!(registry.record(&id("a:1")).unwrap().is_some());
        registry.import(import("a", vec![record("a:2", "Kim Da")])).unwrap();
        assert!(registry.verify().unwrap().is_sound());
    }
}

fn on_disk() -> (tempfile::TempDir, Registry) {
    let directory = tempfile::tempdir().unwrap();
    let registry = Registry::open(directory.path()).unwrap();
    (directory, registry)
}
