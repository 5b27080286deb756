use std::ops::Range;

use compact_str::CompactString;
use smallvec::SmallVec;

use super::lexicon::{LEXICON, WordIds};
use super::{NamePart, PartRole};
use crate::text::{self, Capital, Join, Script, Text, Word, symbols};

/// A word with its place in the lexicon.
#[derive(Clone, Debug)]
pub(super) struct Token<'a> {
    pub word: &'a Word,
    /// Its bytes as the original writes them.
    original: &'a str,
    /// The characters of its folded form.
    length: usize,
    pub ids: WordIds,
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

    /// True for a word that a hyphen joins to the one before it.
    pub fn hyphened(&self) -> bool {
        self.word.join == Join::Hyphen
    }

    /// True for a word behind a comma.
    pub fn after_comma(&self) -> bool {
        self.word.join == Join::Comma
    }

    /// True for one letter that is a capital.
    pub fn is_single_capital(&self) -> bool {
        self.word.capital == Capital::Title && self.length() == 1
    }

    /// How many characters the folded form has.
    pub fn length(&self) -> usize {
        self.length
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
        let form: CompactString = self.word.form.chars().skip(characters.start).take(characters.len()).collect();
        let span = self.sub_span(&characters).unwrap_or_else(|| self.word.span.clone());
        written(span, role, self.word.script, form, concept, self.word.disguised)
    }

    fn sub_span(&self, characters: &Range<usize>) -> Option<Range<usize>> {
        let (start, length) = (self.word.span.start, self.length());
        // In most words one letter is as wide as the other, and none belongs to the one before it.
        let width = match self.original {
            original if original.bytes().all(|byte| byte.is_ascii_alphanumeric()) => 1,
            original if original.chars().all(|c| matches!(c, '가'..='힣')) => 3,
            _ => 0,
        };
        if width > 0 && self.original.len() == width * length && characters.end <= length {
            return Some(start + width * characters.start..start + width * characters.end);
        }
        let mut places: Vec<usize> = letters(self.original).map(|(offset, _)| start + offset).collect();
        if places.len() != length {
            return None;
        }
        places.push(self.word.span.end);
        Some(*places.get(characters.start)?..*places.get(characters.end)?)
    }
}

/// The letters of a text with their offsets: characters that are not marks or jamo continuing a letter.
pub(super) fn letters(original: &str) -> impl Iterator<Item = (usize, char)> {
    original.char_indices().filter(|(_, c)| !continues(*c))
}

/// True for characters that belong to the letter before them.
fn continues(c: char) -> bool {
    matches!(c, '\u{1160}'..='\u{11FF}' | '\u{D7B0}'..='\u{D7FF}')
        || c.is_control()
        || unicode_normalization::char::is_combining_mark(c)
        || matches!(c, '\u{AD}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2069}' | '\u{FEFF}')
}

/// A part from its form. Words that the alphabet of their script lacks are stored as [`Script::Other`].
pub(super) fn written(
    span: Range<usize>,
    role: PartRole,
    script: Script,
    form: CompactString,
    concept: Option<&'static str>,
    disguised: bool,
) -> NamePart {
    let digits = form.bytes().all(|byte| byte.is_ascii_digit());
    let script = if digits { Script::Digits } else { script };
    let (script, symbols) = match symbols::encode(script, &form) {
        Some(symbols) => (script, symbols),
        None => (Script::Other, form.as_bytes().into()),
    };
    NamePart { span, role, script, form, symbols, concept, disguised }
}

/// Several tokens as one part: a phrase of the lexicon. The form is written joined.
pub(super) fn phrase(tokens: &[Token<'_>], role: PartRole, concept: Option<&'static str>) -> Option<NamePart> {
    let (first, last) = (tokens.first()?, tokens.last()?);
    if tokens.len() == 1 {
        return Some(first.part(role, concept));
    }
    let form: CompactString = tokens.iter().map(Token::form).collect();
    let span = first.word.span.start..last.word.span.end;
    let disguised = tokens.iter().any(|token| token.word.disguised);
    Some(written(span, role, first.script(), form, concept, disguised))
}

/// Words of a text; most have fewer than seven.
pub(super) type Tokens<'a> = SmallVec<[Token<'a>; 6]>;

/// The words of a text with their places in the lexicon.
pub(super) fn tokens<'a>(original: &'a str, text: &'a Text) -> Tokens<'a> {
    let token = |word: &'a Word| Token {
        word,
        original: original.get(word.span.clone()).unwrap_or(""),
        // Their alphabets have one symbol for each letter.
        length: match word.script {
            Script::Latin | Script::Cyrillic => word.symbols.len(),
            _ => word.form.chars().count(),
        },
        ids: LEXICON.ids(&word.form, matches!(word.script, Script::Latin | Script::Cyrillic)),
    };
    text.words.iter().map(token).collect()
}

/// The folded words of a form of a table.
pub(super) fn normal_words(form: &str) -> Vec<CompactString> {
    text::read(form).words.into_iter().map(|word| word.form).collect()
}
