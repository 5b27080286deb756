use std::ops::ControlFlow;
use std::sync::Barrier;

use super::{Open, at, id, judgement as judged, publish};
use crate::model::{EntityId, Opinion};
use crate::registry::Ask;
use crate::registry::store::{DatasetRow, IdentityRow, ImportRow, JudgementRow, RecordRow, WithdrawalRow, Writing};

fn dataset(name: &str) -> DatasetRow {
    DatasetRow {
        name: name.to_owned(),
        record_count: 1,
        name_count: 2,
        digest: "00".to_owned(),
        imported_at: "2024-01-01T00:00:00Z".to_owned(),
    }
}

fn identity(record: &str) -> IdentityRow {
    let minted = EntityId::mint(&id(record), 0).to_string();
    IdentityRow { record_id: record.to_owned(), id: minted.clone(), attempt: 0, minted: 1, canonical: minted }
}

fn row(record: &str) -> RecordRow {
    RecordRow {
        record_id: record.to_owned(),
        dataset: id(record).dataset().to_string(),
        digest: vec![7; 32],
        names: 1,
        json: "{}".to_owned(),
    }
}

fn judgement(left: &str, right: &str) -> JudgementRow {
    JudgementRow {
        number: 0,
        revision: 1,
        at: "2024-01-01T00:00:00Z".to_owned(),
        left: left.to_owned(),
        right: right.to_owned(),
        opinion: "same".to_owned(),
        actor: "analyst".to_owned(),
        reason: "one passport".to_owned(),
        evidence: "both numbers".to_owned(),
        withdrawn: None,
    }
}

fn fill(writing: &mut dyn Writing, records: &[&str]) {
    for record in records {
        writing.put_dataset(&dataset(id(record).dataset().as_str())).unwrap();
        writing.add_identities(&[identity(record)]).unwrap();
        writing.put_records(&[&row(record)]).unwrap();
    }
}

pub fn an_empty_store_has_nothing(open: &Open) {
    let opened = open();
    let mut reading = opened.registry.store.read().unwrap();
    assert_eq!(reading.revision().unwrap(), 0);
    assert_eq!(reading.datasets().unwrap(), []);
    assert_eq!(reading.record(&id("test:1")).unwrap(), None);
    assert_eq!(reading.identity(&id("test:1")).unwrap(), None);
    assert_eq!(reading.entities(None, 10, None).unwrap(), Vec::<String>::new());
    assert_eq!(reading.judgement(1).unwrap(), None);
    assert_eq!(reading.judgement(u64::MAX).unwrap(), None);
    assert_eq!(reading.judgements(0, 10).unwrap(), []);
    assert_eq!(reading.import("a").unwrap(), None);
    drop(reading);
    assert_eq!(opened.registry.store.check().unwrap(), Vec::<String>::new());
}

pub fn a_dropped_write_leaves_no_trace(open: &Open) {
    let opened = open();
    let store = &opened.registry.store;
    let mut writing = store.write().unwrap();
    fill(&mut *writing, &["test:1"]);
    writing.set_revision(5).unwrap();
    drop(writing);
    let mut reading = store.read().unwrap();
    assert_eq!(reading.revision().unwrap(), 0);
    assert_eq!(reading.datasets().unwrap(), []);
    assert_eq!(reading.identity(&id("test:1")).unwrap(), None);
}

pub fn a_write_sees_itself_and_is_seen_after_commit(open: &Open) {
    let opened = open();
    let store = &opened.registry.store;
    let mut writing = store.write().unwrap();
    fill(&mut *writing, &["test:1"]);
    writing.set_revision(5).unwrap();
    assert_eq!(writing.revision().unwrap(), 5);
    assert_eq!(writing.record(&id("test:1")).unwrap(), Some(row("test:1")));
    writing.commit().unwrap();
    let mut reading = store.read().unwrap();
    assert_eq!(reading.revision().unwrap(), 5);
    assert_eq!(reading.record(&id("test:1")).unwrap(), Some(row("test:1")));
}

pub fn rows_come_back_as_they_went_in(open: &Open) {
    let opened = open();
    let mut writing = opened.registry.store.write().unwrap();
    fill(&mut *writing, &["test:1", "test:2"]);
    let import = ImportRow {
        request_id: Some("r".to_owned()),
        digest: vec![1; 32],
        dataset: "test".to_owned(),
        at: "2024-01-01T00:00:00Z".to_owned(),
        added: 1,
        changed: 2,
        unchanged: 3,
        removed: 4,
        quarantined: 5,
        revision: 6,
    };
    writing.add_import(&import).unwrap();
    assert_eq!(writing.import("r").unwrap(), Some(import));
    assert_eq!(writing.datasets().unwrap(), [dataset("test")]);

    let first = writing.add_judgement(&judgement("test:1", "test:2")).unwrap();
    let second = writing.add_judgement(&judgement("test:2", "test:1")).unwrap();
    assert!(first > 0 && second > first);
    let withdrawal = WithdrawalRow {
        revision: 2,
        at: "2024-01-02T00:00:00Z".to_owned(),
        actor: "another".to_owned(),
        reason: "a homonym".to_owned(),
    };
    writing.add_withdrawal(first, &withdrawal).unwrap();
    let rows = [
        JudgementRow { number: first, withdrawn: Some(withdrawal), ..judgement("test:1", "test:2") },
        JudgementRow { number: second, ..judgement("test:2", "test:1") },
    ];
    assert_eq!(writing.judgement(first).unwrap().as_ref(), Some(&rows[0]));
    assert_eq!(writing.judgements_of(&id("test:1")).unwrap(), rows);
    assert_eq!(writing.judgements(0, 10).unwrap(), rows);
    assert_eq!(writing.judgements(first, 10).unwrap(), rows[1..]);
    assert_eq!(writing.judgements(0, 1).unwrap(), rows[..1]);

    let (one, two) = (EntityId::mint(&id("test:1"), 0), EntityId::mint(&id("test:2"), 0));
    writing.set_canonical(two, one).unwrap();
    let moved = IdentityRow { canonical: one.to_string(), ..identity("test:2") };
    assert_eq!(writing.identity_of(two).unwrap().as_ref(), Some(&moved));
    assert_eq!(writing.members(one).unwrap(), [identity("test:1"), moved]);
    assert_eq!(writing.members(two).unwrap(), []);
    assert_eq!(writing.redirects().unwrap(), [(two.to_string(), one.to_string())]);
    assert_eq!(writing.records_of(one).unwrap(), [row("test:1"), row("test:2")]);

    writing.remove_records(&["test:1"]).unwrap();
    assert_eq!(writing.records_of(one).unwrap(), [row("test:2")]);
    assert_eq!(writing.identity(&id("test:1")).unwrap(), Some(identity("test:1")));
    assert_eq!(writing.entities(None, 10, None).unwrap(), [one.to_string()]);
}

pub fn rows_that_refer_to_nothing_are_refused(open: &Open) {
    let opened = open();
    // Each in a write of its own: after an error a backend may take no more.
    let refused = |what: &str, attempt: &dyn Fn(&mut dyn Writing) -> bool| {
        let mut writing = opened.registry.store.write().unwrap();
        fill(&mut *writing, &["test:1"]);
        assert!(attempt(&mut *writing), "{what}");
    };
    refused("a record without an identity", &|writing| writing.put_records(&[&row("test:2")]).is_err());
    refused("a judgement about nothing", &|writing| writing.add_judgement(&judgement("test:1", "test:2")).is_err());
    refused("a judgement about one record", &|writing| writing.add_judgement(&judgement("test:1", "test:1")).is_err());
    refused("an identity minted twice", &|writing| writing.add_identities(&[identity("test:1")]).is_err());
    refused("an id with two founders", &|writing| {
        writing.add_identities(&[IdentityRow { record_id: "test:3".to_owned(), ..identity("test:1") }]).is_err()
    });
    refused("a record without a dataset", &|writing| {
        writing.add_identities(&[identity("other:1")]).unwrap();
        writing.put_records(&[&row("other:1")]).is_err()
    });
}

pub fn text_is_ordered_byte_by_byte(open: &Open) {
    let opened = open();
    let mut writing = opened.registry.store.write().unwrap();
    let ids = ["a:B", "a:a", "a:ä", "a:가", "a:한", "a-b:1"];
    fill(&mut *writing, &ids);
    let mut expected: Vec<String> = ids.iter().map(|id| (*id).to_owned()).collect();
    expected.sort();
    let mut found = Vec::new();
    let visit = &mut |row: RecordRow, _| {
        found.push(row.record_id);
        ControlFlow::Continue(())
    };
    writing.each_record(visit).unwrap();
    assert_eq!(found, expected);
    let digests = writing.digests(&"a".parse().unwrap()).unwrap();
    assert_eq!(digests.into_iter().map(|(id, _)| id).collect::<Vec<_>>(), expected[1..]);
}

pub fn a_walk_breaks_off_where_it_is_told(open: &Open) {
    let opened = open();
    let mut writing = opened.registry.store.write().unwrap();
    fill(&mut *writing, &["test:1", "test:2", "test:3"]);
    let mut seen = 0;
    let visit = &mut |_| {
        seen += 1;
        if seen == 2 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    };
    writing.each_identity(visit).unwrap();
    assert_eq!(seen, 2);
}

pub fn a_reader_keeps_the_state_it_saw(open: &Open) {
    let opened = open();
    publish(&opened.registry, "a", &["a:1", "a:2"]);
    let mut reading = opened.registry.store.read().unwrap();
    assert_eq!(reading.revision().unwrap(), 1);
    publish(&opened.registry, "a", &["a:1"]);
    opened.registry.judge(judged("a:1", Opinion::Unsure, "a:2"), at(1)).unwrap();
    assert_eq!((reading.revision().unwrap(), reading.last_change().unwrap()), (1, 2));
    assert!(reading.record(&id("a:2")).unwrap().is_some());
    assert_eq!(reading.judgements(0, 10).unwrap(), []);
    drop(reading);
    assert_eq!(opened.registry.revision().unwrap(), 3);
}

pub fn a_copy_is_the_registry(open: &Open) {
    let (opened, other) = (open(), open());
    let registry = &opened.registry;
    publish(registry, "a", &["a:1", "a:2", "a:3"]);
    publish(registry, "a", &["a:1", "a:2"]);
    let ask = Ask { request_id: Some("one".to_owned()), ..Ask::from(at(1)) };
    let receipt = registry.judge(judged("a:1", Opinion::Same, "a:2"), ask.clone()).unwrap();
    registry.withdraw(1, "analyst", "", at(2)).unwrap();
    registry.suppress("customer 7", EntityId::mint(&id("a:1"), 0), "analyst", "", at(3)).unwrap();
    // Into another store of this kind, and back into one of another.
    registry.copy_to(&other.registry).unwrap();
    let back = crate::registry::Registry::in_memory().unwrap();
    other.registry.copy_to(&back).unwrap();
    for copy in [&other.registry, &back] {
        assert_eq!(copy.revisions().unwrap(), registry.revisions().unwrap());
        assert_eq!(copy.audit(0, 99).unwrap(), registry.audit(0, 99).unwrap());
        assert_eq!(copy.changes(0, 99).unwrap(), registry.changes(0, 99).unwrap());
        assert_eq!(copy.suppressions(None, 0, 9).unwrap(), registry.suppressions(None, 0, 9).unwrap());
        // A request that was answered there is answered here.
        assert_eq!(copy.judge(judged("a:1", Opinion::Same, "a:2"), ask.clone()).unwrap(), receipt);
        publish(copy, "a", &["a:2", "a:4"]);
        assert!(copy.verify().unwrap().is_sound());
    }
    let refused = registry.copy_to(&other.registry).unwrap_err();
    assert!(refused.to_string().contains("is not empty"), "{refused}");
}

pub fn writers_take_turns(open: &Open) {
    let opened = open();
    publish(&opened.registry, "a", &["a:1", "a:2"]);
    let (registry, start) = (&opened.registry, Barrier::new(4));
    std::thread::scope(|scope| {
        for actor in 0..4 {
            let start = &start;
            scope.spawn(move || {
                start.wait();
                for _ in 0..5 {
                    let mut judgement = judged("a:1", Opinion::Same, "a:2");
                    judgement.actor = format!("actor {actor}");
                    let number = registry.judge(judgement, at(1)).unwrap().number;
                    registry.withdraw(number, "actor", "", at(2)).unwrap();
                }
            });
        }
    });
    // No number was given twice, none left out, and every link follows the one before.
    let numbers: Vec<u64> = registry.judgements(0, 100).unwrap().into_iter().map(|stored| stored.number).collect();
    assert_eq!(numbers, (1..=20).collect::<Vec<_>>());
    assert_eq!(registry.revision().unwrap(), 41);
    assert_eq!(registry.verify_audit(None).unwrap().findings, Vec::<String>::new());
    assert_eq!(registry.verify().unwrap().findings, Vec::<String>::new());
}

pub fn a_request_that_many_send_at_once_happens_once(open: &Open) {
    let opened = open();
    publish(&opened.registry, "a", &["a:1", "a:2"]);
    let (registry, start) = (&opened.registry, Barrier::new(4));
    let ask = Ask { request_id: Some("one".to_owned()), ..Ask::from(at(1)) };
    let receipts: Vec<_> = std::thread::scope(|scope| {
        let send = |_| {
            scope.spawn(|| {
                start.wait();
                registry.judge(judged("a:1", Opinion::Same, "a:2"), ask.clone()).unwrap()
            })
        };
        let sent: Vec<_> = (0..4).map(send).collect();
        sent.into_iter().map(|sent| sent.join().unwrap()).collect()
    });
    assert!(receipts.iter().all(|receipt| *receipt == receipts[0]));
    assert_eq!((registry.revision().unwrap(), registry.judgements(0, 9).unwrap().len()), (2, 1));
}
