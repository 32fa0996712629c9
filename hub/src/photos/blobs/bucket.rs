//! A bucket of photos, by the S3 protocol: `<prefix>/aa/<digest>` for whole ones; of those on their
//! way every chunk is an object, `<prefix>/part/<digest>/<offset>`, because objects can't be added
//! to. A chunk that is sent again at its offset takes the place of the earlier one, so the chunks
//! that follow each other from 0 on are always those that were acknowledged, whichever hub took
//! them in.

use std::{collections::BTreeMap, io, sync::Arc, time::Duration};

use bytes::Bytes;
use futures_util::{StreamExt as _, TryStreamExt as _};
use object_store::{
    BackoffConfig, Error, GetOptions, GetRange, ObjectStore, ObjectStoreExt as _, RetryConfig,
    aws::{AmazonS3, AmazonS3Builder},
    path::Path,
};
use sha2::{Digest as _, Sha256};
use shared::Digest;
use tokio::{
    fs::File,
    io::{AsyncReadExt as _, AsyncSeekExt as _, AsyncWriteExt as _},
};

use super::{Answer, Blobs, Part, Pieces};
use crate::config::BucketAddress;

/// A device comes back by itself; it must not be kept waiting for minutes.
const PATIENCE: RetryConfig = RetryConfig {
    backoff: BackoffConfig {
        init_backoff: Duration::from_millis(100),
        max_backoff: Duration::from_secs(2),
        base: 2.0,
    },
    max_retries: 3,
    retry_timeout: Duration::from_secs(15),
};

/// The bucket.
#[derive(Debug)]
pub struct Bucket {
    store: Arc<AmazonS3>,
    prefix: Path,
}

/// Why there is no bucket.
#[derive(Debug, thiserror::Error)]
pub enum BucketError {
    /// The settings in the environment don't make one.
    #[error(
        "the bucket can't be used; AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_REGION and, for other services than Amazon's, AWS_ENDPOINT say how"
    )]
    Settings(#[source] Error),
}

impl Bucket {
    /// The bucket, by the settings in the environment. Sends nothing yet.
    pub fn open(address: &BucketAddress) -> Result<Self, BucketError> {
        // The only provider there is; an error says that it is installed already.
        drop(rustls::crypto::ring::default_provider().install_default());
        let mut builder = AmazonS3Builder::from_env()
            .with_bucket_name(&address.bucket)
            .with_retry(PATIENCE);
        if let Some(access) = &address.access {
            builder = builder
                .with_endpoint(&access.endpoint)
                .with_access_key_id(&access.key_id)
                .with_secret_access_key(&access.secret)
                .with_region("us-east-1")
                .with_allow_http(true);
        }
        Ok(Self {
            store: Arc::new(builder.build().map_err(BucketError::Settings)?),
            prefix: Path::from(address.prefix.as_str()),
        })
    }

    fn path(&self, digest: Digest) -> Path {
        let name = digest.to_string();
        let folder = name.get(..2).unwrap_or_default();
        self.prefix.clone().join(folder).join(name.as_str())
    }

    fn parts(&self, digest: Digest) -> Path {
        self.prefix.clone().join("part").join(digest.to_string())
    }

    /// The chunks of a photo on its way that follow each other from 0 on, with their lengths.
    /// Others were left by requests that were never acknowledged.
    async fn chunks(&self, digest: Digest) -> io::Result<Vec<(Path, u64)>> {
        let mut found = BTreeMap::<u64, (Path, u64)>::new();
        let mut list = self.store.list(Some(&self.parts(digest)));
        while let Some(object) = list.try_next().await.map_err(failed)? {
            let offset = object
                .location
                .filename()
                .and_then(|name| name.parse().ok());
            if let Some(offset) = offset {
                found.insert(offset, (object.location, object.size));
            }
        }
        let (mut chunks, mut offset) = (Vec::new(), 0_u64);
        while let Some((path, size)) = found.remove(&offset).filter(|(_, size)| *size > 0) {
            offset += size;
            chunks.push((path, size));
        }
        Ok(chunks)
    }

    /// The bytes of a photo of this length, put together; at most a few MB.
    async fn assemble(&self, digest: Digest, length: u64) -> io::Result<Vec<u8>> {
        let mut whole = Vec::with_capacity(usize::try_from(length).unwrap_or_default());
        let mut came = 0;
        for (path, size) in self.chunks(digest).await? {
            if came >= length {
                break;
            }
            let chunk = self.store.get(&path).await.map_err(failed)?;
            whole.extend_from_slice(&chunk.bytes().await.map_err(failed)?);
            came += size;
        }
        Ok(whole)
    }
}

impl Blobs for Bucket {
    fn has(&self, digest: Digest) -> Answer<'_, bool> {
        Box::pin(async move {
            match self.store.head(&self.path(digest)).await {
                Ok(_) => Ok(true),
                Err(Error::NotFound { .. }) => Ok(false),
                Err(error) => Err(failed(error)),
            }
        })
    }

    fn read(&self, digest: Digest, first: u64, length: u64) -> Answer<'_, Pieces> {
        Box::pin(async move {
            let range = Some(GetRange::Bounded(first..first.saturating_add(length)));
            let options = GetOptions {
                range,
                ..GetOptions::default()
            };
            let path = self.path(digest);
            let got = self.store.get_opts(&path, options).await.map_err(failed)?;
            Ok(got.into_stream().map_err(failed).boxed())
        })
    }

    fn part_len(&self, digest: Digest) -> Answer<'_, u64> {
        Box::pin(async move {
            let chunks = self.chunks(digest).await?;
            Ok(chunks.iter().map(|(_, size)| size).sum())
        })
    }

    fn open_part(&self, digest: Digest, offset: u64) -> Answer<'_, Box<dyn Part>> {
        Box::pin(async move {
            // Without a name: gone with the process, too.
            let staged = tokio::task::spawn_blocking(tempfile::tempfile).await??;
            let part: Box<dyn Part> = Box::new(PartObject {
                store: Arc::clone(&self.store),
                path: self.parts(digest).join(format!("{offset:020}")),
                staged: File::from_std(staged),
            });
            Ok(part)
        })
    }

    fn keep(&self, digest: Digest, length: u64) -> Answer<'_, bool> {
        Box::pin(async move {
            let whole = self.assemble(digest, length).await?;
            let is_it = Digest::from_bytes(Sha256::digest(&whole).into()) == digest;
            if is_it {
                let path = self.path(digest);
                let put = self.store.put(&path, Bytes::from(whole).into());
                put.await.map_err(failed)?;
            }
            self.remove_part(digest).await?;
            Ok(is_it)
        })
    }

    fn remove(&self, digest: Digest) -> Answer<'_, ()> {
        Box::pin(async move {
            self.remove_part(digest).await?;
            match self.store.delete(&self.path(digest)).await {
                Ok(()) | Err(Error::NotFound { .. }) => Ok(()),
                Err(error) => Err(failed(error)),
            }
        })
    }

    fn remove_part(&self, digest: Digest) -> Answer<'_, ()> {
        Box::pin(async move {
            let mut list = self.store.list(Some(&self.parts(digest)));
            while let Some(object) = list.try_next().await.map_err(failed)? {
                match self.store.delete(&object.location).await {
                    Ok(()) | Err(Error::NotFound { .. }) => {}
                    Err(error) => return Err(failed(error)),
                }
            }
            Ok(())
        })
    }
}

/// A chunk: here until it is whole, then one object.
#[derive(Debug)]
struct PartObject {
    store: Arc<AmazonS3>,
    path: Path,
    staged: File,
}

impl Part for PartObject {
    fn write(&mut self, bytes: Bytes) -> Answer<'_, ()> {
        Box::pin(async move {
            self.staged.write_all(&bytes).await?;
            self.staged.flush().await
        })
    }

    fn sync(&mut self) -> Answer<'_, ()> {
        Box::pin(async move {
            self.staged.rewind().await?;
            let mut chunk = Vec::new();
            self.staged.read_to_end(&mut chunk).await?;
            let put = self.store.put(&self.path, Bytes::from(chunk).into());
            put.await.map_err(failed)?;
            Ok(())
        })
    }
}

/// The bucket did not do it; what it says names objects, which are digests, and no person.
fn failed(error: Error) -> io::Error {
    let kind = match &error {
        Error::NotFound { .. } => io::ErrorKind::NotFound,
        _ => io::ErrorKind::NotConnected,
    };
    io::Error::new(kind, error)
}
