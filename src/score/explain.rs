use super::alignment::{Alignment, Pair};
use super::pairing::Mechanism;
use super::weights::weights;
use super::{Evidence, Feature};
use crate::names::{Name, NamePart};
use crate::translit;

/// The addends of an alignment as evidence, in the order of [`Alignment::addends`], so that the weights add up to
/// the score to the last bit. With `schemes`, spellings are traced to the published standard that gives them.
pub fn explain(alignment: &Alignment, query: &Name, entity: &Name, schemes: bool) -> Vec<Evidence> {
    let mut evidence: Vec<Evidence> = alignment.pairs.iter().map(|pair| paired(pair, query, entity, schemes)).collect();
    evidence.extend(alignment.query_rest.iter().map(|part| {
        let part = &query.parts[*part];
        let text = format!("{} {:?} of the query is not in the entity's name", part.role.as_str(), part.form);
        let weight = weights().unmatched_query(part.role);
        lone(Feature::QueryPartUnmatched, &part.form, "", weight, "unmatched", text)
    }));
    evidence.extend(alignment.entity_rest.iter().map(|part| {
        let part = &entity.parts[*part];
        let text = format!("{} {:?} of the entity's name is not in the query", part.role.as_str(), part.form);
        let weight = weights().unmatched_entity(part.role);
        lone(Feature::EntityPartUnmatched, "", &part.form, weight, "unmatched", text)
    }));
    evidence.extend(alignment.contradictions.iter().map(|role| {
        let text = format!("both names have a {} and the two do not fit each other", role.as_str());
        lone(Feature::NamePart, "", "", weights().contradiction(*role), "contradiction", text)
    }));
    if alignment.reordered {
        let text = "the parts stand in another order".to_owned();
        evidence.push(lone(Feature::Order, "", "", weights().get("order-changed"), "order", text));
    }
    evidence
}

fn lone(feature: Feature, query: &str, entity: &str, weight: f64, mechanism: &'static str, text: String) -> Evidence {
    Evidence { feature, query_value: query.to_owned(), entity_value: entity.to_owned(), weight, mechanism, text }
}

fn paired(pair: &Pair, query: &Name, entity: &Name, schemes: bool) -> Evidence {
    let query_parts = &query.parts[pair.query.clone()];
    let entity_parts = &entity.parts[pair.entity.clone()];
    let (query_value, entity_value) = (joined(query_parts), joined(entity_parts));
    let meaning = query_parts[0].concept.unwrap_or_default();
    let text = match pair.mechanism {
        Mechanism::Exact => format!("{query_value:?} is the same word"),
        Mechanism::Translation => format!("{query_value:?} and {entity_value:?} both mean {meaning:?}"),
        Mechanism::LegalForm => format!("legal forms {query_value:?} and {entity_value:?}"),
        Mechanism::Initial => format!("{query_value:?} and {entity_value:?}: an initial and the name it stands for"),
        Mechanism::Spelling => match schemes.then(|| scheme_of(query_parts, entity_parts)).flatten() {
            Some((scheme, source)) => format!("{query_value:?} and {entity_value:?}: {scheme} of {source:?}"),
            None => format!("{query_value:?} and {entity_value:?} spell one word"),
        },
    };
    Evidence {
        feature: Feature::NamePart,
        query_value,
        entity_value,
        weight: pair.gain,
        mechanism: pair.mechanism.as_str(),
        text,
    }
}

/// The letters of adjacent parts as one word.
fn joined(parts: &[NamePart]) -> String {
    parts.iter().map(|part| part.form.as_str()).collect()
}

/// The published standard by which one word is the other, and the word it is of.
fn scheme_of(query: &[NamePart], entity: &[NamePart]) -> Option<(&'static str, String)> {
    let (query_script, entity_script) = (query[0].script, entity[0].script);
    let (query, entity) = (joined(query), joined(entity));
    let by = |source: &str, from, target: &str, to| {
        translit::schemes()
            .iter()
            .filter(|scheme| scheme.source_script() == from && scheme.target_script() == to)
            .find(|scheme| {
                scheme.spell(source).iter().any(|spelling| crate::text::fold(spelling).replace(' ', "") == target)
            })
            .map(|scheme| (scheme.title(), source.to_owned()))
    };
    by(&query, query_script, &entity, entity_script).or_else(|| by(&entity, entity_script, &query, query_script))
}
