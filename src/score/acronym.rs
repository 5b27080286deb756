use super::alignment::Pair;
use super::pairing::Mechanism;
use super::weights::weights;
use super::{Spellings, Subject};
use crate::model::Kind;
use crate::names::{Acronym, Name, NamePart, PartRole, Span};

/// The most that the letters of an acronym may cost in another script, in nats.
const LIMIT: f32 = 4.0;
/// Words of so many letters may be acronyms.
const LETTERS: std::ops::RangeInclusive<usize> = 3..=6;

/// The pairs of an acronym in one name and the words it stands for in the other. Words pair up by their first letters,
/// which chance brings together more easily than the words themselves: each letter adds as much as a letter tells.
pub(super) fn acronym_pairs(subject: &Subject, entity: &Name, spellings: &mut Spellings) -> Vec<Pair> {
    let mut pairs = Vec::new();
    let query = &subject.name;
    let own: Vec<usize> = candidates(query);
    let theirs: Vec<usize> = candidates(entity);
    if !own.is_empty() {
        for acronym in entity.acronyms() {
            for place in &own {
                let word = span(query, *place);
                if let Some(gain) = gain(&word, &acronym, spellings) {
                    let mechanism = Mechanism::Acronym;
                    pairs.push(Pair { query: *place..place + 1, entity: acronym.parts.clone(), gain, mechanism });
                }
            }
        }
    }
    if !theirs.is_empty() {
        for acronym in query.acronyms() {
            let word = Span { parts: acronym.parts, script: acronym.script, symbols: acronym.symbols };
            for place in &theirs {
                let part = &entity.parts[*place];
                let other = Acronym { parts: *place..place + 1, script: part.script, symbols: part.symbols.clone() };
                if let Some(gain) = gain(&word, &other, spellings) {
                    let mechanism = Mechanism::Acronym;
                    pairs.push(Pair { query: word.parts.clone(), entity: other.parts, gain, mechanism });
                }
            }
        }
    }
    pairs
}

/// The parts that may be acronyms: short words that nothing else is known of.
fn candidates(name: &Name) -> Vec<usize> {
    let may_be = |part: &NamePart| {
        part.role == PartRole::Distinctive && part.concept.is_none() && LETTERS.contains(&part.symbols.len())
    };
    (0..name.parts.len()).filter(|place| may_be(&name.parts[*place])).collect()
}

fn span(name: &Name, place: usize) -> Span {
    let part = &name.parts[place];
    Span { parts: place..place + 1, script: part.script, symbols: part.symbols.clone() }
}

fn gain(word: &Span, acronym: &Acronym, spellings: &mut Spellings) -> Option<f64> {
    let cost = match word.script == acronym.script {
        true => (word.symbols == acronym.symbols).then_some(0.0),
        false => spellings.cost(word, Kind::Organization, acronym.script, &acronym.symbols, LIMIT),
    };
    let letters = acronym.symbols.len().min(word.symbols.len());
    cost.map(|cost| acronym_gain(letters) - f64::from(cost))
}

/// What an acronym of so many letters adds that stands for words, in nats.
pub fn acronym_gain(letters: usize) -> f64 {
    letters as f64 * weights().get("acronym-letter") - weights().get("acronym-cost")
}
