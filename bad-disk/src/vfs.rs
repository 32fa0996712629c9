//! The layer between `SQLite` and the operating system: `SQLite`'s own way to it, with a look at
//! [`crate::Under`] before each step. `unsafe`, because `SQLite` asks for pointers.
#![expect(unsafe_code, reason = "SQLite's interface to the system is one of C")]

use std::{
    ffi::{CStr, OsStr, c_char, c_int, c_void},
    os::unix::ffi::OsStrExt as _,
    path::{Path, PathBuf},
    ptr, slice,
    sync::{Arc, OnceLock},
};

use rusqlite::ffi::{
    SQLITE_CANTOPEN, SQLITE_FULL, SQLITE_IOERR_DELETE, SQLITE_IOERR_FSTAT, SQLITE_IOERR_FSYNC,
    SQLITE_IOERR_LOCK, SQLITE_IOERR_READ, SQLITE_IOERR_SHMLOCK, SQLITE_IOERR_SHMMAP,
    SQLITE_IOERR_TRUNCATE, SQLITE_IOERR_WRITE, SQLITE_OK, sqlite3_file, sqlite3_initialize,
    sqlite3_io_methods, sqlite3_vfs, sqlite3_vfs_find, sqlite3_vfs_register,
};

use crate::{Failed, Under, disk_of};

const NAME: &CStr = c"bad-disk";

/// A file as `SQLite` sees it; its own of the system follows in the same memory.
#[repr(C)]
struct Shim {
    base: sqlite3_file,
    /// The disk and the path, boxed; null when it is not watched.
    watched: *mut Watched,
}

struct Watched {
    disk: Arc<Under>,
    path: PathBuf,
}

/// `SQLite`'s own way to the system.
struct System(*mut sqlite3_vfs);

// SAFETY: SQLite's ways to the system are made to be called from any thread, and never change.
unsafe impl Send for System {}
// SAFETY: as above.
unsafe impl Sync for System {}

static SYSTEM: OnceLock<System> = OnceLock::new();

/// Puts the layer in front of `SQLite`'s own way, once, for the whole process.
pub(crate) fn install() {
    SYSTEM.get_or_init(|| {
        // SAFETY: may be called any time, by any thread.
        unsafe { sqlite3_initialize() };
        // SAFETY: null asks for the default, which lives as long as the process.
        let system = unsafe { sqlite3_vfs_find(ptr::null()) };
        assert!(!system.is_null(), "SQLite has a way to the system");
        // SAFETY: it was just found.
        let of_system = unsafe { *system };
        let shim = c_int::try_from(size_of::<Shim>()).unwrap_or(c_int::MAX);
        let layer = Box::new(sqlite3_vfs {
            szOsFile: of_system.szOsFile.saturating_add(shim),
            pNext: ptr::null_mut(),
            zName: NAME.as_ptr(),
            xOpen: Some(open),
            xDelete: Some(delete),
            ..of_system
        });
        // SAFETY: the layer is leaked, so it lives as long as the process, as SQLite asks.
        let registered = unsafe { sqlite3_vfs_register(Box::leak(layer), 1) };
        assert_eq!(registered, SQLITE_OK, "SQLite takes the layer");
        System(system)
    });
}

fn system() -> *mut sqlite3_vfs {
    SYSTEM.get().map_or(ptr::null_mut(), |system| system.0)
}

/// The system's own file behind ours.
///
/// # Safety
///
/// `file` is a [`Shim`] made by [`open`].
unsafe fn behind(file: *mut sqlite3_file) -> *mut sqlite3_file {
    // SAFETY: SQLite reserved `szOsFile` bytes, ours and the system's, in one piece.
    unsafe { file.cast::<u8>().add(size_of::<Shim>()).cast() }
}

/// The disk behind a file, if it is watched.
///
/// # Safety
///
/// `file` is a [`Shim`] made by [`open`] and not closed yet.
unsafe fn watched<'a>(file: *mut sqlite3_file) -> Option<&'a Watched> {
    // SAFETY: `open` put a box there, or null, and `close` alone takes it away.
    unsafe { (*file.cast::<Shim>()).watched.as_ref() }
}

/// Calls the system's method of this name on the file behind.
macro_rules! pass {
    ($file:ident . $method:ident ( $($arg:expr),* )) => {{
        // SAFETY: SQLite calls these only on files that `open` opened.
        let behind = unsafe { behind($file) };
        // SAFETY: the system's `xOpen` set the methods, and SQLite keeps to their contract with us.
        match unsafe { (*(*behind).pMethods).$method } {
            // SAFETY: the arguments are SQLite's own.
            Some(method) => unsafe { method(behind $(, $arg)*) },
            None => Default::default(),
        }
    }};
}

/// Returns with the code if the disk is dead.
macro_rules! alive {
    ($file:ident or $code:ident) => {
        // SAFETY: SQLite calls these only on files that `open` opened.
        if let Some(watched) = unsafe { watched($file) }
            && watched.disk.alive().is_err()
        {
            return $code;
        }
    };
}

fn code(how: Failed, io: c_int) -> c_int {
    match how {
        Failed::Io => io,
        Failed::Full => SQLITE_FULL,
    }
}

fn path_of(name: &CStr) -> PathBuf {
    Path::new(OsStr::from_bytes(name.to_bytes())).to_owned()
}

unsafe extern "C" fn open(
    _layer: *mut sqlite3_vfs,
    name: *const c_char,
    file: *mut sqlite3_file,
    flags: c_int,
    out_flags: *mut c_int,
) -> c_int {
    // SAFETY: null for temporary files, else a text that ends with zero.
    let path = (!name.is_null()).then(|| path_of(unsafe { CStr::from_ptr(name) }));
    let disk = path.as_deref().and_then(disk_of);
    if let (Some(disk), Some(path)) = (&disk, &path)
        && disk.open(path).is_err()
    {
        // SAFETY: SQLite's memory for the file; without methods it will not be closed.
        unsafe { (*file).pMethods = ptr::null() };
        return SQLITE_CANTOPEN;
    }
    let watched = disk.zip(path).map_or(ptr::null_mut(), |(disk, path)| {
        Box::into_raw(Box::new(Watched { disk, path }))
    });
    let shim = Shim {
        base: sqlite3_file {
            pMethods: &raw const METHODS,
        },
        watched,
    };
    // SAFETY: SQLite reserved `szOsFile` bytes here, which is more than a shim, for this call.
    unsafe { ptr::write(file.cast(), shim) };
    let system = system();
    // SAFETY: the system's own way, its own memory, and SQLite's own arguments.
    let opened = unsafe {
        let behind = behind(file);
        match (*system).xOpen {
            Some(open) => open(system, name, behind, flags, out_flags),
            None => SQLITE_CANTOPEN,
        }
    };
    if opened != SQLITE_OK {
        // SAFETY: as above; the box goes back where it came from, once, as SQLite won't close this.
        unsafe {
            (*file).pMethods = ptr::null();
            if !watched.is_null() {
                drop(Box::from_raw(watched));
            }
        }
    }
    opened
}

unsafe extern "C" fn delete(_layer: *mut sqlite3_vfs, name: *const c_char, sync: c_int) -> c_int {
    // SAFETY: a text that ends with zero.
    let path = path_of(unsafe { CStr::from_ptr(name) });
    if let Some(disk) = disk_of(&path)
        && let Err(how) = disk.delete(&path, sync != 0)
    {
        return code(how, SQLITE_IOERR_DELETE);
    }
    let system = system();
    // SAFETY: the system's own way, with SQLite's own arguments.
    unsafe {
        match (*system).xDelete {
            Some(delete) => delete(system, name, sync),
            None => SQLITE_IOERR_DELETE,
        }
    }
}

unsafe extern "C" fn close(file: *mut sqlite3_file) -> c_int {
    let closed = pass!(file.xClose());
    // SAFETY: `open` made the shim, and nobody uses it after this.
    unsafe {
        let watched = ptr::replace(&raw mut (*file.cast::<Shim>()).watched, ptr::null_mut());
        if !watched.is_null() {
            drop(Box::from_raw(watched));
        }
    }
    closed
}

unsafe extern "C" fn read(file: *mut sqlite3_file, to: *mut c_void, n: c_int, at: i64) -> c_int {
    alive!(file or SQLITE_IOERR_READ);
    pass!(file.xRead(to, n, at))
}

unsafe extern "C" fn write(
    file: *mut sqlite3_file,
    from: *const c_void,
    n: c_int,
    at: i64,
) -> c_int {
    // SAFETY: SQLite calls these only on files that `open` opened.
    let Some(watched) = (unsafe { watched(file) }) else {
        return pass!(file.xWrite(from, n, at));
    };
    let length = usize::try_from(n).unwrap_or(0);
    // SAFETY: SQLite gives `n` bytes.
    let bytes = unsafe { slice::from_raw_parts(from.cast(), length) };
    let at_byte = u64::try_from(at).unwrap_or(0);
    let (written, done) = watched.disk.write(&watched.path, at_byte, bytes);
    if written > 0 {
        let written = c_int::try_from(written).unwrap_or(n);
        let passed = pass!(file.xWrite(from, written, at));
        if passed != SQLITE_OK {
            return passed;
        }
    }
    done.map_or_else(|how| code(how, SQLITE_IOERR_WRITE), |()| SQLITE_OK)
}

unsafe extern "C" fn truncate(file: *mut sqlite3_file, length: i64) -> c_int {
    // SAFETY: SQLite calls these only on files that `open` opened.
    if let Some(watched) = unsafe { watched(file) } {
        let to = u64::try_from(length).unwrap_or(0);
        if let Err(how) = watched.disk.truncate(&watched.path, to) {
            return code(how, SQLITE_IOERR_TRUNCATE);
        }
    }
    pass!(file.xTruncate(length))
}

unsafe extern "C" fn sync(file: *mut sqlite3_file, flags: c_int) -> c_int {
    // SAFETY: SQLite calls these only on files that `open` opened.
    let Some(watched) = (unsafe { watched(file) }) else {
        return pass!(file.xSync(flags));
    };
    // A real sync would only wear out a real disk: what counts is in the image.
    let done = watched.disk.sync(&watched.path);
    done.map_or_else(|how| code(how, SQLITE_IOERR_FSYNC), |()| SQLITE_OK)
}

unsafe extern "C" fn file_size(file: *mut sqlite3_file, size: *mut i64) -> c_int {
    alive!(file or SQLITE_IOERR_FSTAT);
    pass!(file.xFileSize(size))
}

unsafe extern "C" fn lock(file: *mut sqlite3_file, level: c_int) -> c_int {
    alive!(file or SQLITE_IOERR_LOCK);
    pass!(file.xLock(level))
}

unsafe extern "C" fn unlock(file: *mut sqlite3_file, level: c_int) -> c_int {
    pass!(file.xUnlock(level))
}

unsafe extern "C" fn is_reserved(file: *mut sqlite3_file, answer: *mut c_int) -> c_int {
    pass!(file.xCheckReservedLock(answer))
}

unsafe extern "C" fn control(file: *mut sqlite3_file, what: c_int, arg: *mut c_void) -> c_int {
    pass!(file.xFileControl(what, arg))
}

unsafe extern "C" fn sector_size(file: *mut sqlite3_file) -> c_int {
    pass!(file.xSectorSize())
}

unsafe extern "C" fn characteristics(file: *mut sqlite3_file) -> c_int {
    pass!(file.xDeviceCharacteristics())
}

unsafe extern "C" fn shm_map(
    file: *mut sqlite3_file,
    page: c_int,
    size: c_int,
    extend: c_int,
    out: *mut *mut c_void,
) -> c_int {
    alive!(file or SQLITE_IOERR_SHMMAP);
    pass!(file.xShmMap(page, size, extend, out))
}

unsafe extern "C" fn shm_lock(file: *mut sqlite3_file, at: c_int, n: c_int, flags: c_int) -> c_int {
    alive!(file or SQLITE_IOERR_SHMLOCK);
    pass!(file.xShmLock(at, n, flags))
}

unsafe extern "C" fn shm_barrier(file: *mut sqlite3_file) {
    pass!(file.xShmBarrier());
}

unsafe extern "C" fn shm_unmap(file: *mut sqlite3_file, delete: c_int) -> c_int {
    pass!(file.xShmUnmap(delete))
}

/// Without the third version's: what is mapped into memory could not be watched.
static METHODS: sqlite3_io_methods = sqlite3_io_methods {
    iVersion: 2,
    xClose: Some(close),
    xRead: Some(read),
    xWrite: Some(write),
    xTruncate: Some(truncate),
    xSync: Some(sync),
    xFileSize: Some(file_size),
    xLock: Some(lock),
    xUnlock: Some(unlock),
    xCheckReservedLock: Some(is_reserved),
    xFileControl: Some(control),
    xSectorSize: Some(sector_size),
    xDeviceCharacteristics: Some(characteristics),
    xShmMap: Some(shm_map),
    xShmLock: Some(shm_lock),
    xShmBarrier: Some(shm_barrier),
    xShmUnmap: Some(shm_unmap),
    xFetch: None,
    xUnfetch: None,
};
