use std::collections::HashMap;
use std::sync::LazyLock;

use crate::names::PartRole;
use crate::tables;

/// The weights of `score/data/weights.tsv`, in nats.
#[derive(Debug)]
pub struct Weights {
    values: HashMap<&'static str, f64, foldhash::fast::FixedState>,
    query: [Weight; PartRole::ALL.len()],
    entity: [Weight; PartRole::ALL.len()],
    /// By role, and whether across scripts.
    contradictions: [[f64; 2]; PartRole::ALL.len()],
    // Asked for so often that looking them up by name shows.
    repeated: Weight,
    syllables_cost: f64,
}

/// A weight by its name.
pub(super) type Weight = (&'static str, f64);

static WEIGHTS: LazyLock<Weights> = LazyLock::new(Weights::read);

/// The weights in force.
pub fn weights() -> &'static Weights {
    &WEIGHTS
}

impl Weights {
    fn read() -> Weights {
        let mut values = HashMap::default();
        if let Some(table) = tables::table("score/data/weights.tsv") {
            for (_, row) in table.rows {
                if let [name, value, ..] = row
                    && let Ok(value) = value.parse::<f64>()
                {
                    values.insert(*name, value);
                }
            }
        }
        let of = |side: &str, role: PartRole| {
            let known = values.get_key_value(format!("unmatched-{side}-{}", role.as_str()).as_str());
            known.map_or(("", 0.0), |(name, value)| (*name, *value))
        };
        let query = PartRole::ALL.map(|role| of("query", role));
        let entity = PartRole::ALL.map(|role| of("entity", role));
        let value = |name: &str| values.get(name).copied().unwrap_or(0.0);
        let against = |role, across| contradiction(role, across).map_or(0.0, value);
        let contradictions = PartRole::ALL.map(|role| [against(role, false), against(role, true)]);
        let repeated = ("unmatched-repeated", value("unmatched-repeated"));
        let syllables_cost = value("syllables-cost");
        Weights { values, query, entity, contradictions, repeated, syllables_cost }
    }

    /// A weight by its name; a test holds that every name the code asks for is in the table.
    pub fn get(&self, name: &str) -> f64 {
        let value = self.values.get(name).copied();
        debug_assert!(value.is_some(), "no weight is called {name}");
        value.unwrap_or(0.0)
    }

    /// A weight with its name.
    pub(super) fn named(&self, name: &'static str) -> Weight {
        (name, self.get(name))
    }

    /// What it weighs that both names have a part of this role and the two do not fit; see [`contradiction`].
    pub(super) fn contradiction(&self, role: PartRole, across: bool) -> f64 {
        self.contradictions[usize::from(role.code())][usize::from(across)]
    }

    /// What a word weighs at most that the other name lacks and its own name has twice.
    pub(super) fn repeated(&self) -> Weight {
        self.repeated
    }

    /// What it costs at most that Korean syllables are spelled in a way that is known.
    pub(super) fn syllables_cost(&self) -> f64 {
        self.syllables_cost
    }

    /// What a part of the query weighs that the entity's name lacks; at most 0.
    pub(super) fn unmatched_query(&self, role: PartRole) -> Weight {
        self.query[usize::from(role.code())]
    }

    /// What a part of the entity's name weighs that the query lacks; at most 0.
    pub(super) fn unmatched_entity(&self, role: PartRole) -> Weight {
        self.entity[usize::from(role.code())]
    }
}

/// The name of what it weighs that both names have a part of this role and the two do not fit; `None` for roles that
/// never stand against each other. `across` scripts, what seems another word may be a spelling that no table knows.
pub(super) fn contradiction(role: PartRole, across: bool) -> Option<&'static str> {
    match (role, across) {
        (PartRole::Given, false) => Some("contradiction-given"),
        (PartRole::Given, true) => Some("contradiction-given-across"),
        (PartRole::Surname, false) => Some("contradiction-surname"),
        (PartRole::Surname, true) => Some("contradiction-surname-across"),
        (PartRole::Distinctive, false) => Some("contradiction-distinctive"),
        (PartRole::Distinctive, true) => Some("contradiction-distinctive-across"),
        (PartRole::Patronymic, _) => Some("contradiction-patronymic"),
        (PartRole::Number, _) => Some("contradiction-number"),
        (PartRole::Place, _) => Some("contradiction-place"),
        (PartRole::Descriptor, _) => Some("contradiction-descriptor"),
        (PartRole::Initial, _) => Some("initial-differs"),
        _ => None,
    }
}

/// The name of the share, 0 to below 1, of what the rest of the names adds that a contradiction in this role takes
/// back.
pub(super) fn contradiction_share(role: PartRole, across: bool) -> &'static str {
    match role {
        PartRole::Initial => "contradiction-share-initial",
        PartRole::Place | PartRole::Descriptor => "contradiction-share-generic",
        _ if across => "contradiction-share-across",
        _ => "contradiction-share",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_is_a_number_and_nothing_missing_is_rewarded() {
        let table = tables::table("score/data/weights.tsv").unwrap();
        assert_eq!(weights().values.len(), table.rows.len(), "a row repeats a name or is no number");
        for role in PartRole::ALL {
            assert!(weights().unmatched_query(role).1 < 0.0, "{role:?}");
            assert!(weights().unmatched_entity(role).1 < 0.0, "{role:?}");
            for across in [false, true] {
                assert!(contradiction(role, across).is_none_or(|name| weights().get(name) <= 0.0), "{role:?}");
                assert!((0.0..1.0).contains(&weights().get(contradiction_share(role, across))), "{role:?}");
            }
        }
    }
}
