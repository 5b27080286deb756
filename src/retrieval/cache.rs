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
    /// The states that may be taken up in one dictionary.
    pub pops: u32,
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::index::{Index, NameInput, SegmentBuilder, TermInput};
    use crate::model::Kind;
    use crate::names;
    use crate::retrieval::words::{Term, Words};
    use crate::retrieval::{Effort, lanes};
    use crate::storage::{RamDirectory, Versions};
    use crate::text::{Script, symbols};

    /// An index of many words that resemble one another.
    fn index() -> Index {
        let syllables = ["ka", "mo", "ri", "te", "lu", "sha"];
        let mut builder = SegmentBuilder::new();
        for number in 0..syllables.len().pow(4) {
            let word: String =
                (0..4).map(|place| syllables[number / syllables.len().pow(place) % syllables.len()]).collect();
            let key = symbols::encode(Script::Latin, &word).unwrap();
            let terms = [TermInput { lane: lanes::of_script(Script::Latin), key: key[..].into(), flags: 0 }];
            let name = NameInput { text: &word, payload: b"", terms: &terms, words: 0 };
            builder.add_record(&format!("{number:05}"), b"", &[name]).unwrap();
        }
        let directory = RamDirectory::new();
        builder.finish(&directory, Versions { alphabet: 1, tables: 1 }).unwrap();
        Index::open_with(&directory, Default::default()).unwrap()
    }

    /// What both passes find for the words of a name.
    fn found(index: &Index, cache: Option<&WordCache>, text: &str) -> Vec<Vec<Term>> {
        let readings = names::readings(text, Kind::Person);
        let mut words = Words::new(index, &Effort::FAST, cache);
        let mut all = Vec::new();
        for deep in [false, true] {
            if deep {
                words.widen(&readings, &Effort::DEEP);
            }
            for reading in &readings {
                let spans = reading.spans();
                all.extend(spans.iter().map(|span| words.find(span, reading.kind).terms.clone()));
            }
        }
        all
    }

    #[test]
    fn what_is_found_does_not_depend_on_what_was_asked_before() {
        let (index, cache) = (index(), WordCache::default());
        let asked = ["kamoritx", "kamoritx lutxka shamyr", "lutxka kamoritx", "shamyr", "kamoritx mirtu lutxka shamyr"];
        for text in asked {
            assert!(found(&index, Some(&cache), text) == found(&index, None, text), "{text}");
        }
    }
}
