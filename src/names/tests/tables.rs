use std::collections::BTreeMap;

use crate::names::{concept_index, concepts, version};
use crate::tables;

/// Columns that hold no forms.
const OTHER: [&str; 11] =
    ["behind", "case", "concept", "class", "gender", "count", "role", "script", "kind", "language", "digits"];

#[test]
fn concepts_are_sorted_and_found() {
    assert!(concepts().windows(2).all(|pair| pair[0] < pair[1]));
    assert!(concepts().iter().enumerate().all(|(place, concept)| concept_index(concept) == Some(place)));
    assert!(concepts().iter().all(|concept| !concept.is_empty()));
    assert_eq!(version(), version());
    assert_eq!(version().len(), 16);
}

#[test]
fn cells_are_lower_case_and_have_no_doubles() {
    for table in tables::tables_in("names/data/") {
        for (line, cells) in table.rows {
            for (column, cell) in table.columns.iter().zip(*cells).filter(|(column, _)| !OTHER.contains(column)) {
                let forms: Vec<&str> = cell.split('|').collect();
                let at = format!("{}:{line}: {column}", table.file);
                assert!(forms.len() == 1 || forms.iter().all(|form| !form.is_empty()), "{at}: an empty form");
                assert_eq!(*cell, cell.to_lowercase(), "{at}");
                let mut sorted = forms.clone();
                sorted.sort_unstable();
                assert!(sorted.windows(2).all(|pair| pair[0] != pair[1]), "{at}: a form twice");
            }
        }
    }
}

/// A form of one table means one thing: what it means elsewhere is a matter of the order of tables.
#[test]
fn a_form_has_one_concept_in_a_table() {
    for file in ["descriptors", "places", "titles", "legal-forms", "emblems", "numbers"] {
        let table = tables::table(&format!("names/data/{file}.tsv")).unwrap();
        let mut seen: BTreeMap<&str, (u32, &str)> = BTreeMap::new();
        for (line, cells) in table.rows {
            for (_, cell) in table.columns.iter().zip(*cells).filter(|(column, _)| !OTHER.contains(column)) {
                for form in cell.split('|').filter(|form| !form.is_empty()) {
                    let before = seen.insert(form, (*line, cells[0]));
                    assert!(
                        before.is_none_or(|(_, concept)| concept == cells[0]),
                        "{}:{line}: {form} also stands in line {before:?}",
                        table.file
                    );
                }
            }
        }
    }
}
