use std::collections::HashMap;
use std::sync::LazyLock;

use crate::names::PartRole;
use crate::tables;

/// The weights of `score/data/weights.tsv`, in nats.
#[derive(Debug)]
pub struct Weights {
    values: HashMap<&'static str, f64, foldhash::fast::FixedState>,
    query: [f64; PartRole::ALL.len()],
    entity: [f64; PartRole::ALL.len()],
}

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
            values.get(format!("unmatched-{side}-{}", role.as_str()).as_str()).copied().unwrap_or(0.0)
        };
        let query = PartRole::ALL.map(|role| of("query", role));
        let entity = PartRole::ALL.map(|role| of("entity", role));
        Weights { values, query, entity }
    }

    /// A weight by its name; a test holds that every name the code asks for is in the table.
    pub fn get(&self, name: &str) -> f64 {
        let value = self.values.get(name).copied();
        debug_assert!(value.is_some(), "no weight is called {name}");
        value.unwrap_or(0.0)
    }

    /// What a part of the query weighs that the entity's name lacks; at most 0.
    pub fn unmatched_query(&self, role: PartRole) -> f64 {
        self.query[usize::from(role.code())]
    }

    /// What a part of the entity's name weighs that the query lacks; at most 0.
    pub fn unmatched_entity(&self, role: PartRole) -> f64 {
        self.entity[usize::from(role.code())]
    }

    /// What it weighs that both names have a part of this role and the two do not fit; at most 0.
    pub fn contradiction(&self, role: PartRole) -> f64 {
        match role {
            PartRole::Given => self.get("contradiction-given"),
            PartRole::Surname => self.get("contradiction-surname"),
            PartRole::Patronymic => self.get("contradiction-patronymic"),
            PartRole::Number => self.get("contradiction-number"),
            PartRole::Distinctive => self.get("contradiction-distinctive"),
            PartRole::Place => self.get("contradiction-place"),
            PartRole::Descriptor => self.get("contradiction-descriptor"),
            PartRole::Initial => self.get("initial-differs"),
            _ => 0.0,
        }
    }

    /// The share, 0 to below 1, of what the rest of the names adds that a contradiction in this role takes back.
    pub fn contradiction_share(&self, role: PartRole) -> f64 {
        match role {
            PartRole::Initial => self.get("contradiction-share-initial"),
            PartRole::Place | PartRole::Descriptor => self.get("contradiction-share-generic"),
            _ => self.get("contradiction-share"),
        }
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
            assert!(weights().unmatched_query(role) < 0.0, "{role:?}");
            assert!(weights().unmatched_entity(role) < 0.0, "{role:?}");
            assert!(weights().contradiction(role) <= 0.0, "{role:?}");
        }
    }
}
