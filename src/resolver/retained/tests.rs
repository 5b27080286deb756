use std::io::ErrorKind;

use super::super::ledger::{Edition, Replaced};
use super::*;
use crate::model::{Kind, Record};
use crate::registry::{Guard, Import, Registry};
use crate::resolver::Thresholds;
use crate::storage::{Directory, FaultyDirectory, RamDirectory, Unsynced};

fn time(second: i64) -> Timestamp {
    Timestamp::from_second(second).unwrap()
}

/// An index that served with some revisions from one time to another.
fn edition(index: &str, revisions: (u64, u64), from: i64, to: Option<i64>) -> Edition {
    Edition {
        index: index.to_owned(),
        model: "m".to_owned(),
        records_revision: revisions.0,
        registry_revision: revisions.0,
        published_at: time(from),
        records: 0,
        names: 0,
        replaced: to.map(|at| Replaced { at: time(at), last_revision: revisions.1 }),
    }
}

fn pin(index: &str, revision: u64, from: i64, to: Option<i64>) -> Pin {
    Pin {
        index: index.to_owned(),
        registry_revision: revision,
        until_published: false,
        actor: "a".to_owned(),
        reason: String::new(),
        at: time(from),
        ended_at: to.map(time),
    }
}

#[test]
fn what_is_asked_is_found_or_told_apart_from_what_is_gone_and_to_come() {
    // Between a and c there was another one, which is retained no longer.
    let editions =
        vec![edition("a", (1, 3), 10, Some(20)), edition("c", (6, 6), 30, Some(40)), edition("d", (7, 0), 40, None)];
    let ledger = Ledger { retain: 3, editions, pins: vec![pin("a", 2, 45, Some(50)), pin("b", 4, 52, Some(54))] };
    let find = |asked: AsOf| match ledger.find(&asked, 9, time(60)) {
        Ok(Found::Exactly(point)) => format!("{}@{}", point.index, point.revision),
        Ok(Found::At { index, from, until, .. }) => format!("{index}@{from}..{until}"),
        Err(VersionError::NotRetained { .. }) => "gone".to_owned(),
        Err(VersionError::ToCome { .. }) => "to come".to_owned(),
        Err(other) => panic!("{other}"),
    };
    let revisions: Vec<String> = (0..11).map(|revision| find(AsOf::Revision(revision))).collect();
    let expected = ["gone", "a@1", "a@2", "a@3", "gone", "gone", "c@6", "d@7", "d@8", "d@9", "to come"];
    assert_eq!(revisions, expected);
    for (second, expected) in [
        (9, "gone"),
        (10, "a@1..3"),
        (20, "gone"),
        (30, "c@6..6"),
        (40, "d@7..9"),
        (45, "a@2"),
        (50, "d@7..9"),
        (53, "gone"),
        (60, "d@7..9"),
        (61, "to come"),
    ] {
        assert_eq!(find(AsOf::Time(time(second))), expected, "at {second}");
    }
    for (index, revision, expected) in [
        ("a", None, "a@3"),
        ("d", None, "d@9"),
        ("a", Some(3), "a@3"),
        ("a", Some(4), "gone"),
        ("d", Some(10), "gone"),
        ("b", None, "gone"),
    ] {
        assert_eq!(find(AsOf::Index(index.to_owned(), revision)), expected, "{index} {revision:?}");
    }
}

#[test]
fn a_ledger_drops_what_is_over_but_for_what_is_pinned() {
    let mut ledger = Ledger::new(2);
    for (number, index) in (1..).zip(["a", "b", "a", "c", "c", "d"]) {
        ledger = ledger.with(edition(index, (number, 0), number as i64 * 10, None), number - 1);
        if number == 2 {
            ledger.pins.push(pin("b", 2, 25, None));
        }
    }
    let kept = |ledger: &Ledger| ledger.editions.iter().map(|own| own.index.clone()).collect::<Vec<_>>().concat();
    assert_eq!(kept(&ledger), "bcd");
    let first = &ledger.editions[0];
    assert_eq!((first.until(9), first.replaced.as_ref().unwrap().at), (2, time(30)));
    assert_eq!(ledger.editions[1].until(9), 5, "the same index twice is one edition");
    ledger.end_pin(time(70));
    ledger.settle();
    assert_eq!((kept(&ledger).as_str(), ledger.pins.len()), ("cd", 1));
}

fn import(turn: usize) -> Import {
    let record = |number: usize| {
        Record::new(
            format!("own:{number}").parse().unwrap(),
            Kind::Person,
            format!("Anton Belov {}", number % (turn + 2)),
        )
    };
    Import {
        dataset: "own".parse().unwrap(),
        records: (0..4 + turn).map(record).collect(),
        quarantined: 0,
        actor: "test".to_owned(),
        request_id: None,
        at: Timestamp::now(),
        guard: Guard::default(),
    }
}

fn because() -> Because {
    Because { actor: "alice".to_owned(), reason: "audit".to_owned() }
}

#[test]
fn few_past_versions_stay_open() {
    let engine = Engine::in_memory(Thresholds::default()).unwrap();
    let versions: Vec<Version> = (0..7).map(|turn| engine.import(import(turn)).unwrap().version).collect();
    for version in versions.iter().chain(versions.iter().rev()) {
        let asked = AsOf::Index(version.index.clone(), Some(version.registry_revision));
        assert_eq!(engine.as_of(&asked).unwrap().version(), version);
        assert!(engine.past.all().len() <= OPEN);
    }
    // What is open is shared, not opened again.
    let asked = AsOf::Revision(versions[0].registry_revision);
    assert!(Arc::ptr_eq(&engine.as_of(&asked).unwrap(), &engine.as_of(&asked).unwrap()));
    engine.retain(1).unwrap();
    assert!(engine.past.all().is_empty(), "what is no longer retained is let go");
}

#[test]
fn a_failure_at_any_call_while_pinning_leaves_what_served_or_what_is_pinned() {
    let folder = tempfile::tempdir().unwrap();
    let base = RamDirectory::new();
    let open = |directory: Arc<dyn Directory>| {
        Engine::start(Registry::open(folder.path()).unwrap(), directory, Thresholds::default(), None).unwrap()
    };
    let engine = open(Arc::new(base.clone()));
    let (old, new) = (engine.import(import(0)).unwrap().version, engine.import(import(1)).unwrap().version);
    drop(engine);
    let asked = AsOf::Index(old.index.clone(), Some(old.registry_revision));
    for call in 0.. {
        let directory = Arc::new(FaultyDirectory::new(RamDirectory::from(base.files())).unwrap());
        let engine = open(directory.clone());
        directory.fail_at(call, ErrorKind::StorageFull, false);
        let pinned = engine.pin(&asked, false, because());
        let is_over = directory.calls() > 0 && pinned.is_ok();
        directory.heal();
        let serves = engine.snapshot().version().clone();
        assert_eq!(serves, if pinned.is_ok() { old.clone() } else { new.clone() }, "call {call}");
        // Whatever happened, the next one works, and so does the next list.
        engine.pin(&asked, false, because()).unwrap();
        drop(engine);
        for unsynced in [Unsynced::Lost, Unsynced::Mixed(call)] {
            let engine = open(Arc::new(directory.crash(unsynced)));
            assert_eq!(*engine.snapshot().version(), old, "what was answered is there");
            assert_eq!(engine.unpin(&because()).unwrap(), new);
        }
        if is_over && call > 40 {
            break;
        }
    }
    let engine = open(Arc::new(base));
    assert!(engine.registry().verify_audit(None).unwrap().findings.is_empty());
}

#[test]
fn whoever_asks_while_versions_come_and_go_gets_the_answer_of_then_or_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let engine = Engine::open(folder.path(), Thresholds::default()).unwrap();
    engine.retain(2).unwrap();
    let ask = |snapshot: &Snapshot| {
        let query = crate::resolver::Query::of_name("Anton Belov");
        snapshot.resolve(&query, &Default::default(), &Default::default()).unwrap()
    };
    let known: Mutex<Vec<(Version, crate::resolver::Resolution)>> = Mutex::new(Vec::new());
    let over = std::sync::atomic::AtomicBool::new(false);
    std::thread::scope(|scope| {
        let askers: Vec<_> = (0..2)
            .map(|_| {
                scope.spawn(|| {
                    let (mut given, mut told) = (0, 0);
                    while !over.load(std::sync::atomic::Ordering::Relaxed) {
                        for (version, then) in known.lock().unwrap().clone() {
                            match engine.as_of(&AsOf::Index(version.index, Some(version.registry_revision))) {
                                Ok(snapshot) => {
                                    assert_eq!(ask(&snapshot), then);
                                    given += 1;
                                }
                                Err(EngineError::Version(VersionError::NotRetained { .. })) => told += 1,
                                Err(other) => panic!("{other}"),
                            }
                        }
                    }
                    (given, told)
                })
            })
            .collect();
        for turn in 0..12 {
            let version = engine.import(import(turn)).unwrap().version;
            known.lock().unwrap().push((version, ask(&engine.snapshot())));
        }
        over.store(true, std::sync::atomic::Ordering::Relaxed);
        let asked: Vec<(u32, u32)> = askers.into_iter().map(|asker| asker.join().unwrap()).collect();
        assert!(asked.iter().all(|(given, told)| given + told > 0), "{asked:?}");
    });
    assert_eq!(engine.versions().len(), 2);
}
