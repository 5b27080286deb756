use crate::names::{Hints, Name, analyse};
use crate::tables::Tsv;

const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/names.tsv");

/// A reading as the golden file writes it.
fn shown(name: &Name) -> String {
    let mut shown = format!("{}:", name.kind);
    for part in &name.parts {
        shown.push_str(&format!(" {}/{}", part.form, part.role.as_str()));
        if let Some(concept) = part.concept {
            shown.push_str(&format!("/{concept}"));
        }
    }
    shown
}

#[test]
fn the_likeliest_reading_is_the_one_a_linguist_would_give() {
    let text = std::fs::read_to_string(FILE).unwrap();
    let table = Tsv::parse(FILE, &text).unwrap();
    assert!(table.rows.len() >= 150);
    let mut wrong = String::new();
    for row in &table.rows {
        let [name, kind, reading, _] = &row.cells[..] else { panic!("{FILE}:{}: four cells", row.line) };
        let hints = Hints { kind: kind.parse().unwrap(), ..Hints::default() };
        let found = analyse(name, &hints).readings.first().map(shown).unwrap_or_default();
        if found != *reading {
            wrong.push_str(&format!("{}: {name}\n  expected {reading}\n  found    {found}\n", row.line));
        }
    }
    assert!(wrong.is_empty(), "{FILE}\n{wrong}");
}
