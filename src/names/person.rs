use std::borrow::Cow;
use std::ops::Range;

use smallvec::{SmallVec, smallvec};

use super::frame::{Frame, is_initial};
use super::people::PEOPLE;
use super::reading::{Reading, Readings};
use super::token::{Token, written};
use super::{NamePart, PartRole, syllables};
use crate::text::{Capital, Script};

/// Words that stand for one name: several where hyphens join them.
#[derive(Clone, Debug)]
struct Unit<'a> {
    tokens: Range<usize>,
    /// The words joined.
    form: Cow<'a, str>,
    script: Script,
    /// How many syllables of Korean given names it is; counted only where it matters.
    korean: Option<usize>,
    /// How often it was met as a Korean surname.
    surname: Option<u32>,
    /// The concept of a given name; of joined words that of the first.
    concept: Option<&'static str>,
    given: bool,
    patronymic: bool,
    surname_ending: bool,
    initial: bool,
    /// A full stop follows it.
    dotted: bool,
    upper: bool,
    comma: bool,
}

type Units<'a> = SmallVec<[Unit<'a>; 4]>;

/// The readings and what in the words speaks for a person.
pub(super) struct People {
    /// Best first, at least one for a text with words, at most three.
    pub readings: Readings,
    /// How strongly the words look like the name of a person, in nats against any other name.
    pub evidence: f32,
    /// False if all that is read of them is that they are words.
    pub telling: bool,
}

/// Readings whose score is by more below that of the best one are dropped: they are less than 8 % as likely.
const LEAST: f32 = 2.5257;
/// The most syllables of a Korean given name.
const MOST_SYLLABLES: usize = 3;
/// The most readings of one name as a person's.
const MOST: usize = 3;

/// Reads words as the name of a person.
pub(super) fn read(tokens: &[Token<'_>]) -> People {
    let frame = Frame::new(tokens);
    let mut units = units(tokens, &frame.names);
    // Where a hyphen stands between all there is, it stands for a space: "Margarita-Simonyan", "al-Hassan".
    if let [only] = &units[..]
        && only.tokens.len() > 1
        && only.korean.is_none()
        && only.surname.is_none()
    {
        units = frame.names.iter().map(|at| unit(tokens, *at)).collect();
        count_syllables(&mut units, tokens);
    }
    let mut evidence = if frame.titles > 0 { 2.0 } else { 0.0 } - if frame.numbered { 6.0 } else { 0.0 };
    let mut readings = match &units[..] {
        [] => smallvec![Reading { score: 0.0, parts: Vec::new() }],
        [unit] => {
            let token = &tokens[unit.tokens.start];
            let (found, single) = single(unit, token);
            evidence += found;
            single
        }
        _ => {
            let (found, layouts) = layouts(&units, tokens);
            evidence += found;
            layouts
        }
    };
    if readings.len() > 1 {
        readings.sort_by(|one, other| other.score.total_cmp(&one.score));
        let best = readings[0].score;
        readings.retain(|reading| best - reading.score <= LEAST);
        readings.truncate(MOST);
    }
    readings.iter_mut().for_each(|reading| frame.put_around(&mut reading.parts));
    let told =
        |reading: &Reading| reading.parts.iter().any(|part| !matches!(part.role, PartRole::Unknown | PartRole::Number));
    let telling = readings.iter().any(told);
    People { readings, evidence, telling }
}

/// The words of names as units.
fn units<'a>(tokens: &[Token<'a>], names: &[usize]) -> Units<'a> {
    let mut units = Units::new();
    for (place, at) in names.iter().enumerate() {
        let token = &tokens[*at];
        let joins = token.hyphened()
            && place > 0
            && names[place - 1] + 1 == *at
            && token.script() == tokens[*at - 1].script()
            && !token.word.dotted
            && token.length() > 1;
        match units.last_mut() {
            Some(unit) if joins && !unit.initial => {
                unit.tokens.end = at + 1;
                unit.form.to_mut().push_str(token.form());
                unit.given |= PEOPLE.facts(token.form()).is_given();
                unit.surname = PEOPLE.surname(&unit.form);
                unit.surname_ending |= PEOPLE.ending(token.form(), token.script()).surname;
                unit.comma = comma_after(tokens, *at);
            }
            _ => units.push(unit(tokens, *at)),
        }
    }
    let capitals = units.iter().filter(|unit| unit.upper).count();
    let small = units.iter().filter(|unit| !unit.upper && !unit.initial).count();
    if small == 0 || capitals == 0 {
        for unit in &mut units {
            unit.upper = false;
        }
    }
    count_syllables(&mut units, tokens);
    units
}

/// Counts Korean syllables where anybody asks for them: beside a Korean surname, and in joined words.
fn count_syllables(units: &mut [Unit<'_>], tokens: &[Token<'_>]) {
    if units.iter().any(|unit| unit.surname.is_some() || unit.tokens.len() > 1) {
        for unit in units {
            let words = tokens[unit.tokens.clone()].iter();
            unit.korean = words.map(|token| PEOPLE.syllables(token.form())).sum();
        }
    }
}

fn unit<'a>(tokens: &[Token<'a>], at: usize) -> Unit<'a> {
    let token = &tokens[at];
    let (form, script) = (token.form(), token.script());
    let initial = is_initial(token) || are_initials(tokens, at);
    let (facts, ending) = (PEOPLE.facts(form), PEOPLE.ending(form, script));
    Unit {
        tokens: at..at + 1,
        form: Cow::Borrowed(form),
        script,
        korean: None,
        surname: facts.surname,
        concept: facts.concept(),
        given: facts.is_given(),
        patronymic: ending.patronymic,
        surname_ending: ending.surname,
        initial,
        dotted: token.word.dotted,
        upper: token.word.capital == Capital::Upper && !initial,
        comma: comma_after(tokens, at),
    }
}

fn comma_after(tokens: &[Token<'_>], at: usize) -> bool {
    tokens.get(at + 1).is_some_and(|next| next.after_comma())
}

/// True for initials written without full stops: "ВВ Путин", "Putin VV". Two capitals at an end of a name that
/// otherwise has small letters, and no syllable of a Korean name.
fn are_initials(tokens: &[Token<'_>], at: usize) -> bool {
    let token = &tokens[at];
    let end = at == 0 || at + 1 == tokens.len();
    token.word.capital == Capital::Upper
        && token.length() == 2
        && end
        && tokens.iter().any(|other| other.word.capital == Capital::Title && other.length() > 1)
        && PEOPLE.surname(token.form()).is_none()
        && PEOPLE.syllables(token.form()).is_none()
}

/// One word as the name of a person.
fn single(unit: &Unit<'_>, token: &Token<'_>) -> (f32, Readings) {
    if matches!(unit.script, Script::Hangul | Script::Han) && unit.tokens.len() == 1 {
        return syllables::read(token);
    }
    let concept = PEOPLE.concept(&unit.form);
    let (role, evidence) = match unit {
        Unit { given: true, .. } => (PartRole::Given, 0.5),
        Unit { patronymic: true, .. } => (PartRole::Patronymic, 0.5),
        Unit { surname_ending: true, .. } => (PartRole::Surname, 0.2),
        Unit { surname: Some(_), .. } => (PartRole::Surname, 0.0),
        _ => (PartRole::Unknown, -0.7),
    };
    let concept = concept.filter(|_| role == PartRole::Given);
    (evidence, smallvec![Reading { score: 0.0, parts: vec![token.part(role, concept)] }])
}

/// Several words: which of them is the surname?
fn layouts(units: &[Unit<'_>], tokens: &[Token<'_>]) -> (f32, Readings) {
    let last = units.len() - 1;
    let comma = units.iter().position(|unit| unit.comma).filter(|place| *place < last);
    let upper = capitals(units);
    let mut surnames: SmallVec<[Range<usize>; 4]> = SmallVec::new();
    match (comma, upper) {
        (Some(comma), _) => surnames.push(0..comma + 1),
        (None, Some(upper)) => surnames.push(upper),
        (None, None) => {
            surnames.push(0..1);
            surnames.push(last..last + 1);
            if units.len() == 2 && units[1].patronymic && units[0].given {
                surnames.push(2..2);
            }
        }
    }
    let mut evidence: f32 = if comma.is_some() { 1.5 } else { 0.0 };
    let mut best = f32::MIN;
    let mut scores: SmallVec<[f32; 4]> = SmallVec::new();
    for surname in &surnames {
        let (score, strength) = score(units, surname);
        if score > best {
            best = score;
            evidence = evidence.max(0.0) + strength;
        }
        scores.push(score);
    }
    // Parts are only made for what is likely enough to stay.
    let likely = surnames.iter().zip(scores).filter(|(_, score)| best - score <= LEAST);
    let reading = |(surname, score): (&Range<usize>, f32)| {
        let mut found = Vec::with_capacity(tokens.len() + 1);
        let korean = is_korean(units, surname);
        for (place, unit) in units.iter().enumerate() {
            parts(unit, role(units, place, surname, korean), tokens, &mut found);
        }
        Reading { score, parts: found }
    };
    (strongest(units).max(evidence), likely.map(reading).collect())
}

/// The run of units in capitals, where only some are.
fn capitals(units: &[Unit<'_>]) -> Option<Range<usize>> {
    let start = units.iter().position(|unit| unit.upper)?;
    let length = units[start..].iter().take_while(|unit| unit.upper).count();
    let others = units.iter().filter(|unit| unit.upper).count() - length;
    (others == 0 && length < units.len()).then_some(start..start + length)
}

/// The role of a unit beside a surname.
fn role(units: &[Unit<'_>], place: usize, surname: &Range<usize>, korean: bool) -> PartRole {
    let unit = &units[place];
    if surname.contains(&place) {
        return PartRole::Surname;
    }
    // "Ким Ё Чжон": one letter may be a syllable.
    if unit.initial && (unit.dotted || !korean) {
        return PartRole::Initial;
    }
    // A patronymic follows a given name or its initial; alone it is a given name in the place of one.
    let named = |(other, _): &(usize, &Unit<'_>)| *other != place && !surname.contains(other);
    if unit.patronymic && units.iter().enumerate().any(|other| named(&other)) {
        return PartRole::Patronymic;
    }
    PartRole::Given
}

/// How likely it is that the units of a range are the surname, in nats, and how much of that speaks for a person.
fn score(units: &[Unit<'_>], surname: &Range<usize>) -> (f32, f32) {
    let first = surname.start == 0 && !surname.is_empty();
    let korean = is_korean(units, surname);
    let mut score = 0.0;
    for (place, unit) in units.iter().enumerate() {
        let plain = !unit.given && !unit.patronymic;
        score += match (surname.contains(&place), unit) {
            (true, unit) if unit.initial && !korean => -4.0,
            (true, unit) if unit.patronymic && units.len() > 2 => -3.0,
            _ if korean => 0.0,
            (true, unit) if unit.surname_ending && !unit.given => 1.2,
            (true, unit) if unit.given && unit.surname.is_none() => -1.5,
            (false, unit) if unit.given => 1.2,
            (false, unit) if unit.surname_ending && plain => -1.2,
            _ => 0.0,
        };
    }
    if korean {
        // 97 of 100 Korean names are written surname first; rare surnames are more often syllables of given names.
        let common = units[surname.start].surname.is_some_and(|count| count >= 5);
        score += if first { 2.2 } else { 1.0 } + if common { 1.2 } else { 0.0 };
    } else if units[0].script == Script::Latin || units[0].script == Script::Hangul {
        score += if first { 0.0 } else { 0.6 };
    }
    for (place, unit) in units.iter().enumerate().skip(1).filter(|(_, unit)| unit.patronymic) {
        // Surname, given name, patronymic; or given name, patronymic, surname.
        let follows = !surname.contains(&(place - 1)) && units.len() > 2 && !unit.initial;
        score += if follows && !surname.contains(&place) { 1.5 } else { 0.0 };
    }
    (score, if korean { 4.0 } else { 0.0 })
}

/// True if one unit is a Korean surname and the others are syllables of a Korean given name, one to three.
fn is_korean(units: &[Unit<'_>], surname: &Range<usize>) -> bool {
    if surname.len() != 1 || units[surname.start].surname.is_none() {
        return false;
    }
    let mut syllables = 0;
    for (place, unit) in units.iter().enumerate() {
        if place != surname.start {
            match unit.korean {
                Some(count) if !unit.given || unit.script == Script::Hangul => syllables += count,
                _ => return false,
            }
        }
    }
    (1..=MOST_SYLLABLES).contains(&syllables)
}

/// The best sign of a person among the units.
fn strongest(units: &[Unit<'_>]) -> f32 {
    let signs = units.iter().map(|unit| match unit {
        Unit { patronymic: true, .. } => 2.5,
        Unit { given: true, .. } => 1.8,
        Unit { initial: true, .. } => 1.6,
        Unit { surname_ending: true, .. } => 0.8,
        _ => -0.3,
    });
    signs.fold(-0.3_f32, f32::max) - if units.len() > 4 { 0.5 } else { 0.0 }
}

/// Adds the parts of a unit in a role.
fn parts(unit: &Unit<'_>, role: PartRole, tokens: &[Token<'_>], found: &mut Vec<NamePart>) {
    let words = &tokens[unit.tokens.clone()];
    let concept = |form: &str| if role == PartRole::Given { PEOPLE.concept(form) } else { None };
    if role == PartRole::Initial && words[0].length() > 1 && !is_initial(&words[0]) {
        return found.extend((0..words[0].length()).map(|place| words[0].sub_part(place..place + 1, role, None)));
    }
    // "Jong-un" is one given name; "Мамин-Сибиряк" are two surnames, of which either may be missing elsewhere.
    let joined = words.len() > 1
        && match role {
            PartRole::Given => unit.korean.is_some_and(|syllables| syllables <= MOST_SYLLABLES),
            PartRole::Surname => unit.surname.is_some(),
            _ => false,
        };
    if joined {
        let span = words[0].word.span.start..words[words.len() - 1].word.span.end;
        let disguised = words.iter().any(|token| token.word.disguised);
        return found.push(written(span, role, unit.script, unit.form.as_ref().into(), concept(&unit.form), disguised));
    }
    if let [word] = words {
        return found.push(word.part(role, unit.concept.filter(|_| role == PartRole::Given)));
    }
    found.extend(words.iter().map(|token| token.part(role, concept(token.form()))));
}
