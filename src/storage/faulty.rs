use std::collections::BTreeMap;
use std::io::{self, Write};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::{Bytes, Directory, Draft, RamDirectory, StorageError};

/// What a crash does to all that was not synced.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unsynced {
    /// It is gone.
    Lost,
    /// It is there.
    Kept,
    /// Each change of a name is there or not, and of each file some first bytes are, as the seed draws.
    Mixed(u64),
}

/// A directory over another that fails when told to, and that knows what a power cut would leave.
///
/// Every call of [`Directory`] and [`Draft`] counts, also each write; a failing write takes half its bytes first.
pub struct FaultyDirectory<D> {
    inner: D,
    state: Arc<Mutex<State>>,
}

#[derive(Default)]
struct State {
    calls: u64,
    fault: Option<Fault>,
    /// Names as of the last sync, and what happened to names since.
    durable: BTreeMap<String, Inode>,
    pending: Vec<Change>,
    names: BTreeMap<String, Inode>,
    contents: Vec<Content>,
}

/// A place in `State::contents`.
type Inode = usize;

#[derive(Clone, Copy)]
struct Fault {
    call: u64,
    kind: io::ErrorKind,
    forever: bool,
}

#[derive(Clone)]
enum Change {
    Create(String, Inode),
    Rename(String, String),
    Delete(String),
}

#[derive(Default)]
struct Content {
    live: Vec<u8>,
    synced: usize,
}

impl<D: Directory> FaultyDirectory<D> {
    /// A directory that does not fail yet. All files that are there are taken as synced.
    ///
    /// # Errors
    /// Whatever the inner directory says.
    pub fn new(inner: D) -> Result<FaultyDirectory<D>, StorageError> {
        let mut state = State::default();
        for name in inner.list()? {
            let live = inner.open(&name)?.to_vec();
            state.names.insert(name, state.contents.len());
            state.contents.push(Content { synced: live.len(), live });
        }
        state.durable = state.names.clone();
        Ok(FaultyDirectory { inner, state: Arc::new(Mutex::new(state)) })
    }

    /// Makes the `call`-th call from now fail, counted from 0, and, if `forever`, all calls after it.
    pub fn fail_at(&self, call: u64, kind: io::ErrorKind, forever: bool) {
        let mut state = lock(&self.state);
        state.fault = Some(Fault { call: state.calls + call, kind, forever });
    }

    /// No failure from now on.
    pub fn heal(&self) {
        lock(&self.state).fault = None;
    }

    /// How many calls there were.
    pub fn calls(&self) -> u64 {
        lock(&self.state).calls
    }

    /// What is on the medium if the power is cut now.
    pub fn crash(&self, unsynced: Unsynced) -> RamDirectory {
        let state = lock(&self.state);
        let mut draw = Draw(if let Unsynced::Mixed(seed) = unsynced { seed } else { 0 });
        let mut names = state.durable.clone();
        for change in &state.pending {
            let kept = match unsynced {
                Unsynced::Lost => false,
                Unsynced::Kept => true,
                Unsynced::Mixed(_) => draw.below(2) == 1,
            };
            if kept {
                change.apply(&mut names);
            }
        }
        let files = names.into_iter().map(|(name, inode)| {
            let content = &state.contents[inode];
            let length = match unsynced {
                Unsynced::Lost => content.synced,
                Unsynced::Kept => content.live.len(),
                Unsynced::Mixed(_) => content.synced + draw.below(content.live.len() - content.synced + 1),
            };
            (name, content.live[..length].to_vec())
        });
        RamDirectory::from(files.collect::<BTreeMap<_, _>>())
    }

    fn call(&self, file: &str, action: &'static str) -> Result<MutexGuard<'_, State>, StorageError> {
        let mut state = lock(&self.state);
        // Not through `StorageError::io`: a file that is there must not look missing.
        match state.call() {
            Ok(()) => Ok(state),
            Err(source) => Err(StorageError::Io { file: file.to_owned(), action, source }),
        }
    }
}

impl State {
    fn call(&mut self) -> io::Result<()> {
        let call = self.calls;
        self.calls += 1;
        match self.fault {
            Some(fault) if call == fault.call || (fault.forever && call > fault.call) => Err(fault.kind.into()),
            _ => Ok(()),
        }
    }

    fn change(&mut self, change: Change) {
        change.apply(&mut self.names);
        self.pending.push(change);
    }
}

impl Change {
    fn apply(&self, names: &mut BTreeMap<String, Inode>) {
        match self {
            Change::Create(name, inode) => {
                names.insert(name.clone(), *inode);
            }
            Change::Rename(from, to) => {
                if let Some(inode) = names.remove(from) {
                    names.insert(to.clone(), inode);
                }
            }
            Change::Delete(name) => {
                names.remove(name);
            }
        }
    }
}

/// Numbers drawn by splitmix64.
struct Draw(u64);

impl Draw {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((mixed ^ (mixed >> 31)) % limit.max(1) as u64) as usize
    }
}

/// A panic while the state is held leaves numbers and maps whole, so poison says nothing.
fn lock(state: &Mutex<State>) -> MutexGuard<'_, State> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}

impl<D: Directory> Directory for FaultyDirectory<D> {
    fn open(&self, name: &str) -> Result<Bytes, StorageError> {
        let _state = self.call(name, "open")?;
        self.inner.open(name)
    }

    fn create(&self, name: &str) -> Result<Box<dyn Draft>, StorageError> {
        let mut state = self.call(name, "create")?;
        let inner = self.inner.create(name)?;
        let inode = state.contents.len();
        state.contents.push(Content::default());
        state.change(Change::Create(name.to_owned(), inode));
        Ok(Box::new(FaultyDraft { inner, inode, state: Arc::clone(&self.state) }))
    }

    fn rename(&self, from: &str, to: &str) -> Result<(), StorageError> {
        let mut state = self.call(to, "rename")?;
        self.inner.rename(from, to)?;
        state.change(Change::Rename(from.to_owned(), to.to_owned()));
        Ok(())
    }

    fn delete(&self, name: &str) -> Result<(), StorageError> {
        let mut state = self.call(name, "delete")?;
        self.inner.delete(name)?;
        state.change(Change::Delete(name.to_owned()));
        Ok(())
    }

    fn list(&self) -> Result<Vec<String>, StorageError> {
        let _state = self.call(".", "list")?;
        self.inner.list()
    }

    fn exists(&self, name: &str) -> Result<bool, StorageError> {
        let _state = self.call(name, "look up")?;
        self.inner.exists(name)
    }

    fn sync(&self) -> Result<(), StorageError> {
        let mut state = self.call(".", "sync")?;
        self.inner.sync()?;
        state.durable = state.names.clone();
        state.pending.clear();
        Ok(())
    }
}

struct FaultyDraft {
    inner: Box<dyn Draft>,
    inode: Inode,
    state: Arc<Mutex<State>>,
}

impl Write for FaultyDraft {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut state = lock(&self.state);
        let called = state.call();
        let taken = if called.is_ok() { bytes } else { &bytes[..bytes.len() / 2] };
        self.inner.write_all(taken)?;
        state.contents[self.inode].live.extend_from_slice(taken);
        called.map(|()| bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Draft for FaultyDraft {
    fn sync(&mut self) -> io::Result<()> {
        let mut state = lock(&self.state);
        state.call()?;
        self.inner.sync()?;
        let content = &mut state.contents[self.inode];
        content.synced = content.live.len();
        Ok(())
    }
}
