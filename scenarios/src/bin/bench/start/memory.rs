//! What memory a process and all it started hold.

use std::{collections::BTreeMap, fs, path::Path};

use anyhow::{Context as _, Result, ensure};

/// Megabytes of the process and everything below it, as proportional set size: memory that
/// several share is counted once in all (Linux, `/proc/PID/smaps_rollup`).
pub(super) fn of_tree(root: u32) -> Result<f64> {
    let parents = parents()?;
    let is_below = |mut pid: u32| {
        while let Some(parent) = parents.get(&pid) {
            if pid == root {
                return true;
            }
            pid = *parent;
        }
        false
    };
    let mut kb = 0;
    for pid in parents.keys().copied().filter(|pid| is_below(*pid)) {
        kb += pss_kb(pid)?;
    }
    ensure!(kb > 0, "the process runs");
    Ok(f64::from(kb) / 1_000.0 * 1.024)
}

fn pss_kb(pid: u32) -> Result<u32> {
    let text = fs::read_to_string(format!("/proc/{pid}/smaps_rollup"))?;
    let line = text.lines().find_map(|line| line.strip_prefix("Pss:"));
    let line = line.context("smaps_rollup tells Pss")?;
    Ok(line.trim().trim_end_matches(" kB").parse()?)
}

/// Every process and its parent.
fn parents() -> Result<BTreeMap<u32, u32>> {
    let mut parents = BTreeMap::new();
    for entry in fs::read_dir("/proc")?.flatten() {
        let Some(pid) = entry.file_name().to_str().and_then(|it| it.parse().ok()) else {
            continue;
        };
        // One that ended in between has no parent any more.
        if let Some(parent) = parent_of(&entry.path()) {
            parents.insert(pid, parent);
        }
    }
    Ok(parents)
}

fn parent_of(process: &Path) -> Option<u32> {
    let status = fs::read_to_string(process.join("status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("PPid:"))?;
    line.trim().parse().ok()
}
