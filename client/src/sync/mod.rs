//! The sync: what this device did goes up, what the hub has comes down, photos follow. It works
//! beside the person, never in their way: nothing here is waited for by a page, and whatever
//! fails leaves the outbox as it was.
//!
//! [`Client::start_sync`] runs rounds by itself; [`Client::sync_once`] runs one. What a hub is,
//! as seen from here, is [`Remote`].

mod address;
mod answer;
mod backoff;
mod brief;
mod engine;
mod enrol;
mod error;
mod export;
mod forgotten;
mod hello;
mod http;
mod identity;
mod last_hello;
mod pace;
mod photos_down;
mod photos_up;
mod publish;
mod pull;
mod push;
mod remote;
mod round;
mod skew;
mod truth;

pub use address::{HubAddress, NotAnAddress};
pub use backoff::Backoff;
pub use error::SyncError;
pub use http::{Http, OverHttp, Patience};
pub use pace::Pace;
pub use remote::{Check, Connect, PhotoPart, Remote, RemoteError, Retry, Upload};
pub use round::RoundReport;
pub use truth::Untruth;

pub(crate) use engine::SyncState;

use std::sync::Arc;

use shared::{Digest, ipc::Link};

use crate::{Client, core::Core, store::device};

impl Client {
    /// Runs one round now, and says what it did. Rounds never overlap: it waits for the running
    /// one.
    pub async fn sync_once(&self) -> Result<RoundReport, SyncError> {
        self.sync_once_with(&OverHttp::default()).await
    }

    /// [`Client::sync_once`] over another kind of connection.
    pub async fn sync_once_with<C: Connect>(&self, connect: &C) -> Result<RoundReport, SyncError> {
        engine::one_round(self.core()?, connect).await
    }

    /// Fetches a photo that is not on this device, and keeps it. To be called when somebody looks
    /// at it.
    pub async fn fetch_photo(&self, digest: Digest) -> Result<(), SyncError> {
        self.fetch_photo_with(&OverHttp::default(), digest).await
    }

    /// [`Client::fetch_photo`] over another kind of connection.
    pub async fn fetch_photo_with<C: Connect>(
        &self,
        connect: &C,
        digest: Digest,
    ) -> Result<(), SyncError> {
        let core = self.core()?;
        // A page must not wait for a connection that was just found missing.
        if core.link() == Link::Offline {
            return Err(SyncError::NeedsHub);
        }
        let remote = remote_of(core, connect).await?;
        // Not the rounds' own pace: a round may be running, and nobody waits for it here.
        let mut pace = round::Paces::default().chunk;
        photos_down::fetch(core, &remote, digest, &mut pace).await
    }
}

/// The hub this device is enrolled at.
async fn remote_of<C: Connect>(core: &Arc<Core>, connect: &C) -> Result<C::Remote, SyncError> {
    let device = core.read(device::get).await?;
    let enrolment = device.enrolment.ok_or(SyncError::NotEnrolled)?;
    let address: HubAddress = enrolment.hub_url.parse().map_err(RemoteError::from)?;
    Ok(connect.connect(&address, Some(&enrolment.token))?)
}
