//! Debian and Ubuntu: ask dpkg, install by apt-get.

use anyhow::{Result, bail};

use super::needs::Need;
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
    let by_hand =
        format!("sudo apt-get update && sudo apt-get install -y --no-install-recommends {list}");
    let is_root = answer(program("id").arg("-u")).is_some_and(|id| id.trim() == "0");
    if !is_root && step::find("sudo").is_none() {
        bail!("we are not root and there is no sudo; please have this run: {by_hand}");
    }
    let apt_get = |args: &[&str]| {
        let mut command = program(if is_root { "env" } else { "sudo" });
        if !is_root {
            command.arg("env");
        }
        command
            .args(["DEBIAN_FRONTEND=noninteractive", "apt-get"])
            .args(args);
        command
    };
    step::run("apt-get update", &mut apt_get(&["update", "-q"]))?;
    let mut command = apt_get(&["install", "-y", "-q", "--no-install-recommends"]);
    step::run("apt-get install", command.args(packages))
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
