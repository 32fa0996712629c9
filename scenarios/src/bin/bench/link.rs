//! `bench link [RECORDS PHOTOS [CASE…]]`: everything a tablet has to say over links that are as bad as
//! links are, beside a good one in the same run. That all of it arrived, once, is looked at by the
//! haul itself; here it is counted what that cost, and what for. Without cases, all of them.

use std::time::Duration;

use anyhow::{Context as _, Result};
use client::sync::Patience;
use scenarios::link::{After, Conditions, Counted, Cut, Hauled, Line, Load, Stand};
use serde_json::{Map, Value, json};

/// What a tablet has to say after a long time without a network.
const RECORDS: u32 = 10_000;
const PHOTOS: u32 = 20;
const PHOTO_WIDTH: u16 = 640;

/// A silent peer is given up after this; in the field after half a minute, and nothing is counted
/// meanwhile.
const PATIENCE: Patience = Patience {
    connect: Duration::from_secs(10),
    idle: Duration::from_secs(2),
};

/// Hauls.
pub(crate) fn run(arguments: &[String]) -> Result<()> {
    let number = |at: usize, usual: u32| match arguments.get(at) {
        Some(given) => given
            .parse()
            .context("how many? For example: bench link 1000 2"),
        None => Ok(usual),
    };
    let load = Load {
        records: number(0, RECORDS)?,
        photos: number(1, PHOTOS)?,
        photo_width: PHOTO_WIDTH,
    };
    let wanted = arguments.get(2..).unwrap_or_default();
    tokio::runtime::Runtime::new()?.block_on(measure(load, wanted))
}

#[expect(clippy::print_stdout, reason = "a bench tells what it measured")]
async fn measure(load: Load, wanted: &[String]) -> Result<()> {
    println!("{} records, {} photos", load.records, load.photos);
    let clean = haul(load, Conditions::default()).await?;
    tell("clean", &clean, &clean);
    let mut figures = Map::new();
    figures.insert("records".to_owned(), json!(load.records));
    figures.insert("photos".to_owned(), json!(load.photos));
    figures.insert("clean_bytes".to_owned(), json!(clean.carried.total()));
    let cases = cases().into_iter();
    for (name, conditions) in cases.filter(|(name, _)| is_wanted(name, wanted)) {
        let hauled = haul(load, conditions).await?;
        tell(name, &hauled, &clean);
        figures.insert(format!("{name}_ratio"), json!(ratio(&hauled, &clean)));
        figures.insert(format!("{name}_s"), json!(hauled.took.as_secs_f64()));
    }
    println!("{}", Value::Object(figures));
    Ok(())
}

fn is_wanted(name: &str, wanted: &[String]) -> bool {
    wanted.is_empty() || wanted.iter().any(|it| it == name)
}

/// Bytes of these records over a link cut every 64 KB, against a good one.
pub(crate) async fn cut64(records: u32) -> Result<f64> {
    let load = Load {
        records,
        photos: 0,
        photo_width: PHOTO_WIDTH,
    };
    let clean = haul(load, Conditions::default()).await?;
    let broken = haul(load, cut(64, After::Closed)).await?;
    Ok(ratio(&broken, &clean))
}

fn cases() -> [(&'static str, Conditions); 6] {
    [
        ("cut16", cut(16, After::Closed)),
        ("cut64", cut(64, After::Closed)),
        ("cut256", cut(256, After::Closed)),
        ("address64", cut(64, After::NewAddress)),
        ("address256", cut(256, After::NewAddress)),
        (
            "slow",
            Conditions {
                line: Some(Line::edge()),
                cut: None,
            },
        ),
    ]
}

fn cut(kilobytes: u64, after: After) -> Conditions {
    Conditions {
        cut: Some(Cut {
            every: kilobytes * 1024,
            counted: Counted::Both,
            after,
        }),
        line: None,
    }
}

async fn haul(load: Load, conditions: Conditions) -> Result<Hauled> {
    let stand = Stand::new(tempfile::tempdir()?, PATIENCE).await?;
    let haul = stand.haul(load, conditions).await?;
    haul.deliver().await
}

#[expect(clippy::print_stdout, reason = "a bench tells what it measured")]
fn tell(name: &str, hauled: &Hauled, clean: &Hauled) {
    let carried = hauled.carried;
    println!(
        "{name:>10}: {:>9} up, {:>9} down, {:>8} vanished, {:>4} cuts, {:>3} rounds, {:>6.1} s, {:.2} × clean",
        carried.up,
        carried.down,
        carried.vanished,
        carried.cuts,
        hauled.rounds,
        hauled.took.as_secs_f64(),
        ratio(hauled, clean),
    );
    println!("{}", hauled.ledger);
}

#[expect(clippy::cast_precision_loss, reason = "a ratio for people to read")]
fn ratio(hauled: &Hauled, clean: &Hauled) -> f64 {
    hauled.carried.total() as f64 / clean.carried.total().max(1) as f64
}
