use std::collections::BTreeMap;

use super::{Open, at, judgement, publish};
use crate::model::{EntityId, Opinion};
use crate::registry::{ChangeKind, Leads, Registry};

/// Subjects' suppressions, each by the entity that it holds for: the least number of each.
fn known(leads: &Leads, given: BTreeMap<EntityId, u64>) -> BTreeMap<EntityId, u64> {
    let mut known = BTreeMap::new();
    for (entity, number) in given {
        let canonical = leads.redirects.get(&entity).copied().unwrap_or(entity);
        let least = known.entry(canonical).or_insert(number);
        *least = number.min(*least);
    }
    known
}

/// What is to be told of a revision: when it was made, where ids led, who was known not to be customer 7.
type State = (i64, Leads, BTreeMap<EntityId, u64>);

fn look(registry: &Registry, second: i64) -> State {
    (second, registry.leads().unwrap(), registry.suppressed("customer 7").unwrap())
}

pub fn every_revision_is_told_as_it_was(open: &Open) {
    let mut moved = 0;
    for seed in 0..8u64 {
        let opened = open();
        let registry = &opened.registry;
        let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
        let mut roll = |sides: u64| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) % sides
        };
        let mut states: BTreeMap<u64, State> = BTreeMap::new();
        states.insert(0, look(registry, 0));
        for second in 1..40 {
            let (left, right) = (roll(6), roll(6));
            let (one, other) = (format!("a:{left}"), format!("a:{right}"));
            let founded = EntityId::mint(&one.parse().unwrap(), 0);
            // Whatever is refused changes nothing, and is no less a part of what happens.
            let _ = match roll(9) {
                0 => {
                    let there: Vec<String> = (0..6).filter(|_| roll(4) > 0).map(|own| format!("a:{own}")).collect();
                    publish(registry, "a", &there.iter().map(String::as_str).collect::<Vec<_>>());
                    Ok(())
                }
                1..=3 => registry.judge(judgement(&one, Opinion::Same, &other), at(second)).map(drop),
                4 => registry.judge(judgement(&one, Opinion::Different, &other), at(second)).map(drop),
                5 | 6 => registry.withdraw(1 + roll(6), "analyst", "", at(second)).map(drop),
                7 => registry.suppress("customer 7", founded, "analyst", "", at(second)).map(drop),
                _ => registry.lift(1 + roll(4), "analyst", "", at(second)).map(drop),
            };
            states.entry(registry.revision().unwrap()).or_insert_with(|| look(registry, second));
        }
        let last = registry.revision().unwrap();
        for (revision, (_, leads, suppressed)) in &states {
            let then = registry.leads_at(*revision).unwrap().unwrap();
            assert_eq!(then, *leads, "seed {seed}, revision {revision} of {last}");
            let given = registry.suppressed_at("customer 7", *revision).unwrap();
            assert_eq!(known(&then, given), *suppressed, "seed {seed}, revision {revision} of {last}");
            moved += leads.redirects.len();
        }
        assert_eq!(registry.leads_at(last + 1).unwrap(), None);
        let news = registry.news(0, 1_000).unwrap();
        assert_eq!(registry.unchanged_until(news.records_revision).unwrap(), last, "seed {seed}");
        assert_eq!(registry.leads_of_records(news.records_revision).unwrap(), news.leads, "seed {seed}");
        let changes = registry.changes(0, 1_000).unwrap().into_iter();
        let records = changes.filter(|own| !matches!(own.kind, ChangeKind::Merged | ChangeKind::Split));
        let records: Vec<u64> = records.map(|own| own.revision).collect();
        for revision in 0..news.records_revision {
            let until = registry.unchanged_until(revision).unwrap();
            let changed = |from, to| records.iter().filter(|revision| (from..=to).contains(*revision)).count();
            assert_eq!(changed(revision + 1, until), 0, "seed {seed}, revision {revision} of {last}");
            assert!(changed(until + 1, until + 1) > 0, "seed {seed}, revision {revision} of {last}");
            assert_eq!(registry.leads_of_records(revision).unwrap().revision, until);
        }
        // Imports are made at second 0, so only times of what was judged are told.
        let judged: Vec<(&u64, &State)> = states.iter().filter(|(_, (second, ..))| *second > 0).collect();
        for (revision, _) in judged {
            let found = registry.revision_at(at(1_000), 0, *revision).unwrap();
            assert_eq!(found, *revision, "seed {seed}: the last one up to a revision");
        }
        assert_eq!(registry.revision_at(at(-1), 0, last).unwrap(), 0);
    }
    assert!(moved > 100, "{moved} redirects are too few to prove anything");
}

pub fn what_changes_no_row_is_a_link_too(open: &Open) {
    let opened = open();
    let registry = &opened.registry;
    publish(registry, "a", &["a:1", "a:2"]);
    let revision = registry.revision().unwrap();
    registry.note("pin", "alice", &serde_json::json!({ "index": "5f0c" }), at(1)).unwrap();
    assert!(registry.note("pin", "", &(), at(1)).is_err(), "nobody");
    assert_eq!(registry.revision().unwrap(), revision);
    registry.judge(judgement("a:1", Opinion::Same, "a:2"), at(2)).unwrap();
    let links = registry.audit(0, 10).unwrap();
    assert_eq!(links.iter().map(|link| link.action.as_str()).collect::<Vec<_>>(), ["import", "pin", "judge"]);
    assert_eq!((links[1].revision, links[1].detail.as_str()), (revision, r#"{"index":"5f0c"}"#));
    assert!(registry.verify_audit(None).unwrap().findings.is_empty());
}
