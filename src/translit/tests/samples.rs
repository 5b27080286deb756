//! The samples beside the tables, and the rows that no sample exercises.

use std::collections::BTreeSet;

use crate::tables::{Table, table};
use crate::translit::scheme::Scheme;
use crate::translit::schemes;

fn samples(scheme: &Scheme) -> &'static Table {
    table(&scheme.table().file.replace(".tsv", ".samples.tsv")).expect("build.rs wants samples")
}

#[test]
fn every_sample_holds() {
    let mut failures = Vec::new();
    for scheme in schemes() {
        let samples = samples(scheme);
        for (line, row) in samples.rows {
            let got = scheme.transliterate(row[0]).text;
            if got.to_lowercase() != row[1].to_lowercase() {
                failures.push(format!("{}:{line}: {}: expected {}, got {got}", samples.file, row[0], row[1]));
            }
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

/// Every row of a scheme's own table is exercised by a sample of the scheme or of one that extends it, or its note
/// begins with "unsampled:" and tells why.
#[test]
fn every_rule_is_exercised() {
    let mut used: BTreeSet<(&str, u32)> = BTreeSet::new();
    for scheme in schemes() {
        for (_, row) in samples(scheme).rows {
            used.extend(scheme.program().rules_used(row[0]));
        }
    }
    let mut idle = Vec::new();
    for scheme in schemes() {
        let table = scheme.table();
        let note = table.column("note").expect("build.rs wants notes");
        for (line, row) in table.rows {
            if !used.contains(&(table.file, *line)) && !row[note].starts_with("unsampled:") {
                idle.push(format!("{}:{line}: {}", table.file, row.join(" ")));
            }
        }
    }
    idle.dedup();
    assert!(idle.is_empty(), "{} rows no sample exercises:\n{}", idle.len(), idle.join("\n"));
}
