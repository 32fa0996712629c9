//! The folder of photos: `aa/<digest>` for whole ones, `part/<digest>` for those on their way.
//! Each piece of work goes to a thread that may block, once and whole.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, Read as _, Seek as _, SeekFrom, Write as _},
    path::{Path, PathBuf},
    sync::Arc,
};

use bytes::Bytes;
use fault::Bug;
use futures_util::{FutureExt as _, StreamExt as _, stream};
use sha2::{Digest as _, Sha256};
use shared::Digest;

use super::{Answer, Blobs, Part, Pieces};
use crate::blocking::off_thread;

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
    file: Arc<File>,
}

/// Where one photo's bytes are or will be.
#[derive(Debug)]
struct Place {
    root: PathBuf,
    path: PathBuf,
    part: PathBuf,
}

impl Folder {
    /// The folder at `root`; made when it is missing. Blocks.
    pub(super) fn open(root: PathBuf) -> io::Result<Self> {
        fs::create_dir_all(root.join("part"))?;
        Ok(Self { root })
    }

    fn place(&self, digest: Digest) -> Place {
        let name = digest.to_string();
        let folder = name.get(..2).unwrap_or_default();
        Place {
            path: self.root.join(folder).join(&name),
            part: self.root.join("part").join(&name),
            root: self.root.clone(),
        }
    }
}

impl Place {
    fn has_it(&self) -> io::Result<bool> {
        fs::exists(&self.path)
    }

    fn read(&self, first: u64) -> io::Result<File> {
        let mut file = File::open(&self.path)?;
        file.seek(SeekFrom::Start(first))?;
        Ok(file)
    }

    fn part_len(&self) -> io::Result<u64> {
        match fs::metadata(&self.part) {
            Ok(metadata) => Ok(metadata.len()),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(0),
            Err(error) => Err(error),
        }
    }

    fn open_part(&self, offset: u64) -> io::Result<File> {
        let mut file = OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(false)
            .open(&self.part)?;
        if file.metadata()?.len() > offset {
            file.set_len(offset)?;
        }
        file.seek(SeekFrom::Start(offset))?;
        Ok(file)
    }

    fn digest_of_part(&self) -> io::Result<Digest> {
        let mut file = File::open(&self.part)?;
        let mut hasher = Sha256::new();
        let mut buffer = vec![0; 64 * 1024];
        loop {
            let count = file.read(&mut buffer)?;
            let Some(bytes) = buffer.get(..count).filter(|bytes| !bytes.is_empty()) else {
                return Ok(Digest::from_bytes(hasher.finalize().into()));
            };
            hasher.update(bytes);
        }
    }

    fn keep(&self, digest: Digest) -> io::Result<bool> {
        let by_length = fault::planted(Bug::CompleteByLength);
        if !by_length && self.digest_of_part()? != digest {
            self.remove_part()?;
            return Ok(false);
        }
        fault::point("hub/photo: verified, not renamed");
        self.name_part()?;
        Ok(true)
    }

    /// Gives the part its name, for good.
    fn name_part(&self) -> io::Result<()> {
        let folder = self.path.parent().unwrap_or(&self.root);
        fs::create_dir_all(folder)?;
        fs::rename(&self.part, &self.path)?;
        // A rename survives a power cut once its folders do.
        sync_folder(folder)?;
        sync_folder(&self.root)
    }

    fn remove_part(&self) -> io::Result<()> {
        remove(&self.part)
    }
}

fn remove(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        Ok(()) | Err(_) => Ok(()),
    }
}

impl Blobs for Folder {
    fn has(&self, digest: Digest) -> Answer<'_, bool> {
        let place = self.place(digest);
        blocking(move || place.has_it()).boxed()
    }

    fn read(&self, digest: Digest, first: u64, length: u64) -> Answer<'_, Pieces> {
        let place = self.place(digest);
        Box::pin(async move {
            let file = blocking(move || place.read(first)).await?;
            Ok(pieces(file, length).boxed())
        })
    }

    fn part_len(&self, digest: Digest) -> Answer<'_, u64> {
        let place = self.place(digest);
        blocking(move || place.part_len()).boxed()
    }

    fn open_part(&self, digest: Digest, offset: u64) -> Answer<'_, Box<dyn Part>> {
        let place = self.place(digest);
        Box::pin(async move {
            let file = Arc::new(blocking(move || place.open_part(offset)).await?);
            let part: Box<dyn Part> = Box::new(PartFile { file });
            Ok(part)
        })
    }

    fn keep(&self, digest: Digest, _: u64) -> Answer<'_, bool> {
        let place = self.place(digest);
        blocking(move || place.keep(digest)).boxed()
    }

    fn remove(&self, digest: Digest) -> Answer<'_, ()> {
        let place = self.place(digest);
        blocking(move || {
            place.remove_part()?;
            remove(&place.path)
        })
        .boxed()
    }

    fn remove_part(&self, digest: Digest) -> Answer<'_, ()> {
        let place = self.place(digest);
        blocking(move || place.remove_part()).boxed()
    }
}

impl Part for PartFile {
    fn write(&mut self, bytes: Bytes) -> Answer<'_, ()> {
        let file = Arc::clone(&self.file);
        blocking(move || (&*file).write_all(&bytes)).boxed()
    }

    fn sync(&mut self) -> Answer<'_, ()> {
        let file = Arc::clone(&self.file);
        blocking(move || file.sync_all()).boxed()
    }
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> io::Result<T> + Send + 'static,
) -> io::Result<T> {
    off_thread(work).await.map_err(io::Error::other)?
}

fn sync_folder(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}

fn pieces(file: File, length: u64) -> impl futures_util::Stream<Item = io::Result<Bytes>> {
    stream::try_unfold((file, length), async |(mut file, left)| {
        if left == 0 {
            return Ok(None);
        }
        let want = usize::try_from(left.min(PIECE)).unwrap_or(usize::MAX);
        let (file, piece) = blocking(move || {
            let mut piece = vec![0; want];
            file.read_exact(&mut piece)?;
            Ok((file, piece))
        })
        .await?;
        let left = left.saturating_sub(PIECE);
        Ok(Some((Bytes::from(piece), (file, left))))
    })
}
