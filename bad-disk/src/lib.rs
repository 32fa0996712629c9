//! A disk that fails on purpose, under `SQLite`: for tests. What is opened in a watched folder goes
//! through a layer ([`vfs`]) between `SQLite` and the operating system, which counts what changes the
//! disk, fails at a chosen count, and remembers what was not synced yet. The programs under test
//! know nothing of it: the layer becomes the default of the whole process, and nothing in them names
//! it.

pub mod damage;
mod image;
mod random;
mod sound;
mod vfs;

use std::{
    collections::BTreeMap,
    fs, io,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use image::{Change, Image};

pub use image::Kept;
pub use sound::{Unsound, is_sound};

/// What goes wrong at the chosen count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// One write, sync, truncation or deletion fails; of a write the first half is done. What a sync
    /// that fails should have kept never reaches the disk.
    Broken,
    /// So do all from there on.
    StaysBroken,
    /// Nothing more can be written from there on; everything else works.
    Full,
    /// The machine or the process dies: nothing works from there on.
    Death,
}

/// The disk under one folder. When it goes, the folder is like any other again.
#[derive(Debug)]
pub struct Disk {
    under: Arc<Under>,
}

#[derive(Debug)]
pub(crate) struct Under {
    folder: PathBuf,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    files: BTreeMap<PathBuf, Image>,
    /// What changed the disk so far, each counted.
    count: u64,
    plan: Option<(Fault, u64)>,
    struck: bool,
    forgets_syncs: bool,
}

/// How something failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Failed {
    Io,
    Full,
}

/// All watched folders of the process.
static DISKS: Mutex<Vec<Arc<Under>>> = Mutex::new(Vec::new());

impl Disk {
    /// Watches what is opened in this folder from now on.
    pub fn under(folder: &Path) -> io::Result<Self> {
        vfs::install();
        let under = Arc::new(Under {
            folder: folder.canonicalize()?,
            state: Mutex::default(),
        });
        lock(&DISKS).push(Arc::clone(&under));
        Ok(Self { under })
    }

    /// How often the disk was changed so far: writes, syncs, truncations, deletions.
    pub fn count(&self) -> u64 {
        lock(&self.under.state).count
    }

    /// The change after the next `after` ones meets the fault.
    pub fn fail(&self, fault: Fault, after: u64) {
        let mut state = lock(&self.under.state);
        state.plan = Some((fault, state.count.saturating_add(after).saturating_add(1)));
        state.struck = false;
    }

    /// Whether the fault was met.
    pub fn struck(&self) -> bool {
        lock(&self.under.state).struck
    }

    /// The disk works again.
    pub fn mend(&self) {
        lock(&self.under.state).plan = None;
    }

    /// From now on syncs do nothing and say that they did: as a database that doesn't ask for any.
    pub fn forget_syncs(&self) {
        lock(&self.under.state).forgets_syncs = true;
    }

    /// Writes into a new folder what is found when the power is back, in the state as of now; files
    /// that were not opened through `SQLite` as they are.
    pub fn leave(&self, kept: Kept, target: &Path) -> io::Result<()> {
        let state = lock(&self.under.state);
        copy_others(&self.under.folder, target, &state.files)?;
        for (path, image) in &state.files {
            let Ok(name) = path.strip_prefix(&self.under.folder) else {
                continue;
            };
            if let Some(bytes) = image.found(kept, name) {
                fs::write(target.join(name), bytes)?;
            }
        }
        drop(state);
        Ok(())
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        lock(&DISKS).retain(|other| !Arc::ptr_eq(other, &self.under));
    }
}

/// The disk a file is on, if it is watched. The index of the log lives in shared memory, and is made
/// anew by whoever comes after a crash.
pub(crate) fn disk_of(path: &Path) -> Option<Arc<Under>> {
    lock(&DISKS)
        .iter()
        .find(|disk| path.starts_with(&disk.folder))
        .map(Arc::clone)
}

impl Under {
    /// A file is opened: whatever is in it now is on the disk.
    pub(crate) fn open(&self, path: &Path) -> Result<(), Failed> {
        let mut state = lock(&self.state);
        state.alive()?;
        if let Some(image) = state.files.get_mut(path) {
            image.open();
        } else {
            let image = Image::of(fs::read(path).ok());
            state.files.insert(path.to_owned(), image);
        }
        drop(state);
        Ok(())
    }

    /// Anything that changes nothing.
    pub(crate) fn alive(&self) -> Result<(), Failed> {
        lock(&self.state).alive()
    }

    /// How many of the bytes are written, and how that ends.
    pub(crate) fn write(&self, path: &Path, at: u64, bytes: &[u8]) -> (usize, Result<(), Failed>) {
        let mut state = lock(&self.state);
        let (written, done) = match state.step(true) {
            Ok(()) => (bytes.len(), Ok(())),
            Err((Fault::Broken | Fault::StaysBroken, how)) => (bytes.len() / 2, Err(how)),
            Err((Fault::Full | Fault::Death, how)) => (0, Err(how)),
        };
        if state.dies_now() {
            // Under way when it happened; how far it got is found out afterwards.
            state.break_off(path, Change::write(at, bytes));
        }
        if let Some(bytes) = bytes.get(..written)
            && !bytes.is_empty()
        {
            state.change(path, Change::write(at, bytes));
        }
        drop(state);
        (written, done)
    }

    pub(crate) fn truncate(&self, path: &Path, length: u64) -> Result<(), Failed> {
        let mut state = lock(&self.state);
        let done = state.step(false).map_err(|(_, how)| how);
        if done.is_ok() {
            state.change(path, Change::Truncate(length));
        } else if state.dies_now() {
            state.break_off(path, Change::Truncate(length));
        }
        done
    }

    pub(crate) fn sync(&self, path: &Path) -> Result<(), Failed> {
        let mut state = lock(&self.state);
        let done = state.step(false);
        let is_dead = state.is_dead();
        if state.forgets_syncs && done.is_ok() {
            return Ok(());
        }
        if let Some(image) = state.files.get_mut(path) {
            match done {
                Ok(()) => image.sync(),
                // The system forgets what it could not write.
                Err(_) if !is_dead => image.lose(),
                Err(_) => {}
            }
        }
        drop(state);
        done.map_err(|(_, how)| how)
    }

    pub(crate) fn delete(&self, path: &Path, for_certain: bool) -> Result<(), Failed> {
        let mut state = lock(&self.state);
        state.step(false).map_err(|(_, how)| how)?;
        if for_certain {
            state.files.remove(path);
        } else if let Some(image) = state.files.get_mut(path) {
            image.delete();
        }
        drop(state);
        Ok(())
    }
}

impl State {
    fn change(&mut self, path: &Path, change: Change) {
        if let Some(image) = self.files.get_mut(path) {
            image.change(change);
        }
    }

    fn break_off(&mut self, path: &Path, change: Change) {
        if let Some(image) = self.files.get_mut(path) {
            image.break_off(change);
        }
    }

    /// Counts a change of the disk; says what it meets.
    fn step(&mut self, writes: bool) -> Result<(), (Fault, Failed)> {
        self.count += 1;
        let Some((fault, at)) = self.plan else {
            return Ok(());
        };
        let met = match fault {
            Fault::Broken => self.count == at,
            Fault::StaysBroken | Fault::Death => self.count >= at,
            Fault::Full => self.count >= at && writes,
        };
        if !met {
            return Ok(());
        }
        self.struck = true;
        let how = if fault == Fault::Full {
            Failed::Full
        } else {
            Failed::Io
        };
        Err((fault, how))
    }

    fn is_dead(&self) -> bool {
        matches!(self.plan, Some((Fault::Death, at)) if self.count >= at)
    }

    /// With the change that was just counted.
    fn dies_now(&self) -> bool {
        self.plan == Some((Fault::Death, self.count))
    }

    fn alive(&self) -> Result<(), Failed> {
        if self.is_dead() {
            return Err(Failed::Io);
        }
        Ok(())
    }
}

/// Everything in the folder but the databases, which have images, and their indexes.
fn copy_others(from: &Path, to: &Path, files: &BTreeMap<PathBuf, Image>) -> io::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let (path, name) = (entry.path(), entry.file_name());
        if entry.file_type()?.is_dir() {
            copy_others(&path, &to.join(name), files)?;
        } else if !files.contains_key(&path) && !path.to_string_lossy().ends_with("-shm") {
            fs::copy(&path, to.join(name))?;
        }
    }
    Ok(())
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
