//! Debian and Ubuntu: ask dpkg, install by apt-get.

use anyhow::{Result, bail};

use super::{apt, needs::Need};
use crate::step::{self, answer, program};

/// Whether this system installs by apt-get.
pub(super) fn is_here() -> bool {
    step::find("apt-get").is_some() && step::find("dpkg-query").is_some()
}

/// The packages of these needs that are neither installed nor met by something else.
pub(super) fn missing(needs: &[Need]) -> Vec<&'static str> {
    let names: Vec<_> = needs.iter().map(|need| need.debian).collect();
    let absent = not_installed(&names);
    let unmet = needs
        .iter()
        .filter(|need| absent.contains(&need.debian) && !need.is_met_otherwise());
    unmet.map(|need| need.debian).collect()
}

/// Which of these packages dpkg does not have.
pub(super) fn not_installed(names: &[&'static str]) -> Vec<&'static str> {
    let format = "-f=${Package} ${db:Status-Status}\n";
    // dpkg-query fails as soon as one name is unknown, and still tells about the others.
    let output = program("dpkg-query")
        .args(["-W", format])
        .args(names)
        .output();
    let told = output.map(|output| output.stdout).unwrap_or_default();
    absent(names, &String::from_utf8_lossy(&told))
}

fn absent(names: &[&'static str], told: &str) -> Vec<&'static str> {
    let installed = |name: &str| told.lines().any(|line| line == format!("{name} installed"));
    names
        .iter()
        .copied()
        .filter(|name| !installed(name))
        .collect()
}

/// Says what will be installed, and installs it.
pub(super) fn install(packages: &[&str]) -> Result<()> {
    if packages.is_empty() {
        return Ok(());
    }
    let list = packages.join(" ");
    eprintln!("these packages are missing and will be installed by apt-get: {list}");
    let by_hand = format!("apt-get update && apt-get install -y --no-install-recommends {list}");
    let is_root = answer(program("id").arg("-u")).is_some_and(|id| id.trim() == "0");
    if !is_root && step::find("sudo").is_none() {
        bail!(
            "only root may install packages, and there is no sudo here; please have an administrator run this, then call again:\n  {by_hand}"
        );
    }
    let rights = if is_root { "" } else { " (by sudo)" };
    let install = [
        &["install", "-y", "-q", "--no-install-recommends"],
        packages,
    ];
    // A list that can't be fetched may be one of many, and not needed; but it must not go unsaid.
    let update = ["update", "-q", "-o", "APT::Update::Error-Mode=any"];
    if let Err(error) = apt::get(&format!("apt-get update{rights}"), is_root, &update) {
        eprintln!("   {error:#}\n   going on with the lists that are there");
    }
    let installed = apt::get(
        &format!("apt-get install{rights}"),
        is_root,
        &install.concat(),
    );
    match installed {
        Ok(()) => Ok(()),
        Err(error) => bail!(
            "{error:#}\nthe packages could not be installed (Debian 12 has them all); please have this run as root, then call again:\n  {by_hand}"
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::absent;

    #[test]
    fn a_package_that_was_removed_or_never_known_is_absent() {
        let told = "xvfb installed\nlibssl-dev config-files\n";

        assert_eq!(
            absent(&["xvfb", "libssl-dev", "npm"], told),
            ["libssl-dev", "npm"]
        );
    }
}
