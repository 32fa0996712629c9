//! A new identity at the hub, for a device that finds that it is a copy of another (cloned, or restored
//! from a backup) or that was handed on to somebody else. The twin, or the first person, keeps the old one;
//! what this device ever did is sent again under the new one, and the hub knows by its ids what it has
//! already.

use std::sync::Arc;

use rusqlite::Transaction;
use shared::{
    DeviceId,
    hub_api::{ErrorCode, Renew, Renewed},
    ipc::{Area, Changed},
};

use super::{
    SyncError,
    remote::{Remote, RemoteError},
};
use crate::{
    clock::random,
    core::Core,
    error::Result as LocalResult,
    fold,
    store::{device, outbox, settings},
};

/// Takes a new identity. Asked again after any interruption it takes the same one.
pub(super) async fn take_new<R: Remote>(core: &Arc<Core>, remote: &R) -> Result<(), SyncError> {
    let mut next = next(core).await?;
    let mut renewed = remote.renew(&Renew { device: next }).await;
    if is_in_use(&renewed) {
        // This device was copied when it had asked for it and had not heard the answer: the other
        // copy came first.
        core.write(|tx| settings::put(tx, settings::NEXT_IDENTITY, &None::<DeviceId>))
            .await?;
        next = self::next(core).await?;
        renewed = remote.renew(&Renew { device: next }).await;
    }
    let renewed = renewed?;
    core.write(move |tx| become_it(tx, next, &renewed.token))
        .await?;
    tracing::warn!(device = %next, "this device is a copy of another, and took a new identity");
    core.announce(Changed::of([Area::Cases, Area::Delivery, Area::Session]));
    Ok(())
}

/// The hub says so of an identity that is somebody else's, or that did something already.
fn is_in_use(renewed: &Result<Renewed, RemoteError>) -> bool {
    matches!(renewed, Err(RemoteError::Refused(error)) if error.code == ErrorCode::Forbidden)
}

/// The identity to ask for. Kept before it is asked for: an answer that gets lost must not cost an
/// identity each time.
pub(super) async fn next(core: &Arc<Core>) -> Result<DeviceId, SyncError> {
    let fresh = DeviceId::new(
        core.clock.now(),
        random().map_err(crate::error::Error::from)?,
    );
    let next = core
        .write(move |tx| {
            let kept: Option<DeviceId> = settings::find(tx, settings::NEXT_IDENTITY)?.flatten();
            let next = kept.unwrap_or(fresh);
            settings::put(tx, settings::NEXT_IDENTITY, &Some(next))?;
            Ok(next)
        })
        .await?;
    Ok(next)
}

/// The identity to enrol with: the one this device has, unless the hub doesn't know its token any
/// more. Then a copy of it may have enrolled in its place, and would lose its token in turn: each
/// would put the other out for ever.
pub(super) async fn to_enrol_with(core: &Arc<Core>) -> Result<DeviceId, SyncError> {
    let (known, unknown) = core
        .read(|db| {
            let unknown = settings::find(db, settings::TOKEN_UNKNOWN)?.unwrap_or(false);
            Ok((device::get(db)?.id, unknown))
        })
        .await?;
    if unknown { next(core).await } else { Ok(known) }
}

/// From now on the device goes by this identity, of whose sequence the hub knows nothing.
pub(super) fn become_it(tx: &Transaction<'_>, id: DeviceId, token: &str) -> LocalResult<()> {
    device::set_identity(tx, id, token)?;
    outbox::requeue_after(tx, 0)?;
    // None of it is at the hub under this name, and lists say so.
    fold::refold_each(tx, &outbox::targets(tx)?)?;
    settings::put(tx, settings::NEXT_IDENTITY, &None::<DeviceId>)
}
