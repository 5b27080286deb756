use crate::storage::Directory;

use super::builder::{GatheredTerm, template};
use super::deleted::Deleted;
use super::segment::Segment;
use super::{BuildOptions, Index, IndexError, Lane, Manifest, SegmentBuilder};

/// Writes one segment with all that an index shows, the very one that a builder would write of the same records.
/// Returns the manifest, to be published.
///
/// # Errors
/// As [`SegmentBuilder::write`], and [`IndexError::Damaged`] where a segment is not what its builder wrote.
pub fn compact(index: &Index, directory: &dyn Directory, options: BuildOptions) -> Result<Manifest, IndexError> {
    let mut builder = SegmentBuilder::with_options(options);
    for (place, segment) in index.segments().iter().enumerate() {
        gather(&mut builder, segment, index.deleted(place))?;
    }
    builder.write(directory, index.manifest().versions)
}

/// A term of a name.
#[derive(Clone, Copy, Default)]
struct Own {
    ordinal: u32,
    lane: u8,
    flags: u8,
}

/// The terms of all names of a segment, name by name.
struct Forward {
    /// Where the terms of a name begin, and one more that ends the last.
    starts: Vec<u64>,
    terms: Vec<Own>,
}

impl Forward {
    fn new(segment: &Segment) -> Forward {
        let count = segment.names.count();
        let mut starts = vec![0u64; count as usize + 1];
        each_posting(segment, |name, _| starts[name as usize + 1] += 1);
        for name in 0..count as usize {
            starts[name + 1] += starts[name];
        }
        let mut next = starts.clone();
        let mut terms = vec![Own::default(); starts.last().copied().unwrap_or(0) as usize];
        each_posting(segment, |name, own| {
            let place = &mut next[name as usize];
            terms[*place as usize] = own;
            *place += 1;
        });
        Forward { starts, terms }
    }

    fn of(&self, name: u32) -> &[Own] {
        &self.terms[self.starts[name as usize] as usize..self.starts[name as usize + 1] as usize]
    }
}

fn each_posting(segment: &Segment, mut each: impl FnMut(u32, Own)) {
    for lane in Lane::all() {
        let Some(lexicon) = segment.lexicon(lane) else { continue };
        for ordinal in 0..lexicon.count() {
            let mut postings = lexicon.postings(ordinal, segment.names.count());
            while let Some(posting) = postings.next_of_all() {
                // Ordinals of a lane are held within u32 by the builder.
                each(posting.name.0, Own { ordinal: ordinal as u32, lane: lane.0, flags: posting.flags });
            }
        }
    }
}

/// Adds the records of a segment that are not deleted to a builder.
pub(super) fn gather(
    builder: &mut SegmentBuilder,
    segment: &Segment,
    deleted: Option<&Deleted>,
) -> Result<(), IndexError> {
    let damaged = |what, number: u32| {
        let file = segment.entry.files.first().map_or(String::new(), |file| file.name.clone());
        IndexError::Damaged { file, what, number: number.into() }
    };
    let forward = Forward::new(segment);
    // The numbers of terms in the builder by their ordinals here, and none for those not met yet.
    let mut numbers: Vec<Vec<u32>> = Lane::all()
        .map(|lane| vec![u32::MAX; segment.lexicon(lane).map_or(0, |lexicon| lexicon.count() as usize)])
        .collect();
    let mut texts = segment.texts.all();
    let (mut head, mut key, mut own) = (Vec::new(), Vec::new(), Vec::new());
    for record in 0..segment.records.count() {
        let id = segment.records.id(record).ok_or_else(|| damaged("record", record))?;
        let view = segment.records.get(record).ok_or_else(|| damaged("record", record))?;
        if deleted.is_some_and(|deleted| deleted.records.has(record)) {
            for name in view.names {
                texts.next().ok_or_else(|| damaged("text", name))?;
            }
            continue;
        }
        builder.open_record(&id, view.payload, view.names.len());
        for name in view.names {
            let text = texts.next().ok_or_else(|| damaged("text", name))?;
            let stored = segment.names.get(name).ok_or_else(|| damaged("name", name))?;
            head.clear();
            template(&mut head, stored.words.lanes.iter().copied(), stored.payload);
            let payload = builder.payloads.insert(&head);
            // The words come first, each with the flags of its posting; then what else the name is found by.
            own.clear();
            let terms = forward.of(name);
            for word in stored.words {
                let is_it = |term: &&Own| term.lane == word.lane.0 && term.ordinal == word.ordinal;
                own.push(*terms.iter().find(is_it).ok_or_else(|| damaged("word of name", name))?);
            }
            let words = own.len();
            for term in terms {
                let is_it = |word: &Own| word.lane == term.lane && word.ordinal == term.ordinal;
                if !own[..words].iter().any(is_it) {
                    own.push(*term);
                }
            }
            builder.open_name(text, payload, own.len());
            for term in &own {
                let lane = usize::from(term.lane);
                let number = &mut numbers[lane][term.ordinal as usize];
                if *number == u32::MAX {
                    key.clear();
                    if !segment.lexicon(Lane(term.lane)).is_some_and(|own| own.key(term.ordinal.into(), &mut key)) {
                        return Err(damaged("word of name", name));
                    }
                    *number = builder.keys[lane].insert(&key);
                }
                builder.terms.add(&[GatheredTerm { number: *number, lane: term.lane, flags: term.flags }]);
            }
        }
    }
    Ok(())
}
