use std::sync::Arc;

use quick_cache::Weighter;
use quick_cache::sync::Cache;

use super::words::{Key, Searched};

/// What one cache holds at most, in bytes, about.
const BYTES: u64 = 32 << 20;
/// How many words it has room for at first.
const FIRST_WORDS: usize = 1 << 10;
/// What an entry takes beside its letters and terms, in bytes, about.
const ENTRY: u64 = 160;

/// What is looked for: the same for two words only where the search for them is the same.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Sought {
    pub word: Key,
    /// Several parts as one word.
    pub joined: bool,
    /// The second pass.
    pub wide: bool,
    /// The states that the query may still take up, as far as they matter.
    pub left: u32,
}

/// What was found for the words of earlier queries in one version of the index: most words of a stream of names come
/// again. An answer is the same with a cache as without: what is kept is all that a search gives, the work it was
/// included.
pub struct WordCache {
    words: Cache<Sought, Arc<Searched>, Weight, foldhash::fast::FixedState>,
}

#[derive(Clone)]
struct Weight;

impl Weighter<Sought, Arc<Searched>> for Weight {
    fn weight(&self, key: &Sought, searched: &Arc<Searched>) -> u64 {
        ENTRY + (key.word.1.len() + searched.size()) as u64
    }
}

impl Default for WordCache {
    fn default() -> WordCache {
        let hasher = foldhash::fast::FixedState::default();
        WordCache { words: Cache::with(FIRST_WORDS, BYTES, Weight, hasher, Default::default()) }
    }
}

impl WordCache {
    pub(super) fn get(&self, sought: &Sought) -> Option<Arc<Searched>> {
        self.words.get(sought)
    }

    pub(super) fn put(&self, sought: Sought, searched: Arc<Searched>) {
        self.words.insert(sought, searched);
    }
}
