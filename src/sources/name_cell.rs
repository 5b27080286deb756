//! Cells that hold names: lists of them, with brackets, labels and noise, to names of their own.

use std::collections::HashSet;
use std::sync::OnceLock;

use crate::model::NameQuality;
use crate::tables;
use crate::text::Script;

use super::countries;
use super::input::squeeze;
use super::labels::Labels;

/// The most brackets in one name that are looked into: the longest name of the public lists has six.
const MAX_BRACKETS: usize = 64;

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
    let pieces = split(cell, &rules.separators).into_iter().flat_map(numbered).flat_map(at_inner_labels);
    for piece in pieces.flat_map(|piece| people(piece, rules, person)) {
        let mut piece = unquoted(&piece);
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
            if let Some(cut) = start.rfind(' ') {
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

fn strip_label(text: &str) -> Option<(Label, &str)> {
    let (label, rest) = labels().strip(text)?;
    let rest = rest.trim_start_matches([':', ' ', '"']);
    Some((*label, rest))
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

/// The script of the first letter that has one.
fn script(text: &str) -> Option<Script> {
    text.chars().filter(|c| c.is_alphabetic()).find_map(Script::of)
}

/// True if two texts are known to be of different scripts.
fn differ(left: &str, right: &str) -> bool {
    script(left).zip(script(right)).is_some_and(|(left, right)| left != right)
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
    let paired = paired(text);
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

/// Parts the names of several people, where each part is a whole name: "KIM, Il" is one.
fn people(piece: String, rules: &NameRules, person: bool) -> Vec<String> {
    let parts = if person { split(&piece, &rules.person_separators) } else { Vec::new() };
    let whole = |part: &String| {
        part.split_whitespace().count() > 1 || part.chars().any(|c| Script::of(c).is_some_and(spaceless))
    };
    if parts.len() > 1 && parts.iter().all(whole) { parts } else { vec![piece] }
}

/// True for scripts that write a whole name without a space.
fn spaceless(script: Script) -> bool {
    matches!(script, Script::Han | Script::Hangul)
}

/// "KIM Kwang Yon 김광연" is a name in two scripts: the text before and behind the place where the script changes, if
/// it changes once, between words, and both sides are long enough to be a name.
fn two_scripts(text: &str, person: bool) -> Option<(&str, &str)> {
    let mut words = Vec::new();
    let mut at = 0;
    for word in text.split_inclusive(char::is_whitespace) {
        if let Some(script) = script(word) {
            words.push((at, script));
        }
        at += word.len();
    }
    let change = words.windows(2).position(|pair| pair[0].1 != pair[1].1)? + 1;
    let (before, behind) = words.split_at(change);
    let once = before.iter().all(|word| word.1 == words[0].1) && behind.iter().all(|word| word.1 == behind[0].1);
    let enough =
        |side: &[(usize, Script)]| side.len() >= if person { 2 } else { 3 } || (person && spaceless(side[0].1));
    (once && enough(before) && enough(behind)).then(|| text.split_at(behind[0].0))
}

/// "1. x 2. y" and "a) x b) y" are lists.
fn numbered(text: String) -> Vec<String> {
    for marks in [
        ["1. ", "2. ", "3. ", "4. ", "5. ", "6. "],
        ["1) ", "2) ", "3) ", "4) ", "5) ", "6) "],
        ["a) ", "b) ", "c) ", "d) ", "e) ", "f) "],
    ] {
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
                    parts.push(text[start..at].trim_end_matches([',', ' ', '-', '\u{2013}']).to_owned());
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
/// brackets do not pair, unless it is the last one that is not closed.
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
                    if groups.len() == MAX_BRACKETS {
                        return None;
                    }
                    groups.push((&text[start..open], Some(&text[open + 1..at])));
                    start = at + 1;
                }
            }
            _ => {}
        }
    }
    match depth {
        0 => groups.push((&text[start..], None)),
        // The last bracket is never closed: the end of the text closes it.
        1 => groups.push((&text[start..open], Some(text[open + 1..].trim_start_matches('(')))),
        _ => return None,
    }
    Some(groups)
}

fn paired(text: &str) -> bool {
    groups(text).is_some_and(|groups| groups.last().is_some_and(|(_, bracket)| bracket.is_none()))
}
