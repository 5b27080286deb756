use std::collections::HashMap;
use std::sync::LazyLock;

use foldhash::fast::FixedState;

use super::Script;
use super::read::Text;
use crate::tables::table;

/// What a letter says: the languages that have it, and those that it tells, as bits in the order of the table.
#[derive(Clone, Copy, Debug, Default)]
struct Says {
    has: u32,
    tells: u32,
}

/// The languages of the table.
struct Languages {
    tags: Vec<&'static str>,
    /// Languages by their script, as bits.
    scripts: [u32; Script::ALL.len()],
    /// Languages that have their script for themselves.
    alone: u32,
    letters: HashMap<char, Says, FixedState>,
}

static LANGUAGES: LazyLock<Languages> = LazyLock::new(|| {
    let mut languages =
        Languages { tags: Vec::new(), scripts: [0; Script::ALL.len()], alone: 0, letters: HashMap::default() };
    for (_, cells) in table("text/data/languages.tsv").map_or(&[][..], |table| table.rows) {
        let [tag, script, alphabet, telling, ..] = *cells else { continue };
        let Some(script) = Script::from_code(script) else { continue };
        let bit = 1_u32.checked_shl(languages.tags.len() as u32).unwrap_or(0);
        languages.tags.push(tag);
        languages.scripts[usize::from(script.number())] |= bit;
        if telling.is_empty() {
            languages.alone |= bit;
        }
        alphabet.chars().for_each(|c| languages.letters.entry(c).or_default().has |= bit);
        telling.chars().for_each(|c| languages.letters.entry(c).or_default().tells |= bit);
    }
    languages
});

/// The likely language as BCP 47 tag; empty where the letters do not tell. Only the words in the script of most
/// letters count. A language without telling letters has its script for itself.
pub fn likely_language(text: &Text) -> &'static str {
    let languages = &*LANGUAGES;
    let script = text.script();
    let mut possible = languages.scripts[usize::from(script.number())];
    let mut told = languages.alone & possible;
    if possible != told {
        let words = text.words.iter().filter(|word| word.script == script);
        for c in words.flat_map(|word| word.spelled().chars()) {
            match languages.letters.get(&c) {
                Some(says) => {
                    possible &= says.has | languages.alone;
                    told |= says.tells;
                }
                None if c.is_alphabetic() => possible &= languages.alone,
                None => {}
            }
        }
    }
    let place = (possible & told).trailing_zeros() as usize;
    languages.tags.get(place).copied().unwrap_or("")
}
