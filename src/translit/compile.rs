//! From tables to programs.

use super::hangul::{is_final, is_initial, is_syllable, is_vowel};
use super::names::{Names, Seam};
use super::pattern::{self, Classes, Item};
use super::program::{Capitals, Program};
use super::rules::{Rule, RuleSet};
use super::sounds::Sounds;
use crate::tables::{Table, table};
use crate::text::Script;

const FOLDER: &str = "translit/data/";
/// A file extends one that may extend another; deeper chains are not followed.
const DEPTH: usize = 4;

/// The program of a table. `build.rs` has parsed every cell, so a cell that cannot be read does not occur; it
/// would be left out.
pub fn program(main: &'static Table) -> Program {
    let script = |key| header(main, key).and_then(Script::from_code);
    let reads = script("reads").unwrap_or(Script::Other);
    let writes = script("writes").unwrap_or(Script::Other);
    let mut stages = Stages::default();
    for source in sources(main) {
        stages.add(source, reads, writes);
    }
    let across = |key| header(main, key).and_then(|cell| pattern::symbols(cell).ok()).unwrap_or_default();
    let named: Vec<&str> = header(main, "sounds").unwrap_or("").split_whitespace().collect();
    let sounds = table("translit/data/korean-sounds.tsv")
        .map(|sounds| Sounds::new(sounds, &named, across("sounds-across")))
        .unwrap_or_default();
    let names = header(main, "name-seam").and_then(Seam::parse);
    Program {
        names: names.map(|seam| Names { seam, every: header(main, "names") == Some("every-word") }),
        spelling: RuleSet::new(stages.spelling, Vec::new()),
        sounds,
        letters: RuleSet::new(stages.letters, across("letters-across")),
        finish: RuleSet::new(stages.finish, Vec::new()),
        capitals: match header(main, "capitals") {
            Some("words") => Capitals::Words,
            Some("whole") => Capitals::Whole,
            _ => Capitals::Source,
        },
        hangul: (reads == Script::Hangul, writes == Script::Hangul),
        han: reads == Script::Han,
    }
}

/// A header line of a table or of what it extends.
fn header(main: &'static Table, key: &str) -> Option<&'static str> {
    let mut at = main;
    for _ in 0..DEPTH {
        if let Some(value) = at.header(key) {
            return Some(value);
        }
        at = table(&path(at.header("extends")?))?;
    }
    None
}

fn path(name: &str) -> String {
    format!("{FOLDER}{name}.tsv")
}

/// A table, its word lists, then what it extends: earlier ones win.
pub(super) fn sources(main: &'static Table) -> Vec<&'static Table> {
    let mut sources = Vec::new();
    let mut at = Some(main);
    for _ in 0..DEPTH {
        let Some(found) = at else { break };
        sources.push(found);
        for key in ["words", "fallback"] {
            let names = found.header(key).unwrap_or("").split_whitespace();
            sources.extend(names.filter_map(|name| table(&path(name))));
        }
        at = found.header("extends").and_then(|name| table(&path(name)));
    }
    sources
}

#[derive(Default)]
struct Stages {
    spelling: Vec<Rule>,
    letters: Vec<Rule>,
    finish: Vec<Rule>,
}

impl Stages {
    /// Adds the rows of a table. The script of what a row reads tells its stage: whole syllables of a Hangul
    /// source are spelling, jamo of a Hangul target are finish, all else is letters. A row with the same
    /// pattern as an earlier one is overruled by it.
    fn add(&mut self, source: &'static Table, reads: Script, writes: Script) {
        let classes = classes(source);
        let cell = |row: &[&'static str], column: &str| source.column(column).map_or("", |place| row[place]);
        let before = (self.spelling.len(), self.letters.len(), self.finish.len());
        for (line, row) in source.rows {
            let rule = rule(&classes, &|column| cell(row, column), (source.file, *line));
            let Some(rule) = rule else { continue };
            let first = rule.from[0];
            let jamo = is_initial(first) || is_vowel(first) || is_final(first);
            let (stage, earlier) = if reads == Script::Hangul && is_syllable(first) {
                (&mut self.spelling, before.0)
            } else if writes == Script::Hangul && jamo {
                (&mut self.finish, before.2)
            } else {
                (&mut self.letters, before.1)
            };
            let overruled = stage[..earlier].iter().any(|other| {
                !other.also && other.from == rule.from && other.left == rule.left && other.right == rule.right
            });
            if !overruled {
                stage.push(rule);
            }
        }
    }
}

fn rule(classes: &Classes, cell: &dyn Fn(&str) -> &'static str, place: (&'static str, u32)) -> Option<Rule> {
    let mut left: Vec<Item> = pattern::context(cell("left"), classes).ok()?;
    left.reverse();
    let from = pattern::symbols(cell("from")).ok().filter(|from| !from.is_empty())?;
    Some(Rule {
        from: from.into(),
        left: left.into(),
        right: pattern::context(cell("right"), classes).ok()?.into(),
        to: pattern::symbols(cell("to")).ok()?.into(),
        also: cell("status") == "also",
        place,
    })
}

/// The shared classes and those of a table's header.
fn classes(source: &'static Table) -> Classes {
    let mut classes = Classes::new();
    let shared = table("translit/data/classes.tsv").map_or(&[][..], |table| table.rows);
    let shared = shared.iter().filter_map(|(_, row)| Some((*row.first()?, *row.get(1)?)));
    let own = source.header.iter().filter_map(|(key, list)| Some((key.strip_prefix("class ")?, *list)));
    for (name, list) in shared.chain(own) {
        if let Ok(members) = pattern::members(list, &classes) {
            classes.insert(name.to_owned(), members);
        }
    }
    classes
}
