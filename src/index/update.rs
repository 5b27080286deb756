use std::sync::Arc;

use crate::storage::Directory;

use super::deleted::Deleted;
use super::merge::gather;
use super::segment::Segment;
use super::{Index, IndexError, MAX_SEGMENTS, Manifest, SegmentBuilder, Verify, overlay, writer};

/// Writes what makes an index show some changes: the records of `changed`, which replace those with the same ids, and
/// no longer those of `removed`. Returns the manifest, to be published; readers of the old one see nothing of it.
///
/// The changed records become a segment of their own. Where there would be more than [`MAX_SEGMENTS`], those behind the
/// first become one. Costs a pass over all terms of the index, and over all postings of a segment that loses records.
///
/// # Errors
/// As [`SegmentBuilder::write`]; files written so far are orphans.
pub fn update(
    index: &Index,
    changed: SegmentBuilder,
    removed: &[&str],
    directory: &dyn Directory,
) -> Result<Manifest, IndexError> {
    let versions = index.manifest().versions;
    let (labels, options) = (changed.options.labels.clone(), changed.options.clone());
    let mut segments: Vec<Arc<Segment>> = index.segments().to_vec();
    let mut deleted = lists(index, &changed, removed);
    if changed.record_count() > 0 {
        let entry = writer::write(changed, directory, versions)?;
        // What this program wrote a moment ago is read back only by who opens the index next.
        segments.push(Arc::new(Segment::open(directory, versions, &entry, Verify::Dictionaries)?));
        deleted.push(None);
    }
    for place in (0..segments.len()).rev() {
        let gone = deleted[place].as_ref().is_some_and(|gone| gone.list.len() as u32 == segments[place].entry.records);
        if gone && segments.len() > 1 {
            segments.remove(place);
            deleted.remove(place);
        }
    }
    if segments.len() > MAX_SEGMENTS {
        let mut folded = SegmentBuilder::with_options(options);
        for (segment, deleted) in segments.iter().zip(&deleted).skip(1) {
            gather(&mut folded, segment, deleted.as_ref())?;
        }
        segments.truncate(1);
        deleted.truncate(1);
        let entry = writer::write(folded, directory, versions)?;
        segments.push(Arc::new(Segment::open(directory, versions, &entry, Verify::Dictionaries)?));
        deleted.push(None);
    }
    let overlay = match segments.len() > 1 || deleted.iter().any(Option::is_some) {
        true => Some(overlay::write(directory, versions, &segments, &deleted)?),
        false => None,
    };
    let segments = segments.iter().map(|segment| segment.entry.clone()).collect();
    Ok(Manifest { versions, labels, segments, overlay })
}

/// The deleted records of each segment, with those that are replaced or removed.
fn lists(index: &Index, changed: &SegmentBuilder, removed: &[&str]) -> Vec<Option<Deleted>> {
    let replaced = changed.records.iter().filter_map(|record| std::str::from_utf8(changed.record(record).0).ok());
    let ids: Vec<&str> = replaced.chain(removed.iter().copied()).collect();
    let lists = index.segments().iter().enumerate().map(|(place, segment)| {
        let mut list: Vec<u32> = index.deleted(place).map_or(Vec::new(), |deleted| deleted.list.clone());
        list.extend(ids.iter().filter_map(|id| segment.records.find(id)));
        list.sort_unstable();
        list.dedup();
        if list.is_empty() { None } else { Deleted::new(list, &segment.records, segment.names.count()) }
    });
    lists.collect()
}
