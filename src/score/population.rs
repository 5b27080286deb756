//! How common words are among the names of people and companies everywhere: what is rare without an index to count.

use std::collections::HashMap;
use std::sync::LazyLock;

use foldhash::fast::FixedState;

use crate::tables;
use crate::text::Script;

/// The backgrounds of the words of `score/data/population.tsv`, in nats.
static POPULATION: LazyLock<HashMap<&'static str, f64, FixedState>> = LazyLock::new(|| {
    let mut backgrounds = HashMap::default();
    if let Some(table) = tables::table("score/data/population.tsv") {
        for (_, row) in table.rows {
            if let [word, per_million] = row
                && let Ok(per_million) = per_million.parse::<f64>()
            {
                backgrounds.insert(*word, -(per_million / 1e6).ln());
            }
        }
    }
    backgrounds
});

/// How rarely chance alone brings a word, in nats; `None` for words that are not common. The form is folded as in
/// [`crate::names::NamePart::form`].
pub(super) fn background(script: Script, form: &str) -> Option<f64> {
    // No word is written in letters of two scripts, so that the word alone is key enough.
    debug_assert!(!form.is_empty(), "a part of {script:?} without letters");
    POPULATION.get(form).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn common_words_are_worth_less_than_rare_ones() {
        let worth = |script, form| background(script, form);
        assert!(worth(Script::Latin, "kim") < worth(Script::Latin, "david"));
        assert!(worth(Script::Hangul, "김").unwrap() < 3.0);
        assert_eq!(worth(Script::Latin, "zelenskyy"), None);
    }

    #[test]
    fn every_row_is_a_share_of_a_million() {
        let table = tables::table("score/data/population.tsv").unwrap();
        assert_eq!(POPULATION.len(), table.rows.len(), "a row repeats a word or is no number");
        assert!(POPULATION.values().all(|background| *background > 0.0));
    }
}
