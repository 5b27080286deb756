use super::{Open, at, entity_of, id, judgement, publish};
use crate::model::{EntityId, Opinion};

fn founded(text: &str) -> EntityId {
    EntityId::mint(&id(text), 0)
}

pub fn a_suppression_follows_the_entity_through_mergers(open: &Open) {
    let opened = open();
    let registry = &opened.registry;
    publish(registry, "c", &["c:1"]);
    publish(registry, "a", &["a:1", "a:2"]);
    registry.suppress("customer 7", founded("a:1"), "analyst", "another birth date", at(1)).unwrap();
    assert_eq!(registry.suppressed("customer 7").unwrap(), [(founded("a:1"), 1)].into());
    assert_eq!(registry.suppressed("customer 8").unwrap().len(), 0);
    registry.judge(judgement("a:1", Opinion::Same, "c:1"), at(2)).unwrap();
    assert_eq!(registry.suppressed("customer 7").unwrap(), [(founded("c:1"), 1)].into());
    assert_eq!(entity_of(registry, "a:1"), founded("c:1"));
    // Said of the merged entity or of a former id, it is the same suppression.
    for entity in [founded("c:1"), founded("a:1")] {
        assert_eq!(registry.suppress("customer 7", entity, "analyst", "", at(3)).unwrap(), 1);
    }
    registry.withdraw(1, "analyst", "", at(4)).unwrap();
    assert_eq!(registry.suppressed("customer 7").unwrap(), [(founded("a:1"), 1)].into());
}

pub fn a_suppression_is_one_and_ends(open: &Open) {
    let opened = open();
    let registry = &opened.registry;
    publish(registry, "a", &["a:1", "a:2"]);
    let never = registry.suppress("customer 7", founded("z:1"), "analyst", "", at(1)).unwrap_err();
    assert_eq!(never.to_string(), format!("entity {}: never minted", founded("z:1")));
    assert!(registry.suppress("", founded("a:1"), "analyst", "", at(1)).is_err());
    for (subject, entity) in [("customer 7", "a:1"), ("customer 8", "a:1"), ("customer 7", "a:2")] {
        registry.suppress(subject, founded(entity), "analyst", "", at(1)).unwrap();
    }
    let page = registry.suppressions(None, 1, 1).unwrap();
    assert_eq!((page.len(), page[0].subject.as_str()), (1, "customer 8"));
    registry.lift(1, "analyst", "looked again", at(2)).unwrap();
    assert_eq!(
        registry.lift(1, "analyst", "", at(3)).unwrap_err().to_string(),
        "suppression 1: there is none that holds"
    );
    assert_eq!(registry.suppressed("customer 7").unwrap(), [(founded("a:2"), 3)].into());
    assert_eq!(registry.suppress("customer 7", founded("a:1"), "analyst", "", at(4)).unwrap(), 4);
}
