//! 专项: which there are, how far each is, and who is missing.

use std::collections::BTreeMap;

use rusqlite::Connection;
use shared::{
    EntryId, GridCode,
    ipc::{
        CampaignRow, CampaignView, Campaigns, Covered, GetCampaign, ListCampaigns, StillMissing,
    },
    register::{EntryKind, may_write_of},
};

use crate::{
    core::Core,
    error::Result,
    filling::About,
    number, register,
    rounds::{Campaign, Door, Meant, Rounds},
    store::{device, doors::Which, entries},
    views::{forms, register::entry},
};

/// So many are listed by name.
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
    let rows = of_them.map(|(at, campaign)| row(&forms, campaign, meant(rounds, at)));
    Ok(rows.collect())
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
        let mut grids: BTreeMap<GridCode, Covered> = BTreeMap::new();
        for code in &campaign.grids {
            let name = packs.grid_name(code);
            grids.insert(code.clone(), covered(None, name.name, name.name_en));
        }
        let mut buildings: BTreeMap<(String, EntryId), Covered> = BTreeMap::new();
        let mut compounds: BTreeMap<EntryId, (String, String, String)> = BTreeMap::new();
        for line in entries::all(db, EntryKind::Building)? {
            compounds.insert(line.id, (line.sort, line.place, line.title));
        }
        let mut missing = Vec::new();
        for (door, meant) in meant(&rounds, 0) {
            let building = door.dwelling.building;
            let named = building.and_then(|id| Some((id, compounds.get(&id)?)));
            let of_grid = grids.entry(door.dwelling.grid.clone()).or_insert_with(|| {
                let name = packs.grid_name(&door.dwelling.grid);
                covered(None, name.name, name.name_en)
            });
            let of_building = named.map(|(id, (sort, compound, name))| {
                let name = format!("{compound} {name}");
                buildings
                    .entry((sort.clone(), id))
                    .or_insert_with(|| covered(Some(id), name.clone(), name))
            });
            for covered in [Some(of_grid), of_building].into_iter().flatten() {
                covered.meant += 1;
                covered.recorded += u32::from(meant.recorded);
            }
            if !meant.recorded {
                let compound = named.map(|(_, (_, compound, _))| compound.as_str());
                let door_name = [compound.unwrap_or_default(), &door.dwelling.door].join(" ");
                missing.push(StillMissing {
                    dwelling: door.dwelling.id,
                    door: door_name.trim().to_owned(),
                    name: meant.name.clone(),
                    refused: door.is_refused(),
                });
            }
        }
        let missing_total = number::count(missing.len());
        missing.truncate(MISSING_SHOWN);
        Ok(CampaignView {
            row: row(&forms::latest(core, db)?, &campaign, meant(&rounds, 0)),
            note: stands.text("note").unwrap_or_default().to_owned(),
            fields: fields.collect(),
            grids: grids.into_values().collect(),
            buildings: buildings.into_values().collect(),
            missing,
            missing_total,
            may_change: may_launch(db)?,
            entry: entry::view(db, &packs, line)?,
        })
    })
}

fn covered(building: Option<EntryId>, name: String, name_en: String) -> Covered {
    Covered {
        building,
        name,
        name_en,
        meant: 0,
        recorded: 0,
    }
}

/// Whom a campaign means, with their doors.
fn meant(rounds: &Rounds, campaign: usize) -> impl Iterator<Item = (&Door, &Meant)> {
    let doors = rounds.doors.iter();
    let all = doors.flat_map(|door| door.meant.iter().map(move |meant| (door, meant)));
    all.filter(move |(_, meant)| meant.campaign == campaign)
}

fn row<'a>(
    forms: &BTreeMap<String, About>,
    campaign: &Campaign,
    meant: impl Iterator<Item = (&'a Door, &'a Meant)>,
) -> CampaignRow {
    let (mut all, mut recorded) = (0, 0);
    for (_, meant) in meant {
        all += 1;
        recorded += u32::from(meant.recorded);
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
        conflicts: campaign.conflicts,
        unsent: campaign.unsent,
    }
}

fn may_launch(db: &Connection) -> Result<bool> {
    let author = device::get(db)?.author();
    let kind = Some(EntryKind::Campaign);
    Ok(author.is_ok_and(|author| may_write_of(kind, author.role)))
}
