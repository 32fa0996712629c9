//! `bench start`: from starting the program to a painted list of 10,000 cases, what memory the
//! app's processes then hold, and how large the page's wasm is when compressed.
//!
//! The moment is taken from outside, from the screen's own memory: the first time the rows look as
//! they look when nothing changes any more. The app knows nothing of being measured.

pub(crate) mod cases;
mod memory;
mod screen;

use std::{
    path::{Path, PathBuf},
    process::Command,
    time::Duration,
};

use anyhow::{Context as _, Result, ensure};
use scenarios::machine::{display::Display, process::Process};

use self::screen::Screen;
use crate::save::{now, percentiles};

/// Cases on the device.
const CASES: u32 = 10_000;
/// A tablet held upright.
const SIZE: (u32, u32) = (800, 1_280);
/// Measured starts; one more before them warms the disk's cache and is not counted.
const STARTS: usize = 7;
/// How long nothing may change until a picture counts as the last.
const STILL: Duration = Duration::from_secs(2);
/// A start that takes longer is a fault.
const PATIENCE: Duration = Duration::from_mins(1);

/// Measures.
#[expect(clippy::print_stdout, reason = "a bench tells what it measured")]
pub(crate) fn run() -> Result<()> {
    let app = PathBuf::from(
        std::env::var_os("GRIDWALKER_APP").context("GRIDWALKER_APP names the app's program")?,
    );
    let wasm = compressed_wasm()?;
    let folder = std::path::absolute("target/bench/start")?;
    if folder.exists() {
        std::fs::remove_dir_all(&folder)?;
    }
    std::fs::create_dir_all(&folder)?;
    let runtime = tokio::runtime::Runtime::new()?;
    let data = folder.join("data");
    println!("putting {CASES} cases on a device …");
    runtime.block_on(cases::fill(&data, CASES))?;
    let display = runtime.block_on(Display::start(SIZE.0, SIZE.1, &folder))?;
    let (mut times, mut memories) = (Vec::new(), Vec::new());
    for start in 0..=STARTS {
        let (time, memory) = one_start(&app, &data, &display, &folder)?;
        println!(
            "start {start}: {:.0} ms, {memory:.1} MB{}",
            time.as_secs_f64() * 1_000.0,
            if start == 0 { " (not counted)" } else { "" },
        );
        if start > 0 {
            times.push(time);
            memories.push(memory);
        }
    }
    println!("what it looked like: {}", folder.join("list.png").display());
    memories.sort_by(f64::total_cmp);
    let memory = memories.get(STARTS / 2).context("there is a start")?;
    let (start_ms, _) = percentiles(&mut times)?;
    let figures = serde_json::json!({
        "start_ms": start_ms.round(), "pss_mb": memory.round(), "wasm_gz_kb": wasm,
    });
    println!("{figures}");
    Ok(())
}

/// One start: the time to the painted list, and the memory in MB once it stands.
fn one_start(app: &Path, data: &Path, display: &Display, folder: &Path) -> Result<(Duration, f64)> {
    let screen = Screen::of(display)?;
    let bare = screen.rows()?;
    let mut command = Command::new(app);
    command
        .env("GRIDWALKER_DATA", data)
        .env("GRIDWALKER_WINDOW", format!("{}x{}", SIZE.0, SIZE.1))
        .env("GRIDWALKER_PAGE", "/cases")
        .env("DISPLAY", display.name())
        .env_remove("WAYLAND_DISPLAY")
        .env("GDK_BACKEND", "x11")
        .env("NO_AT_BRIDGE", "1");
    let started = now();
    let process = Process::start(&mut command, &folder.join("app.log"))?;
    let (mut shown, mut changed) = (bare.clone(), None);
    loop {
        std::thread::sleep(Duration::from_millis(4));
        let rows = screen.rows()?;
        let elapsed = started.elapsed();
        if rows != shown {
            shown = rows;
            changed = Some(elapsed);
        }
        ensure!(elapsed < PATIENCE, "nothing stood still on the screen");
        if changed.is_some_and(|changed| elapsed.saturating_sub(changed) > STILL)
            && screen::is_written_on(&shown)
        {
            break;
        }
    }
    let memory = memory::of_tree(process.id())?;
    display.picture(&folder.join("list.png"))?;
    process.stop()?;
    Ok((changed.context("the app painted something")?, memory))
}

/// Kilobytes of the page's wasm, compressed by `gzip -9`.
fn compressed_wasm() -> Result<u64> {
    let page = PathBuf::from(
        std::env::var_os("GRIDWALKER_UI").context("GRIDWALKER_UI names the page's folder")?,
    );
    let output = Command::new("gzip")
        .args(["-9", "--stdout"])
        .arg(page.join("ui_bg.wasm"))
        .output()?;
    ensure!(output.status.success(), "gzip ended with {}", output.status);
    Ok(u64::try_from(output.stdout.len())? / 1_000)
}
