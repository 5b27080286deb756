//! A scheme made ready to run.

use unicode_normalization::{UnicodeNormalization, is_nfc};

use super::hangul;
use super::names::{self, Names};
use super::pattern::{JOINT, SURNAME, WORD, is_letter};
use super::pieces::{self, Piece};
use super::rules::RuleSet;
use super::scheme::TraceStep;
use super::sounds::{Fired, Sounds};

/// The most spellings of one text.
pub const MOST: usize = 16;

/// How capitals come about.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Capitals {
    /// As in the source; none if its script has none.
    #[default]
    Source,
    /// As in the source, with all that one capital becomes in capitals.
    Whole,
    /// The first letter of every word.
    Words,
}

/// The stages of one scheme.
#[derive(Debug, Default)]
pub struct Program {
    pub names: Option<Names>,
    pub spelling: RuleSet,
    pub sounds: Sounds,
    pub letters: RuleSet,
    pub finish: RuleSet,
    pub capitals: Capitals,
    /// Whether the scheme reads Hangul and writes Hangul.
    pub hangul: (bool, bool),
    /// Whether the source tells compatibility ideographs apart, so that it is not normalised before.
    pub han: bool,
}

/// Collects the stages of a run, where wanted.
pub type Trace<'a> = Option<&'a mut Vec<TraceStep>>;

impl Program {
    /// The spellings of a text, the preferred one first, without doubles; at most `limit`, at least one.
    pub fn run(&self, text: &str, limit: usize, mut trace: Trace<'_>) -> Vec<String> {
        let mut source: Vec<char> = if self.han { text.chars().collect() } else { text.nfc().collect() };
        let mut texts: Vec<String> = Vec::new();
        if self.hangul.0 {
            hangul::lone_letters(&mut source);
            for (index, jamo) in self.jamo(source, limit, &mut trace).into_iter().enumerate() {
                let trace = if index == 0 { trace.as_deref_mut() } else { None };
                self.write(&jamo, &[], limit, trace, &mut texts);
            }
        } else {
            let lower: Vec<char> = source.iter().map(|c| lower(*c)).collect();
            self.write(&lower, &source, limit, trace, &mut texts);
        }
        texts.truncate(limit);
        texts
    }

    /// The stages before letters, of Hangul: the jamo of each way to pronounce a text.
    fn jamo(&self, mut text: Vec<char>, limit: usize, trace: &mut Trace<'_>) -> Vec<Vec<char>> {
        if let Some(names) = self.names {
            let split = names::split(&text, names, &self.spelling);
            step(trace, "names", &text, &split);
            text = split;
        }
        let mut texts = vec![text];
        if !self.spelling.is_empty() {
            let mut cut = Vec::new();
            self.spelling.apply(&texts[0], &mut cut);
            let spelled: Vec<Vec<char>> = pieces::choices(&cut, limit)
                .iter()
                .map(|choice| {
                    let mut out = Vec::with_capacity(texts[0].len() + 4);
                    pieces::write(&cut, choice, &self.spelling, |piece, to| {
                        out.extend_from_slice(to.unwrap_or(&texts[0][piece.start..piece.end]));
                    });
                    out
                })
                .collect();
            step(trace, "spelling", &texts[0], &spelled[0]);
            fired(trace, &self.spelling, &cut);
            texts = spelled;
        }
        let jamo: Vec<Vec<char>> = texts.iter().map(|text| hangul::decompose(text)).collect();
        if self.sounds.is_empty() {
            return jamo;
        }
        let mut sounded = Vec::with_capacity(jamo.len());
        for symbols in &jamo {
            let mut out = Vec::with_capacity(symbols.len());
            self.sounds.apply(symbols, None, &mut out);
            sounded.push(out);
        }
        step(trace, "sounds", &jamo[0], &sounded[0]);
        if let Some(steps) = trace {
            let rule = |fired: Fired| TraceStep {
                stage: format!("korean-sounds:{}", fired.line).into(),
                input: fired.input,
                output: fired.output,
            };
            steps.extend(self.sounds.fired(&jamo[0]).into_iter().map(rule));
        }
        let boundaries = jamo[0].iter().filter(|c| hangul::is_vowel(**c)).count();
        for boundary in 0..boundaries.min(limit) {
            let mut out = Vec::new();
            if sounded.len() < limit && self.sounds.apply(&jamo[0], Some(boundary), &mut out) {
                sounded.push(out);
            }
        }
        if sounded.len() < limit
            && let Some(joined) = without_joints(&jamo[0])
        {
            let mut out = Vec::new();
            self.sounds.apply(&joined, None, &mut out);
            sounded.push(out);
        }
        sounded
    }

    /// The places of all rules that read a text or offer an alternative to what reads it.
    #[cfg(test)]
    pub fn rules_used(&self, text: &str) -> Vec<(&'static str, u32)> {
        let mut used = Vec::new();
        let mut note = |rules: &RuleSet, symbols: &[char]| {
            let mut cut = Vec::new();
            rules.apply(symbols, &mut cut);
            let numbers =
                cut.iter().flat_map(|piece| piece.rule.into_iter().chain(piece.also.iter().map(|also| also.0)));
            used.extend(numbers.map(|number| rules.rule(number).place));
        };
        let mut source: Vec<char> = if self.han { text.chars().collect() } else { text.nfc().collect() };
        if self.hangul.0 {
            let mut split = source.clone();
            if let Some(names) = self.names {
                split = names::split(&source, names, &self.spelling);
            }
            note(&self.spelling, &split);
            source = self.jamo(source, 1, &mut None).swap_remove(0);
        }
        let lower: Vec<char> = source.iter().map(|c| lower(*c)).collect();
        note(&self.letters, &lower);
        let mut trace = Vec::new();
        self.run(text, 1, Some(&mut trace));
        let letters = trace.iter().find(|step| step.stage == "letters").map(|step| step.output.to_lowercase());
        let symbols: Vec<char> = letters.map_or(lower, |letters| letters.chars().collect());
        note(&self.finish, &if self.hangul.1 { hangul::decompose(&symbols) } else { symbols });
        used
    }

    /// The letters stage and what follows. `source` holds the capitals, or is empty.
    fn write(&self, symbols: &[char], source: &[char], limit: usize, mut trace: Trace<'_>, texts: &mut Vec<String>) {
        let mut cut = Vec::with_capacity(symbols.len());
        self.letters.apply(symbols, &mut cut);
        for (index, choice) in pieces::choices(&cut, limit).iter().enumerate() {
            let mut out: Vec<char> = Vec::with_capacity(symbols.len() * 2);
            let mut start = true;
            pieces::write(&cut, choice, &self.letters, |piece, to| {
                let before = out.len();
                match to {
                    // Syllables that are written are taken apart for the finish; those that pass stay whole.
                    Some(to) if self.hangul.1 => out.extend(hangul::decompose(to)),
                    Some(to) if source.is_empty() => out.extend_from_slice(to),
                    Some(to) => self.capitalise(piece, to, source, &mut out),
                    None if source.is_empty() => out.push(symbols[piece.start]),
                    None => out.push(source[piece.start]),
                }
                if self.capitals == Capitals::Words && out.len() > before {
                    if start && to.is_some() {
                        out[before] = upper(out[before]);
                    }
                    start = matches!(out[out.len() - 1], SURNAME | WORD) || out[out.len() - 1].is_whitespace();
                }
            });
            let mut trace = if index == 0 { trace.as_deref_mut() } else { None };
            step(&mut trace, "letters", symbols, &out);
            fired(&mut trace, &self.letters, &cut);
            let text = self.finished(out, &mut trace);
            if !texts.contains(&text) {
                texts.push(text);
            }
            if texts.len() >= limit {
                break;
            }
        }
    }

    fn finished(&self, mut out: Vec<char>, trace: &mut Trace<'_>) -> String {
        if !self.finish.is_empty() {
            let mut cut = Vec::with_capacity(out.len());
            self.finish.apply(&out, &mut cut);
            let mut finished = Vec::with_capacity(out.len());
            pieces::write(&cut, &[], &self.finish, |piece, to| {
                finished.extend_from_slice(to.unwrap_or(&out[piece.start..piece.end]));
            });
            step(trace, "finish", &out, &finished);
            fired(trace, &self.finish, &cut);
            out = finished;
        }
        let visible = |c: char| match c {
            JOINT => None,
            SURNAME | WORD => Some(' '),
            c => Some(c),
        };
        let text: Vec<char> = out.into_iter().filter_map(visible).collect();
        let text: String = if self.hangul.1 { hangul::compose(&text) } else { text.into_iter().collect() };
        // A mark of the source may meet a letter it composes with.
        if is_nfc(&text) { text } else { text.nfc().collect() }
    }

    /// Writes what a piece becomes with the capitals of the source.
    fn capitalise(&self, piece: &Piece, to: &[char], source: &[char], out: &mut Vec<char>) {
        let capital = |at: usize| source.get(at).is_some_and(|c| c.is_uppercase());
        if !capital(piece.start) {
            out.extend_from_slice(to);
            return;
        }
        let letter = |at: usize| source.get(at).is_some_and(|c| is_letter(*c));
        let whole = self.capitals == Capitals::Whole
            || if piece.end - piece.start > 1 {
                capital(piece.end - 1)
            } else if letter(piece.end) {
                capital(piece.end)
            } else {
                piece.start > 0 && capital(piece.start - 1)
            };
        let mut done = false;
        for &c in to {
            if done && !whole {
                out.push(c);
            } else {
                out.extend(c.to_uppercase());
                done |= c.is_alphabetic();
            }
        }
    }
}

/// A name whose syllables run together where the second has no initial (석열 as Seogyeol beside Seokyeol); `None`
/// if it has no such place.
fn without_joints(jamo: &[char]) -> Option<Vec<char>> {
    let joined = |at: usize| jamo[at] == JOINT && jamo.get(at + 1) == Some(&hangul::SILENT);
    let kept: Vec<char> = (0..jamo.len()).filter(|at| !joined(*at)).map(|at| jamo[at]).collect();
    (kept.len() < jamo.len()).then_some(kept)
}

/// The lower case of a letter, where that is one letter.
fn lower(c: char) -> char {
    if c.is_ascii() {
        return c.to_ascii_lowercase();
    }
    let mut letters = c.to_lowercase();
    match (letters.next(), letters.next()) {
        (Some(letter), None) => letter,
        _ => c,
    }
}

/// The capital of a letter, where that is one letter.
fn upper(c: char) -> char {
    let mut letters = c.to_uppercase();
    match (letters.next(), letters.next()) {
        (Some(letter), None) => letter,
        _ => c,
    }
}

fn step(trace: &mut Trace<'_>, stage: &'static str, input: &[char], output: &[char]) {
    if let Some(steps) = trace
        && input != output
    {
        steps.push(TraceStep { stage: stage.into(), input: shown(input), output: shown(output) });
    }
}

/// Tells the rules that read the pieces of a stage.
fn fired(trace: &mut Trace<'_>, rules: &RuleSet, pieces: &[Piece]) {
    let Some(steps) = trace else { return };
    for rule in pieces.iter().filter_map(|piece| piece.rule).map(|number| rules.rule(number)) {
        let (file, line) = rule.place;
        let table = file.rsplit('/').next().unwrap_or(file).trim_end_matches(".tsv");
        steps.push(TraceStep {
            stage: format!("{table}:{line}").into(),
            input: spelled(&rule.from),
            output: spelled(&rule.to),
        });
    }
}

/// The symbols of a rule as a person reads them: like [`shown`], but jamo as the letters of the keyboard.
fn spelled(symbols: &[char]) -> String {
    let alone = |c: &char| hangul::letter(*c).map_or_else(|| shown(&[*c]), String::from);
    symbols.iter().map(alone).collect()
}

/// Symbols as a person reads them: syllables whole, seams as they are written in the tables.
fn shown(symbols: &[char]) -> String {
    let seams = |c: &char| match *c {
        SURNAME => '^',
        WORD => '~',
        JOINT => '|',
        c => c,
    };
    let symbols: Vec<char> = symbols.iter().map(seams).collect();
    hangul::compose(&symbols)
}
