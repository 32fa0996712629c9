//! Writes `packs/sample-city.json`. With `--check` it only compares, for CI.

use std::{fs, path::Path};

use anyhow::{Context, ensure};
use clap::Parser;
use scenarios::sample_city::{sample_city, to_text};

#[derive(Debug, Parser)]
#[command(about = "Writes the sample city's pack, packs/sample-city.json")]
struct Arguments {
    /// Compares the file with what would be written, and fails when they differ.
    #[arg(long)]
    check: bool,
}

fn main() -> anyhow::Result<()> {
    let arguments = Arguments::parse();
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../packs/sample-city.json");
    let text = to_text(&sample_city()?)?;
    if arguments.check {
        let found = fs::read_to_string(&path).context("packs/sample-city.json can't be read")?;
        ensure!(
            found == text,
            "packs/sample-city.json is not what the generator makes; run `cargo run -p scenarios --bin sample-city`"
        );
        return Ok(());
    }
    fs::write(&path, text).context("packs/sample-city.json can't be written")
}
