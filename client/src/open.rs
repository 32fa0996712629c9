//! Opening: whatever state the folder is in, something usable comes out, and nothing that was
//! there is lost.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use shared::{DeviceId, Timestamp, ipc::Problem};

use crate::{
    clock::random,
    error::Result,
    fold,
    keys::{Key, Keys, KeysError},
    photo::Vault,
    salvage, set_aside,
    store::{OpenError, Store, device, files_of},
};

const DATABASE: &str = "device.db";
const PHOTOS: &str = "photos";

/// What opening found.
pub(crate) struct Opened {
    /// The database and the photos, if they can be used.
    pub(crate) data: Option<(Store, Vault)>,
    /// What the person must know.
    pub(crate) problem: Option<Problem>,
}

impl From<Problem> for Opened {
    fn from(problem: Problem) -> Self {
        Self {
            data: None,
            problem: Some(problem),
        }
    }
}

/// The path of the database in the folder.
pub(crate) fn database_in(dir: &Path) -> PathBuf {
    dir.join(DATABASE)
}

/// Opens what is in `dir`, or begins it.
pub(crate) fn open(dir: &Path, keys: &dyn Keys, now: Timestamp) -> Opened {
    if let Err(error) = make_private_dir(dir) {
        tracing::error!(kind = ?error.kind(), "the data folder can't be made");
        return Problem::Unwritable.into();
    }
    let path = database_in(dir);
    let exists = files_of(&path)
        .iter()
        .any(|file| file.metadata().is_ok_and(|f| f.len() > 0));
    let key = match keys.load() {
        Ok(Some(key)) => key,
        Ok(None) if exists => return Problem::KeyMissing.into(),
        Err(error) if exists || !matches!(error, KeysError::Keystore(_)) => {
            let cause = std::error::Error::source(&error);
            tracing::error!(%error, cause, "the key can't be had");
            return Problem::KeyMissing.into();
        }
        // Also when whoever has the key is silent: nothing needs that key, for the app died after
        // the key was made and before the database was.
        Ok(None) | Err(_) => match keys.create() {
            Ok(key) => key,
            Err(error) => {
                tracing::error!(%error, "the key can't be made");
                return Problem::Unwritable.into();
            }
        },
    };

    // The folder of the photos is made after the database: where it is, there was one.
    let is_empty = path.metadata().map_or(0, |file| file.len()) == 0;
    let is_gone = is_empty && dir.join(PHOTOS).is_dir();
    let opened = if is_gone {
        tracing::error!("the database is empty or gone");
        stand_in(&path)
    } else {
        Store::open(&path, &key)
    };
    let store = match opened {
        Ok(store) => store,
        Err(OpenError::Newer { .. }) => return Problem::Newer.into(),
        Err(OpenError::Damaged) => match begin_anew(dir, &path, &key, now) {
            Ok(store) => store,
            Err(()) => return Problem::Unwritable.into(),
        },
        Err(OpenError::Unwritable(_)) => {
            tracing::error!("the database can't be opened here");
            return Problem::Unwritable.into();
        }
    };
    match prepare(dir, &store, &key, now) {
        Ok(vault) => Opened {
            data: Some((store, vault)),
            problem: set_aside::told_next(dir),
        },
        Err(error) => {
            tracing::error!(%error, "the folder can't be used");
            Problem::Unwritable.into()
        }
    }
}

fn prepare(dir: &Path, store: &Store, key: &Key, now: Timestamp) -> Result<Vault> {
    let id = DeviceId::new(now, random()?);
    store.write(|tx| device::begin(tx, id))?;
    store.write(fold::refold_if_outdated)?;
    let vault = Vault::open(dir.join(PHOTOS), key.as_bytes())?;
    let swept = vault.sweep_temp()?;
    if swept > 0 {
        tracing::info!(
            swept,
            "half-written photo files of an interrupted run were removed"
        );
    }
    if let Err(error) = salvage::bring_all(dir, DATABASE, store, key, &vault) {
        // Tried again at the next start; work can go on meanwhile.
        tracing::error!(%error, "what was set aside could not be looked into");
    }
    Ok(vault)
}

/// An empty file for a database that is gone, so that something can be set aside and told of.
fn stand_in(path: &Path) -> Result<Store, OpenError> {
    if let Err(error) = fs::OpenOptions::new().append(true).create(true).open(path) {
        tracing::error!(kind = ?error.kind(), "nothing can be made in the data folder");
    }
    Err(OpenError::Damaged)
}

/// Moves the damaged database away, whole, and begins a new one with the same key.
fn begin_anew(dir: &Path, path: &Path, key: &Key, now: Timestamp) -> Result<Store, ()> {
    set_aside::move_away(dir, &files_of(path), now).map_err(|error| {
        tracing::error!(kind = ?error.kind(), "the damaged database can't be set aside");
    })?;
    Store::open(path, key).map_err(|error| {
        tracing::error!(%error, "no new database could be begun");
    })
}

pub(crate) fn make_private_dir(dir: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(dir)
}
