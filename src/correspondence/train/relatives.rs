//! Letters of other Cyrillic alphabets: the pairs are Russian, so what is learned of Russian letters is carried over
//! to those that stand for them elsewhere.

use std::collections::BTreeMap;

use super::em::Row;
use crate::correspondence::table::MAX_UNIT;
use crate::tables;
use crate::text::{Script, symbols};

const TABLE: &str = "correspondence/data/standards/relatives-cyrl.tsv";
/// What would count less is not added: the tables stay small.
const LEAST: f64 = 1.5;

/// Letters, and those whose counts they share.
struct Relative {
    written: Vec<u8>,
    stands_for: Vec<u8>,
    share: f64,
}

fn relatives() -> Vec<Relative> {
    let rows = tables::table(TABLE).map_or(&[][..], |table| table.rows);
    let relative = |cells: &[&str]| {
        let letters = |cell: &str| symbols::encode(Script::Cyrillic, cell).map(|word| word.to_vec());
        Some(Relative { written: letters(cells[0])?, stands_for: letters(cells[1])?, share: cells[2].parse().ok()? })
    };
    rows.iter().filter_map(|(_, cells)| relative(cells)).collect()
}

/// Adds units with one group of letters exchanged for another that stands for it, on each Cyrillic side.
pub(super) fn grow(rows: Vec<Row>, from: Script, to: Script) -> Vec<Row> {
    let relatives = if from == Script::Cyrillic || to == Script::Cyrillic { relatives() } else { Vec::new() };
    let mut counts: BTreeMap<(Vec<u8>, Vec<u8>), f64> = BTreeMap::new();
    for (one, other, count) in &rows {
        *counts.entry((one.clone(), other.clone())).or_default() += count;
    }
    for (one, other, count) in &rows {
        for relative in &relatives {
            let added = count * relative.share;
            if added < LEAST {
                continue;
            }
            if from == Script::Cyrillic {
                for unit in exchanged(one, relative) {
                    *counts.entry((unit, other.clone())).or_default() += added;
                }
            }
            if to == Script::Cyrillic {
                for unit in exchanged(other, relative) {
                    *counts.entry((one.clone(), unit)).or_default() += added;
                }
            }
        }
    }
    counts.into_iter().map(|((one, other), count)| (one, other, count)).collect()
}

/// The unit with each place of the letters exchanged, as far as the result is a unit.
fn exchanged(unit: &[u8], relative: &Relative) -> Vec<Vec<u8>> {
    let length = relative.stands_for.len();
    let places = (0..unit.len()).filter(|place| unit[*place..].starts_with(&relative.stands_for));
    let exchange = |place: usize| [&unit[..place], &relative.written, &unit[place + length..]].concat();
    places.map(exchange).filter(|unit| unit.len() <= MAX_UNIT).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_holds_for_russian_letters_holds_for_their_relatives() {
        let letters = |text: &str| symbols::encode(Script::Cyrillic, text).unwrap().to_vec();
        let rows = vec![(b"i".to_vec(), letters("и"), 100.0), (b"ni".to_vec(), letters("ни"), 30.0)];
        let grown = grow(rows, Script::Latin, Script::Cyrillic);
        let count = |from: &[u8], to: &str| {
            grown.iter().find(|row| row.0 == from && row.1 == letters(to)).map_or(0.0, |row| row.2)
        };
        assert_eq!(count(b"i", "и"), 100.0);
        assert!((count(b"i", "і") - 20.0).abs() < 1e-9);
        assert!((count(b"ni", "ні") - 6.0).abs() < 1e-9);
        assert_eq!(count(b"n", "і"), 0.0);
    }
}
