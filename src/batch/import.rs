use std::path::PathBuf;

use crate::model::{DatasetName, Version};
use crate::registry::{Guard, Import, ImportCounts, Succession};
use crate::resolver::{self, Engine, EngineError};
use crate::sources::{self, Format, Mapping, Quarantined, SourceError, Warning};

/// What to import.
#[derive(Clone, Debug)]
pub struct ImportJob {
    /// The dataset that is replaced.
    pub dataset: DatasetName,
    /// The format of the files.
    pub format: Format,
    /// The files of the list.
    pub files: Vec<PathBuf>,
    /// The mapping, for mapped files.
    pub mapping: Option<Mapping>,
    /// The share of the records there were that may be gone, 0 to 1; `None`: any.
    pub max_loss: Option<f64>,
    /// By whom: a principal, or what read the list.
    pub actor: String,
}

/// What an import did.
#[derive(Clone, Debug)]
pub struct ImportReport {
    /// Counts: read = imported + unchanged + quarantined.
    pub counts: ImportCounts,
    /// Records that were not taken over, with place and reason.
    pub quarantined: Vec<Quarantined>,
    /// Things noted but not lost.
    pub warnings: Vec<Warning>,
    /// Ids by which the publisher named somebody else before; such a record is kept under an id of its own.
    pub reused: Vec<Succession>,
    /// What serves now.
    pub version: Version,
}

/// Why nothing was imported.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// The files could not be read.
    #[error(transparent)]
    Source(#[from] SourceError),
    /// The list has no record at all, or none that can be taken over.
    #[error(
        "the list of dataset {dataset} has no record that can be taken over ({quarantined} are quarantined{first})"
    )]
    Empty {
        /// The dataset.
        dataset: DatasetName,
        /// How many records could not be taken over.
        quarantined: usize,
        /// The place and reason of the first of them; empty where there is none.
        first: String,
    },
    /// The records could not be taken over.
    #[error(transparent)]
    Engine(#[from] EngineError),
}

/// Reads a list and takes it over as a whole: all of it or nothing. `stage` is told what is going on.
pub fn import(engine: &Engine, job: &ImportJob, stage: &dyn Fn(&str)) -> Result<ImportReport, ImportError> {
    stage("reading the files");
    let batch = sources::read(job.format, &job.dataset, &job.files, job.mapping.as_ref(), &|_| {})?;
    if batch.records.is_empty() && job.max_loss.is_some() {
        let first = batch.quarantined.first().map(|of| format!(", the first at {}: {}", of.place, of.reason));
        let (quarantined, first) = (batch.quarantined.len(), first.unwrap_or_default());
        return Err(ImportError::Empty { dataset: job.dataset.clone(), quarantined, first });
    }
    stage("writing registry and index");
    let published = engine.import(Import {
        dataset: job.dataset.clone(),
        quarantined: batch.quarantined.len() as u64,
        records: batch.records,
        actor: job.actor.clone(),
        request_id: None,
        at: jiff::Timestamp::now(),
        guard: Guard { max_loss: job.max_loss, is_somebody_else: Some(resolver::is_somebody_else) },
    })?;
    let mut reused = engine.registry().successions(&job.dataset).map_err(EngineError::from)?;
    reused.retain(|succession| succession.revision == published.counts.revision);
    Ok(ImportReport {
        counts: published.counts,
        quarantined: batch.quarantined,
        warnings: batch.warnings,
        reused,
        version: published.version,
    })
}
