//! "Already reported?": open cases that are likely what a draft is about, or what another case is.

use rusqlite::Connection;
use shared::{
    CategoryCode, DocRef, Position, Timestamp,
    case::{SIMILAR_RADIUS_M, is_similar},
    ipc::{Choice, FindAlike, FindSimilar, SimilarCase},
};

use super::merged::number;
use crate::{
    core::Core,
    error::{Error, Result},
    fold::{self, SUMMARY_CHARS},
    found_by::first_words,
    packs::Packs,
    store::{cases_short, device, drafts},
};

/// Metres of one degree of latitude, on the short side, so that the box is never too small.
const METRES_PER_DEGREE: f64 = 110_000.0;

/// The likely ones, nearest first. A draft without category or position has none.
pub(crate) fn find(core: &Core, args: FindSimilar) -> Result<Vec<SimilarCase>> {
    let now = core.clock.now();
    core.store.read(|db| {
        let packs = core.packs(db)?;
        let draft = drafts::get_open(db, args.draft)?;
        let position = draft.place.and_then(|place| place.position);
        let (Choice::Category { code }, Some(position)) = (draft.category, position) else {
            return Ok(Vec::new());
        };
        likely(db, &packs, &code, position, now)
    })
}

/// Cases that are likely the same as one that is there, nearest first. None of those it carries, and
/// not the one it goes on as.
pub(crate) fn alike(core: &Core, args: FindAlike) -> Result<Vec<SimilarCase>> {
    core.store.read(|db| {
        let packs = core.packs(db)?;
        let case = fold::folded(db, &DocRef::case(args.case))?.case()?;
        let case = case.ok_or(Error::NotFound)?;
        let place = case.amended().place;
        let (Some(category), Some(position)) = (case.category(), place.position) else {
            return Ok(Vec::new());
        };
        let mut found = likely(db, &packs, category, position, case.reported.at)?;
        found.retain(|it| it.case != case.id && case.merged_into != Some(it.case));
        Ok(found)
    })
}

/// Open cases of this category near this place at about this time.
fn likely(
    db: &Connection,
    packs: &Packs,
    code: &CategoryCode,
    position: Position,
    at: Timestamp,
) -> Result<Vec<SimilarCase>> {
    let by_lat = SIMILAR_RADIUS_M / METRES_PER_DEGREE;
    let by_lng = by_lat / position.lat().to_radians().cos().max(0.01);
    let me = device::get(db)?
        .enrolment
        .map(|enrolment| enrolment.staff.id);

    let mut found = Vec::new();
    for id in cases_short::near(db, code, position, (by_lng, by_lat))? {
        let Some(case) = fold::folded(db, &DocRef::case(id))?.case()? else {
            continue;
        };
        let Some(distance_m) = is_similar(&case, code, position, at) else {
            continue;
        };
        let amended = case.amended();
        let address = &amended.place.address;
        found.push(SimilarCase {
            case: id,
            number: number(id, case.case_no.clone()),
            summary: first_words(amended.description, SUMMARY_CHARS),
            category: code.clone(),
            address_en: packs.address_en(address),
            address: address.clone(),
            reported_at: case.reported.at,
            state: case.state,
            distance_m,
            photo: case.photos().first().map(|photo| (*photo).clone()),
            mine: me.as_ref().is_some_and(|me| case.followers().contains(me)),
            plus_ones: case.plus_ones(),
        });
    }
    found.sort_by(|a, b| a.distance_m.total_cmp(&b.distance_m));
    Ok(found)
}
