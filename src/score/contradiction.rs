use std::cell::Cell;

use super::slip::edits;
use super::weights::{self, weights};
use crate::names::{self, Name, NamePart, PartRole};

/// Words are far apart if at least one letter in so many differs.
const FAR: f64 = 2.0;
/// The nearest that two words that stand against each other come.
const NEAREST: f64 = 0.3;

/// Two parts left over on both sides that cannot both be left out: each name has a word where the other has another.
#[derive(Clone, Debug, PartialEq)]
pub struct Contradiction {
    /// The part of the query's name.
    pub query: usize,
    /// The part of the entity's name.
    pub entity: usize,
    /// What they have in common: the role in which they stand against each other.
    pub role: PartRole,
    /// What it adds to the score, in nats; at most 0.
    pub weight: f64,
    /// True if the two are written in different scripts.
    pub across: bool,
    /// How far the two are apart, above 0 to 1.
    pub distance: f64,
    /// What of the rest of the names it bears upon, in nats: it takes back a share of that. 0 for all but the gravest.
    pub bears_on: f64,
}

impl Contradiction {
    /// The weights that it is made of, each with how many times it counts.
    pub(super) fn uses(&self) -> Vec<(&'static str, f64)> {
        let own = weights::contradiction(self.role, self.across).map(|name| (name, self.distance));
        let share =
            (self.bears_on > 0.0).then(|| (weights::contradiction_share(self.role, self.across), -self.bears_on));
        own.into_iter().chain(share).collect()
    }
}

/// How the parts of two names stand against each other, worked out where it is asked for.
pub(super) struct Oppositions<'a> {
    query: &'a Name,
    entity: &'a Name,
    /// By part of the query and part of the entity's name: unknown, or what [`against`] and [`distance`] say.
    known: Vec<Cell<Option<Option<Opposition>>>>,
}

#[derive(Clone, Copy)]
struct Opposition {
    role: PartRole,
    across: bool,
    weight: f64,
    distance: f64,
}

impl<'a> Oppositions<'a> {
    pub fn new(query: &'a Name, entity: &'a Name) -> Oppositions<'a> {
        Oppositions { query, entity, known: vec![Cell::new(None); query.parts.len() * entity.parts.len()] }
    }

    fn of(&self, query: usize, entity: usize) -> Option<Opposition> {
        let cell = &self.known[query * self.entity.parts.len() + entity];
        if let Some(known) = cell.get() {
            return known;
        }
        let found = against(&self.query.parts[query], &self.entity.parts[entity]);
        cell.set(Some(found));
        found
    }
}

/// The contradictions between the parts that an alignment left over, in the order of the query's parts. `gained` is
/// what the pairs of the alignment add.
///
/// Who shares a family, a tribe or a parent company shares most words of a name. One word that differs says so, and
/// what the others add is then worth less: a part of it is taken back, never all.
pub(super) fn contradictions(
    oppositions: &Oppositions<'_>,
    query_rest: &[usize],
    entity_rest: &[usize],
    gained: f64,
) -> Vec<Contradiction> {
    let mut found: Vec<Contradiction> = Vec::new();
    let mut free: Vec<usize> = entity_rest.to_vec();
    for query in query_rest.iter().copied() {
        let best = free.iter().enumerate().filter_map(|(place, entity)| {
            let Opposition { role, across, weight, distance } = oppositions.of(query, *entity)?;
            Some((place, Contradiction { query, entity: *entity, role, weight, across, distance, bears_on: 0.0 }))
        });
        // The gravest one; of equals, the first.
        let best = best.reduce(|best, next| if next.1.weight < best.1.weight { next } else { best });
        if let Some((place, against)) = best {
            free.remove(place);
            found.push(against);
        }
    }
    // The gravest one takes back a part of what the rest of the name says.
    let gravest = found.iter_mut().min_by(|a, b| a.weight.total_cmp(&b.weight));
    if let Some(gravest) = gravest {
        gravest.bears_on = gravest.distance * gained;
        gravest.weight -= weights().get(weights::contradiction_share(gravest.role, gravest.across)) * gravest.bears_on;
    }
    found
}

/// The role in which two parts stand against each other, with its weight; `None` where either may be left out.
fn against(query: &NamePart, entity: &NamePart) -> Option<Opposition> {
    use PartRole::{Descriptor, Distinctive, Given, Initial, Number, Patronymic, Place, Surname, Unknown};
    let role = match (query.role, entity.role) {
        (Initial, Given | Patronymic) | (Given | Patronymic, Initial) | (Initial, Initial) => Initial,
        (Patronymic, Patronymic) => Patronymic,
        // A patronymic in one name and a middle name in another need not be about the same thing.
        (Patronymic, _) | (_, Patronymic) => return None,
        (Number, Number) => Number,
        (Place, Place) => Place,
        (Descriptor | Place, Descriptor | Place) if query.script == entity.script => Descriptor,
        (Surname, Surname) => Surname,
        (Distinctive, Distinctive | Unknown) | (Unknown, Distinctive) => Distinctive,
        (Surname | Given | Unknown, Surname | Given | Unknown) => Given,
        _ => return None,
    };
    let distance = distance(query, entity);
    let across = query.script != entity.script;
    let weight = weights().contradiction(role, across);
    Some(Opposition { role, across, weight: weight * distance, distance })
}

/// How far two words that stand against each other are apart, [`NEAREST`] to 1: the nearer, the likelier it is that
/// they are one word badly spelled after all. Syllables of Korean names are far however little they differ.
fn distance(query: &NamePart, entity: &NamePart) -> f64 {
    let letters = query.form.chars().count().max(entity.form.chars().count());
    let spelled = !matches!(query.role, PartRole::Initial | PartRole::Number);
    if query.script != entity.script || !spelled || letters == 0 {
        return 1.0;
    }
    if names::may_be_one_given(&query.form, &entity.form) == Some(false) {
        return 1.0;
    }
    let edits = edits(query.script, &query.symbols, &entity.symbols) as f64;
    (FAR * edits / letters as f64).clamp(NEAREST, 1.0)
}
