//! Finds codes in a picture. What does that (`rqrr`) was written for pictures that mean well: in others
//! it may stumble, or measure what is not there for minutes. So it looks on a thread of its own, and is
//! waited for only so long.

use std::{
    collections::BTreeSet,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{
        atomic::{AtomicUsize, Ordering},
        mpsc,
    },
    thread,
    time::Duration,
};

use rqrr::PreparedImage;

use crate::photo::Grey;

/// The most pictures that are looked at at once: one that is waited for, and some that nobody waits for
/// any more.
const AT_ONCE: usize = 3;

/// How many are being looked at.
static LOOKING: AtomicUsize = AtomicUsize::new(0);

/// What the codes in a picture say. `None`: it took too long.
pub(super) fn codes(picture: Grey, patience: Duration) -> Option<BTreeSet<String>> {
    watched(move || found(&picture), patience)
}

/// What looking finds, if it comes to an end. One that stumbles has found nothing.
fn watched<T: Default + Send + 'static>(
    look: impl FnOnce() -> T + Send + 'static,
    patience: Duration,
) -> Option<T> {
    let turn = Turn::take()?;
    let (tell, told) = mpsc::channel();
    let looking = move || {
        let found = catch_unwind(AssertUnwindSafe(look)).unwrap_or_default();
        drop(turn);
        // If nobody waits any more, nobody is told.
        drop(tell.send(found));
    };
    let thread = thread::Builder::new().name("plates".to_owned());
    thread.spawn(looking).ok()?;
    told.recv_timeout(patience).ok()
}

fn found(picture: &Grey) -> BTreeSet<String> {
    let (width, height) = (picture.width(), picture.height());
    let mut prepared =
        PreparedImage::prepare_from_greyscale(width, height, |x, y| picture.at(x, y));
    let grids = prepared.detect_grids();
    let said = grids.iter().filter_map(|grid| grid.decode().ok());
    said.map(|(_, said)| said).collect()
}

/// The right to look at one picture.
struct Turn;

impl Turn {
    fn take() -> Option<Self> {
        let more = |looking| (looking < AT_ONCE).then_some(looking + 1);
        let taken = LOOKING.fetch_update(Ordering::AcqRel, Ordering::Acquire, more);
        taken.ok().map(|_before| Self)
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        LOOKING.fetch_sub(1, Ordering::AcqRel);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOON: Duration = Duration::from_mins(1);

    /// One test, for the turns are one count.
    #[test]
    fn looking_that_stumbles_finds_nothing_and_looking_that_never_ends_is_not_waited_for() {
        let stumbles = || -> u32 { panic!("as the reader of codes does") };
        assert_eq!(watched(stumbles, SOON), Some(0));
        assert_eq!(watched(|| 7, SOON), Some(7), "and the next picture is seen");

        let mut ends = Vec::new();
        for _ in 0..AT_ONCE {
            let (end, ended) = mpsc::channel::<()>();
            ends.push(end);
            let never_ends = move || ended.recv().unwrap_or_default();
            assert_eq!(watched(never_ends, Duration::ZERO), None);
        }
        let one_more = watched(|| panic!("it is looked at"), SOON);
        assert_eq!(one_more, None::<()>, "while so many run on, none is begun");

        drop(ends);
        let free_again = || LOOKING.load(Ordering::Acquire) == 0;
        while !free_again() {
            thread::yield_now();
        }
        assert_eq!(watched(|| 7, SOON), Some(7));
    }
}
