//! Every call to the disk under the registry fails once, for every call; the disk is full from every call on; the power
//! is cut after every answer. An error comes to the caller, reads go on, and what was answered is there exactly once.

use std::fs;
use std::path::Path;

use exonym::model::{Judgement, Kind, Opinion, Record};
use exonym::registry::{Ask, Guard, Import, Registry, RegistryError};

use crate::disk::{Disk, Fault};

/// More calls than any change here makes.
const CALLS: u64 = 2000;

fn ask(request: &str) -> Ask {
    Ask { request_id: Some(request.to_owned()), ..Ask::from(jiff::Timestamp::UNIX_EPOCH) }
}

fn import(registry: &Registry, request: &str, count: usize) -> Result<String, RegistryError> {
    let record = |number| {
        let id = format!("own:{number}").parse().unwrap();
        Record::new(id, Kind::Person, format!("Anton Belov {request} {number}"))
    };
    let counts = registry.import(Import {
        dataset: "own".parse().unwrap(),
        records: (0..count).map(record).collect(),
        quarantined: 0,
        actor: "test".to_owned(),
        request_id: Some(request.to_owned()),
        at: jiff::Timestamp::UNIX_EPOCH,
        guard: Guard::default(),
    })?;
    Ok(format!("{counts:?}"))
}

fn judge(registry: &Registry, request: &str) -> Result<String, RegistryError> {
    let judgement = Judgement {
        left: "own:0".parse().unwrap(),
        right: "own:1".parse().unwrap(),
        opinion: Opinion::Same,
        actor: request.to_owned(),
        reason: String::new(),
        evidence: String::new(),
    };
    Ok(format!("{:?}", registry.judge(judgement, ask(request))?))
}

/// A kind of change, by the id of its request.
type Act = fn(&Registry, &str) -> Result<String, RegistryError>;

const ACTS: [(&str, Act); 2] = [("judge", judge), ("import", |registry, request| import(registry, request, 40))];

/// A failure must be one of the disk, told as such.
fn check_told(error: &RegistryError, place: &str) {
    let of_the_disk = matches!(error, RegistryError::Database { .. } | RegistryError::Io { .. });
    assert!(of_the_disk && error.to_string().contains("registry"), "{place}: {error}");
}

/// How many judgements a request made.
fn judged(registry: &Registry, request: &str) -> usize {
    registry.judgements(0, 1000).unwrap().into_iter().filter(|stored| stored.judgement.actor == request).count()
}

/// Lets a change fail in every way that `fault` makes of a number, until none of its calls is left to fail.
fn every_call(fault: fn(u64) -> Fault) -> u64 {
    let directory = tempfile::tempdir().unwrap();
    let disk = Disk::under(directory.path());
    let registry = Registry::open(directory.path()).unwrap();
    import(&registry, "first", 40).unwrap();
    let mut told = 0;
    for (kind, act) in ACTS {
        let mut done = false;
        for call in 0..CALLS {
            let request = format!("{kind}-{call}");
            let before = registry.revision().unwrap();
            disk.fail(fault(call));
            let first = act(&registry, &request);
            // On the disk that is full, and that fails no further.
            let meanwhile = registry.revision();
            done = !disk.heal();
            told += u64::from(first.is_err());
            let place = format!("{request} with {:?}", fault(call));
            match &first {
                // A write cannot be taken back by a read that fails after it.
                Ok(_) => assert_eq!(registry.revision().unwrap(), before + 1, "{place}"),
                Err(error) => {
                    check_told(error, &place);
                    assert_eq!(registry.revision().unwrap(), before, "{place}");
                }
            }
            match meanwhile {
                Ok(meanwhile) => assert_eq!(meanwhile, registry.revision().unwrap(), "{place}"),
                // It was the reader's own call that failed.
                Err(error) if matches!(fault(call), Fault::Once(_)) => check_told(&error, &place),
                Err(error) => panic!("{place}: reads did not go on: {error}"),
            }
            let again = act(&registry, &request).unwrap();
            assert_eq!(registry.revision().unwrap(), before + 1, "{place}");
            assert!(first.is_err() || first.is_ok_and(|first| first == again), "{place}");
            assert!(kind != "judge" || judged(&registry, &request) == 1, "{place}");
            if done {
                break;
            }
        }
        assert!(done, "a change makes more than {CALLS} calls");
    }
    assert_eq!(registry.verify().unwrap().findings, Vec::<String>::new());
    assert_eq!(registry.verify_audit(None).unwrap().findings, Vec::<String>::new());
    drop(registry);
    told
}

#[test]
fn a_call_to_the_disk_that_fails_is_told_and_changes_nothing() {
    assert!(every_call(Fault::Once) > 5, "too few failures to prove anything");
}

#[test]
fn on_a_full_disk_writes_are_told_and_reads_go_on() {
    assert!(every_call(Fault::Full) > 5, "too few failures to prove anything");
}

#[test]
fn a_registry_that_could_not_be_opened_opens_later() {
    let directory = tempfile::tempdir().unwrap();
    for (state, prepare) in [("new", false), ("used", true)] {
        let mut done = false;
        for call in 0..CALLS {
            let folder = directory.path().join(format!("{state}-{call}"));
            fs::create_dir(&folder).unwrap();
            if prepare {
                import(&Registry::open(&folder).unwrap(), "first", 5).unwrap();
            }
            let disk = Disk::under(&folder);
            disk.fail(Fault::Once(call));
            if let Err(error) = Registry::open(&folder) {
                check_told(&error, &format!("{state}, call {call}"));
            }
            done = !disk.heal();
            let registry = Registry::open(&folder).unwrap();
            assert_eq!(registry.revision().unwrap(), u64::from(prepare));
            import(&registry, "second", 6).unwrap();
            assert!(registry.verify().unwrap().is_sound());
            drop(registry);
            fs::remove_dir_all(&folder).unwrap();
            if done {
                break;
            }
        }
        assert!(done, "{state}: opening makes more than {CALLS} calls");
    }
}

/// What is wrong after the power was cut: answers that are not there any more.
fn lost(image: &Path, answers: &[(String, Act, String)]) -> Vec<String> {
    let registry = match Registry::open(image) {
        Ok(registry) => registry,
        Err(error) => return vec![error.to_string()],
    };
    let revision = registry.revision().unwrap();
    let mut lost = registry.verify().unwrap().findings;
    lost.extend(registry.verify_audit(None).unwrap().findings);
    for (request, act, answer) in answers {
        match act(&registry, request) {
            Ok(again) if again == *answer => {}
            other => lost.push(format!("{request} was answered {answer} and is now {other:?}")),
        }
    }
    if registry.revision().unwrap() != revision {
        let (answers, there) = (answers.len(), registry.revision().unwrap());
        lost.push(format!("of {answers} answers {revision} were there, and {there} when they were asked for again"));
    }
    lost
}

/// What is forgotten between an answer and the medium.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Bug {
    None,
    /// Bytes are answered for before they are on the medium.
    Bytes,
    /// Names are: a file that was deleted may be back.
    Names,
}

/// Cuts the power after every answer; the first loss ends it.
fn cuts(bug: Bug) -> Vec<String> {
    let directory = tempfile::tempdir().unwrap();
    let place = directory.path().join("place");
    fs::create_dir(&place).unwrap();
    let disk = Disk::under(&place);
    let registry = Registry::open(&place).unwrap();
    if bug != Bug::Names {
        // What opening forces to the medium before it returns.
        disk.sync_names();
    }
    let first: Act = |registry, request| import(registry, request, 40);
    let mut answers = vec![("first".to_owned(), first, first(&registry, "first").unwrap())];
    if bug == Bug::Bytes {
        disk.lie();
    }
    for round in 0..30 {
        let (kind, act) = ACTS[usize::from(round % 5 == 4)];
        let request = format!("{kind}-{round}");
        let answer = act(&registry, &request).unwrap();
        answers.push((request, act, answer));
        let image = directory.path().join(format!("image-{round}"));
        fs::create_dir(&image).unwrap();
        disk.cut_power(&image);
        let lost = lost(&image, &answers);
        if !lost.is_empty() {
            return lost;
        }
    }
    drop(registry);
    Vec::new()
}

#[test]
fn what_was_answered_outlives_a_power_cut() {
    assert_eq!(cuts(Bug::None), Vec::<String>::new());
}

#[test]
fn an_answer_before_the_bytes_are_on_the_medium_is_caught() {
    let lost = cuts(Bug::Bytes);
    assert!(
        lost.iter()
            .any(|line| line.contains("judge-0 was answered") || line.contains("when they were asked for again")),
        "{lost:?}"
    );
}

#[test]
fn a_directory_that_is_not_forced_to_the_medium_is_caught() {
    let lost = cuts(Bug::Names);
    assert!(lost.iter().any(|line| line.contains("when they were asked for again")), "{lost:?}");
}

#[test]
fn in_a_read_only_directory_reads_go_on() {
    let directory = tempfile::tempdir().unwrap();
    let registry = Registry::open(directory.path()).unwrap();
    import(&registry, "first", 5).unwrap();
    drop(registry);
    let set = |read_only: bool| {
        for entry in fs::read_dir(directory.path()).unwrap() {
            let path = entry.unwrap().path();
            let mut permissions = fs::metadata(&path).unwrap().permissions();
            permissions.set_readonly(read_only);
            fs::set_permissions(&path, permissions).unwrap();
        }
        let mut permissions = fs::metadata(directory.path()).unwrap().permissions();
        permissions.set_readonly(read_only);
        fs::set_permissions(directory.path(), permissions).unwrap();
    };
    set(true);
    let reading = Registry::open_read_only(directory.path()).unwrap();
    assert_eq!(reading.revision().unwrap(), 1);
    drop(reading);
    // Who may do everything may write there, too.
    if fs::write(directory.path().join("probe"), b"").is_err() {
        let error = Registry::open(directory.path()).err().unwrap();
        check_told(&error, "a read-only directory");
    } else {
        eprintln!("SKIPPED: writing in a read-only directory is allowed to this user");
    }
    set(false);
}
