//! Lists that give one party in several rows: one for each of its names, addresses, dates.

use std::collections::HashMap;
use std::path::PathBuf;

use crate::model::{DatasetName, Kind, RecordId};

use super::batch::{Batch, Collector, Progress};
use super::columns::{Cells, Columns};
use super::draft::Draft;
use super::input::{Input, MAX_FILE_BYTES};
use super::rows::Dialect;
use super::{Format, SourceError, links};

/// What a format of grouped rows consists of.
pub(super) struct Layout {
    /// The format.
    pub format: Format,
    /// How its rows are written.
    pub dialect: Dialect,
    /// The column that tells which rows are of one party, and the one that tells what sort of party it is; then further
    /// ones without which it is another list.
    pub needed: &'static [&'static str],
    /// Reads a word of the second column.
    pub kind: fn(&str) -> Option<Kind>,
    /// Adds what a row says to its party.
    pub row: fn(&Cells<'_, '_>, &mut Draft),
}

/// Reads the list; one file.
pub(super) fn read(
    layout: &Layout,
    dataset: &DatasetName,
    files: &[PathBuf],
    progress: &dyn Fn(Progress),
) -> Result<Batch, SourceError> {
    let [path] = files else {
        let reason = format!("one CSV file is needed, {} given", files.len());
        return Err(SourceError::Files { format: layout.format, reason });
    };
    let input = Input::load(path, MAX_FILE_BYTES)?;
    let mut told = Progress { bytes: 0, total_bytes: input.text.len() as u64, read: 0 };
    let mut collector = Collector::default();
    let mut parties: Vec<(String, Draft)> = Vec::new();
    let mut places: HashMap<RecordId, usize> = HashMap::new();
    let mut rows = 0u64;
    let (id_column, kind_column) = (layout.needed[0], layout.needed[1]);
    Columns::of(&input, layout.dialect, layout.needed)?.read(&mut |line, cells, bytes| {
        rows += 1;
        let place = input.place(line);
        let taken = cells.and_then(|cells| {
            let number = cells.get(id_column);
            if number.is_empty() {
                return Err(format!("{id_column}: the row has no number"));
            }
            let id = RecordId::new(dataset, number).map_err(|error| format!("{id_column}: {error}"))?;
            let kind = (layout.kind)(cells.get(kind_column));
            let at = *places.entry(id.clone()).or_insert_with(|| {
                parties.push((place.clone(), Draft::new(id, kind.unwrap_or_default())));
                parties.len() - 1
            });
            let party = &mut parties[at].1;
            if kind.is_none() {
                party.warn(format!("{kind_column}: {:?} is no known sort of party", cells.get(kind_column)));
            }
            (layout.row)(&cells, party);
            Ok(())
        });
        if let Err(reason) = taken {
            collector.quarantine(place, None, reason);
        }
        if rows.is_multiple_of(1024) {
            (told.bytes, told.read) = (bytes, parties.len() as u64 + collector.read());
            progress(told);
        }
    });
    for (place, party) in parties {
        party.finish(place, &mut collector);
    }
    links::resolve(collector.records_mut());
    (told.bytes, told.read) = (told.total_bytes, collector.read());
    progress(told);
    Ok(collector.finish())
}
