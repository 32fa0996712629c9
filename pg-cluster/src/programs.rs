//! Where PostgreSQL's programs are, and how to run them: as root they refuse to.

use std::{
    env, fs, io,
    os::unix::{fs::MetadataExt as _, process::CommandExt as _},
    path::{Path, PathBuf},
    process::Command,
};

/// Debian keeps each version's programs in a folder of its own, and out of `PATH`.
const DEBIAN: &str = "/usr/lib/postgresql";

/// The folder with `initdb` and `pg_ctl`; of several versions the newest.
pub(super) fn find() -> Option<PathBuf> {
    let path = env::var_os("PATH").unwrap_or_default();
    let in_path = env::split_paths(&path).find(|folder| is_it(folder));
    in_path.or_else(|| {
        let versions = fs::read_dir(DEBIAN).ok()?.flatten();
        let folders = versions.map(|version| version.path());
        folders
            .map(|folder| folder.join("bin"))
            .filter(|bin| is_it(bin))
            .max_by_key(|bin| version_of(bin))
    })
}

fn is_it(folder: &Path) -> bool {
    ["initdb", "pg_ctl", "createdb"]
        .iter()
        .all(|program| folder.join(program).is_file())
}

fn version_of(bin: &Path) -> Option<u32> {
    bin.parent()?.file_name()?.to_str()?.parse().ok()
}

/// A program that does not run as root, and is not ended by the terminal's Ctrl-C: it has to clean
/// up when its caller was.
pub(super) fn as_no_root(program: &Path) -> io::Result<Command> {
    let is_root = fs::metadata("/proc/self")?.uid() == 0;
    let mut command = if is_root {
        let user = if is_user("postgres")? {
            "postgres"
        } else {
            "nobody"
        };
        let mut command = Command::new("runuser");
        command.args(["-u", user, "--"]).arg(program);
        command
    } else {
        Command::new(program)
    };
    command.process_group(0);
    Ok(command)
}

fn is_user(name: &str) -> io::Result<bool> {
    let users = fs::read_to_string("/etc/passwd")?;
    Ok(users
        .lines()
        .any(|line| line.split(':').next() == Some(name)))
}
