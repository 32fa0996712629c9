//! `cargo xtask setup`: what a command needs that cargo does not bring. Says what it will install
//! before it does, installs only what is missing, and is quick when nothing is.

mod apt;
mod debian;
mod needs;
pub(crate) mod peers;
mod rust;
pub(crate) mod wasm;

use anyhow::{Result, bail};

use crate::step;

pub(crate) use needs::Group;

/// Sets up the groups named, or all that `cargo xtask test` needs.
pub(crate) fn run(names: &[String]) -> Result<()> {
    let groups = match names {
        [] => vec![Group::Build, Group::Check, Group::Window],
        names => names
            .iter()
            .map(|name| Group::parse(name))
            .collect::<Result<_>>()?,
    };
    ensure(&groups)?;
    eprintln!("everything is there; next: cargo xtask demo, or cargo xtask test");
    Ok(())
}

/// Makes sure that all the groups need is installed.
pub(crate) fn ensure(groups: &[Group]) -> Result<()> {
    system_packages(groups)?;
    if groups.contains(&Group::Check) {
        rust::ensure_checkers()?;
        peers::ensure()?;
    }
    if groups.contains(&Group::Build) {
        wasm::route()?;
    }
    Ok(())
}

fn system_packages(groups: &[Group]) -> Result<()> {
    let needed = needs::of(groups);
    if debian::is_here() {
        return debian::install(&debian::missing(&needed));
    }
    let missing: Vec<_> = needed.into_iter().filter(|need| !need.is_met()).collect();
    if missing.is_empty() {
        return Ok(());
    }
    let dnf: Vec<_> = missing.iter().map(|need| need.dnf).collect();
    let dnf = match step::find("dnf") {
        Some(_) => format!(
            "\nby dnf, not tried by us: sudo dnf install {}",
            dnf.join(" ")
        ),
        None => String::new(),
    };
    bail!(
        "this system has no apt-get, so its own package manager, or you, must bring what is missing:\n{}{dnf}\nthen call this again; whatever way they came, they are found",
        needs::by_hand(&missing)
    )
}
