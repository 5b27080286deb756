//! Words that are so often typed in look-alike letters that their surroundings settle them: OOO, 3AO, Cо.

use std::collections::HashMap;
use std::sync::LazyLock;

use foldhash::fast::FixedState;

use super::word::{Capital, Word};
use super::{Script, letters, lookalikes};
use crate::tables::table;

/// What a disguised form was meant to be.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Meant {
    script: Script,
    form: &'static str,
    /// A letter of it is in the right script already, so no other word need confirm it.
    certain: bool,
}

/// Disguised form to what it was meant to be.
static DISGUISES: LazyLock<HashMap<String, Meant, FixedState>> = LazyLock::new(|| {
    let mut disguises = HashMap::default();
    for (_, cells) in table("text/data/disguised-words.tsv").map_or(&[][..], |table| table.rows) {
        let [script, form, ..] = *cells else { continue };
        let Some(script) = Script::from_code(script) else { continue };
        let mut variants = vec![(String::new(), 0, 0)];
        for c in form.chars() {
            let twin = lookalikes::capital_twin(c, script).and_then(|twin| twin.to_lowercase().next());
            let digit = if script == Script::Cyrillic { digit_of(c) } else { None };
            let options = [(Some(c), 0), (twin, 1), (digit, 2)];
            variants = variants
                .iter()
                .flat_map(|(start, own, foreign)| {
                    options.iter().filter_map(move |(letter, kind)| {
                        let letter = (*letter)?;
                        let counts = (own + usize::from(*kind == 0), foreign + usize::from(*kind == 1));
                        Some((format!("{start}{letter}"), counts.0, counts.1))
                    })
                })
                .collect();
        }
        for (variant, own, foreign) in variants {
            // Letters of both scripts in one word have been repaired before.
            if variant != *form && (own == 0 || foreign == 0) {
                disguises.insert(variant, Meant { script, form, certain: own > 0 });
            }
        }
    }
    disguises
});

/// Words read by shape to those meant, sorted.
static BY_SOUND: LazyLock<Vec<(&'static str, &'static str)>> = LazyLock::new(|| {
    let rows = table("text/data/typed-by-sound.tsv").map_or(&[][..], |table| table.rows);
    let mut words: Vec<_> = rows.iter().filter_map(|(_, cells)| Some((*cells.first()?, *cells.get(1)?))).collect();
    words.sort_unstable();
    words
});

fn by_sound(word: &Word) -> Option<&'static str> {
    if !word.disguised || word.script != Script::Cyrillic {
        return None;
    }
    BY_SOUND.binary_search_by_key(&word.form.as_str(), |(shape, _)| shape).ok().map(|place| BY_SOUND[place].1)
}

fn digit_of(c: char) -> Option<char> {
    table("text/data/digit-letters.tsv")?
        .rows
        .iter()
        .find_map(|(_, cells)| (cells.get(2)?.starts_with(c)).then(|| cells.first()?.chars().next())?)
}

/// The longest disguise, in bytes.
const LONGEST: usize = 6;

fn meant(word: &Word) -> Option<&'static Meant> {
    (word.form.len() <= LONGEST).then(|| DISGUISES.get(word.form.as_str()))?
}

/// Settles disguised words by the words around them: such a word takes its script if another word has that script
/// without doubt, and none has the script in which it was typed.
pub(super) fn settle(words: &mut [Word]) {
    let mut is_settled = true;
    for word in words.iter_mut() {
        let disguise = meant(word);
        if let Some(meant) = by_sound(word) {
            replace(word, Script::Cyrillic, meant);
        } else if let Some(meant) = disguise.filter(|meant| meant.certain) {
            replace(word, meant.script, meant.form);
        } else {
            is_settled &= disguise.is_none() && lone_letter(word).is_none();
            continue;
        }
        is_settled &= meant(word).is_none() && lone_letter(word).is_none();
    }
    if is_settled {
        return;
    }
    let undoubted = |words: &[Word], script: Script| {
        words.iter().any(|word| word.script == script && meant(word).is_none() && lone_letter(word).is_none())
    };
    let latin = undoubted(words, Script::Latin);
    let cyrillic = undoubted(words, Script::Cyrillic);
    for word in words.iter_mut() {
        if let Some(letter) = lone_letter(word) {
            let typed_in_other = (word.script == Script::Latin && cyrillic && !latin)
                || (word.script == Script::Cyrillic && latin && !cyrillic);
            if typed_in_other {
                other_letter(word, letter);
                // "A0" has become "а0", which is АО.
                if let Some(meant) = meant(word).filter(|meant| meant.certain) {
                    replace(word, meant.script, meant.form);
                }
            }
            continue;
        }
        let Some(meant) = meant(word) else { continue };
        let confirmed = match meant.script {
            Script::Cyrillic => cyrillic && !latin,
            _ => latin && !cyrillic,
        };
        if confirmed {
            replace(word, meant.script, meant.form);
        }
    }
}

/// Gives a word the form that was meant.
fn replace(word: &mut Word, script: Script, form: &str) {
    let capital = if word.capital == Capital::None { Capital::Upper } else { word.capital };
    let other = Word::new(word.span.clone(), script, form.to_owned(), form.to_owned(), true, capital, word.join);
    *word = Word { dotted: word.dotted, bracketed: word.bracketed, quoted: word.quoted, ..other };
}

/// The letter of a word of one Latin or Cyrillic letter, be it with digits: an initial, or "А7".
fn lone_letter(word: &Word) -> Option<char> {
    if !matches!(word.script, Script::Latin | Script::Cyrillic) {
        return None;
    }
    let mut letters = word.form.chars().filter(|c| !c.is_ascii_digit());
    let letter = letters.next()?;
    letters.next().is_none().then_some(letter)
}

/// Reads a word of one letter in the other script, where that has a letter like it.
fn other_letter(word: &mut Word, letter: char) {
    let Some(twin) = lookalikes::capital_twin(letter, word.script) else { return };
    let mut folded = String::new();
    let script = match word.script {
        Script::Latin => {
            letters::push_cyrillic(twin, &mut folded);
            Script::Cyrillic
        }
        _ => {
            letters::push_latin(twin, &mut folded);
            Script::Latin
        }
    };
    let form = word.form.replace(letter, &folded);
    replace(word, script, &form);
}
