use rayon::prelude::*;

use crate::storage::{Directory, Envelope, Header, SegmentId, StorageError, Tag, Versions};

use super::layout::{FORMAT, IDS, NAMES, PAYLOADS, RECORDS, TEXTS, lane_tags};
use super::lexicon::Lexicon;
use super::names::Names;
use super::records::Records;
use super::texts::Texts;
use super::{FileEntry, IndexError, Lane, LaneEntry, MANIFEST_FILE, SegmentEntry, Verify};

/// One segment, opened.
pub(super) struct Segment {
    pub(super) entry: SegmentEntry,
    pub(super) lanes: [Option<Lexicon>; Lane::COUNT],
    pub(super) names: Names,
    pub(super) texts: Texts,
    pub(super) records: Records,
    /// Its files.
    pub(super) envelopes: Vec<Envelope>,
}

/// What the manifest says and this version cannot follow.
pub(super) fn refuse(reason: String) -> IndexError {
    IndexError::Manifest { file: MANIFEST_FILE.to_owned(), reason }
}

impl Segment {
    pub(super) fn open(
        directory: &dyn Directory,
        versions: Versions,
        entry: &SegmentEntry,
        verify: Verify,
    ) -> Result<Segment, IndexError> {
        check_lanes(&entry.lanes)?;
        let lanes = entry.lanes.iter().flat_map(|entry| lane_tags(entry.lane));
        let tags = [NAMES, PAYLOADS, TEXTS, RECORDS, IDS].into_iter().chain(lanes).collect::<Vec<_>>();
        let is_dictionary = |tag: Tag| entry.lanes.iter().any(|entry| lane_tags(entry.lane)[0] == tag);
        let whole = |tag| verify == Verify::Everything || is_dictionary(tag);
        let envelopes = open_files(directory, versions, entry.id, &entry.files, &tags, whole)?;
        let file = |place: usize| {
            let envelope = &envelopes[place];
            (envelope.file(), envelope.body().clone())
        };
        let [names, payloads, texts, records, ids] = [0, 1, 2, 3, 4].map(file);
        let mut lanes = [const { None }; Lane::COUNT];
        for (place, lane) in entry.lanes.iter().enumerate() {
            // `check_lanes` refuses lanes beyond the last.
            let slot = &mut lanes[usize::from(lane.lane.0)];
            *slot = Some(Lexicon::open(file(5 + 2 * place), file(6 + 2 * place), lane.terms)?);
        }
        let records_file = records.0.to_owned();
        let records = Records::open(records, ids, entry.records)?;
        if let Some(found) = records.names().filter(|found| *found != entry.names) {
            let (found, expected) = (found.into(), entry.names.into());
            return Err(IndexError::Count { file: records_file, what: "names", found, expected });
        }
        Ok(Segment {
            names: Names::open(names, payloads, entry.names)?,
            texts: Texts::open(texts.0, texts.1)?,
            records,
            lanes,
            entry: entry.clone(),
            envelopes,
        })
    }

    #[inline]
    pub(super) fn lexicon(&self, lane: Lane) -> Option<&Lexicon> {
        self.lanes.get(usize::from(lane.0))?.as_ref()
    }
}

/// Holds that lanes are lanes and come in order.
pub(super) fn check_lanes(lanes: &[LaneEntry]) -> Result<(), IndexError> {
    let lanes = lanes.iter().map(|entry| entry.lane);
    if !lanes.clone().is_sorted_by(|left, right| left < right) || lanes.clone().any(|lane| lane.place().is_none()) {
        return Err(refuse("lanes are not increasing numbers below 16".to_owned()));
    }
    Ok(())
}

/// Opens files of these kinds, in the order of the kinds, and verifies those that are to be read whole.
pub(super) fn open_files(
    directory: &dyn Directory,
    versions: Versions,
    segment: SegmentId,
    files: &[FileEntry],
    tags: &[Tag],
    whole: impl Fn(Tag) -> bool,
) -> Result<Vec<Envelope>, IndexError> {
    if files.len() != tags.len() {
        return Err(refuse(format!("{} files, expected {}", files.len(), tags.len())));
    }
    let mut envelopes = Vec::with_capacity(tags.len());
    for tag in tags {
        let kind = tag.to_string();
        let entry = files.iter().find(|entry| entry.kind == kind);
        let entry = entry.ok_or_else(|| refuse(format!("no file of kind {kind}")))?;
        let file = || entry.name.clone();
        let envelope = Envelope::open(&entry.name, directory.open(&entry.name)?)?;
        envelope.expect(&Header { tag: *tag, format: FORMAT, versions, segment })?;
        if envelope.length() != entry.length {
            let (found, expected) = (envelope.length(), entry.length);
            return Err(StorageError::Length { file: file(), found, expected }.into());
        }
        if envelope.digest() != entry.digest {
            let (found, expected) = (envelope.digest(), entry.digest);
            return Err(StorageError::Checksum { file: file(), found, expected }.into());
        }
        envelopes.push((envelope, whole(*tag)));
    }
    // Collected before it is looked at, so that of several damaged files the same one is always reported.
    let verified: Vec<Result<(), StorageError>> = envelopes
        .par_iter()
        .map(|(envelope, whole)| {
            envelope.body().will_need();
            if *whole { envelope.verify() } else { Ok(()) }
        })
        .collect();
    verified.into_iter().collect::<Result<(), StorageError>>()?;
    Ok(envelopes.into_iter().map(|(envelope, _)| envelope).collect())
}
