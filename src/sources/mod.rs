//! From list files to records: one file per format.
//!
//! [`read`] takes the files of one dataset and gives a [`Batch`]: valid records in their canonical form, what was
//! refused with its place and field, and what was noticed. A list that cannot be read as a whole is a
//! [`SourceError`]; a bad row is never one. What no field takes stays in a record's remarks.

mod batch;
mod columns;
mod countries;
mod dates;
mod draft;
mod error;
mod eu;
mod format;
mod ftm;
mod ftm_schema;
mod grouped;
mod identifiers;
mod input;
mod json_lines;
mod json_tree;
mod labels;
mod links;
mod mapped;
mod mapping;
mod name_cell;
mod name_list;
mod ofac;
mod ofsi;
#[cfg(feature = "parquet")]
mod parquet;
mod remarks;
mod rows;
mod sample;
mod senzing;
mod uk;
mod un;
mod xml;
mod xml_list;

#[cfg(test)]
mod tests;

use std::path::PathBuf;

use crate::model::DatasetName;

pub use batch::{Batch, Progress, Quarantined, Warning};
pub use error::SourceError;
pub use format::Format;
pub use mapping::{Mapping, MappingError, bundled_mapping, bundled_mappings};
pub use sample::sample;

/// Reads the files of a dataset.
///
/// The order of the files does not matter to `ofac-csv` and is the order of the records of `ftm`, `senzing` and
/// `mapped`, which needs a mapping; the other formats take none and one file. Files are held in memory while they are
/// read.
pub fn read(
    format: Format,
    dataset: &DatasetName,
    files: &[PathBuf],
    mapping: Option<&Mapping>,
    progress: &dyn Fn(Progress),
) -> Result<Batch, SourceError> {
    let wrong = |reason: &str| SourceError::Files { format, reason: reason.to_owned() };
    match (format, mapping) {
        (Format::Mapped, None) => Err(wrong("a mapping is needed; name a bundled one or give a file")),
        (Format::Mapped, Some(_)) if files.is_empty() => Err(wrong("no file is given; give one or more")),
        (Format::Mapped, Some(mapping)) => mapped::read(dataset, files, mapping, progress),
        (_, Some(_)) => Err(wrong("a mapping belongs to the mapped format only; leave it out")),
        (Format::OfacCsv, None) => ofac::read(dataset, files, progress),
        (Format::UnXml, None) => xml_list::read(&un::XML, dataset, files, progress),
        (Format::EuXml, None) => xml_list::read(&eu::XML, dataset, files, progress),
        (Format::EuCsv, None) => grouped::read(&eu::CSV, dataset, files, progress),
        (Format::UkXml, None) => xml_list::read(&uk::XML, dataset, files, progress),
        (Format::UkCsv, None) => grouped::read(&uk::CSV, dataset, files, progress),
        (Format::OfsiCsv, None) => ofsi::read(dataset, files, progress),
        (Format::Ftm, None) => ftm::read(dataset, files, progress),
        (Format::Senzing, None) => senzing::read(dataset, files, progress),
    }
}
