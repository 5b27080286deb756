//! The scheme that changes no script: the stages of the text room, as a scheme among the others.

use super::program::Trace;
use super::scheme::TraceStep;
use crate::text::{self, Text, Word};

/// The folded text, then the readings that it may also have: words whose letters are all alike in both scripts read
/// in the other one, digits as letters, and spaced-out letters as a word. Without doubles, at most `limit`.
pub fn run(original: &str, limit: usize, trace: Trace<'_>) -> Vec<String> {
    let read = match trace {
        Some(trace) => {
            let (read, steps) = text::read_traced(original);
            trace.extend(steps.into_iter().map(|(stage, input, output)| TraceStep {
                stage: stage.into(),
                input,
                output,
            }));
            read
        }
        None => text::read(original),
    };
    let mut texts = vec![read.folded()];
    let mut offer = |text: String| {
        if texts.len() < limit && !texts.contains(&text) {
            texts.push(text);
        }
    };
    if limit > 1 {
        offer(with(&read, text::other_reading));
        offer(with(&read, |word| text::digit_readings(word).into_iter().next()));
        if let Some(collapsed) = text::collapsed(&read, original) {
            offer(collapsed.folded());
        }
    }
    texts
}

/// The text with every word replaced that has another reading.
fn with(text: &Text, reading: impl Fn(&Word) -> Option<Word>) -> String {
    let words = text.words.iter().map(|word| reading(word).unwrap_or_else(|| word.clone()));
    Text { words: words.collect() }.folded()
}
