//! The id of what a draft becomes.

use serde::Serialize;
use sha2::{Digest as _, Sha256};
use shared::DraftId;

use crate::error::{Error, Result};

/// What stands for chance in that id: it follows from the draft and from what it says. Finished on
/// two copies of a tablet (cloned, or put back from a backup) a draft becomes one thing where both say
/// the same, and two where they don't. By the draft's id alone the second would be refused as made
/// already, and nobody would see what it says.
pub(super) fn chance_of(draft: DraftId, says: &impl Serialize) -> Result<[u8; 10]> {
    let mut digest = Sha256::new();
    digest.update(draft.as_bytes());
    digest.update(serde_json::to_vec(says)?);
    let digest = digest.finalize();
    let first = digest.first_chunk::<10>();
    first.copied().ok_or(Error::Malformed("a short digest"))
}
