//! The folder of photos: `aa/<digest>` for whole ones, `part/<digest>` for those on their way.

use std::{
    io::{self, SeekFrom},
    path::{Path, PathBuf},
};

use bytes::Bytes;
use fault::Bug;
use futures_util::{StreamExt as _, stream};
use sha2::{Digest as _, Sha256};
use shared::Digest;
use tokio::{
    fs::{self, File, OpenOptions},
    io::{AsyncReadExt as _, AsyncSeekExt as _, AsyncWriteExt as _},
};

use super::{Answer, Blobs, Part, Pieces};

/// Bytes read at once.
const PIECE: u64 = 64 * 1024;

/// The folder.
#[derive(Debug)]
pub(super) struct Folder {
    root: PathBuf,
}

/// A file on its way, open for appending.
#[derive(Debug)]
struct PartFile {
    file: File,
}

impl Folder {
    /// The folder at `root`; made when it is missing. Blocks.
    pub(super) fn open(root: PathBuf) -> io::Result<Self> {
        std::fs::create_dir_all(root.join("part"))?;
        Ok(Self { root })
    }

    fn path(&self, digest: Digest) -> PathBuf {
        let name = digest.to_string();
        let folder = name.get(..2).unwrap_or_default();
        self.root.join(folder).join(&name)
    }

    fn part(&self, digest: Digest) -> PathBuf {
        self.root.join("part").join(digest.to_string())
    }

    async fn digest_of_part(&self, digest: Digest) -> io::Result<Digest> {
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

    /// Gives the part its name, for good.
    async fn name_part(&self, digest: Digest) -> io::Result<()> {
        let path = self.path(digest);
        let folder = path.parent().unwrap_or(&self.root).to_owned();
        fs::create_dir_all(&folder).await?;
        fs::rename(self.part(digest), &path).await?;
        // A rename survives a power cut once its folders do.
        sync_folder(&folder).await?;
        sync_folder(&self.root).await
    }
}

impl Blobs for Folder {
    fn has(&self, digest: Digest) -> Answer<'_, bool> {
        Box::pin(fs::try_exists(self.path(digest)))
    }

    fn read(&self, digest: Digest, first: u64, length: u64) -> Answer<'_, Pieces> {
        Box::pin(async move {
            let mut file = File::open(self.path(digest)).await?;
            file.seek(SeekFrom::Start(first)).await?;
            Ok(pieces(file, length).boxed())
        })
    }

    fn part_len(&self, digest: Digest) -> Answer<'_, u64> {
        Box::pin(async move {
            match fs::metadata(self.part(digest)).await {
                Ok(metadata) => Ok(metadata.len()),
                Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(0),
                Err(error) => Err(error),
            }
        })
    }

    fn open_part(&self, digest: Digest, offset: u64) -> Answer<'_, Box<dyn Part>> {
        Box::pin(async move {
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
            let part: Box<dyn Part> = Box::new(PartFile { file });
            Ok(part)
        })
    }

    fn keep(&self, digest: Digest, _: u64) -> Answer<'_, bool> {
        Box::pin(async move {
            let by_length = fault::planted(Bug::CompleteByLength);
            if !by_length && self.digest_of_part(digest).await? != digest {
                self.remove_part(digest).await?;
                return Ok(false);
            }
            fault::point("hub/photo: verified, not renamed");
            self.name_part(digest).await?;
            Ok(true)
        })
    }

    fn remove_part(&self, digest: Digest) -> Answer<'_, ()> {
        Box::pin(async move {
            match fs::remove_file(self.part(digest)).await {
                Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
                Ok(()) | Err(_) => Ok(()),
            }
        })
    }
}

impl Part for PartFile {
    fn write(&mut self, bytes: Bytes) -> Answer<'_, ()> {
        Box::pin(async move {
            self.file.write_all(&bytes).await?;
            // A full disk is told now and not with the next piece.
            self.file.flush().await
        })
    }

    fn sync(&mut self) -> Answer<'_, ()> {
        Box::pin(self.file.sync_all())
    }
}

async fn sync_folder(folder: &Path) -> io::Result<()> {
    File::open(folder).await?.sync_all().await
}

fn pieces(file: File, length: u64) -> impl futures_util::Stream<Item = io::Result<Bytes>> {
    stream::try_unfold((file, length), async |(mut file, left)| {
        if left == 0 {
            return Ok(None);
        }
        let want = usize::try_from(left.min(PIECE)).unwrap_or(usize::MAX);
        let mut piece = vec![0; want];
        file.read_exact(&mut piece).await?;
        let left = left.saturating_sub(PIECE);
        Ok(Some((Bytes::from(piece), (file, left))))
    })
}
