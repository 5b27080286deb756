use std::ops::Range;

use super::lexicon::{LEXICON, WordIds};
use super::{NamePart, PartRole};
use crate::text::{self, Script, Text, Word, symbols};

/// What stands between a word and the one before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Gap {
    /// Space, or punctuation that says nothing; also the start of the text.
    Space,
    /// A hyphen, slash or apostrophe, or nothing at all.
    Joined,
    /// A comma.
    Comma,
}

/// How a word is capitalised.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Case {
    /// Without capitals, or in a script without case.
    Lower,
    /// The first letter is a capital.
    Title,
    /// All letters are capitals, and there are several.
    Upper,
    /// One letter, a capital.
    Single,
}

/// A word with its surroundings and its place in the lexicon.
#[derive(Clone, Debug)]
pub(super) struct Token<'a> {
    pub word: &'a Word,
    /// Its bytes as the original writes them.
    pub original: &'a str,
    pub ids: WordIds,
    pub gap: Gap,
    pub case: Case,
    /// True inside parentheses of its own, or written as one enclosed sign (㈜).
    pub enclosed: bool,
    /// True inside parentheses, with others or alone.
    pub aside: bool,
    /// True between quotation marks.
    pub quoted: bool,
    /// True if a full stop follows.
    pub dotted: bool,
}

impl<'a> Token<'a> {
    /// The folded form.
    pub fn form(&self) -> &'a str {
        &self.word.form
    }

    /// The script.
    pub fn script(&self) -> Script {
        self.word.script
    }

    /// How many characters the folded form has.
    pub fn length(&self) -> usize {
        self.word.form.chars().count()
    }

    /// The whole word as a part of a name.
    pub fn part(&self, role: PartRole, concept: Option<&'static str>) -> NamePart {
        NamePart {
            span: self.word.span.clone(),
            role,
            script: self.word.script,
            form: self.word.form.clone(),
            symbols: self.word.symbols.clone(),
            concept,
            disguised: self.word.disguised,
        }
    }

    /// Some characters of the word, counted in its folded form, as a part. Where the original does not show which of
    /// its letters they are, the span is the whole word.
    pub fn sub_part(&self, characters: Range<usize>, role: PartRole, concept: Option<&'static str>) -> NamePart {
        if characters == (0..self.length()) {
            return self.part(role, concept);
        }
        let form: String = self.word.form.chars().skip(characters.start).take(characters.len()).collect();
        let span = self.sub_span(&characters).unwrap_or_else(|| self.word.span.clone());
        written(span, role, self.word.script, form, concept, self.word.disguised)
    }

    fn sub_span(&self, characters: &Range<usize>) -> Option<Range<usize>> {
        let start = self.word.span.start;
        let mut places: Vec<usize> = self.letters().map(|offset| start + offset).collect();
        if places.len() != self.length() {
            return None;
        }
        places.push(self.word.span.end);
        Some(*places.get(characters.start)?..*places.get(characters.end)?)
    }

    /// The offsets of the letters in the original: characters that are not marks or jamo continuing a syllable.
    fn letters(&self) -> impl Iterator<Item = usize> {
        self.original.char_indices().filter(|(_, c)| !continues(*c)).map(|(offset, _)| offset)
    }
}

/// True for characters that belong to the letter before them.
fn continues(c: char) -> bool {
    matches!(c, '\u{1160}'..='\u{11FF}' | '\u{D7B0}'..='\u{D7FF}')
        || unicode_normalization::char::is_combining_mark(c)
        || matches!(c, '\u{AD}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2069}' | '\u{FEFF}')
}

/// A part from its form. Words that the alphabet of their script lacks are stored as [`Script::Other`].
pub(super) fn written(
    span: Range<usize>,
    role: PartRole,
    script: Script,
    form: String,
    concept: Option<&'static str>,
    disguised: bool,
) -> NamePart {
    let digits = form.bytes().all(|byte| byte.is_ascii_digit());
    let script = if digits { Script::Digits } else { script };
    let (script, symbols) = match symbols::encode(script, &form) {
        Some(symbols) => (script, symbols),
        None => (Script::Other, form.as_bytes().to_vec()),
    };
    NamePart { span, role, script, form, symbols, concept, disguised }
}

/// Several tokens as one part: a phrase of the lexicon. The form is written joined.
pub(super) fn phrase(tokens: &[Token<'_>], role: PartRole, concept: Option<&'static str>) -> Option<NamePart> {
    let (first, last) = (tokens.first()?, tokens.last()?);
    if tokens.len() == 1 {
        return Some(first.part(role, concept));
    }
    let form: String = tokens.iter().map(Token::form).collect();
    let span = first.word.span.start..last.word.span.end;
    let disguised = tokens.iter().any(|token| token.word.disguised);
    Some(written(span, role, first.script(), form, concept, disguised))
}

/// The words of a text with their surroundings.
pub(super) fn tokens<'a>(original: &'a str, text: &'a Text) -> Vec<Token<'a>> {
    let mut tokens: Vec<Token<'a>> = Vec::with_capacity(text.words.len());
    let mut end = 0;
    let mut depth = 0_i32;
    for word in &text.words {
        let between = original.get(end..word.span.start).unwrap_or("");
        let written = original.get(word.span.clone()).unwrap_or("");
        let after = original.get(word.span.end..).unwrap_or("");
        let before = original.get(..word.span.start).unwrap_or("");
        depth += between.chars().map(bracket).sum::<i32>();
        tokens.push(Token {
            word,
            original: written,
            ids: LEXICON.ids(&word.form, matches!(word.script, Script::Latin | Script::Cyrillic)),
            gap: gap(between, tokens.is_empty()),
            case: case(written),
            enclosed: is_enclosed(before, written, after),
            aside: depth > 0,
            quoted: word.quoted,
            dotted: after.starts_with('.'),
        });
        end = word.span.end;
    }
    tokens
}

fn gap(between: &str, first: bool) -> Gap {
    if first {
        return Gap::Space;
    }
    if between.contains([',', '،', '、', '，']) {
        return Gap::Comma;
    }
    match between.contains(char::is_whitespace) || between.contains(['.', '(', ')', '"', '«', '»', '“', '”', ';', ':']) {
        true => Gap::Space,
        false => Gap::Joined,
    }
}

fn bracket(c: char) -> i32 {
    match c {
        '(' | '（' | '[' => 1,
        ')' | '）' | ']' => -1,
        _ => 0,
    }
}

fn case(written: &str) -> Case {
    let mut letters = written.chars().filter(|c| c.is_alphabetic());
    let Some(first) = letters.next() else { return Case::Lower };
    if !first.is_uppercase() {
        return Case::Lower;
    }
    let mut more = false;
    for c in letters {
        if c.is_lowercase() {
            return Case::Title;
        }
        more |= c.is_uppercase();
    }
    if more { Case::Upper } else { Case::Single }
}

fn is_enclosed(before: &str, written: &str, after: &str) -> bool {
    let sign = written.chars().next().is_some_and(|c| ('\u{3200}'..='\u{33FF}').contains(&c));
    sign || before.ends_with(['(', '（']) && after.starts_with([')', '）'])
}

/// The folded words of a form of a table.
pub(super) fn normal_words(form: &str) -> Vec<String> {
    text::read(form).words.into_iter().map(|word| word.form).collect()
}
