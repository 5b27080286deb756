use super::Budget;

/// A spelling that costs more than this share of what the letters of a word are worth says next to nothing.
pub(super) const DEAREST: f32 = 0.7;

/// How much work one query may cause. Everything is counted, nothing is timed, so that the same query gives the
/// same answer on every machine.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Effort {
    /// The search of one word in one dictionary. The ceiling is lowered to `dearest`.
    pub words: Budget,
    /// The most that a spelling of a word may cost, as a share of what the letters of the word are worth: a dearer one
    /// says next to nothing. Infinite where whatever is least unlikely is to be shown.
    pub dearest: f32,
    /// The most states that are taken up in one dictionary for a word that another one has as it is asked.
    pub beside_exact: u32,
    /// The most states that are taken up for a joined word: few names are written so.
    pub joined_pops: u32,
    /// The same for one of a few symbols: the syllables of Korean and Chinese names are written so as often as not.
    pub syllable_pops: u32,
    /// A joined word of more symbols is not searched.
    pub joined_symbols: usize,
    /// The most states that are taken up for all words of a name together.
    pub all_pops: u32,
    /// The most words that are searched; more are a text, not a name.
    pub max_words: usize,
    /// The most postings that are read.
    pub max_postings: usize,
    /// Once so many postings have opened names, for all readings together, further ones only support names that are there.
    pub open_postings: usize,
    /// The most candidates that are returned.
    pub candidates: usize,
    /// A name whose words promise so much less than the best one scores is not aligned, in nats.
    pub hopeless: f64,
    /// True if names that lack any part may be left out at first beside others that promise more; false if only those may
    /// that lack the rarest one: what is asked for then has seldom anybody who scores as promised.
    pub trusting: bool,
}

impl Effort {
    /// The same with so many times the states and postings.
    pub fn times(self, work: u32) -> Effort {
        let words = Budget { pops: self.words.pops.saturating_mul(work), ..self.words };
        Effort {
            words,
            beside_exact: self.beside_exact.saturating_mul(work),
            joined_pops: self.joined_pops.saturating_mul(work),
            syllable_pops: self.syllable_pops.saturating_mul(work),
            all_pops: self.all_pops.saturating_mul(work),
            max_postings: self.max_postings.saturating_mul(work as usize),
            open_postings: self.open_postings.saturating_mul(work as usize),
            ..self
        }
    }

    /// The first pass: enough for most names.
    pub const FAST: Effort = Effort {
        words: Budget { k: 30, window: 4.0, ceiling: f32::INFINITY, pops: 100, guide: 1.4, edits: 0 },
        dearest: DEAREST,
        beside_exact: 40,
        joined_pops: 30,
        syllable_pops: 100,
        joined_symbols: 16,
        all_pops: 8_000,
        max_words: 120,
        max_postings: 120_000,
        open_postings: 12_000,
        candidates: 24,
        hopeless: 5.0,
        trusting: true,
    };

    /// The second pass, for what the first left unsure: a wider search of the words that were not found well, with
    /// one typing error a word, and more candidates.
    pub const DEEP: Effort = Effort {
        words: Budget { k: 60, window: 8.0, ceiling: f32::INFINITY, pops: 4_000, guide: 1.4, edits: 1 },
        dearest: f32::INFINITY,
        beside_exact: 4_000,
        joined_pops: 400,
        syllable_pops: 400,
        joined_symbols: 28,
        all_pops: 4_000,
        max_words: 120,
        max_postings: 80_000,
        open_postings: 8_000,
        candidates: 96,
        hopeless: 6.0,
        trusting: false,
    };
}
