//! Words at the beginning of a text that say what the rest is.

use std::collections::HashMap;

/// Labels with what they mean; the longest that fits wins.
pub(super) struct Labels<T> {
    by_first: HashMap<char, Vec<(Vec<char>, T)>>,
}

impl<T> Labels<T> {
    /// Takes labels. Case and the kind of apostrophe do not count.
    pub(super) fn new(labels: impl IntoIterator<Item = (String, T)>) -> Labels<T> {
        let mut by_first: HashMap<char, Vec<(Vec<char>, T)>> = HashMap::new();
        for (label, meaning) in labels {
            let letters: Vec<char> = label.chars().map(fold).collect();
            if let Some(first) = letters.first() {
                by_first.entry(*first).or_default().push((letters, meaning));
            }
        }
        for group in by_first.values_mut() {
            group.sort_by(|a, b| b.0.len().cmp(&a.0.len()).then_with(|| a.0.cmp(&b.0)));
        }
        Labels { by_first }
    }

    /// The meaning of the label a text begins with, and the text behind it. A label that ends in a letter or digit
    /// ends at the end of a word.
    pub(super) fn strip<'t>(&self, text: &'t str) -> Option<(&T, &'t str)> {
        let group = self.by_first.get(&fold(text.chars().next()?))?;
        group.iter().find_map(|(label, meaning)| strip_letters(text, label).map(|rest| (meaning, rest)))
    }
}

fn strip_letters<'t>(text: &'t str, label: &[char]) -> Option<&'t str> {
    let mut rest = text.chars();
    for letter in label {
        if fold(rest.next()?) != *letter {
            return None;
        }
    }
    let rest = rest.as_str();
    let inside_word =
        label.last().is_some_and(|c| c.is_alphanumeric()) && rest.starts_with(|c: char| c.is_alphanumeric());
    (!inside_word).then_some(rest)
}

fn fold(c: char) -> char {
    match c {
        '\u{2019}' | '\u{2018}' | '\u{02BC}' => '\'',
        '\u{A0}' => ' ',
        _ => c.to_lowercase().next().unwrap_or(c),
    }
}
