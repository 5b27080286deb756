use super::{Open, at, entity_of, id, import, judgement, publish, record};
use crate::model::{EntityId, Judgement, Opinion};
use crate::registry::{Cluster, Moved, Registry, RegistryError};

use Opinion::{Different, Same, Unsure};

fn founded(text: &str) -> EntityId {
    EntityId::mint(&id(text), 0)
}

/// Three records of three imports, the oldest last in order.
fn three(open: &Open) -> super::Opened {
    let opened = open();
    publish(&opened.registry, "c", &["c:1"]);
    publish(&opened.registry, "b", &["b:1"]);
    publish(&opened.registry, "a", &["a:1"]);
    opened
}

fn judge(registry: &Registry, left: &str, opinion: Opinion, right: &str) -> u64 {
    registry.judge(judgement(left, opinion, right), at(1)).unwrap().number
}

pub fn the_oldest_id_survives(open: &Open) {
    let opened = three(open);
    let receipt = opened.registry.judge(judgement("a:1", Same, "b:1"), at(1)).unwrap();
    assert_eq!((receipt.number, receipt.revision), (1, 4));
    assert_eq!(receipt.clusters, [Cluster { id: founded("b:1"), records: vec![id("a:1"), id("b:1")] }]);
    assert_eq!(receipt.moved, [Moved { record: id("a:1"), from: founded("a:1"), to: founded("b:1") }]);
    judge(&opened.registry, "a:1", Same, "c:1");

    for text in ["a:1", "b:1", "c:1"] {
        let found = opened.registry.entity(founded(text)).unwrap().unwrap();
        assert_eq!(found.entity.id, founded("c:1"));
        assert_eq!(found.redirected, text != "c:1");
        let records: Vec<&str> = found.entity.records.iter().map(|record| record.id.as_str()).collect();
        assert_eq!(records, ["a:1", "b:1", "c:1"]);
        let mut former = [founded("a:1"), founded("b:1")];
        former.sort();
        assert_eq!(found.entity.former_ids, former);
    }
    let redirects = [(founded("a:1"), founded("c:1")), (founded("b:1"), founded("c:1"))];
    assert_eq!(opened.registry.redirects().unwrap(), redirects.into());
    assert_eq!(opened.registry.revision().unwrap(), 5);
}

pub fn of_equally_old_ids_the_smallest_survives(open: &Open) {
    let opened = open();
    publish(&opened.registry, "a", &["a:1", "a:2", "a:3"]);
    judge(&opened.registry, "a:1", Same, "a:2");
    judge(&opened.registry, "a:3", Same, "a:2");
    let smallest = ["a:1", "a:2", "a:3"].map(founded).into_iter().min().unwrap();
    assert_eq!(entity_of(&opened.registry, "a:1"), smallest);
    assert_eq!(opened.registry.entity(smallest).unwrap().unwrap().entity.former_ids.len(), 2);
}

pub fn a_split_gives_back_the_ids(open: &Open) {
    let opened = three(open);
    judge(&opened.registry, "a:1", Same, "b:1");
    let number = judge(&opened.registry, "b:1", Same, "c:1");
    assert_eq!(entity_of(&opened.registry, "a:1"), founded("c:1"));
    let receipt = opened.registry.withdraw(number, "analyst", "another passport", at(2)).unwrap();
    let mut clusters = vec![
        Cluster { id: founded("b:1"), records: vec![id("a:1"), id("b:1")] },
        Cluster { id: founded("c:1"), records: vec![id("c:1")] },
    ];
    clusters.sort_by_key(|cluster| cluster.id);
    assert_eq!(receipt.clusters, clusters);
    let moved = ["a:1", "b:1"].map(|text| Moved { record: id(text), from: founded("c:1"), to: founded("b:1") });
    assert_eq!(receipt.moved, moved);
    assert_eq!(entity_of(&opened.registry, "a:1"), founded("b:1"));
    let found = opened.registry.entity(founded("c:1")).unwrap().unwrap();
    assert_eq!((found.redirected, found.entity.former_ids), (false, vec![]));
    assert_eq!(opened.registry.redirects().unwrap(), [(founded("a:1"), founded("b:1"))].into());
}

pub fn a_contradiction_is_told_with_its_chain(open: &Open) {
    let opened = three(open);
    judge(&opened.registry, "a:1", Same, "b:1");
    judge(&opened.registry, "b:1", Same, "c:1");
    let error = opened.registry.judge(judgement("c:1", Different, "a:1"), at(3)).unwrap_err();
    let expected = "c:1 and a:1 cannot be judged different, they are tied as the same: c:1 = b:1 = a:1";
    assert_eq!(error.to_string(), expected);
    assert_eq!(opened.registry.revision().unwrap(), 5);
    assert_eq!(opened.registry.judgements(0, 10).unwrap().len(), 2);
}

pub fn a_different_blocks_a_later_merge_of_clusters(open: &Open) {
    let opened = three(open);
    publish(&opened.registry, "d", &["d:1"]);
    judge(&opened.registry, "a:1", Different, "d:1");
    judge(&opened.registry, "a:1", Same, "b:1");
    judge(&opened.registry, "d:1", Same, "c:1");
    let RegistryError::Conflict(conflict) = opened.registry.judge(judgement("b:1", Same, "c:1"), at(3)).unwrap_err()
    else {
        panic!("expected a conflict")
    };
    assert_eq!(conflict.judgement, 1);
    assert_eq!(conflict.chain, ["a:1", "b:1", "c:1", "d:1"].map(id));
    // Without the objection it goes through.
    opened.registry.withdraw(1, "analyst", "", at(4)).unwrap();
    judge(&opened.registry, "b:1", Same, "c:1");
    assert_eq!(entity_of(&opened.registry, "d:1"), founded("c:1"));
}

pub fn unsure_ties_nothing(open: &Open) {
    let opened = three(open);
    judge(&opened.registry, "a:1", Unsure, "b:1");
    judge(&opened.registry, "a:1", Different, "b:1");
    assert_ne!(entity_of(&opened.registry, "a:1"), entity_of(&opened.registry, "b:1"));
    assert_eq!(opened.registry.revision().unwrap(), 5);
}

pub fn a_repeated_judgement_is_one(open: &Open) {
    let opened = three(open);
    let first = opened.registry.judge(judgement("a:1", Same, "b:1"), at(1)).unwrap();
    let again = opened.registry.judge(judgement("b:1", Same, "a:1"), at(2)).unwrap();
    assert_eq!((again.number, again.revision, &again.clusters), (first.number, first.revision, &first.clusters));
    assert_eq!(again.moved, []);
    opened.registry.withdraw(first.number, "analyst", "", at(3)).unwrap();
    let anew = opened.registry.judge(judgement("a:1", Same, "b:1"), at(4)).unwrap();
    assert_eq!((anew.number, anew.moved.len()), (2, 1));
}

pub fn two_who_judge_the_same_both_have_to_withdraw(open: &Open) {
    let opened = three(open);
    judge(&opened.registry, "a:1", Same, "b:1");
    let second = Judgement { actor: "another".to_owned(), ..judgement("a:1", Same, "b:1") };
    opened.registry.judge(second, at(2)).unwrap();
    assert_eq!(opened.registry.withdraw(1, "analyst", "", at(3)).unwrap().moved, []);
    assert_eq!(entity_of(&opened.registry, "a:1"), founded("b:1"));
    assert_eq!(opened.registry.withdraw(2, "another", "", at(4)).unwrap().moved.len(), 1);
    assert_eq!(entity_of(&opened.registry, "a:1"), founded("a:1"));
}

pub fn judgements_hold_through_removal_and_return(open: &Open) {
    let opened = three(open);
    judge(&opened.registry, "a:1", Same, "c:1");
    opened.registry.import(import("c", Vec::new())).unwrap();
    // The id that was known stays, though its founder is gone.
    assert_eq!(entity_of(&opened.registry, "a:1"), founded("c:1"));
    let found = opened.registry.entity(founded("c:1")).unwrap().unwrap();
    assert_eq!((found.redirected, found.entity.records.len()), (false, 1));
    assert_eq!(opened.registry.entity_of_record(&id("c:1")).unwrap(), None);

    judge(&opened.registry, "c:1", Same, "b:1");
    assert_eq!(entity_of(&opened.registry, "b:1"), founded("c:1"));
    opened.registry.import(import("c", vec![record("c:1", "Back Again")])).unwrap();
    assert_eq!(opened.registry.entity(founded("a:1")).unwrap().unwrap().entity.records.len(), 3);
    assert!(opened.registry.verify().unwrap().is_sound());
}

pub fn what_cannot_be_judged_is_named(open: &Open) {
    let opened = three(open);
    let attempt = |judgement| opened.registry.judge(judgement, at(1)).unwrap_err().to_string();
    assert_eq!(attempt(judgement("a:1", Same, "a:9")), "record a:9: never imported");
    assert_eq!(attempt(judgement("a:1", Unsure, "a:1")), "record a:1: a judgement needs two records");
    let nobody = Judgement { actor: String::new(), ..judgement("a:1", Same, "b:1") };
    assert_eq!(attempt(nobody), "actor: 0 bytes, expected 1 to 256");
    let noise = Judgement { reason: "\u{0}".to_owned(), ..judgement("a:1", Same, "b:1") };
    assert_eq!(attempt(noise), "reason: control character \\u{0}");
    let withdraw = |number| opened.registry.withdraw(number, "analyst", "", at(1));
    assert_eq!(withdraw(1).unwrap_err().to_string(), "judgement 1: there is none");
    assert_eq!(withdraw(u64::MAX).unwrap_err().to_string(), format!("judgement {}: there is none", u64::MAX));
    judge(&opened.registry, "a:1", Same, "b:1");
    withdraw(1).unwrap();
    assert_eq!(withdraw(1).unwrap_err().to_string(), "judgement 1: withdrawn already");
    assert_eq!(opened.registry.revision().unwrap(), 5);
}

pub fn a_withdrawal_is_a_row(open: &Open) {
    let opened = three(open);
    judge(&opened.registry, "a:1", Same, "b:1");
    judge(&opened.registry, "b:1", Different, "c:1");
    opened.registry.withdraw(1, "another", "a homonym", at(9)).unwrap();
    let stored = opened.registry.judgements_of(&id("b:1")).unwrap();
    assert_eq!(stored.iter().map(|stored| stored.number).collect::<Vec<_>>(), [1, 2]);
    assert_eq!(stored[0].judgement, judgement("a:1", Same, "b:1"));
    assert_eq!((stored[0].at, stored[0].revision), (at(1), 4));
    let withdrawal = stored[0].withdrawn.as_ref().unwrap();
    assert_eq!((withdrawal.at, withdrawal.revision), (at(9), 6));
    assert_eq!((withdrawal.actor.as_str(), withdrawal.reason.as_str()), ("another", "a homonym"));
    assert_eq!(stored[1].withdrawn, None);
}

pub fn an_entity_has_a_limit(open: &Open) {
    let opened = open();
    let count = Registry::MAX_RECORDS_PER_ENTITY + 1;
    let records = (0..count).map(|number| record(&format!("a:{number}"), "Anton Belov")).collect();
    opened.registry.import(import("a", records)).unwrap();
    // Two halves of a chain are built by rows of the store, then the last link is judged.
    let mut writing = opened.registry.store.write().unwrap();
    let ids: Vec<EntityId> = (0..count).map(|number| founded(&format!("a:{number}"))).collect();
    let half = count / 2;
    for (side, numbers) in [(0, 1..half), (half, half + 1..count)] {
        let smallest = ids[side..numbers.end].iter().min().copied().unwrap();
        writing.set_canonical(ids[side], smallest).unwrap();
        for number in numbers {
            writing
                .add_judgement(&crate::registry::store::JudgementRow {
                    number: 0,
                    revision: 1,
                    at: at(0).to_string(),
                    left: format!("a:{side}"),
                    right: format!("a:{number}"),
                    opinion: "same".to_owned(),
                    actor: "analyst".to_owned(),
                    reason: String::new(),
                    evidence: String::new(),
                    withdrawn: None,
                })
                .unwrap();
            writing.set_canonical(ids[number], smallest).unwrap();
        }
    }
    writing.commit().unwrap();
    assert!(opened.registry.verify().unwrap().is_sound());
    let error = opened.registry.judge(judgement("a:0", Same, &format!("a:{half}")), at(1)).unwrap_err();
    assert_eq!(error.to_string(), "the entity would have 1001 records, the limit is 1000");
}
