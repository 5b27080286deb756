use std::cmp::Ordering;
use std::ops::Range;
use std::sync::Arc;

use fst::raw::Fst;
use fst::{IntoStreamer, Streamer};

use crate::storage::{Bytes, Envelope};

use super::deleted::Deleted;
use super::lexicon::Lexicon;
use super::overlay::{Overlay, Union};
use super::segment::Segment;
use super::{Frequency, IndexError, Lane, Manifest, NameOrd, NameView, Postings, RecordOrd, RecordView, Word};

/// One version of an index, opened. It does not change, and it stays readable when the next version is published.
///
/// Names and records are numbered through all segments. Those that are deleted keep their numbers, and are not there.
pub struct Index {
    pub(super) manifest: Manifest,
    pub(super) version: String,
    pub(super) segments: Vec<Arc<Segment>>,
    /// One for each segment.
    pub(super) places: Vec<Place>,
    pub(super) overlay: Option<Overlay>,
}

/// Where a segment stands in the index.
pub(super) struct Place {
    /// The number of its first name.
    pub(super) name: u32,
    /// The number of its first record.
    pub(super) record: u32,
    pub(super) deleted: Option<Deleted>,
}

impl Index {
    /// Reads every byte again, file by file, and compares the checksums: finds what happened to the files since they
    /// were opened. Costs a read of the whole index on one thread.
    ///
    /// # Errors
    /// [`crate::storage::StorageError::Checksum`] for the first file that changed.
    pub fn verify(&self) -> Result<(), IndexError> {
        let overlay = self.overlay.iter().flat_map(|overlay| &overlay.envelopes);
        let mut all = self.segments.iter().flat_map(|segment| &segment.envelopes).chain(overlay);
        Ok(all.try_for_each(Envelope::verify)?)
    }

    /// What it is made of.
    pub fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// Its version: see [`Manifest::version`].
    pub fn version(&self) -> &str {
        &self.version
    }

    /// The lanes that have terms, in order.
    pub fn lanes(&self) -> impl Iterator<Item = Lane> {
        Lane::all().filter(|lane| self.terms(*lane).is_some())
    }

    /// The dictionary of a lane, from key to ordinal: ordinals are dense and increase with the key. `None` for a lane
    /// without terms.
    pub fn terms(&self, lane: Lane) -> Option<&Fst<Bytes>> {
        match &self.overlay {
            None => self.lexicon(lane).map(Lexicon::terms),
            Some(overlay) => overlay.lane(lane).map(|union| &union.terms),
        }
    }

    /// The ordinal of a key.
    pub fn term(&self, lane: Lane, key: &[u8]) -> Option<u64> {
        self.terms(lane)?.get(key).map(|output| output.value())
    }

    /// The key of an ordinal.
    pub fn key(&self, lane: Lane, ordinal: u64) -> Option<Vec<u8>> {
        let terms = self.terms(lane)?;
        if ordinal >= terms.len() as u64 {
            return None;
        }
        terms.get_key(ordinal)
    }

    /// Appends the key of a word; false if there is none.
    pub fn spell(&self, word: Word, into: &mut Vec<u8>) -> bool {
        let segment = self.segments.get(usize::from(word.segment));
        let lexicon = segment.and_then(|segment| segment.lexicon(word.lane));
        lexicon.is_some_and(|lexicon| lexicon.key(word.ordinal.into(), into))
    }

    /// How many segments there are.
    pub fn segment_count(&self) -> usize {
        self.segments.len()
    }

    /// Where the terms from one ordinal to another stand in the dictionary of a segment: the first, and the one behind
    /// the last. Words of names are terms of their segment: see [`Word`].
    pub fn within_segment(&self, segment: usize, lane: Lane, first: u64, last: u64) -> Option<Range<u64>> {
        let lexicon = self.segments.get(segment)?.lexicon(lane)?;
        if self.overlay.is_none() {
            return Some(first..last + 1);
        }
        let (first, last) = (self.key(lane, first)?, self.key(lane, last)?);
        let from = lexicon.terms().range().ge(&first).into_stream().next().map(|(_, output)| output.value());
        let behind = lexicon.terms().range().gt(&last).into_stream().next().map(|(_, output)| output.value());
        Some(from?..behind.unwrap_or(lexicon.count()))
    }

    /// In how many names and records a term occurs; zero for what is not there.
    #[inline]
    pub fn frequency(&self, lane: Lane, ordinal: u64) -> Frequency {
        let found = match &self.overlay {
            None => self.lexicon(lane).and_then(|lexicon| lexicon.frequency(ordinal)),
            Some(overlay) => overlay.lane(lane).and_then(|union| union.frequency(ordinal)),
        };
        found.unwrap_or_default()
    }

    /// The names that contain a term, increasing; none for what is not there.
    #[inline]
    pub fn postings(&self, lane: Lane, ordinal: u64) -> Postings<'_> {
        match &self.overlay {
            None => match self.lexicon(lane) {
                Some(lexicon) => Postings::of(lexicon.postings(ordinal, self.segments[0].names.count())),
                None => Postings::default(),
            },
            Some(overlay) => match overlay.lane(lane) {
                Some(union) => self.postings_of_all(union, lane, ordinal),
                None => Postings::default(),
            },
        }
    }

    fn postings_of_all(&self, union: &Union, lane: Lane, ordinal: u64) -> Postings<'_> {
        let mut postings = Postings::default();
        for (number, (segment, place)) in self.segments.iter().zip(&self.places).enumerate().rev() {
            let link = union.link(ordinal, number);
            if let (Some(own), Some(lexicon)) = (link, segment.lexicon(lane)) {
                let part = lexicon.postings(own, segment.names.count());
                let deleted = place.deleted.as_ref().map(|deleted| &deleted.names);
                postings.put_in_front(part.within(place.name, deleted));
            }
        }
        postings
    }

    /// A name; `None` for a deleted one and beyond the last.
    #[inline]
    pub fn name(&self, name: NameOrd) -> Option<NameView<'_>> {
        let (number, own) = self.place_of_name(name)?;
        let mut view = self.segments[number].names.get(own)?;
        view.record.0 = view.record.0.checked_add(self.places[number].record)?;
        view.words.segment = number as u8;
        Some(view)
    }

    /// A name as published; `None` for a deleted one and beyond the last. Costs the decompression of a block.
    pub fn name_text(&self, name: NameOrd) -> Option<String> {
        let (number, own) = self.place_of_name(name)?;
        self.segments[number].texts.get(own)
    }

    /// A record; `None` for a deleted one and beyond the last.
    #[inline]
    pub fn record(&self, record: RecordOrd) -> Option<RecordView<'_>> {
        let (number, own) = self.place_of_record(record)?;
        let mut view = self.segments[number].records.get(own)?;
        let first = self.places[number].name;
        view.names = view.names.start.checked_add(first)?..view.names.end.checked_add(first)?;
        Some(view)
    }

    /// The id of a record; `None` for a deleted one and beyond the last.
    pub fn record_id(&self, record: RecordOrd) -> Option<String> {
        let (number, own) = self.place_of_record(record)?;
        self.segments[number].records.id(own)
    }

    /// The record of an id, by binary search.
    pub fn record_by_id(&self, id: &str) -> Option<RecordOrd> {
        let mut all = self.segments.iter().zip(&self.places).rev();
        all.find_map(|(segment, place)| {
            let own = segment.records.find(id)?;
            let is_deleted = place.deleted.as_ref().is_some_and(|deleted| deleted.records.has(own));
            (!is_deleted).then(|| RecordOrd(own + place.record))
        })
    }

    /// All records, by segment and id.
    pub fn records(&self) -> impl Iterator<Item = RecordOrd> + '_ {
        let all = self.segments.iter().zip(&self.places);
        all.flat_map(|(segment, place)| {
            let live = move |own: &u32| !place.deleted.as_ref().is_some_and(|deleted| deleted.records.has(*own));
            (0..segment.records.count()).filter(live).map(|own| RecordOrd(own + place.record))
        })
    }

    /// The order of two records by their ids.
    pub fn compare_records(&self, left: RecordOrd, right: RecordOrd) -> Ordering {
        let segment = |record| self.place_of_record(record).map(|(number, _)| number);
        match segment(left) == segment(right) {
            true => left.0.cmp(&right.0),
            false => self.record_id(left).cmp(&self.record_id(right)),
        }
    }

    /// The order of two names by their records, and of those of one record as given.
    pub fn compare_names(&self, left: NameOrd, right: NameOrd) -> Ordering {
        let segment = |name| self.place_of_name(name).map(|(number, _)| number);
        if self.segments.len() == 1 || segment(left) == segment(right) {
            return left.0.cmp(&right.0);
        }
        let id = |name| self.name(name).and_then(|view| self.record_id(view.record));
        id(left).cmp(&id(right)).then(left.0.cmp(&right.0))
    }

    /// How many names there are.
    #[inline]
    pub fn name_count(&self) -> u32 {
        let count = |(segment, place): (&Arc<Segment>, &Place)| {
            let deleted = place.deleted.as_ref().map_or(0, |deleted| deleted.name_count);
            // Damaged records may claim the names of others.
            segment.names.count().saturating_sub(deleted)
        };
        self.segments.iter().zip(&self.places).map(count).sum()
    }

    /// How many records there are.
    pub fn record_count(&self) -> u32 {
        let count = |(segment, place): (&Arc<Segment>, &Place)| {
            segment.records.count() - place.deleted.as_ref().map_or(0, |deleted| deleted.list.len() as u32)
        };
        self.segments.iter().zip(&self.places).map(count).sum()
    }

    /// How many names are in another segment than the first, or deleted: what [`compact`](super::compact) would move.
    pub fn scattered_names(&self) -> u32 {
        self.name_limit() - self.segments[0].names.count()
            + self.places[0].deleted.as_ref().map_or(0, |deleted| deleted.name_count)
    }

    /// The number behind that of the last name, deleted or not.
    pub fn name_limit(&self) -> u32 {
        self.segments.last().zip(self.places.last()).map_or(0, |(segment, place)| place.name + segment.names.count())
    }

    #[inline]
    fn place_of_name(&self, name: NameOrd) -> Option<(usize, u32)> {
        let number = self.places.iter().rposition(|place| place.name <= name.0)?;
        let own = name.0 - self.places[number].name;
        let is_deleted = self.places[number].deleted.as_ref().is_some_and(|deleted| deleted.names.has(own));
        (!is_deleted).then_some((number, own))
    }

    #[inline]
    fn place_of_record(&self, record: RecordOrd) -> Option<(usize, u32)> {
        let number = self.places.iter().rposition(|place| place.record <= record.0)?;
        let own = record.0 - self.places[number].record;
        let is_deleted = self.places[number].deleted.as_ref().is_some_and(|deleted| deleted.records.has(own));
        (!is_deleted).then_some((number, own))
    }

    /// The terms of the only segment.
    #[inline]
    fn lexicon(&self, lane: Lane) -> Option<&Lexicon> {
        self.segments[0].lexicon(lane)
    }

    pub(super) fn segments(&self) -> &[Arc<Segment>] {
        &self.segments
    }

    /// The deleted records of a segment.
    pub(super) fn deleted(&self, segment: usize) -> Option<&Deleted> {
        self.places[segment].deleted.as_ref()
    }

    pub(super) fn overlay(&self) -> Option<&Overlay> {
        self.overlay.as_ref()
    }
}
