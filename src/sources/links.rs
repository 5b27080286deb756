//! Links that lists give by name.

use std::collections::HashMap;

use crate::model::{Record, RecordId};

/// Finds the records that links name: by the exact name, where one record alone has it.
pub(super) fn resolve(records: &mut [Record]) {
    let mut by_name: HashMap<String, Option<RecordId>> = HashMap::new();
    let mut by_alias: HashMap<String, Option<RecordId>> = HashMap::new();
    for record in records.iter() {
        for (place, name) in record.names.iter().enumerate() {
            let names = if place == 0 { &mut by_name } else { &mut by_alias };
            let id = names.entry(name.text.to_uppercase()).or_insert_with(|| Some(record.id.clone()));
            if id.as_ref().is_some_and(|id| *id != record.id) {
                *id = None;
            }
        }
    }
    for record in records {
        for relation in &mut record.relations {
            let name = relation.name.to_uppercase();
            // The full stop at the end of remarks may have been the name's own, or the name's taken for it.
            let forms = [name.as_str(), name.trim_end_matches('.'), &format!("{name}.")];
            let found = forms
                .into_iter()
                .find_map(|name| by_name.get(name).or_else(|| by_alias.get(name)).and_then(Option::clone));
            relation.record = found.filter(|id| *id != record.id);
        }
    }
}
