use std::collections::HashMap;
use std::sync::LazyLock;

use compact_str::CompactString;
use foldhash::fast::FixedState;
use smallvec::SmallVec;

use super::foreign::latin_of;
use super::inflected::nominatives;
use super::lexicon::column;
use super::people::PEOPLE;
use super::{segment, token};
use crate::correspondence;
use crate::model::Kind;
use crate::tables;
use crate::text::{Capital, Join, Script, Text, Word, symbols};
use crate::translit::{self, Scheme};

/// The share of the readings of a name in Hangul that was written in Chinese characters.
const HANJA: f32 = 0.5;
/// The share of the readings of words of other scripts in Latin letters.
const FOREIGN: f32 = 0.5;
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

/// Other ways to read the words of a text; at most six.
pub(super) fn variants(text: &Text, original: &str, kind: Kind) -> SmallVec<[Variant; 2]> {
    let mut variants = SmallVec::new();
    let mut offer = |share: f32, of: Of, reader: &dyn Fn(&Word) -> Option<Vec<Word>>| {
        // Most words have no other reading, and are not copied before one has.
        let mut words: Option<Vec<Word>> = None;
        for (place, word) in text.words.iter().enumerate() {
            match (reader(word), &mut words) {
                (Some(others), words) => words.get_or_insert_with(|| text.words[..place].to_vec()).extend(others),
                (None, Some(words)) => words.push(word.clone()),
                (None, None) => {}
            }
        }
        variants.extend(words.map(|words| Variant { text: Text { words }, share, of }));
    };
    let has = |script: Script| text.words.iter().any(|word| word.script == script);
    // 김정은 (金正恩) has said its Hangul already.
    let said = |word: &Word| word.script == Script::Han && word.bracketed && text.words[0].script == Script::Hangul;
    if has(Script::Han) && !text.words.iter().any(said) {
        offer(HANJA, Of::Any, &|word| hangul_of(word, kind).map(|word| vec![word]));
    }
    if has(Script::Other) {
        offer(FOREIGN, Of::Any, &|word| latin_of(word).map(|word| vec![word]));
    }
    if kind != Kind::Person && has(Script::Hangul) {
        offer(LETTERS, Of::Things, &|word| letters(word, original, kind != Kind::Organization));
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
    Some(Word {
        script: Script::Hangul,
        respelled: None,
        form: form.into(),
        symbols,
        capital: Capital::None,
        ..word.clone()
    })
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

/// The name of a Latin letter in Hangul, and the letter.
type LetterName = (&'static str, &'static str);

/// Names of Latin letters, by their first syllable, longest first.
static LETTER_NAMES: LazyLock<HashMap<char, Vec<LetterName>, FixedState>> = LazyLock::new(|| {
    let mut names: HashMap<char, Vec<_>, FixedState> = HashMap::default();
    if let Some(table) = tables::table("names/data/letter-names-ko.tsv") {
        for (letter, cell) in column(table, "letter").zip(column(table, "names")) {
            for name in cell.split('|') {
                if let Some(first) = name.chars().next() {
                    names.entry(first).or_default().push((name, letter));
                }
            }
        }
    }
    names.values_mut().for_each(|names| names.sort_by_key(|(name, _)| (std::cmp::Reverse(name.len()), *name)));
    names
});

/// The longest name of a letter that begins a piece of Hangul, and the letter.
fn letter_name(form: &str) -> Option<LetterName> {
    let names = LETTER_NAMES.get(&form.chars().next()?)?;
    names.iter().copied().find(|(name, _)| form.starts_with(name))
}

/// A piece of a Hangul word: how many bytes it takes, and the Latin letters that it spells by name.
type Spelled = (usize, Option<String>);

/// The cost of letters spelled by name, beside [`segment::learned`] and the like: of a run, of each letter, and of
/// a letter that stands alone.
const RUN: u32 = 2;
const LETTER: u32 = 6;
const LONE_LETTER: u32 = 8;
const AND: u32 = 3;
/// The cost of any other piece that is no known word, and of each of its syllables.
const NAME: u32 = 20;
const NAME_SYLLABLE: u32 = 10;

/// A Hangul word as runs of letters that it spells by name and the rest: 에스케이하이닉스 is SK 하이닉스, 신영디앤씨
/// is 신영 D&C. `None` where no run is likelier than a name. With `sure`, a run must have a name of several syllables:
/// 비디오 is no BDO.
fn letters(word: &Word, original: &str, sure: bool) -> Option<Vec<Word>> {
    if word.script != Script::Hangul {
        return None;
    }
    let pieces = spelled_letters(&word.form, sure);
    if pieces.iter().all(|(_, latin)| latin.is_none()) {
        return None;
    }
    pieces_of(word, original, &pieces)
}

/// The cheapest way to write a word of Hangul as runs of letters spelled by name, words that companies are named
/// with, and names; adjacent pieces that are no letters come as one. Empty where no letter is spelled.
fn spelled_letters(form: &str, sure: bool) -> Vec<Spelled> {
    const LONGEST: usize = 24;
    let offsets = segment::offsets(form);
    let length = offsets.len() - 1;
    if length > LONGEST {
        return Vec::new();
    }
    let mut runs: SmallVec<[_; 8]> = offsets[..length].iter().map(|offset| runs(&form[*offset..], sure)).collect();
    // In most words no letter is spelled by its name.
    if runs.iter().all(Vec::is_empty) {
        return Vec::new();
    }
    let vocabulary = correspondence::vocabulary(Script::Hangul);
    let mut best: Vec<(u32, usize, Option<String>)> = vec![(u32::MAX, 0, None); length + 1];
    best[length] = (0, length, None);
    for from in (0..length).rev() {
        let mut offer = |to: usize, cost: u32, latin: Option<String>| {
            let cost = cost.saturating_add(best[to].0);
            if cost < best[from].0 {
                best[from] = (cost, to, latin);
            }
        };
        let runs = std::mem::take(&mut runs[from]);
        for to in from + 1..=length {
            let piece = &form[offsets[from]..offsets[to]];
            let size = (to - from) as u32;
            offer(to, NAME + NAME_SYLLABLE * size, None);
            // 디앤씨 is a word of many companies, but here the letters are asked for.
            let spelled = runs.iter().any(|(taken, ..)| *taken == piece.len());
            let known = vocabulary.filter(|_| !spelled).and_then(|vocabulary| segment::learned(vocabulary, piece));
            if let Some(cost) = known {
                offer(to, cost + if size == 1 { NAME_SYLLABLE } else { 0 }, None);
            }
        }
        for (taken, cost, latin) in runs {
            if let Ok(to) = offsets.binary_search(&(offsets[from] + taken)) {
                offer(to, cost, Some(latin));
            }
        }
    }
    let mut pieces: Vec<Spelled> = Vec::new();
    let mut from = 0;
    while from < length {
        let (_, to, latin) = &best[from];
        let taken = offsets[*to] - offsets[from];
        match pieces.last_mut() {
            Some((size, None)) if latin.is_none() => *size += taken,
            _ => pieces.push((taken, latin.clone())),
        }
        from = *to;
    }
    pieces
}

/// The runs of letters that begin a piece of Hangul: the bytes that each takes, its cost and its letters.
fn runs(form: &str, sure: bool) -> Vec<(usize, u32, String)> {
    let mut runs = Vec::new();
    let (mut latin, mut taken, mut long, mut and) = (String::new(), 0, 0, false);
    let mut cost = RUN;
    while let Some((name, letter)) = letter_name(&form[taken..]) {
        taken += name.len();
        if letter == "&" {
            if latin.is_empty() {
                break;
            }
            (and, cost) = (true, cost + AND);
            continue;
        }
        latin.push_str(letter);
        cost += LETTER;
        long += usize::from(name.chars().count() > 1);
        let telling = long > 0 || and || !sure;
        match latin.len() {
            1 if long > 0 && !sure => runs.push((taken, cost + LONE_LETTER, latin.clone())),
            2.. if telling => runs.push((taken, cost, latin.clone())),
            _ => {}
        }
    }
    runs
}

/// A word cut into pieces of its form, some of them in Latin letters. Where the original does not show which of its
/// letters they are, the span of each is the whole word.
fn pieces_of(word: &Word, original: &str, pieces: &[Spelled]) -> Option<Vec<Word>> {
    let mut words = Vec::with_capacity(pieces.len());
    let (mut begin, mut start) = (0, word.span.start);
    for (taken, latin) in pieces {
        let end = begin + taken;
        let hangul = &word.form[begin..end];
        let place = match end == word.form.len() {
            true => Some(word.span.end),
            false => offset(word, original, word.form[..end].chars().count()),
        };
        let span = place.map_or(word.span.clone(), |place| start..place);
        let (script, form) = match latin {
            Some(latin) => (Script::Latin, latin.as_str()),
            None => (Script::Hangul, hangul),
        };
        words.push(Word {
            span,
            script,
            symbols: symbols::encode(script, form)?,
            respelled: None,
            form: form.into(),
            capital: if latin.is_some() { Capital::Upper } else { Capital::None },
            join: if begin == 0 { word.join } else { Join::None },
            ..word.clone()
        });
        (begin, start) = (end, place.unwrap_or(word.span.start));
    }
    Some(words)
}

/// Where some characters of a word end in the original; `None` where the original does not show it.
fn offset(word: &Word, original: &str, characters: usize) -> Option<usize> {
    let written = original.get(word.span.clone())?;
    if token::letters(written).count() != word.form.chars().count() {
        return None;
    }
    Some(token::letters(written).nth(characters).map_or(word.span.end, |(offset, _)| word.span.start + offset))
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
        let form: CompactString = word.form.chars().skip(from).take(to - from).collect();
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
