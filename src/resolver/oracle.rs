//! A slow search that looks at every name, and what changes to an index must not change.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::indexer;
use super::{Detail, Engine, Options, Query, Resolution, Scope, Snapshot, Thresholds};
use crate::index::{NameOrd, OpenOptions};
use crate::model::{EntityId, Identifier, IdentifierType, Kind, NameQuality, Record, RecordId, RecordName};
use crate::registry::{Guard, Import, Leads};
use crate::retrieval::{Budget, Cut, Effort};
use crate::storage::RamDirectory;

/// Bounds that nothing meets.
const UNBOUNDED: Effort = Effort {
    words: Budget { k: 1 << 20, window: 1e6, ceiling: f32::INFINITY, pops: u32::MAX, guide: 0.0, edits: 0 },
    dearest: 1.0,
    beside_exact: u32::MAX,
    joined_pops: u32::MAX,
    syllable_pops: u32::MAX,
    joined_symbols: usize::MAX,
    all_pops: u32::MAX,
    max_words: usize::MAX,
    max_postings: usize::MAX,
    open_postings: usize::MAX,
    candidates: 1 << 20,
    hopeless: f64::INFINITY,
    trusting: true,
};

/// Names of people that resemble one another, in three scripts.
const NAMES: [&str; 24] = [
    "Kim Jong Un",
    "Kim Jong-il",
    "Kim Jung Jong",
    "Ri Yong Mu",
    "Ri Yong Ho",
    "Li Yong-mu",
    "Pak To-chun",
    "Hong Sung Mu",
    "김정은",
    "김정일",
    "김정식",
    "리용무",
    "박도춘",
    "홍승무",
    "Ким Чен Ын",
    "Ким Чен Ир",
    "Ли Ён Му",
    "Пак То Чхун",
    "Иванов Сергей Петрович",
    "Sergei Ivanov",
    "Иванова Анна",
    "Petrov Sergey",
    "Mokran LLC",
    "ООО Мокран",
];
const QUERIES: [&str; 12] = [
    "Kim Jong Un",
    "김정은",
    "Ким Чен Ын",
    "Ri Yong Mu",
    "리용무",
    "Ли Ён Му",
    "Ivanov Sergey",
    "Hong Sŭng-mu",
    "Pak Do Chun",
    "Kim Cheong Sik",
    "Иванов",
    "Мокран",
];

/// A name like no other.
fn made(number: usize) -> String {
    let syllables = ["ba", "do", "gu", "li", "mev", "nar", "pos", "ruk", "sol", "tis", "vam", "zel"];
    let word = |number: usize| [12 * 12, 12, 1].map(|unit| syllables[number / unit % 12]).concat();
    format!("{} {}", word(number), word(number * 7 + 5))
}

fn record(number: usize, names: &[usize]) -> (Record, EntityId) {
    let id: RecordId = format!("test:{number}").parse().unwrap();
    let mut record = Record::new(id.clone(), Kind::Unknown, "");
    let name = |place: &usize| RecordName {
        text: NAMES.get(*place).map_or_else(|| made(*place), |name| (*name).to_owned()),
        quality: NameQuality::Strong,
        language: String::new(),
    };
    record.names = names.iter().map(name).collect();
    (record, EntityId::mint(&id, 0))
}

fn options() -> Options {
    Options { limit: 100, detail: Detail::None, ..Options::default() }
}

/// What an answer says of each party: entity, records, caption, name, bits of the score.
type Party = (EntityId, Vec<RecordId>, String, String, u64);

/// What an answer says of who is not hopelessly behind the best one: who is may be looked at or not, and the
/// probabilities of the others with it, as candidates happen to come.
fn said(answer: Resolution) -> (Option<Cut>, u64, Vec<Party>) {
    let best = answer.matches.first().map_or(0.0, |best| best.score);
    let party =
        |found: super::Match| (found.entity, found.records, found.caption, found.matched_name, found.score.to_bits());
    let matches = answer.matches.into_iter().filter(|found| found.score > best - Effort::DEEP.hopeless);
    (answer.cut, answer.work, matches.map(party).collect())
}

fn ask(snapshot: &Snapshot, text: &str) -> Resolution {
    snapshot.resolve(&Query::of_name(text), &Scope::default(), &options()).unwrap()
}

/// The best score of each record, by looking at every name.
fn of_all_names(snapshot: &Snapshot, query: &Query) -> BTreeMap<RecordId, f64> {
    let mut searches = snapshot.searches(query, &UNBOUNDED, None);
    // What words are worth is found by the search for them; which names are looked at is not.
    snapshot.answer(query, &Scope::default(), &options(), &mut searches);
    let mut best: BTreeMap<RecordId, f64> = BTreeMap::new();
    for search in &mut searches {
        for name in 0..snapshot.index.name_limit() {
            if let Some(scored) = snapshot.score(NameOrd(name), &query.facts(), search).unwrap() {
                let id = snapshot.record_id(scored.record).unwrap();
                let known = best.entry(id).or_insert(f64::NEG_INFINITY);
                *known = known.max(scored.score);
            }
        }
    }
    best
}

/// A score that a name reaches only if one of its words was found: less may rest on mistyped letters, which a search
/// without edits does not look for.
const TELLING: f64 = 6.0;

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn the_search_finds_what_looking_at_every_name_finds(
        lists in prop::collection::vec(prop::collection::vec(0usize..NAMES.len(), 1..4), 1..20),
        query in prop::sample::select(&QUERIES[..]),
    ) {
        let records: Vec<_> = lists.iter().enumerate().map(|(number, names)| record(number, names)).collect();
        let snapshot = Snapshot::of_records(&records, Thresholds::default()).unwrap();
        let query = Query::of_name(query);
        let expected = of_all_names(&snapshot, &query);
        let mut searches = snapshot.searches(&query, &UNBOUNDED, None);
        let answer = snapshot.answer(&query, &Scope::default(), &options(), &mut searches);
        prop_assert_eq!(answer.cut, None);
        let mut found: BTreeMap<RecordId, f64> = BTreeMap::new();
        for party in answer.matches {
            found.insert(party.records[0].clone(), party.score);
        }
        for (record, score) in expected.iter().filter(|(_, score)| **score > TELLING) {
            let own = found.get(record).copied();
            prop_assert!(own.is_some_and(|own| (own - score).abs() < 1e-9), "{}: {} {:?}", record, score, own);
        }
    }

    #[test]
    fn more_evidence_never_removes_who_was_found(
        lists in prop::collection::vec(prop::collection::vec(0usize..NAMES.len(), 1..3), 2..12),
        which in any::<prop::sample::Index>(),
        alias in 0usize..NAMES.len(),
        query in prop::sample::select(&QUERIES[..]),
    ) {
        let records: Vec<_> = lists.iter().enumerate().map(|(number, names)| record(number, names)).collect();
        let before = Snapshot::of_records(&records, Thresholds::default()).unwrap();
        let (text, place) = (query, which.index(records.len()));
        let own = |answer: &Resolution| answer.matches.iter().any(|party| party.entity == records[place].1);
        let was_found = own(&ask(&before, text));
        let identifier = Identifier { kind: IdentifierType::Inn, value: "7707083893".into(), country: "RU".into() };
        let mut richer = records.clone();
        richer[place].0.names.push(record(0, &[alias]).0.names.remove(0));
        richer[place].0.identifiers.push(identifier.clone());
        richer[place].0.countries.push("KP".to_owned());
        let after = Snapshot::of_records(&richer, Thresholds::default()).unwrap();
        prop_assert!(!was_found || own(&ask(&after, text)), "{} lost by an alias, a number and a country", text);
        let mut asked = Query::of_name(text);
        asked.identifiers.push(identifier);
        let answer = after.resolve(&asked, &Scope::default(), &options()).unwrap();
        prop_assert!(own(&answer), "{} not found by its number", text);
    }

    #[test]
    fn a_changed_index_answers_as_one_built_anew(
        first in prop::collection::vec(prop::collection::vec(0usize..NAMES.len(), 1..4), 1..12),
        steps in prop::collection::vec(
            (prop::collection::vec((0usize..16, prop::collection::vec(0usize..NAMES.len(), 1..4)), 0..5), prop::collection::vec(0usize..16, 0..4)),
            1..5,
        ),
    ) {
        let directory = RamDirectory::new();
        let mut records: BTreeMap<usize, (Record, EntityId)> =
            first.iter().enumerate().map(|(number, names)| (number, record(number, names))).collect();
        let all: Vec<_> = records.values().cloned().collect();
        indexer::build_records(&all, &directory).unwrap();
        let mut snapshot = Snapshot::open(&directory, Leads::default(), Thresholds::default()).unwrap();
        for (changed, removed) in steps {
            let changed: BTreeMap<usize, _> =
                changed.into_iter().map(|(number, names)| (number, record(number, &names))).collect();
            let removed: Vec<usize> = removed.into_iter().filter(|number| !changed.contains_key(number)).collect();
            records.retain(|number, _| !removed.contains(number));
            records.extend(changed.clone());
            let ids: Vec<RecordId> = removed.iter().map(|number| record(*number, &[0]).0.id).collect();
            let changed: Vec<_> = changed.into_values().collect();
            let manifest = indexer::change(&snapshot.index, &changed, &ids, &directory).unwrap();
            snapshot = Snapshot::of_manifest(&directory, manifest, Leads::default(), &snapshot).unwrap();
            let all: Vec<_> = records.values().cloned().collect();
            let anew = Snapshot::of_records(&all, Thresholds::default()).unwrap();
            for text in QUERIES {
                prop_assert_eq!(said(ask(&snapshot, text)), said(ask(&anew, text)), "{}", text);
                let offers = |snapshot: &Snapshot| {
                    let mut found = snapshot.suggest(&text[..text.len() - 3], Kind::Unknown, &Scope::default(), 100).unwrap();
                    found.parties.sort_by_key(|party| party.record.to_string());
                    found.parties
                };
                if text.is_char_boundary(text.len() - 3) {
                    prop_assert_eq!(offers(&snapshot), offers(&anew), "{}", text);
                }
            }
        }
        snapshot.index.check().unwrap();
        snapshot.index.manifest().publish(&directory).unwrap();
        snapshot.index.open_next(&directory, OpenOptions::default()).unwrap();
    }
}

/// Names that cost a search the most.
fn worst_names() -> Vec<String> {
    let long = |unit: &str| unit.chars().cycle().take(Query::MAX_NAME_CHARACTERS).collect::<String>();
    vec![
        long("a"),
        long("ㅏ가"),
        long("и "),
        long("kim "),
        long("eo yeo ng "),
        long("김이박최정 "),
        long("Иванов "),
        "kim kim kim kim kim kim kim kim".to_owned(),
        "이이이이".to_owned(),
        "ooo ooo ltd co inc llc".to_owned(),
    ]
}

#[test]
fn the_worst_queries_cost_little_more_than_others_and_say_when_they_are_cut() {
    let lists = (0..400).map(|number| record(number, &[number % NAMES.len(), (number * 7 + 3) % NAMES.len()]));
    let snapshot = Snapshot::of_records(&lists.collect::<Vec<_>>(), Thresholds::default()).unwrap();
    let mut works: Vec<u64> = QUERIES.iter().map(|text| ask(&snapshot, text).work).collect();
    works.sort_unstable();
    let median = works[works.len() / 2];
    for text in worst_names() {
        let answer = ask(&snapshot, &text);
        let head: String = text.chars().take(20).collect();
        assert!(answer.work <= 20 * median, "{head}…: {} against {median}", answer.work);
        if answer.work > 10 * median {
            assert!(answer.cut.is_some(), "{head}…: cut and does not say so");
        }
    }
}

/// A dataset of so many records, beginning at a number.
fn import(dataset: &str, numbers: std::ops::Range<usize>, names: &dyn Fn(usize) -> Vec<usize>) -> Import {
    let record = |number: usize| {
        let (mut record, _) = record(number, &names(number));
        record.id = format!("{dataset}:{number}").parse().unwrap();
        record
    };
    Import {
        dataset: dataset.parse().unwrap(),
        records: numbers.map(record).collect(),
        quarantined: 0,
        actor: "test".to_owned(),
        request_id: None,
        at: jiff::Timestamp::from_second(1_700_000_000).unwrap(),
        guard: Guard::default(),
    }
}

#[test]
fn a_small_import_beside_a_large_list_becomes_a_small_segment() {
    let engine = Engine::in_memory(Thresholds::default()).unwrap();
    engine.import(import("register", 0..1500, &|number| vec![100 + number, 2000 + number])).unwrap();
    let segments = || engine.snapshot().index.manifest().segments.len();
    assert_eq!(segments(), 1);
    let answers = || QUERIES.map(|text| said(ask(&engine.snapshot(), text)));
    let holds = |expected: usize| {
        assert_eq!(segments(), expected);
        engine.snapshot().index.check().unwrap();
        let before = answers();
        engine.rebuild().unwrap();
        assert_eq!(answers(), before);
        assert_eq!(segments(), 1);
    };
    engine.import(import("list", 0..24, &|number| vec![number % NAMES.len()])).unwrap();
    holds(2);
    engine.import(import("list", 10..40, &|number| vec![(number + number / 20) % NAMES.len()])).unwrap();
    holds(2);
    engine.import(import("list", 10..40, &|number| vec![(number + number / 20) % NAMES.len()])).unwrap();
    holds(1);
    assert!(!engine.compact_if_due().unwrap());
    for turn in 0..3 {
        engine.import(import("other", 0..220, &|number| vec![4000 + number + turn, 5000 + number])).unwrap();
    }
    assert!(segments() > 1);
    let before = answers();
    assert!(engine.compact_if_due().unwrap());
    assert_eq!((segments(), answers()), (1, before));
    engine.import(import("other", 9..220, &|number| vec![4002 + number, 5000 + number])).unwrap();
    assert_eq!((segments(), engine.snapshot().index.record_by_id("other:3")), (1, None));
}
