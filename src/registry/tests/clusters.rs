use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use super::changes::followed;
use super::{Open, at, id, import, record};
use crate::model::{EntityId, Judgement, Opinion, RecordId};
use crate::registry::{Identity, Link, Registry, RegistryError, clusters};

/// The records of the tests: four of one dataset, three of another.
const RECORDS: [&str; 7] = ["a:1", "a:2", "a:3", "a:4", "b:1", "b:2", "b:3"];

/// What `from` is tied to, found by walking from neighbour to neighbour.
fn flood(from: usize, ties: &[(usize, usize)]) -> BTreeSet<usize> {
    let mut reached = BTreeSet::from([from]);
    loop {
        let before = reached.len();
        for (left, right) in ties {
            if reached.contains(left) || reached.contains(right) {
                reached.extend([*left, *right]);
            }
        }
        if reached.len() == before {
            return reached;
        }
    }
}

#[derive(Clone, Debug)]
struct Told {
    number: u64,
    left: usize,
    right: usize,
    opinion: Opinion,
    actor: bool,
}

fn ties(told: &[Told]) -> Vec<(usize, usize)> {
    let same = told.iter().filter(|told| told.opinion == Opinion::Same);
    same.map(|told| (told.left, told.right)).collect()
}

/// The first judgement that others contradict.
fn contradicted(told: &[Told]) -> Option<u64> {
    let different = told.iter().filter(|told| told.opinion == Opinion::Different);
    different.filter(|one| flood(one.left, &ties(told)).contains(&one.right)).map(|one| one.number).min()
}

fn opinion() -> impl Strategy<Value = Opinion> {
    prop_oneof![6 => Just(Opinion::Same), 2 => Just(Opinion::Different), 1 => Just(Opinion::Unsure)]
}

fn told() -> impl Strategy<Value = Vec<Told>> {
    let one = (0..RECORDS.len(), 1..RECORDS.len(), opinion());
    proptest::collection::vec(one, 0..10).prop_map(|all| {
        all.into_iter()
            .zip(1..)
            .map(|((left, step, opinion), number)| Told {
                number,
                left,
                right: (left + step) % RECORDS.len(),
                opinion,
                actor: false,
            })
            .collect()
    })
}

fn identities(minted: &[u64]) -> Vec<Identity> {
    let founded = RECORDS.iter().zip(minted).map(|(text, minted)| {
        let entity = EntityId::mint(&id(text), 0);
        Identity { record: id(text), id: entity, attempt: 0, minted: *minted, canonical: entity }
    });
    founded.collect()
}

fn links(told: &[Told]) -> Vec<Link> {
    let link = |told: &Told| Link {
        number: told.number,
        left: id(RECORDS[told.left]),
        right: id(RECORDS[told.right]),
        opinion: told.opinion,
    };
    told.iter().map(link).collect()
}

proptest! {
    #[test]
    fn clusters_are_what_flood_fill_finds(
        told in told(),
        minted in proptest::collection::vec(1u64..4, RECORDS.len()),
    ) {
        let identities = identities(&minted);
        let found = clusters(&identities, &links(&told));
        match contradicted(&told) {
            Some(number) => {
                let conflict = found.unwrap_err();
                prop_assert_eq!(conflict.judgement, number);
                let one = told.iter().find(|told| told.number == number).unwrap();
                prop_assert_eq!(conflict.chain.first(), Some(&id(RECORDS[one.left])));
                prop_assert_eq!(conflict.chain.last(), Some(&id(RECORDS[one.right])));
                let tied = |pair: &[RecordId]| ties(&told).into_iter().any(|(left, right)| {
                    let tie = [id(RECORDS[left]), id(RECORDS[right])];
                    pair == tie || pair == [tie[1].clone(), tie[0].clone()]
                });
                prop_assert!(conflict.chain.windows(2).all(tied));
            }
            None => {
                let mut expected = BTreeMap::new();
                for from in 0..RECORDS.len() {
                    let members: Vec<usize> = flood(from, &ties(&told)).into_iter().collect();
                    let oldest = members.iter().map(|place| identities[*place].seniority()).min().unwrap().1;
                    let records: Vec<RecordId> = members.into_iter().map(|place| id(RECORDS[place])).collect();
                    expected.insert(oldest, records);
                }
                let found: Vec<_> = found.unwrap().into_iter().map(|cluster| (cluster.id, cluster.records)).collect();
                prop_assert_eq!(found, expected.into_iter().collect::<Vec<_>>());
            }
        }
    }

    #[test]
    fn the_order_of_rows_does_not_matter(
        (told, mixed) in told().prop_flat_map(|told| (Just(told.clone()), Just(told).prop_shuffle())),
        minted in proptest::collection::vec(1u64..4, RECORDS.len()),
    ) {
        let identities = identities(&minted);
        let reversed: Vec<Identity> = identities.iter().rev().cloned().collect();
        prop_assert_eq!(clusters(&identities, &links(&told)), clusters(&reversed, &links(&mixed)));
    }
}

#[test]
fn a_link_that_reaches_outside_says_nothing() {
    let identities = identities(&[1; 7]);
    let outside = |opinion| Link { number: 1, left: id("a:1"), right: id("z:1"), opinion };
    for opinion in [Opinion::Same, Opinion::Different] {
        assert_eq!(clusters(&identities, &[outside(opinion)]).unwrap().len(), 7);
    }
    assert_eq!(clusters(&[], &[outside(Opinion::Same)]), Ok(Vec::new()));
}

#[derive(Clone, Debug)]
enum Event {
    /// A dataset is published with those of its records whose bit is set.
    Publish {
        second: bool,
        bits: u8,
    },
    Judge {
        left: usize,
        right: usize,
        opinion: Opinion,
        actor: bool,
    },
    Withdraw(u64),
}

fn event() -> impl Strategy<Value = Event> {
    let judge = (0..RECORDS.len(), 0..RECORDS.len(), opinion(), any::<bool>());
    prop_oneof![
        2 => (any::<bool>(), any::<u8>()).prop_map(|(second, bits)| Event::Publish { second, bits }),
        6 => judge.prop_map(|(left, right, opinion, actor)| Event::Judge { left, right, opinion, actor }),
        2 => (0u64..8).prop_map(Event::Withdraw),
    ]
}

/// What the registry should hold, told the slow way.
#[derive(Default)]
struct Oracle {
    revision: u64,
    datasets: BTreeSet<bool>,
    published: BTreeSet<usize>,
    minted: BTreeMap<usize, u64>,
    holds: Vec<Told>,
    judged: u64,
}

impl Oracle {
    fn publish(&mut self, registry: &Registry, second: bool, bits: u8) {
        let places = if second { 4..7 } else { 0..4 };
        let wanted: BTreeSet<usize> = places.clone().filter(|place| bits >> (place % 4) & 1 == 1).collect();
        let records = wanted.iter().map(|place| record(RECORDS[*place], "Name")).collect();
        let counts = registry.import(import(if second { "b" } else { "a" }, records)).unwrap();
        let before: BTreeSet<usize> = self.published.iter().copied().filter(|place| places.contains(place)).collect();
        self.revision += u64::from(self.datasets.insert(second) || before != wanted);
        self.published.retain(|place| !places.contains(place));
        self.published.extend(&wanted);
        for place in &wanted {
            self.minted.entry(*place).or_insert(self.revision);
        }
        assert_eq!(counts.added, wanted.difference(&before).count() as u64);
        assert_eq!(counts.removed, before.difference(&wanted).count() as u64);
        assert_eq!(counts.read, counts.imported + counts.unchanged + counts.quarantined);
    }

    fn judge(&mut self, registry: &Registry, mut told: Told) {
        let judgement = Judgement {
            left: id(RECORDS[told.left]),
            right: id(RECORDS[told.right]),
            opinion: told.opinion,
            actor: if told.actor { "one" } else { "other" }.to_owned(),
            reason: String::new(),
            evidence: String::new(),
        };
        let answer = registry.judge(judgement, at(0));
        let says = |told: &Told| (told.left.min(told.right), told.left.max(told.right), told.opinion, told.actor);
        if told.left == told.right {
            assert!(matches!(answer, Err(RegistryError::OneRecord(_))));
        } else if [told.left, told.right].iter().any(|place| !self.minted.contains_key(place)) {
            assert!(matches!(answer, Err(RegistryError::UnknownRecord(_))));
        } else if let Some(earlier) = self.holds.iter().find(|earlier| says(earlier) == says(&told)) {
            assert_eq!(answer.unwrap().number, earlier.number);
        } else {
            told.number = self.judged + 1;
            self.holds.push(told);
            if let Some(number) = contradicted(&self.holds) {
                self.holds.pop();
                let Err(RegistryError::Conflict(conflict)) = answer else { panic!("expected a conflict") };
                // A judgement that is refused gets no number.
                let refused = self.judged + 1;
                assert_eq!(conflict.judgement, if number == refused { 0 } else { number });
            } else {
                self.judged += 1;
                self.revision += 1;
                assert_eq!(answer.unwrap().number, self.judged);
            }
        }
    }

    fn withdraw(&mut self, registry: &Registry, number: u64) {
        let answer = registry.withdraw(number, "one", "", at(0));
        let before = self.holds.len();
        self.holds.retain(|told| told.number != number);
        if self.holds.len() < before {
            self.revision += 1;
            assert_eq!(answer.unwrap().revision, self.revision);
        } else if (1..=self.judged).contains(&number) {
            assert!(matches!(answer, Err(RegistryError::AlreadyWithdrawn(_))));
        } else {
            assert!(matches!(answer, Err(RegistryError::UnknownJudgement(_))));
        }
    }

    fn compare(&self, registry: &Registry) {
        assert_eq!(registry.revision().unwrap(), self.revision);
        let founded = |place: usize| EntityId::mint(&id(RECORDS[place]), 0);
        for place in self.minted.keys() {
            let members = flood(*place, &ties(&self.holds));
            let canonical = members.iter().map(|member| (self.minted[member], founded(*member))).min().unwrap().1;
            let records: Vec<RecordId> =
                members.intersection(&self.published).map(|member| id(RECORDS[*member])).collect();
            let found = registry.entity(founded(*place)).unwrap();
            assert_eq!(found.is_some(), !records.is_empty());
            let Some(found) = found else { continue };
            assert_eq!((found.entity.id, found.redirected), (canonical, canonical != founded(*place)));
            assert_eq!(found.entity.records.into_iter().map(|record| record.id).collect::<Vec<_>>(), records);
            let former: BTreeSet<EntityId> =
                members.iter().map(|member| founded(*member)).filter(|id| *id != canonical).collect();
            assert_eq!(found.entity.former_ids, former.into_iter().collect::<Vec<_>>());
        }
    }
}

pub fn any_course_of_events_gives_what_the_oracle_gives(open: &Open) {
    // Each case needs a new registry, which takes a server a while.
    let cases = if open().registry.is_shared() { 8 } else { 32 };
    let mut runner = TestRunner::new(Config { cases, failure_persistence: None, ..Config::default() });
    let result = runner.run(&proptest::collection::vec(event(), 1..24), |events| {
        let opened = open();
        let registry = &opened.registry;
        let mut oracle = Oracle::default();
        oracle.publish(registry, false, 0b0110);
        oracle.publish(registry, true, 0b0111);
        for event in events {
            match event {
                Event::Publish { second, bits } => oracle.publish(registry, second, bits),
                Event::Withdraw(number) => oracle.withdraw(registry, number),
                Event::Judge { left, right, opinion, actor } => {
                    oracle.judge(registry, Told { number: 0, left, right, opinion, actor });
                }
            }
            oracle.compare(registry);
        }
        let report = registry.verify().unwrap();
        prop_assert_eq!(report.findings, Vec::<String>::new());
        prop_assert_eq!(registry.verify_audit(None).unwrap().findings, Vec::<String>::new());
        let mut leads = followed(registry);
        leads.retain(|id, canonical| id != canonical);
        prop_assert_eq!(leads, registry.redirects().unwrap());
        Ok(())
    });
    result.unwrap();
}
