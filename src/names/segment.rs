use std::ops::Range;

use smallvec::SmallVec;

use super::lexicon::{Domain, LEXICON, Sense};

/// A piece of a compound: its characters, and what it means where the lexicon knows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Piece {
    /// Its characters in the word, counted from 0.
    pub characters: Range<usize>,
    /// Its sense; `None` for a name.
    pub sense: Option<Sense>,
    /// True for a run of digits.
    pub digits: bool,
}

/// The longest word that is taken apart; longer ones stay whole.
const LONGEST: usize = 64;

/// The cost of a word of the lexicon: 철산|무역 (4 + 1) beats 철산무역 (6).
const KNOWN: u32 = 10;
/// The cost of a name inside a compound, and of each of its syllables.
const NAME: u32 = 20;
const NAME_SYLLABLE: u32 = 10;
/// Names of one syllable are rare: 수산|나 must not beat 수산나, but 금|무역|회사 must beat 금무역회사.
const LONE_SYLLABLE: u32 = 10;
/// The cost of 총, which only stands before a word: 련봉|총|회사 (4 + .9 + 1) beats 련봉총|회사 (5 + 1).
const BEFORE: u32 = 9;
/// Digits always stand apart.
const DIGITS: u32 = 5;
/// The 호 of a ship's name stands apart from any name before it.
const CRAFT: u32 = 5;

/// Takes a joined Hangul or Chinese word apart: the cheapest way to write it as words of the lexicon, digits and
/// names. Among equals the one with the fewest pieces, then with the longest first piece. Never empty for a word
/// that is not empty.
pub(super) fn compound(word: &str, domain: Domain) -> Vec<Piece> {
    let offsets = offsets(word);
    let length = offsets.len() - 1;
    if length == 0 || length > LONGEST {
        return vec![Piece { characters: 0..length, sense: None, digits: false }];
    }
    let digit = |place: usize| word.as_bytes()[offsets[place]].is_ascii_digit();
    // From the end: the cheapest way to write the characters from each place on.
    let mut best: Vec<(u32, u32, usize, Option<Sense>)> = vec![(u32::MAX, 0, 0, None); length + 1];
    best[length] = (0, 0, length, None);
    for from in (0..length).rev() {
        let offer = |to: usize, cost: u32, sense: Option<Sense>, best: &mut Vec<(u32, u32, usize, Option<Sense>)>| {
            let candidate = (best[to].0 + cost, best[to].1 + 1);
            let current = (best[from].0, best[from].1);
            if candidate < current || candidate == current && to > best[from].2 {
                best[from] = (candidate.0, candidate.1, to, sense);
            }
        };
        if digit(from) {
            let to = (from..length).find(|place| !digit(*place)).unwrap_or(length);
            offer(to, DIGITS, None, &mut best);
            continue;
        }
        let run = (from..length).find(|place| digit(*place)).unwrap_or(length);
        for to in from + 1..=run {
            let size = to - from;
            let lone = if size == 1 { LONE_SYLLABLE } else { 0 };
            offer(to, NAME + NAME_SYLLABLE * size as u32 + lone, None, &mut best);
            if size > LEXICON.longest_compound() {
                continue;
            }
            if let Some(sense) = LEXICON.part(&word[offsets[from]..offsets[to]], from == 0, to == length, domain, false)
            {
                // A word of one syllable is only known where the table binds it to a place in the word, or alone.
                let bound = !(sense.may_begin && sense.may_end);
                if size > 1 || bound || length == 1 {
                    let cost = match sense {
                        _ if domain == Domain::Craft => CRAFT,
                        Sense { may_end: false, .. } => BEFORE,
                        _ => KNOWN,
                    };
                    offer(to, cost, Some(sense), &mut best);
                }
            }
        }
    }
    let mut pieces = Vec::new();
    let mut from = 0;
    while from < length {
        let (_, _, to, sense) = best[from];
        pieces.push(Piece { characters: from..to, sense, digits: digit(from) });
        from = to;
    }
    pieces
}

/// Takes a romanised Korean word apart that is written joined, as in "muyokchonghoesa". `None` unless all of it is
/// known and it has several parts.
pub(super) fn romanised(word: &str) -> Option<Vec<Piece>> {
    const SHORTEST_PART: usize = 5;
    const LONGEST_PART: usize = 16;
    let length = word.len();
    if !(2 * SHORTEST_PART..=LONGEST).contains(&length) || !word.is_ascii() {
        return None;
    }
    let mut ways: SmallVec<[Option<(usize, Sense)>; LONGEST]> = SmallVec::from_elem(None, length);
    for from in (0..=length - SHORTEST_PART).rev() {
        for to in (from + SHORTEST_PART..=length.min(from + LONGEST_PART)).rev() {
            if (from == 0 && to == length) || (to < length && ways[to].is_none()) {
                continue;
            }
            if let Some(sense) = LEXICON.part(&word[from..to], from == 0, to == length, Domain::Organization, true) {
                ways[from] = Some((to, sense));
                break;
            }
        }
    }
    let mut pieces = Vec::new();
    let mut from = 0;
    while from < length {
        let (to, sense) = ways[from]?;
        pieces.push(Piece { characters: from..to, sense: Some(sense), digits: false });
        from = to;
    }
    Some(pieces)
}

/// The byte offset of every character, and the length.
fn offsets(word: &str) -> SmallVec<[usize; 16]> {
    word.char_indices().map(|(offset, _)| offset).chain([word.len()]).collect()
}
