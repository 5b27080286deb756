use std::borrow::Cow;

use super::lexicon::Domain;
use super::organization::{self, Marks};
use super::reading::Reading;
use super::token::{self, Token};
use super::variants::{Of, variants};
use super::{Analysis, Hints, Name, NamePart, PartRole, person};
use crate::model::Kind;
use crate::text::{self, Text};

/// The most readings of one text.
pub const MOST_READINGS: usize = 6;

/// Readings with less weight are dropped, unless nothing else is left.
const LEAST_WEIGHT: f32 = 0.06;

/// The share of what stands in parentheses in another script: 김정은 (金正恩).
const ASIDE: f32 = 0.3;

/// Reads a text as a name.
///
/// The weights of the readings add up to 1. Every span lies inside the text on character boundaries, and the parts
/// of a reading follow each other in the order of the text. A text with a letter or digit has at least one reading,
/// at most [`MOST_READINGS`]; legal forms, titles and numbers stay parts, also where nothing else is there.
///
/// Under a kind other than `Unknown` all readings are of that kind. Under `Unknown` the letters decide: legal forms
/// and descriptors speak for an organization, given names, patronymics, initials and Korean surnames for a person,
/// prefixes such as M/V for a ship; a name without any of them is also read with the kind `Unknown`.
pub fn analyse(text: &str, hints: &Hints) -> Analysis {
    let read = text::read(text);
    let readings = of_read(text, &read, hints.kind);
    Analysis { normalized: read.folded(), script: read.script(), language: text::likely_language(&read), readings }
}

/// The readings of [`analyse`] alone, which are all that an index keeps.
pub fn readings(text: &str, kind: Kind) -> Vec<Name> {
    of_read(text, &text::read(text), kind)
}

/// The readings of a text and of its variants, likeliest first.
fn of_read(text: &str, read: &Text, kind: Kind) -> Vec<Name> {
    let mut readings = of_text(text, read, kind);
    for variant in variants(read, text, kind) {
        let mut others = of_text(text, &variant.text, kind);
        match variant.of {
            Of::Any => {}
            Of::People => others.retain(|name| name.kind == Kind::Person),
            Of::Things => others.retain(|name| name.kind != Kind::Person),
        }
        add(&mut readings, others, variant.share);
    }
    trim(&mut readings);
    readings
}

/// The readings of the words of a text, and of what it has in parentheses.
fn of_text(original: &str, text: &Text, kind: Kind) -> Vec<Name> {
    let tokens = token::tokens(original, text);
    let (main, aside) = without_aside(&tokens);
    let mut found = of_words(&main, kind);
    if let Some(aside) = aside {
        add(&mut found, of_words(&aside, kind), ASIDE);
    }
    found
}

/// Adds readings that take a share of the weight.
fn add(readings: &mut Vec<Name>, others: Vec<Name>, share: f32) {
    let total: f32 = others.iter().map(|name| name.weight).sum();
    if total <= 0.0 {
        return;
    }
    for name in readings.iter_mut() {
        name.weight *= 1.0 - share;
    }
    readings.extend(others.into_iter().map(|name| Name { weight: name.weight * share / total, ..name }));
}

/// The words without those that stand in parentheses and repeat the name in another script, and those.
fn without_aside<'t, 'a>(tokens: &'t [Token<'a>]) -> (Cow<'t, [Token<'a>]>, Option<Vec<Token<'a>>>) {
    if !tokens.iter().any(|token| token.word.bracketed) {
        return (Cow::Borrowed(tokens), None);
    }
    let repeats = |token: &&Token<'a>| {
        token.word.bracketed && token.length() > 1 && !tokens[0].word.bracketed && token.script() != tokens[0].script()
    };
    let legal = |token: &Token<'a>| super::lexicon::LEXICON.parenthesised(token.form()).is_some();
    let aside: Vec<Token<'a>> = tokens.iter().filter(repeats).filter(|token| !legal(token)).cloned().collect();
    if aside.is_empty() || aside.iter().any(|token| token.word.script == text::Script::Digits) {
        return (Cow::Borrowed(tokens), None);
    }
    let kept = |token: &&Token<'a>| !aside.iter().any(|other| other.word.span == token.word.span);
    (Cow::Owned(tokens.iter().filter(kept).cloned().collect()), Some(aside))
}

/// All readings of words, in no order; their weights add up to 1.
fn of_words(tokens: &[Token<'_>], kind: Kind) -> Vec<Name> {
    if tokens.is_empty() {
        return Vec::new();
    }
    match kind {
        Kind::Person => people(person::read(tokens), 1.0),
        Kind::Organization => vec![thing(Kind::Organization, 1.0, organization::read(tokens, Domain::Organization).0)],
        Kind::Vessel | Kind::Aircraft => vec![thing(kind, 1.0, organization::read(tokens, Domain::Craft).0)],
        Kind::Unknown => unknown(tokens),
    }
}

/// Readings of every kind that the words allow.
fn unknown(tokens: &[Token<'_>]) -> Vec<Name> {
    let (parts, marks) = organization::read(tokens, Domain::Organization);
    let company = company(&marks, tokens);
    // A place alone may be anything that is called after it.
    let only_place = marks.legal_forms + marks.weak_forms + marks.descriptors == 0;
    let kind = if company > 0.0 && !only_place { Kind::Organization } else { Kind::Unknown };
    let mut readings = Vec::new();
    if marks.legal_forms == 0
        && organization::has_prefix(tokens)
        && let (craft, Marks { names: 1.., .. }) = organization::read(tokens, Domain::Craft)
    {
        // A ship's prefix of several words is nothing else; of one it may be an abbreviation.
        let abbreviation = |part: &NamePart| part.role == PartRole::LegalForm && part.form.chars().count() <= 4;
        let sure = craft.len() < tokens.len() || !craft.iter().any(abbreviation);
        readings.push(thing(Kind::Vessel, if sure { 1.0 } else { 0.8 }, craft));
        if !sure {
            readings.push(thing(kind, 0.2, parts));
        }
        return readings;
    }
    // No name of a person holds a legal form.
    if marks.legal_forms > 0 {
        return vec![thing(Kind::Organization, 1.0, parts)];
    }
    let people_read = person::read(tokens);
    let share = 1.0 / (1.0 + (company - people_read.evidence).exp());
    // Beside a descriptor, only signs of a person make one: "Trading" is nobody's name.
    let person = people_read.telling && (company <= 0.0 || people_read.evidence > 0.0);
    if person && share > LEAST_WEIGHT {
        readings.extend(people(people_read, share));
    }
    if !person || 1.0 - share > LEAST_WEIGHT {
        readings.push(thing(kind, if person { 1.0 - share } else { 1.0 }, parts));
    }
    readings
}

/// How strongly the words look like an organization, in nats against any other name.
fn company(marks: &Marks, tokens: &[Token<'_>]) -> f32 {
    let quoted = tokens.iter().any(|token| token.word.quoted);
    let count = |number: usize, most: usize| number.min(most) as f32;
    -0.8 + 4.0 * count(marks.legal_forms, 1)
        + 1.5 * count(marks.weak_forms, 1)
        + 1.8 * count(marks.descriptors, 3)
        + 1.0 * count(marks.places, 1)
        + 0.5 * count(marks.numbers, 1)
        + if quoted { 1.0 } else { 0.0 }
        + if tokens.len() > 4 { 0.6 } else { 0.0 }
}

fn thing(kind: Kind, weight: f32, parts: Vec<NamePart>) -> Name {
    Name { kind, weight, parts }
}

/// The readings as a person's name, sharing a weight.
fn people(people: person::People, share: f32) -> Vec<Name> {
    let mut readings = people.readings;
    if let [only] = &mut readings[..] {
        return vec![thing(Kind::Person, share, std::mem::take(&mut only.parts))];
    }
    let best = readings.iter().map(|reading| reading.score).fold(f32::MIN, f32::max);
    let total: f32 = readings.iter().map(|reading| (reading.score - best).exp()).sum();
    let weight = |score: f32| share * (score - best).exp() / total;
    let name = |reading: Reading| Name { kind: Kind::Person, weight: weight(reading.score), parts: reading.parts };
    readings.into_iter().map(name).collect()
}

/// Orders the readings, drops the unlikely ones and equal ones, and makes the weights add up to 1.
fn trim(readings: &mut Vec<Name>) {
    readings.retain(|name| !name.parts.is_empty());
    if let [only] = &mut readings[..] {
        only.weight = 1.0;
        return;
    }
    readings.sort_by(|one, other| other.weight.total_cmp(&one.weight));
    let mut kept = 0;
    for at in 0..readings.len() {
        let name = &readings[at];
        let weight = name.weight;
        let same = readings[..kept].iter().position(|other| other.kind == name.kind && other.parts == name.parts);
        match same {
            Some(place) => readings[place].weight += weight,
            None if kept < MOST_READINGS && (kept == 0 || weight >= LEAST_WEIGHT) => {
                readings.swap(kept, at);
                kept += 1;
            }
            None => {}
        }
    }
    readings.truncate(kept);
    // Equal readings have been added up.
    readings.sort_by(|one, other| other.weight.total_cmp(&one.weight));
    let total: f32 = readings.iter().map(|name| name.weight).sum();
    for name in readings {
        name.weight /= total;
    }
}

/// True if a reading has nothing but legal forms, titles, particles or numbers: it can match only itself.
pub fn is_bare(name: &Name) -> bool {
    let bare = |part: &NamePart| {
        matches!(part.role, PartRole::LegalForm | PartRole::Title | PartRole::Particle | PartRole::Number)
    };
    name.parts.iter().all(bare)
}
