//! A world for stories: one hub over real HTTP, devices with the real core, and between them a
//! link that can fail in the ways links do.

mod clock;
mod device;
mod link;
mod pictures;

use std::{net::SocketAddr, path::PathBuf, sync::Arc};

use anyhow::{Context, Result};
use client::Clock as _;
use hub::{Config, Hub};
use shared::{Digest, StaffId};
use tokio::{net::TcpListener, sync::oneshot, task::JoinHandle};

pub use clock::WorldClock;
pub use device::{Device, HERE, draft, put_photo};
pub use link::{Fault, Link};
pub use pictures::street_photo;

/// A hub and everything around it. Dropped, it leaves nothing behind.
#[derive(Debug)]
pub struct World {
    folder: tempfile::TempDir,
    clock: Arc<WorldClock>,
    hub: Hub,
    address: SocketAddr,
    running: Option<Running>,
}

#[derive(Debug)]
struct Running {
    stop: oneshot::Sender<()>,
    served: JoinHandle<Result<(), hub::Error>>,
}

impl World {
    /// A world with the sample city, the hub running.
    pub async fn new() -> Result<Self> {
        let folder = tempfile::tempdir()?;
        let clock = Arc::new(WorldClock::at_nine_on_a_monday());
        let hub = open_hub(&folder.path().join("hub"), &clock).await?;
        let city = crate::sample_city::sample_city()?;
        hub.load_pack(crate::sample_city::to_text(&city)?.as_bytes())
            .await?;
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let mut world = Self {
            folder,
            clock,
            hub,
            address,
            running: None,
        };
        world.serve(listener);
        Ok(world)
    }

    fn serve(&mut self, listener: TcpListener) {
        let (stop, stopped) = oneshot::channel::<()>();
        let hub = self.hub.clone();
        let served =
            tokio::spawn(async move { hub.serve(listener, async { drop(stopped.await) }).await });
        self.running = Some(Running { stop, served });
    }

    /// The hub's process ends in the middle of whatever it does, and starts again on the same
    /// data and port.
    pub async fn restart_hub(&mut self) -> Result<()> {
        let running = self.running.take().context("the hub runs")?;
        running.served.abort();
        drop((running.stop, running.served.await));
        self.hub = open_hub(&self.folder.path().join("hub"), &self.clock).await?;
        let listener = TcpListener::bind(self.address).await?;
        self.serve(listener);
        Ok(())
    }

    /// A new device of a member of staff: enrolled, with the city's data, on a good link.
    pub async fn device(&self, staff: &str) -> Result<Device> {
        self.device_by(staff, self.address).await
    }

    /// The same, reaching the hub by something in front of it.
    pub async fn device_by(&self, staff: &str, front: SocketAddr) -> Result<Device> {
        let link = Link::to(front).await?;
        let code = self.hub.enrol(StaffId::from(staff)).await?.code;
        let folder = self.folder.path().join("devices").join(staff);
        let device = Device::open(staff, folder, Arc::clone(&self.clock), link).await?;
        device.enrol(&code).await?;
        Ok(device)
    }

    /// Where the hub is, for whoever needs no link that can be cut.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Copies the whole folder of a device, as a backup or a careless administrator does; gives the
    /// device back with its copy.
    pub async fn clone_of(&self, device: Device, name: &str) -> Result<(Device, Device)> {
        let (closed, folder) = device.closes().await;
        let copy = self.folder.path().join("devices").join(name);
        copy_folder(&folder, &copy)?;
        let link = Link::to(self.address).await?;
        let twin = Device::open(name, copy, Arc::clone(&self.clock), link).await?;
        // Each copy knows the hub by the address of the first one's link.
        Ok((closed.opens().await, twin))
    }

    /// The hub itself, as its operator sees it.
    pub fn hub(&self) -> &Hub {
        &self.hub
    }

    /// Time passes.
    pub fn minutes_pass(&self, minutes: i64) {
        self.clock.turn(minutes * 60_000);
    }

    /// The path of a photo's file at the hub, if it is there whole.
    pub fn photo_at_hub(&self, digest: Digest) -> Option<PathBuf> {
        let name = digest.to_string();
        let mut folders = vec![self.folder.path().join("hub").join("blobs")];
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).ok()?.flatten() {
                let path = entry.path();
                if path.is_dir() {
                    folders.push(path);
                } else if path.file_name().is_some_and(|file| *file == *name) {
                    return Some(path);
                }
            }
        }
        None
    }
}

fn copy_folder(from: &std::path::Path, to: &std::path::Path) -> Result<()> {
    std::fs::create_dir_all(to)?;
    for entry in std::fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy_folder(&entry.path(), &target)?;
        } else {
            std::fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}

async fn open_hub(data: &std::path::Path, clock: &Arc<WorldClock>) -> Result<Hub> {
    let clock = Arc::clone(clock);
    let config = Config {
        clock: Arc::new(move || clock.now()),
        ..Config::new(data)
    };
    Ok(Hub::open(config).await?)
}
