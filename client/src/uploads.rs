//! Files being handed in piece by piece, in memory only: they are in the clear.

use std::collections::BTreeMap;

use shared::PhotoError;

use crate::error::{Error, Result};

/// Bytes of all files together that are being handed in.
const BYTES_MAX: u64 = 64 * 1024 * 1024;

/// A file nobody added to for so long is forgotten.
const STALE_MS: i64 = 10 * 60 * 1_000;

/// Files being handed in, by the name the page gave them.
#[derive(Debug, Default)]
pub(crate) struct Uploads {
    files: BTreeMap<String, Upload>,
}

struct Upload {
    bytes: Vec<u8>,
    total: u64,
    touched_ms: i64,
}

impl std::fmt::Debug for Upload {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Upload")
            .field("total", &self.total)
            .finish_non_exhaustive()
    }
}

/// How far a file is.
#[derive(Debug)]
pub(crate) enum Progress {
    /// More is expected; so many bytes are here.
    Receiving(u64),
    /// This is the file.
    Whole(Vec<u8>),
}

impl Uploads {
    /// Takes a piece. One that was taken before, or that leaves a gap, changes nothing; the answer
    /// says where to go on. Offset 0 begins anew.
    pub(crate) fn take(
        &mut self,
        name: &str,
        offset: u64,
        total: u64,
        piece: &[u8],
        now_ms: i64,
    ) -> Result<Progress> {
        self.files
            .retain(|_, upload| now_ms.saturating_sub(upload.touched_ms) < STALE_MS);
        if offset == 0 {
            self.begin(name, total, now_ms)?;
        }
        let upload = self.files.get_mut(name).ok_or(Error::NotFound)?;
        let received = length(&upload.bytes);
        if total != upload.total {
            return Err(Error::Malformed("the size of the file changed on the way"));
        }
        if offset != received {
            return Ok(Progress::Receiving(received));
        }
        if received.saturating_add(length(piece)) > total {
            return Err(Error::Malformed("more bytes than announced"));
        }
        upload.bytes.extend_from_slice(piece);
        upload.touched_ms = now_ms;
        let received = length(&upload.bytes);
        if received < total {
            return Ok(Progress::Receiving(received));
        }
        let whole = self.files.remove(name).map(|upload| upload.bytes);
        Ok(Progress::Whole(whole.unwrap_or_default()))
    }

    fn begin(&mut self, name: &str, total: u64, now_ms: i64) -> Result<()> {
        self.files.remove(name);
        if total == 0 {
            return Err(PhotoError::Empty.into());
        }
        let promised: u64 = self.files.values().map(|upload| upload.total).sum();
        if promised.saturating_add(total) > BYTES_MAX {
            return Err(PhotoError::TooLarge { bytes: total }.into());
        }
        let upload = Upload {
            bytes: Vec::new(),
            total,
            touched_ms: now_ms,
        };
        self.files.insert(name.to_owned(), upload);
        Ok(())
    }
}

fn length(bytes: &[u8]) -> u64 {
    u64::try_from(bytes.len()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_become_a_file_even_when_one_is_sent_twice() {
        let mut uploads = Uploads::default();

        uploads.take("a", 0, 5, b"abc", 0).unwrap();
        let again = uploads.take("a", 1, 5, b"bc", 0).unwrap();
        let done = uploads.take("a", 3, 5, b"de", 0).unwrap();

        assert!(
            matches!(again, Progress::Receiving(3)),
            "it says where to go on"
        );
        assert!(matches!(done, Progress::Whole(bytes) if bytes == b"abcde"));
    }

    #[test]
    fn what_is_promised_in_all_is_bounded_and_what_is_stale_makes_room() {
        let mut uploads = Uploads::default();
        uploads.take("a", 0, BYTES_MAX, b"x", 0).unwrap();

        let refused = uploads.take("b", 0, 1_000, b"x", 1).unwrap_err();
        let later = uploads.take("b", 0, 1_000, b"x", STALE_MS);

        assert!(matches!(refused, Error::Photo(PhotoError::TooLarge { .. })));
        assert!(
            later.is_ok(),
            "a page that was closed must not block the next one"
        );
    }
}
