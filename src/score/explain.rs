use super::alignment::{Alignment, Pair, Side, lacking};
use super::pairing::{Mechanism, legal_form_weight};
use super::weights::weights;
use super::{EDIT_COST, Evidence, Feature};
use crate::correspondence;
use crate::model::Kind;
use crate::names::{Name, NamePart, PartRole};
use crate::text::symbols;
use crate::translit;

/// The addends of an alignment as evidence, in the order of [`Alignment::addends`], so that the weights add up to
/// the score to the last bit. With `schemes`, spellings are traced to the published standard that gives them.
pub fn explain(alignment: &Alignment, query: &Name, entity: &Name, schemes: bool) -> Vec<Evidence> {
    let mut evidence: Vec<Evidence> = alignment.pairs.iter().map(|pair| paired(pair, query, entity, schemes)).collect();
    evidence.extend(alignment.query_rest.iter().map(|place| missing(query, *place, Side::Query)));
    evidence.extend(alignment.entity_rest.iter().map(|place| missing(entity, *place, Side::Entity)));
    evidence.extend(alignment.contradictions.iter().map(|against| {
        let (own, other) = (&query.parts[against.query].form, &entity.parts[against.entity].form);
        let text = format!("{own:?} and {other:?} stand against each other as {}", against.role.as_str());
        lone(Feature::NamePart, (own, other), against.weight, "contradiction", text, against.uses())
    }));
    evidence.extend(alignment.order().into_iter().map(|(name, weight)| {
        let text = match name {
            "descent-turned" => "who is the child in one name is the parent in the other",
            _ => "the parts stand in another order",
        };
        lone(Feature::Order, ("", ""), weight, "order", text.to_owned(), vec![(name, 1.0)])
    }));
    evidence
}

/// A part of one name that the other lacks.
fn missing(name: &Name, place: usize, side: Side) -> Evidence {
    let part = &name.parts[place];
    let text = format!("{} {:?} is missing in the other name", part.role.as_str(), part.form);
    let (weight, value) = lacking(name, place, side);
    let (feature, values) = match side {
        Side::Query => (Feature::QueryPartUnmatched, (part.form.as_str(), "")),
        Side::Entity => (Feature::EntityPartUnmatched, ("", part.form.as_str())),
    };
    lone(feature, values, value, "unmatched", text, vec![(weight, 1.0)])
}

fn lone(
    feature: Feature,
    (query, entity): (&str, &str),
    weight: f64,
    mechanism: &'static str,
    text: String,
    uses: Vec<(&'static str, f64)>,
) -> Evidence {
    Evidence { feature, query_value: query.to_owned(), entity_value: entity.to_owned(), weight, mechanism, text, uses }
}

/// The weight that a pair is made of, where it is one: what other pairs add follows from their letters.
fn weight_of(pair: &Pair, query: &[NamePart], entity: &[NamePart]) -> Option<&'static str> {
    let weight = match (pair.mechanism, query[0].role, entity[0].role) {
        (Mechanism::LegalForm, ..) => legal_form_weight(&query[0], &entity[0]),
        (Mechanism::Initial, ..) => "initial-fits",
        (_, PartRole::Title, PartRole::Title) => "title-equal",
        (_, PartRole::Particle, PartRole::Particle) => "particle-equal",
        _ => return None,
    };
    // A common title may be worth less than the weight allows.
    (weights().get(weight) == pair.gain).then_some(weight)
}

fn paired(pair: &Pair, query: &Name, entity: &Name, schemes: bool) -> Evidence {
    let query_parts = &query.parts[pair.query.clone()];
    let entity_parts = &entity.parts[pair.entity.clone()];
    let (query_value, entity_value) = (joined(query_parts), joined(entity_parts));
    let meaning = query_parts[0].concept.unwrap_or_default();
    let text = match pair.mechanism {
        Mechanism::Exact => format!("{query_value:?} is the same word"),
        Mechanism::Translation if meaning.is_empty() => {
            format!("companies write {query_value:?} and {entity_value:?} for one another")
        }
        Mechanism::Translation => format!("{query_value:?} and {entity_value:?} both mean {meaning:?}"),
        Mechanism::Acronym => {
            let words = |parts: &[NamePart]| parts.iter().map(|part| part.form.as_str()).collect::<Vec<_>>().join(" ");
            let (short, long) = match query_parts.len() {
                1 => (&query_value, words(entity_parts)),
                _ => (&entity_value, words(query_parts)),
            };
            format!("{short:?} is made of the first letters of {long:?}")
        }
        Mechanism::LegalForm => format!("legal forms {query_value:?} and {entity_value:?}"),
        Mechanism::Initial => format!("{query_value:?} and {entity_value:?}: an initial and the name it stands for"),
        Mechanism::Spelling if !schemes => format!("{query_value:?} and {entity_value:?} spell one word"),
        Mechanism::Spelling => {
            let by = schemes_of(query_parts, entity_parts).or_else(|| letters(query_parts, entity_parts));
            let by = by.unwrap_or_else(|| "a slip of typing".to_owned());
            format!("{query_value:?} and {entity_value:?}: {by}")
        }
    };
    Evidence {
        feature: Feature::NamePart,
        query_value,
        entity_value,
        weight: pair.gain,
        mechanism: pair.mechanism.as_str(),
        text,
        uses: weight_of(pair, query_parts, entity_parts).map(|weight| (weight, 1.0)).into_iter().collect(),
    }
}

/// The letters of adjacent parts as one word.
fn joined(parts: &[NamePart]) -> String {
    parts.iter().map(|part| part.form.as_str()).collect()
}

/// The most standards that are named for one word.
const MOST_NAMED: usize = 2;
/// A letter that costs more is worth a mention, in nats: one spelling in eight or rarer.
const UNUSUAL: f32 = 2.0;
/// Dearer spellings are not traced, in nats.
const TRACED: f32 = 60.0;

/// The published standards by which one word is exactly the other, and the word they spell.
fn schemes_of(query: &[NamePart], entity: &[NamePart]) -> Option<String> {
    let (query_script, entity_script) = (query[0].script, entity[0].script);
    let (query, entity) = (joined(query), joined(entity));
    let by = |source: &str, from, target: &str, to| {
        let of =
            translit::schemes().iter().filter(|scheme| scheme.source_script() == from && scheme.target_script() == to);
        let gives = |spelling: &String| crate::text::fold(spelling).replace(' ', "") == target;
        let titles = of.filter(|scheme| scheme.spell(source).iter().any(gives)).map(|scheme| scheme.title());
        let titles: Vec<&str> = titles.take(MOST_NAMED).collect();
        (!titles.is_empty()).then(|| format!("{} of {source:?}", titles.join(", ")))
    };
    by(&query, query_script, &entity, entity_script).or_else(|| by(&entity, entity_script, &query, query_script))
}

/// The letters that make a spelling unusual; `None` for words that no table of correspondences joins.
fn letters(query: &[NamePart], entity: &[NamePart]) -> Option<String> {
    let (query_script, entity_script) = (query[0].script, entity[0].script);
    let symbols = |parts: &[NamePart]| parts.iter().flat_map(|part| part.symbols.iter().copied()).collect::<Vec<u8>>();
    let (query, entity) = (symbols(query), symbols(entity));
    let tables = correspondence::tables(query_script, entity_script, Kind::Organization).iter();
    let spellings = tables.filter_map(|table| table.spelling(&query, &entity, Some(EDIT_COST), TRACED));
    let best = spellings.reduce(|best, next| if next.cost < best.cost { next } else { best })?;
    let unusual = best.units.iter().filter(|unit| unit.cost >= UNUSUAL).map(|unit| {
        let shown = |script, letters: &[u8]| match letters {
            [] => "nothing".to_owned(),
            letters => symbols::decode(script, letters).into(),
        };
        let (own, other) =
            (shown(query_script, &query[unit.query.clone()]), shown(entity_script, &entity[unit.stored.clone()]));
        format!("{own} as {other}")
    });
    let unusual: Vec<String> = unusual.collect();
    Some(match unusual.is_empty() {
        true => "a usual spelling, letter for letter".to_owned(),
        false => format!("letter for letter, but {}", unusual.join(", ")),
    })
}
