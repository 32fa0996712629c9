//! The messages about a door and who lives behind it.

use std::collections::BTreeSet;

use anyhow::{Context as _, Result};
use packing::Dictionary;
use shared::{
    Action, Body, Doc, DocRef, EntryId, Extra, OpId, RecordId, Role, Scope, Timestamp,
    apply::{Stamp, apply},
    register::{Changing, Confirming, Entering, EntryDoc, EntryKind, FieldValue, Fields, schema},
    time::Observed,
};

use super::{
    chance::Chance,
    entries::{Where, changed, day, entered, names},
    envelope::{Done, Person, answer, hello, op, page, person, push, time},
    once,
};

/// What somebody did, to what.
pub(super) type Deed = (DocRef, Action);

struct Door {
    worker: Person,
    clerk: Person,
    dwelling: EntryId,
    household: EntryId,
    residents: Vec<EntryId>,
    docs: Vec<Doc>,
    dev_seq: u64,
    messages: Vec<Vec<u8>>,
}

/// What is sent about one door, as JSON.
pub(crate) fn of_a_door(chance: &mut Chance) -> Result<Vec<Vec<u8>>> {
    let worker = person(chance, Role::Worker);
    let mut clerk = person(chance, Role::Clerk);
    clerk.grid = worker.grid.clone();
    let hello = hello(chance, &worker, Dictionary::Register)?;
    let mut door = Door {
        worker,
        clerk,
        dwelling: id(chance),
        household: id(chance),
        residents: (0..=chance.below(4)).map(|_| id(chance)).collect(),
        docs: Vec::new(),
        dev_seq: 1 + chance.below(5_000),
        messages: vec![hello],
    };
    let first = door.first_entered(chance);
    door.send(chance, first)?;
    for _ in 0..2 + chance.below(4) {
        let deeds = door.turn(chance);
        door.send(chance, deeds)?;
    }
    Ok(door.messages)
}

pub(super) fn id(chance: &mut Chance) -> EntryId {
    EntryId::new(time(chance), chance.bytes())
}

impl Door {
    fn enter(
        &self,
        chance: &mut Chance,
        kind: EntryKind,
        (id, holder): (EntryId, EntryId),
    ) -> Deed {
        let grid = &self.worker.grid;
        let set = entered(chance, kind, &Where { grid, holder });
        let import = chance
            .percent(4)
            .then(|| shared::ImportId::new(time(chance), chance.bytes()));
        let action = Action::Enter(Entering {
            set,
            import,
            extra: Extra::default(),
        });
        (DocRef::entry(kind, id), action)
    }

    fn first_entered(&self, chance: &mut Chance) -> Vec<Deed> {
        let building = id(chance);
        let mut deeds = Vec::new();
        if chance.percent(30) {
            deeds.push(self.enter(chance, EntryKind::Building, (building, building)));
        }
        deeds.push(self.enter(chance, EntryKind::Dwelling, (self.dwelling, building)));
        deeds.push(self.enter(
            chance,
            EntryKind::Household,
            (self.household, self.dwelling),
        ));
        for resident in &self.residents {
            deeds.push(self.enter(chance, EntryKind::Resident, (*resident, self.household)));
        }
        deeds
    }

    /// Something that happens at a door.
    fn turn(&self, chance: &mut Chance) -> Vec<Deed> {
        let resident = chance.one(&self.residents).copied();
        let resident = resident.unwrap_or(self.household);
        let new = id(chance);
        match chance.below(100) {
            0..20 => vec![self.change_of(chance, EntryKind::Resident, resident)],
            20..23 => vec![self.change_of(chance, EntryKind::Dwelling, self.dwelling)],
            23..34 => self.unchanged(chance),
            34..64 => self.filled_in(chance, resident),
            64..72 => vec![once::visit(chance, &self.worker.grid, self.dwelling)],
            72..80 => vec![once::look(chance, &self.worker.grid, resident)],
            80..88 => self.moved_apart(chance),
            88..92 => vec![self.enter(chance, EntryKind::Place, (new, self.dwelling))],
            92..94 => vec![self.enter(chance, EntryKind::Campaign, (new, self.dwelling))],
            94..96 => vec![self.enter(chance, EntryKind::Management, (new, resident))],
            96..98 => vec![self.confirm(EntryKind::Resident, resident, names_of(chance))],
            _ => vec![once::erase(chance, &self.worker.grid, resident)],
        }
    }

    fn change(&self, kind: EntryKind, id: EntryId, set: Fields) -> Deed {
        let target = DocRef::entry(kind, id);
        let action = Action::Change(Changing {
            knew: self.heads(&target),
            set,
            import: None,
            extra: Extra::default(),
        });
        (target, action)
    }

    fn change_of(&self, chance: &mut Chance, kind: EntryKind, id: EntryId) -> Deed {
        let stands = Where {
            grid: &self.worker.grid,
            holder: self.household,
        };
        let set = changed(chance, kind, &stands);
        self.change(kind, id, set)
    }

    fn confirm(&self, kind: EntryKind, id: EntryId, fields: Vec<shared::FieldName>) -> Deed {
        let target = DocRef::entry(kind, id);
        let action = Action::Confirm(Confirming {
            knew: self.heads(&target),
            fields,
            extra: Extra::default(),
        });
        (target, action)
    }

    /// 无变化.
    fn unchanged(&self, chance: &mut Chance) -> Vec<Deed> {
        let mut deeds = vec![once::visit(chance, &self.worker.grid, self.dwelling)];
        deeds.push(self.confirm(EntryKind::Dwelling, self.dwelling, Vec::new()));
        deeds.push(self.confirm(EntryKind::Household, self.household, Vec::new()));
        for resident in &self.residents {
            deeds.push(self.confirm(EntryKind::Resident, *resident, Vec::new()));
        }
        deeds
    }

    /// A form, and what its answers say of the register.
    fn filled_in(&self, chance: &mut Chance, resident: EntryId) -> Vec<Deed> {
        let subject = match chance.below(6) {
            0 => Some(DocRef::entry(EntryKind::Dwelling, self.dwelling)),
            1 => None,
            _ => Some(DocRef::entry(EntryKind::Resident, resident)),
        };
        let of_resident = subject.as_ref().is_some_and(|it| it.id == resident.0);
        let filled = once::filled(chance, &self.worker.grid, subject);
        let target = DocRef::record(RecordId(id(chance).0));
        let mut deeds = vec![(target, Action::Record(Box::new(filled)))];
        if of_resident && chance.percent(25) {
            deeds.push(self.change_of(chance, EntryKind::Resident, resident));
        }
        if of_resident && chance.percent(35) {
            deeds.push(self.confirm(EntryKind::Resident, resident, names_of(chance)));
        }
        deeds
    }

    /// 分户: some go on in a household of their own.
    fn moved_apart(&self, chance: &mut Chance) -> Vec<Deed> {
        let household = id(chance);
        let mut deeds = vec![self.enter(chance, EntryKind::Household, (household, self.dwelling))];
        let count = 1 + chance.below(3);
        for resident in self
            .residents
            .iter()
            .take(usize::try_from(count).unwrap_or(1))
        {
            let mut set = Fields::new();
            let text = |text: String| Some(FieldValue::Text(text));
            set.insert("household".into(), text(household.to_string()));
            set.insert("grid".into(), text(self.worker.grid.to_string()));
            match chance.below(3) {
                0 => drop(set.insert("relation".into(), text(schema::HEAD.to_owned()))),
                1 => drop(set.insert("relation".into(), None)),
                _ => {}
            }
            deeds.push(self.change(EntryKind::Resident, *resident, set));
        }
        if chance.percent(30) {
            let ended = Some(FieldValue::Text(day(chance)));
            let set = [("ended_on".into(), ended)].into();
            deeds.push(self.change(EntryKind::Household, self.household, set));
        }
        deeds
    }

    fn doc(&self, target: &DocRef) -> Option<&Doc> {
        self.docs.iter().find(|it| it.target == *target)
    }

    /// What the next change of an entry names as known.
    fn heads(&self, target: &DocRef) -> Vec<OpId> {
        match self.doc(target).map(Doc::body) {
            Some(Ok(Some(Body::Entry(_, EntryDoc::Known(entry))))) => entry.stands().heads,
            _ => Vec::new(),
        }
    }

    /// Sends what was done in one batch, hears what became of it, and a colleague pulls it.
    fn send(&mut self, chance: &mut Chance, deeds: Vec<Deed>) -> Result<()> {
        let by = if chance.percent(75) {
            &self.worker
        } else {
            &self.clerk
        };
        let at = time(chance);
        let boot = hex::encode(chance.bytes::<16>());
        let mono = i64::try_from(chance.below(90_000_000)).unwrap_or(0);
        let clocks = |after: i64| Observed {
            wall: Timestamp::from_ms(at.as_ms() + after),
            mono: mono + after,
            boot: boot.clone(),
        };
        let sent = clocks(i64::try_from(chance.below(30_000)).unwrap_or(0));
        let received_at = sent.wall;
        let mut done: Vec<Done> = Vec::new();
        for (target, action) in deeds {
            let before = self.docs.iter().position(|it| it.target == target);
            let rev = before
                .and_then(|at| self.docs.get(at))
                .map_or(0, |doc| doc.rev);
            let observed = clocks(i64::try_from(chance.below(5)).unwrap_or(0));
            let kind = EntryKind::of(&target.kind);
            let wall = observed.wall;
            let by_whom = (by, self.dev_seq);
            let mut op = op(chance, by_whom, (target, rev), action, wall, |_, _| {
                observed
            });
            op.scope = kind.map_or(op.scope, |kind| kind.scope(&by.grid));
            self.dev_seq += 1;
            let stamp = Stamp::Hub {
                received_at,
                sent: &sent,
                case_no: "",
                against: None,
            };
            let applied = apply(before.and_then(|at| self.docs.get(at)), &op, &stamp);
            if let Some(doc) = applied.doc {
                match before.and_then(|at| self.docs.get_mut(at)) {
                    Some(there) => *there = doc,
                    None => self.docs.push(doc),
                }
            }
            let outcome = applied.outcome;
            let after = self.docs.iter().find(|it| it.target == op.target);
            let after = after.context("an operation makes a document")?.clone();
            done.push(Done { op, after, outcome });
        }
        self.messages
            .push(push(&sent, done.iter().map(|it| &it.op))?);
        let bodies = done.iter().filter_map(|it| it.after.body().ok()?);
        let feeds: BTreeSet<Scope> = bodies.flat_map(|it| it.audience()).collect();
        self.messages
            .push(answer(chance, feeds, &done, received_at)?);
        let left = |chance: &mut Chance| DocRef::entry(EntryKind::Resident, id(chance));
        // A page of many is packed well by what stands in itself.
        let some = usize::try_from(1 + chance.below(3)).unwrap_or(1);
        let docs = done.into_iter().map(|it| it.after).take(some);
        self.messages.push(page(chance, docs, left)?);
        Ok(())
    }
}

fn names_of(chance: &mut Chance) -> Vec<shared::FieldName> {
    names(chance, EntryKind::Resident)
}
