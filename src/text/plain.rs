//! Words of nothing but plain letters, which nearly all words are: built in one pass, without looking anything up.

use compact_str::CompactString;

use super::Script;
use super::cell::{Cell, Class};
use super::symbols::{self, Symbols};
use super::word::{Capital, Join, Word};

/// The word of some cells that are all plain letters of one script: a to z, а to я without ё, or Hangul syllables.
/// `None` for all others. The word is the one that [`Word::of`] would build.
pub(super) fn word(cells: &[Cell], class: Class, join: Join) -> Option<Word> {
    let script = match class {
        Class::Latin => Script::Latin,
        Class::Cyrillic => Script::Cyrillic,
        Class::Hangul => Script::Hangul,
        _ => return None,
    };
    let mut form = CompactString::with_capacity(cells.len() * if class == Class::Latin { 0 } else { 3 });
    let mut letters = Symbols::with_capacity(cells.len() * if class == Class::Hangul { 3 } else { 1 });
    let mut capitals = 0;
    for cell in cells {
        if cell.repaired || cell.hidden {
            return None;
        }
        match (class, cell.c) {
            (Class::Latin, c @ ('a'..='z' | 'A'..='Z')) => {
                capitals += usize::from(c.is_ascii_uppercase());
                let small = c.to_ascii_lowercase();
                letters.push(small as u8);
            }
            (Class::Cyrillic, c @ 'А'..='я') => {
                let code = c as u32 - 0x410;
                capitals += usize::from(code < 0x20);
                form.push(char::from_u32(0x430 + code % 0x20)?);
                letters.push(0x80 + (code % 0x20) as u8);
            }
            (Class::Hangul, c @ '가'..='힣') => {
                form.push(c);
                symbols::push_syllable(c, &mut letters);
            }
            _ => return None,
        }
    }
    if class == Class::Latin {
        form = CompactString::from_utf8(&letters[..]).ok()?;
    }
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
        symbols: letters,
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
        fn plain_words_are_as_all_others(text in "[a-zA-Z]{1,9}|[А-Яа-я]{1,9}|[가-힣]{1,5}") {
            let cells = characters(&text).cells;
            let class = cells[0].class;
            let plain = word(&cells, class, Join::Start).unwrap();
            prop_assert_eq!(plain, Word::built(&cells, class, Join::Start));
        }
    }
}
