//! A device of a schedule: the real core on a folder of its own. Whatever it does can end in a
//! crash; then it is opened again from its files.

use std::{
    fs,
    future::poll_fn,
    panic::{AssertUnwindSafe, catch_unwind},
    path::{Path, PathBuf},
    pin::Pin,
    sync::Arc,
    task::Poll,
};

use anyhow::{Context, Result, bail};
use client::{
    Client, FileKeys, Options,
    sync::{RoundReport, SyncError},
};
use fault::Crash;
use shared::DeviceId;

use crate::folders;

use super::{
    clocks::{Clock, TrueTime},
    files::Moment,
    link::{Gate, Link},
    network::Network,
};

const DATABASE: &str = "device.db";

/// A round under way.
type Round = Pin<Box<dyn Future<Output = Result<RoundReport, SyncError>> + Send>>;

/// How a piece of work ended.
#[derive(Debug)]
pub(super) enum Ended<T> {
    /// With this.
    Done(T),
    /// It waits for the network.
    Waiting,
    /// The device crashed here.
    Crashed(&'static str),
}

/// A device.
pub(super) struct Tablet {
    /// Which one.
    pub who: usize,
    /// Whose.
    pub staff: &'static str,
    /// Its identity at the hub, when it last told it.
    pub device: DeviceId,
    /// The hub took its access away.
    pub revoked: bool,
    folder: PathBuf,
    time: Arc<TrueTime>,
    clock: Arc<Clock>,
    boots: u32,
    link: Link,
    client: Option<Client>,
    round: Option<Round>,
}

impl std::fmt::Debug for Tablet {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Tablet")
            .field("who", &self.who)
            .finish_non_exhaustive()
    }
}

impl Tablet {
    /// A device with its data in `folder`, not yet open.
    pub(super) fn new(
        who: usize,
        (staff, device): (&'static str, DeviceId),
        folder: PathBuf,
        time: &Arc<TrueTime>,
        network: &Network,
    ) -> Self {
        let gate = Arc::new(Gate::default());
        Self {
            who,
            staff,
            device,
            revoked: false,
            folder,
            time: Arc::clone(time),
            clock: Clock::booted(time, 0, 0),
            boots: 0,
            link: Link {
                who,
                network: network.clone(),
                gate,
            },
            client: None,
            round: None,
        }
    }

    /// The same person's second device, made of a copy of this one's folder.
    pub(super) fn copied(&self, who: usize, folder: PathBuf, network: &Network) -> Self {
        let mut copy = Self::new(who, (self.staff, self.device), folder, &self.time, network);
        copy.clock.set_off_by(self.clock.off_by());
        // No machine starts twice under one name.
        copy.boots = u32::try_from(who).unwrap_or_default().saturating_mul(1_000);
        copy.revoked = self.revoked;
        copy
    }

    /// Copies the device's folder as it is, but for what only running programs share. It is not in
    /// the middle of a change.
    pub(super) fn copy_to(&self, folder: &Path) -> Result<()> {
        folders::copy(&self.folder, folder)?;
        Ok(Moment::forget_shared(&folder.join(DATABASE))?)
    }

    /// Everything on the device is as in this copy of it; it is off.
    pub(super) fn becomes(&mut self, copy: &Path) -> Result<()> {
        self.close();
        fs::remove_dir_all(&self.folder)?;
        Ok(folders::copy(copy, &self.folder)?)
    }

    /// Asks the device by which identity it goes, if it is on.
    pub(super) async fn tells_identity(&mut self) -> Result<DeviceId> {
        if let Some(client) = &self.client {
            self.device = client::audit::identity(client).await?;
        }
        Ok(self.device)
    }

    /// Opens the app.
    pub(super) async fn open(&mut self) -> Result<()> {
        self.boots += 1;
        self.clock = Clock::booted(&self.time, self.clock.off_by(), self.boots);
        let client = Client::open(Options {
            data_dir: self.folder.clone(),
            keys: Arc::new(FileKeys::new(&self.folder)),
            clock: Arc::<Clock>::clone(&self.clock),
            device_name: "simulated".to_owned(),
            app_version: "0".to_owned(),
        })
        .await;
        let session = client.get_session(shared::ipc::GetSession {}).await?;
        if let Some(problem) = session.problem {
            bail!("I1: d{} opens with {problem:?}", self.who);
        }
        self.client = Some(client);
        Ok(())
    }

    /// Opens the app; the crash that was asked for may come before it is open.
    pub(super) async fn open_or_crash(&mut self) -> Result<Ended<()>> {
        let opened = drive(std::pin::pin!(self.open()), || false).await;
        match opened {
            Ended::Done(opened) => opened.map(Ended::Done),
            Ended::Waiting => Ok(Ended::Waiting),
            Ended::Crashed(at) => {
                fault::crash_is_known();
                Ok(Ended::Crashed(at))
            }
        }
    }

    /// The core.
    pub(super) fn client(&self) -> Result<Client> {
        self.client.clone().context("the device is off")
    }

    /// Whether the app is open.
    pub(super) fn is_open(&self) -> bool {
        self.client.is_some()
    }

    /// Its clocks.
    pub(super) fn clock(&self) -> &Clock {
        &self.clock
    }

    /// Its way to the hub.
    pub(super) fn link(&self) -> &Link {
        &self.link
    }

    /// The round is broken off, as when the app goes into the background.
    pub(super) fn stops_syncing(&mut self) {
        self.round = None;
        self.link.gate.clear();
    }

    /// Closes the app as a person does.
    pub(super) fn close(&mut self) {
        self.stops_syncing();
        self.client = None;
    }

    /// The process is gone; its files are as they were at that moment.
    pub(super) fn crash(&mut self) -> Result<()> {
        let moment = Moment::of(&self.folder.join(DATABASE))?;
        self.close();
        moment.put_back()?;
        Ok(())
    }

    /// Goes on with the round, or begins one, up to its next request.
    pub(super) async fn syncs(&mut self) -> Result<Ended<Result<RoundReport, SyncError>>> {
        let client = self.client()?;
        let link = self.link.clone();
        let round = self
            .round
            .get_or_insert_with(|| Box::pin(async move { client.sync_once_with(&link).await }));
        let gate = Arc::clone(&self.link.gate);
        gate.clear();
        let ended = drive(round.as_mut(), || gate.is_waiting()).await;
        if !matches!(ended, Ended::Waiting) {
            self.stops_syncing();
        }
        Ok(ended)
    }

    /// Does something that needs no network.
    pub(super) async fn does<T>(&self, work: impl Future<Output = T>) -> Ended<T> {
        drive(std::pin::pin!(work), || false).await
    }

    /// Does something over the network without waiting at the gate.
    pub(super) async fn does_online<T>(&self, work: impl Future<Output = T>) -> Ended<T> {
        self.link.gate.set_open(true);
        let ended = drive(std::pin::pin!(work), || false).await;
        self.link.gate.set_open(false);
        ended
    }
}

/// Polls until it is done, waits at the gate, or crashes.
async fn drive<T>(
    mut work: Pin<&mut (impl Future<Output = T> + ?Sized)>,
    at_gate: impl Fn() -> bool,
) -> Ended<T> {
    poll_fn(|context| {
        match catch_unwind(AssertUnwindSafe(|| work.as_mut().poll(context))) {
            Ok(Poll::Ready(done)) => Poll::Ready(Ended::Done(done)),
            Ok(Poll::Pending) if at_gate() => Poll::Ready(Ended::Waiting),
            Ok(Poll::Pending) => Poll::Pending,
            Err(cause) => match cause.downcast::<Crash>() {
                Ok(crash) => Poll::Ready(Ended::Crashed(crash.at)),
                // A true panic is a bug; it goes on its way.
                Err(cause) => std::panic::resume_unwind(cause),
            },
        }
    })
    .await
}
