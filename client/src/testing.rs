//! For tests of this crate and of `scenarios` only: puts a device into a state without a hub.

use std::{collections::BTreeSet, path::Path};

use serde_json::Value;
use shared::{
    Action, CaseId, Doc, DocRef, EntryId, Outcome, RecordId, Scope,
    hub_api::StaffCard,
    ipc::{Area, Changed, IpcError, Link},
    op::{Op, Report},
    pack::{CityPack, Section},
    record::Filled,
};

pub use crate::store::bare::BareNames;
use crate::{
    Client, Key, erased, fold,
    store::{bare, cells, device, entries, feeds, folded, mirror, older, outbox, settings},
};

/// Enrols the device for a person, at a hub that does not exist.
pub async fn enrol(client: &Client, staff: StaffCard) -> Result<(), IpcError> {
    client
        .run(move |core| {
            let enrolment = device::Enrolment {
                hub_url: "http://127.0.0.1:9".to_owned(),
                hub_id: "hub-test".to_owned(),
                hub_name: "测试中心".to_owned(),
                token: "token".to_owned(),
                staff,
            };
            core.store
                .write(|tx| device::set_enrolment(tx, &enrolment))?;
            core.announce(Changed::of([Area::Session]));
            Ok(())
        })
        .await?;
    refold_all(client).await
}

/// Gives the device a city, as if it had been pulled.
pub async fn load_pack(client: &Client, pack: CityPack) -> Result<(), IpcError> {
    let people: Vec<_> = pack
        .staff
        .iter()
        .map(|staff| shared::pack::Person {
            id: staff.id.clone(),
            name: staff.name.clone(),
            name_en: staff.name_en.clone(),
            roles: staff.roles.clone(),
        })
        .collect();
    let sections = [
        (Section::City, serde_json::to_value(&pack.city)),
        (Section::Divisions, serde_json::to_value(&pack.divisions)),
        (Section::Grids, serde_json::to_value(&pack.grids)),
        (Section::Catalogue, serde_json::to_value(&pack.catalogue)),
        (Section::Calendar, serde_json::to_value(&pack.calendar)),
        (Section::Visiting, serde_json::to_value(&pack.visiting)),
        (
            Section::Departments,
            serde_json::to_value(&pack.departments),
        ),
        (Section::Directory, serde_json::to_value(&people)),
    ];
    for (section, body) in sections {
        let body = body.map_err(crate::error::Error::from)?;
        let doc = Doc {
            target: DocRef::pack(section),
            rev: 1,
            body,
        };
        pull(client, Scope::city(), doc).await?;
    }
    Ok(())
}

/// Gives the device a document, as if it had been pulled.
pub async fn pull(client: &Client, scope: Scope, doc: Doc) -> Result<(), IpcError> {
    pull_all(client, scope, vec![doc]).await
}

/// Gives the device documents, as if they had been pulled in one page.
pub async fn pull_all(client: &Client, scope: Scope, docs: Vec<Doc>) -> Result<(), IpcError> {
    client
        .run(move |core| {
            core.store.write(|tx| {
                for doc in &docs {
                    mirror::put(tx, doc)?;
                    erased::heard(tx, doc)?;
                    feeds::join(tx, &scope, &doc.target)?;
                    fold::refold(tx, &doc.target)?;
                }
                Ok(())
            })?;
            core.announce(Changed::of([
                Area::Packs,
                Area::Forms,
                Area::Cases,
                Area::Records,
                Area::Delivery,
            ]));
            Ok(())
        })
        .await
}

/// Saves reports as if a person had sent each, all in one transaction.
pub async fn report_all(client: &Client, reports: Vec<Report>) -> Result<(), IpcError> {
    client
        .run(move |core| {
            core.store.write(|tx| {
                for report in reports {
                    let id = CaseId::new(core.clock.now(), crate::clock::random()?);
                    crate::ops::queue_report(core, tx, id, Action::Report(Box::new(report)))?;
                }
                Ok(())
            })?;
            core.announce_work(Changed::of([Area::Cases, Area::Delivery]));
            Ok(())
        })
        .await
}

/// Saves records as if a person had finished each form, all in one transaction.
pub async fn record_all(client: &Client, records: Vec<Filled>) -> Result<(), IpcError> {
    client
        .run(move |core| {
            core.store.write(|tx| {
                for filled in records {
                    let id = RecordId::new(filled.finished_at, crate::clock::random()?);
                    crate::ops::queue_record(core, tx, id, filled)?;
                }
                Ok(())
            })?;
            core.announce_work(Changed::of([Area::Records, Area::Delivery]));
            Ok(())
        })
        .await
}

/// What the mirror has of a document.
pub async fn mirrored(client: &Client, target: DocRef) -> Result<Option<Value>, IpcError> {
    client
        .run(move |core| {
            core.store
                .read(|db| Ok(mirror::find(db, &target)?.map(|doc| doc.body)))
        })
        .await
}

/// The operations that wait.
pub async fn queued(client: &Client) -> Result<Vec<Op>, IpcError> {
    client
        .run(|core| {
            let rows = core.store.read(|db| outbox::queued_after(db, 0, 10_000))?;
            rows.iter()
                .map(|row| Ok(serde_json::from_str(&row.json)?))
                .collect()
        })
        .await
}

/// Confirms all operations that wait, with this outcome.
pub async fn confirm_all(client: &Client, outcome: Outcome) -> Result<(), IpcError> {
    client
        .run(move |core| {
            let now = core.clock.now();
            core.store.write(|tx| {
                for row in outbox::queued_after(tx, 0, 10_000)? {
                    outbox::confirm(tx, row.op_id, &outcome, now)?;
                    erased::answered(tx, &row.target, &outcome)?;
                    fold::refold(tx, &row.target)?;
                }
                Ok(())
            })
        })
        .await
}

/// What writing rows costs at least: into one plain table of another database, in one transaction.
pub fn write_bare<'a>(
    path: &Path,
    rows: impl Iterator<Item = [&'a str; 15]>,
) -> Result<(), IpcError> {
    Ok(bare::write(path, rows).map_err(crate::error::Error::from)?)
}

/// What finding names costs at least: in one table of another database, with one index.
pub fn bare_names(path: &Path, names: impl Iterator<Item = String>) -> Result<BareNames, IpcError> {
    Ok(BareNames::of(path, names).map_err(crate::error::Error::from)?)
}

/// How many of the first thirty names that begin so there are.
pub fn bare_beginning(names: &BareNames, with: &str) -> Result<usize, IpcError> {
    Ok(names.beginning(with).map_err(crate::error::Error::from)?)
}

/// What one question costs at least: a row of the register by its number. Whether it is there.
pub async fn one_row(client: &Client, rowid: i64) -> Result<bool, IpcError> {
    client
        .run(move |core| core.store.read(|db| Ok(bare::one_row(db, rowid)?)))
        .await
}

/// What a table and its indexes take on the device, in bytes.
pub async fn bytes_of(client: &Client, table: &'static str) -> Result<u64, IpcError> {
    client
        .run(move |core| core.store.read(|db| Ok(bare::bytes_of(db, table)?)))
        .await
}

/// What lists and search show of the register, each row as text.
pub async fn register_rows(client: &Client) -> Result<BTreeSet<String>, IpcError> {
    client
        .run(|core| core.store.read(|db| folded::rows_of(db, folded::REGISTER)))
        .await
}

/// The columns of the device's tables in which a text stands.
pub async fn tables_with(client: &Client, text: &'static str) -> Result<Vec<String>, IpcError> {
    client
        .run(move |core| core.store.read(|db| cells::columns_with(db, text)))
        .await
}

/// Makes anew what lists and search show.
pub async fn refold_all(client: &Client) -> Result<(), IpcError> {
    client
        .run(|core| core.store.write(|tx| fold::refold_all(tx)))
        .await
}

/// What an older version of this code left: an entry that is found by nothing but these.
pub async fn found_of_old(
    client: &Client,
    entry: EntryId,
    keys: Vec<String>,
) -> Result<(), IpcError> {
    client
        .run(move |core| {
            core.store.write(|tx| {
                let line = entries::get(tx, entry)?;
                entries::put(tx, &line, &keys)?;
                settings::forget(tx, settings::FOLDED_BY)
            })
        })
        .await
}

/// Says how the link stands.
pub fn set_link(client: &Client, link: Link) {
    if let Ok(core) = client.core() {
        core.set_link(link);
    }
}

/// Makes room for photos, as if the person had set so many bytes.
pub async fn make_room_within(client: &Client, bytes: u64) -> Result<(), IpcError> {
    client
        .run(move |core| crate::photo_room::make_room_within(core, bytes))
        .await
}

/// Clears out what nobody needs, as a start does beside the sync.
pub async fn clear_out(client: &Client) -> Result<(), IpcError> {
    client.run(crate::clearing::clear_out).await
}

/// The database may not grow any more, as on a full disk; or may again.
pub async fn fill_disk(client: &Client, full: bool) -> Result<(), IpcError> {
    client.run(move |core| core.store.fill(full)).await
}

/// Nothing can be written into the database any more.
pub async fn refuse_writes(client: &Client) -> Result<(), IpcError> {
    client.run(|core| core.store.refuse()).await
}

/// The schema version this code reads and writes.
pub const SCHEMA_VERSION: u32 = crate::store::SCHEMA_VERSION;

/// Writes another schema version into a closed database, as a newer app would.
pub fn set_schema_version(path: &Path, key_hex: &str, version: u32) -> Result<(), IpcError> {
    Ok(crate::store::set_version(path, key_hex, version).map_err(crate::error::Error::from)?)
}

/// Writes into `older` what an app of that schema version would have in place of the closed database
/// `newer`. What its rows say stays in today's words.
pub fn as_of_schema(
    newer: &Path,
    older: &Path,
    key: [u8; 32],
    version: u32,
) -> Result<(), IpcError> {
    Ok(older::write(newer, older, &Key::from_bytes(key), version)?)
}

/// Every text and every run of bytes in every table, to look for what must not be there.
pub async fn cells(client: &Client) -> Result<Vec<String>, IpcError> {
    client.run(|core| core.store.read(cells::all)).await
}

/// Finishes what an erasure began, as every round does.
pub async fn finish_erasing(client: &Client) -> Result<(), IpcError> {
    client.run(erased::finish).await
}
