mod build;
mod corruption;
mod crash;
mod oracle;
mod planted;
mod refusal;
mod segments;

use std::collections::BTreeMap;

use crate::storage::{RamDirectory, Versions};

use super::*;

const VERSIONS: Versions = Versions { alphabet: 3, tables: 8 };

/// A record to be indexed, with what it owns.
#[derive(Clone, Debug)]
struct Sample {
    id: String,
    payload: Vec<u8>,
    names: Vec<SampleName>,
}

#[derive(Clone, Debug)]
struct SampleName {
    text: String,
    payload: Vec<u8>,
    terms: Vec<TermInput>,
    words: usize,
}

impl SampleName {
    fn input(&self) -> NameInput<'_> {
        NameInput { text: &self.text, payload: &self.payload, terms: &self.terms, words: self.words }
    }
}

fn gather(samples: &[Sample], options: BuildOptions) -> SegmentBuilder {
    let mut builder = SegmentBuilder::with_options(options);
    for sample in samples {
        let names: Vec<_> = sample.names.iter().map(SampleName::input).collect();
        builder.add_record(&sample.id, &sample.payload, &names).unwrap();
    }
    builder
}

fn build(samples: &[Sample]) -> RamDirectory {
    let directory = RamDirectory::new();
    // Small blocks, so that few texts fill several.
    gather(samples, BuildOptions { block: 64, ..BuildOptions::default() }).finish(&directory, VERSIONS).unwrap();
    directory
}

fn term(lane: u8, key: &str, flags: u8) -> TermInput {
    TermInput { lane: Lane(lane), key: key.as_bytes().into(), flags }
}

/// Records `0..count` of some invented trade register. `turn` makes another edition of it.
fn register(count: usize, turn: usize) -> Vec<Sample> {
    let heads = ["Baroncho", "강마루", "Лесновод", "Quillmere", "한빛고래"];
    let tails = ["Trading", "무역", "Торг", "Shipping", "해운"];
    let sample = |number: usize| {
        let name = |alias: usize| {
            let [head, tail] = [heads[(number + alias) % 5], tails[(number * 7 + alias + turn) % 5]];
            SampleName {
                text: format!("{head} {tail} {number}"),
                payload: format!("{alias}:{tail}").into_bytes(),
                words: (number + alias) % 3,
                terms: vec![
                    term((number % 3) as u8, head, 0),
                    term(4, tail, (alias + number) as u8 % 16),
                    term(15, &number.to_string(), 1),
                ],
            }
        };
        Sample {
            id: format!("register/{number:03}"),
            payload: format!("facts of {number}, {turn}").into_bytes(),
            names: (0..number % 4).map(name).collect(),
        }
    };
    (0..count).map(sample).collect()
}

/// Touches everything that an index can be asked, also what is not there, and adds up what it answers.
fn touch(index: &Index) -> u64 {
    let mut sum = u64::from(index.check().is_ok());
    for lane in (0..=u8::MAX).map(Lane) {
        let count = index.terms(lane).map_or(0, |terms| terms.len() as u64);
        for ordinal in (0..count + 2).chain([u64::MAX]) {
            let key = index.key(lane, ordinal);
            assert_eq!(key.is_some(), ordinal < count);
            sum += key.and_then(|key| index.term(lane, &key)).unwrap_or(0);
            sum += u64::from(index.frequency(lane, ordinal).records);
            let mut postings = index.postings(lane, ordinal);
            let mut last = None;
            for posting in &mut postings {
                assert!(Some(posting.name) > last && posting.name.0 < index.name_limit());
                last = Some(posting.name);
                sum += u64::from(posting.flags);
            }
            sum += u64::from(postings.is_damaged());
        }
    }
    let mut key = Vec::new();
    for number in (0..index.name_limit() + 2).chain([u32::MAX]) {
        if let Some(name) = index.name(NameOrd(number)) {
            sum += name.payload.len() as u64 + u64::from(name.record.0);
            sum += name.words.map(|word| u64::from(index.spell(word, &mut key))).sum::<u64>();
        }
        sum += index.name_text(NameOrd(number)).map_or(0, |text| text.len() as u64);
    }
    for number in (0..index.record_count() + 40).chain([u32::MAX]) {
        let record = RecordOrd(number);
        sum += index.record(record).map_or(0, |record| record.payload.len() as u64 + record.names.len() as u64);
        sum += index.record_id(record).and_then(|id| index.record_by_id(&id)).map_or(0, |found| u64::from(found.0));
    }
    sum
}

type Files = BTreeMap<String, Vec<u8>>;
