//! What the benches share: a list of any size, made from the bundled one, and queries that have an answer in it.
#![allow(dead_code)]

mod allocator;
pub mod recombined;

use exonym::model::{EntityId, Kind, NameQuality, Record, RecordName};
use exonym::resolver::{Snapshot, Thresholds};
use exonym::sources;

/// A generator of numbers that are the same in every run.
pub struct Numbers(u64);

impl Numbers {
    pub fn new(seed: u64) -> Numbers {
        Numbers(seed)
    }

    /// A number below `limit`.
    pub fn below(&mut self, limit: usize) -> usize {
        // Steele, Lea and Flood 2014: SplitMix64.
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((z ^ (z >> 31)) % limit as u64) as usize
    }
}

/// The bundled list and parties beside it, made by exchanging words of its names, until there are `names` names.
pub fn records(names: usize) -> Vec<(Record, EntityId)> {
    let sample = sources::sample().expect("the bundled list is checked by tests").remove(0).1;
    let mut records: Vec<(Record, EntityId)> = Vec::new();
    let mut count = 0;
    for record in &sample {
        count += record.names.len();
        records.push((record.clone(), EntityId::mint(&record.id, 0)));
    }
    let mut numbers = Numbers::new(1);
    let mut serial = 0;
    while count < names {
        let (one, other) = (&sample[numbers.below(sample.len())], &sample[numbers.below(sample.len())]);
        let id = format!("made:{serial}").parse().expect("a dataset, a colon and a number");
        let mut record = Record::new(id, one.kind, "");
        record.names.clear();
        for (name, other) in one.names.iter().zip(&other.names).take(3) {
            let text = mixed(&name.text, &other.text, &mut numbers);
            record.names.push(RecordName { text, quality: NameQuality::Strong, language: String::new() });
        }
        count += record.names.len();
        let entity = EntityId::mint(&record.id, 0);
        records.push((record, entity));
        serial += 1;
    }
    records
}

fn mixed(one: &str, other: &str, numbers: &mut Numbers) -> String {
    let others: Vec<&str> = other.split(' ').collect();
    let words =
        one.split(' ').map(|word| if numbers.below(2) == 0 { word } else { others[numbers.below(others.len())] });
    let words: Vec<&str> = words.collect();
    words.join(" ")
}

/// A snapshot of a list of so many names.
pub fn snapshot(names: usize) -> Snapshot {
    Snapshot::of_records(&records(names), Thresholds::default()).expect("the made list can be indexed")
}

/// Names of the bundled list in one script, to ask for.
pub fn queries(from: char, to: char) -> Vec<(Kind, String)> {
    let sample = sources::sample().expect("the bundled list is checked by tests").remove(0).1;
    let all = sample.iter().flat_map(|record| record.names.iter().map(|name| (record.kind, name.text.clone())));
    all.filter(|(_, text)| text.chars().any(|c| (from..=to).contains(&c))).collect()
}
