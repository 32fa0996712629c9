//! The hub of a schedule: the real one, on a folder of its own. It can stop, crash, be copied, and
//! be put back as it was.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::Arc,
};

use anyhow::{Context, Result};
use client::Clock as _;
use hub::{Config, Hub, audit::Audit};
use shared::hub_api::Limits;

use crate::folders;

use super::{clocks::Clock, files::Moment, network::Network};

/// The hub and its folder.
#[derive(Debug)]
pub(super) struct Station {
    data: PathBuf,
    network: Network,
    clock: Arc<Clock>,
    hub: Option<Hub>,
    audit: Option<Audit>,
    backups: usize,
}

impl Station {
    /// A hub on the folder `data`, not yet running.
    pub(super) fn new(data: PathBuf, network: Network, clock: Arc<Clock>) -> Self {
        Self {
            data,
            network,
            clock,
            hub: None,
            audit: None,
            backups: 0,
        }
    }

    /// Starts it.
    pub(super) async fn start(&mut self) -> Result<()> {
        let clock = Arc::clone(&self.clock);
        let config = Config {
            clock: Arc::new(move || clock.now()),
            // Small pieces, so that small photos need several.
            limits: Limits {
                chunk_min: 1_024,
                chunk_max: 4_096,
                ..Config::new(&self.data).limits
            },
            ..Config::new(&self.data)
        };
        let hub = Hub::open(config).await?;
        self.network.state().hub = Some(hub.router());
        self.hub = Some(hub);
        self.audit = Some(Audit::open(&self.data)?);
        Ok(())
    }

    /// Whether it runs.
    pub(super) fn is_up(&self) -> bool {
        self.hub.is_some()
    }

    /// The hub, as its operator sees it.
    pub(super) fn hub(&self) -> Result<&Hub> {
        self.hub.as_ref().context("the hub is down")
    }

    /// Its tables.
    pub(super) fn audit(&mut self) -> Result<&mut Audit> {
        self.audit.as_mut().context("the hub is down")
    }

    /// Its folder.
    pub(super) fn data(&self) -> &PathBuf {
        &self.data
    }

    /// Its clock.
    pub(super) fn clock(&self) -> &Clock {
        &self.clock
    }

    /// Stops it as an operator does.
    pub(super) fn stop(&mut self) {
        self.network.state().hub = None;
        self.audit = None;
        self.hub = None;
    }

    /// Its process is gone; its files are as they were at that moment.
    pub(super) fn crash(&mut self) -> Result<()> {
        let moment = Moment::of(&self.data.join("hub.db"))?;
        self.stop();
        moment.put_back()?;
        Ok(())
    }

    /// Copies its folder. It is not in the middle of anything.
    pub(super) fn back_up(&mut self) -> Result<PathBuf> {
        self.backups += 1;
        let copy = self.data.with_extension(format!("backup-{}", self.backups));
        folders::copy(&self.data, &copy)?;
        let shared = copy.join("hub.db-shm");
        if shared.exists() {
            fs::remove_file(shared)?;
        }
        Ok(copy)
    }

    /// Puts a copy in its place and starts it; its operator says so by a new epoch.
    pub(super) async fn put_back(&mut self, copy: &Path) -> Result<()> {
        self.stop();
        fs::remove_dir_all(&self.data)?;
        folders::copy(copy, &self.data)?;
        self.start().await?;
        Ok(self.hub()?.renew_epoch().await?)
    }
}
