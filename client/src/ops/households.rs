//! What the acts about households have in common: one transaction of several operations that tells what
//! it wrote, and what must be true of a household.

use rusqlite::{Connection, Transaction};
use shared::{
    DocRef, EntryId, FieldName,
    case::Void,
    ipc::{Arranged, Deed},
    register::{
        EntryKind, FieldValue, Fields,
        check::{Mistake, Wrong},
        may_merge as role_may_merge, schema,
    },
};

use super::{change, enter};
use crate::{
    core::Core,
    error::{Error, Result},
    store::{
        device,
        entries::{self, Line},
    },
};

/// An act while it is written.
pub(super) struct Act<'a> {
    core: &'a Core,
    /// The transaction all of it is in.
    pub(super) tx: &'a Transaction<'a>,
    done: Vec<Deed>,
}

/// Does all of an act, or nothing of it.
pub(super) fn act(core: &Core, work: impl FnOnce(&mut Act<'_>) -> Result<()>) -> Result<Arranged> {
    let done = core.store.write(|tx| {
        let mut act = Act {
            core,
            tx,
            done: Vec::new(),
        };
        work(&mut act)?;
        Ok(act.done)
    })?;
    if !done.is_empty() {
        core.announce_work(enter::touched());
    }
    Ok(Arranged { done })
}

impl Act<'_> {
    /// Gives fields of an entry other values; those that stand so already are left out.
    pub(super) fn change(&mut self, kind: EntryKind, entry: EntryId, set: Fields) -> Result<()> {
        if let Some(op) = change::rewrite(self.core, self.tx, kind, entry, set)? {
            self.done.push(Deed { kind, entry, op });
            fault::point("client/household: one operation of several queued");
        }
        Ok(())
    }

    /// Enters something new.
    pub(super) fn enter(&mut self, kind: EntryKind, set: Fields) -> Result<EntryId> {
        let (entry, op) = enter::write(self.core, self.tx, kind, set)?;
        self.done.push(Deed { kind, entry, op });
        Ok(entry)
    }

    /// 注销: a household ends.
    pub(super) fn end(&mut self, household: EntryId, on: &str) -> Result<()> {
        self.change(
            EntryKind::Household,
            household,
            set([("ended_on", Some(on))]),
        )
    }

    /// Today, `YYYY-MM-DD`.
    pub(super) fn today(&self) -> Result<String> {
        self.core.today(self.tx)
    }

    /// Makes somebody the head of those that are left. What the others were to the head before goes:
    /// nobody has said what they are to the new one.
    pub(super) fn new_head(&mut self, left: &[Line], head: Option<EntryId>) -> Result<()> {
        let Some(head) = head else {
            return Ok(());
        };
        if !left.iter().any(|it| it.id == head) {
            return Err(Error::NotFound);
        }
        if let Some(other) = left.iter().find(|it| it.is_head && it.id != head) {
            return Err(other_head("relation", other));
        }
        for member in left {
            let relation = (member.id == head).then_some(schema::HEAD);
            self.change(
                EntryKind::Resident,
                member.id,
                set([("relation", relation)]),
            )?;
        }
        Ok(())
    }

    /// Has residents go on in another household. What they were to their head goes, unless they come
    /// with it and nobody is the head there.
    pub(super) fn go_on_in(&mut self, household: &Line, residents: &[Line]) -> Result<()> {
        let there = entries::inside(self.tx, household.id, EntryKind::Resident)?;
        let has_head = there.iter().any(|it| it.is_head && !it.gone);
        let keeps = !has_head && residents.iter().any(|it| it.is_head);
        for resident in residents {
            let mut fields = lives_in(household.id, household.grid.as_str());
            if !keeps {
                fields.extend(set([("relation", None)]));
            }
            self.change(EntryKind::Resident, resident.id, fields)?;
        }
        Ok(())
    }
}

/// Those of a household somebody does something with, and those that are left in it.
pub(super) struct Members {
    pub(super) household: Line,
    pub(super) chosen: Vec<Line>,
    pub(super) left: Vec<Line>,
}

impl Members {
    /// Who is there. All that are chosen must belong to one household; who is gone from it is neither
    /// chosen nor left.
    pub(super) fn of(db: &Connection, residents: &[EntryId]) -> Result<Self> {
        let first = residents
            .first()
            .ok_or(Error::Malformed("nobody was chosen"))?;
        let household = entries::get(db, *first)?.parent.ok_or(Error::NotFound)?;
        let there = entries::inside(db, household, EntryKind::Resident)?;
        let (chosen, left): (Vec<Line>, Vec<Line>) = there
            .into_iter()
            .filter(|it| !it.gone)
            .partition(|it| residents.contains(&it.id));
        if residents
            .iter()
            .any(|id| chosen.iter().all(|it| it.id != *id))
        {
            return Err(Error::NotFound);
        }
        Ok(Self {
            household: entries::get(db, household)?,
            chosen,
            left,
        })
    }
}

/// Fields that say where a resident lives.
pub(super) fn lives_in(household: EntryId, grid: &str) -> Fields {
    let household = household.to_string();
    set([
        ("household", Some(household.as_str())),
        (schema::GRID, Some(grid)),
    ])
}

/// Fields of texts; `None`: nothing is to stand there.
pub(super) fn set<'a>(pairs: impl IntoIterator<Item = (&'a str, Option<&'a str>)>) -> Fields {
    let pairs = pairs.into_iter();
    pairs
        .map(|(name, text)| (FieldName::from(name), text.map(FieldValue::from)))
        .collect()
}

/// 两个户主: refuses what would give a household a second head, at the field that says so. `text` gives
/// what is to stand in a field of the resident.
pub(super) fn one_head<'a>(
    db: &Connection,
    resident: Option<EntryId>,
    field: &str,
    text: impl Fn(&str) -> &'a str,
) -> Result<()> {
    let is_gone = schema::GONE.contains(&text("presence"));
    if text("relation") != schema::HEAD || is_gone {
        return Ok(());
    }
    let Ok(household) = text("household").parse() else {
        return Ok(());
    };
    let members = entries::inside(db, household, EntryKind::Resident)?;
    let is_other = |it: &&Line| it.is_head && !it.gone && Some(it.id) != resident;
    match members.iter().find(is_other) {
        Some(other) => Err(other_head(field, other)),
        None => Ok(()),
    }
}

fn other_head(field: &str, other: &Line) -> Error {
    Error::Mistakes(vec![Mistake {
        field: field.into(),
        wrong: Wrong::OtherHead {
            name: other.title.clone(),
        },
    }])
}

/// Refuses whoever may not say that two residents are one.
pub(super) fn may_merge(db: &Connection) -> Result<()> {
    let author = device::get(db)?.author()?;
    if role_may_merge(author.role) {
        return Ok(());
    }
    Err(Void::NotYourRole.into())
}

/// A household that can be moved into.
pub(super) fn open_household(db: &Connection, id: EntryId) -> Result<Line> {
    let household = of_kind(db, id, EntryKind::Household)?;
    if household.gone {
        return Err(Error::Mistakes(vec![Mistake {
            field: "household".into(),
            wrong: Wrong::NotOffered,
        }]));
    }
    Ok(household)
}

/// An entry of a kind.
pub(super) fn of_kind(db: &Connection, id: EntryId, kind: EntryKind) -> Result<Line> {
    let line = entries::get(db, id)?;
    if line.kind == kind {
        return Ok(line);
    }
    tracing::warn!(entry = %DocRef::entry(kind, id).id, "an entry of another kind");
    Err(Error::NotFound)
}
