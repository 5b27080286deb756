use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use foldhash::fast::FixedState;
use smallvec::SmallVec;

use super::lexicon::column;
use super::token::normal_words;
use crate::tables;
use crate::text::Script;

type Map<V> = HashMap<Box<str>, V, FixedState>;
type Set = HashSet<Box<str>, FixedState>;

/// What the tables know of the names of people.
pub(super) struct People {
    /// Given names to their concepts; a short form may have several.
    given: Map<SmallVec<[&'static str; 2]>>,
    /// Russian given names in other cases than the nominative, to their concepts.
    inflected: Map<&'static str>,
    /// Given names of other languages, without concept.
    foreign: Set,
    /// Korean surnames in all scripts to how often they were met; spellings of two words joined.
    surnames: Map<u32>,
    /// Syllables of Korean given names in all scripts.
    syllables: Set,
    /// Endings of patronymics and of surnames, both in the script of the word.
    patronymics: Set,
    surname_endings: Set,
    /// Initials of several letters.
    digraphs: Set,
}

/// The tables of people, built once.
pub(super) static PEOPLE: LazyLock<People> = LazyLock::new(People::new);

/// The longest ending of the tables, in characters, and the shortest.
const LONGEST_ENDING: usize = 7;

impl People {
    fn new() -> People {
        let mut people = People {
            given: Map::default(),
            inflected: Map::default(),
            foreign: Set::default(),
            surnames: Map::default(),
            syllables: Set::default(),
            patronymics: Set::default(),
            surname_endings: Set::default(),
            digraphs: Set::default(),
        };
        people.add_given();
        people.add_inflected();
        people.add_korean();
        if let Some(table) = tables::table("names/data/given-foreign.tsv") {
            let forms = column(table, "forms").flat_map(|cell| cell.split('|')).map(Into::into);
            people.foreign = forms.collect();
        }
        for (file, name, set) in [
            ("names/data/patronymics.tsv", "ending", &mut people.patronymics),
            ("names/data/surname-endings.tsv", "ending", &mut people.surname_endings),
            ("names/data/initials.tsv", "letters", &mut people.digraphs),
        ] {
            if let Some(table) = tables::table(file) {
                set.extend(column(table, name).map(Into::into));
            }
        }
        people
    }

    fn add_given(&mut self) {
        let Some(table) = tables::table("names/data/given-names.tsv") else { return };
        // Full names before short ones: a word that is both is taken for the full name.
        for name in ["full", "latin", "ukrainian", "belarusian", "english", "korean", "short"] {
            for (concept, cell) in column(table, "concept").zip(column(table, name)) {
                for form in cell.split('|').filter(|form| !form.is_empty()) {
                    let concepts = self.given.entry(normal_words(form).concat().into()).or_default();
                    if !concepts.contains(&concept) {
                        concepts.push(concept);
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
            for rule in (0..roles.len()).filter(|rule| roles[*rule] == "given" && scripts[*rule] == "Cyrl") {
                // A rule for a whole word fits where the base is the whole name, one for an ending behind a stem.
                let Some(stem) = full.strip_suffix(to[rule]).filter(|stem| stem.chars().count() != 1) else { continue };
                let form = format!("{stem}{}", from[rule]);
                if form != full && !self.given.contains_key(form.as_str()) {
                    self.inflected.entry(form.into()).or_insert(concept);
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
                        let met = self.surnames.entry(normal_words(form).concat().into()).or_default();
                        *met = (*met).max(*count);
                    }
                }
            }
        }
        if let Some(table) = tables::table("names/data/syllables-ko.tsv") {
            for name in ["hangul", "latin", "cyrillic"] {
                let cells = column(table, name).flat_map(|cell| cell.split('|'));
                self.syllables.extend(cells.filter(|form| !form.is_empty()).map(Into::into));
            }
        }
    }

    /// The concepts of a given name, likeliest first; empty where it is not known.
    pub fn given(&self, form: &str) -> &[&'static str] {
        self.given.get(form).map_or(&[], |concepts| concepts)
    }

    /// The likeliest concept of a given name, in any case of Russian.
    pub fn concept(&self, form: &str) -> Option<&'static str> {
        self.given(form).first().or_else(|| self.inflected.get(form)).copied()
    }

    /// True for given names of any language that the tables know, in any case of Russian.
    pub fn is_given(&self, form: &str) -> bool {
        self.given.contains_key(form) || self.foreign.contains(form) || self.inflected.contains_key(form)
    }

    /// How often a Korean surname was met, in any script; `None` for other words. Rare surnames have 0.
    pub fn surname(&self, form: &str) -> Option<u32> {
        self.surnames.get(form).copied()
    }

    /// How many syllables of Korean given names make a word, 1 to 3; `None` for other words.
    pub fn syllables(&self, form: &str) -> Option<usize> {
        const LONGEST: usize = 21;
        if form.len() > LONGEST * 2 {
            return None;
        }
        if self.syllables.contains(form) {
            return Some(1);
        }
        let splits = || form.char_indices().skip(1).map(|(place, _)| form.split_at(place));
        // A syllable has at most eight letters, so most splits fail at the first look.
        let first = || splits().take(8).filter(|(head, _)| self.syllables.contains(*head));
        if first().any(|(_, tail)| self.syllables.contains(tail)) {
            return Some(2);
        }
        let three = first().any(|(_, rest)| {
            let mut cuts = rest.char_indices().skip(1).take(8).map(|(place, _)| rest.split_at(place));
            cuts.any(|(middle, tail)| self.syllables.contains(middle) && self.syllables.contains(tail))
        });
        three.then_some(3)
    }

    /// True for several letters that, before a full stop, are the initial of one Cyrillic letter: "Yu.", "Дж.".
    pub fn is_digraph(&self, form: &str) -> bool {
        self.digraphs.contains(form)
    }

    /// True for words with the ending of a patronymic.
    pub fn is_patronymic(&self, form: &str, script: Script) -> bool {
        // "Ilich" and "Ильич" are the shortest words with an ending; "оглы" is a word of its own.
        ends_with(&self.patronymics, form, script, 5) || form.len() > 3 && self.patronymics.contains(form)
    }

    /// True for words with the ending of a Russian, Ukrainian, Belarusian or Caucasian surname.
    pub fn has_surname_ending(&self, form: &str, script: Script) -> bool {
        ends_with(&self.surname_endings, form, script, 4)
    }
}

fn ends_with(endings: &Set, form: &str, script: Script, shortest: usize) -> bool {
    if !matches!(script, Script::Latin | Script::Cyrillic) || form.chars().count() < shortest {
        return false;
    }
    form.char_indices().rev().take(LONGEST_ENDING).any(|(place, _)| endings.contains(&form[place..]))
}
