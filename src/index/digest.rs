//! In which order a segment is written, and what it is called.

use std::cmp::Reverse;

use rayon::prelude::*;

use crate::storage::{SegmentId, Versions};

use super::interner::{Interner, inverse};
use super::inverted::Inverted;
use super::layout::FORMAT;
use super::writer::words_of;
use super::{IndexError, InputError, SegmentBuilder};

/// In which order records and names are written.
pub(super) struct Order {
    /// Places of records in the builder, by id.
    pub(super) records: Vec<u32>,
    /// Places of names in the builder, by record and within a record as given.
    pub(super) names: Vec<u32>,
    /// The record of each name, as a place in `records`.
    pub(super) record_of: Vec<u32>,
}

impl Order {
    pub(super) fn new(builder: &SegmentBuilder) -> Result<Order, IndexError> {
        let id = |place: u32| builder.record(&builder.records[place as usize]).0;
        let mut records: Vec<u32> = (0..builder.records.len() as u32).collect();
        if !records.is_sorted_by(|left, right| id(*left) <= id(*right)) {
            records.par_sort_unstable_by(|left, right| id(*left).cmp(id(*right)));
        }
        if let Some(twice) = records.windows(2).find(|pair| id(pair[0]) == id(pair[1])) {
            return Err(InputError::Twice { record: String::from_utf8_lossy(id(twice[0])).into_owned() }.into());
        }
        let (mut names, mut record_of) =
            (Vec::with_capacity(builder.names.len()), Vec::with_capacity(builder.names.len()));
        for (record, place) in (0..).zip(&records) {
            let own = &builder.records[*place as usize];
            for name in own.first_name..own.first_name + own.names {
                names.push(name);
                record_of.push(record);
            }
        }
        Ok(Order { records, names, record_of })
    }
}

/// The ordinals of payloads; numbers of keys have become ordinals.
pub(super) struct Ranks {
    /// Numbers of payloads, those first that most names have.
    pub(super) payload_order: Vec<u32>,
    /// The ordinals of payloads by number.
    pub(super) payloads: Vec<u32>,
}

impl Ranks {
    /// Closes the keys and payloads of a builder, and turns the numbers of its terms into ordinals.
    pub(super) fn new(builder: &mut SegmentBuilder) -> Ranks {
        builder.payloads.close();
        let of_key = builder.keys.each_mut().map(Interner::settle);
        builder.terms.iter_mut().for_each(|term| term.number = of_key[usize::from(term.lane)][term.number as usize]);
        let mut counts = vec![0u32; builder.payloads.len()];
        builder.names.iter().for_each(|name| counts[name.payload as usize] += 1);
        let mut payload_order = builder.payloads.sorted();
        // A stable sort: of payloads that are equally frequent, the lesser comes first.
        payload_order.sort_by_key(|number| Reverse(counts[*number as usize]));
        let payloads = inverse(&payload_order);
        Ranks { payload_order, payloads }
    }
}

/// The id of a segment: a digest over everything that is written, in the order of writing.
pub(super) fn segment_id(
    builder: &SegmentBuilder,
    order: &Order,
    ranks: &Ranks,
    inverted: &[Inverted],
    versions: Versions,
) -> SegmentId {
    let mut hasher = Hasher::default();
    for number in [FORMAT, versions.alphabet, versions.tables] {
        hasher.number(number.into());
    }
    hasher.number(builder.options.block as u64);
    hasher.number(u64::from(builder.options.level.unsigned_abs()));
    for (lane, inverted) in inverted.iter().enumerate() {
        hasher.number(inverted.len() as u64);
        for (term, key) in builder.keys[lane].iter().enumerate() {
            hasher.part(key);
            let places = inverted.places(term);
            hasher.word(places.len() as u32);
            hasher.words(&inverted.names[places.clone()]);
            hasher.bytes(inverted.flags.get(places).unwrap_or_default());
        }
        hasher.number(u64::from(!inverted.flags.is_empty()));
    }
    ranks.payload_order.iter().for_each(|number| hasher.part(builder.payloads.get(*number)));
    for place in &order.records {
        let record = &builder.records[*place as usize];
        let (id, payload) = builder.record(record);
        hasher.part(id);
        hasher.part(payload);
        hasher.number(record.names.into());
    }
    for place in &order.names {
        let name = &builder.names[*place as usize];
        hasher.part(builder.text(name));
        hasher.word(ranks.payloads[name.payload as usize]);
        for term in &builder.terms_of(*place)[..words_of(builder, name.payload)] {
            hasher.word(term.number);
        }
    }
    hasher.finish()
}

/// Digests parts so that no two lists of parts look alike. Gathers them first: BLAKE3 is slow over many small pieces.
#[derive(Default)]
pub(super) struct Hasher {
    gathered: Vec<u8>,
    hasher: blake3::Hasher,
}

/// Bytes that are gathered.
const GATHERED: usize = 1 << 16;

impl Hasher {
    pub(super) fn number(&mut self, number: u64) {
        self.bytes(&number.to_le_bytes());
    }

    pub(super) fn word(&mut self, word: u32) {
        self.bytes(&word.to_le_bytes());
    }

    fn words(&mut self, words: &[u32]) {
        words.iter().for_each(|word| self.gathered.extend_from_slice(&word.to_le_bytes()));
        self.spill();
    }

    /// A part with its length.
    pub(super) fn part(&mut self, bytes: &[u8]) {
        self.number(bytes.len() as u64);
        self.bytes(bytes);
    }

    fn bytes(&mut self, bytes: &[u8]) {
        self.gathered.extend_from_slice(bytes);
        self.spill();
    }

    fn spill(&mut self) {
        if self.gathered.len() >= GATHERED {
            self.hasher.update(&self.gathered);
            self.gathered.clear();
        }
    }

    pub(super) fn finish(mut self) -> SegmentId {
        self.hasher.update(&self.gathered);
        let mut id = SegmentId::default();
        id.0.copy_from_slice(&self.hasher.finalize().as_bytes()[..16]);
        id
    }
}
