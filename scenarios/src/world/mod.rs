//! A world for stories: one hub over real HTTP, devices with the real core, and between them a
//! link that can fail in the ways links do.

mod clock;
mod device;
mod forms;
mod front;
mod link;
mod pictures;

use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
    sync::Arc,
};

use anyhow::{Context, Result};
use client::Clock as _;
use hub::{Config, Hub, store::postgres::DatabaseUrl};
use shared::{
    Digest, StaffId,
    ipc::{GetSession, Problem},
};
use tokio::{net::TcpListener, sync::oneshot, task::JoinHandle};

use crate::folders;

pub use clock::WorldClock;
pub use device::{Device, HERE, draft, meet, put_photo};
pub use forms::{VACCINATED, VACCINATION};
pub use front::serve;
pub use link::{Fault, Link};
pub use pictures::street_photo;

/// A hub and everything around it. Dropped, it leaves nothing behind.
#[derive(Debug)]
pub struct World {
    folder: tempfile::TempDir,
    clock: Arc<WorldClock>,
    hub: Hub,
    place: HubPlace,
    address: SocketAddr,
    running: Option<Running>,
}

/// Where a hub keeps its data: a folder, and a database on a server unless that is in it, too; and
/// how it is set up otherwise than usual.
#[derive(Debug, Clone)]
struct HubPlace {
    folder: PathBuf,
    database: Option<DatabaseUrl>,
    set_up: fn(&mut Config),
}

/// All that a hub had at one moment.
#[derive(Debug)]
pub struct Backup(HubPlace);

#[derive(Debug)]
struct Running {
    stop: oneshot::Sender<()>,
    served: JoinHandle<Result<(), hub::Error>>,
}

impl World {
    /// A world with the sample city, the hub running.
    pub async fn new() -> Result<Self> {
        Self::on(None).await
    }

    /// The same on an empty database of a server.
    pub async fn on(database: Option<DatabaseUrl>) -> Result<Self> {
        Self::with(database, |_| {}).await
    }

    /// The same with a hub that is set up otherwise.
    pub async fn with(database: Option<DatabaseUrl>, set_up: fn(&mut Config)) -> Result<Self> {
        let folder = tempfile::tempdir()?;
        let clock = Arc::new(WorldClock::at_nine_on_a_monday());
        let place = HubPlace {
            folder: folder.path().join("hub"),
            database,
            set_up,
        };
        let hub = open_hub(&place, &clock).await?;
        let city = crate::sample_city::sample_city()?;
        hub.load_pack(crate::sample_city::to_text(&city)?.as_bytes())
            .await?;
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let mut world = Self {
            folder,
            clock,
            hub,
            place,
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
        self.hub = open_hub(&self.place, &self.clock).await?;
        let listener = TcpListener::bind(self.address).await?;
        self.serve(listener);
        Ok(())
    }

    /// The operator copies the hub's data while nothing is written. A database on a server they
    /// copy by its own means; `copied` is where to.
    pub fn back_up_hub(&self, name: &str, copied: Option<DatabaseUrl>) -> Result<Backup> {
        let folder = self.folder.path().join(name);
        folders::copy(&self.place.folder, &folder)?;
        Ok(Backup(HubPlace {
            folder,
            database: copied,
            set_up: self.place.set_up,
        }))
    }

    /// The hub stops, and goes on from a backup.
    pub async fn put_hub_back(&mut self, Backup(place): Backup) -> Result<()> {
        self.place = place;
        self.restart_hub().await
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

    /// Where the hub listens.
    pub fn address(&self) -> SocketAddr {
        self.address
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
        folders::copy(&folder, &copy)?;
        let twin = self.device_in(name, copy).await?;
        // Each copy knows the hub by the address of the first one's link.
        Ok((closed.opens().await, twin))
    }

    /// Another device that finds this folder as its own; what it knows of the hub is the address
    /// that the folder says.
    pub async fn device_in(&self, name: &str, folder: PathBuf) -> Result<Device> {
        let link = Link::to(self.address).await?;
        Device::open(name, folder, Arc::clone(&self.clock), link).await
    }

    /// A page of the device's database goes bad: the last one after whose loss as many operations
    /// can be read as `wanted`. Gives the device, opened again.
    pub async fn damages(&self, device: Device, wanted: impl Fn(u32) -> bool) -> Result<Device> {
        const PAGE: usize = 4_096;
        let (closed, folder) = device.closes().await;
        let database = folder.join("device.db");
        let whole = std::fs::read(&database)?;
        for page in (0..whole.len() / PAGE).rev() {
            let mut bad = whole.clone();
            bad.iter_mut()
                .skip(page * PAGE + 64)
                .take(64)
                .for_each(|byte| *byte ^= 0x5A);
            let trial = self.folder.path().join(format!("trial-{page}"));
            folders::copy(&folder, &trial)?;
            std::fs::write(trial.join("device.db"), &bad)?;
            let tried = self.device_in("trial", trial).await?;
            let session = tried.client().get_session(GetSession {}).await?;
            let read = match session.problem {
                Some(Problem::SetAside { operations, .. }) => operations,
                other => anyhow::bail!("page {page} is bad, and the device says {other:?}"),
            };
            if wanted(read) {
                std::fs::write(&database, &bad)?;
                return Ok(closed.opens().await);
            }
        }
        anyhow::bail!("no page leaves so many operations")
    }

    /// All that a device had is gone, and its person enrols it anew.
    pub async fn wiped(&self, device: Device, staff: &str) -> Result<Device> {
        let (closed, folder) = device.closes().await;
        drop(closed);
        std::fs::remove_dir_all(folder)?;
        self.device(staff).await
    }

    /// The operator loads a pack in which `who` walks the grids that `like` walks.
    pub async fn moves(&self, who: &str, like: &str) -> Result<()> {
        let mut city = crate::sample_city::sample_city()?;
        let there = city.staff.iter().find(|it| it.id.as_str() == like);
        let grids = there.context("nobody walks there")?.grids.clone();
        let mut staff = city.staff.iter_mut();
        let moved = staff.find(|it| it.id.as_str() == who);
        moved.context("nobody to be moved")?.grids = grids;
        let text = crate::sample_city::to_text(&city)?;
        self.hub.load_pack(text.as_bytes()).await?;
        Ok(())
    }

    /// The hub itself, as its operator sees it.
    pub fn hub(&self) -> &Hub {
        &self.hub
    }

    /// The clock of the hub and of every device.
    pub fn clock(&self) -> &WorldClock {
        &self.clock
    }

    /// Time passes.
    pub fn minutes_pass(&self, minutes: i64) {
        self.clock.turn(minutes * 60_000);
    }

    /// Where the hub keeps its data.
    pub fn hub_folder(&self) -> &Path {
        &self.place.folder
    }

    /// The path of a photo's file at the hub, if it is there whole.
    pub fn photo_at_hub(&self, digest: Digest) -> Option<PathBuf> {
        let name = digest.to_string();
        let path = self
            .place
            .folder
            .join("blobs")
            .join(name.get(..2)?)
            .join(&name);
        path.is_file().then_some(path)
    }
}

async fn open_hub(place: &HubPlace, clock: &Arc<WorldClock>) -> Result<Hub> {
    let clock = Arc::clone(clock);
    let mut config = Config {
        clock: Arc::new(move || clock.now()),
        database: place.database.clone(),
        ..Config::new(&place.folder)
    };
    (place.set_up)(&mut config);
    Ok(Hub::open(config).await?)
}
