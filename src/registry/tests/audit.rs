use super::{Open, at, id, judgement, publish};
use crate::model::{EntityId, Opinion};
use crate::registry::store::{AuditRow, JudgementRow};
use crate::registry::{Proposal, Registry};

/// A registry with a link of every action.
fn used(open: &Open) -> super::Opened {
    let opened = open();
    let registry = &opened.registry;
    publish(registry, "a", &["a:1", "a:2", "a:3"]);
    registry.judge(judgement("a:1", Opinion::Same, "a:2"), at(1)).unwrap();
    registry.withdraw(1, "another", "a homonym", at(2)).unwrap();
    let judgement = judgement("a:1", Opinion::Same, "a:3");
    registry.propose(&[Proposal { judgement, probability: 0.4, conflict: String::new() }], at(3)).unwrap();
    registry.dismiss(1, "analyst", "nobody knows", at(4)).unwrap();
    registry.suppress("customer 7", EntityId::mint(&id("a:2"), 0), "analyst", "", at(5)).unwrap();
    registry.lift(1, "analyst", "", at(6)).unwrap();
    opened
}

fn findings(registry: &Registry) -> String {
    registry.verify_audit(None).unwrap().findings.join("; ")
}

pub fn every_change_is_a_link(open: &Open) {
    let opened = used(open);
    let links = opened.registry.audit(0, 99).unwrap();
    let actions: Vec<&str> = links.iter().map(|link| link.action.as_str()).collect();
    assert_eq!(actions, ["import", "judge", "withdraw", "propose", "dismiss", "suppress", "lift"]);
    assert_eq!(links.iter().map(|link| link.revision).collect::<Vec<_>>(), [1, 2, 3, 4, 5, 6, 7]);
    assert_eq!((links[0].actor.as_str(), links[2].actor.as_str()), ("importer", "another"));
    assert!(links[2].detail.contains("a homonym"), "{}", links[2].detail);

    let report = opened.registry.verify_audit(None).unwrap();
    assert_eq!((report.links, report.older, report.findings.len()), (7, 0, 0), "{:?}", report.findings);
    assert_eq!(report.head, links[6].hash);
    // A head that was written down once is found again, a made-up one is not.
    assert!(opened.registry.verify_audit(Some(&links[3].hash)).unwrap().findings.is_empty());
    assert_eq!(opened.registry.verify_audit(Some("00")).unwrap().findings.len(), 1);
    // An import that changed nothing is told of, too.
    publish(&opened.registry, "a", &["a:1", "a:2", "a:3"]);
    assert_eq!(opened.registry.verify_audit(None).unwrap().links, 8);
    assert_eq!(findings(&opened.registry), "");
}

pub fn a_forged_row_is_found(open: &Open) {
    let opened = used(open);
    // A judgement that nobody made, and a link that nobody hashed.
    let mut writing = opened.registry.store.write().unwrap();
    let row = JudgementRow {
        number: 0,
        revision: 7,
        at: at(9).to_string(),
        left: "a:1".to_owned(),
        right: "a:2".to_owned(),
        opinion: "unsure".to_owned(),
        actor: "nobody".to_owned(),
        reason: String::new(),
        evidence: String::new(),
        withdrawn: None,
    };
    writing.add_judgement(&row).unwrap();
    writing.commit().unwrap();
    assert_eq!(findings(&opened.registry), "judge 2: no link tells of it");

    let mut writing = opened.registry.store.write().unwrap();
    let head = writing.audit_head().unwrap().unwrap();
    let detail = r#"{"number":2}"#.to_owned();
    let forged = AuditRow { sequence: 8, action: "judge".to_owned(), detail, previous: head.hash.clone(), ..head };
    writing.add_audit(&forged).unwrap();
    writing.commit().unwrap();
    let expected = "link 8: its fields do not fit its hash; link 8: judge 2 is not what was written then";
    assert_eq!(findings(&opened.registry), expected);
}

pub fn a_chain_that_was_cut_is_found(open: &Open) {
    let opened = used(open);
    let mut writing = opened.registry.store.write().unwrap();
    writing.set_revision(9).unwrap();
    let head = writing.audit_head().unwrap().unwrap();
    writing.add_audit(&AuditRow { sequence: 9, ..head }).unwrap();
    writing.commit().unwrap();
    let found = findings(&opened.registry);
    for part in ["link 9: expected link 8", "link 9: does not follow", "ends at revision 7, the registry is at"] {
        assert!(found.contains(part), "{part}: {found}");
    }
}
