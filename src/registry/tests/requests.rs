use super::{Open, at, entity_of, id, import, judgement, publish, record};
use crate::model::{EntityId, Opinion};
use crate::registry::{Ask, Import, RegistryError};

fn request(text: &str) -> Ask {
    Ask { request_id: Some(text.to_owned()), ..Ask::from(at(1)) }
}

pub fn a_repeated_request_gives_the_answer_of_then(open: &Open) {
    let opened = open();
    let registry = &opened.registry;
    publish(registry, "a", &["a:1", "a:2"]);
    let same = judgement("a:1", Opinion::Same, "a:2");
    let first = registry.judge(same.clone(), request("one")).unwrap();
    let withdrawn = registry.withdraw(1, "analyst", "", request("two")).unwrap();
    let revision = registry.revision().unwrap();
    // The world has moved on since, and the answer of then does not.
    let later = Ask { at: at(99), ..request("one") };
    assert_eq!(registry.judge(same, later).unwrap(), first);
    assert_eq!(registry.withdraw(1, "analyst", "", request("two")).unwrap(), withdrawn);
    assert_ne!(entity_of(registry, "a:1"), entity_of(registry, "a:2"));
    assert_eq!((registry.revision().unwrap(), registry.judgements(0, 9).unwrap().len()), (revision, 1));

    let entity = EntityId::mint(&id("a:1"), 0);
    let number = registry.suppress("customer 7", entity, "analyst", "", request("three")).unwrap();
    let lifted = registry.lift(number, "analyst", "", request("four")).unwrap();
    assert_eq!(registry.suppress("customer 7", entity, "analyst", "", request("three")).unwrap(), number);
    assert_eq!(registry.lift(number, "analyst", "", request("four")).unwrap(), lifted);
    assert_eq!(registry.suppressions(None, 0, 9).unwrap(), []);
    assert!(registry.verify_audit(None).unwrap().findings.is_empty());
}

pub fn a_request_id_serves_one_request(open: &Open) {
    let opened = open();
    let registry = &opened.registry;
    publish(registry, "a", &["a:1", "a:2"]);
    let reused = |result: Result<(), RegistryError>| matches!(result, Err(RegistryError::RequestReused(_)));
    registry.judge(judgement("a:1", Opinion::Unsure, "a:2"), request("one")).unwrap();
    assert!(reused(registry.judge(judgement("a:1", Opinion::Same, "a:2"), request("one")).map(drop)));
    assert!(reused(registry.withdraw(1, "analyst", "", request("one")).map(drop)));
    let imported = Import { request_id: Some("one".to_owned()), ..import("a", Vec::new()) };
    assert!(reused(registry.import(imported.clone()).map(drop)));
    registry.import(Import { request_id: Some("two".to_owned()), ..imported }).unwrap();
    assert!(reused(registry.withdraw(1, "analyst", "", request("two")).map(drop)));
    // What was refused is not remembered: the same id may be tried again.
    assert!(registry.judge(judgement("a:1", Opinion::Same, "a:9"), request("three")).is_err());
    registry.judge(judgement("a:1", Opinion::Same, "a:2"), request("three")).unwrap();
}

pub fn what_is_only_checked_leaves_nothing(open: &Open) {
    let opened = open();
    let registry = &opened.registry;
    registry.import(import("a", vec![record("a:1", "Anton Belov"), record("a:2", "Anton Below")])).unwrap();
    let check = Ask { validate_only: true, ..request("one") };
    let receipt = registry.judge(judgement("a:1", Opinion::Same, "a:2"), check.clone()).unwrap();
    assert_eq!((receipt.clusters.len(), receipt.moved.len(), receipt.revision), (1, 1, 2));
    assert_ne!(entity_of(registry, "a:1"), entity_of(registry, "a:2"));
    assert_eq!((registry.revision().unwrap(), registry.judgements(0, 9).unwrap().len()), (1, 0));
    assert_eq!(registry.audit(0, 9).unwrap().len(), 1);
    assert!(registry.judge(judgement("a:1", Opinion::Same, "a:9"), check).is_err());
    // The id is still free.
    registry.judge(judgement("a:1", Opinion::Same, "a:2"), request("one")).unwrap();
}
