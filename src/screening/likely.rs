use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};

use super::ScreeningError;
use super::screen::Screened;
use super::store::Rows;
use crate::model::{EntityId, Record, RecordId, RecordName};
use crate::resolver::{AsOf, Detail, Difference, DifferenceKind, Engine, Options, Query, Scope, Snapshot, Thresholds};

/// More differences than this are a new list: then everybody is as likely.
const MOST: usize = 1000;
/// Subjects that a name of the list can concern.
const NAMESAKES: usize = 50;
/// Subjects that are read at a time.
const PAGE: usize = 1000;

/// An index of the subjects' own names, to be asked for those that a changed record may be.
struct Names {
    /// Of the portfolio as it was when it was changed so often.
    change: u64,
    /// Ids of subjects, by the number that their record has in the index.
    subjects: Vec<String>,
    snapshot: Snapshot,
}

/// Tells whom a change of what serves most likely concerns, so that they are screened first. It is never more than an
/// order: everybody is screened.
#[derive(Default)]
pub(super) struct Likely(Mutex<Option<Arc<Names>>>);

impl Likely {
    /// The subjects that are likely concerned by what changed from one version to another: those with a hit on an entity
    /// that changed, and those that are called like a record that came or changed. `change` counts the changes of the
    /// portfolio.
    pub(super) fn concerned(
        &self,
        rows: &Rows,
        change: u64,
        reader: super::Reader,
        engine: &Engine,
        from: &AsOf,
        snapshot: &Snapshot,
    ) -> Result<BTreeSet<String>, ScreeningError> {
        let mut concerned = BTreeSet::new();
        // What is no longer retained cannot be compared.
        let Ok(before) = engine.as_of(from) else { return Ok(concerned) };
        let differences = before.differences(snapshot);
        if differences.is_empty() || differences.len() > MOST {
            return Ok(concerned);
        }
        let entities: BTreeSet<EntityId> =
            differences.iter().flat_map(|own| [Some(own.entity), own.to]).flatten().collect();
        each(rows, |screened| {
            let is_concerned = |entity| entities.contains(&entity) || entities.contains(&snapshot.canonical(entity));
            if screened.hits.iter().any(|hit| is_concerned(hit.entity)) {
                concerned.insert(screened.subject.id.clone());
            }
        })?;
        let names = self.names(rows, change, reader)?;
        let options = Options { limit: NAMESAKES, detail: Detail::None, ..Options::default() };
        for difference in &differences {
            for text in called(engine, difference)? {
                let Ok(found) = names.snapshot.resolve(&Query::of_name(text), &Scope::default(), &options) else {
                    continue;
                };
                let numbers = found.matches.iter().flat_map(|found| &found.records);
                let numbers = numbers.filter_map(|record| record.local().parse::<usize>().ok());
                concerned.extend(numbers.filter_map(|number| names.subjects.get(number).cloned()));
            }
        }
        Ok(concerned)
    }

    fn names(&self, rows: &Rows, change: u64, reader: super::Reader) -> Result<Arc<Names>, ScreeningError> {
        let mut held = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(names) = held.as_ref().filter(|names| names.change == change) {
            return Ok(Arc::clone(names));
        }
        let (mut subjects, mut records) = (Vec::new(), Vec::new());
        each(rows, |screened| {
            let Some(query) = reader(&screened.subject.bytes) else { return };
            let Ok(id) = format!("portfolio:{}", subjects.len()).parse::<RecordId>() else { return };
            let name = |name: crate::resolver::QueryName| RecordName {
                text: name.text,
                quality: Default::default(),
                language: name.language,
            };
            let mut record = Record::new(id.clone(), query.kind, "");
            record.names = query.names.into_iter().map(name).collect();
            if record.validate().is_ok() {
                records.push((record, EntityId::mint(&id, 0)));
                subjects.push(screened.subject.id.clone());
            }
        })?;
        let snapshot = Snapshot::of_records(&records, Thresholds::default())?;
        let names = Arc::new(Names { change, subjects, snapshot });
        *held = Some(Arc::clone(&names));
        Ok(names)
    }
}

/// What a record is called that came or changed.
fn called(engine: &Engine, difference: &Difference) -> Result<Vec<String>, ScreeningError> {
    match difference.kind {
        DifferenceKind::EntityAdded | DifferenceKind::RecordAdded => {
            let record = engine.registry().record(&difference.record)?;
            Ok(record.map_or(Vec::new(), |record| record.names.into_iter().map(|name| name.text).collect()))
        }
        DifferenceKind::RecordChanged => Ok(difference.names_added.clone()),
        _ => Ok(Vec::new()),
    }
}

fn each(rows: &Rows, mut visit: impl FnMut(&Screened)) -> Result<(), ScreeningError> {
    let mut after = String::new();
    loop {
        let page = rows.subjects(&after, PAGE, None)?;
        let Some(last) = page.last() else { return Ok(()) };
        after.clone_from(&last.subject.id);
        page.iter().for_each(&mut visit);
    }
}
