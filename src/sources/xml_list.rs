//! Lists in XML that give each party an element of its own.

use std::path::PathBuf;

use crate::model::{DatasetName, RecordId};

use super::batch::{Collector, Progress};
use super::input::{Input, MAX_XML_BYTES};
use super::xml::{self, Element};
use super::{Batch, Format, SourceError, links};

/// What a format of this sort consists of.
pub(super) struct Layout {
    /// The format.
    pub format: Format,
    /// The root element.
    pub root: &'static str,
    /// The elements of parties.
    pub parties: &'static [&'static str],
    /// What the number of a party is called, and where it stands.
    pub number: (&'static str, fn(&Element) -> &str),
    /// Takes a party, at its place.
    pub take: fn(RecordId, &Element, String, &mut Collector),
}

/// Reads the list; one file.
pub(super) fn read(
    layout: &Layout,
    dataset: &DatasetName,
    files: &[PathBuf],
    progress: &dyn Fn(Progress),
) -> Result<Batch, SourceError> {
    let [path] = files else {
        let reason = format!("one XML file is needed, {} given", files.len());
        return Err(SourceError::Files { format: layout.format, reason });
    };
    let input = Input::load(path, MAX_XML_BYTES)?;
    let mut told = Progress { bytes: 0, total_bytes: input.text.len() as u64, read: 0 };
    let mut collector = Collector::default();
    let (field, number_of) = layout.number;
    xml::read(&input, layout.root, layout.parties, &mut |found| {
        let element = found.element.as_ref().unwrap_or_else(|(_, element)| element);
        let number = number_of(element);
        let place = format!("{} {field} {number}", input.place(found.line));
        let id = match number {
            "" => Err(format!("{field}: the record has no number")),
            number => RecordId::new(dataset, number).map_err(|error| format!("{field}: {error}")),
        };
        let known = (!number.is_empty()).then(|| format!("{dataset}:{number}"));
        let fault = found.element.as_ref().err().map(|(reason, _)| reason.clone());
        match fault.map_or(id, Err) {
            Ok(id) => (layout.take)(id, element, place, &mut collector),
            Err(reason) => collector.quarantine(place, known, reason),
        }
        if collector.read().is_multiple_of(256) {
            (told.bytes, told.read) = (found.bytes, collector.read());
            progress(told);
        }
    })?;
    (told.bytes, told.read) = (told.total_bytes, collector.read());
    progress(told);
    links::resolve(collector.records_mut());
    Ok(collector.finish())
}
