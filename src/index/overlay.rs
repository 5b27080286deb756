//! One dictionary a lane over all segments, with what live records have.
//!
//! `union-NN`: an fst from key to ordinal. `links-NN`: a row by ordinal, the names and records that have the term (u32
//! each) and by segment its ordinal there plus one (u32 each, 0 where the segment lacks it or only deleted names have
//! it).

use std::io::Write;
use std::sync::Arc;

use fst::Streamer;
use fst::raw::{Fst, OpBuilder};
use rayon::prelude::*;

use crate::storage::{Bytes, Directory, Envelope, SegmentId, Tag, Versions};

use super::deleted::{self, Deleted};
use super::digest::Hasher;
use super::layout::{DELETED, FORMAT, overlay_tags, u32_at};
use super::lexicon::{Lexicon, dictionary};
use super::segment::{Segment, check_lanes, open_files, refuse};
use super::writer::Output;
use super::{Frequency, IndexError, Lane, LaneEntry, OverlayEntry, Verify};

/// What lies over the segments, opened.
pub(super) struct Overlay {
    lanes: [Option<Union>; Lane::COUNT],
    pub(super) envelopes: Vec<Envelope>,
}

/// One lane over all segments.
pub(super) struct Union {
    pub(super) terms: Fst<Bytes>,
    links: Bytes,
    segments: usize,
}

impl Union {
    fn row(&self, ordinal: u64) -> Option<&[u8]> {
        let length = row_length(self.segments);
        let at = usize::try_from(ordinal).ok()?.checked_mul(length)?;
        self.links.get(at..)?.get(..length)
    }

    #[inline]
    pub(super) fn frequency(&self, ordinal: u64) -> Option<Frequency> {
        let row = self.row(ordinal)?;
        Some(Frequency { names: u32_at(row, 0)?, records: u32_at(row, 4)? })
    }

    /// The ordinal of a term in a segment.
    #[inline]
    pub(super) fn link(&self, ordinal: u64, segment: usize) -> Option<u64> {
        u32_at(self.row(ordinal)?, 8 + 4 * segment)?.checked_sub(1).map(u64::from)
    }
}

fn row_length(segments: usize) -> usize {
    8 + 4 * segments
}

impl Overlay {
    /// Opens what lies over these segments. Returned with the deleted records of each.
    pub(super) fn open(
        directory: &dyn Directory,
        versions: Versions,
        entry: &OverlayEntry,
        segments: &[Arc<Segment>],
        verify: Verify,
    ) -> Result<(Overlay, Vec<Option<Deleted>>), IndexError> {
        check_lanes(&entry.lanes)?;
        let lanes = entry.lanes.iter().flat_map(|entry| overlay_tags(entry.lane));
        let tags = [DELETED].into_iter().chain(lanes).collect::<Vec<_>>();
        // The list of deleted records decides what is shown, so it is always read.
        let is_read = |tag: Tag| tag == DELETED || entry.lanes.iter().any(|entry| overlay_tags(entry.lane)[0] == tag);
        let whole = |tag| verify == Verify::Everything || is_read(tag);
        let envelopes = open_files(directory, versions, entry.id, &entry.files, &tags, whole)?;
        let file = |place: usize| (envelopes[place].file(), envelopes[place].body().clone());
        if id(versions, segments, &file(0).1) != entry.id {
            return Err(refuse("the overlay lies over other segments".to_owned()));
        }
        let mut lanes = [const { None }; Lane::COUNT];
        for (place, lane) in entry.lanes.iter().enumerate() {
            let (name, body) = file(1 + 2 * place);
            let terms = dictionary(name, body, lane.terms)?;
            let (name, links) = file(2 + 2 * place);
            let expected = lane.terms.saturating_mul(row_length(segments.len()) as u64);
            if links.len() as u64 != expected {
                let (file, found) = (name.to_owned(), links.len() as u64);
                return Err(IndexError::Count { file, what: "bytes of links", found, expected });
            }
            // `check_lanes` refuses lanes beyond the last.
            lanes[usize::from(lane.lane.0)] = Some(Union { terms, links, segments: segments.len() });
        }
        let (name, body) = file(0);
        let counts: Vec<u32> = segments.iter().map(|segment| segment.records.count()).collect();
        let lists = deleted::decode(name, &body, &counts)?;
        if !lists.iter().map(|list| list.len() as u64).eq(entry.deleted.iter().map(|count| u64::from(*count))) {
            return Err(refuse("another number of deleted records than the list has".to_owned()));
        }
        let damaged = |number| IndexError::Damaged { file: name.to_owned(), what: "list", number };
        let mut deleted = Vec::with_capacity(lists.len());
        for (number, (list, segment)) in (0..).zip(lists.into_iter().zip(segments)) {
            deleted.push(match list.is_empty() {
                true => None,
                false => {
                    Some(Deleted::new(list, &segment.records, segment.names.count()).ok_or_else(|| damaged(number))?)
                }
            });
        }
        Ok((Overlay { lanes, envelopes }, deleted))
    }

    #[inline]
    pub(super) fn lane(&self, lane: Lane) -> Option<&Union> {
        self.lanes.get(usize::from(lane.0))?.as_ref()
    }
}

/// Writes what lies over these segments.
pub(super) fn write(
    directory: &dyn Directory,
    versions: Versions,
    segments: &[Arc<Segment>],
    deleted: &[Option<Deleted>],
) -> Result<OverlayEntry, IndexError> {
    let lists: Vec<Vec<u32>> =
        deleted.iter().map(|deleted| deleted.as_ref().map_or(Vec::new(), |deleted| deleted.list.clone())).collect();
    let list = deleted::encode(&lists);
    let mut output = Output { directory, versions, segment: id(versions, segments, &list), files: Vec::new() };
    output.write(DELETED, |file| file.write_all(&list))?;
    let lanes: Vec<Lane> = Lane::all().collect();
    let merged: Vec<Merged> =
        lanes.par_iter().map(|lane| merge(*lane, segments, deleted)).collect::<Result<_, IndexError>>()?;
    let mut entries = Vec::new();
    for (lane, merged) in lanes.into_iter().zip(merged).filter(|(_, merged)| merged.terms > 0) {
        let [union, links] = overlay_tags(lane);
        output.write(union, |file| file.write_all(&merged.dictionary))?;
        output.write(links, |file| file.write_all(&merged.links))?;
        entries.push(LaneEntry { lane, terms: merged.terms, postings: merged.postings });
    }
    directory.sync()?;
    let deleted = lists.iter().map(|list| list.len() as u32).collect();
    Ok(OverlayEntry { id: output.segment, deleted, lanes: entries, files: output.files })
}

fn id(versions: Versions, segments: &[Arc<Segment>], deleted: &[u8]) -> SegmentId {
    let mut hasher = Hasher::default();
    for number in [FORMAT, versions.alphabet, versions.tables] {
        hasher.number(number.into());
    }
    hasher.number(segments.len() as u64);
    segments.iter().for_each(|segment| hasher.part(&segment.entry.id.0));
    hasher.part(deleted);
    hasher.finish()
}

/// One lane, merged.
#[derive(Default)]
struct Merged {
    dictionary: Vec<u8>,
    links: Vec<u8>,
    terms: u64,
    postings: u64,
}

fn merge(lane: Lane, segments: &[Arc<Segment>], deleted: &[Option<Deleted>]) -> Result<Merged, IndexError> {
    let lexicons: Vec<Option<&Lexicon>> = segments.iter().map(|segment| segment.lexicon(lane)).collect();
    let present: Vec<usize> = (0..segments.len()).filter(|segment| lexicons[*segment].is_some()).collect();
    let mut union = OpBuilder::new();
    lexicons.iter().flatten().for_each(|lexicon| union.push(lexicon.terms()));
    let mut union = union.union();
    let mut merged = Merged::default();
    if present.is_empty() {
        return Ok(merged);
    }
    let failed = |source| IndexError::Dictionary { file: overlay_tags(lane)[0].to_string(), source };
    let mut dictionary = fst::raw::Builder::memory();
    while let Some((key, found)) = union.next() {
        let mut links = [0u32; super::MAX_SEGMENTS];
        let mut live = Frequency::default();
        for found in found {
            let segment = present[found.index];
            let own = live_frequency(&segments[segment], deleted[segment].as_ref(), lane, found.value);
            if own.names > 0 {
                // Ordinals of a lane are held within u32 by the builder.
                links[segment] = found.value as u32 + 1;
                live.names = live.names.saturating_add(own.names);
                live.records = live.records.saturating_add(own.records);
            }
        }
        if live.names == 0 {
            continue;
        }
        dictionary.insert(key, merged.terms).map_err(failed)?;
        merged.terms += 1;
        merged.postings += u64::from(live.names);
        merged.links.extend_from_slice(&live.names.to_le_bytes());
        merged.links.extend_from_slice(&live.records.to_le_bytes());
        links[..segments.len()].iter().for_each(|link| merged.links.extend_from_slice(&link.to_le_bytes()));
    }
    merged.dictionary = dictionary.into_inner().map_err(failed)?;
    Ok(merged)
}

/// In how many names and records of a segment a term occurs that are not deleted.
pub(super) fn live_frequency(segment: &Segment, deleted: Option<&Deleted>, lane: Lane, ordinal: u64) -> Frequency {
    let Some(lexicon) = segment.lexicon(lane) else { return Frequency::default() };
    let mut live = lexicon.frequency(ordinal).unwrap_or_default();
    let Some(deleted) = deleted else { return live };
    let mut postings = lexicon.postings(ordinal, segment.names.count());
    let mut last = None;
    while let Some(posting) = postings.next_of_all() {
        if deleted.names.has(posting.name.0) {
            let record = segment.names.get(posting.name.0).map(|name| name.record);
            live.names = live.names.saturating_sub(1);
            live.records = live.records.saturating_sub(u32::from(record != last));
            last = record;
        }
    }
    live
}
