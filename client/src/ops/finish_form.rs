//! 完成: what was filled in becomes a record. Operation, outbox, what is shown, and the draft's end
//! are one transaction.

use std::collections::BTreeSet;

use fault::Bug;
use rusqlite::{Connection, Transaction};
use shared::{
    DocRef, EntryId, Extra, PhotoRef, RecordId,
    ipc::{Area, AskKind, Changed, FinishForm, FormFinish},
    op::TEXT_MAX,
    record::{Filled, Given, PHOTOS_MAX, Told, VALUES_MAX},
};

use super::{becoming::chance_of, change, queue, visit};
use crate::{
    core::Core,
    error::{Error, Result},
    filling::{DeviceWorld, Filling, ask_kind, bound, digest_in, lack},
    register,
    store::{became, entries, form_answers, form_drafts, form_last},
};

/// More than this no hub needs to take in one operation (protocol, 4), with room for what is around
/// the answers.
const BYTES_MAX: usize = 240 * 1024;

/// Makes a record of the filling, or says what it lacks. Asked again for the same one, it gives the
/// same answer.
pub(crate) fn finish(core: &Core, args: FinishForm) -> Result<FormFinish> {
    let world = DeviceWorld::of(core)?;
    let mut open = core.fillings.open();
    let mut filling = match open.take(core, &world, args.draft) {
        Err(Error::NotFound) => {
            let record = core.store.read(|db| became::find(db, args.draft))?;
            let record = RecordId(record.ok_or(Error::NotFound)?.id);
            return Ok(FormFinish::Done { record });
        }
        taken => taken?,
    };
    let kept = filling.put_kept(&world);
    let lacks = filling.lacks(&world);
    if !lacks.is_empty() {
        filling.take_kept(&world, &kept);
        let lacks = lacks.into_iter().map(lack).collect();
        open.put_back(filling);
        return Ok(FormFinish::Lacking { lacks });
    }
    let guardian = filling.draft.guardian.trim().to_owned();
    if filling.notice.as_ref().is_some_and(|due| due.child) && guardian.is_empty() {
        filling.take_kept(&world, &kept);
        open.put_back(filling);
        return Ok(FormFinish::NoGuardian);
    }
    let told = filling.notice.as_ref().map(|due| Told {
        purpose: due.notice.purpose.zh.clone(),
        guardian: due.child.then_some(guardian),
        extra: Extra::default(),
    });
    // From here on a failure lets go of the session: the rows say what is true.
    filling.session.finish(&world);
    let name = filling.name(&world);
    let finished_at = core.clock.now();
    let alone = fault::planted(Bug::RecordAlone);
    let record = core.store.write(|tx| {
        let values = filling.session.values();
        let mut filled = Filled {
            form: filling.draft.form.clone(),
            subject: filling.draft.subject.clone(),
            grid: filling.draft.grid.clone().ok_or(Error::NoGrid)?,
            begun_at: filling.draft.begun_at,
            finished_at: filling.draft.begun_at,
            name,
            photos: photos(tx, &filling, &values)?,
            values: values.iter().map(given).collect(),
            replaces: filling.draft.replaces,
            told: told.clone(),
            extra: Extra::default(),
        };
        // When it was finished is nothing that it says.
        let id = RecordId::new(filled.begun_at, chance_of(filling.draft.id, &filled)?);
        filled.finished_at = finished_at;
        fits(&filled)?;
        send(core, tx, id, filled)?;
        if !alone {
            write_back(core, tx, &filling, &values)?;
        }
        form_last::put(tx, &filling.draft.form.id, &values)?;
        form_answers::forget(tx, filling.draft.id)?;
        form_drafts::became_operation(tx, filling.draft.id, &DocRef::record(id))?;
        Ok(id)
    })?;
    if alone {
        let values = filling.session.values();
        core.store
            .write(|tx| write_back(core, tx, &filling, &values))?;
    }
    drop(open);
    core.announce_work(Changed::of([
        Area::Records,
        Area::Register,
        Area::Delivery,
        Area::Drafts,
    ]));
    Ok(FormFinish::Done { record })
}

fn send(core: &Core, tx: &Transaction<'_>, record: RecordId, filled: Filled) -> Result<()> {
    queue::record(core, tx, record, filled)?;
    fault::point("client/form: queued, its draft still there");
    Ok(())
}

/// What was answered of whom the form is about stands in the register with the record, or neither does.
fn write_back(
    core: &Core,
    tx: &Transaction<'_>,
    filling: &Filling,
    values: &[(String, String)],
) -> Result<()> {
    let subject = filling.draft.subject.as_ref();
    let about = filling.ready.about;
    let Some((kind, subject)) = about
        .zip(subject)
        .filter(|(kind, it)| it.kind == kind.kind())
    else {
        return Ok(());
    };
    let id = entries::standing_for(tx, EntryId(subject.id))?;
    // Who has moved away meanwhile is somebody else's to change.
    if entries::find(tx, id)?.is_none() {
        return Ok(());
    }
    let (entry, _) = register::stands_of(tx, kind, id)?;
    let stands = entry.stands();
    let (mut set, same) = bound::told(kind, &stands, &filling.ready.bound, values);
    // It stays in the record, and whoever decides finds it there.
    let theirs = change::not_theirs(tx, kind, &stands)?;
    set.retain(|field, _| !theirs.contains(field));
    change::write(core, tx, kind, id, set)?;
    if same.is_empty() {
        return Ok(());
    }
    visit::found_so(core, tx, kind, id, same)
}

fn given((address, value): &(String, String)) -> Given {
    Given {
        address: address.clone(),
        value: value.clone(),
    }
}

/// The photos that are answers, each once.
fn photos(
    db: &Connection,
    filling: &Filling,
    values: &[(String, String)],
) -> Result<Vec<PhotoRef>> {
    let mut seen = BTreeSet::new();
    let mut photos = Vec::new();
    for (address, value) in values {
        if filling.session.asks_for(address).map(ask_kind) != Some(AskKind::Image) {
            continue;
        }
        let digest = digest_in(value).ok_or(Error::PhotoFile)?;
        if seen.insert(digest) {
            photos.push(filling.photo(db, digest)?.ok_or(Error::PhotoFile)?);
        }
    }
    Ok(photos)
}

fn fits(filled: &Filled) -> Result<()> {
    if filled
        .texts()
        .iter()
        .any(|text| text.chars().count() > TEXT_MAX)
    {
        return Err(Error::TextTooLong);
    }
    let is_large = filled.values.len() > VALUES_MAX
        || filled.photos.len() > PHOTOS_MAX
        || serde_json::to_string(filled)?.len() > BYTES_MAX;
    if is_large {
        return Err(Error::FormTooLarge);
    }
    Ok(())
}
