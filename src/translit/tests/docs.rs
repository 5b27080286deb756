//! `docs/schemes.md` is written from the headers of the tables.

use std::fmt::Write as _;
use std::path::Path;
use std::{env, fs};

use crate::tables::table;
use crate::translit::{Scheme, schemes};

const HEAD: &str = "# Schemes

Every scheme is a table in `src/translit/data/` with samples beside it; this file is written from their headers by
`BLESS=1 cargo test --lib translit::tests::docs`. Rows are those of the scheme's own table, without the lists and the
scheme it builds on; samples are those beside it, each with its source there.

A scheme is named by its short name in requests (`rr`) or by its full one (`moct-kor-Hang-Latn-2000`): authority,
language, scripts and year, where the scheme has one. \"in force\" and \"superseded\" are the standard's own state; \"custom\"
is a usage that no authority has laid down. All samples hold, and every row is exercised by a sample.

What a scheme does not read passes unchanged, so digits, punctuation and words of other scripts stay where they are.
Letters of Cyrillic that a standard does not know are written by `exonym-mul-Cyrl-Latn` or `exonym-mul-Cyrl-Hang`.

| name | reads → writes | title | status |
|---|---|---|---|
";

fn written() -> String {
    let mut text = String::from(HEAD);
    for scheme in schemes() {
        let _ = writeln!(
            text,
            "| [`{0}`](#{0}) | {1} → {2} | {3} | {4} |",
            scheme.name(),
            scheme.source_script(),
            scheme.target_script(),
            scheme.title(),
            scheme.status(),
        );
    }
    for scheme in schemes() {
        section(scheme, &mut text);
    }
    text
}

fn section(scheme: &Scheme, text: &mut String) {
    let own = scheme.table();
    let samples = table(&own.file.replace(".tsv", ".samples.tsv")).map_or(0, |samples| samples.rows.len());
    let _ = write!(text, "\n## {}\n\n{}. `{}`\n\n", scheme.name(), scheme.title(), scheme.full_name());
    let _ = writeln!(text, "- Source: {}", scheme.source());
    let _ = writeln!(text, "- Status: {}", scheme.status());
    let _ = writeln!(text, "- Coverage: {} rows, {samples} samples", own.rows.len());
    for (key, label) in [("extends", "Builds on"), ("words", "Lists"), ("sounds", "Sound changes"), ("passes", "Also")]
    {
        if let Some(value) = own.header(key) {
            let names: Vec<String> = value.split_whitespace().map(|name| format!("`{name}`")).collect();
            let _ = writeln!(text, "- {label}: {}", names.join(", "));
        }
    }
    if let Some(note) = own.header("note") {
        let _ = writeln!(text, "- Known limits: {note}");
    }
}

#[test]
fn the_document_tells_what_the_tables_are() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/schemes.md");
    let written = written();
    if env::var_os("BLESS").is_some() {
        fs::create_dir_all(path.parent().expect("a folder")).expect("docs/ can be made");
        fs::write(&path, &written).expect("docs/schemes.md can be written");
    }
    let Ok(found) = fs::read_to_string(&path) else {
        eprintln!("SKIPPED: no {}", path.display());
        return;
    };
    assert!(found == written, "docs/schemes.md is out of date: BLESS=1 cargo test --lib translit::tests::docs");
}
