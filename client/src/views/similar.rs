//! "Already reported?": open cases that are likely what a draft is about.

use shared::{
    DocRef,
    case::{SIMILAR_RADIUS_M, is_similar},
    ipc::{Choice, FindSimilar, SimilarCase},
};

use crate::{
    core::Core,
    error::Result,
    fold,
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
        let by_lat = SIMILAR_RADIUS_M / METRES_PER_DEGREE;
        let by_lng = by_lat / position.lat().to_radians().cos().max(0.01);
        let me = device::get(db)?
            .enrolment
            .map(|enrolment| enrolment.staff.id);

        let mut found = Vec::new();
        for id in cases_short::near(db, &code, position, (by_lng, by_lat))? {
            let Some(case) = fold::folded(db, &DocRef::case(id))?.case()? else {
                continue;
            };
            let Some(distance_m) = is_similar(&case, &code, position, now) else {
                continue;
            };
            let address = &case.amended().place.address;
            found.push(SimilarCase {
                case: id,
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
    })
}
