//! Cursors: opaque to the device, and independent of the hub's address. One says how far a device
//! got in one feed of one epoch, and how far that feed was forgotten when its run of pages began.

use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use sha2::{Digest as _, Sha256};
use shared::Scope;

/// Where a device stands in a feed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Position {
    /// At the beginning.
    Beginning,
    /// After an item.
    After {
        /// Its place.
        seq: u64,
        /// The feed's horizon when it was pulled.
        horizon: u64,
    },
}

impl Position {
    /// The place items are wanted after.
    pub(crate) const fn seq(self) -> u64 {
        match self {
            Self::Beginning => 0,
            Self::After { seq, .. } => seq,
        }
    }

    /// Whether what was forgotten up to `horizon` is news to whoever stands here. Who began behind it
    /// never had what it is about.
    pub(crate) const fn is_before(self, horizon: u64) -> bool {
        match self {
            Self::Beginning => false,
            Self::After {
                seq,
                horizon: known,
            } => seq < horizon && known < horizon,
        }
    }
}

/// The cursor after item `seq` of a feed that is forgotten up to `horizon`. Short, for it stands in
/// every answer: of epoch and feed only a hash, which no peer has a use for forging.
pub(crate) fn write(epoch: &str, scope: &Scope, seq: u64, horizon: u64) -> String {
    let mark = mark(epoch, scope);
    match horizon {
        0 => format!("{seq}.{mark:016x}"),
        _ => format!("{seq}-{horizon}.{mark:016x}"),
    }
}

/// Where a cursor stands; `None` when it is of another epoch or feed, or no cursor at all. The empty
/// cursor is the beginning.
pub(crate) fn read(cursor: &str, epoch: &str, scope: &Scope) -> Option<Position> {
    if cursor.is_empty() {
        return Some(Position::Beginning);
    }
    let Some((place, its_mark)) = cursor.split_once('.') else {
        return read_first_form(cursor, epoch, scope);
    };
    let (seq, horizon) = place.split_once('-').unwrap_or((place, "0"));
    let position = Position::After {
        seq: seq.parse().ok()?,
        horizon: horizon.parse().ok()?,
    };
    let fits = its_mark == format!("{:016x}", mark(epoch, scope));
    fits.then_some(position)
}

/// What the hub wrote first. A device that still holds one need not pull its feed anew.
fn read_first_form(cursor: &str, epoch: &str, scope: &Scope) -> Option<Position> {
    let bytes = BASE64_URL_SAFE_NO_PAD.decode(cursor).ok()?;
    let text = str::from_utf8(&bytes).ok()?;
    let mut fields = text.splitn(3, ' ');
    let (its_epoch, seq, its_scope) = (fields.next()?, fields.next()?, fields.next()?);
    let fits = its_epoch == epoch && its_scope == scope.as_str();
    let seq = seq.parse().ok()?;
    fits.then_some(Position::After { seq, horizon: 0 })
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
        for horizon in [0, 3] {
            let cursor = write("e1", &scope, 7, horizon);

            let position = Position::After { seq: 7, horizon };
            assert_eq!(read(&cursor, "e1", &scope), Some(position));
            assert_eq!(read(&cursor, "e2", &scope), None, "another epoch");
            assert_eq!(read(&cursor, "e1", &Scope::city()), None, "another feed");
        }
        assert_eq!(read("", "e1", &scope), Some(Position::Beginning));
        let first_form = BASE64_URL_SAFE_NO_PAD.encode("e1 7 grid:1");
        let old = Position::After { seq: 7, horizon: 0 };
        assert_eq!(
            read(&first_form, "e1", &scope),
            Some(old),
            "of an older hub"
        );
        for garbage in [
            "x",
            "!!",
            "7",
            "7.",
            "7-.",
            "7-x.1",
            "x.1",
            "7.00",
            "ZTEgeCBncmlkOjE",
            "ZTE",
        ] {
            assert_eq!(read(garbage, "e1", &scope), None, "{garbage} is no cursor");
        }
    }

    #[test]
    fn what_was_forgotten_is_news_to_those_who_stand_before_it_and_began_before() {
        let at = |seq, horizon| Position::After { seq, horizon };

        assert!(at(4, 0).is_before(5), "it may hold what was deleted");
        assert!(!at(5, 0).is_before(5), "it was told");
        assert!(!at(4, 5).is_before(5), "it began when that was forgotten");
        assert!(at(4, 5).is_before(6), "and more was forgotten since");
        assert!(!Position::Beginning.is_before(5), "it has nothing");
    }
}
