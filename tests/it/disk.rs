//! A disk under SQLite that fails when it is told to, and that forgets what was not forced to it when the power is cut.
//! It stands behind every database of the process and lets through all that is not in a folder that it was told of.

use std::collections::BTreeMap;
use std::ffi::{CStr, c_char, c_int, c_void};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{LazyLock, Mutex, MutexGuard, Once};

use rusqlite::ffi;

/// Which calls fail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The call of this number, counted from 0, whatever it is.
    Once(u64),
    /// Every call from this number on that writes, makes a file, or asks for room: the disk is full.
    Full(u64),
}

/// What is known of a folder.
#[derive(Default)]
struct Folder {
    calls: u64,
    fault: Option<Fault>,
    failed: bool,
    /// What is on the medium of each file that was forced to it, by name.
    synced: BTreeMap<String, Vec<u8>>,
    /// Files that were deleted, which the medium still has under their names.
    deleted: Vec<String>,
    /// The bug: what is to be forced to the medium is not, and nobody is told.
    lies: bool,
}

struct Open {
    base: *const ffi::sqlite3_io_methods,
    path: PathBuf,
}

#[derive(Default)]
struct World {
    folders: BTreeMap<PathBuf, Folder>,
    /// By the address of the file as SQLite knows it.
    files: BTreeMap<usize, Open>,
}

// The tables of methods live as long as the process.
unsafe impl Send for World {}

static WORLD: LazyLock<Mutex<World>> = LazyLock::new(Mutex::default);

fn world() -> MutexGuard<'static, World> {
    WORLD.lock().unwrap()
}

/// A folder whose databases are on the disk that fails. Connections must be closed before it is dropped.
pub struct Disk(PathBuf);

impl Disk {
    pub fn under(folder: &Path) -> Disk {
        static INSTALLED: Once = Once::new();
        INSTALLED.call_once(install);
        world().folders.insert(folder.to_owned(), Folder::default());
        Disk(folder.to_owned())
    }

    fn with<T>(&self, work: impl FnOnce(&mut Folder) -> T) -> T {
        work(world().folders.get_mut(&self.0).unwrap())
    }

    /// Lets calls fail from now on, counted from here.
    pub fn fail(&self, fault: Fault) {
        self.with(|folder| {
            (folder.calls, folder.fault, folder.failed) = (0, Some(fault), false);
        });
    }

    /// No failure from now on; true if there was one.
    pub fn heal(&self) -> bool {
        self.with(|folder| {
            folder.fault = None;
            folder.failed
        })
    }

    /// Plants the bug.
    pub fn lie(&self) {
        self.with(|folder| folder.lies = true);
    }

    /// What the folder's own sync does: names that are gone are gone from the medium, too. It is no call of SQLite's, so
    /// the disk has to be told.
    pub fn sync_names(&self) {
        let place = self.0.clone();
        self.with(|folder| {
            for name in std::mem::take(&mut folder.deleted) {
                if !place.join(&name).exists() {
                    folder.synced.remove(&name);
                }
            }
        });
    }

    /// What the medium holds now, as files of another folder.
    pub fn cut_power(&self, to: &Path) {
        self.with(|folder| folder.synced.iter().for_each(|(name, bytes)| fs::write(to.join(name), bytes).unwrap()));
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        world().folders.remove(&self.0);
    }
}

/// Puts itself before the disk that SQLite takes by itself.
fn install() {
    // What is registered is never freed, and the functions keep the contracts of those that they stand before.
    unsafe {
        let base = ffi::sqlite3_vfs_find(std::ptr::null());
        let mut own = *base;
        own.pAppData = base.cast();
        own.pNext = std::ptr::null_mut();
        own.zName = c"faulty".as_ptr();
        own.xOpen = Some(open);
        own.xDelete = Some(delete);
        assert_eq!(ffi::sqlite3_vfs_register(Box::into_raw(Box::new(own)), 1), ffi::SQLITE_OK);
    }
}

/// Counts a call; true if it fails.
fn fails(path: &Path, needs_room: bool) -> bool {
    let mut world = world();
    let Some(folder) = path.parent().and_then(|folder| world.folders.get_mut(folder)) else { return false };
    let call = folder.calls;
    folder.calls += 1;
    let fails = match folder.fault {
        Some(Fault::Once(at)) => call == at,
        Some(Fault::Full(from)) => needs_room && call >= from,
        None => false,
    };
    folder.failed |= fails;
    fails
}

unsafe fn path_of(name: *const c_char) -> PathBuf {
    if name.is_null() {
        return PathBuf::new();
    }
    PathBuf::from(unsafe { CStr::from_ptr(name) }.to_string_lossy().into_owned())
}

unsafe extern "C" fn open(
    vfs: *mut ffi::sqlite3_vfs,
    name: *const c_char,
    file: *mut ffi::sqlite3_file,
    flags: c_int,
    out: *mut c_int,
) -> c_int {
    unsafe {
        let path = path_of(name);
        (*file).pMethods = std::ptr::null();
        if fails(&path, !path.exists()) {
            return ffi::SQLITE_CANTOPEN;
        }
        let base: *mut ffi::sqlite3_vfs = (*vfs).pAppData.cast();
        let opened = (*base).xOpen.unwrap()(base, name, file, flags, out);
        let methods = (*file).pMethods;
        if opened == ffi::SQLITE_OK && !methods.is_null() && path.parent().is_some() {
            let mut world = world();
            if path.parent().is_some_and(|folder| world.folders.contains_key(folder)) {
                let mut own = *methods;
                own.xClose = Some(close);
                own.xRead = Some(read);
                own.xWrite = Some(write);
                own.xTruncate = Some(truncate);
                own.xSync = Some(sync);
                own.xFileSize = Some(file_size);
                own.xShmMap = Some(shm_map);
                (*file).pMethods = Box::into_raw(Box::new(own));
                world.files.insert(file as usize, Open { base: methods, path });
            }
        }
        opened
    }
}

unsafe extern "C" fn delete(vfs: *mut ffi::sqlite3_vfs, name: *const c_char, sync: c_int) -> c_int {
    unsafe {
        let path = path_of(name);
        if fails(&path, false) {
            return ffi::SQLITE_IOERR_DELETE;
        }
        if let (Some(folder), Some(name)) = (path.parent(), path.file_name())
            && let Some(folder) = world().folders.get_mut(folder)
        {
            folder.deleted.push(name.to_string_lossy().into_owned());
        }
        let base: *mut ffi::sqlite3_vfs = (*vfs).pAppData.cast();
        (*base).xDelete.unwrap()(base, name, sync)
    }
}

/// The methods that a file had, and where it is.
fn of(file: *mut ffi::sqlite3_file) -> (&'static ffi::sqlite3_io_methods, PathBuf) {
    let world = world();
    let open = &world.files[&(file as usize)];
    (unsafe { &*open.base }, open.path.clone())
}

unsafe extern "C" fn close(file: *mut ffi::sqlite3_file) -> c_int {
    let (base, _) = of(file);
    world().files.remove(&(file as usize));
    unsafe { base.xClose.unwrap()(file) }
}

unsafe extern "C" fn read(file: *mut ffi::sqlite3_file, to: *mut c_void, length: c_int, at: i64) -> c_int {
    let (base, path) = of(file);
    if fails(&path, false) {
        return ffi::SQLITE_IOERR_READ;
    }
    unsafe { base.xRead.unwrap()(file, to, length, at) }
}

unsafe extern "C" fn write(file: *mut ffi::sqlite3_file, from: *const c_void, length: c_int, at: i64) -> c_int {
    let (base, path) = of(file);
    if fails(&path, true) {
        // Half of it is there.
        unsafe { base.xWrite.unwrap()(file, from, length / 2, at) };
        return ffi::SQLITE_FULL;
    }
    unsafe { base.xWrite.unwrap()(file, from, length, at) }
}

unsafe extern "C" fn truncate(file: *mut ffi::sqlite3_file, length: i64) -> c_int {
    let (base, path) = of(file);
    if fails(&path, false) {
        return ffi::SQLITE_IOERR_TRUNCATE;
    }
    unsafe { base.xTruncate.unwrap()(file, length) }
}

unsafe extern "C" fn sync(file: *mut ffi::sqlite3_file, flags: c_int) -> c_int {
    let (base, path) = of(file);
    if fails(&path, true) {
        return ffi::SQLITE_IOERR_FSYNC;
    }
    let synced = unsafe { base.xSync.unwrap()(file, flags) };
    let mut world = world();
    if let Some(folder) = path.parent().and_then(|folder| world.folders.get_mut(folder))
        && !folder.lies
        && synced == ffi::SQLITE_OK
    {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        folder.synced.insert(name, fs::read(&path).unwrap());
    }
    synced
}

unsafe extern "C" fn file_size(file: *mut ffi::sqlite3_file, size: *mut i64) -> c_int {
    let (base, path) = of(file);
    if fails(&path, false) {
        return ffi::SQLITE_IOERR_FSTAT;
    }
    unsafe { base.xFileSize.unwrap()(file, size) }
}

unsafe extern "C" fn shm_map(
    file: *mut ffi::sqlite3_file,
    page: c_int,
    size: c_int,
    extend: c_int,
    at: *mut *mut c_void,
) -> c_int {
    let (base, path) = of(file);
    if fails(&path, extend != 0) {
        return ffi::SQLITE_IOERR_SHMMAP;
    }
    unsafe { base.xShmMap.unwrap()(file, page, size, extend, at) }
}
