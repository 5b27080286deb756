use std::collections::HashMap;
use std::sync::LazyLock;

use compact_str::CompactString;
use foldhash::fast::FixedState;
use smallvec::SmallVec;

use super::PartRole;
use super::letters::Letters;
pub(super) use super::sources::Domain;
use super::sources::{SOURCES, Source};
use super::token::normal_words;
use crate::tables::{self, Table};

/// The words of the lexicon that one written word may be: its exact form, and the longest stems.
pub(super) type WordIds = SmallVec<[u32; MOST_IDS]>;

const MOST_IDS: usize = 3;
/// The bytes of a stem at least, so that one Latin letter is none.
const SHORTEST_STEM: usize = 2;

type Map<K, V> = HashMap<K, V, FixedState>;

/// What a form means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Sense {
    /// Its gloss; for numbers their digits.
    pub concept: &'static str,
    /// Its role.
    pub role: PartRole,
    /// The names in which it counts.
    pub domain: Domain,
    /// True for abbreviations that are also initials or words: they count at an end of a company's name only.
    pub weak: bool,
    /// False for Hangul forms that may not begin a longer word.
    pub may_begin: bool,
    /// False for Hangul forms that may not end a word.
    pub may_end: bool,
    /// True for romanised Korean, which is written joined.
    pub joins: bool,
    /// True for titles that stand behind a name without a comma.
    pub behind: bool,
}

/// The numbers of a form, from 1: as a whole word, and as a stem that takes endings; 0 for what it is not.
#[derive(Clone, Copy, Debug, Default)]
struct Known {
    word: u32,
    stem: u32,
}

/// The words and phrases of all tables.
pub(super) struct Lexicon {
    /// Words and stems.
    words: Map<CompactString, Known>,
    /// How many numbers they have.
    numbers: u32,
    /// Endings that stems take, beside none at all, from the last letter.
    endings: Letters,
    /// Phrases as a trie over words. The root is 0; from it, by the number of the word, to a node, or to 0 where no phrase
    /// begins.
    first: Vec<u32>,
    /// From any other node by a word to a node.
    edges: Map<(u32, u32), u32>,
    /// The senses that end at a node.
    senses: Vec<SmallVec<[Sense; 1]>>,
    /// Forms that count only in parentheses, as in (주).
    parenthesised: Map<CompactString, Sense>,
}

/// The lexicon, built once.
pub(super) static LEXICON: LazyLock<Lexicon> = LazyLock::new(Lexicon::new);

impl Lexicon {
    fn new() -> Lexicon {
        let mut lexicon = Lexicon {
            words: Map::default(),
            numbers: 0,
            endings: Letters::default(),
            first: Vec::new(),
            edges: Map::default(),
            senses: vec![SmallVec::new()],
            parenthesised: Map::default(),
        };
        if let Some(table) = tables::table("names/data/inflections.tsv") {
            column(table, "ending").for_each(|ending| lexicon.endings.add(ending.chars().rev(), 1));
        }
        for source in &SOURCES {
            if let Some(table) = tables::table(source.file) {
                lexicon.add_table(source, table);
            }
        }
        lexicon
    }

    fn add_table(&mut self, source: &Source, table: &'static Table) {
        let Some(concept) = table.column(source.concept) else { return };
        let behind = table.column("behind");
        for name in source.forms {
            let Some(place) = table.column(name) else { continue };
            for (_, cells) in table.rows {
                let sense = Sense {
                    concept: cells[concept],
                    role: source.role,
                    domain: source.domain,
                    weak: *name == "weak",
                    may_begin: true,
                    may_end: true,
                    joins: *name == "korean-latin",
                    behind: behind.is_some_and(|place| cells[place] == "yes"),
                };
                for form in cells[place].split('|').filter(|form| !form.is_empty()) {
                    self.add_form(form, sense);
                }
            }
        }
    }

    fn add_form(&mut self, form: &str, mut sense: Sense) {
        if let Some(inner) = form.strip_prefix('(').and_then(|rest| rest.strip_suffix(')')) {
            self.parenthesised.entry(normal_words(inner).concat().into()).or_insert(sense);
            return;
        }
        let compound =
            sense.joins || form.chars().all(|c| c == '-' || !c.is_ascii() && !('\u{400}'..='\u{52F}').contains(&c));
        let mut form = form;
        if compound {
            sense.may_begin = !form.starts_with('-');
            sense.may_end = !form.ends_with('-');
            form = form.trim_matches('-');
        }
        let mut node = 0;
        for piece in form.split(' ') {
            let (piece, stem) = match piece.strip_suffix('~') {
                Some(stem) => (stem, true),
                None => (piece, false),
            };
            let words = normal_words(piece);
            for (place, word) in words.iter().enumerate() {
                let id = self.word(word, stem && place + 1 == words.len());
                node = self.step_or_add(node, id);
            }
        }
        let senses = &mut self.senses[node as usize];
        let taken = senses.iter().any(|other| {
            other.domain == sense.domain && (other.may_begin, other.may_end) == (sense.may_begin, sense.may_end)
        });
        if node != 0 && !taken {
            senses.push(sense);
        }
    }

    fn word(&mut self, word: &str, stem: bool) -> u32 {
        let known = self.words.entry(word.into()).or_default();
        let number = if stem { &mut known.stem } else { &mut known.word };
        if *number == 0 {
            self.numbers += 1;
            *number = self.numbers;
        }
        *number
    }

    fn step_or_add(&mut self, node: u32, word: u32) -> u32 {
        let next = self.senses.len() as u32;
        let target = if node == 0 {
            self.first.resize(self.first.len().max(word as usize + 1), 0);
            &mut self.first[word as usize]
        } else {
            self.edges.entry((node, word)).or_default()
        };
        if *target == 0 {
            *target = next;
            self.senses.push(SmallVec::new());
        }
        *target
    }

    /// Where a word leads from a node.
    fn step(&self, node: u32, word: u32) -> Option<u32> {
        match node {
            0 => self.first.get(word as usize).copied().filter(|target| *target != 0),
            _ => self.edges.get(&(node, word)).copied(),
        }
    }

    /// What a written word may be in the lexicon.
    pub fn ids(&self, word: &str, inflects: bool) -> WordIds {
        let mut ids = WordIds::new();
        let whole = self.words.get(word).copied().unwrap_or_default();
        if whole.word != 0 {
            ids.push(whole.word);
        }
        if inflects {
            if whole.stem != 0 {
                ids.push(whole.stem);
            }
            // Few endings are none of Russian, so they rule most stems out.
            for (letters, _) in self.endings.walk(word.chars().rev()) {
                let stem = without_last(word, letters);
                if stem.len() < SHORTEST_STEM || ids.len() == MOST_IDS {
                    break;
                }
                let known = self.words.get(stem).copied().unwrap_or_default();
                if known.stem != 0 {
                    ids.push(known.stem);
                }
            }
        }
        ids
    }

    /// The longest phrase of a domain that begins the words given by their ids, with the number of its words.
    #[inline]
    pub fn longest(&self, words: &[&WordIds], domain: Domain) -> Option<(usize, Sense)> {
        // No phrase begins with most words.
        if words.first()?.is_empty() { None } else { self.longest_of(words, domain) }
    }

    fn longest_of(&self, words: &[&WordIds], domain: Domain) -> Option<(usize, Sense)> {
        let mut best = None;
        let mut nodes: SmallVec<[u32; 4]> = SmallVec::from_slice(&[0]);
        for (place, ids) in words.iter().enumerate() {
            let next = |node: u32| ids.iter().filter_map(move |id| self.step(node, *id));
            nodes = nodes.into_iter().flat_map(next).collect();
            if nodes.is_empty() {
                break;
            }
            if let Some(sense) = nodes.iter().find_map(|node| self.at(*node, domain)) {
                best = Some((place + 1, sense));
            }
        }
        best
    }

    fn at(&self, node: u32, domain: Domain) -> Option<Sense> {
        let fits = |sense: &&Sense| sense.domain.covers(domain) && sense.may_begin && sense.may_end;
        self.senses[node as usize].iter().find(fits).copied()
    }

    /// The sense of a part of a compound: a Hangul or Chinese form, or with `joined` a romanised Korean one.
    pub fn part(&self, form: &str, begins: bool, ends: bool, domain: Domain, joined: bool) -> Option<Sense> {
        let node = self.step(0, self.words.get(form)?.word)?;
        let fits = |sense: &&Sense| {
            sense.domain.covers(domain)
                && sense.joins == joined
                && sense.role != PartRole::Particle
                && (sense.may_begin || !begins)
                && (sense.may_end || !ends)
        };
        let senses = &self.senses[node as usize];
        // A sense that is bound to its place in the word knows better than one that stands anywhere.
        let bound = |sense: &&Sense| !(sense.may_begin && sense.may_end);
        senses.iter().filter(fits).find(bound).or_else(|| senses.iter().find(fits)).copied()
    }

    /// The sense of a form that stands in parentheses.
    pub fn parenthesised(&self, form: &str) -> Option<Sense> {
        self.parenthesised.get(form).copied()
    }

    /// All words that are known as they stand, in no order.
    pub fn forms(&self) -> impl Iterator<Item = &str> {
        self.words.iter().filter(|(_, known)| known.word != 0).map(|(form, _)| form.as_str())
    }
}

/// A word without its last letters; it has so many.
fn without_last(word: &str, letters: usize) -> &str {
    let mut left = word.chars();
    (0..letters).for_each(|_| _ = left.next_back());
    left.as_str()
}

/// The cells of a column.
pub(super) fn column(table: &'static Table, name: &str) -> impl Iterator<Item = &'static str> {
    let place = table.column(name);
    table.rows.iter().filter_map(move |(_, cells)| Some(cells[place?]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        /// The walk along endings against a look at every cut of a word.
        #[test]
        fn ids_are_those_of_all_cuts(place: prop::sample::Index, ending: prop::sample::Index, other in "[а-я]{0,3}|[a-z]{0,3}") {
            let mut words: Vec<&CompactString> = LEXICON.words.keys().collect();
            words.sort();
            let endings: Vec<&str> = column(tables::table("names/data/inflections.tsv").unwrap(), "ending").collect();
            for tail in ["", endings[ending.index(endings.len())], other.as_str()] {
                let word = format!("{}{tail}", words[place.index(words.len())]);
                let known = |form: &str| LEXICON.words.get(form).copied().unwrap_or_default();
                let cuts = word.char_indices().rev().map(|(end, _)| word.split_at(end));
                let cuts = cuts.filter(|(stem, ending)| stem.len() >= SHORTEST_STEM && endings.contains(ending));
                let stems = [known(&word).stem].into_iter().chain(cuts.map(|(stem, _)| known(stem).stem));
                let expected = [known(&word).word].into_iter().chain(stems).filter(|number| *number != 0);
                let expected: Vec<u32> = expected.take(MOST_IDS).collect();
                prop_assert_eq!(&LEXICON.ids(&word, true)[..], &expected[..], "{}", word);
                prop_assert_eq!(LEXICON.ids(&word, false).first().copied().unwrap_or(0), known(&word).word);
            }
        }
    }
}
