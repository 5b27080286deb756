use std::ops::Range;

use super::lanes;
use crate::index::Index;
use crate::text::{Script, symbols};

/// The names of a population beside the index, as for the background of words.
const UNLISTED: f64 = 30_000.0;
/// What each further word costs, in nats: joined words are few.
const WORD: f64 = 1.0;
/// What a legal form or particle costs, in nats: one name in fifty has a given one.
const FORM: f64 = 4.0;
/// What a word that the index has not costs, and each of its symbols, in nats.
const UNKNOWN: (f64, f64) = (6.0, 3.0);
/// The shortest unknown word, and the shortest known one, in symbols.
const SHORTEST: (usize, usize) = (3, 2);
/// The longest word, in symbols.
const LONGEST: usize = 24;
/// Longer texts are not cut, in symbols.
const LONGEST_TEXT: usize = 96;
/// A form or particle has at most so many symbols.
const LONGEST_FORM: usize = 12;

/// Cuts letters that were written without spaces into words that the index has, forms, and perhaps one slip: the
/// likeliest way, as ranges of symbols. `None` where it stays one word or is mostly unknown. Looks up at most
/// `LONGEST` terms a symbol.
pub fn segment(
    index: &Index,
    script: Script,
    letters: &[u8],
    is_form: &dyn Fn(&str) -> bool,
) -> Option<Vec<Range<usize>>> {
    if letters.len() > LONGEST_TEXT {
        return None;
    }
    let lane = lanes::of_script(script);
    let population = f64::from(index.name_count()) + UNLISTED;
    let known = |word: &[u8]| {
        let term = index.term(lane, word)?;
        let names = f64::from(index.frequency(lane, term).names.max(1));
        Some(WORD - (names / population).ln())
    };
    let form = |word: &[u8]| {
        let short = word.len() <= LONGEST_FORM && script != Script::Other;
        (short && is_form(&symbols::decode(script, word))).then_some(WORD + FORM)
    };
    // The best way to each place: its cost, where its last word begins, and how many of its symbols are known.
    let mut best: Vec<Option<(f64, usize, usize)>> = vec![None; letters.len() + 1];
    best[0] = Some((0.0, 0, 0));
    for end in 1..=letters.len() {
        for start in end.saturating_sub(LONGEST)..end {
            let Some((cost, _, found)) = best[start] else { continue };
            let word = &letters[start..end];
            // The whole is what could not be found.
            if word.len() < SHORTEST.1 || word.len() == letters.len() {
                continue;
            }
            let own = match (known(word), form(word)) {
                (Some(known), Some(form)) => Some(known.min(form)),
                (known, form) => known.or(form),
            };
            let unknown = (word.len() >= SHORTEST.0 && script != Script::Other)
                .then_some(WORD + UNKNOWN.0 + UNKNOWN.1 * word.len() as f64);
            let (next, covered) = match (own, unknown) {
                (Some(own), _) => (own, word.len()),
                (None, Some(unknown)) => (unknown, 0),
                (None, None) => continue,
            };
            let next = (cost + next, start, found + covered);
            if best[end].is_none_or(|known| next.0 < known.0) {
                best[end] = Some(next);
            }
        }
    }
    let (_, _, found) = best[letters.len()]?;
    if 3 * found < 2 * letters.len() {
        return None;
    }
    let mut words = Vec::new();
    let mut end = letters.len();
    while end > 0 {
        let (_, start, _) = best[end]?;
        words.push(start..end);
        end = start;
    }
    words.reverse();
    Some(words)
}
