use smallvec::SmallVec;

use super::lexicon::{Domain, LEXICON, Sense, WordIds};
use super::people::PEOPLE;
use super::token::Token;
use super::{NamePart, PartRole, numerals};
use crate::text::{Join, Script};

/// What is no name in the words: titles, numbers, particles.
pub(super) struct Frame {
    fixed: Vec<NamePart>,
    /// Places of the words that are names.
    pub names: SmallVec<[usize; 8]>,
    /// How many titles there are.
    pub titles: usize,
    /// True for a number before a name: people bear them behind it.
    pub numbered: bool,
}

impl Frame {
    /// Tells the words of names from the others.
    pub fn new(tokens: &[Token<'_>]) -> Frame {
        let ids: SmallVec<[&WordIds; 16]> = tokens.iter().map(|token| &token.ids).collect();
        let mut frame = Frame { fixed: Vec::new(), names: SmallVec::new(), titles: 0, numbered: false };
        let mut at = 0;
        while at < tokens.len() {
            let found = LEXICON.longest(&ids[at..], Domain::Person);
            let found = found.filter(|(length, sense)| counts(tokens, at, *length, *sense, frame.names.is_empty()));
            if let Some((length, sense)) = found {
                let part = super::token::phrase(&tokens[at..at + length], sense.role, Some(sense.concept));
                frame.fixed.extend(part);
                frame.titles += usize::from(sense.role == PartRole::Title);
                at += length;
                continue;
            }
            // "2세": the letters belong to the number.
            if at > 0 && tokens[at].word.join == Join::None && numerals::is_suffix(&tokens[at]) {
                at += 1;
                continue;
            }
            let behind = frame.names.len() > 1 || frame.names.len() == 1 && tokens.len() == at + 1;
            let number =
                numerals::digits(&tokens[at]).or_else(|| numerals::roman(&tokens[at], false).filter(|_| behind));
            match number {
                Some(number) => frame.fixed.push(number),
                None => {
                    frame.numbered |= frame.fixed.iter().any(|part| part.role == PartRole::Number);
                    frame.names.push(at);
                }
            }
            at += 1;
        }
        frame
    }

    /// Adds the rest of the words to the parts of a reading, in the order of the text. Titles alone keep their role.
    pub fn put_around(&self, parts: &mut Vec<NamePart>) {
        if !self.fixed.is_empty() {
            parts.extend(self.fixed.iter().cloned());
            parts.sort_by_key(|part| (part.span.start, part.span.end));
        }
    }
}

/// True if words that the tables know as a title or particle are one here.
fn counts(tokens: &[Token<'_>], at: usize, length: usize, sense: Sense, first: bool) -> bool {
    let token = &tokens[at];
    let rest = tokens.len() - length;
    let last = at + length == tokens.len();
    let korean = matches!(token.script(), Script::Hangul | Script::Han);
    match sense.role {
        // Titles stand before the name, behind a comma, or in Korean behind the name. Elsewhere King and Major are
        // names, and so they are where nothing else would be left.
        PartRole::Title => {
            let behind = korean || token.after_comma() || sense.behind;
            rest > 0 && (first && !last || behind && !first) && (length > 1 || !is_initial(token))
        }
        // "de" and "bin" stand between names; a syllable such as "Du" at the end is a name.
        PartRole::Particle => !last && rest > 1 && token.length() > 1 && !all_korean(tokens),
        _ => false,
    }
}

/// True if all words are syllables of Korean names and one at an end is a Korean surname: "Du" is no particle there.
fn all_korean(tokens: &[Token<'_>]) -> bool {
    let surname = |token: Option<&Token<'_>>| token.is_some_and(|token| PEOPLE.surname(token.form()).is_some());
    (surname(tokens.first()) || surname(tokens.last()))
        && tokens.iter().all(|token| PEOPLE.syllables(token.form()).is_some())
}

/// True for one letter, and for several before a full stop that stand for one Cyrillic letter ("Yu.", "Дж.").
pub(super) fn is_initial(token: &Token<'_>) -> bool {
    matches!(token.script(), Script::Latin | Script::Cyrillic)
        && (token.length() == 1 || token.word.dotted && PEOPLE.is_digraph(token.form()))
}
