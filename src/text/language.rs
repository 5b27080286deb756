use std::sync::LazyLock;

use super::Script;
use super::read::Text;
use crate::tables::table;

/// A language and the letters that tell it.
struct Language {
    tag: &'static str,
    script: Script,
    alphabet: &'static str,
    telling: &'static str,
}

static LANGUAGES: LazyLock<Vec<Language>> = LazyLock::new(|| {
    let rows = table("text/data/languages.tsv").map_or(&[][..], |table| table.rows);
    rows.iter()
        .filter_map(|(_, cells)| {
            let [tag, script, alphabet, telling, ..] = *cells else { return None };
            Some(Language { tag, script: Script::from_code(script)?, alphabet, telling })
        })
        .collect()
});

/// The likely language as BCP 47 tag; empty where the letters do not tell. Only the words in the script of most
/// letters count. A language without telling letters has its script for itself.
pub fn likely_language(text: &Text) -> &'static str {
    let script = text.script();
    let letters = || {
        let words = text.words.iter().filter(|word| word.script == script);
        words.flat_map(|word| word.spelled.chars()).filter(|c| c.is_alphabetic())
    };
    LANGUAGES
        .iter()
        .filter(|language| language.script == script)
        .find(|language| {
            language.telling.is_empty()
                || (letters().any(|c| language.telling.contains(c)) && letters().all(|c| language.alphabet.contains(c)))
        })
        .map_or("", |language| language.tag)
}
