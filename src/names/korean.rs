use std::collections::HashMap;
use std::sync::LazyLock;

use foldhash::fast::FixedState;
use smallvec::SmallVec;

use super::lexicon::column;
use super::people::PEOPLE;
use super::token::normal_words;
use crate::tables;

/// Syllables of Korean given names in any script, each with the Hangul that it may spell.
static SYLLABLES: LazyLock<HashMap<&'static str, SmallVec<[char; 4]>, FixedState>> = LazyLock::new(|| {
    let mut spelled: HashMap<&'static str, SmallVec<[char; 4]>, FixedState> = HashMap::default();
    let Some(table) = tables::table("names/data/syllables-ko.tsv") else { return spelled };
    for name in ["hangul", "latin", "cyrillic"] {
        for (hangul, cell) in column(table, "hangul").zip(column(table, name)) {
            for form in cell.split('|').filter(|form| !form.is_empty()) {
                let syllables = spelled.entry(form).or_default();
                syllables.extend(hangul.chars().filter(|syllable| !syllables.contains(syllable)).collect::<Vec<_>>());
            }
        }
    }
    spelled
});

/// Spellings of Korean surnames in any script, each with the rows of the table that have it.
static SURNAMES: LazyLock<HashMap<String, SmallVec<[u16; 2]>, FixedState>> = LazyLock::new(|| {
    let mut rows: HashMap<String, SmallVec<[u16; 2]>, FixedState> = HashMap::default();
    let Some(table) = tables::table("names/data/surnames-ko.tsv") else { return rows };
    for name in ["hangul", "north", "latin", "cyrillic"] {
        for (row, cell) in (0u16..).zip(column(table, name)) {
            for form in cell.split('|').filter(|form| !form.is_empty()) {
                let rows = rows.entry(normal_words(form).concat()).or_default();
                if !rows.contains(&row) {
                    rows.push(row);
                }
            }
        }
    }
    rows
});

/// True if two words, folded, may spell one Korean surname: "Lee", "Ri", "Yi", 이 and 리 may.
pub fn may_be_one_surname(one: &str, other: &str) -> bool {
    match (SURNAMES.get(one), SURNAMES.get(other)) {
        (Some(one), Some(other)) => one.iter().any(|row| other.contains(row)),
        _ => false,
    }
}

/// The longest spelling of one syllable, in characters.
const LONGEST: usize = 8;
/// The most syllables of a given name.
const MOST: usize = 3;

/// True for the spellings of Korean surnames in any script, folded as in [`super::NamePart::form`].
pub fn is_korean_surname(form: &str) -> bool {
    PEOPLE.surname(form).is_some()
}

/// Whether two given names, folded, may be spellings of one Korean given name, syllable for syllable: "hyŏk" and
/// "hyuk" may, "un" and "il" may not, 정은 and 종은 may not. `None` where either is no Korean given name, or the two
/// have not as many syllables, which is sooner a slip of typing.
pub fn may_be_one_given(one: &str, other: &str) -> Option<bool> {
    let (one, other) = (readings(one), readings(other));
    let pairs = || one.iter().flat_map(|a| other.iter().map(move |b| (a, b))).filter(|(a, b)| a.len() == b.len());
    pairs().next()?;
    Some(pairs().any(|(a, b)| a.iter().zip(b).all(|(a, b)| share(a, b))))
}

/// For each syllable the Hangul that it may be.
type Reading = SmallVec<[&'static [char]; MOST]>;

/// The ways to cut a word into syllables of Korean given names.
fn readings(form: &str) -> Vec<Reading> {
    let mut found = Vec::new();
    cut(form, &mut Reading::new(), &mut found);
    found
}

fn cut(rest: &str, before: &mut Reading, found: &mut Vec<Reading>) {
    if rest.is_empty() {
        if !before.is_empty() {
            found.push(before.clone());
        }
        return;
    }
    if before.len() == MOST {
        return;
    }
    let ends = rest.char_indices().map(|(place, _)| place).skip(1).chain([rest.len()]);
    for end in ends.take(LONGEST) {
        if let Some(syllables) = SYLLABLES.get(&rest[..end]) {
            before.push(syllables);
            cut(&rest[end..], before, found);
            before.pop();
        }
    }
}

/// True if two syllables may be one, also where the South has dropped the first sound that the North writes.
fn share(one: &[char], other: &[char]) -> bool {
    one.iter().any(|a| other.iter().any(|b| a == b || softened(*a) == softened(*b)))
}

/// A syllable as the South writes it at the beginning of a word: 련 as 연, 로 as 노, 녀 as 여.
fn softened(syllable: char) -> char {
    const FIRST: u32 = 0xAC00;
    const LAST: u32 = 0xD7A3;
    const A_LEAD: u32 = 588;
    const A_VOWEL: u32 = 28;
    const NIEUN: u32 = 2;
    const RIEUL: u32 = 5;
    const IEUNG: u32 = 11;
    /// ㅑ, ㅒ, ㅕ, ㅖ, ㅛ, ㅠ and ㅣ.
    const SOFT: [u32; 7] = [2, 3, 6, 7, 12, 17, 20];
    let code = u32::from(syllable);
    if !(FIRST..=LAST).contains(&code) {
        return syllable;
    }
    let (lead, rest) = ((code - FIRST) / A_LEAD, (code - FIRST) % A_LEAD);
    let lead = match lead {
        NIEUN | RIEUL if SOFT.contains(&(rest / A_VOWEL)) => IEUNG,
        RIEUL => NIEUN,
        lead => lead,
    };
    char::from_u32(FIRST + lead * A_LEAD + rest).unwrap_or(syllable)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn surnames_have_several_spellings() {
        for (one, other) in [("lee", "yi"), ("lee", "ri"), ("이", "ri"), ("리", "이"), ("цой", "choe"), ("김", "ким")]
        {
            assert!(may_be_one_surname(one, other), "{one} {other}");
        }
        assert!(!may_be_one_surname("kim", "lee"));
        assert!(!may_be_one_surname("smith", "smith"), "no Korean surname");
    }

    #[test]
    fn syllables_tell_given_names_apart() {
        assert_eq!(may_be_one_given("정은", "종은"), Some(false));
        assert_eq!(may_be_one_given("정은", "정은"), Some(true));
        assert_eq!(may_be_one_given("련희", "연희"), Some(true), "the North keeps ㄹ");
        assert_eq!(may_be_one_given("un", "il"), Some(false));
        assert_eq!(may_be_one_given("hyok", "hyuk"), Some(true));
        assert_eq!(may_be_one_given("jongun", "chongun"), Some(true));
        assert_eq!(may_be_one_given("чон", "ир"), Some(false));
        assert_eq!(may_be_one_given("uun", "un"), None, "a slip, no syllable");
        assert_eq!(may_be_one_given("jonguun", "jongun"), None, "another number of syllables");
        assert_eq!(may_be_one_given("john", "jon"), None);
    }
}
