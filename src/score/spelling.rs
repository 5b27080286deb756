use std::collections::HashMap;

use crate::correspondence;
use crate::names::Span;
use crate::text::Script;

/// What one edit costs beyond all correspondences, in nats: one letter in ninety is mistyped.
pub const EDIT_COST: f32 = 4.5;

/// Costs of spellings of one query's words, each computed once.
#[derive(Debug, Default)]
pub struct Spellings {
    known: HashMap<(usize, u8, Vec<u8>), Option<f32>, foldhash::fast::FixedState>,
}

impl Spellings {
    /// What it costs, in nats, that `word` (the `place`-th of the query's words) is spelled `symbols` in `script`:
    /// 0 for the same letters; `None` if it costs more than `limit`. A word must be asked with one limit only.
    pub fn cost(&mut self, place: usize, word: &Span, script: Script, symbols: &[u8], limit: f32) -> Option<f32> {
        if word.script == script && word.symbols == symbols {
            return Some(0.0);
        }
        let tables = correspondence::tables(word.script, script);
        let key = (place, script.number(), symbols.to_vec());
        *self
            .known
            .entry(key)
            .or_insert_with(|| correspondence::least_cost(tables, &word.symbols, symbols, Some(EDIT_COST), limit))
    }
}
