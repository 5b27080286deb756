use super::check_digits::{Check, check};
use super::weights::weights;
use super::{Evidence, Feature};
use crate::model::{Identifier, IdentifierType};

/// What the numbers of two parties say of each other: at most one piece of evidence a sort of number, so that one
/// more number that fits never lowers a score.
pub(super) fn identifiers(query: &[Identifier], entity: &[Identifier], evidence: &mut Vec<Evidence>) {
    for kind in IdentifierType::ALL {
        let pairs = query.iter().filter(|own| own.kind == kind).flat_map(|own| {
            let others = entity.iter().filter(move |other| other.kind == kind && countries_fit(own, other));
            others.map(move |other| (own, other))
        });
        let judged = pairs.filter_map(|(own, other)| Some((own, other, judge(own, other)?)));
        // Who has two passports has one that fits.
        let best =
            judged.reduce(|best, next| if weights().get(next.2.0) > weights().get(best.2.0) { next } else { best });
        if let Some((own, other, (weight, text))) = best {
            evidence.push(Evidence {
                feature: Feature::Identifier,
                query_value: own.value.clone(),
                entity_value: other.value.clone(),
                weight: weights().get(weight),
                mechanism: kind.as_str(),
                text,
                uses: vec![(weight, 1.0)],
            });
        }
    }
}

fn countries_fit(own: &Identifier, other: &Identifier) -> bool {
    own.country.is_empty() || other.country.is_empty() || own.country == other.country
}

/// The weight of two numbers of one sort with what they say; `None` where they say nothing.
fn judge(own: &Identifier, other: &Identifier) -> Option<(&'static str, String)> {
    let kind = own.kind;
    let broken = check(own) == Check::Broken || check(other) == Check::Broken;
    let note = if broken { ", whose check digit is wrong" } else { "" };
    let (one, two) = (own.normal_form(), other.normal_form());
    if one == two || kind == IdentifierType::Bic && is_same_bank(&one, &two) {
        let weight = match (kind.is_strong(), broken) {
            (true, false) => "identifier-equal",
            (true, true) => "identifier-equal-broken",
            (false, _) => "identifier-equal-weak",
        };
        let shared = if kind.is_strong() { "" } else { ", which several parties may share" };
        return Some((weight, format!("the same {kind}{shared}{note}")));
    }
    // Only an issuer that gives one number a party contradicts itself.
    if !kind.is_strong() {
        return None;
    }
    if broken && is_slip(&one, &two) {
        return Some(("identifier-slip", format!("another {kind}, one slip of typing apart{note}")));
    }
    let weight = match (kind, broken) {
        (_, true) => "identifier-differs-broken",
        // Passports run out and are replaced.
        (IdentifierType::Passport, _) => "identifier-differs-passport",
        _ => "identifier-differs",
    };
    Some((weight, format!("another {kind}{note}")))
}

/// A code without a branch is the head office's, XXX.
fn is_same_bank(one: &str, other: &str) -> bool {
    let head = |code: &str| code.strip_suffix("XXX").filter(|rest| rest.len() == 8).map(str::to_owned);
    head(one).as_deref() == Some(other) || head(other).as_deref() == Some(one)
}

/// True where one digit differs, or two neighbours changed places.
fn is_slip(one: &str, other: &str) -> bool {
    let (one, other): (Vec<char>, Vec<char>) = (one.chars().collect(), other.chars().collect());
    if one.len() != other.len() {
        return false;
    }
    let differ: Vec<usize> = (0..one.len()).filter(|place| one[*place] != other[*place]).collect();
    match differ[..] {
        [_] => true,
        [a, b] => b == a + 1 && one[a] == other[b] && one[b] == other[a],
        _ => false,
    }
}
