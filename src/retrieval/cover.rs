use std::ops::Range;

use super::words::{Found, Words, is_searched, worth};
use crate::names::Span;
use crate::score::Subject;

/// What it costs to spell a reading from its beginning to each part, and from each part to its end, by the cheapest
/// terms that were found for its words. A word that was not found costs what its letters are worth.
pub(super) struct Cover {
    before: Vec<f32>,
    behind: Vec<f32>,
}

impl Cover {
    /// That of a reading whose words have been searched.
    pub fn new(reading: &Subject, words: &Words<'_>) -> Cover {
        let parts = &reading.name.parts;
        let alone = parts.iter().all(|part| !is_searched(part.role));
        let cost = |span: &Span| match alone || is_searched(parts[span.parts.start].role) {
            true => words.found(span, reading.name.kind).map_or(f32::INFINITY, Found::best).min(worth(span)),
            // Nobody is found by it, nor missed for it.
            false => 0.0,
        };
        let mut spans: Vec<&Span> = reading.spans.iter().map(|(span, _)| span).collect();
        spans.sort_by_key(|span| span.parts.start);
        let mut before = vec![f32::INFINITY; parts.len() + 1];
        let mut behind = before.clone();
        (before[0], behind[parts.len()]) = (0.0, 0.0);
        for span in &spans {
            let Range { start, end } = span.parts;
            before[end] = before[end].min(before[start] + cost(span));
        }
        for span in spans.iter().rev() {
            let Range { start, end } = span.parts;
            behind[start] = behind[start].min(behind[end] + cost(span));
        }
        Cover { before, behind }
    }

    /// What the whole costs.
    pub fn best(&self) -> f32 {
        self.behind[0]
    }

    /// What the whole costs if one word of it costs so much.
    pub fn with(&self, span: &Span, cost: f32) -> f32 {
        self.before[span.parts.start] + cost + self.behind[span.parts.end]
    }
}
