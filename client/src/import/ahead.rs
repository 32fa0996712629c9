//! Threads make what another takes, so that none waits for another while there is something to do.

use std::{
    num::NonZero,
    ops::Range,
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

/// Threads that make at once, at most: more than this and whoever takes has no time for them.
const HANDS: usize = 4;

/// Takes, in order, what `make` makes of each number. Several threads make, piece by piece in turn, each
/// with something of its own to work with.
pub(super) fn each_of<T: Send, Tools: Default>(
    numbers: Range<usize>,
    make: impl Fn(&mut Tools, usize) -> T + Sync,
    mut take: impl FnMut(T) -> Result<()>,
) -> Result<()> {
    let hands = thread::available_parallelism().map_or(1, NonZero::get);
    let hands = hands.min(HANDS);
    let pieces = || numbers.clone().step_by(PIECE);
    thread::scope(|scope| {
        let make = &make;
        let making = (0..hands).map(|hand| {
            let (send, line) = sync_channel(AHEAD);
            let (own, end) = (pieces().skip(hand).step_by(hands), numbers.end);
            let making = scope.spawn(move || {
                let mut tools = Tools::default();
                for from in own {
                    let piece = from..end.min(from.saturating_add(PIECE));
                    let piece: Vec<T> = piece.map(|it| make(&mut tools, it)).collect();
                    if send.send(piece).is_err() {
                        // Whoever takes has failed, and says why.
                        break;
                    }
                }
            });
            (line, making)
        });
        let (lines, all): (Vec<_>, Vec<_>) = making.unzip();
        let mut in_turn = pieces().zip(lines.iter().cycle());
        let taken = in_turn.try_for_each(|(_, line)| {
            let piece = line.recv().map_err(|_panicked| NOT_MADE)?;
            piece.into_iter().try_for_each(&mut take)
        });
        drop(lines);
        // Each is waited for: a panic that nobody took would go on here.
        all.into_iter().fold(taken, |so_far, making| {
            let joined = making.join().map_err(|_panicked| NOT_MADE);
            so_far.and(joined)
        })
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
    fn what_many_make_is_taken_once_in_order_however_much_it_is() {
        for numbers in [0..0, 5..6, 7..7 + PIECE, 0..10 * PIECE + 1] {
            let mut taken = Vec::new();
            each_of(
                numbers.clone(),
                |made: &mut usize, number| {
                    *made += 1;
                    (number, *made)
                },
                |one| {
                    taken.push(one);
                    Ok(())
                },
            )
            .unwrap();
            assert!(
                taken.iter().map(|it| it.0).eq(numbers.clone()),
                "{numbers:?}"
            );
            assert!(taken.iter().all(|it| it.1 > 0), "each has its own tools");
        }
    }

    #[test]
    fn who_takes_no_more_says_why_and_nobody_goes_on_making() {
        let mut left = 3;
        let failed = each_of(
            0..usize::MAX,
            |(): &mut (), number| number,
            |_| {
                left -= 1;
                if left == 0 {
                    Err(Error::NotFound)
                } else {
                    Ok(())
                }
            },
        );

        assert!(matches!(failed, Err(Error::NotFound)));
    }

    #[test]
    fn a_maker_that_panics_is_an_error() {
        let failed = each_of(
            0..1_000,
            |(): &mut (), number| {
                assert!(number < 500, "broken on purpose");
                number
            },
            |_| Ok(()),
        );

        assert!(failed.is_err());
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
