use crate::model::Kind;
use crate::names::{Name, PartRole};
use crate::score::{Alignment, Spellings, Subject, align_spans};
use crate::text::Script;

/// The best alignment between readings of a queried name and readings of a stored one.
pub(super) struct NameMatch {
    /// Which of the subjects.
    pub subject: usize,
    /// The stored reading.
    pub entity: Name,
    /// How the two lie.
    pub alignment: Alignment,
}

/// Aligns every reading with every stored reading of a compatible kind and keeps the best; of equals, the first.
pub(super) fn best_match(subjects: &[Subject], spellings: &mut Spellings, stored: Vec<Name>) -> Option<NameMatch> {
    let mut best: Option<NameMatch> = None;
    for entity in stored {
        let spans = entity.spans();
        for (place, subject) in subjects.iter().enumerate() {
            if !may_match(&subject.name, &entity) {
                continue;
            }
            let alignment = align_spans(subject, &entity, &spans, spellings);
            if best.as_ref().is_none_or(|best| alignment.score > best.alignment.score) {
                best = Some(NameMatch { subject: place, entity: entity.clone(), alignment });
            }
        }
    }
    best
}

/// The script of most letters of a name.
pub(super) fn script_of(name: &Name) -> Script {
    let length = |script: &Script| -> usize {
        name.parts.iter().filter(|part| part.script == *script).map(|part| part.symbols.len()).sum()
    };
    // Of equals the last one: any will do, as long as it is the same one each time.
    Script::ALL.into_iter().max_by_key(length).unwrap_or(Script::Other)
}

/// False where one reading says nothing of its own, and the other is not the very same: a legal form or a number
/// alone is nobody's name but its own.
pub(super) fn may_match(query: &Name, entity: &Name) -> bool {
    // A reading as a company serves for a ship that nobody called one, but not for a person.
    let alike = query.kind.is_compatible(entity.kind) || (query.kind != Kind::Person && entity.kind != Kind::Person);
    if !alike {
        return false;
    }
    let says_something = |name: &Name| name.parts.iter().any(|part| !is_empty_word(part.role));
    (says_something(query) && says_something(entity)) || is_same(query, entity)
}

fn is_empty_word(role: PartRole) -> bool {
    matches!(role, PartRole::Initial | PartRole::Title | PartRole::LegalForm | PartRole::Number | PartRole::Particle)
}

fn is_same(a: &Name, b: &Name) -> bool {
    a.parts.len() == b.parts.len()
        && a.parts.iter().zip(&b.parts).all(|(a, b)| a.script == b.script && a.symbols == b.symbols)
}
