//! Which doors ask for a visit, and why: by the time since somebody was met there, by who lives there,
//! and by campaigns; all of it merged, so that a door is knocked at once.

mod campaign;
mod counted;
mod due;
mod standing;
mod tally;

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::Connection;
use shared::{
    DocRef, EntryId, Timestamp,
    deadline::{day, local},
    ipc::{DoorState, DueReason},
    pack::Visiting,
    register::EntryKind,
};

pub(crate) use self::{
    campaign::{About, Campaign},
    counted::{All, Counted, go_on},
    due::Visits,
    standing::{Otherwise, Standing},
    tally::Tally,
};
use crate::{
    core::Core,
    error::Result,
    number,
    store::{
        doors::{self, Dwelling, Resident, Which},
        records::Told,
    },
};
use standing::Today;

/// A door with all that is known of it.
#[derive(Debug, Clone)]
pub(crate) struct Door {
    /// The dwelling.
    pub(crate) dwelling: Dwelling,
    /// Who lives there, household by household.
    pub(crate) residents: Vec<Resident>,
    /// Somebody there asked to be called first.
    pub(crate) call_first: bool,
    /// When somebody was there.
    pub(crate) visits: Visits,
    /// What it asks for.
    pub(crate) state: DoorState,
    /// Why it is due; nothing when it is not.
    pub(crate) reasons: Vec<DueReason>,
    /// When it becomes due, or became so, by the time since somebody was met.
    pub(crate) due_at: Timestamp,
    /// Whom campaigns mean here, done or not.
    pub(crate) meant: Vec<Meant>,
}

/// Somebody a campaign means.
#[derive(Debug, Clone)]
pub(crate) struct Meant {
    /// The place of the campaign in [`Rounds::campaigns`].
    pub(crate) campaign: usize,
    /// Whom or what.
    pub(crate) subject: DocRef,
    /// What that is called; a household and a dwelling by the door.
    pub(crate) name: String,
    /// How they stand in it.
    pub(crate) standing: Standing,
}

/// Doors, and what is asked at them.
#[derive(Debug, Default)]
pub(crate) struct Rounds {
    /// The campaigns that were looked for.
    pub(crate) campaigns: Vec<Campaign>,
    /// The doors, by building, unit, floor and room.
    pub(crate) doors: Vec<Door>,
    /// Minutes since local midnight.
    pub(crate) minute: u16,
}

impl Door {
    /// Whether it is left alone because somebody refused.
    pub(crate) fn is_refused(&self) -> bool {
        self.state == DoorState::Attention && self.visits.refuses()
    }

    /// Whether somebody there has a care tag.
    pub(crate) fn care(&self) -> bool {
        self.residents.iter().any(|it| !it.tags.is_empty())
    }

    /// Whom campaigns that run still ask about.
    pub(crate) fn missing<'a>(
        &'a self,
        campaigns: &'a [Campaign],
    ) -> impl Iterator<Item = &'a Meant> {
        self.meant.iter().filter(|it| {
            let runs = campaigns.get(it.campaign).is_some_and(Campaign::runs);
            runs && it.standing.asks()
        })
    }
}

impl Rounds {
    /// Looks at doors, for these campaigns.
    pub(crate) fn of(
        core: &Core,
        db: &Connection,
        which: Which,
        campaigns: Vec<Campaign>,
    ) -> Result<Self> {
        Self::each(core, db, [which], campaigns)
    }

    /// Looks at doors here and there, in this order.
    pub(crate) fn each(
        core: &Core,
        db: &Connection,
        which: impl IntoIterator<Item = Which>,
        campaigns: Vec<Campaign>,
    ) -> Result<Self> {
        let now = core.clock.now();
        let packs = core.packs(db)?;
        let offset = packs.utc_offset_minutes();
        let today = day(offset, now);
        let minute =
            local(offset, now).map_or(0, |it| u16::from(it.hour()) * 60 + u16::from(it.minute()));
        let look = Look {
            db,
            now,
            visiting: &packs.visiting,
            today: Today {
                day: &today,
                offset_minutes: offset,
                rest_days: packs.visiting.after_refusal_days,
            },
            campaigns: &campaigns,
        };
        let mut doors = Vec::new();
        for which in which {
            look.at(which, &mut doors)?;
        }
        Ok(Self {
            campaigns,
            doors,
            minute,
        })
    }
}

/// What doors are looked at with.
struct Look<'a> {
    db: &'a Connection,
    now: Timestamp,
    visiting: &'a Visiting,
    today: Today<'a>,
    campaigns: &'a [Campaign],
}

impl Look<'_> {
    fn at(&self, which: Which, found: &mut Vec<Door>) -> Result<()> {
        let Self { db, campaigns, .. } = *self;
        let last: Vec<BTreeMap<uuid::Uuid, Told>> = campaigns
            .iter()
            .map(|it| it.last(db, Some(which)))
            .collect::<Result<_>>()?;
        let mut residents: BTreeMap<EntryId, Vec<Resident>> = BTreeMap::new();
        let mut conflicts: BTreeMap<EntryId, u32> = BTreeMap::new();
        let mut heads: BTreeSet<EntryId> = BTreeSet::new();
        for resident in doors::residents(db, which)? {
            let conflicts = conflicts.entry(resident.dwelling).or_default();
            *conflicts += resident.conflicts;
            // Two heads, each entered on another tablet; somebody left in a household that ended.
            let two_heads = resident.is_head && !resident.gone && !heads.insert(resident.household);
            *conflicts += u32::from(two_heads || resident.is_left);
            if !resident.gone && !resident.is_left {
                residents
                    .entry(resident.dwelling)
                    .or_default()
                    .push(resident);
            }
        }
        let mut households: BTreeMap<EntryId, Vec<doors::Household>> = BTreeMap::new();
        for household in doors::households(db, which)? {
            *conflicts.entry(household.dwelling).or_default() += household.conflicts;
            households
                .entry(household.dwelling)
                .or_default()
                .push(household);
        }
        let mut visits: BTreeMap<EntryId, Visits> = BTreeMap::new();
        for visited in doors::visited(db, which)? {
            visits
                .entry(visited.door)
                .or_default()
                .add(visited.outcome, visited.at);
        }
        for dwelling in doors::dwellings(db, which)? {
            let residents = residents.remove(&dwelling.id).unwrap_or_default();
            let households = households.remove(&dwelling.id).unwrap_or_default();
            let visits = visits.remove(&dwelling.id).unwrap_or_default();
            let conflicts = conflicts.remove(&dwelling.id).unwrap_or_default() + dwelling.conflicts;
            let behind = Behind {
                dwelling: &dwelling,
                households: &households,
                residents: &residents,
            };
            let mut meant = meant(campaigns, &behind, self.today.day);
            for it in &mut meant {
                let found = campaigns.get(it.campaign).zip(last.get(it.campaign));
                if let Some((campaign, last)) = found {
                    it.standing = campaign.standing(db, last.get(&it.subject.id), &self.today)?;
                }
            }
            let tags = residents.iter().flat_map(|it| &it.tags).map(String::as_str);
            let (days, tag) = self.visiting.days(tags);
            let missing = missing(campaigns, &meant);
            let due = due::judge(&due::Facts {
                now: self.now,
                offset_minutes: self.today.offset_minutes,
                rule: self.visiting,
                days,
                tag,
                conflicts,
                vacant: dwelling.vacant,
                lived_in: !residents.is_empty(),
                visits,
                missing: &missing,
            });
            found.push(Door {
                call_first: households.iter().any(|it| it.call_first),
                dwelling,
                residents,
                visits,
                state: due.state,
                reasons: due.reasons,
                due_at: due.at,
                meant,
            });
        }
        Ok(())
    }
}

/// Who and what is behind a door.
struct Behind<'a> {
    dwelling: &'a Dwelling,
    households: &'a [doors::Household],
    residents: &'a [Resident],
}

/// Whom campaigns mean behind a door; how they stand is still to be looked up.
fn meant(campaigns: &[Campaign], behind: &Behind<'_>, today: &str) -> Vec<Meant> {
    let Behind {
        dwelling,
        households,
        residents,
    } = *behind;
    let mut meant = Vec::new();
    for (at, campaign) in campaigns.iter().enumerate() {
        if !campaign.grids.contains(&dwelling.grid) {
            continue;
        }
        let wanted = |resident: &&Resident| campaign.means(&resident.birth, &resident.tags, today);
        let mut add = |kind: EntryKind, id: EntryId, name: &str| {
            meant.push(Meant {
                campaign: at,
                subject: DocRef::entry(kind, id),
                name: name.to_owned(),
                standing: Standing::Unasked,
            });
        };
        match campaign.about {
            About::Resident => {
                for resident in residents.iter().filter(wanted) {
                    add(EntryKind::Resident, resident.id, &resident.name);
                }
            }
            About::Household => {
                for household in households {
                    let mut members = residents.iter().filter(|it| it.household == household.id);
                    if members.any(|it| wanted(&it)) {
                        add(EntryKind::Household, household.id, &dwelling.door);
                    }
                }
            }
            About::Dwelling => {
                if campaign.means_all() || residents.iter().any(|it| wanted(&it)) {
                    add(EntryKind::Dwelling, dwelling.id, &dwelling.door);
                }
            }
        }
    }
    meant
}

/// Campaigns that run, and how many each still asks about.
fn missing<'a>(campaigns: &'a [Campaign], meant: &[Meant]) -> Vec<(&'a Campaign, u32)> {
    let mut missing = Vec::new();
    for (at, campaign) in campaigns.iter().enumerate() {
        let of_it = meant
            .iter()
            .filter(|it| it.campaign == at && it.standing.asks());
        let count = of_it.count();
        if campaign.runs() && count > 0 {
            missing.push((campaign, number::count(count)));
        }
    }
    missing
}
