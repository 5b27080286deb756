use std::collections::HashMap;

use crate::model::{Record, RecordId};

/// What a list gave. Nothing is lost in silence: every row read is a record or is quarantined.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Batch {
    /// The valid records in their canonical form, in the order of the files.
    pub records: Vec<Record>,
    /// What was refused, and why, in the order of the files.
    pub quarantined: Vec<Quarantined>,
    /// How many rows were read: records and quarantined together.
    pub read: u64,
    /// How many rows the mapping's filters left out; they do not count as read.
    pub skipped: u64,
    /// What was noticed but is not lost.
    pub warnings: Vec<Warning>,
}

/// A row that was refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Quarantined {
    /// Where it stands: `alt.csv:17`, or `un.xml:1234 DATAID 6908522`.
    pub place: String,
    /// The record it would have been or belongs to, where that is known.
    pub record_id: Option<String>,
    /// What is wrong; names the field.
    pub reason: String,
}

/// Something noticed that loses nothing: the text is kept as published.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Warning {
    /// Where it stands, as in [`Quarantined`].
    pub place: String,
    /// What was noticed; names the field.
    pub text: String,
}

/// How far reading has come. Told every thousand rows or so, and at the end of each file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// Bytes read of all files.
    pub bytes: u64,
    /// Bytes of all files.
    pub total_bytes: u64,
    /// Rows read so far.
    pub read: u64,
}

/// Gathers a batch: canonical form, validity and unique ids are seen to here, once for every format.
#[derive(Default)]
pub(super) struct Collector {
    batch: Batch,
    places: HashMap<RecordId, String>,
}

impl Collector {
    /// How many rows were read so far.
    pub(super) fn read(&self) -> u64 {
        (self.batch.records.len() + self.batch.quarantined.len()) as u64
    }

    /// Takes a record, or quarantines it if it is not valid or its id was there before.
    pub(super) fn add(&mut self, place: String, mut record: Record) {
        record.canonicalize();
        if let Err(error) = record.validate() {
            self.quarantine(place, Some(record.id.to_string()), error.to_string());
        } else if let Some(first) = self.places.get(&record.id) {
            let reason = format!("id: {} is already the id of the row at {first}", record.id);
            self.quarantine(place, Some(record.id.to_string()), reason);
        } else {
            self.places.insert(record.id.clone(), place);
            self.batch.records.push(record);
        }
    }

    /// Sets a row aside.
    pub(super) fn quarantine(&mut self, place: String, record_id: Option<String>, reason: String) {
        self.batch.quarantined.push(Quarantined { place, record_id, reason });
    }

    /// Notes something.
    pub(super) fn warn(&mut self, place: impl Into<String>, text: impl Into<String>) {
        self.batch.warnings.push(Warning { place: place.into(), text: text.into() });
    }

    /// Counts a row that a filter left out.
    pub(super) fn skip(&mut self) {
        self.batch.skipped += 1;
    }

    /// The records taken so far, for links between them.
    pub(super) fn records_mut(&mut self) -> &mut [Record] {
        &mut self.batch.records
    }

    /// Ends the batch.
    pub(super) fn finish(mut self) -> Batch {
        self.batch.read = self.read();
        self.batch
    }
}
