//! Trains a zstd dictionary on invented messages of the protocol and writes it to the file that is
//! named. What cities differ in (names, codes, words) is drawn anew for each message, so that the
//! dictionary learns the protocol and not a city.
#![forbid(unsafe_code)]

mod chance;
mod messages;

use std::path::PathBuf;

use anyhow::{Context as _, Result};

use chance::Chance;

/// Larger ones gain little for messages of a few operations and cost every program that carries
/// them.
const BYTES: usize = 16 * 1024;

/// Cases whose messages it learns from.
const CASES: u32 = 4_000;

#[expect(clippy::print_stdout, reason = "a tool tells what it made")]
fn main() -> Result<()> {
    let file = std::env::args_os().nth(1).map(PathBuf::from);
    let file = file.context("where to? For example: train-dictionary cases-2.zdict")?;
    let mut chance = Chance::new(20_261_126);
    let mut samples = Vec::new();
    for _ in 0..CASES {
        samples.extend(messages::of_a_case(&mut chance)?);
    }
    let dictionary = zstd::dict::from_samples(&samples, BYTES)?;
    std::fs::write(&file, &dictionary)?;
    println!("{} messages, {} bytes", samples.len(), dictionary.len());
    Ok(())
}
