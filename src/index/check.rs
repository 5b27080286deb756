use fst::Streamer;

use super::layout::{NAMES, RECORDS, TEXTS, lane_tags};
use super::{Index, IndexError, LaneEntry, NameOrd, RecordOrd};

impl Index {
    /// Reads everything and holds each part against the others. What [`Index::open`] has verified passes; this finds
    /// what checksums cannot, the faults of a builder, and damage that came after.
    ///
    /// # Errors
    /// [`IndexError::Damaged`] or [`IndexError::Count`] for the first fault.
    pub fn check(&self) -> Result<(), IndexError> {
        self.check_records()?;
        let mut texts = 0;
        if !self.texts().walk(|_| texts += 1) {
            return Err(self.damaged(&TEXTS.to_string(), "text", texts));
        }
        let names = u64::from(self.name_count());
        if texts != names {
            let file = self.file(&TEXTS.to_string());
            return Err(IndexError::Count { file, what: "texts", found: texts, expected: names });
        }
        self.manifest().segments.iter().flat_map(|segment| &segment.lanes).try_for_each(|lane| self.check_lane(lane))
    }

    fn check_records(&self) -> Result<(), IndexError> {
        let mut names = 0;
        let mut last = None;
        for number in 0..self.record_count() {
            let damaged = || self.damaged(&RECORDS.to_string(), "record", u64::from(number));
            let record = self.record(RecordOrd(number)).ok_or_else(damaged)?;
            if record.names.start != names || record.names.end < names || last >= Some(record.id) {
                return Err(damaged());
            }
            last = Some(record.id);
            for name in record.names.clone() {
                if self.name(NameOrd(name)).is_none_or(|name| name.record != RecordOrd(number)) {
                    return Err(self.damaged(&NAMES.to_string(), "name", u64::from(name)));
                }
            }
            names = record.names.end;
        }
        if names != self.name_count() {
            let (file, found, expected) = (self.file(&RECORDS.to_string()), names.into(), self.name_count().into());
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
            let frequency = self.frequency(entry.lane, ordinal);
            let mut postings = self.postings(entry.lane, ordinal);
            let (mut names, mut records, mut last) = (0, 0, None);
            for posting in &mut postings {
                let record = self.name(posting.name).map(|name| name.record);
                names += 1;
                records += u32::from(record != last);
                last = record;
            }
            if postings.is_damaged() || names == 0 || (names, records) != (frequency.names, frequency.records) {
                return Err(self.damaged(&posts, "postings of term", ordinal));
            }
            total += u64::from(names);
            ordinal += 1;
        }
        if ordinal != lexicon.count() || total != entry.postings {
            let (file, found, expected) = (self.file(&posts), total, entry.postings);
            return Err(IndexError::Count { file, what: "postings", found, expected });
        }
        Ok(())
    }

    fn damaged(&self, kind: &str, what: &'static str, number: u64) -> IndexError {
        IndexError::Damaged { file: self.file(kind), what, number }
    }

    /// The name of the file of a kind.
    fn file(&self, kind: &str) -> String {
        let mut files = self.manifest().segments.iter().flat_map(|segment| &segment.files);
        files.find(|file| file.kind == kind).map_or_else(|| kind.to_owned(), |file| file.name.clone())
    }
}
