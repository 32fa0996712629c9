//! One target under LLVM's fuzzer, guided by coverage: `cargo xtask fuzz TARGET --seconds N` builds and
//! runs it. `GRIDWALKER_FUZZ_TARGET` says which; the examples go into the folder
//! `GRIDWALKER_FUZZ_CORPUS`, from which the fuzzer begins.
#![no_main]
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a tool says what it lacks and ends"
)]

use std::{cell::RefCell, env, fs, path::PathBuf};

use fuzzing::{Ready, all, found};

thread_local! {
    static READY: RefCell<Option<Ready>> = const { RefCell::new(None) };
}

/// Makes the target ready, and a file of each example.
fn begin() {
    let name = env::var("GRIDWALKER_FUZZ_TARGET").expect("GRIDWALKER_FUZZ_TARGET names the target");
    let target = all().into_iter().find(|target| target.name == name);
    let ready = target.expect("there is a target of this name").ready();
    if let Some(folder) = env::var_os("GRIDWALKER_FUZZ_CORPUS") {
        let folder = PathBuf::from(folder);
        fs::create_dir_all(&folder).unwrap();
        for (nth, example) in ready.examples().iter().enumerate() {
            fs::write(folder.join(format!("example-{nth}")), example).unwrap();
        }
        for (name, input) in found(&name) {
            fs::write(folder.join(format!("found-{name}")), input).unwrap();
        }
    }
    READY.set(Some(ready));
}

libfuzzer_sys::fuzz_target!(init: begin(), |input: &[u8]| {
    READY.with_borrow_mut(|ready| {
        ready.as_mut().expect("it was made ready").take(input);
    });
});
