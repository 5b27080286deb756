use std::sync::LazyLock;

use smallvec::SmallVec;

use super::inflected::nominatives;
use super::lexicon::column;
use super::people::PEOPLE;
use super::token;
use crate::model::Kind;
use crate::tables;
use crate::text::{Capital, Join, Script, Text, Word, symbols};
use crate::translit::{self, Scheme};

/// The share of the readings of a name in Hangul that was written in Chinese characters.
const HANJA: f32 = 0.5;
/// The share of the readings with letters that Hangul spells by name: 에스케이 as SK.
const LETTERS: f32 = 0.35;
/// The share of the readings of a word cut at its capitals: KimJongUn.
const CAPITALS: f32 = 0.4;

/// The shares of the nominatives of a name that stands in another case: what is written goes first.
const NOMINATIVES: [f32; 2] = [0.45, 0.25];

/// The letters a name is cut into at least, so that a word such as McDonald stays one.
const SHORTEST_CUT: usize = 3;

/// Another way to read the words of a text.
pub(super) struct Variant {
    pub text: Text,
    /// Its share of the weight.
    pub share: f32,
    /// Which names it may be.
    pub of: Of,
}

/// Which names another way to read words may give.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Of {
    /// Any.
    Any,
    /// Names of people.
    People,
    /// Names of anything but people.
    Things,
}

/// Other ways to read the words of a text; at most five.
pub(super) fn variants(text: &Text, original: &str, kind: Kind) -> SmallVec<[Variant; 2]> {
    let mut variants = SmallVec::new();
    let mut offer = |share: f32, of: Of, reader: &dyn Fn(&Word) -> Option<Vec<Word>>| {
        let mut changed = false;
        let mut words = Vec::with_capacity(text.words.len());
        for word in &text.words {
            match reader(word) {
                Some(others) => {
                    changed = true;
                    words.extend(others);
                }
                None => words.push(word.clone()),
            }
        }
        if changed {
            variants.push(Variant { text: Text { words }, share, of });
        }
    };
    let has = |script: Script| text.words.iter().any(|word| word.script == script);
    // 김정은 (金正恩) has said its Hangul already.
    let said = |word: &Word| word.script == Script::Han && word.bracketed && text.words[0].script == Script::Hangul;
    if has(Script::Han) && !text.words.iter().any(said) {
        offer(HANJA, Of::Any, &|word| hangul_of(word, kind).map(|word| vec![word]));
    }
    if kind != Kind::Person && has(Script::Hangul) {
        offer(LETTERS, Of::Things, &|word| letters(word, original));
    }
    if text.words.iter().any(|word| word.capital == Capital::Mixed) {
        offer(CAPITALS, Of::Any, &|word| at_capitals(word, original));
    }
    if matches!(kind, Kind::Person | Kind::Unknown) {
        for (words, share) in nominatives(&text.words).into_iter().zip(NOMINATIVES) {
            variants.push(Variant { text: Text { words }, share, of: Of::People });
        }
    }
    variants
}

/// The reading of Chinese characters in Korean, as the South spells them.
static HANJA_READING: LazyLock<Option<&'static Scheme>> = LazyLock::new(|| translit::scheme("hanja-hangul"));

/// Chinese surnames of Korea with their Hangul: 金 is 금, but as a surname 김.
static HANJA_SURNAMES: LazyLock<Vec<(&'static str, &'static str)>> = LazyLock::new(|| {
    let mut surnames = Vec::new();
    if let Some(table) = tables::table("names/data/surnames-ko.tsv") {
        for (hangul, hanja) in column(table, "hangul").zip(column(table, "hanja")) {
            surnames.extend(hanja.split('|').filter(|form| !form.is_empty()).map(|form| (form, hangul)));
        }
    }
    // The first Hangul of a character is the commoner one, and a stable sort keeps it first.
    surnames.sort_by_key(|(hanja, _)| *hanja);
    surnames
});

fn hangul_of(word: &Word, kind: Kind) -> Option<Word> {
    const LONGEST_PERSON: usize = 4;
    if word.script != Script::Han {
        return None;
    }
    let scheme = (*HANJA_READING)?;
    let length = word.form.chars().count();
    let person = kind == Kind::Person || kind == Kind::Unknown && (2..=LONGEST_PERSON).contains(&length);
    let surname = if person { surname_of(&word.form) } else { None };
    let form = match surname {
        Some((hanja, hangul)) => {
            // Read as a whole, so that the rule of initial sounds is not applied inside of the name.
            let read = scheme.transliterate(&word.form).text;
            let rest = read.chars().skip(hanja.chars().count());
            hangul.chars().chain(rest).collect()
        }
        None => scheme.transliterate(&word.form).text,
    };
    let symbols = symbols::encode(Script::Hangul, &form).filter(|symbols| !symbols.is_empty())?;
    Some(Word { script: Script::Hangul, respelled: None, form, symbols, capital: Capital::None, ..word.clone() })
}

/// The longest Korean surname that begins a word of Chinese characters and leaves a given name.
fn surname_of(form: &str) -> Option<(&'static str, &'static str)> {
    let length = form.chars().count();
    [2, 1].into_iter().filter(|count| *count < length).find_map(|count| {
        let end = form.char_indices().nth(count)?.0;
        let head = &form[..end];
        PEOPLE.surname(head)?;
        let place = HANJA_SURNAMES.partition_point(|(hanja, _)| *hanja < head);
        HANJA_SURNAMES.get(place).copied().filter(|(hanja, _)| *hanja == head)
    })
}

/// Names of Latin letters in Hangul with their letters, longest first.
static LETTER_NAMES: LazyLock<Vec<(&'static str, &'static str)>> = LazyLock::new(|| {
    let mut names = Vec::new();
    if let Some(table) = tables::table("names/data/letter-names-ko.tsv") {
        for (letter, cell) in column(table, "letter").zip(column(table, "names")) {
            names.extend(cell.split('|').map(|name| (name, letter)));
        }
    }
    names.sort_by_key(|(name, _)| (std::cmp::Reverse(name.len()), *name));
    names
});

/// Letters that a piece of Hangul spells by name.
struct Letters {
    /// The letters, without "&".
    latin: String,
    /// How many of the names have several syllables.
    long: usize,
    /// True for an "&" between letters.
    and: bool,
}

/// The letters whose names begin a piece of Hangul, and the bytes that they take.
fn spelled_letters(form: &str) -> (Letters, usize) {
    let mut letters = Letters { latin: String::new(), long: 0, and: false };
    let mut rest = form;
    while let Some((name, letter)) = LETTER_NAMES.iter().find(|(name, _)| rest.starts_with(name)) {
        rest = &rest[name.len()..];
        match *letter {
            "&" => letters.and |= !letters.latin.is_empty() && !rest.is_empty(),
            letter => letters.latin.push_str(letter),
        }
        letters.long += usize::from(name.chars().count() > 1);
    }
    (letters, form.len() - rest.len())
}

/// A Hangul word that begins or ends with the names of Latin letters, as those letters and the rest: 에스케이하이닉스
/// is SK 하이닉스, 신영디앤씨 is 신영 D&C.
fn letters(word: &Word, original: &str) -> Option<Vec<Word>> {
    if word.script != Script::Hangul {
        return None;
    }
    // 비디오 is no BDO: a name of several syllables is needed, or an "&".
    let (head, taken) = spelled_letters(&word.form);
    if head.latin.len() > 1 && (head.long > 0 || head.and) {
        return parts_of(word, original, taken, &head.latin, true);
    }
    // Behind a name more is needed: any name may end in 이 or 지.
    word.form.char_indices().skip(1).find_map(|(cut, _)| {
        let (tail, taken) = spelled_letters(&word.form[cut..]);
        let telling = tail.latin.len() > 1 && (tail.and || tail.long > 1);
        let whole = cut + taken == word.form.len() && telling;
        if whole { parts_of(word, original, cut, &tail.latin, false) } else { None }
    })
}

/// A word cut after some bytes of its form, one of the pieces in Latin letters.
fn parts_of(word: &Word, original: &str, cut: usize, latin: &str, latin_first: bool) -> Option<Vec<Word>> {
    let (head, tail) = word.form.split_at(cut);
    let place = if tail.is_empty() { word.span.end } else { offset(word, original, head.chars().count()) };
    let piece = |hangul: &str, is_latin: bool| {
        let (script, form) = if is_latin { (Script::Latin, latin) } else { (Script::Hangul, hangul) };
        Some(Word {
            script,
            symbols: symbols::encode(script, form)?,
            respelled: None,
            form: form.to_owned(),
            capital: if is_latin { Capital::Upper } else { Capital::None },
            ..word.clone()
        })
    };
    let mut words = vec![Word { span: word.span.start..place, ..piece(head, latin_first)? }];
    if !tail.is_empty() {
        words.push(Word { span: place..word.span.end, join: Join::None, ..piece(tail, !latin_first)? });
    }
    Some(words)
}

/// Where some characters of a word end in the original; the end of the word where the original does not show it.
fn offset(word: &Word, original: &str, characters: usize) -> usize {
    let written = original.get(word.span.clone()).unwrap_or("");
    if token::letters(written).count() != word.form.chars().count() {
        return word.span.end;
    }
    token::letters(written).nth(characters).map_or(word.span.end, |(offset, _)| word.span.start + offset)
}

/// A word cut in front of every capital that follows a small letter.
fn at_capitals(word: &Word, original: &str) -> Option<Vec<Word>> {
    let written = original.get(word.span.clone())?;
    let letters = word.form.chars().count();
    if word.capital != Capital::Mixed || token::letters(written).count() != letters || letters < 2 * SHORTEST_CUT {
        return None;
    }
    let mut cuts: Vec<(usize, usize)> = vec![(0, 0)];
    let mut small = false;
    for (place, (offset, c)) in token::letters(written).enumerate() {
        if small && c.is_uppercase() {
            cuts.push((place, offset));
        }
        small = c.is_lowercase();
    }
    cuts.push((letters, written.len()));
    // "McDonald" and "iPhone" are one word; "KimJongUn" has pieces of two letters only behind the first.
    if cuts.len() < 3 || cuts[1].0 < SHORTEST_CUT {
        return None;
    }
    let mut words = Vec::with_capacity(cuts.len() - 1);
    for pair in cuts.windows(2) {
        let ((from, start), (to, end)) = (pair[0], pair[1]);
        let form: String = word.form.chars().skip(from).take(to - from).collect();
        words.push(Word {
            span: word.span.start + start..word.span.start + end,
            symbols: symbols::encode(word.script, &form)?,
            respelled: None,
            form,
            capital: Capital::Title,
            join: if from == 0 { word.join } else { Join::Space },
            dotted: word.dotted && to == letters,
            ..word.clone()
        });
    }
    Some(words)
}
