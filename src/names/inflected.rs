//! Names in a case other than the nominative: "Синюхиным Данилой Андреевичем" is Синюхин Данила Андреевич.

use std::sync::LazyLock;

use smallvec::SmallVec;

use super::lexicon::column;
use super::people::PEOPLE;
use crate::tables;
use crate::text::{Script, Word, symbols};

/// A row of the table: an ending and the one of the nominative.
struct Ending {
    from: &'static str,
    to: &'static str,
}

impl Ending {
    /// What stands before the ending in a Cyrillic word; not empty.
    fn stem<'a>(&self, word: &'a Word) -> Option<&'a str> {
        let stem = word.form.strip_suffix(self.from).filter(|_| word.script == Script::Cyrillic)?;
        Some(stem).filter(|stem| !stem.is_empty())
    }
}

/// The endings of one gender in one case.
#[derive(Default)]
struct Case {
    gender: &'static str,
    name: &'static str,
    patronymics: Vec<Ending>,
    names: Vec<Ending>,
}

static CASES: LazyLock<Vec<Case>> = LazyLock::new(|| {
    let mut cases: Vec<Case> = Vec::new();
    let Some(table) = tables::table("names/data/declension.tsv") else { return cases };
    let cells = |name: &'static str| column(table, name);
    let endings = cells("from").zip(cells("to")).map(|(from, to)| Ending { from, to });
    for (((gender, name), role), ending) in cells("gender").zip(cells("case")).zip(cells("role")).zip(endings) {
        let place = cases.iter().position(|case| (case.gender, case.name) == (gender, name)).unwrap_or_else(|| {
            cases.push(Case { gender, name, ..Case::default() });
            cases.len() - 1
        });
        let case = &mut cases[place];
        if role == "patronymic" { case.patronymics.push(ending) } else { case.names.push(ending) }
    }
    cases
});

/// The shortest stem of a name that no table knows; that of Льва is one letter.
const SHORTEST_STEM: usize = 2;
/// The most ways in which one surname may be led back.
const MOST: usize = 2;

/// The words of a name in the nominative, likeliest first; empty where nothing shows another case. A patronymic or a
/// known given name must show it: Иванова alone may be a woman's surname in the nominative.
pub(super) fn nominatives(words: &[Word]) -> SmallVec<[Vec<Word>; MOST]> {
    let mut found = SmallVec::new();
    let shows = |word: &Word| {
        word.script == Script::Cyrillic
            && (PEOPLE.ending(&word.form, word.script).declined || PEOPLE.facts(&word.form).is_declined())
    };
    if words.len() < 2 || words[0].script != Script::Cyrillic {
        return found;
    }
    if !words.iter().any(shows) {
        found.extend(korean(words));
        return found;
    }
    let Some(case) = case_of(words) else { return found };
    for choice in 0..MOST {
        let mut another = choice == 0;
        let read = |word: &Word| match nominative(word, case, choice) {
            Some((form, chosen)) => {
                another |= chosen;
                respelled(word, form)
            }
            None => word.clone(),
        };
        let read: Vec<Word> = words.iter().map(read).collect();
        if another {
            found.push(read);
        }
    }
    found
}

/// The case that a patronymic shows; without one the first that the given name is known in.
fn case_of(words: &[Word]) -> Option<&'static Case> {
    let patronymic = |case: &&Case| words.iter().any(|word| led_back(word, &case.patronymics).next().is_some());
    let mut shown: SmallVec<[&'static Case; 4]> = CASES.iter().filter(patronymic).collect();
    if shown.is_empty() {
        let nominative = |word: &Word| PEOPLE.ending(&word.form, word.script).patronymic;
        if words.iter().any(nominative) {
            return None;
        }
        shown = CASES.iter().collect();
    }
    // Of the cases with one ending, that of the given name counts: "Анне Сергеевне".
    let given = |case: &&&Case| words.iter().any(|word| declined_given(word, case).is_some());
    let known = shown.iter().find(given).copied();
    known.or_else(|| shown.first().filter(|_| shown.len() < CASES.len()).copied())
}

/// The nominative of a known given name that stands in a case; `None` for names that are known as they stand.
fn declined_given(word: &Word, case: &Case) -> Option<String> {
    if !PEOPLE.given(&word.form).is_empty() {
        return None;
    }
    led_back(word, &case.names).find(|form| !PEOPLE.given(form).is_empty())
}

/// The nominative of a word in a case, and whether there is one of that number: 0 the likeliest.
fn nominative(word: &Word, case: &Case, choice: usize) -> Option<(String, bool)> {
    if let Some(form) = led_back(word, &case.patronymics).next() {
        return Some((form, false));
    }
    // A given name in its own case goes before one that looks like another's nominative: Александра Петровича.
    if let Some(form) = led_back(word, &case.names).find(|form| !PEOPLE.given(form).is_empty()) {
        return Some((form, false));
    }
    if !PEOPLE.given(&word.form).is_empty() {
        return None;
    }
    // Толстого may be of Толстый or Толстой; an ending that is more telling leaves no choice.
    let first = case.names.iter().find(|ending| ending.stem(word).is_some_and(is_long))?;
    let stem = first.stem(word)?;
    let mut forms = case.names.iter().filter(|ending| ending.from == first.from).map(|ending| ending.to);
    match forms.nth(choice) {
        Some(to) => Some((format!("{stem}{to}"), true)),
        None => Some((format!("{stem}{}", first.to), false)),
    }
}

fn is_long(stem: &str) -> bool {
    stem.chars().count() >= SHORTEST_STEM
}

/// The words of a Korean name of which the last one stands in another case: Ким Чен Ына.
fn korean(words: &[Word]) -> Option<Vec<Word>> {
    let (first, last) = (words.first()?, words.last()?);
    PEOPLE.surname(&first.form)?;
    if !words.iter().all(|word| word.script == Script::Cyrillic) || PEOPLE.syllables(&last.form).is_some() {
        return None;
    }
    let endings = || CASES.iter().filter(|case| case.gender == "m").flat_map(|case| &case.names);
    let syllable = endings().find_map(|ending| {
        let stem = ending.stem(last)?;
        let form = format!("{stem}{}", ending.to);
        PEOPLE.syllables(&form).is_some().then_some(form)
    })?;
    let mut words = words.to_vec();
    let place = words.len() - 1;
    words[place] = respelled(&words[place], syllable);
    Some(words)
}

/// The forms that a word may be led back to by some endings, in their order.
fn led_back<'a>(word: &'a Word, endings: &'a [Ending]) -> impl Iterator<Item = String> + 'a {
    endings.iter().filter_map(move |ending| Some(format!("{}{}", ending.stem(word)?, ending.to)))
}

/// A word with another form.
fn respelled(word: &Word, form: String) -> Word {
    match symbols::encode(word.script, &form) {
        Some(symbols) => Word { respelled: None, form: form.into(), symbols, ..word.clone() },
        None => word.clone(),
    }
}
