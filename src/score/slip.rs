use super::EDIT_COST;
use crate::text::Script;

/// A letter written twice, or once instead of twice, in nats: the commonest slip of all.
pub(super) const DOUBLING: f32 = 2.5;
/// Two neighbouring letters that changed places, in nats: one slip, not two edits.
const EXCHANGE: f32 = 4.5;
/// The most edits of one word; more make another word.
pub(super) const MOST_EDITS: usize = 2;
/// Longer words are not looked at: no name has them.
const LONGEST: usize = 64;

/// What it costs, in nats, that a word is typed as another of the same script; `None` for words further apart than
/// slips of typing bring them. Symmetric.
pub(super) fn slip_cost(script: Script, one: &[u8], other: &[u8]) -> Option<f32> {
    if script != Script::Other {
        return typed(one, other);
    }
    // Words of scripts without an alphabet of their own are kept as UTF-8.
    let letters = |word: &[u8]| String::from_utf8_lossy(word).chars().collect::<Vec<char>>();
    typed(&letters(one), &letters(other))
}

fn typed<T: PartialEq>(one: &[T], other: &[T]) -> Option<f32> {
    if one.len().abs_diff(other.len()) > MOST_EDITS || one.len().max(other.len()) > LONGEST {
        return None;
    }
    let limit = EDIT_COST * MOST_EDITS as f32;
    let width = other.len() + 1;
    let mut grid = vec![f32::INFINITY; (one.len() + 1) * width];
    grid[0] = 0.0;
    for i in 0..=one.len() {
        let mut least = f32::INFINITY;
        for j in 0..width {
            let at = |back_i: usize, back_j: usize| grid[(i - back_i) * width + j - back_j];
            let mut best = if i + j == 0 { 0.0 } else { f32::INFINITY };
            if i > 0 && j > 0 {
                best = best.min(at(1, 1) + if one[i - 1] == other[j - 1] { 0.0 } else { EDIT_COST });
            }
            if i > 0 {
                best = best.min(at(1, 0) + left_out(one, i));
            }
            if j > 0 {
                best = best.min(at(0, 1) + left_out(other, j));
            }
            if i > 1 && j > 1 && one[i - 1] == other[j - 2] && one[i - 2] == other[j - 1] {
                best = best.min(at(2, 2) + EXCHANGE);
            }
            grid[i * width + j] = best;
            least = least.min(best);
        }
        if least > limit {
            return None;
        }
    }
    grid.last().copied().filter(|cost| *cost <= limit)
}

/// How many letters must be exchanged, left out or put in to make one word the other, at most [`LONGEST`].
pub(super) fn edits(script: Script, one: &[u8], other: &[u8]) -> usize {
    if script != Script::Other {
        return counted(one, other);
    }
    let letters = |word: &[u8]| String::from_utf8_lossy(word).chars().collect::<Vec<char>>();
    counted(&letters(one), &letters(other))
}

fn counted<T: PartialEq>(one: &[T], other: &[T]) -> usize {
    if one.len().max(other.len()) > LONGEST {
        return LONGEST;
    }
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (i, own) in one.iter().enumerate() {
        let mut before = row[0];
        row[0] = i + 1;
        for (j, theirs) in other.iter().enumerate() {
            let exchanged = before + usize::from(own != theirs);
            before = row[j + 1];
            row[j + 1] = exchanged.min(row[j] + 1).min(row[j + 1] + 1);
        }
    }
    row.last().copied().unwrap_or(0)
}

/// What it costs that the last of some letters is missing in the other word.
fn left_out<T: PartialEq>(word: &[T], length: usize) -> f32 {
    let doubled = length > 1 && word[length - 1] == word[length - 2];
    if doubled { DOUBLING } else { EDIT_COST }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn cost(one: &str, other: &str) -> Option<f32> {
        slip_cost(Script::Other, one.as_bytes(), other.as_bytes())
    }

    #[test]
    fn slips_cost_less_than_edits() {
        assert_eq!(cost("macron", "macron"), Some(0.0));
        assert_eq!(cost("marcon", "macron"), Some(EXCHANGE), "changed places");
        assert_eq!(cost("hanniball", "hannibal"), Some(DOUBLING), "doubled");
        assert_eq!(cost("pudin", "putin"), Some(EDIT_COST));
        assert_eq!(cost("merkur", "merkel"), Some(2.0 * EDIT_COST));
        assert_eq!(cost("lukashevich", "lukashenko"), None, "another name");
        assert_eq!(cost("", "a"), Some(EDIT_COST));
    }

    proptest! {
        #[test]
        fn slips_are_symmetric(one in "[abcd]{0,8}", other in "[abcd]{0,8}") {
            prop_assert_eq!(cost(&one, &other), cost(&other, &one));
        }
    }
}
