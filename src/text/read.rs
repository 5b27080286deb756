use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use super::charts::charts;
use super::glyphs::{Glyph, glyphs};
use super::repair::{Letters, repair};
use super::word::{Capital, Join, Text, Word};
use super::{Script, symbols};

/// Reads a text as words. Total: any text has an answer, and a text with a letter or digit has a word. The cost is
/// linear in the length.
pub fn read(original: &str) -> Text {
    let glyphs = glyphs(original);
    let around = Letters::count(glyphs.iter().map(|glyph| glyph.c)).majority();
    let mut reader = Reader { original, around, words: Vec::new(), gap: Gap::default(), depth: 0, quotes: 0 };
    let mut at = 0;
    while at < glyphs.len() {
        if is_word_character(&glyphs, at) {
            let from = at;
            while at < glyphs.len() && is_word_character(&glyphs, at) {
                at += 1;
            }
            reader.run(&glyphs[from..at], glyphs.get(at).is_some_and(|glyph| glyph.c == '.'));
        } else {
            reader.separator(glyphs[at]);
            at += 1;
        }
    }
    Text { words: reader.words }
}

/// The folded forms of the words of a text, joined by single spaces.
pub fn fold(original: &str) -> String {
    read(original).folded()
}

/// The length of a name in characters after normalisation: what limits are about.
pub fn length_after_normalisation(original: &str) -> usize {
    glyphs(original).len()
}

fn is_letter(glyph: Option<&Glyph>) -> bool {
    glyph.is_some_and(|glyph| glyph.c.is_alphanumeric())
}

fn is_word_character(glyphs: &[Glyph], at: usize) -> bool {
    let c = glyphs[at].c;
    let between = || at > 0 && is_letter(glyphs.get(at - 1)) && is_letter(glyphs.get(at + 1));
    c.is_alphanumeric() || is_combining_mark(c) || (c == '\'' && between()) || (is_sign(c) && between())
}

fn is_sign(c: char) -> bool {
    !c.is_alphanumeric() && charts().signs.contains_key(&c)
}

/// What stood since the last word.
#[derive(Default)]
struct Gap {
    space: bool,
    hyphen: bool,
    comma: bool,
    other: bool,
}

impl Gap {
    fn join(&self, first: bool) -> Join {
        match self {
            _ if first => Join::Start,
            Gap { comma: true, .. } => Join::Comma,
            Gap { other: true, .. } => Join::Punctuation,
            // A dash between spaces separates, a hyphen joins.
            Gap { hyphen: true, space: false, .. } => Join::Hyphen,
            Gap { hyphen: true, .. } => Join::Punctuation,
            Gap { space: true, .. } => Join::Space,
            _ => Join::None,
        }
    }
}

struct Reader<'a> {
    original: &'a str,
    around: Option<Script>,
    words: Vec<Word>,
    gap: Gap,
    depth: usize,
    quotes: usize,
}

impl Reader<'_> {
    fn separator(&mut self, glyph: Glyph) {
        match glyph.c {
            ' ' => self.gap.space = true,
            '-' => self.gap.hyphen = true,
            ',' => self.gap.comma = true,
            '(' | '[' => self.depth += 1,
            ')' | ']' => self.depth = self.depth.saturating_sub(1),
            '"' => self.quote(glyph),
            _ => {}
        }
        self.gap.other |= !matches!(glyph.c, ' ' | '-' | ',');
    }

    /// Opening marks nest, closing ones close, and straight ones do whichever is due.
    fn quote(&mut self, glyph: Glyph) {
        match self.original[glyph.start..].chars().next() {
            Some('«' | '„' | '‹' | '《' | '〈' | '「' | '『' | '〝' | '❝') => self.quotes += 1,
            Some('»' | '›' | '》' | '〉' | '」' | '』' | '〞' | '〟' | '❞') => {
                self.quotes = self.quotes.saturating_sub(1);
            }
            _ => self.quotes = usize::from(self.quotes == 0),
        }
    }

    /// A run without separators: one word, or several where the script changes.
    fn run(&mut self, run: &[Glyph], dotted: bool) {
        let mut from = 0;
        for at in 1..=run.len() {
            let ends = at == run.len() || changes(run, from, at);
            if ends {
                self.word(&run[from..at], dotted && at == run.len());
                from = at;
            }
        }
        self.gap = Gap::default();
    }

    fn word(&mut self, glyphs: &[Glyph], dotted: bool) {
        let written: Vec<char> = glyphs.iter().map(|glyph| glyph.c).collect();
        let (script, chars, repaired) = match family(written[0], &written) {
            Family::Alphabetic => repair(&written, self.around),
            Family::Hangul => (Script::Hangul, written.clone(), false),
            Family::Han => (Script::Han, written.clone(), false),
            Family::Digits => (Script::Digits, written.clone(), false),
            Family::Other => (Script::Other, written.clone(), false),
        };
        let spelled: String = chars.iter().flat_map(|c| lower(*c)).nfc().collect();
        let mut form = fold_word(script, &spelled);
        if form.is_empty() {
            form.clone_from(&spelled);
        }
        let (script, symbols) = match symbols::encode(script, &form) {
            Some(symbols) => (script, symbols),
            None => (Script::Other, form.as_bytes().to_vec()),
        };
        self.words.push(Word {
            span: glyphs[0].start..glyphs[glyphs.len() - 1].end,
            script,
            capital: capital(&chars),
            disguised: repaired || glyphs.iter().any(|glyph| glyph.hidden),
            join: self.gap.join(self.words.is_empty()),
            form,
            spelled,
            symbols,
            dotted,
            bracketed: self.depth > 0,
            quoted: self.quotes > 0,
        });
        self.gap = Gap::default();
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Family {
    Alphabetic,
    Hangul,
    Han,
    Digits,
    Other,
}

/// The family of a character; Latin, Cyrillic and Greek are one, for their letters are mixed to deceive. Digits
/// belong to the letters of an alphabetic word.
fn family(c: char, word: &[char]) -> Family {
    match Script::of(c) {
        Some(Script::Latin | Script::Cyrillic) => Family::Alphabetic,
        Some(Script::Hangul) => Family::Hangul,
        Some(Script::Han) => Family::Han,
        Some(Script::Other) if charts().twins.contains_key(&c) => Family::Alphabetic,
        Some(Script::Other) => Family::Other,
        Some(Script::Digits) | None => {
            let letter = word.iter().find(|c| c.is_alphabetic());
            letter.map_or(Family::Digits, |letter| family(*letter, &[]))
        }
    }
}

/// True if a new word begins at a place of a run.
fn changes(run: &[Glyph], from: usize, at: usize) -> bool {
    let class = |glyph: &Glyph| match Script::of(glyph.c) {
        None => None,
        // A mark belongs to the letter in front of it, whatever its own script.
        _ if is_combining_mark(glyph.c) => None,
        Some(Script::Digits) => Some(Family::Digits),
        Some(_) => Some(family(glyph.c, &[])),
    };
    let before = run[from..at].iter().rev().find_map(class);
    match (before, class(&run[at])) {
        (Some(Family::Digits), Some(Family::Alphabetic)) | (Some(Family::Alphabetic), Some(Family::Digits)) => false,
        (Some(before), Some(after)) => before != after,
        _ => false,
    }
}

/// Lower case, one letter at a time. The dotted capital I becomes a plain i, the final sigma a sigma.
fn lower(c: char) -> impl Iterator<Item = char> {
    let (one, many) = match c {
        'İ' => (Some('i'), None),
        'ς' => (Some('σ'), None),
        c => (None, Some(c.to_lowercase())),
    };
    one.into_iter().chain(many.into_iter().flatten())
}

fn fold_word(script: Script, spelled: &str) -> String {
    let letters = spelled.chars().filter(|c| *c != '\'');
    match script {
        Script::Latin => {
            let mut form = String::with_capacity(spelled.len());
            for c in letters.nfd().filter(|c| !is_combining_mark(*c)) {
                match charts().latin.get(&c) {
                    Some(to) => form.push_str(to),
                    None => form.push(c),
                }
            }
            form
        }
        Script::Cyrillic => {
            let plain = letters.map(|c| match c {
                'ё' | 'ѐ' => 'е',
                'ѝ' => 'и',
                c => c,
            });
            plain.filter(|c| !is_combining_mark(*c)).collect()
        }
        Script::Digits => {
            letters.map(|c| c.to_digit(10).and_then(|digit| char::from_digit(digit, 10)).unwrap_or(c)).collect()
        }
        Script::Hangul | Script::Han | Script::Other => letters.collect(),
    }
}

fn capital(chars: &[char]) -> Capital {
    let cased = || chars.iter().filter(|c| c.is_uppercase() || c.is_lowercase());
    let upper = cased().filter(|c| c.is_uppercase()).count();
    match (cased().count(), upper) {
        (0, _) => Capital::None,
        (_, 0) => Capital::Lower,
        (count, upper) if count == upper && count > 1 => Capital::Upper,
        (_, 1) if cased().next().is_some_and(|c| c.is_uppercase()) => Capital::Title,
        _ => Capital::Mixed,
    }
}
