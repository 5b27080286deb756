use std::fmt;
use std::ops::{Deref, Range};
use std::sync::Arc;

use memmap2::Mmap;

/// Bytes of a file, shared and unchangeable: a mapping or memory. A clone or a slice costs one reference count.
#[derive(Clone)]
pub struct Bytes {
    owner: Owner,
    /// Invariant: `range.start <= range.end <= owner.len()`.
    range: Range<usize>,
}

#[derive(Clone)]
enum Owner {
    Mapped(Arc<Mmap>),
    Memory(Arc<Vec<u8>>),
}

impl Bytes {
    pub(super) fn mapped(map: Mmap) -> Bytes {
        let range = 0..map.len();
        Bytes { owner: Owner::Mapped(Arc::new(map)), range }
    }

    /// A part, `None` if the range does not lie within.
    pub fn slice(&self, range: Range<usize>) -> Option<Bytes> {
        self.get(range.clone())?;
        let start = self.range.start;
        Some(Bytes { owner: self.owner.clone(), range: start + range.start..start + range.end })
    }

    /// Asks the system to read the mapped pages ahead. A hint: nothing happens for memory, and no error is reported.
    pub fn will_need(&self) {
        #[cfg(unix)]
        if let Owner::Mapped(map) = &self.owner {
            // Without read-ahead the pages are read when touched: slower, not wrong.
            let _ = map.advise_range(memmap2::Advice::WillNeed, self.range.start, self.range.len());
        }
    }
}

impl Default for Bytes {
    /// No bytes.
    fn default() -> Bytes {
        Bytes::from(Vec::new())
    }
}

impl From<Vec<u8>> for Bytes {
    fn from(bytes: Vec<u8>) -> Bytes {
        Bytes::from(Arc::new(bytes))
    }
}

impl From<Arc<Vec<u8>>> for Bytes {
    fn from(bytes: Arc<Vec<u8>>) -> Bytes {
        let range = 0..bytes.len();
        Bytes { owner: Owner::Memory(bytes), range }
    }
}

impl AsRef<[u8]> for Bytes {
    #[inline]
    fn as_ref(&self) -> &[u8] {
        let all: &[u8] = match &self.owner {
            Owner::Mapped(map) => map,
            Owner::Memory(bytes) => bytes,
        };
        all.get(self.range.clone()).unwrap_or_default()
    }
}

impl Deref for Bytes {
    type Target = [u8];

    #[inline]
    fn deref(&self) -> &[u8] {
        self.as_ref()
    }
}

impl fmt::Debug for Bytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Bytes({} bytes)", self.range.len())
    }
}
