//! What was filled in: the list, and one record in the words of its form.

use std::collections::BTreeMap;

use forms::{
    Session, civil,
    definition::Kind,
    session::{Shown, ShownKind},
};
use rusqlite::Connection;
use shared::{
    CaseId, Digest, DocRef, EntryId, PhotoRef, RecordId,
    erase::may_erase,
    ipc::{
        FormTrouble, GetRecord, LastTime, ListRecords, Marks, RecordLine, RecordPage, RecordRow,
        RecordView, Settings,
    },
    record::Record,
    register::{mask, mask_numbers},
};

use crate::{
    core::Core,
    error::{Error, Result},
    filling::{DeviceWorld, Ready, chosen, digest_in, known, language_for, named_in, with_chosen},
    fold_record, number,
    ops::open_form::{own_grids, saved},
    packs::Packs,
    store::{
        case_photos, device, entries,
        records::{self, RecordRow as Row},
        settings,
    },
};

/// Rows handed out at once.
const ROWS_MAX: u32 = 200;

/// A window of the list.
pub(crate) fn list(core: &Core, args: ListRecords) -> Result<RecordPage> {
    core.store.read(|db| {
        let packs = core.packs(db)?;
        let window = (args.offset, args.limit.min(ROWS_MAX));
        let (total, rows) = records::list(db, args.subject.as_ref(), window)?;
        let latest = match args.subject {
            Some(_) => super::forms::latest(core, db)?,
            None => BTreeMap::new(),
        };
        let rows = rows.into_iter().map(|found| {
            let again = known::again_of(db, &latest, &found)?.is_some();
            let mut row = row(core, db, &packs, found)?;
            row.again = again;
            Ok(row)
        });
        Ok(RecordPage {
            total,
            rows: rows.collect::<Result<_>>()?,
        })
    })
}

/// One record whole.
pub(crate) fn get(core: &Core, args: GetRecord) -> Result<RecordView> {
    let world = DeviceWorld::of(core)?;
    core.store.read(|db| {
        let packs = core.packs(db)?;
        let found = records::find(db, args.record)?.ok_or(Error::NotFound)?;
        let record = fold_record::record(db, args.record)?.ok_or(Error::NotFound)?;
        let look: Settings = settings::find(db, settings::LOOK)?.unwrap_or_default();
        let (lines, trouble) = match core.fillings.ready(db, record.filled.form.doc) {
            Ok(ready) => match lines(db, &ready, &record, &world, &look)? {
                Some(lines) => (lines, None),
                None => (bare_lines(&record), Some(FormTrouble::Unreadable)),
            },
            Err(Error::Form(trouble)) => (bare_lines(&record), Some(trouble)),
            Err(error) => return Err(error),
        };
        let replaced_by = records::replacing(db, args.record)?;
        let is_own = own_grids(db).is_ok_and(|own| own.contains(&record.filled.grid));
        let again = known::again_of(db, &super::forms::latest(core, db)?, &found)?.is_some();
        let mut row = row(core, db, &packs, found)?;
        row.again = again;
        Ok(RecordView {
            row,
            lines,
            may_look: is_own,
            may_erase: is_own && device::get(db)?.author().is_ok_and(|it| may_erase(it.role)),
            may_correct: trouble.is_none() && replaced_by.is_empty() && is_own,
            trouble,
            begun_at: record.filled.begun_at,
            subject: record
                .filled
                .subject
                .map(|it| standing_for(db, it))
                .transpose()?,
            replaces: record.filled.replaces,
            told: record.filled.told,
            replaced_by,
        })
    })
}

/// Whom a record is about: who goes on in the place of whoever it was filled in about.
fn standing_for(db: &Connection, subject: DocRef) -> Result<DocRef> {
    let id = entries::standing_for(db, EntryId(subject.id))?.0;
    Ok(DocRef { id, ..subject })
}

/// What the form of a record is called; its author's name stands for it where it is not here.
pub(super) fn titles(core: &Core, db: &Connection, record: &Row) -> Result<(String, String)> {
    match core.fillings.titles(db, record.form.doc)? {
        Some(titles) => Ok((titles.zh, titles.en)),
        None => Ok((record.form.id.clone(), record.form.id.clone())),
    }
}

/// How far a record has travelled that this device made.
pub(super) fn marks(db: &Connection, record: &Row) -> Result<(Marks, case_photos::Delivered)> {
    let delivered = case_photos::delivered(db, CaseId(record.id.0))?;
    let marks = Marks {
        at_hub: !record.unsent,
        photos_at_hub: delivered.at_hub,
        photos: delivered.photos,
    };
    Ok((marks, delivered))
}

fn row(core: &Core, db: &Connection, packs: &Packs, record: Row) -> Result<RecordRow> {
    let (title, title_en) = titles(core, db, &record)?;
    let (by, by_en) = packs.person(&record.author);
    let marks = match record.own_at {
        Some(_) => Some(marks(db, &record)?.0),
        None => None,
    };
    Ok(RecordRow {
        id: record.id,
        title,
        title_en,
        name: mask_numbers(&record.name),
        at: record.finished_at,
        by,
        by_en,
        grid: packs.grid_name(&record.grid),
        is_replaced: is_replaced(db, record.id)?,
        again: false,
        marks,
    })
}

/// When a record was made, and by whom.
pub(super) fn last_time(packs: &Packs, record: &Row) -> LastTime {
    let (by, by_en) = packs.person(&record.author);
    LastTime {
        record: record.id,
        at: record.finished_at,
        by,
        by_en,
    }
}

fn is_replaced(db: &Connection, id: RecordId) -> Result<bool> {
    Ok(!records::replacing(db, id)?.is_empty())
}

/// Questions and answers in the words of the form. `None`: the record has answers that have no place
/// in it.
fn lines(
    db: &Connection,
    ready: &Ready,
    record: &Record,
    world: &DeviceWorld,
    look: &Settings,
) -> Result<Option<Vec<RecordLine>>> {
    let version = (ready.version.id.as_str(), ready.version.version.as_str());
    let saved = saved(record);
    let program = with_chosen(db, ready, &named_in(&saved))?;
    let Ok(mut session) = Session::recall(program, world, version, &saved) else {
        return Ok(None);
    };
    if let Some(language) = language_for(&ready.languages, look.language) {
        session.set_language(language);
    }
    let photos: BTreeMap<Digest, &PhotoRef> = record
        .filled
        .photos
        .iter()
        .map(|photo| (photo.digest, photo))
        .collect();
    let values = session.values();
    let lines = session.view(world).into_iter();
    let mut lines: Vec<RecordLine> = lines
        .filter_map(|shown| line(&session, world, shown, &photos))
        .map(|line| guarded(ready, line, &values))
        .collect();
    drop_empty_headings(&mut lines);
    Ok(Some(lines))
}

fn line(
    session: &Session,
    world: &DeviceWorld,
    shown: Shown,
    photos: &BTreeMap<Digest, &PhotoRef>,
) -> Option<RecordLine> {
    let mut line = RecordLine {
        depth: number::count(shown.depth),
        label: shown.label,
        answer: None,
        position: None,
        photo: None,
        masked: false,
        address: shown.address,
    };
    match shown.kind {
        ShownKind::Group | ShownKind::Repeat { .. } => {}
        ShownKind::Instance { position } => line.position = Some(number::count(position)),
        ShownKind::Question { value, .. } if value.is_empty() => return None,
        ShownKind::Question { kind, value, .. } => {
            if kind == Kind::Image {
                let digest = digest_in(&value);
                line.photo = digest.and_then(|digest| photos.get(&digest).copied().cloned());
            }
            line.answer = Some(said(session, world, &line.address, kind, value));
        }
    }
    if line.label.is_empty() && line.answer.is_some() {
        line.label.clone_from(&line.address);
    }
    Some(line)
}

/// A line as whoever looks over a shoulder may see it: a telephone or ID number masked, and also where
/// other words were made of it.
fn guarded(ready: &Ready, line: RecordLine, values: &[(String, String)]) -> RecordLine {
    let masked = ready.masked.has(&line.address);
    let answer = line.answer.map(|answer| {
        if masked {
            mask(&answer)
        } else {
            ready.masked.hide(answer, values)
        }
    });
    RecordLine {
        label: ready.masked.hide(line.label, values),
        masked: masked && answer.is_some(),
        answer,
        ..line
    }
}

/// An answer as people read it.
fn said(
    session: &Session,
    world: &DeviceWorld,
    address: &str,
    kind: Kind,
    value: String,
) -> String {
    if kind.has_choices() {
        let chosen = chosen(session, world, address, &value);
        let labels = chosen.iter().map(|choice| match choice.label.as_str() {
            "" => choice.value.as_str(),
            label => label,
        });
        return labels.collect::<Vec<_>>().join(" · ");
    }
    let clock = |text: &str| text.get(..5).unwrap_or(text).to_owned();
    match kind {
        Kind::Time => clock(&value),
        Kind::DateTime => match civil::moment(&value, 0) {
            Some(at) => format!("{} {}", at.date_text(), clock(&at.time_text())),
            None => value,
        },
        Kind::Acknowledge => "✓".to_owned(),
        _ => value,
    }
}

/// A heading with nothing below it says nothing.
fn drop_empty_headings(lines: &mut Vec<RecordLine>) {
    let mut kept: Vec<RecordLine> = Vec::with_capacity(lines.len());
    let mut needed_at = Vec::<u32>::new();
    for line in lines.drain(..).rev() {
        let depth = line.depth;
        let holds = needed_at.last().is_some_and(|below| *below > depth);
        if line.answer.is_none() && !holds {
            continue;
        }
        needed_at.retain(|below| *below < depth);
        needed_at.push(depth);
        kept.push(line);
    }
    kept.reverse();
    *lines = kept;
}

/// What can be told without the form: its author's names and the bare values, long numbers masked.
fn bare_lines(record: &Record) -> Vec<RecordLine> {
    let line = |given: &shared::record::Given| {
        let digest = digest_in(&given.value);
        let answer = match digest {
            Some(_) => given.value.clone(),
            None => mask_numbers(&given.value),
        };
        RecordLine {
            address: given.address.clone(),
            depth: 0,
            label: given.address.clone(),
            masked: answer != given.value,
            answer: Some(answer),
            position: None,
            photo: digest.and_then(|digest| {
                let mut photos = record.filled.photos.iter();
                photos.find(|photo| photo.digest == digest).cloned()
            }),
        }
    };
    record.filled.values.iter().map(line).collect()
}
