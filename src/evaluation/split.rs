use std::collections::{BTreeMap, BTreeSet};
use std::str::FromStr;

use super::Task;
use super::chance::fraction;

/// Which queries and pairs of a task are asked. What is tuned on one part is measured on the other.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Part {
    /// All of them.
    #[default]
    All,
    /// The half to tune on.
    Tune,
    /// The half kept apart, to report on.
    Report,
}

impl FromStr for Part {
    type Err = String;

    fn from_str(text: &str) -> Result<Part, String> {
        match text {
            "all" => Ok(Part::All),
            "tune" => Ok(Part::Tune),
            "report" => Ok(Part::Report),
            _ => Err(format!("unknown part {text:?}: expected all, tune or report")),
        }
    }
}

impl Part {
    /// The word used on the command line.
    pub fn as_str(self) -> &'static str {
        match self {
            Part::All => "all",
            Part::Tune => "tune",
            Part::Report => "report",
        }
    }

    /// True if a row of this id belongs to the part; it always does to the same one, whatever else the task holds.
    pub fn holds(self, id: &str) -> bool {
        match self {
            Part::All => true,
            Part::Tune => fraction("part", id) < 0.5,
            Part::Report => fraction("part", id) >= 0.5,
        }
    }
}

impl Task {
    /// Keeps the queries and pairs of a part.
    pub fn keep(&mut self, part: Part) {
        self.queries.retain(|query| part.holds(&query.id));
        self.pairs.retain(|pair| part.holds(&pair.id));
    }

    /// Takes a share of the parties, 0 to 1, out of the index, the same ones each time: queries for them should then
    /// find nothing. Entities that one query expects together stand for one party and go together.
    pub fn remove_parties(&mut self, share: f64) {
        let parties = Parties::of(self);
        let gone: BTreeSet<String> = (self.index.iter().map(|row| row.entity.as_str()))
            .filter(|entity| fraction("absent", parties.of_entity(entity)) < share)
            .map(str::to_owned)
            .collect();
        self.index.retain(|row| !gone.contains(&row.entity));
        for query in &mut self.queries {
            query.expected.retain(|entity| !gone.contains(entity));
        }
    }
}

/// Which entities of a task are one party, each party named by the least of its entities.
struct Parties(BTreeMap<String, String>);

impl Parties {
    fn of(task: &Task) -> Parties {
        let mut parties = Parties(BTreeMap::new());
        for query in &task.queries {
            for pair in query.expected.windows(2) {
                let (a, b) = (parties.of_entity(&pair[0]).to_owned(), parties.of_entity(&pair[1]).to_owned());
                if a != b {
                    let (least, other) = if a < b { (a, b) } else { (b, a) };
                    parties.0.insert(other, least);
                }
            }
        }
        parties
    }

    fn of_entity<'a>(&'a self, entity: &'a str) -> &'a str {
        let mut party = entity;
        // Each step leads to a lesser name, so this ends.
        while let Some(next) = self.0.get(party) {
            party = next;
        }
        party
    }
}

#[cfg(test)]
mod tests {
    use super::super::{IndexRow, QueryRow};
    use super::*;
    use crate::model::Kind;

    fn task(parties: usize) -> Task {
        let row = |entity: String| IndexRow { name: entity.clone(), entity, kind: Kind::Person };
        let query = |number: usize| QueryRow {
            id: format!("q{number}"),
            kind: Kind::Person,
            text: "x".to_owned(),
            expected: vec![format!("b{number}"), format!("a{number}"), format!("c{number}")],
        };
        let index = (0..parties).flat_map(|number| ["a", "b", "c"].map(|list| row(format!("{list}{number}"))));
        Task { index: index.collect(), queries: (0..parties).map(query).collect(), ..Task::default() }
    }

    #[test]
    fn the_two_parts_are_halves_that_share_nothing() {
        let whole = task(400);
        let (mut tune, mut report) = (whole.clone(), whole.clone());
        tune.keep(Part::Tune);
        report.keep(Part::Report);
        assert_eq!(tune.queries.len() + report.queries.len(), whole.queries.len());
        assert!((150..250).contains(&tune.queries.len()), "{}", tune.queries.len());
        assert!(tune.queries.iter().all(|query| !report.queries.contains(query)));
        assert_eq!("rest".parse::<Part>().unwrap_err(), "unknown part \"rest\": expected all, tune or report");
    }

    #[test]
    fn parties_leave_with_all_their_entities() {
        let mut half = task(400);
        half.remove_parties(0.5);
        let absent = half.queries.iter().filter(|query| query.expected.is_empty()).count();
        assert!((150..250).contains(&absent), "{absent}");
        assert!(half.queries.iter().all(|query| matches!(query.expected.len(), 0 | 3)));
        assert_eq!(half.index.len(), 3 * (400 - absent));
        let mut whole = task(4);
        whole.remove_parties(0.0);
        assert_eq!(whole, task(4));
        whole.remove_parties(1.0);
        assert!(whole.index.is_empty() && whole.queries.len() == 4);
    }
}
