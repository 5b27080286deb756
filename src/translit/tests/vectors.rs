//! The vectors of the reference: printed examples and attested spellings, by scheme.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use crate::translit::scheme;

#[test]
fn the_vectors_of_the_reference_hold() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/reference/vectors");
    let Ok(files) = fs::read_dir(&folder) else {
        eprintln!("SKIPPED: no vectors in {}", folder.display());
        return;
    };
    let mut rates: BTreeMap<String, (usize, usize)> = BTreeMap::new();
    let mut failures = Vec::new();
    let mut files: Vec<_> = files.map(|file| file.unwrap().path()).collect();
    files.sort();
    for file in files {
        for line in fs::read_to_string(&file).unwrap().lines().skip(1) {
            let cells: Vec<&str> = line.split('\t').collect();
            let [input, name, expected, ..] = cells[..] else { panic!("{}: {line}", file.display()) };
            let Some(scheme) = scheme(name) else { continue };
            let (passed, all) = rates.entry(name.to_owned()).or_default();
            *all += 1;
            let got = scheme.transliterate(input).text;
            if got.to_lowercase() == expected.to_lowercase() {
                *passed += 1;
            } else {
                failures.push(format!("{name}: {input}: expected {expected}, got {got}"));
            }
        }
    }
    for (name, (passed, all)) in &rates {
        println!("{name:20} {passed:3} of {all:3}");
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}
