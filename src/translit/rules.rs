use super::pattern::{EDGE, Item};
use super::pieces::Piece;

/// A row of a table: what is written for some symbols between others.
#[derive(Clone, Debug)]
pub struct Rule {
    /// The symbols it reads; never empty.
    pub from: Box<[char]>,
    /// What stands before, nearest first.
    pub left: Box<[Item]>,
    /// What stands after, nearest first.
    pub right: Box<[Item]>,
    /// The symbols it writes.
    pub to: Box<[char]>,
    /// Whether it is an accepted alternative to the rule that fits at the same place.
    pub also: bool,
    /// The file and line it comes from.
    pub place: (&'static str, u32),
}

/// Rules of one stage: at each place the longest that fits is applied, of equally long ones the first.
#[derive(Debug, Default)]
pub struct RuleSet {
    rules: Vec<Rule>,
    /// First symbols, sorted, with the range of rules that begin so.
    firsts: Vec<(char, u32, u32)>,
    /// Symbols that the contexts look through.
    across: Vec<char>,
}

impl RuleSet {
    /// Orders some rules; `across` are the symbols that contexts look through.
    pub fn new(mut rules: Vec<Rule>, across: Vec<char>) -> RuleSet {
        // Stable: rows of equal length keep the order of the file.
        rules.sort_by(|a, b| (a.from[0], b.from.len()).cmp(&(b.from[0], a.from.len())));
        let mut firsts: Vec<(char, u32, u32)> = Vec::new();
        for (index, rule) in rules.iter().enumerate() {
            match firsts.last_mut() {
                Some(last) if last.0 == rule.from[0] => last.2 += 1,
                _ => firsts.push((rule.from[0], index as u32, index as u32 + 1)),
            }
        }
        RuleSet { rules, firsts, across }
    }

    /// Whether there is nothing to apply.
    pub fn is_empty(&self) -> bool {
        self.rules.is_empty()
    }

    /// A rule by its number in a [`Piece`].
    pub fn rule(&self, number: u32) -> &Rule {
        &self.rules[number as usize]
    }

    /// Whether some rule reads exactly these symbols, whatever surrounds them.
    pub fn reads_whole(&self, symbols: &[char]) -> bool {
        symbols.first().is_some_and(|first| self.starting(*first).any(|(_, rule)| *rule.from == *symbols))
    }

    fn starting(&self, first: char) -> impl Iterator<Item = (u32, &Rule)> {
        let range = match self.firsts.binary_search_by_key(&first, |entry| entry.0) {
            Ok(found) => self.firsts[found].1..self.firsts[found].2,
            Err(_) => 0..0,
        };
        range.map(|number| (number, &self.rules[number as usize]))
    }

    /// Cuts the symbols into pieces, each read by one rule or, where none fits, a single symbol read by none.
    /// Costs a constant times the number of symbols.
    pub fn apply(&self, symbols: &[char], pieces: &mut Vec<Piece>) {
        let mut at = 0;
        while at < symbols.len() {
            let mut piece = Piece::unread(at);
            for (number, rule) in self.starting(symbols[at]) {
                if piece.rule.is_some() && rule.from.len() < piece.end - at {
                    break;
                }
                let fits = symbols[at..].starts_with(&rule.from)
                    && self.fits(&rule.left, symbols[..at].iter().rev())
                    && self.fits(&rule.right, symbols[at + rule.from.len()..].iter());
                if !fits {
                    continue;
                }
                if rule.also {
                    piece.also.push((number, rule.from.len()));
                } else if piece.rule.is_none() {
                    piece.rule = Some(number);
                    piece.end = at + rule.from.len();
                }
            }
            // An alternative reads just what its preferred rule reads.
            let length = piece.end - at;
            piece.also.retain(|(_, reads)| *reads == length);
            at = piece.end;
            pieces.push(piece);
        }
    }

    fn fits<'a>(&self, items: &[Item], mut around: impl Iterator<Item = &'a char>) -> bool {
        items.iter().all(|item| {
            let symbol = loop {
                match around.next() {
                    Some(seam) if self.across.contains(seam) && !item.names(*seam) => continue,
                    Some(symbol) => break *symbol,
                    None => break EDGE,
                }
            };
            item.accepts(symbol)
        })
    }
}
