use compact_str::CompactString;

use super::Query;
use super::query::QueryName;
use crate::index::Index;
use crate::model::Kind;
use crate::names::{self, Hints};
use crate::retrieval::segment;
use crate::text::{self, Text, Word, symbols};

/// The most other readings of all names of a query that are searched.
const MOST: usize = 8;
/// A word that is cut has at least so many symbols.
const SHORTEST_JOINED: usize = 5;

/// A query with what its names may say behind a disguise: letters spaced out, digits for letters, words joined. Such
/// readings are only guesses, so they are for names that found nothing as they are written. For each name of the new
/// query the name of the old one that it is of; `None` where there is nothing to guess.
pub(super) fn undisguised(query: &Query, index: &Index) -> Option<(Query, Vec<usize>)> {
    let mut names: Vec<QueryName> = Vec::new();
    let mut of = Vec::new();
    for (place, name) in query.names.iter().enumerate() {
        for text in readings(&name.text, index) {
            if names.len() < MOST && text != name.text && !names.iter().any(|known| known.text == text) {
                names.push(QueryName { text, ..name.clone() });
                of.push(place);
            }
        }
    }
    (!names.is_empty()).then(|| (Query { names, ..query.clone() }, of))
}

fn readings(original: &str, index: &Index) -> Vec<String> {
    let read = text::read(original);
    let mut found = Vec::new();
    found.extend(text::collapsed(&read, original).map(|text| spelled(&text.words)));
    let digits: Vec<Vec<Word>> = read.words.iter().map(text::digit_readings).collect();
    let ways = digits.iter().map(Vec::len).max().unwrap_or(0);
    for way in 0..ways {
        let words = read.words.iter().zip(&digits).map(|(word, readings)| match readings.len() {
            0 => word.clone(),
            count => readings[way.min(count - 1)].clone(),
        });
        found.push(spelled(&words.collect::<Vec<Word>>()));
    }
    if !original.trim().contains(char::is_whitespace) {
        let parted: Option<Text> = text::parted(original);
        found.extend(parted.map(|text| spelled(&text.words)));
        let joined = found.clone();
        found.extend(cut(&read.words, index));
        // Joined words may be disguised as well.
        found.extend(joined.iter().filter_map(|text| cut(&text::read(text).words, index)));
    }
    found
}

fn spelled(words: &[Word]) -> String {
    words.iter().map(|word| word.form.as_str()).collect::<Vec<&str>>().join(" ")
}

/// The words cut into words of the index; `None` where nothing can be cut.
fn cut(words: &[Word], index: &Index) -> Option<String> {
    let mut any = false;
    let mut pieces: Vec<CompactString> = Vec::new();
    for word in words {
        let cuts = (word.symbols.len() >= SHORTEST_JOINED)
            .then(|| segment(index, word.script, &word.symbols, &is_form))
            .flatten();
        match cuts {
            Some(cuts) => {
                any = true;
                pieces.extend(cuts.into_iter().map(|piece| symbols::decode(word.script, &word.symbols[piece])));
            }
            None => pieces.push(word.form.clone()),
        }
    }
    any.then(|| pieces.join(" "))
}

/// True for legal forms and particles.
fn is_form(word: &str) -> bool {
    let hints = Hints { kind: Kind::Organization, ..Hints::default() };
    names::analyse(word, &hints).readings.first().is_some_and(names::is_bare)
}
