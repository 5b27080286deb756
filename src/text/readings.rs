use super::cell::{Cell, Class};
use super::characters::characters;
use super::read::{Stages, Text, read, run};
use super::word::{Capital, Join, Word};
use super::{Script, digits, lookalikes};

/// The fewest single letters in a row that are taken for a word spaced out.
const LETTERS: usize = 4;

/// The reading of a word whose every letter looks like one of the other script: MOKPAH typed in Latin is мокран, and
/// СОВА typed in Cyrillic is coba. `None` if a letter looks like none, and for single letters.
pub fn other_reading(word: &Word) -> Option<Word> {
    let mut letters = word.form.chars();
    let (first, rest) = (letters.next()?, letters.as_str());
    if rest.is_empty() {
        return None;
    }
    let written = match word.capital {
        Capital::Upper => word.form.to_uppercase(),
        Capital::Title => first.to_uppercase().chain(rest.chars()).collect(),
        Capital::Mixed | Capital::Lower => word.form.clone(),
        Capital::None => return None,
    };
    let read_as = lookalikes::reading(&written, word.script)?;
    let reading = read(&read_as).words.into_iter().next()?;
    Some(Word {
        span: word.span.clone(),
        disguised: true,
        capital: word.capital,
        join: word.join,
        dotted: word.dotted,
        bracketed: word.bracketed,
        quoted: word.quoted,
        ..reading
    })
}

/// The readings of a word with all its digits as letters, likeliest first and at most three: 5heik is sheik, a1 may be
/// al or ai. [`read`] repairs only where it is sure. Empty if a digit looks like no letter, or nothing would change.
pub fn digit_readings(word: &Word) -> Vec<Word> {
    if !matches!(word.script, Script::Latin | Script::Cyrillic) {
        return Vec::new();
    }
    let reading = |letters: Vec<char>| {
        let (form, spelled) = (digits::replaced(&word.form, &letters), digits::replaced(word.spelled(), &letters));
        let read = Word::new(word.span.clone(), word.script, form, spelled, true, word.capital, word.join);
        Word { dotted: word.dotted, bracketed: word.bracketed, quoted: word.quoted, ..read }
    };
    digits::readings(&word.form, word.script).into_iter().map(reading).collect()
}

/// The reading of a text in which capitals begin words, as in "SheikhAhmedImanAli" or "МокранТрейд". `None` if no
/// word has a capital after a small letter.
pub fn parted(original: &str) -> Option<Text> {
    let mut stages: Stages = characters(original).into();
    let mut cells: Vec<Cell> = Vec::with_capacity(stages.cells.len() + 8);
    for (at, cell) in stages.cells.iter().enumerate() {
        let capital = |cell: &Cell| cell.c.is_uppercase();
        let small = |cell: &Cell| cell.c.is_lowercase();
        let begins = cells.last().is_some_and(|last| {
            let next_small = || stages.cells.get(at + 1).is_some_and(small);
            capital(cell) && (small(last) || (capital(last) && next_small()))
        });
        if begins {
            cells.push(Cell { c: ' ', class: Class::Space, repaired: false, hidden: false, end: cell.start, ..*cell });
        }
        cells.push(*cell);
    }
    if cells.len() == stages.cells.len() {
        return None;
    }
    stages.cells = cells;
    Some(run(original, stages, None))
}

/// The reading of a text, as [`read`] gave it, in which words are spaced out, as in "M O K R A N": at least four single letters of one
/// script in a row become a word. Wider gaps and dashes separate words. `None` if there are no such letters.
pub fn collapsed(text: &Text, original: &str) -> Option<Text> {
    let words = &text.words;
    let single = |word: &Word| word.form.chars().nth(1).is_none() && word.script != Script::Digits;
    let width = |at: usize| words[at].span.start.saturating_sub(words[at - 1].span.end);
    // Within a spaced-out word all gaps are of one width; a dash separates words that are spaced out alike.
    let letters = |at: usize| {
        at < words.len()
            && single(&words[at])
            && single(&words[at - 1])
            && words[at].script == words[at - 1].script
            && !words[at - 1].dotted
    };
    let mut gaps = Vec::new();
    let mut start = 0;
    let mut gap = None;
    for at in 1..=words.len() {
        let goes_on = letters(at)
            && match words[at].join {
                Join::Dash => true,
                Join::Space => *gap.get_or_insert(width(at)) == width(at),
                _ => false,
            };
        if !goes_on {
            if at - start >= LETTERS {
                let spaces = (start + 1..at).filter(|at| words[*at].join == Join::Space);
                gaps.extend(spaces.map(|at| words[at - 1].span.end..words[at].span.start));
            }
            start = at;
            gap = None;
        }
    }
    if gaps.is_empty() {
        return None;
    }
    let mut stages: Stages = characters(original).into();
    let mut gaps = gaps.into_iter().peekable();
    stages.cells.retain(|cell| {
        while gaps.next_if(|gap| gap.end <= cell.start).is_some() {}
        !gaps.peek().is_some_and(|gap| gap.start <= cell.start && cell.end <= gap.end)
    });
    Some(run(original, stages, None))
}
