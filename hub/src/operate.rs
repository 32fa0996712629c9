//! What an operator does: packs, codes, people, devices. The command line is a thin dress of this.

use std::time::Duration;

use shared::{DeviceId, Outcome, StaffId, Timestamp, pack};

use crate::{
    Error, Hub,
    app::Shared,
    erase, secret,
    store::{
        Audited, DeviceLine, Exported, MissingPhoto, NewCode, NoCode, OpName, PackLoaded, Pruned,
        QuarantineLine, Soundness, StaffLine, Stats,
    },
};

/// How often unfinished uploads are looked through.
const SWEEP_EVERY: Duration = Duration::from_hours(1);

/// A one-time code for enrolling a device; shown once, kept only as a hash.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EnrolmentCode {
    /// For example `K7QM-3F9T-XW2A`.
    pub code: String,
    /// Until when it can be used.
    pub expires_at: Timestamp,
}

impl Hub {
    /// Checks and loads a pack file: all of it, or nothing.
    pub async fn load_pack(&self, json: &[u8]) -> Result<PackLoaded, Error> {
        let pack = pack::parse(json)?;
        let now = (self.app.config.clock)();
        Ok(self.app.store.load_pack(pack, now).await?)
    }

    /// Makes a one-time enrolment code for a person.
    pub async fn enrol(&self, staff: StaffId) -> Result<EnrolmentCode, Error> {
        let code = secret::new_code()?;
        let now = (self.app.config.clock)();
        let expires_at = now.plus_ms(secret::CODE_LIFE_MS);
        let new = NewCode {
            hash: secret::hash_code(&code),
            staff: staff.clone(),
            now,
            expires_at,
        };
        match self.app.store.add_code(new).await? {
            Ok(()) => Ok(EnrolmentCode { code, expires_at }),
            Err(NoCode::NoSuchStaff) => Err(Error::NoSuchStaff(staff)),
            Err(NoCode::Revoked) => Err(Error::StaffRevoked(staff)),
        }
    }

    /// The files that were made of what was filled in, oldest first.
    pub async fn exports(&self) -> Result<Vec<Exported>, Error> {
        Ok(self.app.store.exports().await?)
    }

    /// Photos and thumbnails that documents show and that did not come whole, the oldest first.
    pub async fn missing_photos(&self) -> Result<Vec<MissingPhoto>, Error> {
        Ok(self.app.store.missing_photos().await?)
    }

    /// Everybody.
    pub async fn staff(&self) -> Result<Vec<StaffLine>, Error> {
        Ok(self.app.store.staff().await?)
    }

    /// Takes a person's access away, with all their devices.
    pub async fn revoke_staff(&self, id: StaffId) -> Result<(), Error> {
        let now = (self.app.config.clock)();
        if self.app.store.revoke_staff(id.clone(), now).await? {
            return Ok(());
        }
        Err(Error::NoSuchStaff(id))
    }

    /// All devices.
    pub async fn devices(&self) -> Result<Vec<DeviceLine>, Error> {
        Ok(self.app.store.devices().await?)
    }

    /// Takes a device's access away.
    pub async fn revoke_device(&self, id: DeviceId) -> Result<(), Error> {
        let now = (self.app.config.clock)();
        if self.app.store.revoke_device(id, now).await? {
            return Ok(());
        }
        Err(Error::NoSuchDevice)
    }

    /// Operations that could not be applied, oldest first.
    pub async fn quarantine(&self) -> Result<Vec<QuarantineLine>, Error> {
        Ok(self.app.store.quarantine().await?)
    }

    /// An operation that is in quarantine or was, and what was done with it.
    pub async fn quarantined(&self, op: OpName) -> Result<(QuarantineLine, Vec<Audited>), Error> {
        let found = self.app.store.quarantined(op).await?;
        found.ok_or(Error::NotInQuarantine(op))
    }

    /// What such an operation says, as it came: personal data, so that it was looked at is put
    /// down.
    pub async fn quarantined_content(&self, op: OpName) -> Result<String, Error> {
        let now = (self.app.config.clock)();
        let found = self.app.store.quarantined_content(op, now).await?;
        found.ok_or(Error::NotInQuarantine(op))
    }

    /// Decides a quarantined operation again, by what the hub knows and takes today.
    pub async fn retry(&self, op: OpName) -> Result<Outcome, Error> {
        let config = &self.app.config;
        let app = &self.app;
        let retried = app
            .store
            .retry(op, config.limits.max_op, (config.clock)())
            .await?;
        let outcome = retried.ok_or(Error::NotInQuarantine(op))?;
        if !matches!(outcome, Outcome::Quarantined { .. }) {
            erase::finish(app).await;
        }
        Ok(outcome)
    }

    /// Says to all devices that this hub was restored from a backup: they send again what it had
    /// confirmed and may have lost.
    pub async fn renew_epoch(&self) -> Result<(), Error> {
        Ok(self.app.store.renew_epoch().await?)
    }

    /// Forgets the markers of documents that left feeds or were deleted, and to which nothing happened
    /// since `before`. Devices that stand before the last of them in a feed begin it anew.
    pub async fn prune(&self, before: Timestamp) -> Result<Pruned, Error> {
        Ok(self.app.store.prune(before).await?)
    }

    /// Looks over everything it keeps, and says what is not as it was written. `deep` takes several times
    /// as long and sees an index that differs from its table, too.
    pub async fn look(&self, deep: bool) -> Result<Soundness, Error> {
        Ok(self.app.store.look(deep).await?)
    }

    /// Figures over everything it keeps.
    pub async fn stats(&self) -> Result<Stats, Error> {
        Ok(self.app.store.stats().await?)
    }

    /// Removes unfinished uploads that nobody touched for a week; gives how many. `serve` does it
    /// every hour.
    pub async fn sweep(&self) -> Result<usize, crate::Failure> {
        let now = (self.app.config.clock)();
        self.app.photos.expire(now).await
    }
}

pub(crate) async fn sweep_for_ever(app: Shared) {
    let mut every = tokio::time::interval(SWEEP_EVERY);
    loop {
        every.tick().await;
        match app.photos.expire((app.config.clock)()).await {
            Ok(0) => {}
            Ok(expired) => tracing::info!(expired, "unfinished uploads expired"),
            Err(failure) => tracing::warn!(code = ?failure.code(), "uploads could not be swept"),
        }
        if let Err(failure) = app.photos.remove_erased(&app.config).await {
            tracing::warn!(code = ?failure.code(), "erased photos could not be removed");
        }
    }
}
