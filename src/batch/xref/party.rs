use std::collections::BTreeSet;

use crate::model::{EntityId, Kind, NameQuality, PartialDate, Record, RecordName};
use crate::resolver::{Query, QueryName};
use crate::text;

/// A record made ready to be compared.
pub(super) struct Party<'a> {
    pub record: &'a Record,
    /// The id that it founded.
    pub id: EntityId,
    /// Its names but for weak ones of one word: the words of each in their folded forms, sorted, so that order and spelling of marks and
    /// letters' cases do not count.
    pub names: BTreeSet<String>,
    /// Its birth dates that are known to the day.
    pub birthdays: BTreeSet<PartialDate>,
}

/// The most names of a party that are compared with the names of another: all pairs of them are aligned.
const MAX_NAMES: usize = 8;

impl<'a> Party<'a> {
    pub(super) fn new(record: &'a Record, id: EntityId) -> Party<'a> {
        let good = |name: &RecordName| {
            let form = form(&name.text);
            // A weak alias of one word is borne by many.
            let telling = name.quality != NameQuality::Weak || form.contains(' ');
            (telling && !form.is_empty()).then_some(form)
        };
        let names = record.names.iter().filter_map(good).collect();
        let known = record.birth_dates.iter().filter(|date| date.day != 0 && !date.approximate);
        Party { record, id, names, birthdays: known.copied().collect() }
    }

    /// A name that both bear.
    pub(super) fn common_name(&self, other: &Party<'_>) -> Option<&str> {
        self.names.iter().find(|name| other.names.contains(*name)).map(String::as_str)
    }

    /// A birth date of both.
    pub(super) fn common_birthday(&self, other: &Party<'_>) -> Option<PartialDate> {
        self.birthdays.iter().find(|date| other.birthdays.contains(*date)).copied()
    }

    /// True if both are known to be of one kind, or one is not known.
    pub(super) fn may_be(&self, other: &Party<'_>) -> bool {
        let genders = (self.record.gender, other.record.gender);
        let gender_differs = matches!(genders, (Some(left), Some(right)) if left != right);
        self.record.kind.is_compatible(other.record.kind) && !gender_differs
    }

    /// True if both tell birth dates and no two of them are less than three years apart.
    pub(super) fn born_apart(&self, other: &Party<'_>) -> bool {
        let (left, right) = (&self.record.birth_dates, &other.record.birth_dates);
        let near = |a: &PartialDate| right.iter().any(|b| a.year.abs_diff(b.year) < 3);
        !left.is_empty() && !right.is_empty() && !left.iter().any(near)
    }

    pub(super) fn is_person(&self) -> bool {
        self.record.kind == Kind::Person
    }

    /// What is asked to compare it: its best names and, with `facts`, what is known beside them but for numbers.
    pub(super) fn query(&self, facts: bool) -> Query {
        let mut names: Vec<_> = self.record.names.iter().collect();
        names.sort_by_key(|name| name.quality);
        let names = names.into_iter().take(MAX_NAMES).map(|name| QueryName {
            text: name.text.clone(),
            script: None,
            language: name.language.clone(),
        });
        let query = Query { names: names.collect(), kind: self.record.kind, ..Query::default() };
        if !facts {
            return query;
        }
        Query {
            birth_dates: self.record.birth_dates.clone(),
            countries: self.record.countries.clone(),
            gender: self.record.gender,
            ..query
        }
    }
}

/// The words of a name in their folded forms, sorted.
pub(super) fn form(name: &str) -> String {
    let mut words: Vec<_> = text::read(name).words.into_iter().map(|word| word.form).collect();
    words.sort();
    words.join(" ")
}
