use std::collections::BTreeSet;

use proptest::collection::vec;
use proptest::prelude::*;

use super::*;

fn names() -> impl Strategy<Value = Vec<SampleName>> {
    // Few short keys, so that names share terms and repeat them.
    let terms = vec((0u8..16, vec(prop_oneof![0u8..3, any::<u8>()], 1..4), prop_oneof![Just(0u8), any::<u8>()]), 0..6);
    let name = ("\\PC{0,30}", vec(any::<u8>(), 0..20), terms).prop_map(|(text, payload, terms)| {
        let terms = terms.into_iter().map(|(lane, key, flags)| TermInput { lane: Lane(lane % 4 * 5), key, flags });
        SampleName { text, payload, terms: terms.collect() }
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

/// By lane and key, the postings: name and flags.
type Terms<'a> = BTreeMap<u8, BTreeMap<&'a [u8], BTreeMap<u32, u8>>>;

proptest! {
    #[test]
    fn an_index_answers_like_a_map(samples in samples()) {
        let index = Index::open(&build(&samples)).unwrap();
        index.check().unwrap();
        let records: BTreeMap<&str, &Sample> = samples.iter().map(|sample| (sample.id.as_str(), sample)).collect();
        let names: Vec<(u32, &SampleName)> =
            (0..).zip(records.values()).flat_map(|(record, sample)| sample.names.iter().map(move |name| (record, name))).collect();
        let mut terms = Terms::new();
        for (number, (_, name)) in (0..).zip(&names) {
            for term in &name.terms {
                let keys = terms.entry(term.lane.0).or_default();
                *keys.entry(&term.key).or_default().entry(number).or_default() |= term.flags;
            }
        }

        prop_assert_eq!(index.record_count() as usize, records.len());
        prop_assert_eq!(index.name_count() as usize, names.len());
        let mut first = 0;
        for (number, (id, sample)) in (0..).zip(&records) {
            let last = first + sample.names.len() as u32;
            let view = RecordView { id, payload: &sample.payload, names: first..last };
            prop_assert_eq!(index.record(RecordOrd(number)), Some(view));
            prop_assert_eq!(index.record_by_id(id), Some(RecordOrd(number)));
            first = last;
        }
        prop_assert!(index.record(RecordOrd(records.len() as u32)).is_none());
        for (number, (record, name)) in (0..).zip(&names) {
            let view = NameView { record: RecordOrd(*record), payload: &name.payload };
            prop_assert_eq!(index.name(NameOrd(number)), Some(view));
            prop_assert_eq!(index.name_text(NameOrd(number)), Some(name.text.clone()));
        }
        prop_assert!(index.name(NameOrd(first)).is_none() && index.name_text(NameOrd(first)).is_none());

        let lanes: Vec<u8> = index.lanes().map(|lane| lane.0).collect();
        prop_assert_eq!(lanes, terms.keys().copied().collect::<Vec<_>>());
        for (lane, keys) in &terms {
            let lane = Lane(*lane);
            prop_assert_eq!(index.terms(lane).unwrap().len(), keys.len());
            for (ordinal, (key, expected)) in (0..).zip(keys) {
                prop_assert_eq!(index.term(lane, key), Some(ordinal));
                prop_assert_eq!(index.key(lane, ordinal), Some(key.to_vec()));
                let mut postings = index.postings(lane, ordinal);
                let found: Vec<_> = (&mut postings).map(|posting| (posting.name.0, posting.flags)).collect();
                prop_assert!(!postings.is_damaged());
                prop_assert_eq!(&found, &expected.iter().map(|(name, flags)| (*name, *flags)).collect::<Vec<_>>());
                let owners: BTreeSet<u32> = expected.keys().map(|name| names[*name as usize].0).collect();
                let frequency = Frequency { names: expected.len() as u32, records: owners.len() as u32 };
                prop_assert_eq!(index.frequency(lane, ordinal), frequency);
            }
        }
        for lane in Lane::all() {
            for key in [&b""[..], b"\0", b"ab", b"\xff\xff\xff\xff"] {
                let expected = terms.get(&lane.0).and_then(|keys| keys.keys().position(|found| *found == key));
                prop_assert_eq!(index.term(lane, key), expected.map(|ordinal| ordinal as u64));
            }
        }
        for id in ["", "a", "가0", "zz"] {
            prop_assert_eq!(index.record_by_id(id).is_some(), records.contains_key(id));
        }
    }

    #[test]
    fn postings_survive_large_gaps(names in proptest::collection::btree_map(0..u32::MAX, any::<u8>(), 1..50)) {
        use super::super::postings::put_posting;
        let (mut bytes, mut next) = (Vec::new(), 0);
        let written: Vec<_> = names.iter().map(|(name, flags)| Posting { name: NameOrd(*name), flags: *flags }).collect();
        written.iter().for_each(|posting| put_posting(&mut bytes, &mut next, *posting));
        let mut postings = Postings::new(&bytes, written.len() as u32, u32::MAX);
        let read: Vec<_> = (&mut postings).collect();
        prop_assert!(!postings.is_damaged());
        prop_assert_eq!(&read, &written);
        for length in 0..bytes.len() {
            let mut postings = Postings::new(&bytes[..length], written.len() as u32, u32::MAX);
            let read: Vec<_> = (&mut postings).collect();
            prop_assert!(postings.is_damaged() && written.starts_with(&read));
        }
    }

    #[test]
    fn any_bytes_are_postings_or_damaged(bytes in vec(any::<u8>(), 0..60), count in 0u32..80, limit in any::<u32>()) {
        let mut postings = Postings::new(&bytes, count, limit);
        let read: Vec<_> = (&mut postings).collect();
        prop_assert!(read.is_sorted_by(|left, right| left.name < right.name));
        prop_assert!(read.iter().all(|posting| posting.name.0 < limit));
        prop_assert!(postings.is_damaged() || read.len() == count as usize);
    }
}
