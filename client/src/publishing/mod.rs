//! 发布表单: a workbook and its lists are handed in, checked by the engine that fills forms in, and kept in
//! memory until the hub is asked to publish them. What is wrong is told without a network.

mod faults;

use std::{
    collections::BTreeMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

use base64::{Engine as _, prelude::BASE64_STANDARD};
use forms::{
    Beside, Form, Table,
    table::read_csv,
    xlsform::{self, Mistake, Unreadable},
};
use rusqlite::Connection;
use shared::{
    hub_api::publish::{PUBLISH_BYTES_MAX, Publish, may_publish},
    ipc::{
        CheckedForm, DropForm, FormCheck, FormUpload, NeededList, PublishTrouble, PutFormChunk,
        Saved,
    },
    register::lists,
};

use self::faults::told;
use crate::{
    core::Core,
    error::{Error, Result},
    filling::Titles,
    number,
    store::device,
    uploads::{self, Uploads},
    views,
};

/// What is being published.
#[derive(Debug, Default)]
pub(crate) struct Publishing {
    uploads: Mutex<Uploads>,
    held: Mutex<Option<Held>>,
}

/// A workbook, and the lists handed in after it.
#[derive(Clone, Default)]
struct Held {
    name: String,
    workbook: Vec<u8>,
    lists: BTreeMap<String, Vec<u8>>,
    is_ready: bool,
}

impl std::fmt::Debug for Held {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Held").finish_non_exhaustive()
    }
}

impl Held {
    fn bytes(&self) -> usize {
        self.workbook.len() + self.lists.values().map(Vec::len).sum::<usize>()
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn no(why: PublishTrouble) -> Error {
    Error::Publish(why)
}

/// Takes a piece; with the last one of a file all that is here is checked.
pub(crate) fn put(core: &Core, args: PutFormChunk) -> Result<FormUpload> {
    core.store.read(may)?;
    let total = usize::try_from(args.total).unwrap_or(usize::MAX);
    let (name, is_workbook) = match args.file.rsplit_once('.') {
        Some((name, end)) if end.eq_ignore_ascii_case("xlsx") => (name, true),
        Some((_, end)) if end.eq_ignore_ascii_case("csv") => (args.file.as_str(), false),
        _ => return Err(no(PublishTrouble::NoWorkbook)),
    };
    let held = &core.publishing.held;
    let before = match (is_workbook, &*lock(held)) {
        (true, _) => 0,
        (false, Some(held)) => held.bytes(),
        (false, None) => return Err(no(PublishTrouble::WorkbookFirst)),
    };
    if before.saturating_add(total) > PUBLISH_BYTES_MAX {
        return Err(no(PublishTrouble::TooLarge));
    }
    let piece = BASE64_STANDARD
        .decode(&args.data)
        .map_err(|_says_nothing_more| Error::Malformed("the piece is not base 64"))?;
    let now_ms = core.clock.mono_ms();
    let taken = lock(&core.publishing.uploads).take(
        &args.upload,
        args.offset,
        args.total,
        &piece,
        now_ms,
    )?;
    let bytes = match taken {
        uploads::Progress::Receiving(received) => return Ok(FormUpload::Receiving { received }),
        uploads::Progress::Whole(bytes) => bytes,
    };
    let mut next = if is_workbook {
        Held {
            name: name.to_owned(),
            workbook: bytes,
            ..Held::default()
        }
    } else {
        read_csv(&bytes).map_err(|_tells_where| no(PublishTrouble::NoList))?;
        let mut next = lock(held).take().ok_or(no(PublishTrouble::WorkbookFirst))?;
        next.lists.insert(name.to_owned(), bytes);
        next
    };
    let checked = check(core, &next);
    next.is_ready = checked.as_ref().is_ok_and(FormCheck::is_ready);
    // A list that doesn't help leaves the workbook where it was.
    *lock(held) = (!is_workbook || checked.is_ok()).then_some(next);
    Ok(FormUpload::Checked {
        check: Box::new(checked?),
    })
}

/// Lets go of what was handed in.
#[expect(clippy::unnecessary_wraps, reason = "commands answer so")]
pub(crate) fn drop_form(core: &Core, _args: DropForm) -> Result<Saved> {
    *lock(&core.publishing.held) = None;
    Ok(Saved {})
}

/// What the hub is asked to publish.
pub(crate) fn ready(core: &Core) -> Result<Publish> {
    core.store.read(may)?;
    let held = lock(&core.publishing.held).clone();
    let held = held.filter(|held| held.is_ready);
    let held = held.ok_or(no(PublishTrouble::NotReady))?;
    let lists = held.lists.iter();
    Ok(Publish {
        name: held.name.clone(),
        workbook: BASE64_STANDARD.encode(&held.workbook),
        lists: lists
            .map(|(file, list)| (file.clone(), BASE64_STANDARD.encode(list)))
            .collect(),
    })
}

fn may(db: &Connection) -> Result<()> {
    let device = device::get(db)?;
    let may = device.staff()?.roles.iter().any(|role| may_publish(*role));
    may.then_some(()).ok_or(no(PublishTrouble::NotYourRole))
}

fn check(core: &Core, held: &Held) -> Result<FormCheck> {
    let book = xlsform::read(&held.workbook).map_err(|why| match why {
        Unreadable::TooLarge | Unreadable::Unpacks | Unreadable::SheetTooLarge(_) => {
            no(PublishTrouble::TooLarge)
        }
        Unreadable::NoWorkbook | Unreadable::Sheet(_) => no(PublishTrouble::NoWorkbook),
    })?;
    let tables: BTreeMap<String, Table> = held
        .lists
        .iter()
        .filter_map(|(file, bytes)| Some((file.clone(), read_csv(bytes).ok()?)))
        .collect();
    let beside = Beside {
        files: tables,
        live: lists::all(),
    };
    let tell = |mistakes: Vec<Mistake>| mistakes.into_iter().map(told).collect();
    let loaded = match xlsform::load(&book, &held.name, &beside) {
        Ok(loaded) => loaded,
        Err(mistakes) => {
            return Ok(FormCheck {
                form: None,
                lists: Vec::new(),
                mistakes: tell(mistakes),
                warnings: Vec::new(),
            });
        }
    };
    // What nobody gives may be the register of whoever fills the form in.
    let files = loaded.form.files.iter();
    let needed =
        files.filter(|file| held.lists.contains_key(*file) || !beside.live.contains_key(*file));
    let lists = needed
        .map(|file| NeededList {
            file: file.clone(),
            is_here: held.lists.contains_key(file),
        })
        .collect();
    Ok(FormCheck {
        form: Some(core.store.read(|db| described(core, db, &loaded.form))?),
        lists,
        mistakes: Vec::new(),
        warnings: tell(loaded.warnings),
    })
}

fn described(core: &Core, db: &Connection, form: &Form) -> Result<CheckedForm> {
    let title = Titles::of(form);
    let latest = views::forms::latest(core, db)?;
    Ok(CheckedForm {
        id: form.id.clone(),
        title: title.zh,
        title_en: title.en,
        version: form.version.clone(),
        questions: number::count(form.questions().len()),
        languages: form.languages.clone(),
        retention_days: form.retention_days,
        there: latest
            .get(&form.id)
            .map(|about| about.version.version.clone()),
    })
}
