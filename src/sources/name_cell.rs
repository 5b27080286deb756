//! Cells that hold names: lists of them, with brackets, labels and noise, to names of their own.

use std::collections::HashSet;

use crate::model::NameQuality;
use crate::tables;

use super::countries;
use super::input::squeeze;
use super::name_list::{self, differ, groups, script, split, strip_label, two_scripts};

/// How a list writes its names.
#[derive(Clone, Debug)]
pub(super) struct NameRules {
    /// What stands between two names of one cell.
    pub separators: Vec<String>,
    /// What further stands between two names of people, if each has two words or more.
    pub person_separators: Vec<String>,
    /// Texts that are no names, compared without regard to case.
    pub drop: Vec<String>,
    /// True if brackets hold further names; false leaves them in the name.
    pub brackets: bool,
}

/// A name found in a cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct CellName {
    /// The name.
    pub text: String,
    /// BCP 47 tag, where a label tells it; or empty.
    pub language: &'static str,
    /// [`NameQuality::Weak`] for an acronym in brackets, otherwise what the caller said.
    pub quality: NameQuality,
}

/// Reads the names of a cell, in order, without repetition. `person` says whether they are names of people:
/// a single word in brackets is then another spelling of the word before it.
pub(super) fn read(cell: &str, rules: &NameRules, person: bool, quality: NameQuality) -> Vec<CellName> {
    let mut names = Names { rules, person, quality, found: Vec::new(), seen: HashSet::new() };
    let mut language = "";
    for mut piece in name_list::pieces(cell, rules, person) {
        if names.is_noise(&piece) {
            continue;
        }
        if let Some((label, rest)) = strip_label(&piece) {
            language = label.language;
            let rest = rest.to_owned();
            if label.surname && person && names.surname(&rest) {
                continue;
            }
            piece = rest;
        }
        if !piece.is_empty() {
            names.piece(&piece, language, 0);
            language = "";
        }
    }
    names.found
}

struct Names<'r> {
    rules: &'r NameRules,
    person: bool,
    quality: NameQuality,
    found: Vec<CellName>,
    seen: HashSet<String>,
}

impl Names<'_> {
    fn is_noise(&self, text: &str) -> bool {
        let text = text.to_lowercase();
        self.rules.drop.iter().any(|noise| noise.to_lowercase() == text)
    }

    fn push(&mut self, text: &str, language: &'static str, quality: NameQuality) {
        if let Some((before, behind)) = two_scripts(text, self.person) {
            self.push(before, language, quality);
            return self.push(behind, "", quality);
        }
        let text = squeeze(text.trim_matches([' ', ',', '\u{2013}', ':']));
        if text.chars().any(char::is_alphanumeric) && !self.is_noise(&text) && self.seen.insert(text.clone()) {
            self.found.push(CellName { text, language, quality: quality.max(self.quality) });
        }
    }

    /// Another surname of the person named last; false if there is none.
    fn surname(&mut self, surname: &str) -> bool {
        let Some(before) = self.found.last() else { return false };
        let Some((given, _)) = before.text.rsplit_once(' ') else { return false };
        let (text, quality) = (format!("{given} {surname}"), before.quality);
        self.push(&text, "", quality);
        true
    }

    /// One name, with what its brackets say.
    ///
    /// `depth` counts brackets within brackets; what is deeper than two stays as it is.
    fn piece(&mut self, piece: &str, language: &'static str, depth: usize) {
        let Some(groups) = groups(piece)
            .filter(|groups| depth <= 2 && self.rules.brackets && groups.iter().any(|(_, bracket)| bracket.is_some()))
        else {
            return self.push(piece, language, NameQuality::Primary);
        };
        // The text outside of brackets, cut where a bracket was taken out and the script changes.
        let mut outside: Vec<String> = vec![String::new()];
        let mut inside: Vec<(usize, String)> = Vec::new();
        for (place, (text, bracket)) in groups.iter().enumerate() {
            let bracket_before = place.checked_sub(1).and_then(|before| groups[before].1);
            let last = outside.last().map_or("", String::as_str);
            let changes = bracket_before.is_some() && differ(last, text);
            if changes || bracket_before.is_some_and(|bracket| self.is_other_name(last, bracket, text)) {
                outside.push((*text).to_owned());
            } else if let Some(last) = outside.last_mut() {
                last.push_str(text);
            }
            let Some(bracket) = bracket else { continue };
            let at_end = groups[place + 1..].iter().all(|(text, _)| !text.chars().any(char::is_alphanumeric));
            let single = !bracket.trim().contains(' ');
            let spelling = self.person && single && script(text) == script(bracket);
            let labelled = strip_label(bracket.trim()).is_some();
            let last = outside.last().map_or("", String::as_str);
            let split_here = groups
                .get(place + 1)
                .is_some_and(|(next, _)| differ(text, next) || self.is_other_name(last, bracket, next));
            let sort = sort_of(bracket);
            if sort == Bracket::Noise {
                continue;
            }
            if sort == Bracket::Part || !(at_end || spelling || labelled || split_here) {
                if let Some(last) = outside.last_mut() {
                    last.push_str(&format!("({bracket})"));
                }
            } else {
                let before: usize = outside.iter().map(String::len).sum();
                inside.extend(
                    split(bracket, &self.rules.separators).into_iter().map(|part| (before, part.trim().to_owned())),
                );
            }
        }
        for name in &outside {
            self.push(name, language, NameQuality::Primary);
        }
        let whole = outside.concat();
        for (at, bracket) in inside {
            self.bracket(&whole, at, &bracket, depth + 1);
        }
    }

    /// True if the text around a bracket is two names of a person: "Ivan PETROV (Иван ПЕТРОВ) Ivan PETROFF".
    fn is_other_name(&self, before: &str, bracket: &str, after: &str) -> bool {
        let whole = |text: &str| text.split_whitespace().count() > 1;
        self.person && whole(before) && whole(bracket) && whole(after) && differ(before, bracket)
    }

    /// What stands in brackets behind the first `at` bytes of a name.
    fn bracket(&mut self, whole: &str, at: usize, bracket: &str, depth: usize) {
        let label = strip_label(bracket);
        let (text, surname, language) = match label {
            Some((label, rest)) => (rest, label.surname, label.language),
            None => (bracket, false, ""),
        };
        if text.is_empty() || self.is_noise(text) {
            return;
        }
        let single = !text.contains(' ');
        let before = whole[..at].trim_end();
        if self.person
            && !text.contains(',')
            && (surname || (label.is_none() && single && script(before) == script(text)))
        {
            // Another spelling of the word before, or another surname in its place.
            let start = if surname { whole.trim_end() } else { before };
            let behind = if surname { "" } else { &whole[at..] };
            let cut = start.rfind(' ').or((!behind.trim().is_empty() && !start.is_empty()).then_some(0));
            if let Some(cut) = cut {
                return self.piece(&format!("{} {text} {behind}", &start[..cut]), language, depth);
            }
        }
        if label.is_some() {
            for alias in alias_list(text, self.person) {
                let weak = self.person && !alias.trim().contains(' ');
                match weak {
                    true => self.push(&alias, language, NameQuality::Weak),
                    false => self.piece(&alias, language, depth),
                }
            }
            return;
        }
        let acronym = !self.person && single && text.chars().count() <= 8 && !text.chars().any(char::is_lowercase);
        match acronym {
            true => self.push(text, language, NameQuality::Weak),
            false => self.piece(text, language, depth),
        }
    }
}

/// What a bracket is to the name it stands in.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Bracket {
    /// A part of it: a legal form, a place.
    Part,
    /// Nothing.
    Noise,
    /// Another name, unless its place tells otherwise.
    Name,
}

fn sort_of(bracket: &str) -> Bracket {
    let bracket = bracket.trim().to_lowercase();
    let rows = tables::table("sources/data/bracket-words.tsv").map_or(&[][..], |table| table.rows);
    let fits = |cells: &[&str]| match cells[1] {
        "begins" => bracket.starts_with(&cells[0].to_lowercase()),
        _ => bracket == cells[0].to_lowercase(),
    };
    match rows.iter().find(|(_, cells)| fits(cells)) {
        Some((_, cells)) if cells[1] == "noise" => Bracket::Noise,
        Some(_) => Bracket::Part,
        None if countries::lookup(&bracket).is_some() || !bracket.chars().any(char::is_alphabetic) => Bracket::Part,
        None => Bracket::Name,
    }
}

/// "A, B or C" behind "a.k.a."; names of companies hold commas, so only those of people are parted.
fn alias_list(text: &str, person: bool) -> Vec<String> {
    if person { split(text, &[", ".to_owned(), " or ".to_owned()]) } else { vec![text.to_owned()] }
}
