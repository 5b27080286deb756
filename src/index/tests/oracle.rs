use std::collections::BTreeSet;

use proptest::collection::vec;
use proptest::prelude::*;

use super::super::deleted::Bits;
use super::super::postings::{Part, put_postings};
use super::*;

fn names() -> impl Strategy<Value = Vec<SampleName>> {
    // Few short keys, so that names share terms and repeat them.
    let terms = vec((0u8..16, vec(prop_oneof![0u8..3, any::<u8>()], 1..4), prop_oneof![Just(0u8), any::<u8>()]), 0..6);
    let payload = prop_oneof![vec(0u8..2, 0..2), vec(any::<u8>(), 0..20)];
    let name = ("\\PC{0,30}", payload, terms, 0usize..6).prop_map(|(text, payload, terms, words)| {
        let terms: Vec<_> = terms
            .into_iter()
            .map(|(lane, key, flags)| TermInput { lane: Lane(lane % 4 * 5), key: key.into(), flags })
            .collect();
        SampleName { text, payload, words: words.min(terms.len()), terms }
    });
    vec(name, 0..4)
}

pub(super) fn samples() -> impl Strategy<Value = Vec<Sample>> {
    let records = vec(("[ab가я0-9/]{1,4}", vec(any::<u8>(), 0..20), names()), 0..30);
    records.prop_map(|records| {
        let mut ids = BTreeSet::new();
        let new = records.into_iter().filter(|(id, ..)| ids.insert(id.clone()));
        new.map(|(id, payload, names)| Sample { id, payload, names }).collect()
    })
}

/// By lane and key, the postings: id of the record, which of its names, flags.
type Terms<'a> = BTreeMap<u8, BTreeMap<&'a [u8], BTreeMap<(&'a str, u32), u8>>>;

fn terms_of<'a>(records: &BTreeMap<&'a str, &'a Sample>) -> Terms<'a> {
    let mut terms = Terms::new();
    for (id, sample) in records {
        for (number, name) in (0..).zip(&sample.names) {
            for term in &name.terms {
                let keys = terms.entry(term.lane.0).or_default();
                *keys.entry(&term.key).or_default().entry((*id, number)).or_default() |= term.flags;
            }
        }
    }
    terms
}

/// Holds that an index shows these records and nothing else, however many segments it has.
pub(super) fn agree(index: &Index, samples: &[Sample]) {
    index.check().unwrap();
    let records: BTreeMap<&str, &Sample> = samples.iter().map(|sample| (sample.id.as_str(), sample)).collect();
    let name_count: usize = samples.iter().map(|sample| sample.names.len()).sum();
    assert_eq!((index.record_count() as usize, index.name_count() as usize), (records.len(), name_count));
    assert_eq!(index.records().count(), records.len());
    // Whose name a number is, and which one.
    let mut owners: BTreeMap<u32, (&str, u32)> = BTreeMap::new();
    for (id, sample) in &records {
        let record = index.record_by_id(id).expect(id);
        assert_eq!(index.record_id(record).as_deref(), Some(*id));
        let view = index.record(record).unwrap();
        assert_eq!((view.payload, view.names.len()), (&sample.payload[..], sample.names.len()));
        for ((name, ordinal), number) in sample.names.iter().zip(view.names).zip(0..) {
            owners.insert(ordinal, (*id, number));
            let view = index.name(NameOrd(ordinal)).unwrap();
            assert_eq!((view.record, view.payload), (record, &name.payload[..]));
            let words = view.words.map(|word| {
                let mut key = Vec::new();
                assert!(index.spell(word, &mut key));
                (word.lane, Key::from_vec(key))
            });
            let expected = name.terms[..name.words].iter().map(|term| (term.lane, term.key.clone()));
            assert_eq!(words.collect::<Vec<_>>(), expected.collect::<Vec<_>>());
            assert_eq!(index.name_text(NameOrd(ordinal)).as_ref(), Some(&name.text));
        }
    }
    let shown = (0..index.name_limit() + 2).filter(|name| index.name(NameOrd(*name)).is_some());
    assert_eq!(shown.collect::<Vec<_>>(), owners.keys().copied().collect::<Vec<_>>());
    let terms = terms_of(&records);
    let lanes: Vec<u8> = index.lanes().map(|lane| lane.0).collect();
    assert_eq!(lanes, terms.keys().copied().collect::<Vec<_>>());
    for (lane, keys) in &terms {
        let lane = Lane(*lane);
        assert_eq!(index.terms(lane).unwrap().len(), keys.len());
        for (ordinal, (key, expected)) in (0..).zip(keys) {
            assert_eq!(index.term(lane, key), Some(ordinal));
            assert_eq!(index.key(lane, ordinal), Some(key.to_vec()));
            let mut postings = index.postings(lane, ordinal);
            let found: Vec<_> = (&mut postings).map(|posting| (posting.name, posting.flags)).collect();
            assert!(!postings.is_damaged() && found.is_sorted_by(|left, right| left.0 < right.0));
            let found: BTreeMap<_, _> = found.into_iter().map(|(name, flags)| (owners[&name.0], flags)).collect();
            assert_eq!(&found, expected);
            let bearers: BTreeSet<&str> = expected.keys().map(|(id, _)| *id).collect();
            let frequency = Frequency { names: expected.len() as u32, records: bearers.len() as u32 };
            assert_eq!(index.frequency(lane, ordinal), frequency);
        }
    }
    for lane in Lane::all() {
        for key in [&b""[..], b"\0", b"ab", b"\xff\xff\xff\xff"] {
            let expected = terms.get(&lane.0).and_then(|keys| keys.keys().position(|found| *found == key));
            assert_eq!(index.term(lane, key), expected.map(|ordinal| ordinal as u64));
        }
    }
    for id in ["", "a", "가0", "zz"] {
        assert_eq!(index.record_by_id(id).is_some(), records.contains_key(id));
    }
}

proptest! {
    #[test]
    fn an_index_answers_like_a_map(samples in samples()) {
        agree(&Index::open(&build(&samples)).unwrap(), &samples);
    }

    #[test]
    fn postings_survive_large_gaps(names in proptest::collection::btree_map(0..u32::MAX, any::<u8>(), 1..50)) {
        let written: Vec<_> = names.iter().map(|(name, flags)| Posting { name: NameOrd(*name), flags: *flags }).collect();
        let mut bytes = Vec::new();
        put_postings(&mut bytes, written.len() as u32, written.iter().copied());
        let mut postings = Postings::of(Part::new(&bytes, written.len() as u32, u32::MAX));
        let read: Vec<_> = (&mut postings).collect();
        prop_assert!(!postings.is_damaged());
        prop_assert_eq!(&read, &written);
        for length in 0..bytes.len() {
            let mut postings = Postings::of(Part::new(&bytes[..length], written.len() as u32, u32::MAX));
            let read: Vec<_> = (&mut postings).collect();
            prop_assert!(postings.is_damaged() && written.starts_with(&read));
        }
    }

    #[test]
    fn whoever_is_asked_for_is_not_passed_over(
        segments in vec(vec((1u32..400, prop_oneof![Just(0u8), any::<u8>()]), 0..700), 1..=MAX_SEGMENTS),
        deleted in any::<bool>(),
        asked in vec((0u32..3000, any::<bool>()), 1..60),
    ) {
        let (mut base, mut all, mut parts) = (0, Vec::new(), Vec::new());
        for gaps in segments {
            let numbers = gaps.iter().scan(0, |name, (gap, flags)| { *name += gap; Some((*name, *flags)) });
            let written: Vec<_> = numbers.map(|(name, flags)| Posting { name: NameOrd(name), flags }).collect();
            let limit = written.last().map_or(1, |last| last.name.0 + 1);
            let mut gone = Bits::below(limit);
            (0..limit).filter(|name| deleted && name % 3 == 0).for_each(|name| gone.add(name));
            let left = written.iter().filter(|posting| !gone.has(posting.name.0));
            all.extend(left.map(|posting| Posting { name: NameOrd(posting.name.0 + base), ..*posting }));
            let mut bytes = Vec::new();
            put_postings(&mut bytes, written.len() as u32, written.iter().copied());
            parts.push((bytes, written.len() as u32, limit, base, gone));
            base += limit;
        }
        let mut postings = Postings::default();
        for (bytes, count, limit, base, gone) in parts.iter().rev() {
            postings.put_in_front(Part::new(bytes, *count, *limit).within(*base, Some(gone)));
        }
        let (mut name, mut rest) = (0, &all[..]);
        for (step, is_far) in asked {
            name += if is_far { step * 40 } else { step };
            let found = postings.next_from(NameOrd(name));
            rest = &rest[rest.partition_point(|posting| posting.name.0 < name)..];
            prop_assert_eq!(found.as_ref(), rest.first());
            rest = rest.get(1..).unwrap_or_default();
        }
        prop_assert!(!postings.is_damaged());
    }

    #[test]
    fn any_bytes_are_postings_or_damaged(
        bytes in vec(any::<u8>(), 0..90),
        count in 0u32..600,
        limit in any::<u32>(),
        asked in any::<u32>(),
    ) {
        let mut postings = Postings::of(Part::new(&bytes, count, limit));
        prop_assert!(postings.next_from(NameOrd(asked)).is_none_or(|found| found.name.0 >= asked));
        let _ = postings.count();
        let mut postings = Postings::of(Part::new(&bytes, count, limit));
        let read: Vec<_> = (&mut postings).collect();
        prop_assert!(read.is_sorted_by(|left, right| left.name < right.name));
        prop_assert!(read.iter().all(|posting| posting.name.0 < limit));
        prop_assert!(postings.is_damaged() || read.len() == count as usize);
    }
}
