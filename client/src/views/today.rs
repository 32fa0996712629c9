//! 今日: what is due, what was begun, what came back.

use shared::{
    EntryId, Role,
    ipc::{Choice, Draft, DraftRow, GetToday, Today},
    register::may_write,
};

use super::{
    days_ago, forms::draft_row as form_draft_row, midnight, rounds::campaigns, rows::rows,
};
use crate::{
    core::Core,
    error::Result,
    found_by::first_words,
    number,
    packs::Packs,
    rounds::{Campaign, Tally},
    store::{cases_short, device, drafts, entries, form_drafts, outbox, records},
};

/// Rows of a short list.
const SHORT: u32 = 30;

/// An answer is news for so long.
const ANSWERED_DAYS: i64 = 7;

/// The page.
pub(crate) fn get(core: &Core, _args: GetToday) -> Result<Today> {
    let now = core.clock.now();
    core.store.read(|db| {
        let packs = core.packs(db)?;
        let author = device::get(db)?.author().ok();
        let decides = author.as_ref().is_some_and(|author| match author.role {
            Role::Clerk | Role::Dispatcher => true,
            Role::Worker | Role::Handler | Role::Leader | Role::Admin => false,
        });
        let due = if decides {
            cases_short::waiting(db, SHORT)?
        } else {
            cases_short::due(db, SHORT)?
        };
        let disputed = match &author {
            Some(author) if may_write(author.role) => entries::disputed(db)?,
            Some(_) | None => 0,
        };
        let me = author.map(|author| author.staff);
        let answered = match &me {
            Some(_) => cases_short::answered(db, days_ago(now, ANSWERED_DAYS), SHORT)?,
            None => Vec::new(),
        };
        let since = midnight(now, packs.utc_offset_minutes());
        let [
            reported_today,
            open,
            closed,
            unfinished,
            attention,
            conflicts,
        ] = cases_short::tally(db, me.as_ref(), since)?;
        let register_waiting = outbox::register_waiting(db)?;
        // Who answers for many grids walks none of them, and looks at doors for campaigns alone.
        let running = Campaign::running(core, db)?;
        let asks = !(decides && running.is_empty());
        let ([doors_due, doors_again], counting, far) = if asks {
            core.counted.look(core, db, |all| {
                let lists =
                    |of: fn(&Tally) -> &Vec<EntryId>| all.sum(|it| number::count(of(it).len()));
                let doors = if decides {
                    [0, 0]
                } else {
                    [lists(|it| &it.due), lists(|it| &it.not_home)]
                };
                (doors, all.is_counting(), campaigns::far(all, &running))
            })?
        } else {
            ([0, 0], false, Vec::new())
        };
        Ok(Today {
            now,
            drafts: drafts::open(db)?
                .into_iter()
                .map(|draft| draft_row(&packs, draft))
                .collect(),
            form_drafts: form_drafts::open(db)?
                .into_iter()
                .map(form_draft_row)
                .collect(),
            due: rows(db, &packs, due.rows)?,
            due_total: due.total,
            answered: rows(db, &packs, answered)?,
            reported_today,
            open,
            closed,
            unfinished: unfinished
                .saturating_add(register_waiting)
                .saturating_add(records::count_unfinished(db)?),
            attention,
            conflicts: conflicts.saturating_add(disputed),
            doors_due,
            doors_again,
            counting,
            campaigns: campaigns::rows(core, db, &running, &far)?,
            status: core.status(),
        })
    })
}

fn draft_row(packs: &Packs, draft: Draft) -> DraftRow {
    let category = match draft.category {
        Choice::Category { code } => Some(code),
        Choice::Open | Choice::Unsure => None,
    };
    let address = draft.place.map(|place| place.address).unwrap_or_default();
    DraftRow {
        id: draft.id,
        changed_at: draft.changed_at,
        category,
        summary: first_words(&draft.description, 80),
        address_en: packs.address_en(&address),
        address,
        photos: number::count(draft.photos.len()),
        photo: draft.photos.into_iter().next(),
    }
}
