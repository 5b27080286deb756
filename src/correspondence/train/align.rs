use std::collections::HashMap;

use super::words::{NamePair, WordPair};
use crate::correspondence::Table;
use crate::text::{Script, symbols};

/// The most words of one side that stand for one word of the other: "Sung Min Ho" for one Hangul word.
const MOST_JOINED: usize = 3;
/// What an edit costs where words are laid over each other, in nats.
const EDIT: f32 = 5.0;
/// What a pair of words may cost beside the cost of each symbol, in nats: short words have no room for chance.
const ALLOWANCE: f32 = 2.0;

/// Costs that differ by less are equal, in nats.
const EQUAL: f32 = 1e-3;

/// Pairs of words before anything is known: words of names of equal length in both orders, each half as likely.
pub(super) fn guessed(names: &[NamePair], from: Script) -> Vec<WordPair> {
    let mut pairs = Vec::new();
    for name in names {
        for left in segmentations(name, from) {
            let right = &name.to;
            if left.len() == right.len() {
                let weight = if left.len() > 1 { 0.5 } else { 1.0 };
                pairs.extend(left.iter().zip(right).filter_map(|(a, b)| WordPair::new(a.clone(), b.clone(), weight)));
                if left.len() > 1 {
                    let reversed = left.iter().zip(right.iter().rev());
                    pairs.extend(reversed.filter_map(|(a, b)| WordPair::new(a.clone(), b.clone(), weight)));
                }
            } else if let ([first, rest], [head, tail @ ..]) = (left.as_slice(), right.as_slice()) {
                // Surname first, and the given name of several words.
                let given = WordPair::new(rest.clone(), tail.concat(), 0.5);
                pairs.extend(WordPair::new(first.clone(), head.clone(), 0.5).into_iter().chain(given));
            }
        }
    }
    pairs
}

/// The pairs of words of a name, laid over each other in the order of the second that a table finds cheapest. Up to
/// three adjacent words of one side may be one of the other. Words that cost more than `worst` nats a symbol, and a
/// little, give no pair, and nothing of the name is kept if those are most of it: it is a translation or another
/// name of the same person.
pub(super) fn aligned(name: &NamePair, from: Script, table: &Table, worst: f32) -> Vec<WordPair> {
    let mut costs = Costs { table, worst, known: HashMap::default() };
    let mut best: Option<Laid> = None;
    for left in segmentations(name, from) {
        for right in orders(&name.to) {
            let Some((cost, groups)) = costs.lay(&left, &right) else { continue };
            // Of equally cheap ways the one with the shorter words teaches more.
            let better = |(known, others): &Laid| {
                cost < *known - EQUAL || (cost < *known + EQUAL && groups.len() > others.len())
            };
            if best.as_ref().is_none_or(better) {
                best = Some((cost, groups));
            }
        }
    }
    let groups = best.map(|(_, groups)| groups).unwrap_or_default();
    let symbols = |(a, b): &(Vec<u8>, Vec<u8>)| a.len() + b.len();
    let total: usize = groups.iter().map(symbols).sum();
    let good: Vec<_> = groups.into_iter().filter(|(a, b)| costs.of(a, b) < costs.most(a, b)).collect();
    if good.iter().map(symbols).sum::<usize>() * 2 < total {
        return Vec::new();
    }
    good.into_iter().filter_map(|(a, b)| WordPair::new(a, b, 1.0)).collect()
}

struct Costs<'a> {
    table: &'a Table,
    worst: f32,
    known: HashMap<(Vec<u8>, Vec<u8>), f32, foldhash::fast::FixedState>,
}

type Laid = (f32, Vec<(Vec<u8>, Vec<u8>)>);

impl Costs<'_> {
    fn most(&self, from: &[u8], to: &[u8]) -> f32 {
        self.worst * from.len().max(to.len()) as f32 + ALLOWANCE
    }

    /// What it costs that a word is spelled so, at most what a pair may cost.
    fn of(&mut self, from: &[u8], to: &[u8]) -> f32 {
        let most = self.most(from, to);
        let table = self.table;
        let cost = || table.cost_only(from, to, Some(EDIT), most).unwrap_or(most);
        *self.known.entry((from.to_vec(), to.to_vec())).or_insert_with(cost)
    }

    /// The cheapest way to pair the words of both sides, in order.
    fn lay(&mut self, left: &[Vec<u8>], right: &[Vec<u8>]) -> Option<Laid> {
        let width = right.len() + 1;
        let mut cells: Vec<Option<(f32, usize, usize)>> = vec![None; (left.len() + 1) * width];
        cells[0] = Some((0.0, 0, 0));
        let steps = (1..=MOST_JOINED).map(|n| (n, 1)).chain((2..=MOST_JOINED).map(|n| (1, n)));
        let steps: Vec<(usize, usize)> = steps.collect();
        for i in 0..left.len() {
            for j in 0..right.len() {
                let Some((reached, ..)) = cells[i * width + j] else { continue };
                for &(a, b) in &steps {
                    if i + a > left.len() || j + b > right.len() {
                        continue;
                    }
                    let cost = reached + self.of(&left[i..i + a].concat(), &right[j..j + b].concat());
                    let cell = &mut cells[(i + a) * width + j + b];
                    if cell.is_none_or(|(known, ..)| cost < known) {
                        *cell = Some((cost, i, j));
                    }
                }
            }
        }
        let (total, ..) = cells[left.len() * width + right.len()]?;
        let (mut i, mut j) = (left.len(), right.len());
        let mut groups = Vec::new();
        while (i, j) != (0, 0) {
            let (_, a, b) = cells[i * width + j]?;
            groups.push((left[a..i].concat(), right[b..j].concat()));
            (i, j) = (a, b);
        }
        groups.reverse();
        Some((total, groups))
    }
}

/// The words of the first name as written, and where it is one Hangul word for several words, also cut after the
/// first and the second syllable: surnames have one or two.
fn segmentations(name: &NamePair, from: Script) -> Vec<Vec<Vec<u8>>> {
    let mut all = vec![name.from.clone()];
    if let (Script::Hangul, [word], [_, _, ..]) = (from, name.from.as_slice(), name.to.as_slice()) {
        let starts = |place: &usize| (symbols::INITIAL..symbols::VOWEL).contains(&word[*place]);
        let cuts = (1..word.len()).filter(starts).take(2);
        all.extend(cuts.map(|cut| vec![word[..cut].to_vec(), word[cut..].to_vec()]));
    }
    all
}

/// A name as it stands, reversed, and with each other word first.
fn orders(words: &[Vec<u8>]) -> Vec<Vec<Vec<u8>>> {
    let mut orders = vec![words.to_vec()];
    if words.len() > 1 {
        orders.push(words.iter().rev().cloned().collect());
    }
    if words.len() > 2 {
        orders.extend((1..words.len()).map(|turn| {
            let mut turned = words.to_vec();
            turned.rotate_left(turn);
            turned
        }));
    }
    orders
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(script: Script, text: &str) -> Vec<Vec<u8>> {
        text.split(' ').map(|word| symbols::encode(script, word).unwrap().to_vec()).collect()
    }

    fn shown(pairs: &[WordPair]) -> Vec<(String, String)> {
        let show = |script, word: &[u8]| symbols::decode(script, word).into();
        pairs.iter().map(|pair| (show(Script::Hangul, &pair.from), show(Script::Latin, &pair.to))).collect()
    }

    fn table() -> Table {
        let letters =
            [("ㄱ", "k"), ("ㅣ", "i"), ("·ㅁ", "m"), ("ㅂ", "b"), ("ㅏ", "a"), ("ㄴ", "n"), ("·ㄴ", "n"), ("ㅗ", "o")];
        let unit = |script, text: &str| super::super::super::units::read(script, text).unwrap();
        let rows: Vec<_> =
            letters.iter().map(|(a, b)| (unit(Script::Hangul, a), unit(Script::Latin, b), 50.0)).collect();
        Table::compile(Script::Hangul, Script::Latin, &rows)
    }

    #[test]
    fn words_are_paired_in_whatever_order_they_stand() {
        let cases = [
            ("김 바나", "Bana Kim", "김=kim 바나=bana"),
            ("김바나", "Kim Ba Na", "김=kim 바나=bana"),
            ("김바나", "Ba Na Kim", "김=kim 바나=bana"),
            ("노비 김바", "Nobi Kim Ba", "노비=nobi 김바=kimba"),
            ("기노 바바", "Baba Kino", "기노=kino 바바=baba"),
        ];
        for (hangul, latin, expected) in cases {
            let name =
                NamePair { from: words(Script::Hangul, hangul), to: words(Script::Latin, &latin.to_lowercase()) };
            let pairs = shown(&aligned(&name, Script::Hangul, &table(), 1.6));
            let pairs: Vec<String> = pairs.into_iter().map(|(a, b)| format!("{a}={b}")).collect();
            assert_eq!(pairs.join(" "), expected);
        }
    }

    #[test]
    fn translations_teach_nothing() {
        let name = NamePair { from: words(Script::Hangul, "김바"), to: words(Script::Latin, "xyzzyxx") };
        assert!(aligned(&name, Script::Hangul, &table(), 1.6).is_empty());
    }
}
