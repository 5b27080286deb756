use super::ImportError;
use crate::registry::{Guard, Import};
use crate::resolver::{Engine, EngineError, Thresholds};
use crate::sources;

/// An engine in memory that serves the bundled sample list.
pub fn sample_engine(thresholds: Thresholds) -> Result<Engine, ImportError> {
    let engine = Engine::in_memory(thresholds).map_err(ImportError::from)?;
    for (dataset, records) in sources::sample()? {
        // The list is part of the program, so its time is too: the same program gives the same bytes.
        let at = jiff::Timestamp::UNIX_EPOCH;
        let guard = Guard::default();
        let import =
            Import { dataset, records, quarantined: 0, actor: "sample".to_owned(), request_id: None, at, guard };
        engine.import(import).map_err(|error: EngineError| ImportError::from(error))?;
    }
    Ok(engine)
}
