use crate::names::{Name, Span};

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
/// the index resembles is worth this much. Measured on held-out names; flat around the optimum.
pub fn letter_background(symbols: usize) -> f64 {
    2.2 * symbols as f64 + 3.0
}

impl Subject {
    /// A subject without an index to say what is rare: a word's worth grows with its length, and a concept is
    /// worth little.
    pub fn without_index(name: Name) -> Subject {
        let spans = name
            .spans()
            .into_iter()
            .map(|span| {
                let background = (1.5 + 1.0 * span.symbols.len() as f64).min(9.5);
                (span, background)
            })
            .collect();
        let concepts = name.parts.iter().map(|part| if part.concept.is_some() { 2.0 } else { 0.0 }).collect();
        Subject { name, spans, concepts }
    }
}
