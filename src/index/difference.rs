use std::cmp::Ordering;
use std::iter::Peekable;

use super::{Index, RecordOrd};

/// Records in which two indexes may differ, ordered by id: those that only one has, and those that both have, but not
/// in a segment of both. Segments that both have are not read but for what one of the two has deleted.
pub fn differing<'a>(
    left: &'a Index,
    right: &'a Index,
) -> impl Iterator<Item = (Option<RecordOrd>, Option<RecordOrd>)> + 'a {
    let (mut one, mut other) = (Own::new(left, right), Own::new(right, left));
    std::iter::from_fn(move || {
        let order = match (one.peek(), other.peek()) {
            (None, None) => return None,
            (Some(_), None) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
            (Some(one), Some(other)) => one.cmp(&other),
        };
        let one = if order.is_le() { one.next() } else { None };
        let other = if order.is_ge() { other.next() } else { None };
        Some((one, other))
    })
}

type Records<'a> = Peekable<Box<dyn Iterator<Item = (String, RecordOrd)> + 'a>>;

/// The records of an index that are not the same ones of another, ordered by id: each segment is.
struct Own<'a>(Vec<Records<'a>>);

impl<'a> Own<'a> {
    fn new(index: &'a Index, other: &'a Index) -> Own<'a> {
        let segments = index.segments.iter().zip(&index.places).enumerate();
        let records = segments.map(|(number, (segment, place))| {
            let shared = other.segments.iter().position(|one| one.entry == segment.entry);
            let is_own = move |own: &u32| {
                let deleted =
                    |index: &Index, number| index.deleted(number).is_some_and(|deleted| deleted.records.has(*own));
                !deleted(index, number) && shared.is_none_or(|shared| deleted(other, shared))
            };
            let records = (0..segment.records.count()).filter(is_own);
            let records = records.filter_map(|own| Some((segment.records.id(own)?, RecordOrd(own + place.record))));
            (Box::new(records) as Box<dyn Iterator<Item = _>>).peekable()
        });
        Own(records.collect())
    }

    /// The segment whose turn it is.
    fn turn(&mut self) -> Option<usize> {
        let heads = self.0.iter_mut().enumerate().filter_map(|(number, records)| Some((records.peek()?, number)));
        heads.min().map(|(_, number)| number)
    }

    fn peek(&mut self) -> Option<String> {
        let turn = self.turn()?;
        self.0[turn].peek().map(|(id, _)| id.clone())
    }

    fn next(&mut self) -> Option<RecordOrd> {
        let turn = self.turn()?;
        self.0[turn].next().map(|(_, record)| record)
    }
}
