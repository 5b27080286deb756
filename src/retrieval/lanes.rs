//! What the lanes of the index hold: words of one script each, meanings, identifiers.

use crate::index::Lane;
use crate::model::Identifier;
use crate::text::Script;

/// Meanings of words: the glosses of the lexicons, so that a word meets its translation.
pub const CONCEPTS: Lane = Lane(6);
/// Identifiers: type, colon, normal form.
pub const IDENTIFIERS: Lane = Lane(7);

/// The lane of the words of a script.
pub fn of_script(script: Script) -> Lane {
    Lane(script.number())
}

/// The key of an identifier; `None` for one without a letter or digit.
pub fn identifier_key(identifier: &Identifier) -> Option<Vec<u8>> {
    let value = identifier.normal_form();
    (!value.is_empty()).then(|| format!("{}:{value}", identifier.kind).into_bytes())
}
