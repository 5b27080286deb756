use fst::Streamer;

use super::layout::{DELETED, NAMES, RECORDS, TEXTS, lane_tags, overlay_tags};
use super::overlay::live_frequency;
use super::segment::Segment;
use super::{FileEntry, Index, IndexError, LaneEntry, NameOrd};

impl Index {
    /// Reads everything and holds each part against the others. What [`Index::open`] has verified passes; this finds
    /// what checksums cannot, the faults of a builder, and damage that came after.
    ///
    /// # Errors
    /// [`IndexError::Damaged`] or [`IndexError::Count`] for the first fault.
    pub fn check(&self) -> Result<(), IndexError> {
        self.segments().iter().try_for_each(|segment| segment.check())?;
        let Some(entry) = &self.manifest().overlay else { return Ok(()) };
        self.check_ids(&entry.files)?;
        entry.lanes.iter().try_for_each(|lane| self.check_union(lane, &entry.files))
    }

    /// An id must not be there twice, whatever the segments say one by one.
    fn check_ids(&self, files: &[FileEntry]) -> Result<(), IndexError> {
        for record in self.records() {
            let own = self.record_id(record).and_then(|id| self.record_by_id(&id));
            if own != Some(record) {
                let (file, number) = (file_of(files, &DELETED.to_string()), record.0.into());
                return Err(IndexError::Damaged { file, what: "record", number });
            }
        }
        Ok(())
    }

    fn check_union(&self, entry: &LaneEntry, files: &[FileEntry]) -> Result<(), IndexError> {
        let [union, links] = overlay_tags(entry.lane).map(|tag| file_of(files, &tag.to_string()));
        let damaged = |file: &String, what, number| IndexError::Damaged { file: file.clone(), what, number };
        let Some(lane) = self.overlay().and_then(|overlay| overlay.lane(entry.lane)) else { return Ok(()) };
        let (mut ordinal, mut total) = (0, 0);
        let mut stream = lane.terms.stream();
        let mut own = Vec::new();
        while let Some((key, output)) = stream.next() {
            if output.value() != ordinal {
                return Err(damaged(&union, "term", ordinal));
            }
            let (mut names, mut records) = (0, 0);
            for (place, segment) in self.segments().iter().enumerate() {
                let Some(link) = lane.link(ordinal, place) else { continue };
                own.clear();
                let lexicon = segment.lexicon(entry.lane);
                if !lexicon.is_some_and(|lexicon| lexicon.key(link, &mut own)) || own != key {
                    return Err(damaged(&links, "link of term", ordinal));
                }
                let live = live_frequency(segment, self.deleted(place), entry.lane, link);
                (names, records) = (names + live.names, records + live.records);
            }
            let frequency = self.frequency(entry.lane, ordinal);
            if names == 0 || (names, records) != (frequency.names, frequency.records) {
                return Err(damaged(&links, "link of term", ordinal));
            }
            total += u64::from(names);
            ordinal += 1;
        }
        // Whatever lives in a segment must be found from above.
        let mut live = 0;
        for (place, segment) in self.segments().iter().enumerate() {
            let terms = segment.lexicon(entry.lane).map_or(0, |lexicon| lexicon.count());
            let own = |term| u64::from(live_frequency(segment, self.deleted(place), entry.lane, term).names);
            live += (0..terms).map(own).sum::<u64>();
        }
        if total != entry.postings || total != live {
            let (file, found) = (links, total);
            return Err(IndexError::Count { file, what: "postings", found, expected: live });
        }
        Ok(())
    }
}

impl Segment {
    fn check(&self) -> Result<(), IndexError> {
        self.check_records()?;
        let (mut texts, mut cursor) = (0, self.texts.all());
        while cursor.next().is_some() {
            texts += 1;
        }
        if !cursor.is_done() {
            return Err(self.damaged(&TEXTS.to_string(), "text", texts));
        }
        let names = u64::from(self.names.count());
        if texts != names {
            let file = file_of(&self.entry.files, &TEXTS.to_string());
            return Err(IndexError::Count { file, what: "texts", found: texts, expected: names });
        }
        self.entry.lanes.iter().try_for_each(|lane| self.check_lane(lane))
    }

    fn check_records(&self) -> Result<(), IndexError> {
        let mut names = 0;
        let mut last = None;
        for number in 0..self.records.count() {
            let damaged = || self.damaged(&RECORDS.to_string(), "record", u64::from(number));
            let record = self.records.get(number).ok_or_else(damaged)?;
            let id = self.records.id(number).ok_or_else(damaged)?;
            let found = self.records.find(&id);
            if record.names.start != names || last >= Some(&id).cloned() || found != Some(number) {
                return Err(damaged());
            }
            last = Some(id);
            for name in record.names.clone() {
                let own = self.names.get(name).is_some_and(|name| name.record.0 == number);
                if !own || !self.names.is_whole(NameOrd(name)) {
                    return Err(self.damaged(&NAMES.to_string(), "name", u64::from(name)));
                }
            }
            names = record.names.end;
        }
        if names != self.names.count() {
            let file = file_of(&self.entry.files, &RECORDS.to_string());
            let (found, expected) = (names.into(), self.names.count().into());
            return Err(IndexError::Count { file, what: "names", found, expected });
        }
        Ok(())
    }

    fn check_lane(&self, entry: &LaneEntry) -> Result<(), IndexError> {
        let [terms, posts] = lane_tags(entry.lane).map(|tag| tag.to_string());
        let Some(lexicon) = self.lexicon(entry.lane) else { return Ok(()) };
        let (mut ordinal, mut total) = (0, 0);
        let mut stream = lexicon.terms().stream();
        while let Some((_, output)) = stream.next() {
            if output.value() != ordinal {
                return Err(self.damaged(&terms, "term", ordinal));
            }
            let frequency = lexicon.frequency(ordinal).unwrap_or_default();
            let mut postings = lexicon.postings(ordinal, self.names.count());
            let (mut names, mut records, mut last) = (0, 0, None);
            while let Some(posting) = postings.next_of_all() {
                let record = self.names.get(posting.name.0).map(|name| name.record);
                names += 1;
                records += u32::from(record != last);
                last = record;
                if !postings.is_in_step() {
                    return Err(self.damaged(&posts, "postings of term", ordinal));
                }
            }
            if names == 0 || (names, records) != (frequency.names, frequency.records) {
                return Err(self.damaged(&posts, "postings of term", ordinal));
            }
            total += u64::from(names);
            ordinal += 1;
        }
        if ordinal != lexicon.count() || total != entry.postings {
            let (found, expected) = (total, entry.postings);
            let file = file_of(&self.entry.files, &posts);
            return Err(IndexError::Count { file, what: "postings", found, expected });
        }
        Ok(())
    }

    fn damaged(&self, kind: &str, what: &'static str, number: u64) -> IndexError {
        IndexError::Damaged { file: file_of(&self.entry.files, kind), what, number }
    }
}

/// The name of the file of a kind.
fn file_of(files: &[FileEntry], kind: &str) -> String {
    files.iter().find(|file| file.kind == kind).map_or_else(|| kind.to_owned(), |file| file.name.clone())
}
