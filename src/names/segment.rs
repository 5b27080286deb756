use std::cmp::Reverse;
use std::ops::Range;
use std::sync::LazyLock;

use smallvec::SmallVec;

use super::PartRole;
use super::letters::Letters;
use super::lexicon::{Domain, LEXICON, Sense};
use crate::correspondence::{self, Vocabulary};
use crate::text::Script;

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

/// What may stand inside a joined word of Hangul or Chinese, so that its pieces are looked up only where they are words.
static INSIDE: LazyLock<Letters> = LazyLock::new(|| {
    let mut inside = Letters::default();
    LEXICON.forms().for_each(|form| inside.add(form.chars(), OF_LEXICON));
    let learned = correspondence::vocabulary(Script::Hangul).into_iter().flat_map(Vocabulary::words);
    learned.for_each(|word| inside.add(word.chars(), OF_VOCABULARY));
    inside
});

/// The marks of words of the lexicon, and of those that names of companies were learned to hold.
const OF_LEXICON: u8 = 1;
const OF_VOCABULARY: u8 = 2;

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

/// The most that a word costs less for being used by many companies, and what a nat of rarity costs.
const COMMON: f32 = 4.0;
const RARITY: f32 = 2.0;
/// What it costs to cut a word where only learned words say so: a name is more often left whole.
const LEARNED: u32 = 5;
/// Names of Hangul this long are taken apart by learned words too: shorter ones are names more often than compounds.
const SHORTEST_LEARNED: usize = 4;

/// The cost of a word that names of companies were learned to hold.
pub(super) fn learned(vocabulary: &Vocabulary, word: &str) -> Option<u32> {
    let cost = vocabulary.cost(word)?;
    Some(KNOWN + LEARNED + (RARITY * (cost - COMMON).max(0.0)) as u32)
}

/// The cheapest way to write a word from one place on.
#[derive(Clone, Copy)]
struct Rest {
    cost: u32,
    /// How many pieces it has.
    pieces: u32,
    /// Where its first piece ends, and what that means.
    to: usize,
    sense: Option<Sense>,
}

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
    let companies = matches!(domain, Domain::Organization) && length >= SHORTEST_LEARNED;
    let vocabulary = correspondence::vocabulary(Script::Hangul).filter(|_| companies);
    // From the end: the cheapest way to write the characters from each place on.
    let never = Rest { cost: u32::MAX, pieces: 0, to: 0, sense: None };
    let mut best: SmallVec<[Rest; 16]> = SmallVec::from_elem(never, length + 1);
    best[length] = Rest { cost: 0, to: length, ..never };
    for from in (0..length).rev() {
        let offer = |to: usize, cost: u32, sense: Option<Sense>, best: &mut [Rest]| {
            let found = Rest { cost: best[to].cost + cost, pieces: best[to].pieces + 1, to, sense };
            let order = |rest: &Rest| (rest.cost, rest.pieces, Reverse(rest.to));
            if order(&found) < order(&best[from]) {
                best[from] = found;
            }
        };
        if digit(from) {
            let to = (from..length).find(|place| !digit(*place)).unwrap_or(length);
            offer(to, DIGITS, None, &mut best);
            continue;
        }
        let run = (from..length).find(|place| digit(*place)).unwrap_or(length);
        let mut words = INSIDE.walk(word[offsets[from]..].chars()).peekable();
        for to in from + 1..=run {
            let size = to - from;
            let lone = if size == 1 { LONE_SYLLABLE } else { 0 };
            offer(to, NAME + NAME_SYLLABLE * size as u32 + lone, None, &mut best);
            let piece = &word[offsets[from]..offsets[to]];
            let Some((_, marks)) = words.next_if(|(letters, _)| *letters == size) else { continue };
            if marks & OF_VOCABULARY != 0
                && let Some(cost) = vocabulary.and_then(|vocabulary| learned(vocabulary, piece))
            {
                offer(to, cost + lone, None, &mut best);
            }
            if marks & OF_LEXICON != 0
                && let Some(sense) = LEXICON.part(piece, from == 0, to == length, domain, false)
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
        let Rest { to, sense, .. } = best[from];
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

/// Takes a joined word of letters apart, as "mobiletop" or "Москоммерцбанк": the cheapest way to write it as words
/// that companies are named with, generic words at the end or, in Cyrillic, anywhere (Внеш|торг|банк), and names. Empty for a word that is best left whole.
pub(super) fn joined(word: &str, script: Script) -> Vec<Piece> {
    const SHORTEST: usize = 6;
    const LONGEST_WORD: usize = 40;
    /// Shorter pieces are chance: "art", "net".
    const SHORTEST_KNOWN: usize = 4;
    /// A name before a generic word: Рос|нефть is one word to everybody.
    const SHORTEST_STUMP: usize = 4;
    let shortest = if script == Script::Latin { 2 } else { SHORTEST_STUMP };
    const LETTERS: u32 = 12;
    const LETTER: u32 = 5;
    const CUT: u32 = 8;
    let offsets = offsets(word);
    let length = offsets.len() - 1;
    let vocabulary = correspondence::vocabulary(script).filter(|_| script == Script::Latin);
    if !(SHORTEST..=LONGEST_WORD).contains(&length) || word.bytes().any(|byte| byte.is_ascii_digit()) {
        return Vec::new();
    }
    let generic = |form: &str| {
        let ids = LEXICON.ids(form, true);
        LEXICON.longest(&[&ids], Domain::Organization).map(|(_, sense)| sense)
    };
    let ends = |sense: &Sense| sense.role == PartRole::Descriptor;
    let mut best: SmallVec<[(u32, usize); 24]> = SmallVec::from_elem((u32::MAX, 0), length + 1);
    best[length] = (0, length);
    for from in (0..=length - shortest).rev() {
        let vocabulary = vocabulary.filter(|vocabulary| vocabulary.may_begin(&word[offsets[from]..]));
        for to in from + shortest..=length {
            if best[to].0 == u32::MAX {
                continue;
            }
            let size = to - from;
            let form = &word[offsets[from]..offsets[to]];
            let mut cost = LETTERS + LETTER * size as u32;
            if (SHORTEST_KNOWN..length).contains(&size) {
                let known = vocabulary.and_then(|vocabulary| learned(vocabulary, form));
                let last = to == length && from > 0;
                let inside = script == Script::Cyrillic && to < length;
                let generic = if last || inside { generic(form).filter(ends) } else { None };
                let generic = generic.map(|_| if last { KNOWN / 2 } else { KNOWN });
                cost = known.into_iter().chain(generic).fold(cost, u32::min);
            }
            let cost = best[to].0 + cost + if to < length { CUT } else { 0 };
            if cost < best[from].0 {
                best[from] = (cost, to);
            }
        }
    }
    if best[0].1 == length {
        return Vec::new();
    }
    let mut pieces = Vec::new();
    let mut from = 0;
    while from < length {
        let to = best[from].1;
        let form = &word[offsets[from]..offsets[to]];
        let sense = if to - from >= SHORTEST_KNOWN { generic(form) } else { None };
        pieces.push(Piece { characters: from..to, sense, digits: false });
        from = to;
    }
    pieces
}

/// The byte offset of every character, and the length.
pub(super) fn offsets(word: &str) -> SmallVec<[usize; 16]> {
    word.char_indices().map(|(offset, _)| offset).chain([word.len()]).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use proptest::prelude::*;

    proptest! {
        /// The tree of pieces against a look at every piece of a word.
        #[test]
        fn the_tree_tells_which_pieces_are_words(places: [prop::sample::Index; 3], other in "[가-힣]{0,3}") {
            let forms: BTreeSet<&str> = LEXICON.forms().collect();
            let vocabulary = correspondence::vocabulary(Script::Hangul).unwrap();
            let learned: BTreeSet<&str> = vocabulary.words().collect();
            let known: Vec<&str> = forms.union(&learned).copied().filter(|form| !form.is_ascii()).collect();
            let word: String = places.iter().map(|place| *place.get(&known)).chain([other.as_str()]).collect();
            let offsets = offsets(&word);
            for from in 0..offsets.len() {
                let rest = &word[offsets[from]..];
                let marks: Vec<(usize, u8)> = INSIDE.walk(rest.chars()).collect();
                for size in 1..offsets.len() - from {
                    let piece = &rest[..offsets[from + size] - offsets[from]];
                    let mark = marks.iter().find(|(letters, _)| *letters == size).map_or(0, |(_, mark)| *mark);
                    prop_assert_eq!(mark & OF_LEXICON != 0, forms.contains(piece), "{}", piece);
                    prop_assert_eq!(mark & OF_VOCABULARY != 0, vocabulary.cost(piece).is_some(), "{}", piece);
                }
            }
        }
    }
}
