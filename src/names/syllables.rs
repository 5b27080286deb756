use super::PartRole;
use super::lexicon::{Domain, LEXICON};
use super::people::PEOPLE;
use super::reading::{Reading, Readings};
use super::token::Token;
use crate::text::Script;

/// How many times a surname must have been met to count as common.
const COMMON: u32 = 5;

/// Reads one joined Hangul or Chinese word as the name of a person: surname of one or two syllables, and one given
/// name; perhaps with a title behind it. Gives how strongly it looks like a person, in nats, and the readings with
/// their scores.
pub(super) fn read(token: &Token<'_>) -> (f32, Readings) {
    let length = token.length();
    if let Some((name, concept)) = titled(token, length) {
        let (_, mut readings) = split(token, name);
        let title = token.sub_part(name..length, PartRole::Title, Some(concept));
        readings.iter_mut().for_each(|reading| reading.parts.push(title.clone()));
        return (2.5, readings);
    }
    split(token, length)
}

/// The readings of the first characters of a word.
fn split(token: &Token<'_>, length: usize) -> (f32, Readings) {
    let cut = |surname: usize| {
        vec![
            token.sub_part(0..surname, PartRole::Surname, None),
            token.sub_part(surname..length, PartRole::Given, None),
        ]
    };
    let form = token.form();
    let plausible = |from: usize| match token.script() {
        Script::Hangul => {
            slice(form, from, length).chars().all(|c| PEOPLE.syllables(c.encode_utf8(&mut [0; 4])).is_some())
        }
        _ => true,
    };
    let count = |surname: usize| PEOPLE.surname(slice(form, 0, surname));
    let one = count(1);
    let mut readings = Readings::new();
    if length >= 2
        && let Some(met) = one
    {
        // 김정은 rather than 김 or 트럼프: three syllables, a common surname, syllables of given names.
        let fit: f32 = match length {
            3 => 2.2,
            2 => 0.4,
            4 => -1.0,
            _ => -3.0,
        };
        let common = if met >= COMMON { 0.0 } else { -1.0 };
        let given = if plausible(1) { 0.0 } else { -1.4 };
        readings.push(Reading { score: fit + common + given, parts: cut(1) });
    }
    if (3..=4).contains(&length)
        && let Some(met) = count(2)
    {
        // A known surname of two syllables is hardly ever a surname of one and the start of a given name.
        let known = met > 0;
        let fit = if length == 4 {
            1.2
        } else if known {
            2.6
        } else {
            0.2
        };
        readings.push(Reading { score: fit + if plausible(2) { 0.0 } else { -2.0 }, parts: cut(2) });
    }
    let evidence = readings.iter().map(|reading| reading.score).fold(-1.0_f32, f32::max);
    let concept = PEOPLE.concept(form).filter(|_| length == token.length());
    let whole = match (concept, length) {
        (Some(_), _) => PartRole::Given,
        (None, 1) if one.is_some() => PartRole::Surname,
        _ => PartRole::Unknown,
    };
    // A whole word is no reading of its own beside a surname and a given name that fit well.
    let parts = vec![token.sub_part(0..length, whole, concept)];
    readings.push(Reading { score: if concept.is_some() { 2.0 } else { 0.0 }, parts });
    (if concept.is_some() { 1.5 } else { evidence }, readings)
}

/// The length of the name before a title at the end of the word, as in 김정은동지, and the title.
fn titled(token: &Token<'_>, length: usize) -> Option<(usize, &'static str)> {
    const LONGEST_TITLE: usize = 5;
    let form = token.form();
    (2..=4).filter(|name| *name < length && length - *name <= LONGEST_TITLE).find_map(|name| {
        let title = slice(form, name, length);
        PEOPLE.surname(slice(form, 0, 1))?;
        let sense = LEXICON.part(title, false, true, Domain::Person, false)?;
        // Of one syllable only the honorific, and only behind three: 김여상 is no minister (상).
        let room = title.chars().count() > 1 || name == 3 && sense.concept == "mr";
        (sense.role == PartRole::Title && room).then_some((name, sense.concept))
    })
}

/// Some characters of a form.
fn slice(form: &str, from: usize, to: usize) -> &str {
    let place = |count: usize| form.char_indices().nth(count).map_or(form.len(), |(offset, _)| offset);
    &form[place(from)..place(to)]
}
