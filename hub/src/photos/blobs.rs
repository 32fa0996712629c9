//! The folder of photos: `blobs/aa/<digest>` for whole ones, `blobs/part/<digest>` for those on
//! their way. Names are digests, so nothing a device says becomes a path.

use std::{
    io::{self, SeekFrom},
    path::{Path, PathBuf},
};

use sha2::{Digest as _, Sha256};
use shared::Digest;
use tokio::{
    fs::{self, File, OpenOptions},
    io::{AsyncReadExt as _, AsyncSeekExt as _, AsyncWriteExt as _},
};

/// The folder.
#[derive(Debug)]
pub struct Blobs {
    root: PathBuf,
}

/// A file on its way, open for appending.
#[derive(Debug)]
pub(super) struct Part {
    file: File,
}

impl Blobs {
    /// The folder at `root`; made when it is missing. Blocks.
    pub fn open(root: PathBuf) -> io::Result<Self> {
        std::fs::create_dir_all(root.join("part"))?;
        Ok(Self { root })
    }

    /// Whether the whole photo is here.
    pub async fn has(&self, digest: Digest) -> io::Result<bool> {
        fs::try_exists(self.path(digest)).await
    }

    /// The whole photo, open at `offset`.
    pub async fn read(&self, digest: Digest, offset: u64) -> io::Result<File> {
        let mut file = File::open(self.path(digest)).await?;
        file.seek(SeekFrom::Start(offset)).await?;
        Ok(file)
    }

    pub(super) async fn part_len(&self, digest: Digest) -> io::Result<u64> {
        match fs::metadata(self.part(digest)).await {
            Ok(metadata) => Ok(metadata.len()),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(0),
            Err(error) => Err(error),
        }
    }

    /// Opens the part at `offset`; bytes beyond it were never acknowledged and go.
    pub(super) async fn open_part(&self, digest: Digest, offset: u64) -> io::Result<Part> {
        let mut file = OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(false)
            .open(self.part(digest))
            .await?;
        if file.metadata().await?.len() > offset {
            file.set_len(offset).await?;
        }
        file.seek(SeekFrom::Start(offset)).await?;
        Ok(Part { file })
    }

    pub(super) async fn digest_of_part(&self, digest: Digest) -> io::Result<Digest> {
        let mut file = File::open(self.part(digest)).await?;
        let mut hasher = Sha256::new();
        let mut buffer = vec![0; 64 * 1024];
        loop {
            let count = file.read(&mut buffer).await?;
            let Some(bytes) = buffer.get(..count).filter(|bytes| !bytes.is_empty()) else {
                return Ok(Digest::from_bytes(hasher.finalize().into()));
            };
            hasher.update(bytes);
        }
    }

    /// The part is whole and verified: gives it its name, for good.
    pub(super) async fn keep(&self, digest: Digest) -> io::Result<()> {
        let path = self.path(digest);
        let folder = path.parent().unwrap_or(&self.root).to_owned();
        fs::create_dir_all(&folder).await?;
        fs::rename(self.part(digest), &path).await?;
        // A rename survives a power cut once its folders do.
        sync_folder(&folder).await?;
        sync_folder(&self.root).await
    }

    pub(super) async fn remove_part(&self, digest: Digest) -> io::Result<()> {
        match fs::remove_file(self.part(digest)).await {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            Ok(()) | Err(_) => Ok(()),
        }
    }

    fn path(&self, digest: Digest) -> PathBuf {
        let name = digest.to_string();
        let folder = name.get(..2).unwrap_or_default();
        self.root.join(folder).join(&name)
    }

    fn part(&self, digest: Digest) -> PathBuf {
        self.root.join("part").join(digest.to_string())
    }
}

impl Part {
    pub(super) async fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.file.write_all(bytes).await
    }

    pub(super) async fn flush(&mut self) -> io::Result<()> {
        self.file.flush().await
    }

    pub(super) async fn sync(&mut self) -> io::Result<()> {
        self.file.sync_all().await
    }
}

async fn sync_folder(folder: &Path) -> io::Result<()> {
    File::open(folder).await?.sync_all().await
}
