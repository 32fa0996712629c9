//! Drives the real app in its real window, with a real hub: end-to-end tests, the scripted tour
//! of `cargo xtask demo`, and the demo itself. `cargo xtask e2e|demo` build what this needs.
//!
//! It knows nothing of the program's inside: it types, clicks, kills, and looks at pictures and at
//! the hub's files.
#![expect(
    clippy::print_stdout,
    reason = "a command-line tool talks on the terminal"
)]

mod app;
mod demo;
mod driver;
mod fixtures;
mod hub;
mod stage;
mod stories;

use anyhow::{Result, bail};
use futures_util::{StreamExt as _, TryStreamExt as _, stream};
pub(crate) use scenarios::machine::{display, process};
use stage::Stage;

#[tokio::main]
async fn main() -> Result<()> {
    // The WebDriver client speaks plain HTTP to this machine, but won't start without a provider.
    if rustls::crypto::ring::default_provider()
        .install_default()
        .is_err()
    {
        bail!("a TLS provider was installed already");
    }
    let args: Vec<String> = std::env::args().skip(1).collect();
    let (what, names) = match args.split_first() {
        Some((what, names)) => (what.as_str(), names),
        None => bail!("usage: window test [story …] | tour | demo"),
    };
    match what {
        "test" => test(names).await,
        "tour" => demo::tour().await,
        "demo" => demo::with_display().await,
        _ => bail!("unknown: {what}; there is test [story …], tour and demo"),
    }
}

/// So many stories are told at once: one waits for its window more often than not.
const AT_ONCE: usize = 2;

/// Runs the named stories, or all; a failed one doesn't stop the others.
async fn test(names: &[String]) -> Result<()> {
    let chosen = stories::NAMES.iter().copied();
    let chosen = chosen.filter(|it| names.is_empty() || names.iter().any(|name| name == it));
    let told = stream::iter(chosen).map(tell).buffer_unordered(AT_ONCE);
    let told: Vec<bool> = told.try_collect().await?;
    let passed = told.iter().filter(|passed| **passed).count();
    let failed = told.len() - passed;
    println!("{passed} passed, {failed} failed");
    if failed > 0 || passed == 0 {
        bail!("not every story came to its end");
    }
    Ok(())
}

/// Tells one story. Whether it passed.
async fn tell(story: &str) -> Result<bool> {
    println!("story {story}");
    let mut stage = Stage::new("e2e", story)?;
    // On the heap: the stories' steps are long.
    let told = Box::pin(stories::run(story, &mut stage)).await;
    if let Err(error) = &told {
        println!("story {story} FAILED: {error:#}");
        stage.picture_of_failure().await;
    }
    stage.strike().await;
    Ok(told.is_ok())
}
