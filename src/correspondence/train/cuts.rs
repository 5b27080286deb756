use super::translations::{Company, Known};
use crate::correspondence::{self, Asked};
use crate::model::Kind;
use crate::text::{Script, Symbols, symbols};

/// The longest piece in syllables, and the most words that it is laid over.
const LONGEST_PIECE: usize = 6;
const MOST_WORDS: usize = 3;
/// What a piece costs that nothing is known of, in nats: at all, and each of its syllables.
const PIECE: (f64, f64) = (1.0, 5.0);
/// The same for a word of the other side and its letters.
const WORD: (f64, f64) = (1.5, 2.3);
/// How likely a piece is spelled by its word, and translated.
const SPELLED: f64 = 0.5;
const TRANSLATED: f64 = 0.2;
/// How likely a word of the other side, or a piece, stands alone.
const ALONE_WORD: f64 = 0.3;
const ALONE_PIECE: f64 = 0.05;
/// The most that a spelling may cost, in nats a symbol of the piece.
const WORST: f32 = 1.3;

/// One step of a way to lay two names over each other.
#[derive(Clone, Copy)]
pub(super) struct Way {
    from: (u8, u8),
    to: (u8, u8),
    /// The unit that is learned by it; `None` where nothing is.
    pub unit: Option<u32>,
    /// How likely it is before anything is learned.
    pub guess: f64,
}

/// Every way to cut a name of a company and to lay the pieces over the words of the other name.
pub(super) struct Cuts {
    /// The steps, in the order of the places they leave.
    ways: Vec<Way>,
    /// How many places each side has.
    places: (usize, usize),
}

/// The pieces of a word: where they begin and end, in characters, and their letters.
pub(super) fn pieces(word: &str) -> impl Iterator<Item = ((usize, usize), &str)> {
    let offsets: Vec<usize> = word.char_indices().map(|(offset, _)| offset).chain([word.len()]).collect();
    let last = offsets.len() - 1;
    (0..last).flat_map(move |from| {
        let offsets = offsets.clone();
        (from + 1..=last.min(from + LONGEST_PIECE)).map(move |to| ((from, to), &word[offsets[from]..offsets[to]]))
    })
}

/// The phrases of some words: where they begin and end, and their words with spaces.
pub(super) fn phrases(words: &[String]) -> impl Iterator<Item = ((usize, usize), String)> {
    (0..words.len()).flat_map(move |from| {
        (from + 1..=words.len().min(from + MOST_WORDS)).map(move |to| ((from, to), words[from..to].join(" ")))
    })
}

impl Cuts {
    /// The ways of a company. `number` gives units their numbers; only pieces and words that are `known` have one.
    pub fn of<'a>(
        company: &'a Company,
        from: Script,
        to: Script,
        known: &'a Known,
        number: &mut impl FnMut(&'a str, &'a str) -> u32,
    ) -> Cuts {
        let tables = correspondence::tables(from, to, Kind::Person);
        let words: Vec<((usize, usize), &'a str, Symbols)> = phrases(&company.words)
            .filter_map(|(place, phrase)| {
                let letters = symbols::encode(to, &phrase.replace(' ', ""))?;
                Some((place, known.word(&phrase), letters))
            })
            .collect();
        let mut ways = Vec::new();
        let mut begin = 0;
        for joined in &company.joined {
            for ((start, end), piece) in pieces(joined) {
                let rare = (-(PIECE.0 + PIECE.1 * (end - start) as f64)).exp();
                let span = ((begin + start) as u8, (begin + end) as u8);
                for place in 0..=company.words.len() as u8 {
                    let guess = rare * ALONE_PIECE;
                    ways.push(Way { from: (span.0, place), to: (span.1, place), unit: None, guess });
                }
                let Some(letters) = symbols::encode(from, piece) else { continue };
                let asked = Asked::new(tables, &letters, None);
                for ((first, last), phrase, spelled) in &words {
                    let fits = (letters.len() / 2..=letters.len() * 2).contains(&spelled.len());
                    let limit = WORST * letters.len() as f32;
                    let cost = if fits { asked.cost(spelled, limit) } else { None };
                    let both = !phrase.is_empty() && known.has(piece);
                    let translated = if both { TRANSLATED * rare_word(spelled.len(), last - first) } else { 0.0 };
                    let guess = rare * (cost.map_or(0.0, |cost| SPELLED * f64::from(-cost).exp()) + translated);
                    if guess > 0.0 {
                        let unit = both.then(|| number(piece, phrase));
                        ways.push(Way { from: (span.0, *first as u8), to: (span.1, *last as u8), unit, guess });
                    }
                }
            }
            begin += joined.chars().count();
        }
        for (place, word) in company.words.iter().enumerate() {
            let guess = ALONE_WORD * rare_word(word.len(), 1);
            for at in 0..=begin as u8 {
                ways.push(Way { from: (at, place as u8), to: (at, place as u8 + 1), unit: None, guess });
            }
        }
        ways.sort_by_key(|way| (way.from, way.to, way.unit));
        Cuts { ways, places: (begin + 1, company.words.len() + 1) }
    }

    fn at(&self, place: (u8, u8)) -> usize {
        usize::from(place.0) * self.places.1 + usize::from(place.1)
    }

    /// Adds how often each unit is expected.
    pub fn expect(&self, weight: &impl Fn(&Way) -> f64, counts: &mut [f64]) {
        let size = self.places.0 * self.places.1;
        let weights: Vec<f64> = self.ways.iter().map(weight).collect();
        let (mut before, mut behind) = (vec![0.0; size], vec![0.0; size]);
        before[0] = 1.0;
        for (way, weight) in self.ways.iter().zip(&weights) {
            before[self.at(way.to)] += before[self.at(way.from)] * weight;
        }
        behind[size - 1] = 1.0;
        for (way, weight) in self.ways.iter().zip(&weights).rev() {
            behind[self.at(way.from)] += behind[self.at(way.to)] * weight;
        }
        let total = before[size - 1];
        if total <= 0.0 {
            return;
        }
        for (way, weight) in self.ways.iter().zip(&weights) {
            if let Some(unit) = way.unit {
                counts[unit as usize] += before[self.at(way.from)] * weight * behind[self.at(way.to)] / total;
            }
        }
    }

    /// The units of the likeliest way.
    pub fn best(&self, weight: &impl Fn(&Way) -> f64) -> Vec<u32> {
        let size = self.places.0 * self.places.1;
        let mut best: Vec<(f64, Option<usize>)> = vec![(0.0, None); size];
        best[0].0 = 1.0;
        for (number, way) in self.ways.iter().enumerate() {
            let likely = best[self.at(way.from)].0 * weight(way);
            let to = self.at(way.to);
            if likely > best[to].0 {
                best[to] = (likely, Some(number));
            }
        }
        let mut units = Vec::new();
        let mut place = size - 1;
        while let Some(number) = best[place].1 {
            units.extend(self.ways[number].unit);
            place = self.at(self.ways[number].from);
        }
        units
    }
}

/// How likely a word of so many letters is by chance.
fn rare_word(letters: usize, words: usize) -> f64 {
    (-(WORD.0 * words as f64 + WORD.1 * letters as f64)).exp()
}
