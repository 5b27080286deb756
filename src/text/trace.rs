use unicode_normalization::UnicodeNormalization;

use super::glyphs::glyphs;
use super::{Text, read};

/// A text read as words, and what each stage of normalisation changed, as stage, before, after. Stages that changed
/// nothing are left out.
pub fn read_traced(original: &str) -> (Text, Vec<(&'static str, String, String)>) {
    let text = read(original);
    let cleaned: String = glyphs(original).iter().map(|glyph| glyph.c).collect();
    let words: Vec<&str> = text.words.iter().map(|word| word.spelled.as_str()).collect();
    let stages = [
        ("compose", original.nfc().collect::<String>()),
        ("clean", cleaned),
        ("words", words.join(" ")),
        ("fold", text.folded()),
    ];
    let mut steps = Vec::new();
    let mut before = original.to_owned();
    for (stage, after) in stages {
        if after != before {
            steps.push((stage, before, after.clone()));
        }
        before = after;
    }
    (text, steps)
}
