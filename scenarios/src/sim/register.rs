//! The register, visits and looks at masked numbers in schedules: what people do at the doors. Who had
//! what before them is written down as for corrections; what must come of it stands in `standing`.

use anyhow::{Context, Result};
use client::{
    Client,
    audit::{Listed, Register},
};
use shared::{
    Body, DocRef, EntryId, FieldName,
    ipc::{ChangeEntry, ConfirmDoor, DecideField, EnterEntry, RevealField, VisitDoor},
    register::{EntryDoc, EntryKind, FieldValue, Fields, may_decide},
    visit::Met,
};

use super::{
    city::City,
    deeds::Adds,
    merge::{Own, Saw},
    world::World,
};

/// Few names and numbers, so that people often give the same.
const BUILDINGS: [&str; 3] = ["1幢", "2幢", "3幢"];
const ROOMS: [&str; 3] = ["101", "102", "201"];
const NAMES: [&str; 3] = ["田甲", "田乙", "何田田"];
const PHONES: [&str; 2] = ["13800000001", "13800000002"];
/// Answers to the form's question that stands for a field, too.
pub(super) const WORKS: [&str; 2] = ["电工", "教师"];

/// What somebody has before them: what they did themselves, and what their device has of the register.
struct Before {
    own: Own,
    saw: Saw,
    held: Register,
}

impl World<'_> {
    /// Somebody is at the doors; `what` of 21 things they may do there.
    pub(super) async fn does_something_at_the_doors(
        &mut self,
        who: usize,
        what: usize,
    ) -> Result<()> {
        match what {
            0..=2 => self.enters(who).await,
            3..=7 => self.changes(who).await,
            8 | 9 => self.decides(who).await,
            10 => self.visits(who).await,
            11 | 12 => self.confirms(who).await,
            13 => self.reveals(who).await,
            14 | 15 => self.begins_a_paper(who).await,
            16 | 17 => self.answers_a_question(who).await,
            18 | 19 => self.finishes_a_paper(who).await,
            _ => self.corrects_a_record(who).await,
        }
    }

    async fn enters(&mut self, who: usize) -> Result<()> {
        let held = self.register_of(who).await?;
        let kind = self.roll(|dice| match dice.below(10) {
            0 => EntryKind::Building,
            1 => EntryKind::Place,
            2 | 3 => EntryKind::Dwelling,
            4 | 5 => EntryKind::Household,
            _ => EntryKind::Resident,
        });
        let of = kind.belongs_to();
        let parent = of.and_then(|(field, of)| {
            let parent = self.pick(&held.entries, |it| it.kind == of)?;
            Some((field, parent.id))
        });
        let kind = match (of, parent) {
            (Some(_), None) => EntryKind::Building,
            _ => kind,
        };
        let mut set = self.said_of(kind, true);
        if let Some((field, parent)) = parent {
            put(&mut set, field, &parent.to_string());
        } else {
            put(&mut set, "grid", self.own_grid(who)?.as_str());
        }
        let args = EnterEntry { kind, set };
        let what = format!("enters a {}", kind.as_str());
        self.commands(who, &what, Adds::Just(1), async |client| {
            client.enter_entry(args).await
        })
        .await?;
        Ok(())
    }

    async fn changes(&mut self, who: usize) -> Result<()> {
        let before = self.before(who).await?;
        let Some((kind, id)) = self.some_entry(&before.held) else {
            return self.enters(who).await;
        };
        let mut set = self.said_of(kind, false);
        if self.roll(|dice| dice.chance(12)) {
            put(&mut set, "grid", self.grid()?.as_str());
        }
        let fields: Vec<&str> = set.keys().map(FieldName::as_str).collect();
        let what = format!("changes {} of {}", fields.join(", "), self.named(kind, id));
        let args = ChangeEntry {
            kind,
            entry: id,
            set,
        };
        self.may_command(who, &what, async |client| client.change_entry(args).await)
            .await?;
        self.saw_when_doing(who, &before.own, &before.saw).await
    }

    async fn decides(&mut self, who: usize) -> Result<()> {
        let before = self.before(who).await?;
        let role = self.city.role_of(self.tablet(who)?.staff)?;
        let theirs = |it: &Listed| -> Vec<FieldName> {
            let fields = it.disputed.iter();
            let theirs = fields.filter(|field| may_decide(it.kind, field.as_str(), role));
            theirs.cloned().collect()
        };
        let Some(entry) = self.pick(&before.held.entries, |it| !theirs(it).is_empty()) else {
            return self.changes(who).await;
        };
        let Some(field) = self.roll(|dice| dice.pick(&theirs(&entry)).cloned()) else {
            return Ok(());
        };
        let what = format!("decides {field} of {}", self.named(entry.kind, entry.id));
        let args = DecideField {
            kind: entry.kind,
            entry: entry.id,
            field,
            keep: self.roll(|dice| dice.below(2)),
        };
        self.commands(who, &what, Adds::Just(1), async |client| {
            client.decide_field(args).await
        })
        .await?;
        self.saw_when_doing(who, &before.own, &before.saw).await
    }

    async fn visits(&mut self, who: usize) -> Result<()> {
        let held = self.register_of(who).await?;
        let Some(door) = self.pick(&held.entries, |it| it.kind == EntryKind::Dwelling) else {
            return self.enters(who).await;
        };
        let args = VisitDoor {
            dwelling: door.id,
            outcome: self.roll(|dice| dice.pick(&Met::ALL).copied().unwrap_or(Met::Met)),
            note: self.words(),
        };
        let what = format!("visits {}", self.named(door.kind, door.id));
        self.commands(who, &what, Adds::Just(1), async |client| {
            client.visit_door(args).await
        })
        .await?;
        Ok(())
    }

    /// 无变化: the visit and what it says of each behind the door are there together, or not at all.
    async fn confirms(&mut self, who: usize) -> Result<()> {
        let before = self.before(who).await?;
        let entries = &before.held.entries;
        let Some(door) = self.pick(entries, |it| it.kind == EntryKind::Dwelling) else {
            return self.enters(who).await;
        };
        let inside = |parent: EntryId, kind| {
            let of_it =
                move |it: &&Listed| it.kind == kind && it.parent == Some(parent) && !it.gone;
            entries.iter().filter(of_it)
        };
        let households = inside(door.id, EntryKind::Household);
        let behind: usize = households
            .map(|household| 1 + inside(household.id, EntryKind::Resident).count())
            .sum();
        let what = format!("finds {} as it stands", self.named(door.kind, door.id));
        let args = ConfirmDoor { dwelling: door.id };
        self.may_crash_in_it();
        self.commands(who, &what, Adds::Just(2 + behind), async |client| {
            client.confirm_door(args).await
        })
        .await?;
        self.saw_when_doing(who, &before.own, &before.saw).await
    }

    async fn reveals(&mut self, who: usize) -> Result<()> {
        let held = self.register_of(who).await?;
        let Some(resident) = self.pick(&held.entries, |it| it.kind == EntryKind::Resident) else {
            return self.enters(who).await;
        };
        let args = RevealField {
            kind: resident.kind,
            entry: resident.id,
            field: "phone".into(),
            reason: self.words(),
        };
        let what = format!(
            "looks at the number of {}",
            self.named(resident.kind, resident.id)
        );
        self.commands(who, &what, Adds::Just(1), async |client| {
            client.reveal_field(args).await
        })
        .await?;
        Ok(())
    }

    /// What is several operations in one is where half of it could be left.
    pub(super) fn may_crash_in_it(&self) {
        if let Some(points) = self.roll(|dice| dice.chance(15).then(|| dice.few(12))) {
            fault::crash_after(fault::Side::Client, points);
        }
    }

    /// What this device shows and holds of the register.
    pub(super) async fn register_of(&self, who: usize) -> Result<Register> {
        let client = self.tablet(who)?.client()?;
        Ok(client::audit::register(&client).await?)
    }

    async fn before(&self, who: usize) -> Result<Before> {
        let held = self.register_of(who).await?;
        let (own, saw) = self.saw_of_the_register(who, &held).await?;
        Ok(Before { own, saw, held })
    }

    /// What this device did, and what its person can have seen of the register.
    pub(super) async fn saw_of_the_register(
        &self,
        who: usize,
        held: &Register,
    ) -> Result<(Own, Saw)> {
        let own = self.own_ops(who).await?;
        let mut saw = Saw::new();
        for (op, target) in &own {
            saw.entry(*target).or_default().insert(*op);
        }
        for doc in &held.docs {
            if let Some(Body::Entry(_, EntryDoc::Known(entry))) = doc.body()? {
                let edits = entry.edits().map(|(signed, _)| signed.op_id);
                saw.entry(doc.target.id).or_default().extend(edits);
            }
        }
        Ok((own, saw))
    }

    /// One of these.
    pub(super) fn pick(&self, of: &[Listed], fits: impl Fn(&Listed) -> bool) -> Option<Listed> {
        let fitting: Vec<&Listed> = of.iter().filter(|it| fits(it)).collect();
        self.roll(|dice| dice.pick(&fitting).copied().cloned())
    }

    /// Mostly one that the device shows; sometimes any.
    fn some_entry(&self, held: &Register) -> Option<(EntryKind, EntryId)> {
        let all = &self.book.entries;
        let any = self.roll(|dice| {
            let any = dice.chance(8);
            dice.pick(all).filter(|_| any)
        });
        if let Some(any) = any {
            return Some((EntryKind::of(&any.kind)?, EntryId(any.id)));
        }
        let shown = self.pick(&held.entries, |_| true)?;
        Some((shown.kind, shown.id))
    }

    /// Mostly one of the person's own; what is entered elsewhere is kept aside by the hub.
    fn own_grid(&self, who: usize) -> Result<shared::GridCode> {
        let own = self.city.grids_of(self.tablet(who)?.staff);
        let own = self.roll(|dice| {
            let own = if dice.chance(90) { own.as_slice() } else { &[] };
            dice.pick(own).cloned()
        });
        own.map_or_else(|| self.grid(), Ok)
    }

    /// What somebody says of an entry: all that must be said of a new one, else a field or two.
    fn said_of(&self, kind: EntryKind, is_new: bool) -> Fields {
        let mut set = Fields::new();
        if is_new {
            match kind {
                EntryKind::Building => {
                    put(&mut set, "compound", "水岸");
                    put(&mut set, "name", self.one_of(&BUILDINGS));
                }
                EntryKind::Dwelling => put(&mut set, "room", self.one_of(&ROOMS)),
                // Nobody launches campaigns here yet, and nobody is permitted.
                EntryKind::Household | EntryKind::Campaign | EntryKind::Management => {}
                EntryKind::Resident | EntryKind::Place => {
                    put(&mut set, "name", self.one_of(&NAMES));
                }
            }
        }
        let fields = self.roll(|dice| 1 + dice.below(2));
        for _ in 0..fields {
            let (field, value) = self.field_of(kind);
            set.insert(FieldName::from(field), value);
        }
        set
    }

    fn field_of(&self, kind: EntryKind) -> (&'static str, Option<FieldValue>) {
        let which = self.roll(|dice| dice.below(5));
        let some = |value: &str| Some(FieldValue::from(value));
        let or_nothing = |value: Option<FieldValue>| value.filter(|_| self.roll(|d| d.chance(75)));
        match (kind, which) {
            (EntryKind::Building, 0..=2) => ("name", some(self.one_of(&BUILDINGS))),
            (EntryKind::Building, _) => ("hazards", or_nothing(some(&self.words()))),
            (EntryKind::Dwelling, 0 | 1) => ("room", some(self.one_of(&ROOMS))),
            (EntryKind::Dwelling, 2) => ("use", some(self.one_of(&["owner", "rented", "vacant"]))),
            (EntryKind::Household, 0) => ("ended_on", or_nothing(some("2026-01-01"))),
            (
                EntryKind::Dwelling
                | EntryKind::Household
                | EntryKind::Campaign
                | EntryKind::Management,
                _,
            ) => ("note", or_nothing(some(&self.words()))),
            (EntryKind::Resident, 0) | (EntryKind::Place, 0 | 1) => {
                ("name", some(self.one_of(&NAMES)))
            }
            (EntryKind::Resident, 1) => ("phone", or_nothing(some(self.one_of(&PHONES)))),
            (EntryKind::Resident, 2) => ("work", or_nothing(some(self.one_of(&WORKS)))),
            (EntryKind::Resident, 3) => ("presence", some(self.one_of(&["here", "moved"]))),
            (EntryKind::Resident, _) => ("care:alone", or_nothing(Some(FieldValue::Flag(true)))),
            (EntryKind::Place, _) => ("risks", or_nothing(some(&self.words()))),
        }
    }

    /// One of a few words.
    pub(super) fn one_of(&self, words: &[&'static str]) -> &'static str {
        self.roll(|dice| dice.pick(words).copied().unwrap_or_default())
    }

    fn named(&self, kind: EntryKind, id: EntryId) -> String {
        let number = self.book.entry_number(&DocRef::entry(kind, id));
        format!("{} {number}", kind.as_str())
    }
}

/// What is there when schedules begin: a building with a door, and who lives behind it.
pub(super) async fn first_door(client: &Client, city: &City) -> Result<()> {
    let grid = city.grids().first().context("a grid")?.clone();
    let mut parent = grid.to_string();
    for (kind, said) in [
        (
            EntryKind::Building,
            [("compound", "水岸"), ("name", "1幢")].as_slice(),
        ),
        (EntryKind::Dwelling, &[("room", "101")]),
        (EntryKind::Household, &[]),
        (
            EntryKind::Resident,
            &[("name", "田甲"), ("phone", "13800000001")],
        ),
    ] {
        let mut set = Fields::new();
        let of = kind.belongs_to().map_or("grid", |(field, _)| field);
        put(&mut set, of, &parent);
        for (field, value) in said {
            put(&mut set, field, value);
        }
        parent = client
            .enter_entry(EnterEntry { kind, set })
            .await?
            .id
            .to_string();
    }
    Ok(())
}

fn put(set: &mut Fields, field: &str, value: &str) {
    set.insert(FieldName::from(field), Some(FieldValue::from(value)));
}
