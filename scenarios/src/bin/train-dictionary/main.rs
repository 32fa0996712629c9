//! Trains a zstd dictionary on invented messages of the protocol and writes it to the file that is
//! named. What cities differ in (names, codes, words) is drawn anew for each message, so that the
//! dictionary learns the protocol and not a city.
#![forbid(unsafe_code)]

mod cases;
mod chance;
mod doors;
mod entries;
mod envelope;
mod once;

use std::path::PathBuf;

use anyhow::{Context as _, Result, bail};

use chance::Chance;

/// Larger ones gain little for messages of a few operations and cost every program that carries
/// them.
const BYTES: usize = 16 * 1024;

/// Cases whose messages the dictionary for cases learns from.
const CASES: u32 = 4_000;

/// Doors whose messages the dictionary for the register learns from.
const DOORS: u32 = 3_000;

#[expect(clippy::print_stdout, reason = "a tool tells what it made")]
fn main() -> Result<()> {
    let mut args = std::env::args().skip(1);
    let (Some(kind), Some(file)) = (args.next(), args.next()) else {
        bail!("of what, and where to? For example: train-dictionary cases cases-2.zdict");
    };
    let file = PathBuf::from(file);
    let mut chance = Chance::new(20_261_126);
    let mut samples = Vec::new();
    match kind.as_str() {
        "cases" => {
            for _ in 0..CASES {
                samples.extend(cases::of_a_case(&mut chance)?);
            }
        }
        "register" => {
            for _ in 0..DOORS {
                samples.extend(doors::of_a_door(&mut chance)?);
            }
        }
        _ => bail!("there are messages about `cases` and about the `register`"),
    }
    let dictionary = zstd::dict::from_samples(&samples, BYTES)?;
    std::fs::write(&file, &dictionary).context("the file can't be written")?;
    println!("{} messages, {} bytes", samples.len(), dictionary.len());
    Ok(())
}
