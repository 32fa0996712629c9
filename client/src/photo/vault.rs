//! Where photos lie on the device: one encrypted file each, named by its digest.
//!
//! A file under its final name is always whole: it is written beside it, flushed, then renamed.
//! Names and errors say nothing about people. What refers to a photo, and when it may go, is not
//! known here.

use std::{
    ffi::OsStr,
    fmt,
    fs::{self, File, OpenOptions},
    io::{self, Write as _},
    path::{Path, PathBuf},
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use chacha20poly1305::{
    KeyInit as _, XChaCha20Poly1305, XNonce,
    aead::{Aead as _, Payload},
};
use shared::{Digest, Timestamp};
use zeroize::Zeroizing;

use super::digest_of;

/// First bytes of each file: what it is, and how it is written.
const HEADER: &[u8; 4] = b"GWP1";
const NONCE_LEN: usize = 24;
const TEMP_ENDING: &str = "tmp";
const PART_ENDING: &str = "part";

/// Why a photo could not be kept, read or removed.
#[derive(Debug, thiserror::Error)]
pub enum VaultError {
    /// There is no such file.
    #[error("the photo is not on this device")]
    Missing,
    /// The file is not what was put, or the key is another one.
    #[error("the stored photo is damaged")]
    Damaged,
    /// The bytes to put have another digest. Nothing was written.
    #[error("the photo does not match its digest")]
    WrongDigest,
    /// No room. Nothing was left behind.
    #[error("the disk is full")]
    DiskFull,
    /// Anything else the file system says.
    #[error("the photo storage failed")]
    Io(#[source] io::Error),
}

impl From<io::Error> for VaultError {
    fn from(error: io::Error) -> Self {
        use io::ErrorKind::{FileTooLarge, NotFound, QuotaExceeded, StorageFull};
        match error.kind() {
            NotFound => Self::Missing,
            StorageFull | QuotaExceeded | FileTooLarge => Self::DiskFull,
            _ => Self::Io(error),
        }
    }
}

/// The encrypted photo files of this device.
pub struct Vault {
    dir: PathBuf,
    key: Zeroizing<[u8; 32]>,
}

impl fmt::Debug for Vault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Vault").finish_non_exhaustive()
    }
}

impl Vault {
    /// Opens the vault in `dir`, which is made if need be.
    pub fn open(dir: PathBuf, key: &[u8; 32]) -> Result<Self, VaultError> {
        make_private_dir(&dir)?;
        Ok(Self {
            dir,
            key: Zeroizing::new(*key),
        })
    }

    /// Keeps `bytes` under their digest. When this returns, they survive a power cut. Putting the
    /// same photo again changes nothing, and mends it if the file was damaged.
    pub fn put(&self, digest: Digest, bytes: &[u8]) -> Result<(), VaultError> {
        if digest_of(bytes) != digest {
            return Err(VaultError::WrongDigest);
        }
        match self.get(digest) {
            Ok(_) => return Ok(()),
            Err(VaultError::Missing | VaultError::Damaged) => {}
            Err(error) => return Err(error),
        }

        self.keep(&self.path(digest), digest.as_bytes(), bytes)
    }

    /// The photo, decrypted and proven to be what was put.
    pub fn get(&self, digest: Digest) -> Result<Vec<u8>, VaultError> {
        self.open_sealed(&self.path(digest), digest.as_bytes())
    }

    /// Whether there is a file for this photo; whether it is sound only [`Vault::get`] knows.
    pub fn contains(&self, digest: Digest) -> bool {
        self.path(digest).is_file()
    }

    /// Removes the photo. Removing one that isn't there is no failure.
    pub fn remove(&self, digest: Digest) -> Result<(), VaultError> {
        match fs::remove_file(self.path(digest)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error.into()),
            _ => Ok(()),
        }
    }

    /// Keeps what has come of a photo from `offset` on, until it is whole. Nothing is proven of it
    /// yet; encrypted it is all the same.
    pub fn put_part(&self, digest: Digest, offset: u64, bytes: &[u8]) -> Result<(), VaultError> {
        self.keep(
            &self.part_path(digest, offset),
            &part_binding(digest, offset),
            bytes,
        )
    }

    /// What has come of a photo, from its beginning without a gap.
    pub fn parts(&self, digest: Digest) -> Result<Vec<u8>, VaultError> {
        let mut come = Vec::new();
        loop {
            let offset = u64::try_from(come.len()).unwrap_or(u64::MAX);
            let binding = part_binding(digest, offset);
            match self.open_sealed(&self.part_path(digest, offset), &binding) {
                Ok(part) if !part.is_empty() => come.extend(part),
                // A damaged piece is fetched again.
                Ok(_) | Err(VaultError::Missing | VaultError::Damaged) => return Ok(come),
                Err(error) => return Err(error),
            }
        }
    }

    /// Removes the pieces of a photo that is whole, or never will be.
    pub fn drop_parts(&self, digest: Digest) -> Result<(), VaultError> {
        let name = digest.to_string();
        let Some(folder) = self.path(digest).parent().map(Path::to_path_buf) else {
            return Ok(());
        };
        let files = match fs::read_dir(folder) {
            Ok(files) => files,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
            Err(error) => return Err(error.into()),
        };
        for file in files {
            let path = file?.path();
            if is_part(&path)
                && path
                    .file_stem()
                    .is_some_and(|stem| starts_with(stem, &name))
            {
                fs::remove_file(path)?;
            }
        }
        Ok(())
    }

    /// Removes pieces nobody added to since then, and says how many.
    pub fn sweep_parts(&self, before: Timestamp) -> Result<usize, VaultError> {
        let before = as_system_time(before);
        let mut swept = 0;
        self.each_file(|path, file| {
            if is_part(path) && file.modified()? < before {
                fs::remove_file(path)?;
                swept += 1;
            }
            Ok(())
        })?;
        Ok(swept)
    }

    /// Bytes of all files in the vault.
    pub fn size_on_disk(&self) -> Result<u64, VaultError> {
        let mut total = 0;
        self.each_file(|_, file| {
            total += file.len();
            Ok(())
        })?;
        Ok(total)
    }

    /// The photos that were put before then, whether they are sound or not.
    pub fn older_than(&self, before: Timestamp) -> Result<Vec<Digest>, VaultError> {
        let before = as_system_time(before);
        let mut old = Vec::new();
        self.each_file(|path, file| {
            if file.modified()? < before {
                let name = path.file_name().and_then(|name| name.to_str());
                old.extend(name.and_then(|name| name.parse::<Digest>().ok()));
            }
            Ok(())
        })?;
        Ok(old)
    }

    /// Removes what a crash in the middle of [`Vault::put`] left behind, and says how many files
    /// that were. To be called at the start, before anything is put.
    pub fn sweep_temp(&self) -> Result<usize, VaultError> {
        let mut swept = 0;
        self.each_file(|path, _| {
            if path.extension().is_some_and(|ending| ending == TEMP_ENDING) {
                fs::remove_file(path)?;
                swept += 1;
            }
            Ok(())
        })?;
        Ok(swept)
    }

    /// Encrypts `bytes` into a file of this name, whole or not at all.
    fn keep(&self, path: &Path, bound_to: &[u8], bytes: &[u8]) -> Result<(), VaultError> {
        let nonce = random::<NONCE_LEN>()?;
        let sealed = self
            .cipher()
            .encrypt(
                &XNonce::from(nonce),
                Payload {
                    msg: bytes,
                    aad: bound_to,
                },
            )
            .map_err(|error| io::Error::other(error.to_string()))?;

        let folder = path.parent().unwrap_or(&self.dir);
        make_private_dir(folder)?;
        let temp = path.with_extension(format!("{}.{TEMP_ENDING}", hex::encode(random::<8>()?)));
        let written = write_whole(&temp, &[HEADER, &nonce, &sealed])
            .inspect(|()| fault::point("client/vault: written beside, not renamed"))
            .and_then(|()| fs::rename(&temp, path))
            .inspect(|()| fault::point("client/vault: renamed, folder not flushed"))
            .and_then(|()| flush_dir(folder))
            .and_then(|()| flush_dir(&self.dir));
        if let Err(error) = written {
            // Best effort: what can't be removed now is swept at the next start.
            drop(fs::remove_file(&temp));
            return Err(error.into());
        }
        Ok(())
    }

    fn open_sealed(&self, path: &Path, bound_to: &[u8]) -> Result<Vec<u8>, VaultError> {
        let file = fs::read(path)?;
        let rest = file.strip_prefix(HEADER).ok_or(VaultError::Damaged)?;
        let (nonce, sealed) = rest
            .split_first_chunk::<NONCE_LEN>()
            .ok_or(VaultError::Damaged)?;
        self.cipher()
            .decrypt(
                &XNonce::from(*nonce),
                Payload {
                    msg: sealed,
                    aad: bound_to,
                },
            )
            .map_err(|_says_nothing| VaultError::Damaged)
    }

    fn cipher(&self) -> XChaCha20Poly1305 {
        XChaCha20Poly1305::new((&*self.key).into())
    }

    /// `ab/abcdef…`: folders stay small with a hundred thousand photos.
    fn path(&self, digest: Digest) -> PathBuf {
        let name = digest.to_string();
        self.dir.join(name.get(..2).unwrap_or_default()).join(name)
    }

    /// Beside the photo's own file: `abcdef….65536.part`.
    fn part_path(&self, digest: Digest, offset: u64) -> PathBuf {
        self.path(digest)
            .with_extension(format!("{offset}.{PART_ENDING}"))
    }

    fn each_file(
        &self,
        mut visit: impl FnMut(&Path, &fs::Metadata) -> io::Result<()>,
    ) -> io::Result<()> {
        for folder in fs::read_dir(&self.dir)? {
            let folder = folder?;
            if !folder.file_type()?.is_dir() {
                continue;
            }
            for file in fs::read_dir(folder.path())? {
                let file = file?;
                visit(&file.path(), &file.metadata()?)?;
            }
        }
        Ok(())
    }
}

/// A piece belongs to its photo and its place, and opens nowhere else.
fn part_binding(digest: Digest, offset: u64) -> Vec<u8> {
    [&digest.as_bytes()[..], &offset.to_be_bytes()].concat()
}

fn is_part(path: &Path) -> bool {
    path.extension().is_some_and(|ending| ending == PART_ENDING)
}

fn starts_with(name: &OsStr, beginning: &str) -> bool {
    name.to_str()
        .is_some_and(|name| name.starts_with(beginning))
}

fn as_system_time(at: Timestamp) -> SystemTime {
    UNIX_EPOCH + Duration::from_millis(u64::try_from(at.as_ms()).unwrap_or(0))
}

fn random<const N: usize>() -> io::Result<[u8; N]> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|error| io::Error::other(error.to_string()))?;
    Ok(bytes)
}

fn write_whole(path: &Path, parts: &[&[u8]]) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    for part in parts {
        file.write_all(part)?;
        fault::point("client/vault: half written");
    }
    file.sync_all()
}

fn make_private_dir(dir: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(dir)
}

/// A rename is durable once its folder is. Windows does that itself and can't open folders.
fn flush_dir(dir: &Path) -> io::Result<()> {
    if cfg!(unix) {
        File::open(dir)?.sync_all()
    } else {
        Ok(())
    }
}
