use std::ops::Index;

/// Elements in the order in which they came, in chunks: growing neither moves what is there nor needs room for it twice.
///
/// Elements have places. Those that are added one by one stand at 0, 1, 2 …; those that are added together lie in a row,
/// for which places may be left out. Places increase.
pub(super) struct Chunks<T> {
    chunks: Vec<Vec<T>>,
    count: usize,
}

/// The elements of a chunk: a power of two, so large that few chunks are enough. More lie in one where more are added
/// together; the next chunks are then empty.
const CHUNK: usize = 1 << 18;

impl<T> Default for Chunks<T> {
    fn default() -> Chunks<T> {
        Chunks { chunks: Vec::new(), count: 0 }
    }
}

impl<T: Copy> Chunks<T> {
    /// How many elements there are.
    pub(super) fn len(&self) -> usize {
        self.count
    }

    /// The elements in order.
    pub(super) fn iter(&self) -> impl Iterator<Item = &T> {
        self.chunks.iter().flatten()
    }

    /// Makes sure that so many further elements will lie in a row; returns the place of the first.
    #[inline]
    pub(super) fn begin(&mut self, elements: usize) -> u64 {
        match self.chunks.last() {
            // The first chunk grows as it must: most changes of an index are small.
            None => self.chunks.push(Vec::with_capacity(elements)),
            Some(last) if last.len() < CHUNK && last.len() + elements <= CHUNK => {}
            Some(last) => {
                let long = last.len().div_ceil(CHUNK).saturating_sub(1);
                self.chunks.extend((0..long).map(|_| Vec::new()));
                self.chunks.push(Vec::with_capacity(elements.max(CHUNK)));
            }
        }
        let chunk = self.chunks.len() - 1;
        (chunk * CHUNK + self.chunks[chunk].len()) as u64
    }

    /// Adds an element; returns its place.
    #[inline]
    pub(super) fn push(&mut self, element: T) -> u64 {
        let place = self.begin(1);
        self.add(&[element]);
        place
    }

    /// Adds elements behind the last one, of those that [`Chunks::begin`] has announced.
    #[inline]
    pub(super) fn add(&mut self, elements: &[T]) {
        if let Some(last) = self.chunks.last_mut() {
            last.extend_from_slice(elements);
            self.count += elements.len();
        }
    }

    /// So many elements from a place on, which were added together.
    #[inline]
    pub(super) fn row(&self, place: u64, elements: usize) -> &[T] {
        let start = place as usize % CHUNK;
        &self.chunks[place as usize / CHUNK][start..start + elements]
    }

    /// The elements from a place on, as far as they lie in a row: those that were added together at least.
    #[inline]
    pub(super) fn from(&self, place: u64) -> &[T] {
        &self.chunks[place as usize / CHUNK][place as usize % CHUNK..]
    }

    /// The elements in order, to be changed.
    pub(super) fn iter_mut(&mut self) -> impl Iterator<Item = &mut T> {
        self.chunks.iter_mut().flatten()
    }

    /// The elements from a place to the next one that is known, which were added together; without a next place, to
    /// the last element.
    #[inline]
    pub(super) fn between(&self, place: u64, next: Option<u64>) -> &[T] {
        let (place, chunk) = (place as usize, place as usize / CHUNK);
        let elements = &self.chunks[chunk];
        match next.map(|next| next as usize).filter(|next| next / CHUNK == chunk) {
            Some(next) => &elements[place % CHUNK..next % CHUNK],
            None => &elements[place % CHUNK..],
        }
    }

    /// The element at a place, if there is one.
    #[inline]
    pub(super) fn get(&self, place: usize) -> Option<&T> {
        self.chunks.get(place / CHUNK)?.get(place % CHUNK)
    }
}

impl<T> Index<usize> for Chunks<T> {
    type Output = T;

    #[inline]
    fn index(&self, place: usize) -> &T {
        &self.chunks[place / CHUNK][place % CHUNK]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn single_elements_are_numbered_through() {
        let mut chunks = Chunks::default();
        let count = 2 * CHUNK + 5;
        for number in 0..count {
            assert_eq!(chunks.push(number), number as u64);
        }
        assert_eq!(chunks.len(), count);
        assert!((0..count).all(|number| chunks[number] == number && chunks.get(number) == Some(&number)));
        assert!(chunks.get(count).is_none());
        assert!(chunks.iter().copied().eq(0..count));
        chunks.iter_mut().for_each(|number| *number += 1);
        assert!(chunks.iter().copied().eq(1..=count));
    }

    #[test]
    fn what_is_added_together_lies_in_a_row() {
        let mut chunks = Chunks::default();
        let lengths = [0, 3, CHUNK - 1, 2, 2 * CHUNK + 1, 1, CHUNK, 0, 7];
        let rows: Vec<Vec<usize>> =
            lengths.iter().map(|length| (0..*length).map(|own| own ^ length).collect()).collect();
        let places: Vec<u64> = rows
            .iter()
            .map(|row| {
                let place = chunks.begin(row.len());
                row.chunks(1000).for_each(|part| chunks.add(part));
                place
            })
            .collect();
        for (at, row) in rows.iter().enumerate() {
            assert_eq!(chunks.row(places[at], row.len()), &row[..]);
            assert!(row.is_empty() || chunks.from(places[at]).starts_with(row), "{at}");
            assert_eq!(chunks.between(places[at], places.get(at + 1).copied()), &row[..], "{at}");
        }
        assert_eq!(chunks.len(), lengths.iter().sum::<usize>());
        assert!(chunks.iter().eq(rows.iter().flatten()));
        assert!(places.is_sorted());
    }
}
