use std::path::Path;

use super::engine::INDEX_FOLDER;
use super::indexer;
use super::{EngineError, Snapshot, Thresholds};
use crate::index;
use crate::registry::Registry;
use crate::storage::{FsDirectory, RamDirectory};

/// Proves that the index of a data directory, whatever small segments it grew from, is the one that the registry gives
/// anew: made one segment, it has the same bytes. Both are made in memory, some 100 bytes a name. Returns what was
/// proved, in words.
///
/// # Errors
/// [`EngineError::Differs`], and what opening and building an index may fail with.
pub fn verify_rebuild(data: &Path, registry: &Registry) -> Result<String, EngineError> {
    let directory = FsDirectory::open(data.join(INDEX_FOLDER))?;
    let snapshot = Snapshot::open(&directory, registry.leads()?, Thresholds::default())?;
    let compacted = index::compact(&snapshot.index, &RamDirectory::new(), indexer::options())?;
    let (built, revision) = indexer::build(registry, &RamDirectory::new())?;
    let (compacted, built) = (compacted.version(), built.version());
    if compacted != built {
        return Err(EngineError::Differs { index: compacted, rebuilt: built });
    }
    let segments = snapshot.index.manifest().segments.len();
    Ok(format!("the index of {segments} segments is to the byte the one built anew at revision {revision}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::batch;
    use crate::model::{Kind, NameQuality, Record, RecordName};
    use crate::registry::{Guard, Import};
    use crate::resolver::Engine;

    fn record(number: usize, generation: usize) -> Record {
        let id = format!("own:{number}").parse().unwrap();
        let mut record = Record::new(id, Kind::Organization, format!("Kvartal {number} Eksport"));
        for serial in 0..generation {
            let text = format!("ООО «Квартал {number} {serial}»");
            record.names.push(RecordName { text, quality: NameQuality::Strong, language: String::new() });
        }
        record
    }

    fn import(records: Vec<Record>) -> Import {
        Import {
            dataset: "own".parse().unwrap(),
            records,
            quarantined: 0,
            actor: "test".to_owned(),
            request_id: None,
            at: jiff::Timestamp::UNIX_EPOCH,
            guard: Guard::default(),
        }
    }

    #[test]
    fn an_index_after_deltas_is_the_one_built_anew() {
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path();
        let engine = Engine::open(data, Thresholds::default()).unwrap();
        let all = |changed: std::ops::Range<usize>, left_out: usize| -> Vec<Record> {
            let numbers = (0..2_500).filter(|number| *number != left_out);
            numbers.map(|number| record(number, usize::from(changed.contains(&number)))).collect()
        };
        engine.import(import(all(0..0, 7))).unwrap();
        for (changed, left_out) in [(100..150, 7), (100..150, 120), (200..260, 8), (0..0, 9), (2_400..2_500, 9)] {
            engine.import(import(all(changed, left_out))).unwrap();
            let segments = engine.snapshot().index.manifest().segments.len();
            assert!(segments > 1, "the change did not go by a small segment");
            let proved = verify_rebuild(data, engine.registry()).unwrap();
            assert!(proved.contains(&format!("index of {segments} segments")), "{proved}");
        }
        drop(engine);
        let findings = batch::check(data, &Registry::open_read_only(data).unwrap()).unwrap();
        assert_eq!(findings.faults, Vec::<String>::new());
        assert!(findings.verified.iter().any(|line| line.contains("to the byte the one built anew")));
    }

    #[test]
    fn an_index_that_missed_a_change_is_found() {
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path();
        let engine = Engine::open(data, Thresholds::default()).unwrap();
        engine.import(import((0..30).map(|number| record(number, 0)).collect())).unwrap();
        // The planted bug: the same records, one of them with another name, and no index of them.
        let changed = (0..30).map(|number| record(number, usize::from(number == 3))).collect();
        engine.registry().import(import(changed)).unwrap();
        let error = verify_rebuild(data, engine.registry()).unwrap_err();
        assert!(matches!(error, EngineError::Differs { .. }), "{error}");
        drop(engine);
        let faults = batch::check(data, &Registry::open_read_only(data).unwrap()).unwrap().faults;
        assert!(faults.iter().any(|fault| fault.contains("is not the one that the registry gives")), "{faults:?}");
    }
}
