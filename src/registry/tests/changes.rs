use std::collections::BTreeMap;

use super::{Open, at, id, import, judgement, publish, record};
use crate::model::{EntityId, Opinion, Relation};
use crate::registry::{Change, ChangeKind, Registry, Related};

use Opinion::Same;

fn founded(text: &str) -> EntityId {
    EntityId::mint(&id(text), 0)
}

/// Where ids lead for somebody who knows nothing but the changes.
pub fn followed(registry: &Registry) -> BTreeMap<EntityId, EntityId> {
    let mut leads = BTreeMap::new();
    let mut after = 0;
    loop {
        let page = registry.changes(after, 3).unwrap();
        let Some(last) = page.last() else { return leads };
        after = last.sequence;
        for change in page {
            let own = founded(change.record.as_str());
            match change.kind {
                ChangeKind::Merged | ChangeKind::Split => {
                    assert_eq!(leads.insert(own, change.other.unwrap()), Some(change.entity));
                }
                ChangeKind::Added => drop(leads.insert(own, change.entity)),
                ChangeKind::Changed | ChangeKind::Removed => assert_eq!(leads.get(&own), Some(&change.entity)),
            }
        }
    }
}

pub fn who_follows_the_changes_knows_where_ids_lead(open: &Open) {
    let opened = open();
    let registry = &opened.registry;
    publish(registry, "a", &["a:1", "a:2"]);
    publish(registry, "b", &["b:1", "b:2"]);
    registry.judge(judgement("a:1", Same, "a:2"), at(1)).unwrap();
    registry.judge(judgement("a:2", Same, "b:1"), at(1)).unwrap();
    registry.judge(judgement("b:2", Same, "b:1"), at(1)).unwrap();
    registry.withdraw(2, "analyst", "", at(2)).unwrap();
    publish(registry, "b", &["b:2"]);
    publish(registry, "b", &["b:1", "b:2"]);
    let mut leads = followed(registry);
    leads.retain(|id, canonical| id != canonical);
    assert_eq!(leads, registry.redirects().unwrap());
}

pub fn an_entity_has_a_history(open: &Open) {
    let opened = open();
    let registry = &opened.registry;
    publish(registry, "a", &["a:1"]);
    publish(registry, "b", &["b:1", "b:2"]);
    registry.judge(judgement("a:1", Same, "b:1"), at(1)).unwrap();
    registry.import(import("a", vec![record("a:1", "Another Name")])).unwrap();
    let history = registry.history(founded("b:1"), 0, 100).unwrap().unwrap();
    let told = |change: &Change| (change.kind, change.entity, change.record.to_string(), change.judgement);
    let (a, b) = (founded("a:1"), founded("b:1"));
    assert_eq!(
        history.iter().map(told).collect::<Vec<_>>(),
        [
            (ChangeKind::Added, a, "a:1".to_owned(), None),
            (ChangeKind::Added, b, "b:1".to_owned(), None),
            (ChangeKind::Merged, b, "b:1".to_owned(), Some(1)),
            (ChangeKind::Changed, a, "a:1".to_owned(), None),
        ]
    );
    assert_eq!(registry.history(a, 0, 100).unwrap().unwrap(), history);
    assert_eq!(registry.history(a, history[1].sequence, 1).unwrap().unwrap(), history[2..3]);
    assert_eq!(registry.history(founded("z:1"), 0, 1).unwrap(), None);

    publish(registry, "b", &["b:2"]);
    let referents = registry.referents(b).unwrap().unwrap();
    let told: Vec<_> = referents.iter().map(|one| (one.record.as_str(), one.founded, one.published)).collect();
    assert_eq!(told, [("a:1", a, true), ("b:1", b, false)]);
}

pub fn a_link_is_told_from_both_sides(open: &Open) {
    let opened = open();
    let registry = &opened.registry;
    let mut ship = record("a:1", "Chong Chon Gang");
    let link = |name: &str, to: Option<&str>| Relation {
        relation: "Linked To".to_owned(),
        name: name.to_owned(),
        record: to.map(id),
    };
    ship.relations = vec![link("Ocean Maritime", Some("a:2")), link("Somebody", None)];
    registry.import(import("a", vec![ship.clone(), record("a:2", "Ocean Maritime")])).unwrap();
    publish(registry, "b", &["b:1"]);
    registry.judge(judgement("b:1", Same, "a:2"), at(1)).unwrap();

    let related = registry.related(founded("a:1")).unwrap().unwrap();
    let told: Vec<_> = related.iter().map(|one| (one.outgoing, one.name.as_str(), one.entity)).collect();
    assert_eq!(told, [(true, "Ocean Maritime", Some(founded("a:2"))), (true, "Somebody", None)]);
    let back = Related {
        source: id("a:1"),
        relation: "Linked To".to_owned(),
        outgoing: false,
        name: "Chong Chon Gang".to_owned(),
        record: Some(id("a:1")),
        entity: Some(founded("a:1")),
    };
    assert_eq!(registry.related(founded("b:1")).unwrap().unwrap(), [back]);

    ship.relations.clear();
    registry.import(import("a", vec![ship, record("a:2", "Ocean Maritime")])).unwrap();
    assert_eq!(registry.related(founded("b:1")).unwrap().unwrap(), []);
}
