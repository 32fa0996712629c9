//! 专项: which there are, how far each is, and who is missing.

use std::collections::BTreeMap;

use rusqlite::Connection;
use shared::{
    ipc::{
        CampaignRow, CampaignView, Campaigns, GetCampaign, ListCampaigns, ListMissing, Otherwise,
        StillMissing,
    },
    register::{EntryKind, may_write_of},
};

use super::{
    answers,
    covered::{Buildings, Coverage},
};
use crate::{
    core::Core,
    error::Result,
    filling::{About, Closed},
    number, register,
    rounds::{self, Campaign, Door, Meant, Rounds, Standing},
    store::{device, doors::Which, entries},
    views::{forms, register::entry},
};

/// So many are listed at once.
const MISSING_SHOWN: usize = 500;

/// All of them.
pub(crate) fn list(core: &Core, _args: ListCampaigns) -> Result<Campaigns> {
    core.store.read(|db| {
        let rounds = Rounds::of(core, db, Which::All, Campaign::all(core, db)?)?;
        Ok(Campaigns {
            campaigns: rows(core, db, &rounds)?,
            may_launch: may_launch(db)?,
        })
    })
}

/// Those that were looked for.
pub(in crate::views) fn rows(
    core: &Core,
    db: &Connection,
    rounds: &Rounds,
) -> Result<Vec<CampaignRow>> {
    if rounds.campaigns.is_empty() {
        return Ok(Vec::new());
    }
    let forms = forms::latest(core, db)?;
    let of_them = rounds.campaigns.iter().enumerate();
    let rows = of_them.map(|(at, campaign)| {
        let questions = match campaign.counts {
            Some(_) => answers::questions(core, db, &campaign.form)?,
            None => Vec::new(),
        };
        Ok(row(&forms, &questions, campaign, meant(rounds, at)))
    });
    rows.collect()
}

/// One of them.
pub(crate) fn get(core: &Core, args: GetCampaign) -> Result<CampaignView> {
    core.store.read(|db| {
        let packs = core.packs(db)?;
        let campaign = Campaign::get(core, db, args.campaign)?;
        let rounds = Rounds::of(core, db, Which::All, vec![campaign.clone()])?;
        let line = entries::get(db, args.campaign)?;
        let (entry, _) = register::stands_of(db, EntryKind::Campaign, args.campaign)?;
        let stands = entry.stands();
        let fields = stands
            .fields
            .iter()
            .map(|(name, given)| ((*name).clone(), given.value.clone()));
        let buildings = Buildings::all(db)?;
        let mut coverage = Coverage::of(&campaign, &packs);
        for (door, meant) in meant(&rounds, 0) {
            coverage.add(&packs, &buildings, door, meant.standing.is_done());
        }
        let questions = answers::questions(core, db, &campaign.form)?;
        let missing = missing_of(&rounds, &buildings, &questions);
        let missing_total = number::count(missing.len());
        let row = row(
            &forms::latest(core, db)?,
            &questions,
            &campaign,
            meant(&rounds, 0),
        );
        Ok(CampaignView {
            row,
            note: stands.text("note").unwrap_or_default().to_owned(),
            fields: fields.collect(),
            communities: coverage.communities.into_values().collect(),
            grids: coverage.grids.into_values().collect(),
            buildings: coverage.buildings.into_values().collect(),
            missing: window(missing, 0),
            missing_total,
            may_change: may_launch(db)?,
            entry: entry::view(db, &packs, line)?,
        })
    })
}

/// Who else is missing.
pub(crate) fn missing(core: &Core, args: ListMissing) -> Result<Vec<StillMissing>> {
    core.store.read(|db| {
        let campaign = Campaign::get(core, db, args.campaign)?;
        let questions = answers::questions(core, db, &campaign.form)?;
        let rounds = Rounds::of(core, db, Which::All, vec![campaign])?;
        let missing = missing_of(&rounds, &Buildings::all(db)?, &questions);
        Ok(window(missing, args.offset as usize))
    })
}

fn window(missing: Vec<StillMissing>, offset: usize) -> Vec<StillMissing> {
    let all = missing.into_iter();
    all.skip(offset).take(MISSING_SHOWN).collect()
}

/// All who are missing in the only campaign that was looked for, door by door.
fn missing_of(rounds: &Rounds, buildings: &Buildings, questions: &[Closed]) -> Vec<StillMissing> {
    let left = meant(rounds, 0).filter(|(_, meant)| !meant.standing.is_done());
    let left = left.map(|(door, meant)| StillMissing {
        dwelling: door.dwelling.id,
        door: buildings.name_of(door),
        name: meant.name.clone(),
        refused: door.is_refused(),
        otherwise: match &meant.standing {
            Standing::Otherwise(it) => Some(in_words(it, questions)),
            Standing::Unasked | Standing::Done => None,
        },
    });
    left.collect()
}

/// What was answered instead, in the words of the form.
fn in_words(it: &rounds::Otherwise, questions: &[Closed]) -> Otherwise {
    let said = it.answers.iter().map(|(address, answer)| {
        let asked = questions.iter().find(|it| it.address == *address);
        let called = asked.and_then(|it| it.choices.get(answer));
        called.unwrap_or(answer).clone()
    });
    Otherwise {
        said: said.collect(),
        on: it.on.clone(),
        until: it.until.clone(),
        again: it.again,
    }
}

/// What counts in a campaign, in the words of its form.
fn counts(campaign: &Campaign, questions: &[Closed]) -> Option<String> {
    let counts = campaign.counts.as_ref()?;
    let asked = questions.iter().find(|it| counts.asks(&it.address));
    let label = asked.map_or(counts.question.as_str(), |it| it.label.as_str());
    let said = counts.answers.iter().map(|answer| {
        let called = asked.and_then(|it| it.choices.get(answer));
        called.map_or(answer.as_str(), String::as_str)
    });
    let said: Vec<&str> = said.collect();
    Some(format!("{label}：{}", said.join("、")))
}

/// Whom a campaign means, with their doors.
fn meant(rounds: &Rounds, campaign: usize) -> impl Iterator<Item = (&Door, &Meant)> {
    let doors = rounds.doors.iter();
    let all = doors.flat_map(|door| door.meant.iter().map(move |meant| (door, meant)));
    all.filter(move |(_, meant)| meant.campaign == campaign)
}

fn row<'a>(
    forms: &BTreeMap<String, About>,
    questions: &[Closed],
    campaign: &Campaign,
    meant: impl Iterator<Item = (&'a Door, &'a Meant)>,
) -> CampaignRow {
    let (mut all, mut recorded) = (0, 0);
    for (_, meant) in meant {
        all += 1;
        recorded += u32::from(meant.standing.is_done());
    }
    let (form, form_en) = match forms.get(&campaign.form) {
        Some(about) => (about.title.zh.clone(), about.title.en.clone()),
        None => (campaign.form.clone(), campaign.form.clone()),
    };
    CampaignRow {
        id: campaign.id,
        title: campaign.title.clone(),
        form,
        form_en,
        from: campaign.from.clone(),
        until: campaign.until.clone(),
        stage: campaign.stage,
        meant: all,
        recorded,
        counts: counts(campaign, questions),
        conflicts: campaign.conflicts,
        unsent: campaign.unsent,
    }
}

fn may_launch(db: &Connection) -> Result<bool> {
    let author = device::get(db)?.author();
    let kind = Some(EntryKind::Campaign);
    Ok(author.is_ok_and(|author| may_write_of(kind, author.role)))
}
