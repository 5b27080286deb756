//! Numbers of parties as lists write them: the same number stands as a passport on one list and as an identity card
//! on another, with or without a prefix, and with slips of the pen.

use crate::model::{Identifier, IdentifierType, Kind, Record};

/// Shorter numbers are shared by chance.
const MIN_CHARACTERS: usize = 5;

/// Sorts of numbers that lists tell apart in the same way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Sort {
    /// Numbers that a state gives to people and companies.
    State,
    Imo,
    Mmsi,
    Lei,
    Bic,
}

/// A number of a record that names one party: its sort and normal form; `None` for others. The IMO number of a company
/// stands as its registration on some lists; only that of a ship is a sort of its own.
pub(super) fn key(record: &Record, identifier: &Identifier) -> Option<(Sort, String)> {
    let sort = match identifier.kind {
        IdentifierType::Passport
        | IdentifierType::NationalId
        | IdentifierType::TaxId
        | IdentifierType::Inn
        | IdentifierType::Ogrn
        | IdentifierType::Okpo
        | IdentifierType::Registration => Sort::State,
        IdentifierType::Imo if record.kind == Kind::Vessel => Sort::Imo,
        IdentifierType::Imo => Sort::State,
        IdentifierType::Mmsi => Sort::Mmsi,
        IdentifierType::Lei => Sort::Lei,
        IdentifierType::Bic => Sort::Bic,
        IdentifierType::Kpp | IdentifierType::CallSign | IdentifierType::Aircraft | IdentifierType::Other => {
            return None;
        }
    };
    let mut value = identifier.normal_form();
    if identifier.kind == IdentifierType::Imo {
        value.retain(|c| c.is_ascii_digit());
    }
    (value.chars().count() >= MIN_CHARACTERS).then_some((sort, value))
}

/// A number that both have, of countries that do not contradict each other.
pub(super) fn common<'a>(left: &'a Record, right: &Record) -> Option<&'a Identifier> {
    left.identifiers.iter().find(|own| {
        let Some(wanted) = key(left, own) else { return false };
        right.identifiers.iter().any(|other| countries_fit(own, other) && key(right, other).as_ref() == Some(&wanted))
    })
}

/// Whether numbers of one type and country agree, give or take a slip of the pen; `None` where there are none to
/// compare.
pub(super) fn agree(left: &Record, right: &Record) -> Option<bool> {
    let mut comparable = false;
    for own in &left.identifiers {
        for other in &right.identifiers {
            if own.kind != other.kind || !countries_fit(own, other) {
                continue;
            }
            if let (Some((_, own)), Some((_, other))) = (key(left, own), key(right, other)) {
                comparable = true;
                if alike(&own, &other) {
                    return Some(true);
                }
            }
        }
    }
    if common(left, right).is_some() {
        return Some(true);
    }
    comparable.then_some(false)
}

fn countries_fit(left: &Identifier, right: &Identifier) -> bool {
    left.country.is_empty() || right.country.is_empty() || left.country == right.country
}

/// Equal but for one character, or for what stands in front or behind.
fn alike(left: &str, right: &str) -> bool {
    if left.contains(right) || right.contains(left) {
        return true;
    }
    left.chars().count() == right.chars().count()
        && left.chars().zip(right.chars()).filter(|(a, b)| a != b).count() <= 1
}
