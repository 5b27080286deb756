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
    assert!(table.rows.len() >= 300);
    let mut wrong = String::new();
    for row in &table.rows {
        let [name, kind, script, reading, also, _] = &row.cells[..] else { panic!("{FILE}:{}: six cells", row.line) };
        let hints = Hints { kind: kind.parse().unwrap(), ..Hints::default() };
        let analysis = analyse(name, &hints);
        let found: Vec<String> = analysis.readings.iter().map(shown).collect();
        let likeliest = found.first().is_some_and(|first| first == reading);
        if !likeliest || analysis.script.code() != script || !(also.is_empty() || found[1..].contains(also)) {
            let expected = format!("{script} {reading} | {also}");
            let found = format!("{} {}", analysis.script, found.join(" | "));
            wrong.push_str(&format!("{}: {name}\n  expected {expected}\n  found    {found}\n", row.line));
        }
    }
    assert!(wrong.is_empty(), "{FILE}\n{wrong}");
}
