//! A schedule follows from its seed alone; else a failure could not be played again. Runs only in a
//! build with the feature `faults`, as `cargo xtask sim` makes it.
#![cfg(feature = "faults")]

use scenarios::sim::run::play_one;

#[test]
fn the_same_seed_plays_the_same_schedule() {
    for seed in [1, 17, 40] {
        let first = play_one(seed).unwrap();
        let again = play_one(seed).unwrap();

        assert!(first.verdict.is_ok(), "seed {seed}: {:?}", first.verdict);
        assert_eq!(first.trace.lines(), again.trace.lines(), "seed {seed}");
    }
}

#[test]
fn another_seed_plays_another_schedule() {
    let one = play_one(2).unwrap();
    let other = play_one(4).unwrap();

    assert_ne!(one.trace.lines(), other.trace.lines());
}
