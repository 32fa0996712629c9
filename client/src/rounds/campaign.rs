//! A campaign 专项 as it stands: which form, about whom, when, where.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::Connection;
use shared::{
    EntryId, GridCode, RecordId, Timestamp,
    deadline::{midnight, midnight_after},
    ipc::CampaignStage,
    register::{Counts, EntryKind, FieldValue, Stands, schema},
};
use uuid::Uuid;

use crate::{
    core::Core,
    error::{Error, Result},
    register,
    store::{
        doors::Which,
        entries,
        records::{self, Told},
    },
};

/// Whom or what a campaign asks about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum About {
    /// 居民.
    Resident,
    /// 户.
    Household,
    /// 房屋.
    Dwelling,
}

impl About {
    /// What records about them name.
    const fn kind(self) -> EntryKind {
        match self {
            Self::Resident => EntryKind::Resident,
            Self::Household => EntryKind::Household,
            Self::Dwelling => EntryKind::Dwelling,
        }
    }
}

/// A campaign.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Campaign {
    /// Its id.
    pub(crate) id: EntryId,
    /// What it is called.
    pub(crate) title: String,
    /// Its form, by its author's name.
    pub(crate) form: String,
    /// Whom or what it asks about.
    pub(crate) about: About,
    /// The first day.
    pub(crate) from: String,
    /// The last day.
    pub(crate) until: String,
    /// Where.
    pub(crate) grids: Vec<GridCode>,
    /// How far it is in time.
    pub(crate) stage: CampaignStage,
    /// What counts; any record where nothing is said.
    pub(crate) counts: Option<Counts>,
    /// Fields in which several values stand.
    pub(crate) conflicts: u32,
    /// Operations the hub doesn't have.
    pub(crate) unsent: u32,
    ages: [Option<i64>; 2],
    care: BTreeSet<String>,
    /// Records from then on count, until then.
    span: [Timestamp; 2],
}

/// One as it stands; `None` where a newer version says it in another way. `today` is `YYYY-MM-DD`.
fn of(
    line: &entries::Line,
    stands: &Stands<'_>,
    today: &str,
    offset_minutes: i32,
) -> Option<Campaign> {
    let text = |field| stands.text(field);
    let about = match text("about")? {
        "resident" => About::Resident,
        "household" => About::Household,
        "dwelling" => About::Dwelling,
        _ => return None,
    };
    let (from, until) = (text("from")?, text("until")?);
    let age = |field| match stands.value(field) {
        Some(FieldValue::Number(age)) => Some(*age),
        _ => None,
    };
    let ended = text("ended_on").is_some_and(|day| day <= today);
    Some(Campaign {
        id: line.id,
        title: line.title.clone(),
        form: text("form")?.to_owned(),
        about,
        from: from.to_owned(),
        until: until.to_owned(),
        grids: text(schema::GRID)
            .into_iter()
            .chain(stands.flags(schema::IN_GRID))
            .map(GridCode::from)
            .collect(),
        stage: match () {
            () if ended || until < today => CampaignStage::Over,
            () if today < from => CampaignStage::Planned,
            () => CampaignStage::Running,
        },
        counts: text("counts").and_then(Counts::read),
        conflicts: line.conflicts,
        unsent: line.unsent,
        ages: [age("min_age"), age("max_age")],
        care: stands.flags(schema::CARE).map(str::to_owned).collect(),
        span: [
            midnight(offset_minutes, from)?,
            midnight_after(offset_minutes, until)?,
        ],
    })
}

impl Campaign {
    /// All this device knows, those that are over among them.
    pub(crate) fn all(core: &Core, db: &Connection) -> Result<Vec<Self>> {
        let (today, offset) = (core.today(db)?, core.packs(db)?.utc_offset_minutes());
        let mut all = Vec::new();
        for line in entries::all(db, EntryKind::Campaign)? {
            let (entry, _) = register::stands_of(db, EntryKind::Campaign, line.id)?;
            all.extend(of(&line, &entry.stands(), &today, offset));
        }
        all.sort_by(|one, other| {
            let key = |it: &Self| (it.stage, it.until.clone(), it.title.clone(), it.id);
            key(one).cmp(&key(other))
        });
        Ok(all)
    }

    /// Those that run.
    pub(crate) fn running(core: &Core, db: &Connection) -> Result<Vec<Self>> {
        let mut all = Self::all(core, db)?;
        all.retain(Self::runs);
        Ok(all)
    }

    /// One that must be there.
    pub(crate) fn get(core: &Core, db: &Connection, id: EntryId) -> Result<Self> {
        let mut all = Self::all(core, db)?.into_iter();
        all.find(|it| it.id == id).ok_or(Error::NotFound)
    }

    /// What of it decides whom it means and how far it is.
    pub(super) fn meaning(&self) -> Self {
        Self {
            title: String::new(),
            conflicts: 0,
            unsent: 0,
            ..self.clone()
        }
    }

    /// Whether it runs today.
    pub(crate) fn runs(&self) -> bool {
        self.stage == CampaignStage::Running
    }

    /// Whether nobody is left out.
    pub(super) fn means_all(&self) -> bool {
        self.ages == [None, None] && self.care.is_empty()
    }

    /// Whether somebody born then, with these care tags, is meant. Of whom nobody knows the day of
    /// birth, somebody must look.
    pub(super) fn means(&self, birth: &str, tags: &[String], today: &str) -> bool {
        let has_tag = self.care.is_empty() || tags.iter().any(|tag| self.care.contains(tag));
        let [min, max] = self.ages;
        let of_age = age(birth, today)
            .is_none_or(|age| min.is_none_or(|min| age >= min) && max.is_none_or(|max| age <= max));
        has_tag && of_age
    }

    /// The last record of it about each behind these doors, or all, by whom or what it is about. One
    /// that another corrects is not it, and a correction is as good as what it corrects, even when the
    /// campaign is over.
    pub(crate) fn last(
        &self,
        db: &Connection,
        which: Option<Which>,
    ) -> Result<BTreeMap<Uuid, Told>> {
        let [from, to] = self.span;
        let kind = self.about.kind().as_str();
        let all = records::of_form(db, which, (&self.form, kind), from)?;
        let corrected: BTreeSet<RecordId> = all.iter().filter_map(|it| it.replaces).collect();
        let mut of_it: BTreeSet<RecordId> = BTreeSet::new();
        let mut last = BTreeMap::new();
        for told in all {
            let corrects = told.replaces.is_some_and(|it| of_it.contains(&it));
            if told.finished_at >= to && !corrects {
                continue;
            }
            of_it.insert(told.id);
            if !corrected.contains(&told.id) {
                last.insert(told.subject, told);
            }
        }
        Ok(last)
    }
}

/// Whole years; both days are `YYYY-MM-DD`.
fn age(birth: &str, today: &str) -> Option<i64> {
    let year = |day: &str| day.get(..4)?.parse::<i64>().ok();
    let years = year(today)? - year(birth)?;
    let had_birthday = today.get(4..)? >= birth.get(4..)?;
    Some(if had_birthday { years } else { years - 1 })
}

#[cfg(test)]
mod tests {
    use super::age;

    #[test]
    fn somebody_is_a_year_older_on_their_birthday() {
        assert_eq!(age("1960-11-26", "2026-11-25"), Some(65));
        assert_eq!(age("1960-11-26", "2026-11-26"), Some(66));
        assert_eq!(age("", "2026-11-26"), None);
    }
}
