//! Words of nothing but plain letters, which nearly all words are: built in one pass, without looking anything up.

use std::ops::Range;

use compact_str::CompactString;

use super::Script;
use super::cell::{Cell, Class};
use super::symbols::{self, Symbols};
use super::word::{Capital, Join, Word};

/// The longest plain word, in letters; longer ones are built as all others.
const LONGEST: usize = 20;

/// The words of a text of nothing but plain words and spaces, as most texts are. `None` for all others, also for one
/// without words. The words are those that the other stages would find.
pub(super) fn text(original: &str) -> Option<Vec<Word>> {
    let mut words = Vec::new();
    let mut start = 0;
    for piece in original.as_bytes().split(|byte| *byte == b' ') {
        let span = start..start + piece.len();
        start = span.end + 1;
        let letters = original.get(span.clone())?.chars();
        if let Some(first) = letters.clone().next() {
            let join = if words.is_empty() { Join::Start } else { Join::Space };
            words.push(word(letters, span, Class::of(first), join)?);
        }
    }
    (!words.is_empty()).then_some(words)
}

/// The word of some cells that are all plain letters of one script. `None` for all others. The word is the one that
/// [`Word::built`] would give.
pub(super) fn of_cells(cells: &[Cell], class: Class, join: Join) -> Option<Word> {
    if cells.iter().any(|cell| cell.repaired || cell.hidden) {
        return None;
    }
    word(cells.iter().map(|cell| cell.c), cells.first()?.start..cells.last()?.end, class, join)
}

/// The word of plain letters: a to z, а to я without ё, or Hangul syllables. `None` if there are others or none.
fn word(letters: impl Iterator<Item = char> + Clone, span: Range<usize>, class: Class, join: Join) -> Option<Word> {
    let first = letters.clone().next()?;
    let (mut count, mut capitals) = (0, 0);
    let (script, symbols, form) = match class {
        Class::Latin => {
            let mut form = [0; LONGEST];
            for c in letters {
                let own = u8::try_from(c).ok().filter(u8::is_ascii_alphabetic)?;
                capitals += usize::from(own.is_ascii_uppercase());
                *form.get_mut(count)? = own.to_ascii_lowercase();
                count += 1;
            }
            let form = &form[..count];
            (Script::Latin, Symbols::from(form), CompactString::from_utf8(form).ok()?)
        }
        Class::Cyrillic => {
            let mut symbols = [0; LONGEST];
            let mut form = [0; 2 * LONGEST];
            let mut places = symbols.iter_mut().zip(form.chunks_exact_mut(2));
            for c in letters {
                let code = (c as u32).checked_sub(0x410).filter(|code| *code < 0x40)?;
                let (symbol, written) = places.next()?;
                capitals += usize::from(code < 0x20);
                char::from_u32(0x430 + code % 0x20)?.encode_utf8(written);
                *symbol = 0x80 + (code % 0x20) as u8;
                count += 1;
            }
            let form = CompactString::from_utf8(&form[..2 * count]).ok()?;
            (Script::Cyrillic, Symbols::from(&symbols[..count]), form)
        }
        Class::Hangul => {
            let mut symbols = Symbols::with_capacity(span.len().min(3 * LONGEST));
            let mut form = [0; 3 * LONGEST];
            let mut places = form.chunks_exact_mut(3);
            for c in letters {
                if !matches!(c, '가'..='힣') {
                    return None;
                }
                c.encode_utf8(places.next()?);
                symbols::push_syllable(c, &mut symbols);
                count += 1;
            }
            (Script::Hangul, symbols, CompactString::from_utf8(&form[..3 * count]).ok()?)
        }
        _ => return None,
    };
    let capital = match class {
        Class::Hangul => Capital::None,
        _ => Capital::of(capitals, count - capitals, first.is_uppercase()),
    };
    Some(Word {
        span,
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
    use super::super::words;
    use super::*;

    proptest! {
        /// A word with a letter that is not plain before it, or none: the other way to build it gives the same.
        #[test]
        fn plain_words_are_as_all_others(text in "[a-zA-Z]{1,24}|[А-Яа-я]{1,24}|[가-힣]{1,24}") {
            let cells = characters(&text).cells;
            let class = cells[0].class;
            let plain = of_cells(&cells, class, Join::Start);
            prop_assert_eq!(plain.is_some(), cells.len() <= LONGEST);
            prop_assert!(plain.is_none_or(|plain| plain == Word::built(&cells, class, Join::Start)));
        }

        /// The stages that other texts go through find the same words.
        #[test]
        fn plain_texts_are_as_all_others(text in "( |[a-zA-Z]{1,8}|[А-я]{1,6}|[가-힣]{1,4}|[ёЁ0é.,'\\-]{0,1}){0,9}") {
            let other = words::words(&mut characters(&text).cells).words;
            prop_assert!(super::text(&text).is_none_or(|words| words == other));
            let plain = |c: char| c == ' ' || c.is_ascii_alphabetic() || matches!(c, 'А'..='я' | '가'..='힣');
            let class = |word: &str| word.chars().next().map(Class::of);
            let alike = |word: &str| word.chars().count() <= LONGEST && word.chars().all(|c| Some(Class::of(c)) == class(word));
            let expected = text.chars().all(plain) && text.split(' ').all(alike) && !other.is_empty();
            prop_assert_eq!(super::text(&text).is_some(), expected);
        }
    }
}
