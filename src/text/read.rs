use std::ops::Range;

use unicode_normalization::UnicodeNormalization;

use super::cell::{Cell, shown};
use super::characters::characters;
use super::word::{Capital, Join, Word};
use super::{Script, compose, disguises, enclosures, jamo, plain, words};

/// A text, read as words.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Text {
    /// Its words in order; empty only for a text without a visible letter or digit.
    pub words: Vec<Word>,
}

impl Text {
    /// The script of most letters, the earlier of [`Script::ALL`] in a draw; `Digits` for a text without letters.
    pub fn script(&self) -> Script {
        majority(&self.words)
    }

    /// The folded forms of the words, joined by single spaces.
    pub fn folded(&self) -> String {
        let mut folded = String::with_capacity(self.words.iter().map(|word| word.form.len() + 1).sum());
        for word in &self.words {
            if !folded.is_empty() {
                folded.push(' ');
            }
            folded.push_str(&word.form);
        }
        folded
    }
}

/// Tells the words that lie inside one of some spans, which are sorted by their beginnings.
fn mark(words: &mut [Word], spans: &[Range<usize>], set: fn(&mut Word)) {
    let mut spans = spans.iter().peekable();
    let mut end = 0;
    for word in words {
        while let Some(span) = spans.next_if(|span| span.start <= word.span.start) {
            end = end.max(span.end);
        }
        if word.span.end <= end {
            set(word);
        }
    }
}

/// A stage of reading: its name, what went in and what came out.
pub type Stage = (&'static str, String, String);

/// Reads a text. Total: every input has an answer, and one with a visible letter or digit has a word. Takes time
/// linear in its length.
pub fn read(original: &str) -> Text {
    if let Some(mut words) = plain::text(original) {
        disguises::settle(&mut words);
        return Text { words };
    }
    run(original, characters(original).into(), None)
}

/// Reads a text and tells what each stage changed, for an explanation; stages that changed nothing are left out. The
/// text is the one that [`read`] gives.
pub fn read_traced(original: &str) -> (Text, Vec<Stage>) {
    let cells: Stages = characters(original).into();
    let mut trace = vec![("characters", original.to_owned(), shown(&cells.cells))];
    let text = run(original, cells, Some(&mut trace));
    trace.retain(|(_, before, after)| before != after);
    (text, trace)
}

/// The words' folded forms, joined by single spaces. Folding twice changes nothing more.
pub fn fold(original: &str) -> String {
    read(original).folded()
}

/// The text after normalisation, before it is taken apart: compatibility forms resolved, composed, without invisible
/// characters, with one form of each punctuation mark and single spaces.
pub fn normalized(original: &str) -> String {
    let cells = Stages::from(characters(original)).finish(None);
    let mut text = String::with_capacity(original.len());
    for word in shown(&cells).split(' ').filter(|word| !word.is_empty()) {
        if !text.is_empty() {
            text.push(' ');
        }
        text.push_str(word);
    }
    text
}

/// The characters of a text after normalisation.
pub fn length_after_normalisation(original: &str) -> usize {
    normalized(original).chars().count()
}

/// Cells before the stages that only some texts need.
pub(super) struct Stages {
    pub(super) cells: Vec<Cell>,
    marks: bool,
    jamo: bool,
    enclosures: bool,
}

impl From<super::characters::Cells> for Stages {
    fn from(found: super::characters::Cells) -> Stages {
        Stages { cells: found.cells, marks: found.marks, jamo: found.jamo, enclosures: found.enclosures }
    }
}

impl Stages {
    /// Composes letters and jamo.
    fn finish(self, mut trace: Option<&mut Vec<Stage>>) -> Vec<Cell> {
        let mut cells = self.cells;
        for (name, needed, stage) in [
            ("compose", self.marks, compose::composed as fn(&[Cell]) -> Vec<Cell>),
            ("jamo", self.jamo, jamo::syllables),
        ] {
            if needed {
                let done = stage(&cells);
                if let Some(trace) = trace.as_deref_mut() {
                    trace.push((name, shown(&cells), shown(&done)));
                }
                cells = done;
            }
        }
        cells
    }
}

/// All stages after the first, in their order.
pub(super) fn run(original: &str, stages: Stages, mut trace: Option<&mut Vec<Stage>>) -> Text {
    let enclosed = stages.enclosures;
    let mut cells = stages.finish(trace.as_deref_mut());
    let enclosures =
        if enclosed { enclosures::enclosures(&mut cells, original.len()) } else { enclosures::Enclosures::default() };

    let before = trace.is_some().then(|| shown(&cells));
    let mut found = words::words(&mut cells);
    if found.words.is_empty() {
        found.words = last_resort(original);
    }
    if let (Some(trace), Some(before)) = (trace.as_deref_mut(), before) {
        let after = shown(&cells);
        trace.push(("scripts", before, after.clone()));
        trace.push(("words", after, forms(&found.words)));
    }
    let before = trace.is_some().then(|| forms(&found.words));
    disguises::settle(&mut found.words);
    if let (Some(trace), Some(before)) = (trace, before) {
        trace.push(("disguises", before, forms(&found.words)));
    }
    mark(&mut found.words, &enclosures.quoted, |word| word.quoted = true);
    mark(&mut found.words, &enclosures.bracketed, |word| word.bracketed = true);
    Text { words: found.words }
}

fn forms(words: &[Word]) -> String {
    let forms: Vec<&str> = words.iter().map(|word| word.form.as_str()).collect();
    forms.join(" ")
}

/// The words of a text whose only letters are such as serve as punctuation elsewhere: each run of them as it is.
fn last_resort(original: &str) -> Vec<Word> {
    let visible = |c: char| {
        let mut buffer = [0; 4];
        c.is_alphanumeric() && unicode_security::skeleton(c.encode_utf8(&mut buffer)).next().is_some()
    };
    let mut runs: Vec<Range<usize>> = Vec::new();
    for (start, c) in original.char_indices().filter(|(_, c)| visible(*c)) {
        let end = start + c.len_utf8();
        match runs.last_mut() {
            Some(last) if last.end == start => last.end = end,
            _ => runs.push(start..end),
        }
    }
    let word = |(at, span): (usize, Range<usize>)| {
        let form: String = original[span.clone()].nfc().collect();
        let join = if at == 0 { Join::Start } else { Join::Punctuation };
        Word::new(span, Script::Other, form.clone(), form, false, Capital::None, join)
    };
    runs.into_iter().enumerate().map(word).collect()
}

/// The script of most letters, the earlier of [`Script::ALL`] in a draw.
fn majority(words: &[Word]) -> Script {
    let mut counts = [0usize; Script::ALL.len()];
    for word in words {
        counts[usize::from(word.script.number())] += match word.script {
            Script::Latin | Script::Digits => word.form.len(),
            _ => word.form.chars().count(),
        };
    }
    let mut best = (0, Script::Digits);
    for script in Script::ALL.into_iter().filter(|script| *script != Script::Digits) {
        let count = counts[usize::from(script.number())];
        if count > best.0 {
            best = (count, script);
        }
    }
    best.1
}
