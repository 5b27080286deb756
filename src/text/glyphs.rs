use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use super::charts::{Entry, charts};
use super::jamo;

/// A character of the cleaned text, and the bytes of the original that it stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Glyph {
    pub c: char,
    pub start: usize,
    pub end: usize,
    /// Invisible characters stood directly behind it.
    pub hidden: bool,
}

/// The invisible letter of Hangul keyboards.
const FILLER: char = '\u{3164}';
/// No letter of any living script carries more marks than this; further ones only deface.
const MAX_MARKS: usize = 4;

/// Cleans a text without losing where its characters stood: invisible characters dropped, punctuation and spaces
/// unified, compatibility forms resolved, letters composed with their marks, jamo with each other.
pub(super) fn glyphs(text: &str) -> Vec<Glyph> {
    if text.is_ascii() {
        return ascii(text);
    }
    let mut glyphs = Vec::with_capacity(text.len());
    let mut cluster = String::new();
    let mut span = (0, 0);
    let mut hidden = false;
    let mut marks = 0;
    for (start, c) in text.char_indices() {
        let end = start + c.len_utf8();
        let next = text[end..].chars().next();
        let in_jamo = jamo::is_compatibility(c)
            && (next.is_some_and(jamo::is_compatibility)
                || cluster.chars().all(jamo::is_compatibility) && !cluster.is_empty());
        // The vowel ㅡ is used as a dash, but not among letters of its kind.
        let cleaned = if in_jamo && c != FILLER { None } else { charts().clean(c) };
        if cleaned == Some(Entry::Ignored) {
            hidden = true;
            continue;
        }
        let joins = !cluster.is_empty() && (is_combining_mark(c) || jamo::continues(&cluster, c));
        if joins {
            marks += usize::from(is_combining_mark(c));
            if marks <= MAX_MARKS {
                cluster.push(c);
            }
            span.1 = end;
            continue;
        }
        // What is hidden after a letter disguises it; what is hidden in front of a text does not.
        flush(&mut glyphs, &mut cluster, span, hidden);
        hidden = false;
        marks = 0;
        span = (start, end);
        match cleaned {
            Some(Entry::Becomes(to)) => {
                glyphs.extend(to.chars().map(|c| Glyph { c, start, end, hidden: false }));
            }
            _ if c.is_whitespace() => glyphs.push(Glyph { c: ' ', start, end, hidden: false }),
            _ => cluster.push(c),
        }
    }
    flush(&mut glyphs, &mut cluster, span, false);
    jamo::compose(glyphs)
}

fn ascii(text: &str) -> Vec<Glyph> {
    let cleaned = text.bytes().enumerate().filter_map(|(start, byte)| {
        let c = match byte {
            b'\t'..=b'\r' => ' ',
            0..=31 | 127 => return None,
            b'`' => '\'',
            byte => char::from(byte),
        };
        Some(Glyph { c, start, end: start + 1, hidden: false })
    });
    cleaned.collect()
}

fn flush(glyphs: &mut Vec<Glyph>, cluster: &mut String, span: (usize, usize), hidden: bool) {
    if cluster.is_empty() {
        return;
    }
    let (start, end) = span;
    // Compatibility jamo stay as typed: NFKC would make initials of finals.
    if cluster.chars().all(jamo::is_compatibility) {
        glyphs.extend(cluster.chars().map(|c| Glyph { c, start, end, hidden }));
    } else {
        glyphs.extend(cluster.nfkc().map(|c| Glyph { c: unify(c), start, end, hidden }));
    }
    cluster.clear();
}

/// NFKC itself brings spaces and apostrophes of its own.
fn unify(c: char) -> char {
    match charts().clean(c) {
        Some(Entry::Becomes(to)) => to.chars().next().unwrap_or(c),
        _ if c.is_whitespace() => ' ',
        _ => c,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cleaned(text: &str) -> String {
        glyphs(text).iter().map(|glyph| glyph.c).collect()
    }

    #[test]
    fn forms_of_one_text_become_one() {
        assert_eq!(cleaned("ＭＯＫＲＡＮ"), "MOKRAN");
        assert_eq!(cleaned("\u{1112}\u{1161}\u{11AB}"), "한");
        assert_eq!(cleaned("ㄱㅣㅁㅈㅓㅇㅇㅡㄴ"), "김정은");
        assert_eq!(cleaned("Йошкар\u{2011}Ола"), "Йошкар-Ола");
        assert_eq!(cleaned("И\u{306}"), "Й");
        assert_eq!(cleaned("Ki\u{200D}m\u{3000}Jong"), "Kim Jong");
        assert_eq!(cleaned("㈜모크란"), "(주)모크란");
    }

    #[test]
    fn stacks_of_marks_are_bounded() {
        let stack = format!("a{}b", "\u{316}".repeat(10_000));
        assert!(cleaned(&stack).chars().count() < 10);
        let glyphs = glyphs(&stack);
        assert_eq!(glyphs.last().map(|glyph| glyph.end), Some(stack.len()));
    }
}
