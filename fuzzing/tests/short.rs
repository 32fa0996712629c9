//! The short run of each target: `cargo test --workspace --exclude ui --test short NAME`. What failed
//! is played again by the seed that is printed: `GRIDWALKER_FUZZ_SEED`, `GRIDWALKER_FUZZ_RUNS`.

use fuzzing::{Setting, all, play};

macro_rules! short {
    ($($name:ident)*) => {
        $(
            #[test]
            fn $name() {
                let all = all();
                let target = all.iter().find(|target| target.name == stringify!($name));
                println!("{}", play(target.unwrap(), Setting::of_environment()));
            }
        )*

        const PLAYED: &[&str] = &[$(stringify!($name)),*];
    };
}

short! {
    messages operations packs frames photos plate_photos
    pushes requests cursors codes
    photo_pieces commands imports vault hub_answers
    workbooks sheets expressions definitions lists
    typed
}

#[test]
fn every_target_is_played() {
    let all: Vec<_> = all().iter().map(|target| target.name).collect();
    assert_eq!(PLAYED, all);
}
