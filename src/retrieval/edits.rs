use std::sync::LazyLock;

use fst::raw::Fst;
use fst::{Automaton, IntoStreamer, Streamer};
use levenshtein_automata::{DFA, Distance, LevenshteinAutomatonBuilder, SINK_STATE};

/// The shortest word, in characters, for which one edit still means the same word more often than another one.
const SHORTEST: usize = 4;
/// The longest word, in characters, for which an automaton is built: its states grow with the length.
const LONGEST: usize = 64;

static ONE_EDIT: LazyLock<LevenshteinAutomatonBuilder> = LazyLock::new(|| LevenshteinAutomatonBuilder::new(1, true));

/// The automaton as the term dictionaries want it.
///
/// The fst crate brings a Levenshtein automaton of its own, which is wrong for scripts whose letters share a lead
/// byte in UTF-8: it misses even exact Hangul and Cyrillic keys. It must not be used.
struct OneEdit(DFA);

impl Automaton for OneEdit {
    type State = u32;

    fn start(&self) -> u32 {
        self.0.initial_state()
    }

    fn is_match(&self, state: &u32) -> bool {
        matches!(self.0.distance(*state), Distance::Exact(_))
    }

    fn can_match(&self, state: &u32) -> bool {
        *state != SINK_STATE
    }

    fn accept(&self, state: &u32, byte: u8) -> u32 {
        self.0.transition(*state, byte)
    }
}

/// The terms of a dictionary of UTF-8 words within one edit of a word (an insertion, a deletion, a substitution or
/// a swap of neighbours), as ordinal and number of edits, in the order of the keys. At most `limit` terms, and
/// whether these are all. Words too short or too long for an edit to mean anything are looked up as they are.
pub fn within_one_edit<D: AsRef<[u8]>>(terms: &Fst<D>, word: &str, limit: usize) -> (Vec<(u64, u8)>, bool) {
    let length = word.chars().count();
    if !(SHORTEST..=LONGEST).contains(&length) {
        let exact = terms.get(word.as_bytes()).map(|ordinal| (ordinal.value(), 0));
        return (exact.into_iter().collect(), true);
    }
    let automaton = OneEdit(ONE_EDIT.build_dfa(word));
    let mut found = Vec::new();
    let mut stream = terms.search(&automaton).into_stream();
    while let Some((key, ordinal)) = stream.next() {
        if found.len() == limit {
            return (found, false);
        }
        found.push((ordinal.value(), u8::from(key != word.as_bytes())));
    }
    (found, true)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn dictionary(words: &[&str]) -> Fst<Vec<u8>> {
        let mut sorted = words.to_vec();
        sorted.sort_unstable();
        sorted.dedup();
        Fst::from_iter_map(sorted.iter().zip(0u64..)).unwrap()
    }

    #[test]
    fn scripts_that_share_lead_bytes_are_found() {
        let words = dictionary(&["김정은이", "김정일이", "мокран", "мекран", "mokran"]);
        let found = |word: &str| within_one_edit(&words, word, 10).0.len();
        assert_eq!(found("김정은이"), 2, "the word itself and the one a syllable away");
        assert_eq!(found("макран"), 2, "one letter away from both");
        assert_eq!(found("mokrna"), 1, "neighbours swapped");
        assert_eq!(found("ким"), 0, "too short for an edit");
    }

    proptest! {
        #[test]
        fn the_automaton_agrees_with_the_definition(
            words in prop::collection::vec("[가-갸]{3,6}|[а-г]{3,6}|[a-c]{3,6}", 1..40),
            query in "[가-갸]{4,6}|[а-г]{4,6}|[a-c]{4,6}",
        ) {
            let words: Vec<&str> = words.iter().map(String::as_str).collect();
            let terms = dictionary(&words);
            let mut expected: Vec<&str> = words.iter().copied()
                .filter(|word| strsim::osa_distance(word, &query) <= 1)
                .collect();
            expected.sort_unstable();
            expected.dedup();
            let (found, complete) = within_one_edit(&terms, &query, usize::MAX);
            prop_assert!(complete);
            prop_assert_eq!(found.len(), expected.len());
        }
    }
}
