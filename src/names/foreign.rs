use compact_str::CompactString;
use deunicode::deunicode;
use unicode_script::{Script as Unicode, UnicodeScript};

use crate::text::{Capital, Script, Word, symbols};

/// Longer words are no names.
const LONGEST: usize = 64;

/// A word of a script that has no tables of its own, in Latin letters as its letters are read one by one: Georgian,
/// Armenian, Greek, kana. Coarse, but the only bridge from there. `None` for other words, and for scripts that leave
/// vowels out: what is left of محمد would be half of all names.
pub(super) fn latin_of(word: &Word) -> Option<Word> {
    let is_abjad = |letter: char| matches!(letter.script(), Unicode::Arabic | Unicode::Hebrew | Unicode::Syriac);
    if word.script != Script::Other || word.form.chars().count() > LONGEST || word.form.chars().any(is_abjad) {
        return None;
    }
    let form: String = deunicode(&word.form).chars().filter(char::is_ascii_alphanumeric).collect();
    let form: CompactString = form.to_ascii_lowercase().into();
    let symbols = symbols::encode(Script::Latin, &form).filter(|symbols| !symbols.is_empty())?;
    Some(Word { script: Script::Latin, respelled: None, form, symbols, capital: Capital::None, ..word.clone() })
}
