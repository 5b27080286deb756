use proptest::prelude::*;

use super::*;

/// Goldens: input, and its folded form.
fn goldens(path: &str, required: bool) {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    let Ok(text) = std::fs::read_to_string(&path) else {
        assert!(!required, "{} is missing", path.display());
        eprintln!("SKIPPED: {} is absent", path.display());
        return;
    };
    let wrong: Vec<String> = text
        .lines()
        .filter(|line| !line.starts_with('#'))
        .skip(1)
        .filter_map(|line| {
            let cells: Vec<&str> = line.split('\t').collect();
            let (input, expected) = if cells[1] == "fold" { (cells[0], cells[2]) } else { (cells[0], cells[1]) };
            let got = fold(input);
            (got != expected).then(|| format!("{input:?}: expected {expected:?}, got {got:?}"))
        })
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_vectors_fold() {
    goldens("../shared/reference/vectors/fold.tsv", false);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn anything_is_read(original in "\\PC{0,40}|[A-Za-zА-яёіїЁ0-9 'ʼ\".,«»()-]{0,30}|.{0,30}") {
        holds(&original)?;
    }
}

fn holds(original: &str) -> Result<(), TestCaseError> {
    let text = read(original);
    let mut start = 0;
    for word in &text.words {
        prop_assert!(!word.form.is_empty() && !word.symbols.is_empty());
        prop_assert!(word.span.start < word.span.end && original.get(word.span.clone()).is_some());
        prop_assert!(word.span.start >= start);
        start = word.span.start;
    }
    for span in text.quoted.iter().chain(&text.bracketed) {
        prop_assert!(original.get(span.clone()).is_some());
    }
    let folded = text.folded();
    prop_assert_eq!(fold(&folded), folded.clone(), "{:?}", original);
    let visible = |c: char| c.is_alphanumeric() && unicode_security::skeleton(&c.to_string()).next().is_some();
    prop_assert!(!original.contains(visible) || !text.words.is_empty());
    collapsed(&text);
    likely_language(&text);
    text.words.iter().for_each(|word| {
        other_reading(word);
    });
    Ok(())
}
