use std::collections::HashMap;

use super::super::countries;
use crate::model::IdentifierType;
use crate::tables::table;

fn rows(file: &str) -> impl Iterator<Item = (u32, &'static [&'static str])> {
    table(&format!("sources/data/{file}")).unwrap().rows.iter().copied()
}

#[test]
fn no_name_of_a_country_has_two_codes() {
    let mut seen: HashMap<String, &str> = HashMap::new();
    for (line, cells) in rows("countries.tsv") {
        let code = cells[1];
        assert!(code.is_empty() || (code.len() == 2 && code.bytes().all(|b| b.is_ascii_uppercase())), "line {line}");
        let before = seen.insert(countries::fold(cells[0]), code);
        assert!(before.is_none_or(|before| before == code), "line {line}: {} has two codes", cells[0]);
    }
    let codes: std::collections::BTreeSet<&str> = seen.values().copied().filter(|code| !code.is_empty()).collect();
    assert_eq!(codes.len(), 250, "249 countries and Kosovo");
}

#[test]
fn labels_have_known_meanings_and_stand_once() {
    let mut seen = HashMap::new();
    for (line, cells) in rows("identifier-labels.tsv") {
        assert!(cells[1].is_empty() || cells[1].parse::<IdentifierType>().is_ok(), "line {line}");
        assert_eq!(seen.insert(cells[0].to_lowercase(), line), None, "line {line}: {} stands twice", cells[0]);
    }
    for (line, cells) in rows("identifier-forms.tsv") {
        assert!(
            cells[0].parse::<IdentifierType>().is_ok() && cells[4].parse::<IdentifierType>().is_ok(),
            "line {line}"
        );
        assert!(["inn", "ogrn", "lei", "digits", "none"].contains(&cells[3]), "line {line}");
    }
    let fields = ["birth-date", "birth-place", "country", "gender", "weak-name", "relation", "identifier", "remarks"];
    for (line, cells) in rows("ofac-remarks.tsv") {
        assert!(fields.contains(&cells[1]), "line {line}");
    }
    for (line, cells) in rows("name-labels.tsv") {
        assert!(["alias", "surname"].contains(&cells[1]), "line {line}");
        assert!(["", "yes"].contains(&cells[3]), "line {line}");
    }
    for (line, cells) in rows("bracket-words.tsv") {
        assert!(["part", "begins", "noise"].contains(&cells[1]), "line {line}");
    }
    for (line, cells) in rows("date-words.tsv") {
        let month = cells[1].parse::<u8>().is_ok_and(|month| (1..=12).contains(&month));
        assert!(month || ["circa", "or", "to"].contains(&cells[1]), "line {line}");
    }
}
