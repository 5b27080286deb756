use super::slip::edits;
use super::weights::weights;
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
}

/// The contradictions between the parts that an alignment left over, in the order of the query's parts. `gained` is
/// what the pairs of the alignment add.
///
/// Who shares a family, a tribe or a parent company shares most words of a name. One word that differs says so, and
/// what the others add is then worth less: a part of it is taken back, never all.
pub(super) fn contradictions(
    (query, query_rest): (&Name, &[usize]),
    (entity, entity_rest): (&Name, &[usize]),
    gained: f64,
) -> Vec<Contradiction> {
    let mut found: Vec<Contradiction> = Vec::new();
    let mut free: Vec<usize> = entity_rest.to_vec();
    for query_part in query_rest {
        let own = &query.parts[*query_part];
        let best = free.iter().enumerate().filter_map(|(place, entity_part)| {
            let (role, weight) = against(own, &entity.parts[*entity_part])?;
            Some((place, *entity_part, role, weight))
        });
        // The gravest one; of equals, the first.
        let best = best.reduce(|best, next| if next.3 < best.3 { next } else { best });
        if let Some((place, entity_part, role, weight)) = best {
            free.remove(place);
            found.push(Contradiction { query: *query_part, entity: entity_part, role, weight });
        }
    }
    // The gravest one takes back a part of what the rest of the name says.
    let gravest = found.iter().enumerate().min_by(|a, b| a.1.weight.total_cmp(&b.1.weight)).map(|(place, _)| place);
    if let Some(gravest) = gravest {
        let share = weights().contradiction_share(found[gravest].role);
        let (own, other) = (&query.parts[found[gravest].query], &entity.parts[found[gravest].entity]);
        found[gravest].weight -= share * distance(own, other) * gained;
    }
    found
}

/// The role in which two parts stand against each other, with its weight; `None` where either may be left out.
fn against(query: &NamePart, entity: &NamePart) -> Option<(PartRole, f64)> {
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
    Some((role, weights().contradiction(role) * distance(query, entity)))
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
