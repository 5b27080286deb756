use std::collections::{BTreeMap, BTreeSet};

use super::Task;
use crate::text;

/// Which entities of a task bear the same name. Nothing in the name tells them apart, so that finding one for the
/// other is no fault of the search.
#[derive(Clone, Debug, Default)]
pub struct Homonyms {
    /// For each entity the numbers of its names that others bear too.
    shared: BTreeMap<String, BTreeSet<usize>>,
}

impl Homonyms {
    /// The homonyms of a task. Names are the same if their words are, whatever the case, the punctuation and the
    /// order, for lists write the surname now first, now last.
    pub fn of(task: &Task) -> Homonyms {
        let mut bearers: BTreeMap<String, BTreeSet<&str>> = BTreeMap::new();
        for row in &task.index {
            bearers.entry(key(&row.name)).or_default().insert(&row.entity);
        }
        let mut shared: BTreeMap<String, BTreeSet<usize>> = BTreeMap::new();
        for (number, entities) in bearers.values().enumerate().filter(|(_, entities)| entities.len() > 1) {
            for entity in entities {
                shared.entry((*entity).to_owned()).or_default().insert(number);
            }
        }
        Homonyms { shared }
    }

    /// True if both entities bear one name.
    pub fn are(&self, one: &str, other: &str) -> bool {
        match (self.shared.get(one), self.shared.get(other)) {
            (Some(one), Some(other)) => !one.is_disjoint(other),
            _ => false,
        }
    }
}

fn key(name: &str) -> String {
    let folded = text::fold(name);
    let mut words: Vec<&str> = folded.split(' ').collect();
    words.sort_unstable();
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use super::super::IndexRow;
    use super::*;
    use crate::model::Kind;

    #[test]
    fn the_same_words_are_the_same_name() {
        let row = |entity: &str, name: &str| IndexRow {
            entity: entity.to_owned(),
            kind: Kind::Person,
            name: name.to_owned(),
        };
        let index = vec![row("a", "Kim Chol-su"), row("b", "KIM, Chol Su"), row("c", "Kim Chol"), row("a", "김철수")];
        let homonyms = Homonyms::of(&Task { index, ..Task::default() });
        assert!(homonyms.are("a", "b") && homonyms.are("b", "a"));
        assert!(!homonyms.are("a", "c") && !homonyms.are("c", "c"));
    }
}
