use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use compact_str::CompactString;
use foldhash::fast::FixedState;
use smallvec::SmallVec;

use super::letters::Letters;
use super::lexicon::column;
use super::token::normal_words;
use crate::tables;
use crate::text::Script;
use crate::translit::{self, Scheme};

type Map<V> = HashMap<CompactString, V, FixedState>;
type Set = HashSet<Box<str>, FixedState>;

/// What the tables know of a word.
#[derive(Clone, Debug, Default)]
pub(super) struct Facts {
    /// The concepts of a given name; a short form may have several.
    concepts: SmallVec<[&'static str; 1]>,
    /// The concept of a Russian given name in another case than the nominative.
    inflected: Option<&'static str>,
    /// A given name of another language, without concept.
    foreign: bool,
    /// How often it was met as a Korean surname, in any script; `None` for other words. Rare surnames have 0.
    pub surname: Option<u32>,
}

impl Facts {
    /// True for a Russian given name that is known in another case than the nominative only.
    pub fn is_declined(&self) -> bool {
        self.concepts.is_empty() && self.inflected.is_some()
    }

    /// The likeliest concept of a given name, in any case of Russian.
    pub fn concept(&self) -> Option<&'static str> {
        self.concepts.first().copied().or(self.inflected)
    }

    /// True for given names of any language that the tables know, in any case of Russian.
    pub fn is_given(&self) -> bool {
        !self.concepts.is_empty() || self.inflected.is_some() || self.foreign
    }
}

/// What the tables know of the names of people.
pub(super) struct People {
    /// Words of names, spellings of two words joined, to places in `facts`.
    words: Map<u32>,
    /// What is known of words; of those that no table has, nothing, at place 0.
    facts: Vec<Facts>,
    /// Syllables of Korean given names in all scripts.
    syllables: Letters,
    /// Endings of patronymics and of surnames, from the last letter, both in the script of the word.
    endings: Letters,
    /// Initials of several letters.
    digraphs: Set,
}

/// The tables of people, built once.
pub(super) static PEOPLE: LazyLock<People> = LazyLock::new(People::new);

/// The fewest letters of a short form in Latin: shorter ones are words of many languages.
const SHORTEST_SPELLED: usize = 4;
/// The letters of an ending at most.
const LONGEST_ENDING: usize = 7;
/// The marks of endings.
const PATRONYMIC: u8 = 1;
const SURNAME: u8 = 2;
const DECLINED: u8 = 4;
/// The shortest words that have such an ending: "Ilich", "Цоев".
const SHORTEST_PATRONYMIC: usize = 5;
const SHORTEST_SURNAME: usize = 4;

/// What the ending of a word tells.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Ending {
    /// It is a patronymic.
    pub patronymic: bool,
    /// It is a Russian, Ukrainian, Belarusian or Caucasian surname.
    pub surname: bool,
    /// It is a patronymic in another case than the nominative.
    pub declined: bool,
}

impl People {
    fn new() -> People {
        let mut people = People {
            words: Map::default(),
            facts: vec![Facts::default()],
            syllables: Letters::default(),
            endings: Letters::default(),
            digraphs: Set::default(),
        };
        people.add_korean();
        people.add_given();
        people.add_spelled();
        people.add_inflected();
        if let Some(table) = tables::table("names/data/given-foreign.tsv") {
            for form in column(table, "forms").flat_map(|cell| cell.split('|')) {
                people.facts_mut(form).foreign = true;
            }
        }
        for (file, mark) in [("names/data/patronymics.tsv", PATRONYMIC), ("names/data/surname-endings.tsv", SURNAME)] {
            if let Some(table) = tables::table(file) {
                column(table, "ending").for_each(|ending| people.endings.add(ending.chars().rev(), mark));
            }
        }
        if let Some(table) = tables::table("names/data/declension.tsv") {
            let rows = column(table, "role").zip(column(table, "from"));
            for (_, from) in rows.filter(|(role, _)| *role == "patronymic") {
                people.endings.add(from.chars().rev(), DECLINED);
            }
        }
        if let Some(table) = tables::table("names/data/initials.tsv") {
            people.digraphs.extend(column(table, "letters").map(Into::into));
        }
        people
    }

    fn add_given(&mut self) {
        let Some(table) = tables::table("names/data/given-names.tsv") else { return };
        // Full names before short ones: a word that is both is taken for the full name.
        for name in ["full", "latin", "ukrainian", "belarusian", "english", "korean", "short"] {
            for (concept, cell) in column(table, "concept").zip(column(table, name)) {
                for form in cell.split('|').filter(|form| !form.is_empty()) {
                    let facts = self.facts_mut(&normal_words(form).concat());
                    if !facts.concepts.contains(&concept) {
                        facts.concepts.push(concept);
                    }
                }
            }
        }
    }

    /// Adds short forms as the schemes of the table's header spell them in Latin letters. What is also a Korean given
    /// name stays one: Юра is Yura, but so is 유라.
    fn add_spelled(&mut self) {
        let Some(table) = tables::table("names/data/given-names.tsv") else { return };
        let schemes = table.header("spelled by").unwrap_or("").split_whitespace();
        let schemes: Vec<&Scheme> = schemes.filter_map(translit::scheme).collect();
        for (concept, cell) in column(table, "concept").zip(column(table, "short")) {
            for form in cell.split('|').filter(|form| !form.is_empty()) {
                for spelling in schemes.iter().flat_map(|scheme| scheme.spell(form)) {
                    let spelling = normal_words(&spelling).concat();
                    if spelling.chars().count() < SHORTEST_SPELLED || self.syllables(&spelling).is_some() {
                        continue;
                    }
                    let facts = self.facts_mut(&spelling);
                    if !facts.concepts.contains(&concept) {
                        facts.concepts.push(concept);
                    }
                }
            }
        }
    }

    /// Turns the rules that lead from an inflected name to its base around.
    fn add_inflected(&mut self) {
        let (Some(names), Some(rules)) =
            (tables::table("names/data/given-names.tsv"), tables::table("names/data/lemmas.tsv"))
        else {
            return;
        };
        let cells = |name: &str| column(rules, name).collect::<Vec<_>>();
        let (roles, scripts, from, to) = (cells("role"), cells("script"), cells("from"), cells("to"));
        for (concept, full) in column(names, "concept").zip(column(names, "full")) {
            let full = normal_words(full).concat();
            // Names without a Russian form have no cases.
            if full.is_empty() {
                continue;
            }
            for rule in (0..roles.len()).filter(|rule| roles[*rule] == "given" && scripts[*rule] == "Cyrl") {
                // A rule for a whole word fits where the base is the whole name, one for an ending behind a stem.
                let Some(stem) = full.strip_suffix(to[rule]).filter(|stem| stem.chars().count() != 1) else { continue };
                let form = format!("{stem}{}", from[rule]);
                if form != full && self.given(&form).is_empty() {
                    self.facts_mut(&form).inflected.get_or_insert(concept);
                }
            }
        }
    }

    fn add_korean(&mut self) {
        if let Some(table) = tables::table("names/data/surnames-ko.tsv") {
            let counts: Vec<u32> = column(table, "count").map(|count| count.parse().unwrap_or(0)).collect();
            for name in ["hangul", "north", "hanja", "latin", "cyrillic"] {
                for (count, cell) in counts.iter().zip(column(table, name)) {
                    for form in cell.split('|').filter(|form| !form.is_empty()) {
                        let met = &mut self.facts_mut(&normal_words(form).concat()).surname;
                        *met = (*met).max(Some(*count));
                    }
                }
            }
        }
        if let Some(table) = tables::table("names/data/syllables-ko.tsv") {
            for name in ["hangul", "latin", "cyrillic"] {
                let cells = column(table, name).flat_map(|cell| cell.split('|'));
                cells.for_each(|form| self.syllables.add(form.chars(), 1));
            }
        }
    }

    /// What the tables know of a word.
    pub fn facts(&self, form: &str) -> &Facts {
        &self.facts[self.words.get(form).copied().unwrap_or(0) as usize]
    }

    fn facts_mut(&mut self, form: &str) -> &mut Facts {
        let next = self.facts.len() as u32;
        let place = *self.words.entry(form.into()).or_insert(next);
        if place == next {
            self.facts.push(Facts::default());
        }
        &mut self.facts[place as usize]
    }

    /// The concepts of a given name, likeliest first; empty where it is not known.
    pub fn given(&self, form: &str) -> &[&'static str] {
        &self.facts(form).concepts
    }

    /// The likeliest concept of a given name, in any case of Russian.
    pub fn concept(&self, form: &str) -> Option<&'static str> {
        self.facts(form).concept()
    }

    /// How often a Korean surname was met, in any script; `None` for other words. Rare surnames have 0.
    pub fn surname(&self, form: &str) -> Option<u32> {
        self.facts(form).surname
    }

    /// How many syllables of Korean given names make a word, the fewest of 1 to 3; `None` for other words.
    pub fn syllables(&self, form: &str) -> Option<usize> {
        const LONGEST: usize = 21;
        if form.len() > LONGEST * 2 {
            return None;
        }
        // The places, in letters, that are reached with each number of syllables.
        let mut reached: SmallVec<[(&str, usize); 8]> = SmallVec::from_slice(&[(form, 0)]);
        let mut next = 0;
        while let Some((rest, count)) = reached.get(next).copied() {
            next += 1;
            for (letters, _) in self.syllables.walk(rest.chars()) {
                let tail = rest.char_indices().nth(letters).map_or("", |(place, _)| &rest[place..]);
                if tail.is_empty() {
                    return Some(count + 1);
                }
                if count < 2 && !reached.iter().any(|(other, _)| other.len() == tail.len()) {
                    reached.push((tail, count + 1));
                }
            }
        }
        None
    }

    /// True for several letters that, before a full stop, are the initial of one Cyrillic letter: "Yu.", "Дж.".
    pub fn is_digraph(&self, form: &str) -> bool {
        self.digraphs.contains(form)
    }

    /// What the ending of a word tells.
    pub fn ending(&self, form: &str, script: Script) -> Ending {
        let mut ending = Ending::default();
        if !matches!(script, Script::Latin | Script::Cyrillic) {
            return ending;
        }
        let mut length = None;
        for (letters, marks) in self.endings.walk(form.chars().rev().take(LONGEST_ENDING)) {
            let length = *length.get_or_insert_with(|| form.chars().count());
            // "оглы" is a word of its own.
            let whole = letters == length && form.len() > 3;
            ending.patronymic |= marks & PATRONYMIC != 0 && (length >= SHORTEST_PATRONYMIC || whole);
            ending.surname |= marks & SURNAME != 0 && length >= SHORTEST_SURNAME;
            ending.declined |= marks & DECLINED != 0 && length > SHORTEST_PATRONYMIC;
        }
        ending
    }
}
