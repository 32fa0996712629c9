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

/// Runs the named stories, or all; a failed one doesn't stop the others.
async fn test(names: &[String]) -> Result<()> {
    let (mut passed, mut failed) = (0, 0);
    for story in stories::NAMES {
        if !names.is_empty() && !names.iter().any(|name| name == story) {
            continue;
        }
        println!("story {story}");
        let mut stage = Stage::new("e2e", story)?;
        match stories::run(story, &mut stage).await {
            Ok(()) => passed += 1,
            Err(error) => {
                println!("story {story} FAILED: {error:#}");
                stage.picture_of_failure().await;
                failed += 1;
            }
        }
        stage.strike().await;
    }
    println!("{passed} passed, {failed} failed");
    if failed > 0 || passed == 0 {
        bail!("not every story came to its end");
    }
    Ok(())
}
