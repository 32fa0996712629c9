//! A disk of a few megabytes that can be filled and emptied: a file system in memory, in a mount
//! namespace of its own, which a sleeping process keeps and the app is started in.

use std::{
    fs::{self, File},
    io::Write as _,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Result, ensure};

use crate::{display::until, process::Process};

const NAMESPACE: [&str; 3] = ["--user", "--map-root-user", "--mount"];

/// A small disk.
#[derive(Debug)]
pub(super) struct SmallDisk {
    root: PathBuf,
    keeper: Process,
}

impl SmallDisk {
    /// A disk of so many bytes over the folder `at`; `None` where this machine permits no
    /// namespaces.
    pub(super) async fn over(at: &Path, bytes: u32) -> Result<Option<Self>> {
        let mount = format!("mount -t tmpfs -o size={bytes} none \"$0\"");
        let probe = Command::new("unshare")
            .args(NAMESPACE)
            .args(["sh", "-c", &mount])
            .arg(at)
            .output();
        if !probe.is_ok_and(|output| output.status.success()) {
            return Ok(None);
        }
        let keep = format!("{mount} && touch \"$0/mounted\" && exec sleep infinity");
        let keeper = Process::start(
            Command::new("unshare")
                .args(NAMESPACE)
                .args(["sh", "-c", &keep])
                .arg(at),
            &at.with_extension("disk.log"),
        )?;
        let inside = at.strip_prefix("/")?;
        let root = Path::new("/proc")
            .join(keeper.id().to_string())
            .join("root")
            .join(inside);
        until("the small disk", || root.join("mounted").exists()).await?;
        Ok(Some(Self { root, keeper }))
    }

    /// The process that keeps it.
    pub(super) fn namespace(&self) -> u32 {
        self.keeper.id()
    }

    /// Uses up every byte.
    pub(super) fn fill(&self) -> Result<()> {
        let mut file = File::create(self.filler())?;
        for size in [64 * 1024, 4 * 1024, 1] {
            while file.write_all(&vec![0; size]).is_ok() {}
        }
        ensure!(file.write_all(&[0]).is_err(), "not one byte more goes in");
        Ok(())
    }

    /// Makes room again.
    pub(super) fn empty(&self) -> Result<()> {
        Ok(fs::remove_file(self.filler())?)
    }

    fn filler(&self) -> PathBuf {
        self.root.join("filler")
    }
}
