use super::identifiers::identifiers;
use super::weights::weights;
use super::{Evidence, Feature};
use crate::model::{Gender, Identifier, Kind, PartialDate};

/// What is known of a party beside its names. Empty means "not known" and never counts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Facts {
    /// Its kind.
    pub kind: Kind,
    /// Its birth dates.
    pub birth_dates: Vec<PartialDate>,
    /// ISO 3166-1 alpha-2 codes in capitals.
    pub countries: Vec<String>,
    /// Its gender.
    pub gender: Option<Gender>,
    /// Its identifiers.
    pub identifiers: Vec<Identifier>,
}

impl Facts {
    /// True if anything but the kind is known.
    pub fn speak(&self) -> bool {
        !(self.birth_dates.is_empty() && self.countries.is_empty() && self.identifiers.is_empty())
            || self.gender.is_some()
    }
}

/// What the facts of two parties say of each other, one piece of evidence a feature that both state.
pub fn compare_facts(query: &Facts, entity: &Facts) -> Vec<Evidence> {
    let mut evidence = Vec::new();
    evidence.extend(kinds(query.kind, entity.kind));
    evidence.extend(birth_dates(&query.birth_dates, &entity.birth_dates));
    evidence.extend(countries(&query.countries, &entity.countries));
    evidence.extend(genders(query.gender, entity.gender));
    identifiers(&query.identifiers, &entity.identifiers, &mut evidence);
    evidence
}

fn piece(
    feature: Feature,
    query: String,
    entity: String,
    weight: &'static str,
    mechanism: &'static str,
    text: &str,
) -> Evidence {
    let (uses, weight) = (vec![(weight, 1.0)], weights().get(weight));
    Evidence { feature, query_value: query, entity_value: entity, weight, mechanism, text: text.to_owned(), uses }
}

fn kinds(query: Kind, entity: Kind) -> Option<Evidence> {
    let text = format!("a {query} was asked for, the record is about a {entity}");
    (!query.is_compatible(entity))
        .then(|| piece(Feature::Kind, query.to_string(), entity.to_string(), "kind-differs", "kind", &text))
}

fn genders(query: Option<Gender>, entity: Option<Gender>) -> Option<Evidence> {
    let (query, entity) = (query?, entity?);
    let (weight, text) = match query == entity {
        true => ("gender-equal", "the same gender"),
        false => ("gender-differs", "different genders"),
    };
    let (query, entity) = (query.as_str().to_owned(), entity.as_str().to_owned());
    Some(piece(Feature::Gender, query, entity, weight, "gender", text))
}

fn countries(query: &[String], entity: &[String]) -> Option<Evidence> {
    if query.is_empty() || entity.is_empty() {
        return None;
    }
    let (weight, text) = match query.iter().any(|country| entity.contains(country)) {
        true => ("country-equal", "a common country"),
        false => ("country-differs", "no common country"),
    };
    Some(piece(Feature::Country, query.join(", "), entity.join(", "), weight, "country", text))
}

/// The best that two sets of dates have to say: a party may have several published birth dates, of which one is
/// right.
fn birth_dates(query: &[PartialDate], entity: &[PartialDate]) -> Option<Evidence> {
    let pairs = query.iter().flat_map(|a| entity.iter().map(move |b| (a, b)));
    let judged = pairs.map(|(a, b)| (a, b, judge_dates(*a, *b)));
    let best = judged.max_by(|a, b| weights().get(a.2.0).total_cmp(&weights().get(b.2.0)))?;
    let (a, b, (weight, text)) = best;
    Some(piece(Feature::BirthDate, a.to_string(), b.to_string(), weight, "date", text))
}

fn judge_dates(a: PartialDate, b: PartialDate) -> (&'static str, &'static str) {
    let years = a.year.abs_diff(b.year);
    let circa = a.approximate || b.approximate;
    let months_differ = a.month != 0 && b.month != 0 && a.month != b.month;
    let days_differ = a.day != 0 && b.day != 0 && a.day != b.day;
    let swapped = years == 0 && a.day != 0 && (a.day, a.month) == (b.month, b.day);
    match years {
        0 if !months_differ && !days_differ && a.day != 0 && b.day != 0 => ("birth-date-equal", "the same birth date"),
        0 if swapped => ("birth-date-near", "the same birth date with day and month swapped"),
        0 if !months_differ && !days_differ && a.month != 0 && b.month != 0 => {
            ("birth-date-near", "the same birth month")
        }
        0 if !months_differ && !days_differ || circa => ("birth-year-equal", "the same birth year"),
        1 | 2 if circa => ("birth-year-equal", "birth years that are one within \"circa\""),
        // A known day that differs within a known year is a contradiction; a year off by one is often a slip.
        1 => ("birth-year-off", "birth years one apart"),
        _ => ("birth-date-differs", "birth dates that cannot be one"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::IdentifierType;
    use proptest::prelude::*;

    fn facts(dates: &[&str]) -> Facts {
        let birth_dates = dates.iter().map(|date| date.parse().unwrap()).collect();
        Facts { birth_dates, ..Facts::default() }
    }

    fn weight(query: &[&str], entity: &[&str]) -> f64 {
        compare_facts(&facts(query), &facts(entity)).iter().map(|piece| piece.weight).sum()
    }

    #[test]
    fn dates_weigh_by_what_both_know() {
        assert!(weight(&["1984-01-08"], &["1984-01-08"]) > weight(&["1984-01"], &["1984-01-08"]));
        assert!(weight(&["1984"], &["1984-01-08"]) > weight(&["1983"], &["1984-01-08"]));
        assert!(weight(&["1984-02-08"], &["1984-01-08"]) < 0.0);
        assert!(weight(&["1984-08-01"], &["1984-01-08"]) > 0.0, "day and month swapped");
        assert_eq!(weight(&["1970", "1984"], &["1984"]), weight(&["1984"], &["1984"]), "the best pair counts");
        assert_eq!(weight(&[], &["1984"]), 0.0, "what one side does not know never counts");
    }

    #[test]
    fn a_strong_identifier_settles_and_another_one_contradicts() {
        let with = |kind, value: &str| Facts {
            identifiers: vec![Identifier { kind, value: value.into(), country: String::new() }],
            ..Facts::default()
        };
        let score = |a: &Facts, b: &Facts| compare_facts(a, b).iter().map(|piece| piece.weight).sum::<f64>();
        let imo = with(IdentifierType::Imo, "IMO 9074729");
        assert!(score(&imo, &with(IdentifierType::Imo, "imo9074729")) > 10.0);
        assert!(score(&imo, &with(IdentifierType::Imo, "9074729")) > 10.0, "the label is no part of it");
        assert!(score(&imo, &with(IdentifierType::Imo, "IMO 8814275")) < 0.0);
        assert_eq!(score(&imo, &with(IdentifierType::Lei, "IMO 9074729")), 0.0, "types are not mixed");
        assert_eq!(score(&imo, &Facts::default()), 0.0);
        let broken = with(IdentifierType::Imo, "9074728");
        assert!(score(&broken, &broken) < score(&imo, &imo), "a wrong check digit counts less");
        assert!(score(&imo, &broken) > score(&imo, &with(IdentifierType::Imo, "IMO 8814275")), "a slip of typing");
        let bic = with(IdentifierType::Bic, "SABRRUMM");
        assert!(score(&bic, &with(IdentifierType::Bic, "SABRRUMMXXX")) > 10.0, "the head office");
    }

    proptest! {
        #[test]
        fn facts_are_symmetric(a in "19[0-9][0-9]-(0[1-9]|1[0-2])-(0[1-9]|1[0-9])", b in "19[0-9][0-9](-(0[1-9]|1[0-2]))?") {
            prop_assert_eq!(weight(&[&a], &[&b]), weight(&[&b], &[&a]));
        }
    }
}
