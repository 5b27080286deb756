use super::population;
use super::weights::weights;
use crate::names::{Name, NamePart, PartRole, Span};

/// A reading of a queried name, with what its words are worth: how rarely chance alone would bring them.
#[derive(Clone, Debug)]
pub struct Subject {
    /// The reading.
    pub name: Name,
    /// Its parts and joined parts; for each, the background.
    pub spans: Vec<(Span, f64)>,
    /// For each part the background of its concept in nats; 0 for parts without one.
    pub concepts: Vec<f64>,
}

/// The floor of every background: what a word of so many symbols costs by letters alone. A word that nothing in
/// the index resembles is worth this much, but no more than the rarest names of a population: the other party, whose
/// name it really is, need not be in the index.
pub fn letter_background(symbols: usize) -> f64 {
    (2.2 * symbols as f64 + 3.0).min(RAREST)
}

/// The background of a name that one in some tens of thousands bears, in nats.
const RAREST: f64 = 11.0;

impl Subject {
    /// What the name would score against itself, in nats: the most that any name can.
    pub fn worth(&self) -> f64 {
        let weights = weights();
        let cap = weights.get("concept-cap") + weights.get("concept-cost");
        let own = self.has_distinctive();
        let mut worth = 0.0;
        for (span, background) in self.spans.iter().filter(|(span, _)| span.parts.len() == 1) {
            worth += match self.name.parts[span.parts.start].role {
                PartRole::Initial => weights.get("initial-fits"),
                PartRole::LegalForm => weights.get("legal-form-equal"),
                PartRole::Particle => weights.get("particle-equal"),
                PartRole::Title => weights.get("title-equal"),
                PartRole::Descriptor | PartRole::Place if own => background.min(cap),
                _ => *background,
            };
        }
        worth
    }

    /// True if the name has a word of its own, beside generic ones, places and forms.
    pub fn has_distinctive(&self) -> bool {
        let generic = |role| {
            matches!(
                role,
                PartRole::Descriptor
                    | PartRole::Place
                    | PartRole::LegalForm
                    | PartRole::Particle
                    | PartRole::Number
                    | PartRole::Title
            )
        };
        self.name.parts.iter().any(|part| !generic(part.role))
    }

    /// A subject without an index to say what is rare: a word is worth what its letters are, and no more than the
    /// population of names lets it be; a concept is worth little.
    pub fn without_index(name: Name) -> Subject {
        let part = |part: &NamePart| word_background(part);
        let spans = name.spans().into_iter().map(|span| {
            let parts: f64 = name.parts[span.parts.clone()].iter().map(part).sum();
            let background = if span.parts.len() == 1 { parts } else { by_letters(span.symbols.len()).min(parts) };
            (span, background)
        });
        let spans = spans.collect();
        let concept = |part: &NamePart| match (part.concept, part.role) {
            (None, _) => 0.0,
            (Some(_), PartRole::Given) => word_background(part).min(GIVEN_CONCEPT),
            (Some(_), _) => GENERIC_CONCEPT,
        };
        let concepts = name.parts.iter().map(concept).collect();
        Subject { name, spans, concepts }
    }
}

/// What a given name is worth in any of its forms, in nats: one in two hundred bears it.
const GIVEN_CONCEPT: f64 = 5.3;
/// What a generic meaning is worth, in nats: the words of one trade are common.
const GENERIC_CONCEPT: f64 = 2.0;

/// What a word is worth without an index, in nats.
fn word_background(part: &NamePart) -> f64 {
    let letters = by_letters(part.symbols.len());
    population::background(part.script, &part.form).map_or(letters, |known| known.min(letters))
}

/// What so many letters are worth.
fn by_letters(symbols: usize) -> f64 {
    (1.5 + symbols as f64).min(9.5)
}
