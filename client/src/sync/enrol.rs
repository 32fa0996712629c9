//! Trading a one-time code for a place at a hub.

use shared::{
    DeviceId,
    hub_api::{Enrol, Enrolled},
    ipc::{Area, Changed, Link},
};

use super::{
    OverHttp, SyncError,
    address::HubAddress,
    identity,
    remote::{Connect, Remote, RemoteError},
};
use crate::{
    Client,
    error::Result,
    fold,
    store::{
        device::{self, Enrolment},
        feeds, files, outbox, settings,
    },
};

impl Client {
    /// Enrols this device. For the same person at the same hub again it gets a new token, and keeps
    /// everything; at another hub, or for another person, it is refused while there is work the
    /// hub doesn't have, and another person's device goes by another identity.
    pub async fn enrol_at(&self, hub_url: &str, one_time_code: &str) -> Result<(), SyncError> {
        self.enrol_with(&OverHttp::default(), hub_url, one_time_code)
            .await
    }

    /// [`Client::enrol_at`] over another kind of connection.
    pub async fn enrol_with<C: Connect>(
        &self,
        connect: &C,
        hub_url: &str,
        one_time_code: &str,
    ) -> Result<(), SyncError> {
        let core = self.core()?;
        let address: HubAddress = hub_url.parse().map_err(RemoteError::from)?;
        let mut id = identity::to_enrol_with(core).await?;
        let remote = connect.connect(&address, None)?;
        let mut answer = remote.enrol(&self.request(id, one_time_code)).await;
        if matches!(&answer, Err(error) if error.needs_new_identity()) {
            // It was handed on: to the hub it is the first person's device. What waits is theirs, and
            // the code is good until all of it is there.
            if core.read(has_unsent).await? {
                return Err(SyncError::UnsentWork);
            }
            id = identity::next(core).await?;
            answer = remote.enrol(&self.request(id, one_time_code)).await;
        }
        let enrolled = answer?;

        fault::point("client/enrol: answered, not noted");
        // Not while a round runs: it holds the old hub's answers in its hands.
        let _no_round = core.sync.round.lock().await;
        let url = address.to_string();
        core.write(move |tx| keep(tx, &url, id, &enrolled))
            .await??;
        core.fillings.open().forget_all();
        core.announce(Changed::of([
            Area::Session,
            Area::Drafts,
            Area::Delivery,
            Area::Packs,
            Area::Cases,
            Area::Register,
            Area::Forms,
            Area::Records,
        ]));
        core.set_link(Link::Unknown);
        core.sync.ask();
        Ok(())
    }

    fn request(&self, device: DeviceId, code: &str) -> Enrol {
        let options = self.options();
        Enrol {
            code: code.trim().to_owned(),
            device,
            device_name: options.device_name.clone(),
            app_version: options.app_version.clone(),
        }
    }
}

/// Whether something done here is not at the hub yet.
fn has_unsent(db: &rusqlite::Connection) -> Result<bool> {
    Ok(outbox::count_queued(db)? > 0 || files::waiting(db)?.photos > 0)
}

/// `Err` inside: refused, and nothing was touched.
fn keep(
    tx: &rusqlite::Transaction<'_>,
    url: &str,
    id: DeviceId,
    enrolled: &Enrolled,
) -> Result<Result<(), SyncError>> {
    let device = device::get(tx)?;
    let before = device.enrolment;
    // What one person did must not go up under another's name, even at the same hub.
    let is_other = |before: Enrolment| {
        before.hub_id != enrolled.hub_id || before.staff.id != enrolled.staff.id
    };
    if before.is_some_and(is_other) {
        if has_unsent(tx)? {
            return Ok(Err(SyncError::UnsentWork));
        }
        device::forget_hub(tx)?;
        for feed in feeds::all(tx)? {
            feeds::abandon(tx, &feed.scope)?;
        }
    }
    device::set_enrolment(
        tx,
        &Enrolment {
            hub_url: url.to_owned(),
            hub_id: enrolled.hub_id.clone(),
            hub_name: enrolled.hub_name.clone(),
            token: enrolled.token.clone(),
            staff: enrolled.staff.clone(),
        },
    )?;
    if device.id != id {
        identity::become_it(tx, id, &enrolled.token)?;
    }
    settings::put(tx, settings::TOKEN_UNKNOWN, &false)?;
    // Whose cases are "mine" hangs on who I am.
    fold::refold_all(tx)?;
    Ok(Ok(()))
}
