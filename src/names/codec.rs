//! Names as bytes: the form in which the index keeps them.
//!
//! | bytes | content |
//! |---|---|
//! | 1 | [`VERSION`] |
//! | 1 | kind |
//! | 1 | weight, in 255ths |
//! | varint | number of parts |
//! | per part: 1 | role, 4 bits; script, 3 bits; disguised, 1 bit |
//! | varint | concept as its place in the list of concepts plus one, or 0 |
//! | varint | twice the place of the word among those that are kept elsewhere; or twice the number of symbols, plus one |
//! | … | symbols, where they follow |
//!
//! Most words are kept elsewhere: names that differ in them alone have the same bytes. Spans are not kept, and forms are
//! not either: [`crate::text::symbols::decode`] spells them from the symbols. The concepts hold for one
//! [`super::version`] of the tables; who keeps bytes keeps that beside them.

use std::ops::Range;

use super::{Name, NamePart, PartRole, concept_index, concepts};
use crate::model::Kind;
use crate::text::{Script, Symbols, symbols};

/// Counts up whenever the meaning of the bytes changes.
pub const VERSION: u8 = 2;

/// The most parts that are written; names are never near it.
const MOST_PARTS: usize = 4096;

/// No part has a place in a text that is not there.
const NO_SPAN: Range<usize> = 0..0;

/// Appends a name to bytes. Parts beyond the 4096th are left out. `kept` tells the place of a word that is kept
/// elsewhere; it is asked for each part once, in order.
pub fn encode(name: &Name, kept: &mut dyn FnMut(&NamePart) -> Option<usize>, bytes: &mut Vec<u8>) {
    let parts = &name.parts[..name.parts.len().min(MOST_PARTS)];
    bytes.push(VERSION);
    bytes.push(name.kind.code());
    // Above 0, so that no reading becomes impossible.
    bytes.push((name.weight.clamp(0.0, 1.0) * 255.0).round().max(1.0) as u8);
    put(parts.len(), bytes);
    for part in parts {
        bytes.push(part.role.code() | part.script.number() << 4 | u8::from(part.disguised) << 7);
        put(part.concept.and_then(concept_index).map_or(0, |index| index + 1), bytes);
        match kept(part) {
            Some(place) => put(place << 1, bytes),
            None => {
                put(part.symbols.len() << 1 | 1, bytes);
                bytes.extend_from_slice(&part.symbols);
            }
        }
    }
}

/// Reads one name from the start of bytes and moves them behind it. `None` for bytes that [`encode`] did not write,
/// or wrote under another version; the bytes are then where they were. `kept` are the words that are kept elsewhere.
/// Spans are 0..0.
pub fn decode(bytes: &mut &[u8], kept: &[Symbols]) -> Option<Name> {
    let mut rest = *bytes;
    let name = name(&mut rest, kept)?;
    *bytes = rest;
    Some(name)
}

/// How many parts the name at the start of bytes has, at most 127, without reading them; 0 for other bytes.
pub fn part_count(bytes: &[u8]) -> usize {
    match bytes {
        [VERSION, _, _, count, ..] => usize::from(count & 0x7F),
        _ => 0,
    }
}

fn name(bytes: &mut &[u8], kept: &[Symbols]) -> Option<Name> {
    if byte(bytes)? != VERSION {
        return None;
    }
    let kind = Kind::from_code(byte(bytes)?)?;
    let weight = match byte(bytes)? {
        0 => return None,
        weight => f32::from(weight) / 255.0,
    };
    let count = take(bytes)?;
    // Three bytes a part at least: damaged counts must not reserve memory.
    if count == 0 || count > MOST_PARTS || count > bytes.len() / 3 {
        return None;
    }
    let parts = (0..count).map(|_| part(bytes, kept)).collect::<Option<Vec<_>>>()?;
    Some(Name { kind, weight, parts })
}

fn part(bytes: &mut &[u8], kept: &[Symbols]) -> Option<NamePart> {
    let head = byte(bytes)?;
    let role = PartRole::from_code(head & 0xF)?;
    let script = Script::from_number(head >> 4 & 0x7)?;
    let concept = match take(bytes)? {
        0 => None,
        place => Some(*concepts().get(place - 1)?),
    };
    let length = take(bytes)?;
    let symbols = if length & 1 == 0 {
        kept.get(length >> 1)?
    } else {
        let (symbols, rest) = bytes.split_at_checked(length >> 1)?;
        *bytes = rest;
        symbols
    };
    if symbols.is_empty() {
        return None;
    }
    let form = symbols::decode(script, symbols);
    Some(NamePart { span: NO_SPAN, role, script, form, symbols: symbols.into(), concept, disguised: head >> 7 == 1 })
}

fn byte(bytes: &mut &[u8]) -> Option<u8> {
    let (first, rest) = bytes.split_first()?;
    *bytes = rest;
    Some(*first)
}

fn put(mut number: usize, bytes: &mut Vec<u8>) {
    while number >= 0x80 {
        bytes.push(number as u8 | 0x80);
        number >>= 7;
    }
    bytes.push(number as u8);
}

fn take(bytes: &mut &[u8]) -> Option<usize> {
    let mut number = 0_usize;
    for shift in (0..28).step_by(7) {
        let next = byte(bytes)?;
        number |= usize::from(next & 0x7F) << shift;
        if next < 0x80 {
            return Some(number);
        }
    }
    None
}
