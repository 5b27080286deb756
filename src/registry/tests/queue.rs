use super::{Open, at, entity_of, judgement, publish};
use crate::model::Opinion;
use crate::registry::{Ask, Outcome, Proposal, Registry};

use Opinion::{Different, Same, Unsure};

fn proposal(left: &str, right: &str, probability: f64) -> Proposal {
    let judgement = crate::model::Judgement { actor: "policy".to_owned(), ..judgement(left, Same, right) };
    Proposal { judgement, probability, conflict: String::new() }
}

fn waiting(registry: &Registry) -> Vec<u64> {
    registry.queue(None, 100, false).unwrap().into_iter().map(|one| one.number).collect()
}

pub fn the_queue_is_ordered_by_worth(open: &Open) {
    let opened = open();
    let registry = &opened.registry;
    publish(registry, "a", &["a:1", "a:2", "a:3", "a:4", "a:5"]);
    registry.judge(judgement("a:1", Same, "a:2"), at(1)).unwrap();
    let proposals = [
        proposal("a:3", "a:4", 0.9),
        proposal("a:4", "a:5", 0.5),
        proposal("a:1", "a:3", 0.5),
        proposal("a:2", "a:1", 0.5),
        proposal("a:5", "a:4", 0.1),
    ];
    // The fourth is decided, the fifth is the second.
    let numbers = registry.propose(&proposals, at(2)).unwrap();
    assert_eq!(numbers, [Some(1), Some(2), Some(3), None, Some(2)]);
    assert_eq!(waiting(registry), [3, 2, 1]);
    let first = &registry.queue(None, 1, false).unwrap()[0];
    assert_eq!((first.worth, first.judgement.actor.as_str()), (2000, "policy"));
    let rest = registry.queue(Some((first.worth, first.number)), 100, false).unwrap();
    assert_eq!(rest.iter().map(|one| one.number).collect::<Vec<_>>(), [2, 1]);
    assert_eq!(registry.queue(None, 100, true).unwrap(), []);
    assert!(registry.propose(&[proposal("a:1", "a:9", 0.5)], at(3)).is_err());
}

pub fn a_decision_closes_what_it_answers(open: &Open) {
    let opened = open();
    let registry = &opened.registry;
    publish(registry, "a", &["a:1", "a:2", "a:3", "a:4"]);
    let pairs = [("a:1", "a:2"), ("a:2", "a:3"), ("a:1", "a:3"), ("a:3", "a:4"), ("a:1", "a:4")];
    let proposals = pairs.map(|(left, right)| proposal(left, right, 0.5));
    registry.propose(&proposals, at(1)).unwrap();
    registry.judge(judgement("a:4", Unsure, "a:3"), at(2)).unwrap();
    assert_eq!(waiting(registry), [1, 2, 3, 5]);
    registry.judge(judgement("a:1", Same, "a:2"), at(2)).unwrap();
    assert_eq!(waiting(registry), [2, 3, 5]);
    // One merger answers both questions about the entity that it makes.
    registry.judge(judgement("a:3", Same, "a:2"), at(2)).unwrap();
    assert_eq!(waiting(registry), [5]);
    registry.judge(judgement("a:4", Different, "a:1"), at(2)).unwrap();
    assert_eq!(waiting(registry), Vec::<u64>::new());
    assert!(registry.verify_audit(None).unwrap().findings.is_empty());
}

pub fn a_contradiction_can_wait(open: &Open) {
    let opened = open();
    let registry = &opened.registry;
    publish(registry, "a", &["a:1", "a:2", "a:3"]);
    registry.judge(judgement("a:1", Same, "a:2"), at(1)).unwrap();
    let ask = Ask { request_id: Some("one".to_owned()), ..Ask::from(at(2)) };
    let outcome = registry.judge_or_queue(judgement("a:2", Different, "a:1"), ask.clone()).unwrap();
    let Outcome::Queued { proposal, conflict } = outcome.clone() else { panic!("{outcome:?}") };
    assert_eq!(conflict, "a:2 and a:1 cannot be judged different, they are tied as the same: a:2 = a:1");
    assert_eq!(registry.judge_or_queue(judgement("a:2", Different, "a:1"), ask).unwrap(), outcome);
    let queued = registry.queue(None, 9, true).unwrap();
    assert_eq!(queued.len(), 1);
    assert_eq!((queued[0].number, queued[0].conflict.as_str()), (proposal, conflict.as_str()));
    assert_eq!(registry.judgements(0, 9).unwrap().len(), 1);
    // Whoever decides withdraws the one and then judges the other.
    registry.withdraw(1, "judge", "", at(3)).unwrap();
    let outcome = registry.judge_or_queue(judgement("a:2", Different, "a:1"), at(4)).unwrap();
    assert!(matches!(outcome, Outcome::Judged(_)));
    assert_eq!(registry.queue(None, 9, true).unwrap(), []);
    assert!(registry.dismiss(proposal, "judge", "", at(5)).is_err());
}

pub fn many_judgements_are_one_revision(open: &Open) {
    let opened = open();
    let registry = &opened.registry;
    publish(registry, "a", &["a:1", "a:2", "a:3"]);
    let judgements = [
        judgement("a:1", Same, "a:2"),
        judgement("a:2", Different, "a:1"),
        judgement("a:2", Same, "a:9"),
        judgement("a:3", Same, "a:2"),
        judgement("a:1", Same, "a:2"),
    ];
    let judged = registry.judge_all(&judgements, at(1)).unwrap();
    let numbers: Vec<Option<u64>> = judged.iter().map(|one| one.as_ref().ok().map(|one| one.number)).collect();
    assert_eq!(numbers, [Some(1), None, None, Some(2), Some(1)]);
    assert_eq!(registry.revision().unwrap(), 2);
    assert_eq!(entity_of(registry, "a:1"), entity_of(registry, "a:3"));
    assert!(registry.verify().unwrap().is_sound());
    assert_eq!(registry.verify_audit(None).unwrap().findings, Vec::<String>::new());
}
