//! This device: its id, its own sequence, and the hub it belongs to. One row.

use rusqlite::{Connection, Row, named_params};
use shared::{Author, DeviceId, Extra, Timestamp, hub_api::StaffCard};

use super::value::{json_or_null, signed, to_json, unsigned};
use crate::error::{Error, Result};

/// This device.
#[derive(Debug, Clone)]
pub(crate) struct Device {
    /// Its id, as it tells hubs.
    pub(crate) id: DeviceId,
    /// Its hub, if it has one.
    pub(crate) enrolment: Option<Enrolment>,
    /// The hub's epoch as last seen.
    pub(crate) epoch: Option<String>,
    /// The last position given in the own sequence.
    pub(crate) last_dev_seq: u64,
    /// The highest position of the own sequence the hub has confirmed.
    pub(crate) acked_dev_seq: u64,
    /// The hub has revoked this device.
    pub(crate) revoked: bool,
    /// When everything was last in step.
    pub(crate) last_complete_at: Option<Timestamp>,
}

/// The hub a device belongs to, and whose device it is.
#[derive(Clone)]
pub(crate) struct Enrolment {
    /// Address of the hub.
    pub(crate) hub_url: String,
    /// Which hub it is, whatever its address.
    pub(crate) hub_id: String,
    /// Its name.
    pub(crate) hub_name: String,
    /// What proves to the hub who we are.
    pub(crate) token: String,
    /// The person.
    pub(crate) staff: StaffCard,
}

impl std::fmt::Debug for Enrolment {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Enrolment")
            .field("hub_id", &self.hub_id)
            .finish_non_exhaustive()
    }
}

impl Device {
    /// The person, acting in their main role.
    pub(crate) fn author(&self) -> Result<Author> {
        let staff = &self.enrolment.as_ref().ok_or(Error::NotEnrolled)?.staff;
        Ok(Author {
            staff: staff.id.clone(),
            role: staff.main_role(),
            extra: Extra::default(),
        })
    }

    /// The person's card.
    pub(crate) fn staff(&self) -> Result<&StaffCard> {
        Ok(&self.enrolment.as_ref().ok_or(Error::NotEnrolled)?.staff)
    }
}

/// Gives a new database its device id. One that has one keeps it.
pub(crate) fn begin(tx: &Connection, id: DeviceId) -> Result<()> {
    tx.prepare_cached("INSERT OR IGNORE INTO device (one, id) VALUES (1, :id)")?
        .execute(named_params! { ":id": id.as_bytes() })?;
    Ok(())
}

/// This device.
pub(crate) fn get(db: &Connection) -> Result<Device> {
    let device = db
        .prepare_cached(
            "SELECT id, hub_url, hub_id, hub_name, token, staff, epoch, last_dev_seq,
                    acked_dev_seq, revoked, last_complete_at
               FROM device
              WHERE one = 1",
        )?
        .query_row([], from_row)?;
    Ok(device)
}

/// The device has another id at its hub now, with a sequence of its own that the hub knows nothing
/// of.
pub(crate) fn set_identity(tx: &Connection, id: DeviceId, token: &str) -> Result<()> {
    tx.prepare_cached(
        "UPDATE device
            SET id = :id, token = :token, acked_dev_seq = 0
          WHERE one = 1",
    )?
    .execute(named_params! { ":id": id.as_bytes(), ":token": token })?;
    Ok(())
}

/// Takes the next position of the own sequence.
pub(crate) fn next_dev_seq(tx: &Connection) -> Result<u64> {
    let next = tx
        .prepare_cached(
            "UPDATE device
                SET last_dev_seq = last_dev_seq + 1
              WHERE one = 1
          RETURNING last_dev_seq",
        )?
        .query_row([], |row| unsigned(row, "last_dev_seq"))?;
    Ok(next)
}

/// Takes so many positions of the own sequence at once, and gives the first.
pub(crate) fn next_dev_seqs(tx: &Connection, count: u64) -> Result<u64> {
    let last = tx
        .prepare_cached(
            "UPDATE device
                SET last_dev_seq = last_dev_seq + :count
              WHERE one = 1
          RETURNING last_dev_seq",
        )?
        .query_row(named_params! { ":count": signed(count) }, |row| {
            unsigned(row, "last_dev_seq")
        })?;
    Ok(last + 1 - count)
}

/// The device belongs to this hub now. What it has done stays queued for it.
pub(crate) fn set_enrolment(tx: &Connection, enrolment: &Enrolment) -> Result<()> {
    tx.prepare_cached(
        "UPDATE device
            SET hub_url = :hub_url, hub_id = :hub_id, hub_name = :hub_name, token = :token,
                staff = :staff, revoked = 0
          WHERE one = 1",
    )?
    .execute(named_params! {
        ":hub_url": enrolment.hub_url,
        ":hub_id": enrolment.hub_id,
        ":hub_name": enrolment.hub_name,
        ":token": enrolment.token,
        ":staff": to_json(&enrolment.staff)?,
    })?;
    Ok(())
}

/// The device goes to another hub: what the old one said of itself no longer counts.
pub(crate) fn forget_hub(tx: &Connection) -> Result<()> {
    tx.prepare_cached(
        "UPDATE device
            SET epoch = NULL, acked_dev_seq = 0, last_complete_at = NULL
          WHERE one = 1",
    )?
    .execute([])?;
    Ok(())
}

/// The person's card and the hub's name, as the hub says now.
pub(crate) fn set_staff(tx: &Connection, staff: &StaffCard, hub_name: &str) -> Result<()> {
    tx.prepare_cached("UPDATE device SET staff = :staff, hub_name = :hub_name WHERE one = 1")?
        .execute(named_params! { ":staff": to_json(staff)?, ":hub_name": hub_name })?;
    Ok(())
}

/// The hub's epoch.
pub(crate) fn set_epoch(tx: &Connection, epoch: &str) -> Result<()> {
    tx.prepare_cached("UPDATE device SET epoch = :epoch WHERE one = 1")?
        .execute(named_params! { ":epoch": epoch })?;
    Ok(())
}

/// The highest confirmed position.
pub(crate) fn set_acked_dev_seq(tx: &Connection, acked: u64) -> Result<()> {
    tx.prepare_cached("UPDATE device SET acked_dev_seq = :acked WHERE one = 1")?
        .execute(named_params! { ":acked": signed(acked) })?;
    Ok(())
}

/// Whether the hub has revoked this device.
pub(crate) fn set_revoked(tx: &Connection, revoked: bool) -> Result<()> {
    tx.prepare_cached("UPDATE device SET revoked = :revoked WHERE one = 1")?
        .execute(named_params! { ":revoked": revoked })?;
    Ok(())
}

/// Everything is in step as of `at`.
pub(crate) fn set_last_complete_at(tx: &Connection, at: Timestamp) -> Result<()> {
    tx.prepare_cached("UPDATE device SET last_complete_at = :at WHERE one = 1")?
        .execute(named_params! { ":at": at.as_ms() })?;
    Ok(())
}

fn from_row(row: &Row<'_>) -> rusqlite::Result<Device> {
    let staff: Option<StaffCard> = json_or_null(row, "staff")?;
    let enrolment = match staff {
        None => None,
        Some(staff) => Some(Enrolment {
            hub_url: row.get("hub_url")?,
            hub_id: row.get("hub_id")?,
            hub_name: row.get("hub_name")?,
            token: row.get("token")?,
            staff,
        }),
    };
    Ok(Device {
        id: DeviceId::from_bytes(row.get("id")?),
        enrolment,
        epoch: row.get("epoch")?,
        last_dev_seq: unsigned(row, "last_dev_seq")?,
        acked_dev_seq: unsigned(row, "acked_dev_seq")?,
        revoked: row.get("revoked")?,
        last_complete_at: row
            .get::<_, Option<i64>>("last_complete_at")?
            .map(Timestamp::from_ms),
    })
}
