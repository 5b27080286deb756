use super::{Detail, Query, QueryName, Thresholds, compare};
use crate::model::{NameQuality, Record};
use crate::text;

/// The most names of a record that are compared.
const MAX_NAMES: usize = 8;

/// Tells of two forms of one record, as a list published them one after the other, whether the second is somebody
/// else: no name in common nor alike, no number in common, and no birth date.
pub fn is_somebody_else(before: &Record, after: &Record) -> bool {
    let number = |record: &Record| {
        let strong = record.identifiers.iter().filter(|identifier| identifier.kind.is_strong());
        strong.map(|identifier| (identifier.kind, identifier.normal_form())).collect::<Vec<_>>()
    };
    let names = |record: &Record| record.names.iter().map(|name| text::fold(&name.text)).collect::<Vec<_>>();
    if share(&number(before), &number(after)) || share(&names(before), &names(after)) {
        return false;
    }
    if share(&before.birth_dates, &after.birth_dates) && before.kind.is_compatible(after.kind) {
        return false;
    }
    let thresholds = Thresholds::default();
    let compared = compare(&query(before), &query(after), &thresholds, Detail::None);
    compared.is_ok_and(|compared| compared.probability < thresholds.review)
}

fn share<T: PartialEq>(left: &[T], right: &[T]) -> bool {
    left.iter().any(|value| right.contains(value))
}

/// The best names alone.
fn query(record: &Record) -> Query {
    let mut names: Vec<_> = record.names.iter().collect();
    names.sort_by_key(|name| name.quality == NameQuality::Weak);
    let names =
        names.into_iter().take(MAX_NAMES).map(|name| QueryName { text: name.text.clone(), ..Default::default() });
    Query { names: names.collect(), ..Query::default() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Identifier, IdentifierType, Kind};

    fn record(kind: Kind, name: &str) -> Record {
        Record::new("test:1".parse().unwrap(), kind, name)
    }

    #[test]
    fn another_spelling_is_the_same_party_and_another_name_is_not() {
        let person = |name| record(Kind::Person, name);
        for (before, after) in [
            ("KIM, Jong Un", "Kim Jong Un"),
            ("Kim Jong Un", "김정은"),
            ("Sergei Ivanov", "Сергей Борисович Иванов"),
            ("Anton Belov", "Anton Sergeyevich Belov"),
        ] {
            assert!(!is_somebody_else(&person(before), &person(after)), "{before} and {after}");
        }
        assert!(is_somebody_else(&person("Anton Belov"), &person("Kim Jong Un")));
        assert!(is_somebody_else(&person("Anton Belov"), &record(Kind::Organization, "Mokran Trading")));
    }

    #[test]
    fn a_number_or_a_birth_date_outlives_a_name() {
        let mut ship = record(Kind::Vessel, "Souria");
        ship.identifiers =
            vec![Identifier { kind: IdentifierType::Imo, value: "IMO 9274331".into(), country: String::new() }];
        let mut renamed = record(Kind::Vessel, "San Damian");
        assert!(is_somebody_else(&ship, &renamed));
        renamed.identifiers =
            vec![Identifier { kind: IdentifierType::Imo, value: "IMO9274331".into(), country: String::new() }];
        assert!(!is_somebody_else(&ship, &renamed));
        let mut before = record(Kind::Person, "Anna Belova");
        let mut after = record(Kind::Person, "Maria Koroleva");
        assert!(is_somebody_else(&before, &after));
        before.birth_dates = vec!["1970-02-03".parse().unwrap()];
        after.birth_dates = vec!["1970-02-03".parse().unwrap()];
        assert!(!is_somebody_else(&before, &after));
    }
}
