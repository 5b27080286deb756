use super::Budget;

/// How much work one query may cause. Everything is counted, nothing is timed, so that the same query gives the
/// same answer on every machine.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Effort {
    /// The search of one word in one dictionary. The ceiling is lowered to what each word can be worth.
    pub words: Budget,
    /// The most words that are searched; more are a text, not a name.
    pub max_words: usize,
    /// The most postings that are read.
    pub max_postings: usize,
    /// Once so many postings are read, further ones only support candidates that are already there.
    pub open_postings: usize,
    /// The most candidates that are returned.
    pub candidates: usize,
}

impl Effort {
    /// The first pass: enough for most names.
    pub const FAST: Effort = Effort {
        words: Budget { k: 30, window: 4.0, ceiling: f32::INFINITY, pops: 400, weight: 2.0, edits: 0 },
        max_words: 120,
        max_postings: 400_000,
        open_postings: 30_000,
        candidates: 24,
    };

    /// The second pass, for what the first left unsure: a wider search, and one typing error a word.
    pub const DEEP: Effort = Effort {
        words: Budget { k: 60, window: 8.0, ceiling: f32::INFINITY, pops: 3_000, weight: 1.5, edits: 1 },
        max_words: 120,
        max_postings: 800_000,
        open_postings: 60_000,
        candidates: 100,
    };
}
