//! Cursors: opaque to the device, and independent of the hub's address. One says how far a device
//! got in one feed of one epoch.

use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use shared::Scope;

/// The cursor after item `seq` of a feed.
pub(crate) fn write(epoch: &str, scope: &Scope, seq: u64) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(format!("{epoch} {seq} {scope}"))
}

/// The `seq` a cursor stands at; `None` when it is of another epoch or feed, or no cursor at all.
/// The empty cursor is the beginning.
pub(crate) fn read(cursor: &str, epoch: &str, scope: &Scope) -> Option<u64> {
    if cursor.is_empty() {
        return Some(0);
    }
    let bytes = BASE64_URL_SAFE_NO_PAD.decode(cursor).ok()?;
    let text = str::from_utf8(&bytes).ok()?;
    let mut fields = text.splitn(3, ' ');
    let (its_epoch, seq, its_scope) = (fields.next()?, fields.next()?, fields.next()?);
    let fits = its_epoch == epoch && its_scope == scope.as_str();
    fits.then_some(seq.parse().ok()?)
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
        for garbage in ["x", "!!", "ZTEgeCBncmlkOjE", "ZTE"] {
            assert_eq!(read(garbage, "e1", &scope), None, "{garbage} is no cursor");
        }
    }
}
