use smallvec::SmallVec;

use super::rules::RuleSet;

/// A stretch of symbols and the rule that reads it.
#[derive(Clone, Debug)]
pub struct Piece {
    /// First symbol.
    pub start: usize,
    /// One past the last symbol.
    pub end: usize,
    /// The rule, if one fits.
    pub rule: Option<u32>,
    /// Rules of accepted alternatives, with the number of symbols each reads.
    pub also: SmallVec<[(u32, usize); 2]>,
}

impl Piece {
    /// One symbol that no rule reads.
    pub fn unread(at: usize) -> Piece {
        Piece { start: at, end: at + 1, rule: None, also: SmallVec::new() }
    }
}

/// Which rule each piece takes: 0 for the preferred one, n for the n-th alternative. The first choice takes
/// preferred rules only; then come those that differ in one piece, then in two. At most `limit` in all.
pub fn choices(pieces: &[Piece], limit: usize) -> Vec<SmallVec<[(usize, usize); 2]>> {
    let mut choices = vec![SmallVec::new()];
    let mut single: Vec<(usize, usize)> = Vec::new();
    for (place, piece) in pieces.iter().enumerate() {
        single.extend((1..=piece.also.len()).map(|option| (place, option)));
        if single.len() >= limit {
            break;
        }
    }
    for &one in &single {
        choices.push(SmallVec::from_slice(&[one]));
    }
    for (index, &one) in single.iter().enumerate() {
        for &two in &single[index + 1..] {
            if choices.len() >= limit {
                break;
            }
            if one.0 != two.0 {
                choices.push(SmallVec::from_slice(&[one, two]));
            }
        }
    }
    choices.truncate(limit);
    choices
}

/// The symbols that some pieces become under a choice; `write` puts one piece.
pub fn write(
    pieces: &[Piece],
    choice: &[(usize, usize)],
    rules: &RuleSet,
    mut write: impl FnMut(&Piece, Option<&[char]>),
) {
    let mut choice = choice.iter().peekable();
    for (place, piece) in pieces.iter().enumerate() {
        let rule = match choice.next_if(|chosen| chosen.0 == place) {
            Some((_, option)) => Some(piece.also[option - 1].0),
            None => piece.rule,
        };
        write(piece, rule.map(|number| &*rules.rule(number).to));
    }
}
