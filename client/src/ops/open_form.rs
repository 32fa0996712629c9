//! Opening a form: one that was begun, a new one, or one that begins as a record stands.

use std::sync::Arc;

use forms::{
    Session,
    session::{Change, Refusal, Saved},
};
use rusqlite::Connection;
use shared::{
    DocRef, DraftId, EntryId, GridCode, RecordId, Scope,
    ipc::{Filling as Asked, FormNotice, FormTrouble, FormView, OpenForm, Settings},
    record::{Given, Record},
};
use uuid::Uuid;

use crate::{
    clock::random,
    core::Core,
    error::{Error, Result},
    filling::{
        DeviceWorld, Due, Filling, Notice, Ready,
        known::{self, Known},
        language_for, named_in, with_instances, with_register,
    },
    fold_record,
    store::{
        device, entries, form_answers,
        form_drafts::{self, FormDraft, Kept, Replaced},
        form_last, mirror, settings,
    },
};

/// Opens a filling; a new one is on the disk before this returns.
pub(crate) fn open(core: &Core, args: OpenForm) -> Result<FormView> {
    let world = DeviceWorld::of(core)?;
    let mut open = core.fillings.open();
    let mut filling = match args.filling {
        Asked::Draft { draft } => open.take_to_open(core, &world, draft)?,
        Asked::New {
            form,
            subject,
            prefill,
        } => begin(core, &world, form, subject, &prefill)?,
        Asked::Correction { record } => correct(core, &world, record)?,
    };
    let view = view(core, &world, &mut filling)?;
    open.put_back(filling);
    drop(open);
    Ok(view)
}

fn view(core: &Core, world: &DeviceWorld, filling: &mut Filling) -> Result<FormView> {
    let (_, state) = filling.show(core, world)?;
    let grids = core.store.read(|db| {
        let packs = core.packs(db)?;
        let own = own_grids(db)?;
        Ok(own.iter().map(|code| packs.grid_name(code)).collect())
    })?;
    let draft = &filling.draft;
    Ok(FormView {
        draft: draft.id,
        form: draft.form.clone(),
        title: draft.title.clone(),
        title_en: draft.title_en.clone(),
        languages: filling.ready.languages.clone(),
        grids,
        subject: draft.subject.clone(),
        replaces: draft.replaces,
        notice: filling
            .notice
            .as_ref()
            .map(|due| notice(due, &draft.guardian)),
        lines: filling.lines().to_vec(),
        state,
    })
}

fn notice(due: &Due, guardian: &str) -> FormNotice {
    let Notice { purpose, text } = due.notice.clone();
    FormNotice {
        purpose: purpose.zh,
        purpose_en: purpose.en,
        text: text.zh,
        text_en: text.en,
        child: due.child,
        guardian: guardian.to_owned(),
    }
}

/// The grids that this person may file a record in.
pub(crate) fn own_grids(db: &Connection) -> Result<Vec<GridCode>> {
    // What was begun can be filled in on a device that belongs to no hub any more, too.
    let device = device::get(db)?;
    let staff = device.staff();
    Ok(staff.map_or_else(|_nobody| Vec::new(), |staff| staff.grids.clone()))
}

/// Begins a new filling with what is known.
pub(super) fn begin(
    core: &Core,
    world: &DeviceWorld,
    form: Uuid,
    subject: Option<DocRef>,
    prefill: &[Given],
) -> Result<Filling> {
    let (ready, program, last, subject, grid, look, known) = core.store.read(|db| {
        let ready = core.fillings.ready(db, form)?;
        let last = form_last::get(db, &ready.version.id)?;
        // Who goes on as somebody else is asked about as that one.
        let subject = subject.map(|it| {
            let id = entries::standing_for(db, EntryId(it.id))?.0;
            Ok::<_, Error>(DocRef { id, ..it })
        });
        let subject = subject.transpose()?;
        let grid = grid_for(db, subject.as_ref())?;
        let known = known::of(core, db, &ready, subject.as_ref())?;
        let about = subject.iter().map(|it| EntryId(it.id)).collect();
        let program = with_register(db, &ready, &about)?;
        Ok((ready, program, last, subject, grid, look(db)?, known))
    })?;
    let (mut session, outcome) = match &known.before {
        Some(before) => Session::again(program, world, &last, before),
        None => Session::begin(program, world, &last),
    };
    let mut changes = outcome.changes;
    if let Some(language) = language_for(&ready.languages, look.language) {
        changes.extend(session.speak(world, language).changes);
    }
    for given in known.given.iter().chain(prefill) {
        match session.prefill(world, &given.address, &given.value) {
            Ok(outcome) => changes.extend(outcome.changes),
            // Not every form asks for what is known.
            Err(Refusal::NoSuchQuestion) => {}
            Err(refusal) => tracing::warn!(%refusal, "what is known has no place in the form"),
        }
    }
    add(
        core,
        ready,
        session,
        (subject, grid, None),
        (known, &changes),
    )
}

fn correct(core: &Core, world: &DeviceWorld, id: RecordId) -> Result<Filling> {
    let (saved, record, ready, program, last, grid, look) = core.store.read(|db| {
        let record = fold_record::record(db, id)?.ok_or(Error::NotFound)?;
        let ready = core.fillings.ready(db, record.filled.form.doc)?;
        let last = form_last::get(db, &ready.version.id)?;
        let grid = grid_of(db, [record.filled.grid.clone()])?;
        let mut saved = saved(&record);
        // What is shown masked is kept aside.
        saved.retain(|saved| match saved {
            Saved::Value { address, .. } => !ready.masked.has(address),
            Saved::Instance { .. } => true,
        });
        let program = with_register(db, &ready, &named_in(&saved))?;
        Ok((saved, record, ready, program, last, grid, look(db)?))
    })?;
    let version = (ready.version.id.as_str(), ready.version.version.as_str());
    let restored = Session::restore(program, world, version, &saved, &last);
    let (mut session, outcome) =
        restored.map_err(|_other_form| Error::Form(FormTrouble::Unreadable))?;
    let mut changes: Vec<Change> = saved.into_iter().map(change).collect();
    changes.extend(outcome.changes);
    if let Some(language) = language_for(&ready.languages, look.language) {
        changes.extend(session.speak(world, language).changes);
    }
    let subject = record.filled.subject.clone();
    let replaced = known::replaced(&ready, &record);
    let known = known::of_replaced(&replaced);
    let about = (subject, grid, Some((id, replaced)));
    add(core, ready, session, about, (known, &changes))
}

/// What a session of the record's form would have saved.
pub(crate) fn saved(record: &Record) -> Vec<Saved> {
    let values = record.filled.values.iter().map(|given| Saved::Value {
        address: given.address.clone(),
        value: given.value.clone(),
    });
    with_instances(values.collect())
}

fn change(saved: Saved) -> Change {
    match saved {
        Saved::Value { address, value } => Change::Value { address, value },
        Saved::Instance { address } => Change::Added { address },
    }
}

fn look(db: &Connection) -> Result<Settings> {
    Ok(settings::find(db, settings::LOOK)?.unwrap_or_default())
}

/// What a filling is about, where it will be filed, and what it replaces.
type About = (
    Option<DocRef>,
    Option<GridCode>,
    Option<(RecordId, Replaced)>,
);

fn add(
    core: &Core,
    ready: Arc<Ready>,
    session: Session,
    (subject, grid, replaces): About,
    (known, changes): (Known, &[Change]),
) -> Result<Filling> {
    let now = core.clock.now();
    let (replaces, needed) = replaces.unzip();
    let draft = FormDraft {
        id: DraftId::new(now, random()?),
        form: ready.version.clone(),
        title: ready.title.zh.clone(),
        title_en: ready.title.en.clone(),
        subject,
        grid,
        replaces,
        replaced: needed,
        guardian: String::new(),
        left_out: Vec::new(),
        language: session.language().to_owned(),
        name: String::new(),
        begun_at: now,
    };
    let kept = Kept {
        draft: draft.clone(),
        whose: None,
        answered: false,
        changed_at: now,
        discarded_at: None,
    };
    core.store.write(|tx| {
        form_drafts::add(tx, &kept)?;
        form_answers::save(tx, draft.id, changes)
    })?;
    Ok(Filling::begun(draft, ready, session, known, now))
}

/// The grid of what the filling is about, if it is one of the person's; else the first of theirs.
fn grid_for(db: &Connection, subject: Option<&DocRef>) -> Result<Option<GridCode>> {
    let found = match subject {
        Some(subject) => mirror::find(db, subject)?,
        None => None,
    };
    let body = found.and_then(|doc| doc.body().ok().flatten());
    let scopes: Vec<Scope> = body.into_iter().flat_map(|body| body.audience()).collect();
    let of_grids = scopes
        .iter()
        .filter_map(|scope| scope.as_str().strip_prefix("grid:"));
    grid_of(db, of_grids.map(GridCode::from))
}

fn grid_of(
    db: &Connection,
    wanted: impl IntoIterator<Item = GridCode>,
) -> Result<Option<GridCode>> {
    let own = own_grids(db)?;
    let wanted = wanted.into_iter().find(|grid| own.contains(grid));
    Ok(wanted.or_else(|| own.into_iter().next()))
}
