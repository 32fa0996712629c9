//! 导入: the register of a community, taken over from a table that somebody else's program wrote.
//!
//! A table is read ([`forms::sheet`]) and kept in memory alone, in the clear only there. `names` says
//! what its columns are, `values` what its cells say, `rows` what a row says by itself,
//! `plan` what comes of all rows beside what the register has, and `write` writes it, in one
//! transaction.

mod ahead;
mod known;
mod names;
mod plan;
mod preview;
mod progress;
mod rows;
mod saved;
mod values;
mod write;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use base64::{Engine as _, prelude::BASE64_STANDARD};
use forms::sheet::{Limits, NoTable, Sheet};
use rusqlite::Connection;
use shared::{
    ImportId, Role,
    ipc::{
        Area, Changed, DropImport, GetImportProgress, IMPORT_BYTES_MAX, IMPORT_COLUMNS_MAX,
        IMPORT_ROWS_MAX, IMPORT_UNPACKED_BYTES_MAX, ImportChoices, ImportDone, ImportMistakes,
        ImportPreview, ImportProgress, ImportStage, ImportTrouble, ImportUpload,
        ListImportMistakes, PreviewImport, PutImportChunk, RunImport, Saved,
    },
};

use self::{
    known::{Known, Standing},
    names::Target,
    plan::{Plan, Planner},
    progress::Progress,
    rows::{Found, Grids, Reading},
};
use crate::{
    clock::random,
    core::Core,
    error::{Error, Result},
    store::device,
    uploads::{self, Uploads},
};
pub(crate) use saved::save_mistakes;

/// How large a table may be; one row more than that for the names of the columns.
const LIMITS: Limits = Limits {
    // 50 MB are the same on every device.
    #[expect(clippy::cast_possible_truncation, reason = "50 MB")]
    bytes: IMPORT_BYTES_MAX as usize,
    unpacked_bytes: IMPORT_UNPACKED_BYTES_MAX,
    rows: IMPORT_ROWS_MAX + preview::HEADER_WITHIN,
    columns: IMPORT_COLUMNS_MAX,
};

/// The table that is being imported.
#[derive(Debug, Default)]
pub(crate) struct Imports {
    uploads: Mutex<Uploads>,
    held: Mutex<Option<Arc<Held>>>,
    /// What was wrong in the last preview.
    found: Mutex<Vec<Found>>,
    progress: Progress,
}

/// A table that was read.
#[derive(Debug)]
struct Held {
    sheet: Sheet,
    /// Which of its rows has the names of the columns.
    header: usize,
    headers: Vec<String>,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Imports {
    fn held(&self) -> Result<Arc<Held>> {
        lock(&self.held).clone().ok_or(Error::NotFound)
    }

    fn forget(&self) {
        *lock(&self.held) = None;
        lock(&self.found).clear();
    }
}

/// Takes a piece; with the last one the table is read.
pub(crate) fn put(core: &Core, args: PutImportChunk) -> Result<ImportUpload> {
    if args.offset == 0 {
        core.store.read(may_import)?;
        core.imports.forget();
        if args.total > IMPORT_BYTES_MAX {
            return Err(Error::Import(ImportTrouble::TooLarge));
        }
        if args.total == 0 {
            return Err(Error::Import(ImportTrouble::Empty));
        }
    }
    let piece = BASE64_STANDARD
        .decode(&args.data)
        .map_err(|_says_nothing_more| Error::Malformed("the piece is not base 64"))?;
    let now_ms = core.clock.mono_ms();
    let taken =
        lock(&core.imports.uploads).take(&args.upload, args.offset, args.total, &piece, now_ms)?;
    let bytes = match taken {
        uploads::Progress::Receiving(received) => return Ok(ImportUpload::Receiving { received }),
        uploads::Progress::Whole(bytes) => bytes,
    };
    let progress = &core.imports.progress;
    let _over = progress.during(ImportStage::Reading);
    let sheet = Sheet::read(bytes, &LIMITS).map_err(trouble)?;
    let (header, table) = preview::table(&sheet).ok_or(Error::Import(ImportTrouble::Empty))?;
    let headers = table.columns.iter().map(|it| it.header.clone()).collect();
    let held = Held {
        sheet,
        header,
        headers,
    };
    *lock(&core.imports.held) = Some(Arc::new(held));
    Ok(ImportUpload::Read {
        table: Box::new(table),
    })
}

/// What would come of the table. What is wrong can be listed afterwards.
pub(crate) fn preview(core: &Core, args: PreviewImport) -> Result<ImportPreview> {
    let held = core.imports.held()?;
    let _over = core.imports.progress.during(ImportStage::Comparing);
    let (plan, first) = core.store.read(|db| {
        let setting = Setting::of(core, db, &held, &args.choices)?;
        let plan = setting.plan(core, db, &held)?;
        let first = preview::first_rows(&held, &setting.reading(), &plan);
        Ok((plan, first))
    })?;
    let preview = ImportPreview {
        counts: plan.counts,
        mistakes: plan.mistakes,
        wrong_rows: plan.wrong_rows,
        first,
        needs_grid: plan.needs_grid,
        needs_compound: plan.needs_compound,
    };
    *lock(&core.imports.found) = plan.found;
    Ok(preview)
}

/// A window of what the last preview found wrong.
pub(crate) fn mistakes(core: &Core, args: ListImportMistakes) -> Result<ImportMistakes> {
    let held = core.imports.held()?;
    let found = lock(&core.imports.found);
    Ok(preview::window(&held, &found, args))
}

/// 导入. Planned anew on what the register has now, and written with it in one transaction: whole,
/// or nothing of it.
pub(crate) fn run(core: &Core, args: RunImport) -> Result<ImportDone> {
    let held = core.imports.held()?;
    let progress = &core.imports.progress;
    let _over = progress.during(ImportStage::Comparing);
    let import = ImportId::new(core.clock.now(), random()?);
    let done = core.store.write_much(|tx| {
        let setting = Setting::of(core, tx, &held, &args.choices)?;
        let mut plan = setting.plan(core, tx, &held)?;
        if plan.wrong_rows > 0 && !args.leave_out {
            return Err(Error::Import(ImportTrouble::Mistakes));
        }
        let counts = plan.counts;
        if counts.entered() + counts.changed == 0 {
            return Err(Error::Import(ImportTrouble::Nothing));
        }
        progress.begin(ImportStage::Writing);
        write::write(core, tx, &mut plan, import, progress)?;
        Ok(ImportDone {
            import,
            counts,
            left_out: plan.wrong_rows,
        })
    })?;
    core.imports.forget();
    core.announce_work(Changed::of([Area::Register, Area::Delivery]));
    Ok(done)
}

/// How far it is.
#[expect(clippy::unnecessary_wraps, reason = "commands are all called alike")]
pub(crate) fn progress(core: &Core, _args: GetImportProgress) -> Result<ImportProgress> {
    Ok(core.imports.progress.now())
}

/// Forgets the table.
#[expect(clippy::unnecessary_wraps, reason = "commands are all called alike")]
pub(crate) fn forget(core: &Core, _args: DropImport) -> Result<Saved> {
    core.imports.forget();
    Ok(Saved {})
}

/// A whole table by hand would be a worker's year: it is for those who keep the register.
fn may_import(db: &Connection) -> Result<()> {
    match device::get(db)?.author()?.role {
        Role::Clerk | Role::Dispatcher => Ok(()),
        Role::Worker | Role::Handler | Role::Leader | Role::Admin => {
            Err(Error::Import(ImportTrouble::NotYourRole))
        }
    }
}

fn trouble(no_table: NoTable) -> Error {
    Error::Import(match no_table {
        NoTable::TooLarge => ImportTrouble::TooLarge,
        NoTable::Unpacks => ImportTrouble::Unpacks,
        NoTable::TooManyCells => ImportTrouble::TooManyCells,
        NoTable::OldWorkbook => ImportTrouble::OldWorkbook,
        NoTable::Damaged => ImportTrouble::Damaged,
        NoTable::NoText => ImportTrouble::NoTable,
        NoTable::OpenQuote { row } => ImportTrouble::OpenQuote { row },
        NoTable::Empty => ImportTrouble::Empty,
    })
}

/// What a table is understood with.
struct Setting<'a> {
    targets: Vec<Option<Target>>,
    grids: Grids,
    today: String,
    choices: &'a ImportChoices,
}

impl<'a> Setting<'a> {
    fn of(core: &Core, db: &Connection, held: &Held, choices: &'a ImportChoices) -> Result<Self> {
        may_import(db)?;
        let packs = core.packs(db)?;
        let own = device::get(db)?.staff()?.grids.clone();
        let grids = Grids::new(packs.grids.values().map(|area| &area.grid), own);
        let columns = choices.columns.iter().take(held.headers.len());
        let targets: Vec<Option<Target>> = columns
            .map(|column| column.as_ref().and_then(|it| Target::of(choices.of, it)))
            .collect();
        let twice = |at: usize, target: &Target| {
            targets
                .iter()
                .take(at)
                .any(|other| other.as_ref() == Some(target))
        };
        let mut filled = targets.iter().enumerate();
        if filled.any(|(at, target)| target.as_ref().is_some_and(|it| twice(at, it))) {
            return Err(Error::Import(ImportTrouble::TwiceFilled));
        }
        if choices
            .grid
            .as_ref()
            .is_some_and(|grid| !grids.is_own(grid))
        {
            return Err(Error::Malformed("a grid that is not this person's"));
        }
        Ok(Self {
            targets,
            grids,
            today: core.today(db)?,
            choices,
        })
    }

    fn reading(&self) -> Reading<'_> {
        Reading {
            table: self.choices.of,
            targets: &self.targets,
            grids: &self.grids,
            compound: self.choices.compound.trim(),
            today: &self.today,
        }
    }

    fn plan(&self, core: &Core, db: &Connection, held: &Held) -> Result<Plan> {
        let progress = &core.imports.progress;
        progress.begin(ImportStage::Comparing);
        let rows = held.header + 1..held.sheet.len();
        let reading = self.reading();
        let known = Known::of(db, &reading.numbers(&held.sheet, rows.clone(), progress))?;
        progress.begin(ImportStage::Checking);
        let planner = Planner {
            look: &|kind, id| Standing::of(db, kind, id),
            reading,
            grid: self.choices.grid.as_ref(),
            replace: self.choices.replace,
        };
        planner.plan(&held.sheet, rows, known, progress)
    }
}
