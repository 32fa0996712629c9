//! `bench lists [RESIDENTS [FOLDER]]`: what each page asks for when it is opened, and again after
//! something changed, on a clerk's device with a whole city's residents: in the encrypted database, beside
//! one row by its number on the same connection. With a folder the device stays there, and is measured
//! again without being filled.

mod pages;
mod town;

use std::{path::PathBuf, time::Duration};

use anyhow::{Context as _, Result};
use client::{Client, testing};
use scenarios::dice::Dice;
use serde_json::{Map, Value, json};
use shared::{ipc::VisitDoor, visit::Met};

use self::{
    pages::{PAGES, Page},
    town::Town,
};
use crate::{
    device,
    save::{now, percentiles},
};

const RESIDENTS: u32 = 1_000_000;

/// A page is asked for so often, unless that takes longer than this.
const ASKED: usize = 300;
const PATIENCE: Duration = Duration::from_secs(8);

/// Measures.
pub(crate) fn run(arguments: &[String]) -> Result<()> {
    let residents = match arguments.first() {
        Some(given) => given.parse().context("how many residents?")?,
        None => RESIDENTS,
    };
    let folder = arguments.get(1).map(PathBuf::from);
    tokio::runtime::Runtime::new()?.block_on(measure(residents, folder))
}

#[expect(clippy::print_stdout, reason = "a bench tells what it measured")]
async fn measure(residents: u32, kept: Option<PathBuf>) -> Result<()> {
    std::fs::create_dir_all("target/bench")?;
    // Under target/, not in /tmp: that may be memory.
    let folder = tempfile::tempdir_in("target/bench")?;
    let folder = kept.unwrap_or_else(|| folder.path().to_owned());
    let is_filled = folder.exists() && std::fs::read_dir(&folder)?.next().is_some();
    std::fs::create_dir_all(&folder)?;
    let client = if is_filled {
        device::again(&folder).await
    } else {
        let client = device::of(&folder, "c-01").await?;
        println!("putting {residents} residents on a device …");
        town::fill(&client, residents).await?;
        client
    };
    let mut figures = Map::new();
    figures.insert("residents".to_owned(), json!(residents));
    let (mut worst, mut slowest) = (0.0_f64, "");
    let town = Town::of(&client).await?;
    for page in PAGES {
        let asked = ask(&client, &town, page).await?;
        println!("{:>18}: {}", page.name(), asked.in_words());
        if asked.p99_ms > worst {
            (worst, slowest) = (asked.p99_ms, page.name());
        }
        figures.insert(page.name().to_owned(), asked.as_json());
    }
    figures.insert("p99_ms".to_owned(), json!(worst));
    figures.insert("slowest".to_owned(), json!(slowest));
    println!("{}", Value::Object(figures));
    Ok(())
}

/// What asking for a page costs.
struct Asked {
    times: usize,
    first_ms: f64,
    p50_ms: f64,
    p99_ms: f64,
    max_ms: f64,
    bare_p99_ms: f64,
    /// Of the longest answer.
    bytes: usize,
}

impl Asked {
    fn in_words(&self) -> String {
        format!(
            "p50 {:.2} ms, p99 {:.2} ms, max {:.2} ms, the first {:.2} ms, of {}; {} bytes; one row p99 {:.3} ms",
            self.p50_ms,
            self.p99_ms,
            self.max_ms,
            self.first_ms,
            self.times,
            self.bytes,
            self.bare_p99_ms,
        )
    }

    fn as_json(&self) -> Value {
        json!({
            "p50_ms": self.p50_ms, "p99_ms": self.p99_ms, "max_ms": self.max_ms,
            "first_ms": self.first_ms, "times": self.times, "bytes": self.bytes,
            "bare_p99_ms": self.bare_p99_ms,
        })
    }
}

/// Asks for a page, each time after somebody was met at a door: that is when pages ask again.
async fn ask(client: &Client, town: &Town, page: Page) -> Result<Asked> {
    let mut dice = Dice::new(7);
    let (mut ours, mut bares) = (Vec::new(), Vec::new());
    let mut bytes = 0;
    let mut spent = Duration::ZERO;
    while ours.len() < ASKED && spent < PATIENCE {
        let visit = VisitDoor {
            dwelling: town.door(&mut dice)?,
            outcome: Met::Met,
            note: String::new(),
        };
        client.visit_door(visit).await?;
        let (took, size) = page.ask(client, town, &mut dice).await?;
        spent += took;
        ours.push(took);
        bytes = bytes.max(size);
        let started = now();
        testing::one_row(client, 1 + i64::from(dice.few(1_000_000))).await?;
        bares.push(started.elapsed());
    }
    let ms = |it: Option<&Duration>| it.map_or(0.0, |it| it.as_secs_f64() * 1_000.0);
    let (first_ms, max_ms) = (ms(ours.first()), ms(ours.iter().max()));
    let times = ours.len();
    let (p50_ms, p99_ms) = percentiles(&mut ours)?;
    Ok(Asked {
        times,
        first_ms,
        p50_ms,
        p99_ms,
        max_ms,
        bare_p99_ms: percentiles(&mut bares)?.1,
        bytes,
    })
}
