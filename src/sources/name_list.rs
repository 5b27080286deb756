//! Cells of names as lists: where one name ends and the next begins.

use std::sync::OnceLock;

use crate::tables;
use crate::text::Script;

use super::input::squeeze;
use super::labels::Labels;
use super::name_cell::NameRules;

/// The most brackets in one name that are looked into: the longest name of the public lists has six.
const MAX_BRACKETS: usize = 64;

/// The pieces of a cell, each a name with its brackets and the label in front of it.
pub(super) fn pieces(cell: &str, rules: &NameRules, person: bool) -> Vec<String> {
    let pieces = split(cell, &rules.separators).into_iter().flat_map(numbered).flat_map(at_inner_labels);
    pieces.flat_map(|piece| people(piece, rules, person)).map(|piece| unwrapped(&piece)).collect()
}

/// What a word in front of a name says.
#[derive(Clone, Copy)]
pub(super) struct Label {
    /// True if another surname follows rather than a whole name.
    pub surname: bool,
    /// BCP 47 tag of what follows, or empty.
    pub language: &'static str,
    /// True if the label also begins a name in the middle of a text.
    pub inside: bool,
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

/// The label a text begins with, and the text behind it.
pub(super) fn strip_label(text: &str) -> Option<(Label, &str)> {
    let (label, rest) = labels().strip(text)?;
    let rest = rest.trim_start_matches([':', ' ', '"']);
    Some((*label, rest))
}

/// The script of the first letter that has one.
pub(super) fn script(text: &str) -> Option<Script> {
    text.chars().filter(|c| c.is_alphabetic()).find_map(Script::of)
}

/// True if two texts are known to be of different scripts.
pub(super) fn differ(left: &str, right: &str) -> bool {
    script(left).zip(script(right)).is_some_and(|(left, right)| left != right)
}

/// Without the quotation marks that enclose all of it and are doubled inside, as a cell within a cell has them, and
/// without a bracket that is left at one end when a list within brackets was parted.
fn unwrapped(text: &str) -> String {
    let text = text.trim();
    let text = match (text.contains('('), text.contains(')')) {
        (true, false) => text.strip_prefix('(').unwrap_or(text),
        (false, true) => text.strip_suffix(')').unwrap_or(text),
        _ => text,
    };
    if text.starts_with('"') { squeeze(&text.trim_matches('"').replace("\"\"", "\"")) } else { text.to_owned() }
}

/// Splits at separators outside of brackets, or anywhere where the brackets do not pair.
pub(super) fn split(text: &str, separators: &[String]) -> Vec<String> {
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
pub(super) fn two_scripts(text: &str, person: bool) -> Option<(&str, &str)> {
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
pub(super) fn groups(text: &str) -> Option<Vec<(&str, Option<&str>)>> {
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
