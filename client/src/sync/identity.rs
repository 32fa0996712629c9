//! A new identity at the hub, for a device that finds that it is a copy of another: cloned, or
//! restored from a backup. The twin keeps the old one; what this device ever did is sent again under
//! the new one, and the hub knows by its ids what it has already.

use std::sync::Arc;

use shared::{
    DeviceId,
    hub_api::Renew,
    ipc::{Area, Changed},
};

use super::{SyncError, remote::Remote};
use crate::{
    clock::random,
    core::Core,
    store::{device, outbox, settings},
};

/// Takes a new identity. Asked again after any interruption it takes the same one.
pub(super) async fn take_new<R: Remote>(core: &Arc<Core>, remote: &R) -> Result<(), SyncError> {
    let fresh = DeviceId::new(
        core.clock.now(),
        random().map_err(crate::error::Error::from)?,
    );
    // Kept before it is asked for: an answer that gets lost must not cost an identity each time.
    let next = core
        .write(move |tx| {
            let kept: Option<DeviceId> = settings::find(tx, settings::NEXT_IDENTITY)?.flatten();
            let next = kept.unwrap_or(fresh);
            settings::put(tx, settings::NEXT_IDENTITY, &Some(next))?;
            Ok(next)
        })
        .await?;
    let renewed = remote.renew(&Renew { device: next }).await?;
    core.write(move |tx| {
        device::set_identity(tx, next, &renewed.token)?;
        outbox::requeue_after(tx, 0)?;
        settings::put(tx, settings::NEXT_IDENTITY, &None::<DeviceId>)
    })
    .await?;
    tracing::warn!(device = %next, "this device is a copy of another, and took a new identity");
    core.announce(Changed::of([Area::Cases, Area::Delivery, Area::Session]));
    Ok(())
}
