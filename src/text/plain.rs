//! Words of nothing but plain letters, which nearly all words are: built in one pass, without looking anything up.

use compact_str::CompactString;

use super::Script;
use super::cell::{Cell, Class};
use super::symbols::{self, Symbols};
use super::word::{Capital, Join, Word};

/// The longest plain word, in letters; longer ones are built as all others.
const LONGEST: usize = 20;

/// The word of some cells that are all plain letters of one script: a to z, а to я without ё, or Hangul syllables.
/// `None` for all others. The word is the one that [`Word::of`] would build.
pub(super) fn word(cells: &[Cell], class: Class, join: Join) -> Option<Word> {
    if cells.len() > LONGEST || cells.iter().any(|cell| cell.repaired || cell.hidden) {
        return None;
    }
    let mut capitals = 0;
    let (script, symbols, form) = match class {
        Class::Latin => {
            let mut letters = [0; LONGEST];
            for (cell, letter) in cells.iter().zip(&mut letters) {
                let own = u8::try_from(cell.c).ok().filter(u8::is_ascii_alphabetic)?;
                capitals += usize::from(own.is_ascii_uppercase());
                *letter = own.to_ascii_lowercase();
            }
            let letters = &letters[..cells.len()];
            (Script::Latin, Symbols::from(letters), CompactString::from_utf8(letters).ok()?)
        }
        Class::Cyrillic => {
            let mut letters = [0; LONGEST];
            let mut form = [0; 2 * LONGEST];
            for ((cell, letter), written) in cells.iter().zip(&mut letters).zip(form.chunks_exact_mut(2)) {
                let code = (cell.c as u32).checked_sub(0x410).filter(|code| *code < 0x40)?;
                capitals += usize::from(code < 0x20);
                char::from_u32(0x430 + code % 0x20)?.encode_utf8(written);
                *letter = 0x80 + (code % 0x20) as u8;
            }
            let form = CompactString::from_utf8(&form[..2 * cells.len()]).ok()?;
            (Script::Cyrillic, Symbols::from(&letters[..cells.len()]), form)
        }
        Class::Hangul => {
            let mut letters = Symbols::with_capacity(3 * cells.len());
            let mut form = [0; 3 * LONGEST];
            for (cell, written) in cells.iter().zip(form.chunks_exact_mut(3)) {
                if !matches!(cell.c, '가'..='힣') {
                    return None;
                }
                cell.c.encode_utf8(written);
                symbols::push_syllable(cell.c, &mut letters);
            }
            (Script::Hangul, letters, CompactString::from_utf8(&form[..3 * cells.len()]).ok()?)
        }
        _ => return None,
    };
    let (first, last) = (cells.first()?, cells.last()?);
    let capital = match class {
        Class::Hangul => Capital::None,
        _ => Capital::of(capitals, cells.len() - capitals, first.c.is_uppercase()),
    };
    Some(Word {
        span: first.start..last.end,
        script,
        form,
        respelled: None,
        symbols,
        disguised: false,
        capital,
        join,
        dotted: false,
        bracketed: false,
        quoted: false,
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::characters::characters;
    use super::*;

    proptest! {
        /// A word with a letter that is not plain before it, or none: the other way to build it gives the same.
        #[test]
        fn plain_words_are_as_all_others(text in "[a-zA-Z]{1,24}|[А-Яа-я]{1,24}|[가-힣]{1,24}") {
            let cells = characters(&text).cells;
            let class = cells[0].class;
            let plain = word(&cells, class, Join::Start);
            prop_assert_eq!(plain.is_some(), cells.len() <= LONGEST);
            prop_assert!(plain.is_none_or(|plain| plain == Word::built(&cells, class, Join::Start)));
        }
    }
}
