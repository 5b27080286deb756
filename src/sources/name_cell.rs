//! Cells that hold names: lists of them, with brackets, labels and noise, to names of their own.

use std::collections::HashSet;
use std::sync::OnceLock;

use crate::model::NameQuality;
use crate::tables;
use crate::text::Script;

use super::countries;
use super::input::squeeze;
use super::labels::Labels;

/// How a list writes its names.
#[derive(Clone, Debug)]
pub(super) struct NameRules {
    /// What stands between two names of one cell.
    pub separators: Vec<String>,
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

#[derive(Clone, Copy)]
struct Label {
    surname: bool,
    language: &'static str,
    inside: bool,
}

fn labels() -> &'static Labels<Label> {
    static LABELS: OnceLock<Labels<Label>> = OnceLock::new();
    LABELS.get_or_init(|| {
        let rows = tables::table("sources/data/name-labels.tsv").map_or(&[][..], |table| table.rows);
        let label = |cells: &[&'static str]| Label {
            surname: cells[1] == "surname",
            language: cells[2],
            inside: cells[3] == "yes",
        };
        Labels::new(rows.iter().map(|(_, cells)| (cells[0].to_owned(), label(cells))))
    })
}

/// Reads the names of a cell, in order, without repetition. `person` says whether they are names of people:
/// a single word in brackets is then another spelling of the word before it.
pub(super) fn read(cell: &str, rules: &NameRules, person: bool, quality: NameQuality) -> Vec<CellName> {
    let mut names = Names { rules, person, quality, found: Vec::new(), seen: HashSet::new() };
    let mut language = "";
    for piece in split(cell, &rules.separators).into_iter().flat_map(numbered).flat_map(at_inner_labels) {
        let mut piece = unquoted(&piece);
        if names.is_noise(&piece) {
            continue;
        }
        if let Some((label, rest)) = strip_label(&piece) {
            language = label.language;
            piece = rest.to_owned();
        }
        if !piece.is_empty() {
            names.piece(&piece, language);
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
        let text = squeeze(text.trim_matches([' ', ',', '\u{2013}', ':']));
        if text.chars().any(char::is_alphanumeric) && !self.is_noise(&text) && self.seen.insert(text.clone()) {
            self.found.push(CellName { text, language, quality: quality.max(self.quality) });
        }
    }

    /// One name, with what its brackets say.
    fn piece(&mut self, piece: &str, language: &'static str) {
        let Some(groups) = groups(piece).filter(|groups| self.rules.brackets && groups.len() > 1) else {
            return self.push(piece, language, NameQuality::Primary);
        };
        // The text outside of brackets, cut where a bracket was taken out and the script changes.
        let mut outside: Vec<String> = vec![String::new()];
        let mut inside: Vec<(usize, &str)> = Vec::new();
        for (place, (text, bracket)) in groups.iter().enumerate() {
            let taken = place > 0 && groups[place - 1].1.is_some();
            let last = outside.last().map_or("", String::as_str);
            if taken && script(last).zip(script(text)).is_some_and(|(before, after)| before != after) {
                outside.push((*text).to_owned());
            } else if let Some(last) = outside.last_mut() {
                last.push_str(text);
            }
            let Some(bracket) = bracket else { continue };
            let at_end = groups[place + 1..].iter().all(|(text, _)| !text.chars().any(char::is_alphanumeric));
            let single = !bracket.trim().contains(' ');
            let spelling = self.person && single && script(text) == script(bracket);
            let labelled = strip_label(bracket.trim()).is_some();
            let split_here = groups.get(place + 1).is_some_and(|(next, _)| {
                script(text).zip(script(next)).is_some_and(|(before, after)| before != after)
            });
            if belongs(bracket) || !(at_end || spelling || labelled || split_here) {
                if let Some(last) = outside.last_mut() {
                    last.push_str(&format!("({bracket})"));
                }
            } else {
                let before: usize = outside.iter().map(String::len).sum();
                inside.push((before, bracket.trim()));
            }
        }
        for name in &outside {
            self.push(name, language, NameQuality::Primary);
        }
        let whole = outside.concat();
        for (at, bracket) in inside {
            self.bracket(&whole, at, bracket);
        }
    }

    /// What stands in brackets behind the first `at` bytes of a name.
    fn bracket(&mut self, whole: &str, at: usize, bracket: &str) {
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
        if self.person && !text.contains(',') && (surname || (label.is_none() && single && script(before) == script(text))) {
            // Another spelling of the word before, or another surname in its place.
            let start = if surname { whole.trim_end() } else { before };
            let behind = if surname { "" } else { &whole[at..] };
            if let Some(cut) = start.rfind(' ') {
                return self.push(&format!("{} {text} {behind}", &start[..cut]), language, NameQuality::Primary);
            }
        }
        if label.is_some() {
            for alias in alias_list(text, self.person) {
                let weak = self.person && !alias.trim().contains(' ');
                self.push(&alias, language, if weak { NameQuality::Weak } else { NameQuality::Primary });
            }
            return;
        }
        let acronym = !self.person && single && text.chars().count() <= 8 && !text.chars().any(char::is_lowercase);
        self.push(text, language, if acronym { NameQuality::Weak } else { NameQuality::Primary });
    }
}

fn strip_label(text: &str) -> Option<(Label, &str)> {
    let (label, rest) = labels().strip(text)?;
    let rest = rest.trim_start_matches([':', ' ', '"']);
    Some((*label, rest))
}

/// True if a bracket is a part of the name it stands in: a legal form, a place.
fn belongs(bracket: &str) -> bool {
    let bracket = bracket.trim().to_lowercase();
    let rows = tables::table("sources/data/bracket-words.tsv").map_or(&[][..], |table| table.rows);
    let listed = rows.iter().any(|(_, cells)| {
        let words = cells[0].to_lowercase();
        if cells[1] == "yes" { bracket.starts_with(&words) } else { bracket == words }
    });
    listed
        || countries::lookup(&bracket).is_some()
        || !bracket.chars().any(char::is_alphabetic)
}

/// The script of the first letter that has one.
fn script(text: &str) -> Option<Script> {
    text.chars().filter(|c| c.is_alphabetic()).find_map(Script::of)
}

/// "A, B or C" behind "a.k.a."; names of companies hold commas, so only those of people are parted.
fn alias_list(text: &str, person: bool) -> Vec<String> {
    if person { split(text, &[", ".to_owned(), " or ".to_owned()]) } else { vec![text.to_owned()] }
}

/// Without the quotation marks that enclose all of it and are doubled inside, as a cell within a cell has them.
fn unquoted(text: &str) -> String {
    let text = text.trim();
    if text.starts_with('"') { squeeze(&text.trim_matches('"').replace("\"\"", "\"")) } else { text.to_owned() }
}

/// Splits at separators outside of brackets, or anywhere where the brackets do not pair.
fn split(text: &str, separators: &[String]) -> Vec<String> {
    let paired = groups(text).is_some();
    let mut parts = Vec::new();
    let (mut start, mut depth, mut skip_to) = (0, 0usize, 0);
    for (at, c) in text.char_indices() {
        if at < skip_to {
            continue;
        }
        match c {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            _ => {}
        }
        let found = separators.iter().find(|separator| text[at..].starts_with(separator.as_str()));
        if let Some(separator) = found.filter(|separator| !separator.is_empty() && (depth == 0 || !paired)) {
            parts.push(text[start..at].to_owned());
            skip_to = at + separator.len();
            start = skip_to;
        }
    }
    parts.push(text[start..].to_owned());
    parts
}

/// "1. x 2. y" and "a) x b) y" are lists.
fn numbered(text: String) -> Vec<String> {
    for marks in [["1. ", "2. ", "3. ", "4. ", "5. ", "6. "], ["1) ", "2) ", "3) ", "4) ", "5) ", "6) "], [
        "a) ", "b) ", "c) ", "d) ", "e) ", "f) ",
    ]] {
        let Some(mut rest) = text.trim_start().strip_prefix(marks[0]) else { continue };
        let mut parts = Vec::new();
        for mark in &marks[1..] {
            let Some((part, behind)) = rest.split_once(&format!(" {mark}")) else { break };
            parts.push(part.trim_end_matches([',', ' ']).to_owned());
            rest = behind;
        }
        if !parts.is_empty() {
            parts.push(rest.to_owned());
            return parts;
        }
    }
    vec![text]
}

/// "x a.k.a. y" without brackets are two names.
fn at_inner_labels(text: String) -> Vec<String> {
    let mut parts = Vec::new();
    let (mut start, mut depth) = (0, 0usize);
    for (at, c) in text.char_indices() {
        match c {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            ' ' if depth == 0 && at > start => {
                let behind = &text[at + 1..];
                if labels().strip(behind).is_some_and(|(label, _)| label.inside) {
                    parts.push(text[start..at].trim_end_matches([',', ' ']).to_owned());
                    start = at + 1;
                }
            }
            _ => {}
        }
    }
    parts.push(text[start..].to_owned());
    parts
}

/// The text before each top-level bracket with what the bracket holds, and the text behind the last one. `None` if
/// brackets do not pair.
fn groups(text: &str) -> Option<Vec<(&str, Option<&str>)>> {
    let mut groups = Vec::new();
    let (mut start, mut open, mut depth) = (0, 0, 0usize);
    for (at, c) in text.char_indices() {
        match c {
            '(' => {
                if depth == 0 {
                    open = at;
                }
                depth += 1;
            }
            ')' => {
                depth = depth.checked_sub(1)?;
                if depth == 0 {
                    groups.push((&text[start..open], Some(&text[open + 1..at])));
                    start = at + 1;
                }
            }
            _ => {}
        }
    }
    groups.push((&text[start..], None));
    (depth == 0).then_some(groups)
}
