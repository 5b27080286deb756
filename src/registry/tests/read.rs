use super::{Open, at, entity_of, id, import, judgement, publish, record};
use crate::model::{EntityId, Opinion};
use crate::registry::{Page, RegistryError};

const IDS: [&str; 7] = ["a:1", "a:2", "a:3", "a:4", "a:5", "a:6", "a:7"];

pub fn entities_come_in_pages_ordered_by_id(open: &Open) {
    let opened = open();
    publish(&opened.registry, "a", &IDS);
    opened.registry.judge(judgement("a:2", Opinion::Same, "a:5"), at(1)).unwrap();
    let mut expected: Vec<String> = IDS.iter().map(|id| entity_of(&opened.registry, id).to_string()).collect();
    expected.sort();
    expected.dedup();
    assert_eq!(expected.len(), 6);

    let mut found = Vec::new();
    let mut page = Page { limit: 4, ..Page::default() };
    loop {
        let entities = opened.registry.entities(&page).unwrap();
        let Some(last) = entities.last() else { break };
        page.after = Some(last.id);
        found.extend(entities.iter().map(|entity| entity.id.to_string()));
    }
    assert_eq!(found, expected);
    assert_eq!(opened.registry.entities(&Page::default()).unwrap(), []);
    let all = Page { limit: usize::MAX, ..Page::default() };
    assert_eq!(opened.registry.entities(&all).unwrap().len(), 6);
    // A caller that serves pages of 1,000 asks for one more to see whether there is a next page.
    let many = (0..1_005).map(|number| record(&format!("a:{number:04}"), "Name")).collect();
    opened.registry.import(import("a", many)).unwrap();
    assert_eq!(opened.registry.entities(&all).unwrap().len(), 1_001);
}

pub fn a_page_of_one_dataset_has_whole_entities(open: &Open) {
    let opened = open();
    publish(&opened.registry, "a", &["a:1", "a:2"]);
    publish(&opened.registry, "b", &["b:1", "b:2"]);
    opened.registry.judge(judgement("a:1", Opinion::Same, "b:1"), at(1)).unwrap();
    let page = Page { limit: 10, dataset: Some("b".parse().unwrap()), ..Page::default() };
    let entities = opened.registry.entities(&page).unwrap();
    let mut records: Vec<Vec<&str>> =
        entities.iter().map(|entity| entity.records.iter().map(|record| record.id.as_str()).collect()).collect();
    records.sort();
    assert_eq!(records, [vec!["a:1", "b:1"], vec!["b:2"]]);
}

pub fn records_come_in_order_with_the_id_they_founded(open: &Open) {
    let opened = open();
    publish(&opened.registry, "b", &["b:1"]);
    publish(&opened.registry, "a", &["a:2", "a:1"]);
    opened.registry.judge(judgement("a:1", Opinion::Same, "b:1"), at(1)).unwrap();
    let mut found = Vec::new();
    let visit = &mut |record: crate::model::Record, id: EntityId| {
        found.push((record.id.to_string(), id));
        Ok::<_, RegistryError>(())
    };
    assert_eq!(opened.registry.for_each_record(visit).unwrap(), opened.registry.revision().unwrap() - 1);
    let founded = |text| EntityId::mint(&id(text), 0);
    let expected = ["a:1", "a:2", "b:1"].map(|text| (text.to_owned(), founded(text)));
    assert_eq!(found, expected);
    let leads = opened.registry.leads().unwrap();
    assert_eq!(leads.redirects, [(founded("a:1"), founded("b:1"))].into());
    assert_eq!(leads.revision, opened.registry.revision().unwrap());
}

pub fn an_error_of_the_visitor_ends_the_walk(open: &Open) {
    #[derive(Debug, PartialEq)]
    enum Stop {
        Here(String),
        Registry(String),
    }
    impl From<RegistryError> for Stop {
        fn from(error: RegistryError) -> Stop {
            Stop::Registry(error.to_string())
        }
    }
    let opened = open();
    publish(&opened.registry, "a", &IDS);
    let visit = &mut |record: crate::model::Record, _: EntityId| {
        if record.id.as_str() == "a:3" { Err(Stop::Here(record.id.to_string())) } else { Ok(()) }
    };
    assert_eq!(opened.registry.for_each_record(visit), Err(Stop::Here("a:3".to_owned())));
    // The walk that was cut short holds nothing up.
    publish(&opened.registry, "a", &["a:1"]);
}

pub fn many_threads_read_and_write(open: &Open) {
    let opened = open();
    publish(&opened.registry, "a", &IDS);
    let registry = &opened.registry;
    std::thread::scope(|scope| {
        for number in 0..3 {
            scope.spawn(move || {
                for round in 0..5 {
                    let dataset = format!("w{number}");
                    let name = format!("Name {round}");
                    registry.import(import(&dataset, vec![record(&format!("{dataset}:1"), &name)])).unwrap();
                }
            });
        }
        for _ in 0..6 {
            scope.spawn(move || {
                let mut last = 0;
                for _ in 0..10 {
                    let mut count = 0;
                    let visit = &mut |_, _| {
                        count += 1;
                        Ok::<_, RegistryError>(())
                    };
                    let revision = registry.for_each_record(visit).unwrap();
                    assert!(revision >= last && count >= IDS.len());
                    last = revision;
                }
            });
        }
    });
    assert_eq!(registry.revision().unwrap(), 1 + 15);
    assert!(registry.verify().unwrap().is_sound());
}
