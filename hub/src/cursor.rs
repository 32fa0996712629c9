//! Cursors: opaque to the device, and independent of the hub's address. One says how far a device
//! got in one feed of one epoch.

use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use sha2::{Digest as _, Sha256};
use shared::Scope;

/// The cursor after item `seq` of a feed. Short, for it stands in every answer: of epoch and feed only
/// a hash, which no peer has a use for forging.
pub(crate) fn write(epoch: &str, scope: &Scope, seq: u64) -> String {
    format!("{seq}.{:016x}", mark(epoch, scope))
}

/// The `seq` a cursor stands at; `None` when it is of another epoch or feed, or no cursor at all.
/// The empty cursor is the beginning.
pub(crate) fn read(cursor: &str, epoch: &str, scope: &Scope) -> Option<u64> {
    if cursor.is_empty() {
        return Some(0);
    }
    let Some((seq, its_mark)) = cursor.split_once('.') else {
        return read_first_form(cursor, epoch, scope);
    };
    let fits = its_mark == format!("{:016x}", mark(epoch, scope));
    fits.then_some(seq.parse().ok()?)
}

/// What the hub wrote first. A device that still holds one need not pull its feed anew.
fn read_first_form(cursor: &str, epoch: &str, scope: &Scope) -> Option<u64> {
    let bytes = BASE64_URL_SAFE_NO_PAD.decode(cursor).ok()?;
    let text = str::from_utf8(&bytes).ok()?;
    let mut fields = text.splitn(3, ' ');
    let (its_epoch, seq, its_scope) = (fields.next()?, fields.next()?, fields.next()?);
    let fits = its_epoch == epoch && its_scope == scope.as_str();
    fits.then_some(seq.parse().ok()?)
}

fn mark(epoch: &str, scope: &Scope) -> u64 {
    let digest = Sha256::digest(format!("{epoch} {scope}"));
    digest
        .iter()
        .take(8)
        .fold(0, |mark, byte| (mark << 8) | u64::from(*byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_is_good_for_its_epoch_and_feed_only() {
        let scope = Scope("grid:1".to_owned());
        let cursor = write("e1", &scope, 7);

        assert_eq!(read(&cursor, "e1", &scope), Some(7));
        assert_eq!(read("", "e1", &scope), Some(0), "the beginning");
        assert_eq!(read(&cursor, "e2", &scope), None, "another epoch");
        assert_eq!(read(&cursor, "e1", &Scope::city()), None, "another feed");
        let first_form = BASE64_URL_SAFE_NO_PAD.encode("e1 7 grid:1");
        assert_eq!(read(&first_form, "e1", &scope), Some(7), "of an older hub");
        for garbage in [
            "x",
            "!!",
            "7",
            "7.",
            "x.1",
            "7.00",
            "ZTEgeCBncmlkOjE",
            "ZTE",
        ] {
            assert_eq!(read(garbage, "e1", &scope), None, "{garbage} is no cursor");
        }
    }
}
