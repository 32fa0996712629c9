//! 门牌码: the plates of a building's doors, printed; and a plate read from a photo, to open its door.
//!
//! What a plate says is `shared::plate`'s rule. `code` draws it, `sheet` makes the page that is printed,
//! `look` finds codes in a picture, `meaning` says which door they lead to. A photo is in memory only,
//! and only until it was looked at.

mod code;
mod look;
mod meaning;
mod sheet;

use std::{io, path::Path, sync::PoisonError, time::Duration};

use base64::{Engine as _, prelude::BASE64_STANDARD};
use shared::{
    EntryId,
    deadline::day,
    ipc::{GetBuilding, PlateTrouble, PlateUpload, PrintPlates, PrintedPlates, PutPlateChunk},
    plate::Plate,
    register::EntryKind,
};

use self::{
    meaning::Meaning,
    sheet::{Door, Sheet},
};
use crate::{
    core::Core,
    error::{Error, Result},
    number,
    photo::Grey,
    register, saved_file,
    store::entries,
    uploads::Progress,
    views::register::building,
};

/// The longest sides at which a picture is looked at, in pixels: a plate that fills much of it is found
/// soonest in a small one, where grain is gone; one across the stairs only in a large one. Each has
/// twice the pixels of the one before: measured on grainy, blurred pictures, steps as wide again miss one
/// in six that these find.
const SIDES: [usize; 7] = [500, 700, 1_000, 1_400, 2_000, 2_800, 4_000];

/// How long a person waits for an answer.
const PATIENCE: Duration = Duration::from_secs(12);

/// The most characters of what each plate says to those who pass by.
const NOTICE_MAX: usize = 80;

/// Makes the sheet, in the order of the matrix.
pub(crate) fn print(core: &Core, folder: &Path, args: PrintPlates) -> Result<PrintedPlates> {
    if args.notice.chars().count() > NOTICE_MAX {
        return Err(Error::Malformed("more than a plate has room for"));
    }
    let matrix = building::get(
        core,
        GetBuilding {
            building: args.building,
        },
    )?;
    let doors = matrix.units.iter().flat_map(|unit| &unit.floors);
    let doors = doors.flat_map(|floor| &floor.doors).map(|door| door.id);
    let (sheet, today) = core.store.read(|db| {
        let (of, _) = register::stands_of(db, EntryKind::Building, args.building)?;
        let stands = of.stands();
        let text = |field| stands.text(field).unwrap_or_default();
        let mut sheet = Sheet {
            building: [text("compound"), text("name")].join(" ").trim().to_owned(),
            address: text("address").to_owned(),
            notice: args.notice,
            doors: Vec::new(),
        };
        for id in doors {
            // A door may have gone while the matrix was being read.
            let Some(line) = entries::find(db, id)? else {
                continue;
            };
            let (dwelling, _) = register::stands_of(db, EntryKind::Dwelling, id)?;
            let stands = dwelling.stands();
            sheet.doors.push(Door {
                name: line.place,
                plate: Plate::of(id, stands.text("door_code").unwrap_or_default()),
            });
        }
        let minutes = core.packs(db)?.utc_offset_minutes();
        Ok((sheet, day(minutes, core.clock.now())))
    })?;
    if sheet.doors.is_empty() {
        return Err(Error::NotFound);
    }
    let page = sheet.page()?;
    // The day, and nothing of where it is.
    let name = format!("door-plates-{today}");
    let path = saved_file::keep(folder, &name, "html", page.as_bytes());
    let path = path.map_err(|error| match error.kind() {
        io::ErrorKind::StorageFull => Error::DiskFull,
        _ => Error::NoFile,
    })?;
    Ok(PrintedPlates {
        path: path.display().to_string(),
        plates: number::count(sheet.doors.len()),
    })
}

/// Takes a piece of a photo; with the last one its plate is read.
pub(crate) fn put(core: &Core, args: PutPlateChunk) -> Result<PlateUpload> {
    let piece = BASE64_STANDARD
        .decode(&args.data)
        .map_err(|_says_nothing_more| Error::Malformed("the piece is not base 64"))?;
    let now_ms = core.clock.mono_ms();
    let progress = core
        .uploads
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .take(&args.upload, args.offset, args.total, &piece, now_ms)?;
    match progress {
        Progress::Receiving(received) => Ok(PlateUpload::Receiving { received }),
        Progress::Whole(bytes) => Ok(PlateUpload::Read {
            dwelling: read(core, &bytes)?,
        }),
    }
}

/// The door whose plate a picture shows. Other codes may be in it; what is told is what came nearest.
fn read(core: &Core, bytes: &[u8]) -> Result<EntryId> {
    let begun = core.clock.mono_ms();
    let mut nearest = PlateTrouble::NoCode;
    let mut seen = (0, 0);
    for side in SIDES {
        let picture = Grey::read(bytes, side)?;
        let size = (picture.width(), picture.height());
        // It has no more to show than was seen.
        if size == seen {
            break;
        }
        seen = size;
        let taken = core.clock.mono_ms().saturating_sub(begun);
        let left = PATIENCE.saturating_sub(Duration::from_millis(taken.try_into().unwrap_or(0)));
        let Some(said) = look::codes(picture, left) else {
            break;
        };
        let meanings = core.store.read(|db| {
            let meanings = said.iter().map(|said| meaning::of(db, said));
            meanings.collect::<Result<Vec<Meaning>>>()
        })?;
        match meaning::door(&meanings) {
            Ok(door) => return Ok(door),
            Err(PlateTrouble::NoCode) => {}
            Err(PlateTrouble::Several) => return Err(Error::Plate(PlateTrouble::Several)),
            Err(trouble @ (PlateTrouble::NotADoor | PlateTrouble::NotHere)) => nearest = trouble,
        }
    }
    Err(Error::Plate(nearest))
}
