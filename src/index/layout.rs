//! Numbers in files: little-endian, read with a bounds check, and the kinds of files.

use crate::storage::Tag;

use super::Lane;

/// Version of the layout of all files of an index.
pub(super) const FORMAT: u32 = 3;

/// Names, records and rows of terms lie in blocks of so many: what finds a block is stored once for all of them.
pub(super) const BLOCK: u32 = 16;

pub(super) const MANIFEST: Tag = Tag::new("manifest");
pub(super) const NAMES: Tag = Tag::new("names");
pub(super) const PAYLOADS: Tag = Tag::new("payloads");
pub(super) const TEXTS: Tag = Tag::new("texts");
pub(super) const RECORDS: Tag = Tag::new("records");
pub(super) const IDS: Tag = Tag::new("ids");
pub(super) const DELETED: Tag = Tag::new("deleted");

/// The kinds of the dictionary and of the postings of a lane.
pub(super) fn lane_tags(lane: Lane) -> [Tag; 2] {
    [lane_tag(b"terms-", lane), lane_tag(b"posts-", lane)]
}

/// The kinds of the dictionary of a lane over all segments, and of what leads from it to theirs.
pub(super) fn overlay_tags(lane: Lane) -> [Tag; 2] {
    [lane_tag(b"union-", lane), lane_tag(b"links-", lane)]
}

fn lane_tag(word: &[u8; 6], lane: Lane) -> Tag {
    let [a, b, c, d, e, dash] = *word;
    Tag::from_bytes([a, b, c, d, e, dash, b'0' + lane.0 / 10 % 10, b'0' + lane.0 % 10])
}

/// The number at a byte; `None` if the bytes end before.
pub(super) fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    bytes.get(at..)?.first_chunk().map(|chunk| u32::from_le_bytes(*chunk))
}

/// The number at a byte; `None` if the bytes end before.
pub(super) fn u64_at(bytes: &[u8], at: usize) -> Option<u64> {
    bytes.get(at..)?.first_chunk().map(|chunk| u64::from_le_bytes(*chunk))
}

/// The bytes between two offsets; `None` if they do not lie within.
pub(super) fn between(bytes: &[u8], start: u64, end: u64) -> Option<&[u8]> {
    bytes.get(usize::try_from(start).ok()?..usize::try_from(end).ok()?)
}

/// Appends a number in 7-bit groups, lowest first, the high bit saying that another follows: 1 to 10 bytes.
pub(super) fn put_varint(bytes: &mut Vec<u8>, mut number: u64) {
    while number >= 0x80 {
        bytes.push(number as u8 | 0x80);
        number >>= 7;
    }
    bytes.push(number as u8);
}

/// Takes a number of [`put_varint`] from the front; `None` if the bytes end within it or it needs over 63 bits.
#[inline]
pub(super) fn take_varint(bytes: &mut &[u8]) -> Option<u64> {
    let (first, rest) = bytes.split_first()?;
    if *first < 0x80 {
        *bytes = rest;
        return Some(u64::from(*first));
    }
    let mut number = u64::from(first & 0x7f);
    for (at, byte) in rest.iter().take(8).enumerate() {
        number |= u64::from(byte & 0x7f) << (7 * (at + 1));
        if *byte < 0x80 {
            *bytes = &rest[at + 1..];
            return Some(number);
        }
    }
    None
}

/// The same as [`take_varint`], for numbers of one or two bytes as often as not: where nothing foretells which, reading both
/// is faster than guessing.
#[inline]
pub(super) fn take_short_varint(bytes: &mut &[u8]) -> Option<u64> {
    if let Some(([first, second], _)) = bytes.split_first_chunk() {
        let goes_on = first >> 7;
        if goes_on & second >> 7 == 0 {
            *bytes = &bytes[usize::from(1 + goes_on)..];
            return Some(u64::from(first & 0x7f) | u64::from(second * goes_on) << 7);
        }
    }
    take_varint(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn numbers_are_read_as_written_and_short_ones_both_ways(
            numbers in prop::collection::vec(prop_oneof![0u64..0x8000, 0u64..1 << 63], 0..20),
            behind in prop::collection::vec(any::<u8>(), 0..12),
        ) {
            let mut bytes = Vec::new();
            numbers.iter().for_each(|number| put_varint(&mut bytes, *number));
            bytes.extend(&behind);
            let (mut one, mut other) = (&bytes[..], &bytes[..]);
            for number in numbers {
                prop_assert_eq!(take_varint(&mut one), Some(number));
                prop_assert_eq!(take_short_varint(&mut other), Some(number));
            }
            // Behind them, whatever it is.
            while !one.is_empty() {
                let read = take_varint(&mut one);
                prop_assert_eq!(take_short_varint(&mut other), read);
                prop_assert_eq!(one, other);
                if read.is_none() {
                    break;
                }
            }
        }
    }
}
