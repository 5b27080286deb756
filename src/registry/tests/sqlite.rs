use std::fs;
use std::path::Path;

use rusqlite::Connection;

use super::{at, entity_of, id, judgement, publish};
use crate::model::Opinion;
use crate::registry::{Registry, RegistryError};

fn error(result: Result<Registry, RegistryError>) -> String {
    match result {
        Ok(_) => panic!("expected an error"),
        Err(error) => error.to_string(),
    }
}

fn filled(directory: &Path) {
    let registry = Registry::open(directory).unwrap();
    let ids: Vec<String> = (0..300).map(|number| format!("a:{number:03}")).collect();
    publish(&registry, "a", &ids.iter().map(String::as_str).collect::<Vec<_>>());
    registry.judge(judgement("a:000", Opinion::Same, "a:001"), at(1)).unwrap();
}

#[test]
fn a_second_open_is_refused_until_the_first_is_dropped() {
    let directory = tempfile::tempdir().unwrap();
    let first = Registry::open(directory.path()).unwrap();
    publish(&first, "a", &["a:1"]);
    let sentence = format!("{} is in use by another process", directory.path().display());
    assert_eq!(error(Registry::open(directory.path())), sentence);
    assert_eq!(error(Registry::open_read_only(directory.path())), sentence);
    drop(first);
    let again = Registry::open(directory.path()).unwrap();
    assert!(again.record(&id("a:1")).unwrap().is_some());
}

#[test]
fn readers_share_and_keep_writers_out() {
    let directory = tempfile::tempdir().unwrap();
    filled(directory.path());
    let listing = || {
        let mut names: Vec<_> =
            fs::read_dir(directory.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        names.sort();
        names
    };
    let before = listing();
    let one = Registry::open_read_only(directory.path()).unwrap();
    let other = Registry::open_read_only(directory.path()).unwrap();
    assert_eq!(one.datasets().unwrap(), other.datasets().unwrap());
    assert!(one.verify().unwrap().is_sound());
    assert_eq!(listing(), before);
    let refused = one.judge(judgement("a:002", Opinion::Same, "a:003"), at(1)).unwrap_err();
    assert_eq!(refused.to_string(), "the registry is open for reading only");
    assert!(error(Registry::open(directory.path())).ends_with("is in use by another process"));
    drop((one, other));
    Registry::open(directory.path()).unwrap();
}

#[test]
fn reading_needs_something_to_read() {
    let directory = tempfile::tempdir().unwrap();
    let sentence = error(Registry::open_read_only(directory.path()));
    assert!(sentence.ends_with("registry.sqlite does not exist: import a dataset first"), "{sentence}");
    assert_eq!(fs::read_dir(directory.path()).unwrap().count(), 0);
}

#[test]
fn a_path_with_odd_characters_opens() {
    let directory = tempfile::tempdir().unwrap();
    let odd = directory.path().join("a ?b=c&#d%41 가");
    filled(&odd);
    let registry = Registry::open_read_only(&odd).unwrap();
    assert_eq!(registry.datasets().unwrap()[0].record_count, 300);
}

#[test]
fn a_newer_schema_is_refused() {
    let directory = tempfile::tempdir().unwrap();
    filled(directory.path());
    let path = directory.path().join("registry.sqlite");
    Connection::open(&path).unwrap().execute("INSERT INTO migrations VALUES (7, 'x')", []).unwrap();
    let expected =
        format!("{} has schema 7, this version of exonym knows schemas up to 2: use a newer one", path.display());
    assert_eq!(error(Registry::open(directory.path())), expected);
    assert_eq!(error(Registry::open_read_only(directory.path())), expected);
}

#[test]
fn an_older_schema_is_brought_up_to_date_by_writing_only() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("registry.sqlite");
    drop(Connection::open(&path).unwrap());
    fs::write(&path, b"").unwrap();
    let sentence = error(Registry::open_read_only(directory.path()));
    assert!(sentence.contains("has schema 0, expected 2: open it for writing once"), "{sentence}");
    Registry::open(directory.path()).unwrap();
    Registry::open_read_only(directory.path()).unwrap();
}

#[test]
fn a_migration_of_other_text_is_refused() {
    let directory = tempfile::tempdir().unwrap();
    filled(directory.path());
    let path = directory.path().join("registry.sqlite");
    Connection::open(&path).unwrap().execute("UPDATE migrations SET checksum = 'x'", []).unwrap();
    let sentence = error(Registry::open(directory.path()));
    assert!(sentence.contains("migration 1 was applied in another form"), "{sentence}");
}

#[test]
fn a_database_of_another_program_is_left_alone() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("registry.sqlite");
    Connection::open(&path).unwrap().execute("CREATE TABLE notes (text TEXT)", []).unwrap();
    let before = fs::read(&path).unwrap();
    let sentence = error(Registry::open(directory.path()));
    assert_eq!(sentence, format!("{} is a database of another program", path.display()));
    assert_eq!(fs::read(&path).unwrap(), before);
}

#[test]
fn a_file_that_is_no_database_is_told() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("registry.sqlite");
    fs::write(&path, "not a database at all, just some text of a certain length".repeat(50)).unwrap();
    for opened in [Registry::open(directory.path()), Registry::open_read_only(directory.path())] {
        let error = opened.err().unwrap();
        assert!(matches!(error, RegistryError::Damaged { .. }), "{error}");
        let sentence = error.to_string();
        assert!(sentence.starts_with(&format!("{} is damaged: ", path.display())), "{sentence}");
    }
}

#[test]
fn damage_in_the_middle_is_an_error_or_a_finding_and_never_a_wrong_answer() {
    let directory = tempfile::tempdir().unwrap();
    filled(directory.path());
    let path = directory.path().join("registry.sqlite");
    let whole = fs::read(&path).unwrap();
    let mut expected = Vec::new();
    let visit = &mut |record: crate::model::Record, id| {
        expected.push((record, id));
        Ok::<_, RegistryError>(())
    };
    Registry::open(directory.path()).unwrap().for_each_record(visit).unwrap();
    for page in 1..whole.len() / 4096 {
        let mut damaged = whole.clone();
        damaged[page * 4096..(page + 1) * 4096].fill(0x5a);
        fs::write(&path, &damaged).unwrap();
        let registry = match Registry::open(directory.path()) {
            Ok(registry) => registry,
            Err(error) => {
                assert!(matches!(error, RegistryError::Damaged { .. }), "{error}");
                continue;
            }
        };
        assert!(!registry.verify().unwrap().is_sound(), "page {page}");
        let mut found = Vec::new();
        let visit = &mut |record: crate::model::Record, id| {
            found.push((record, id));
            Ok::<_, RegistryError>(())
        };
        if registry.for_each_record(visit).is_ok() {
            assert_eq!(found, expected, "page {page}");
        }
    }
}

#[test]
fn a_backup_is_the_registry() {
    let directory = tempfile::tempdir().unwrap();
    filled(&directory.path().join("one"));
    let registry = Registry::open(&directory.path().join("one")).unwrap();
    fs::create_dir(directory.path().join("other")).unwrap();
    let copy = directory.path().join("other/registry.sqlite");
    registry.backup(&copy).unwrap();
    let again = registry.backup(&copy).unwrap_err();
    assert_eq!(again.to_string(), format!("{} exists already", copy.display()));
    publish(&registry, "a", &["a:007"]);

    assert_eq!(fs::read_dir(directory.path().join("other")).unwrap().count(), 1);
    let copied = Registry::open(&directory.path().join("other")).unwrap();
    assert_eq!(copied.revision().unwrap(), 2);
    assert_eq!(copied.datasets().unwrap()[0].record_count, 300);
    assert_eq!(entity_of(&copied, "a:000"), entity_of(&copied, "a:001"));
    assert!(copied.verify().unwrap().is_sound());
}

#[test]
fn a_registry_in_memory_can_be_backed_up() {
    let directory = tempfile::tempdir().unwrap();
    let registry = Registry::in_memory().unwrap();
    publish(&registry, "a", &["a:1"]);
    registry.backup(&directory.path().join("registry.sqlite")).unwrap();
    let copied = Registry::open_read_only(directory.path()).unwrap();
    assert!(copied.record(&id("a:1")).unwrap().is_some());
}

#[test]
fn a_backup_that_cannot_be_written_leaves_nothing() {
    let directory = tempfile::tempdir().unwrap();
    let registry = Registry::in_memory().unwrap();
    let error = registry.backup(&directory.path().join("missing/copy.sqlite")).unwrap_err();
    assert!(matches!(error, RegistryError::Database { .. }), "{error}");
    assert_eq!(fs::read_dir(directory.path()).unwrap().count(), 0);
}

#[test]
fn rows_that_are_kept_for_ever_cannot_be_changed_by_a_statement() {
    let directory = tempfile::tempdir().unwrap();
    filled(directory.path());
    let connection = Connection::open(directory.path().join("registry.sqlite")).unwrap();
    for (statement, words) in [
        ("DELETE FROM judgements", "judgements are kept for ever"),
        ("UPDATE judgements SET opinion = 'different'", "judgements never change"),
        ("DELETE FROM identities", "identities are kept for ever"),
        ("UPDATE identities SET attempt = 1", "identities never change"),
        ("DELETE FROM imports", "imports are kept for ever"),
    ] {
        assert!(connection.execute(statement, []).unwrap_err().to_string().contains(words), "{statement}");
    }
}
