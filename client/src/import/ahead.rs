//! One thread makes what another takes, so that neither waits for the other while there is something to
//! do.

use std::{
    sync::mpsc::{SyncSender, sync_channel},
    thread,
};

use crate::error::{Error, Result};

/// How many change hands at once.
const PIECE: usize = 64;
/// How many pieces may be made before they are taken.
const AHEAD: usize = 16;

const NOT_MADE: Error = Error::Malformed("what was planned could not be made");

/// Where what is made goes.
pub(super) struct Giver<T> {
    send: SyncSender<Vec<T>>,
    piece: Vec<T>,
}

impl<T> Giver<T> {
    /// Gives one. Whether more is wanted: whoever takes may have failed, and says why.
    #[must_use]
    pub(super) fn give(&mut self, one: T) -> bool {
        self.piece.push(one);
        self.piece.len() < PIECE || self.hand_over()
    }

    fn hand_over(&mut self) -> bool {
        let piece = std::mem::replace(&mut self.piece, Vec::with_capacity(PIECE));
        self.send.send(piece).is_ok()
    }
}

/// Takes, in order, each that `make` gives.
pub(super) fn each<T: Send>(
    make: impl FnOnce(&mut Giver<T>) -> Result<()> + Send,
    mut take: impl FnMut(T) -> Result<()>,
) -> Result<()> {
    thread::scope(|scope| {
        let (send, pieces) = sync_channel(AHEAD);
        let making = scope.spawn(move || {
            let mut giver = Giver {
                send,
                piece: Vec::with_capacity(PIECE),
            };
            make(&mut giver)?;
            giver.hand_over();
            Ok(())
        });
        for one in pieces.into_iter().flatten() {
            take(one)?;
        }
        making.join().map_err(|_panicked| NOT_MADE)?
    })
}

/// Makes something on a thread of its own while this one does something else.
pub(super) fn beside<T: Send>(
    make: impl FnOnce() -> T + Send,
    other: impl FnOnce() -> Result<()>,
) -> Result<T> {
    thread::scope(|scope| {
        let making = scope.spawn(make);
        other()?;
        making.join().map_err(|_panicked| NOT_MADE)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_is_taken_in_order() {
        let mut taken = Vec::new();

        each(
            |giver| {
                for number in 0..1_000 {
                    assert!(giver.give(number));
                }
                Ok(())
            },
            |number| {
                taken.push(number);
                Ok(())
            },
        )
        .unwrap();

        assert!(taken.into_iter().eq(0..1_000));
    }

    #[test]
    fn what_is_made_beside_is_given_unless_the_other_fails() {
        let made = beside(|| 7, || Ok(()));
        let not_made = beside(|| 7, || Err(Error::NotFound));

        assert!(matches!(made, Ok(7)));
        assert!(matches!(not_made, Err(Error::NotFound)));
    }

    #[test]
    fn whoever_fails_first_says_why() {
        let nothing_more = each(
            |giver| {
                while giver.give(1) {}
                Ok(())
            },
            |_| Err(Error::NotFound),
        );
        let not_made = each(
            |giver| {
                assert!(giver.give(1));
                Err(Error::NotFound)
            },
            |_| Ok(()),
        );

        assert!(matches!(nothing_more, Err(Error::NotFound)));
        assert!(matches!(not_made, Err(Error::NotFound)));
    }
}
