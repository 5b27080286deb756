//! What may be decided without a person. Whatever a rule does not allow waits.

use super::number;
use super::party::Party;
use crate::model::{Kind, PartialDate};
use crate::resolver::{self, Detail, Thresholds};

/// A rule that may decide.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Rule {
    /// A number that names one party is the same, the names are compatible, and nothing speaks against it.
    EqualNumber,
    /// Two lists give one name, letter by letter, and one birth date, and no number speaks against it. Within one
    /// list it does not decide: the publisher keeps the two apart.
    NameAndBirthDate,
}

impl Rule {
    /// The word by which judgements name it.
    pub fn as_str(self) -> &'static str {
        match self {
            Rule::EqualNumber => "equal-number",
            Rule::NameAndBirthDate => "name-and-birth-date",
        }
    }
}

/// What becomes of a pair.
#[derive(Clone, Debug, PartialEq)]
pub enum Decision {
    /// They are one party, by a rule.
    Same {
        /// The rule.
        rule: Rule,
        /// What it saw.
        reason: String,
    },
    /// A person should say.
    Ask {
        /// How likely it is that they are one, 0 to 1.
        probability: f64,
        /// What speaks for it.
        reason: String,
    },
    /// They are not worth a look.
    Nothing,
}

/// Decides one pair.
pub(super) fn decide(left: &Party<'_>, right: &Party<'_>) -> Decision {
    let number = number::common(left.record, right.record);
    if !left.may_be(right) {
        return Decision::Nothing;
    }
    let common_name = left.common_name(right);
    if let Some(number) = number {
        let key = number::key(left.record, number);
        let hull = left.record.kind == Kind::Vessel && matches!(key, Some((number::Sort::Imo, _)));
        let compatible = common_name.is_some() || hull || likeness(left, right, false) >= COMPATIBLE;
        let reason = format!("the same {} {}", number.kind, number.value);
        return match compatible && !left.born_apart(right) {
            true => Decision::Same { rule: Rule::EqualNumber, reason },
            false => Decision::Ask { probability: 0.5, reason },
        };
    }
    if let Some(date) = by_name(left, right)
        && number::agree(left.record, right.record) != Some(false)
    {
        return Decision::Same { rule: Rule::NameAndBirthDate, reason: format!("the same name and birth date {date}") };
    }
    let across = left.record.dataset() != right.record.dataset();
    let probability = likeness(left, right, true);
    // Within one list only a near certainty is a double entry; namesakes are on every list.
    let wanted = if across { Thresholds::default().review } else { Thresholds::default().matching };
    if probability < wanted {
        return Decision::Nothing;
    }
    let reason = if common_name.is_some() { "the same name" } else { "like names" };
    Decision::Ask { probability, reason: reason.to_owned() }
}

/// The birth date that two people of two lists share beside a name, whatever their numbers say.
pub(super) fn by_name(left: &Party<'_>, right: &Party<'_>) -> Option<PartialDate> {
    let people = left.is_person() && right.is_person() && left.may_be(right);
    let across = left.record.dataset() != right.record.dataset();
    (people && across && left.common_name(right).is_some()).then(|| left.common_birthday(right)).flatten()
}

/// From which likeness on two names may be one party's where a number already says so.
const COMPATIBLE: f64 = 0.5;

/// How likely the parties are one by their names and, with `facts`, what is known beside them.
fn likeness(left: &Party<'_>, right: &Party<'_>, facts: bool) -> f64 {
    let thresholds = Thresholds::default();
    let compared = resolver::compare(&left.query(facts), &right.query(facts), &thresholds, Detail::None);
    // A record without a single readable name was never published.
    compared.map_or(0.0, |comparison| comparison.probability)
}
