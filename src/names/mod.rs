//! Names as people, companies and ships bear them: what each part of a name does.
//!
//! [`analyse()`] turns a text into one or several readings; both what is stored and what is asked goes through it, so
//! that the two sides cannot drift apart. [`lemmas`] gives the base forms of an inflected part, and [`codec`] the
//! bytes in which the index keeps a name.
//!
//! What words mean is written in `data/`: legal forms, descriptors, places, titles and particles of all languages
//! with one concept each; given names, Korean surnames and syllables; endings.

mod acronym;
mod analyse;
pub mod codec;
mod concepts;
mod foreign;
mod frame;
mod inflected;
mod korean;
mod lemma;
mod letters;
mod lexicon;
mod name;
mod numerals;
mod organization;
mod people;
mod person;
mod reading;
mod segment;
mod sources;
mod span;
mod syllables;
#[cfg(test)]
mod tests;
mod token;
mod variants;

pub use acronym::Acronym;
pub use analyse::{MOST_READINGS, analyse, is_bare, readings};
pub use concepts::{concept_classes, concept_index, concepts, related_forms, version};
pub use korean::{is_korean_surname, may_be_one_given, may_be_one_surname};
pub use lemma::{bases, lemmas};
pub use name::{Analysis, Hints, Name, NamePart, PartRole, TraceStep};
pub use span::{MAX_JOINED_PARTS, Span};

/// The concepts of a given name in any script, likeliest first: Саша is Александр, or Александра. Empty for words
/// that are no known given name. The form is folded as in [`NamePart::form`].
pub fn given_concepts(form: &str) -> &'static [&'static str] {
    people::PEOPLE.given(form)
}
