//! The beginning of a round: is this the hub we belong to, does it speak our language, and does
//! it still know what it confirmed?

use std::sync::Arc;

use shared::{
    Kind,
    hub_api::{ErrorCode, Hello, HelloAnswer, PROTOCOL},
    ipc::{Area, Changed},
};

use super::{
    SyncError,
    remote::{Remote, RemoteError},
    round::Paces,
    skew,
    truth::Untruth,
};
use crate::{
    core::Core,
    error::Result,
    fold,
    store::{device, feeds, files, outbox, settings},
};

/// What hello brought.
pub(super) struct Greeting {
    pub(super) answer: HelloAnswer,
    /// It can't be true; the round goes on all the same.
    pub(super) untruth: Option<Untruth>,
}

/// Says hello, and brings this device's own records in line with the answer.
pub(super) async fn greet<R: Remote>(
    core: &Arc<Core>,
    remote: &R,
    paces: &mut Paces,
) -> Result<Greeting, SyncError> {
    let asked = core.clock.observed();
    let answer = remote.hello(&Hello::at(asked.clone())).await?;
    let heard = core.clock.observed();
    core.set_clock_off(skew::certainly_off_ms(&asked, &heard, answer.server_time));
    if !(answer.protocol.min..=answer.protocol.max).contains(&PROTOCOL) {
        return Err(RemoteError::refused(ErrorCode::ProtocolVersion).into());
    }
    let limits = answer.limits;
    paces.chunk.keep_within(limits.chunk_min, limits.chunk_max);

    fault::point("client/hello: answered, not noted");
    let hello = answer.clone();
    let (changed, untruth) = core.write(move |tx| record(tx, &hello)).await??;
    core.announce(changed);
    Ok(Greeting { answer, untruth })
}

/// Takes over what the hub said. `Err` inside: it is another hub, and nothing was touched.
fn record(
    tx: &rusqlite::Transaction<'_>,
    hello: &HelloAnswer,
) -> Result<Result<(Changed, Option<Untruth>), SyncError>> {
    let device = device::get(tx)?;
    let Some(enrolment) = device.enrolment else {
        return Ok(Err(SyncError::NotEnrolled));
    };
    if enrolment.hub_id != hello.hub_id {
        return Ok(Err(SyncError::OtherHub));
    }
    // The hub has operations of this device that it doesn't know of: they are of a copy of it.
    if hello.last_dev_seq > device.last_dev_seq {
        return Ok(Err(RemoteError::refused(ErrorCode::NewEpochRequired).into()));
    }
    let mut changed = Changed::default();

    // A new epoch, or a hub that has less than it confirmed: its database was lost or restored.
    // What it confirmed is still here, and is sent again; it knows duplicates by their ids.
    let new_epoch = device
        .epoch
        .as_deref()
        .is_some_and(|epoch| epoch != hello.epoch);
    let from = if new_epoch { 0 } else { hello.last_dev_seq };
    let lost = new_epoch || hello.last_dev_seq < device.acked_dev_seq;
    let lost_before = settings::find(tx, settings::HUB_LOST)?.unwrap_or(false);
    if lost != lost_before {
        settings::put(tx, settings::HUB_LOST, &lost)?;
    }
    // Once is a backup that was put back. Twice in a row it forgets what it confirms.
    let untruth = (lost && lost_before).then_some(Untruth::Forgot);
    if lost && !fault::planted(fault::Bug::NothingSentAgain) {
        let again = outbox::requeue_after(tx, from)?;
        tracing::warn!(
            again,
            new_epoch,
            "the hub lost what it had confirmed; sending it again"
        );
        device::set_acked_dev_seq(tx, from)?;
        files::send_all_again(tx)?;
        if new_epoch {
            // Even a cursor that the hub still takes: a round in whose middle it was put back went
            // on with documents of before, and ended with a cursor of now.
            feeds::restart_all(tx)?;
        } else {
            feeds::forget_heads(tx)?;
        }
        fault::point("client/hello: sending again, not committed");
        fold::refold_each(tx, &outbox::targets(tx)?)?;
        changed = changed.and(Changed::of([Area::Cases, Area::Delivery]));
    }
    // A hello that brings nothing new writes nothing: every write costs a flush to the disk.
    if device.epoch.as_deref() != Some(hello.epoch.as_str()) {
        device::set_epoch(tx, &hello.epoch)?;
    }

    if enrolment.staff != hello.staff || enrolment.hub_name != hello.hub_name || device.revoked {
        device::set_staff(tx, &hello.staff, &hello.hub_name)?;
        device::set_revoked(tx, false)?;
        if device.revoked {
            settings::put(tx, settings::TOKEN_UNKNOWN, &false)?;
        }
        changed = changed.and(Changed::of([Area::Session]));
        if enrolment.staff.grids != hello.staff.grids {
            // What they filled in is shown in their own grids only.
            fold::refold_each(tx, &outbox::targets_of(tx, &Kind::record())?)?;
            changed = changed.and(Changed::of([Area::Records]));
        }
    }
    Ok(Ok((changed, untruth)))
}
