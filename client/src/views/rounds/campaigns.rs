//! 专项: which there are, how far each is, and who is missing.

use std::collections::BTreeMap;

use rusqlite::Connection;
use shared::{
    EntryId,
    ipc::{
        CampaignRow, CampaignView, Campaigns, GetCampaign, ListCampaigns, ListMissing, Otherwise,
        StillMissing,
    },
    register::{EntryKind, may_write_of},
};

use super::{answers, covered::Coverage};
use crate::{
    core::Core,
    error::Result,
    filling::{About, Closed},
    register,
    rounds::{self, All, Campaign, Rounds, Standing},
    store::{device, doors::Which, entries},
    views::{forms, register::entry},
};

/// So many are listed at once.
const MISSING_SHOWN: u32 = 100;

/// All of them.
pub(crate) fn list(core: &Core, _args: ListCampaigns) -> Result<Campaigns> {
    core.store.read(|db| {
        let campaigns = Campaign::all(core, db)?;
        let (far, counting) = core
            .counted
            .look(core, db, |all| (far(all, &campaigns), all.is_counting()))?;
        Ok(Campaigns {
            campaigns: rows(core, db, &campaigns, &far)?,
            may_launch: may_launch(db)?,
            counting,
        })
    })
}

/// How far each of these is: who is meant, and of whom there is a record that counts.
pub(in crate::views) fn far(all: &All, campaigns: &[Campaign]) -> Vec<[u32; 2]> {
    let mut far = vec![[0, 0]; campaigns.len()];
    for share in all.tallies().flat_map(|it| &it.shares) {
        let at = campaigns.iter().position(|it| it.id == share.campaign);
        if let Some([meant, recorded]) = at.and_then(|at| far.get_mut(at)) {
            *meant += share.meant;
            *recorded += share.recorded;
        }
    }
    far
}

/// Campaigns, each as far as that.
pub(in crate::views) fn rows(
    core: &Core,
    db: &Connection,
    campaigns: &[Campaign],
    far: &[[u32; 2]],
) -> Result<Vec<CampaignRow>> {
    if campaigns.is_empty() {
        return Ok(Vec::new());
    }
    let forms = forms::latest(core, db)?;
    let rows = campaigns.iter().zip(far).map(|(campaign, far)| {
        let questions = match campaign.counts {
            Some(_) => answers::questions(core, db, &campaign.form)?,
            None => Vec::new(),
        };
        Ok(row(&forms, &questions, campaign, *far))
    });
    rows.collect()
}

/// One of them.
pub(crate) fn get(core: &Core, args: GetCampaign) -> Result<CampaignView> {
    core.store.read(|db| {
        let packs = core.packs(db)?;
        let campaign = Campaign::get(core, db, args.campaign)?;
        let line = entries::get(db, args.campaign)?;
        let (entry, _) = register::stands_of(db, EntryKind::Campaign, args.campaign)?;
        let stands = entry.stands();
        let fields = stands
            .fields
            .iter()
            .map(|(name, given)| ((*name).clone(), given.value.clone()));
        let (coverage, counting) = core.counted.look(core, db, |all| {
            let coverage = Coverage::of(&campaign, &packs, all, args.buildings as usize);
            (coverage, all.is_counting())
        })?;
        let questions = answers::questions(core, db, &campaign.form)?;
        let missing = missing_from(core, db, &campaign, &questions, 0)?;
        let far = coverage.far;
        let row = row(&forms::latest(core, db)?, &questions, &campaign, far);
        Ok(CampaignView {
            missing_total: far[0] - far[1],
            row,
            note: stands.text("note").unwrap_or_default().to_owned(),
            fields: fields.collect(),
            communities: coverage.communities.into_values().collect(),
            grids: coverage.grids.into_values().collect(),
            buildings: coverage.buildings,
            buildings_total: coverage.buildings_total,
            missing,
            counting,
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
        missing_from(core, db, &campaign, &questions, args.offset)
    })
}

/// Some of those who are missing, door by door, from this one on.
fn missing_from(
    core: &Core,
    db: &Connection,
    campaign: &Campaign,
    questions: &[Closed],
    offset: u32,
) -> Result<Vec<StillMissing>> {
    // Doors on which they fall, each with its compound, and how many of the first are passed over.
    let (doors, pass) = core.counted.look(core, db, |all| {
        let (mut at, mut doors, mut pass) = (0, Vec::new(), 0);
        for tally in all.tallies() {
            let compound = tally.line.as_ref().map_or("", |it| it.place.as_str());
            for (door, count) in tally.shares_of(campaign.id).flat_map(|it| &it.missing) {
                if at + count > offset && at < offset.saturating_add(MISSING_SHOWN) {
                    if doors.is_empty() {
                        pass = offset - at;
                    }
                    doors.push((*door, compound.to_owned()));
                }
                at += count;
            }
        }
        (doors, pass)
    })?;
    let which = doors.iter().map(|(door, _)| Which::One(*door));
    let rounds = Rounds::each(core, db, which, vec![campaign.clone()])?;
    let compounds: BTreeMap<EntryId, String> = doors.into_iter().collect();
    let left = rounds
        .doors
        .iter()
        .flat_map(|door| door.meant.iter().map(move |it| (door, it)));
    let left = left.filter(|(_, meant)| !meant.standing.is_done());
    let left = left.map(|(door, meant)| {
        let compound = compounds.get(&door.dwelling.id).map_or("", String::as_str);
        StillMissing {
            dwelling: door.dwelling.id,
            door: [compound, &door.dwelling.door].join(" ").trim().to_owned(),
            name: meant.name.clone(),
            refused: door.is_refused(),
            otherwise: match &meant.standing {
                Standing::Otherwise(it) => Some(in_words(it, questions)),
                Standing::Unasked | Standing::Done => None,
            },
        }
    });
    Ok(left
        .skip(pass as usize)
        .take(MISSING_SHOWN as usize)
        .collect())
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

fn row(
    forms: &BTreeMap<String, About>,
    questions: &[Closed],
    campaign: &Campaign,
    [meant, recorded]: [u32; 2],
) -> CampaignRow {
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
        meant,
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
