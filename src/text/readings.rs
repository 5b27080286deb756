use super::characters::characters;
use super::lookalikes;
use super::read::{Stages, Text, read, run};
use super::word::{Capital, Join, Word};

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
        Capital::Lower => word.form.clone(),
        Capital::None => return None,
    };
    let read_as = lookalikes::reading(&written, word.script)?;
    let reading = read(&read_as).words.into_iter().next()?;
    Some(Word { span: word.span.clone(), disguised: true, capital: word.capital, joined_by: word.joined_by, ..reading })
}

/// The reading of a text in which words are spaced out, as in "M O K R A N": at least four single letters of one
/// script in a row become a word. Wider gaps separate words. `None` if there are no such letters.
pub fn collapsed(text: &Text) -> Option<Text> {
    let words = &text.words;
    let single = |word: &Word| word.form.chars().nth(1).is_none() && word.script != crate::text::Script::Digits;
    let width = |at: usize| words[at].span.start.saturating_sub(words[at - 1].span.end);
    let mut gaps = Vec::new();
    let mut start = 0;
    for at in 1..=words.len() {
        let goes_on = at < words.len()
            && words[at].joined_by == Join::Space
            && single(&words[at])
            && single(&words[at - 1])
            && words[at].script == words[at - 1].script
            && !text.dot_after(at - 1)
            && (at - start < 2 || width(at) == width(at - 1));
        if !goes_on {
            if at - start >= LETTERS {
                gaps.extend((start + 1..at).map(|at| words[at - 1].span.end..words[at].span.start));
            }
            start = at;
        }
    }
    if gaps.is_empty() {
        return None;
    }
    let mut stages: Stages = characters(&text.original).into();
    let mut gaps = gaps.into_iter().peekable();
    stages.cells.retain(|cell| {
        while gaps.next_if(|gap| gap.end <= cell.start).is_some() {}
        !gaps.peek().is_some_and(|gap| gap.start <= cell.start && cell.end <= gap.end)
    });
    Some(run(&text.original, stages, None))
}
