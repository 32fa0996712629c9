//! 历史: everything that was done with an entry of the register. What is masked stays so; who looked at
//! it is told to those who answer for the register, and to whoever looked.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::Connection;
use shared::{
    Action, Body, DocRef, FieldName, Kind, OpId,
    case::Signed,
    ipc::{EntryChange, EntryDeed, EntryDid, EntryHistory, GetEntryHistory},
    register::{Entry, EntryKind, FieldValue, Fields, fields, may_merge, schema},
    reveal::Revealing,
};

use super::{
    entry::{guarded, is_masked, named},
    search,
};
use crate::{
    core::Core,
    error::{Error, Result},
    fold,
    packs::Packs,
    register,
    store::{device, entries, mirror, outbox},
    views::case::signed_here,
};

/// Everything that was done with an entry.
pub(crate) fn get(core: &Core, args: GetEntryHistory) -> Result<EntryHistory> {
    core.store.read(|db| {
        let packs = core.packs(db)?;
        let line = entries::get(db, args.entry)?;
        if line.kind != args.kind || line.kind.is_apart() {
            return Err(Error::NotFound);
        }
        let (entry, _) = register::stands_of(db, args.kind, args.entry)?;
        let target = DocRef::entry(args.kind, args.entry);
        let telling = Telling {
            db,
            packs: &packs,
            kind: args.kind,
            pending: fold::folded(db, &target)?.pending().collect(),
        };
        let mut deeds = telling.said(&entry)?;
        deeds.extend(telling.looks(&target)?);
        deeds.sort_by_key(|deed| deed.at);
        deeds.reverse();
        Ok(EntryHistory {
            hit: search::hit(db, line)?,
            deeds,
        })
    })
}

struct Telling<'a> {
    db: &'a Connection,
    packs: &'a Packs,
    kind: EntryKind,
    pending: BTreeSet<OpId>,
}

impl Telling<'_> {
    /// What people gave and confirmed.
    fn said(&self, entry: &Entry) -> Result<Vec<EntryDeed>> {
        let entered = EntryDid::Entered {
            set: self.changes(&entry.given, &Fields::new())?,
            imported: entry.import.is_some(),
        };
        let deed = |signed: &Signed, did| {
            let pending = self.pending.contains(&signed.op_id);
            self.deed(signed, did, pending)
        };
        let mut deeds = vec![deed(&entry.entered, entered)];
        for change in &entry.changes {
            let id = change.signed.op_id;
            let beside = entry.beside(id);
            let others = beside.iter().map(|it| self.packs.person(&it.author.staff));
            let (parallel, parallel_en) = others.collect::<BTreeSet<_>>().into_iter().unzip();
            let did = EntryDid::Changed {
                set: self.changes(&change.changing.set, &entry.before(id).unwrap_or_default())?,
                imported: change.changing.import.is_some(),
                parallel,
                parallel_en,
            };
            deeds.push(deed(&change.signed, did));
        }
        deeds.extend(entry.confirmed.iter().map(|it| {
            let fields = it.confirming.fields.clone();
            deed(&it.signed, EntryDid::Confirmed { fields })
        }));
        Ok(deeds)
    }

    fn changes(&self, set: &Fields, before: &Fields) -> Result<Vec<EntryChange>> {
        let told = |field: &FieldName, value: Option<FieldValue>| {
            let masked = is_masked(self.kind, field.as_str());
            let value = value.map(|value| guarded(value, masked));
            if let (schema::GRID, Some(FieldValue::Text(code))) = (field.as_str(), &value) {
                let grid = self.packs.grid_name(&code.as_str().into());
                return Ok(Some(FieldValue::Text(grid.name)));
            }
            named(self.db, self.kind, field.as_str(), value)
        };
        let changes = set.iter().map(|(field, value)| {
            Ok(EntryChange {
                field: field.clone(),
                before: told(field, before.get(field).cloned().flatten())?,
                after: told(field, value.clone())?,
            })
        });
        let mut changes: Vec<EntryChange> = changes.collect::<Result<_>>()?;
        // As on its card; what a newer version writes comes last.
        let place = |it: &EntryChange| {
            let mut known = fields(self.kind).iter();
            known.position(|field| field.name == it.field.as_str())
        };
        changes.sort_by_key(|it| place(it).unwrap_or(usize::MAX));
        Ok(changes)
    }

    /// Who looked at what is masked, and why.
    fn looks(&self, of: &DocRef) -> Result<Vec<EntryDeed>> {
        let Ok(me) = device::get(self.db)?.author() else {
            return Ok(Vec::new());
        };
        let looks = self.all_looks(of)?.into_values();
        let looks = looks.filter(|(signed, looking, _)| {
            let may_know = may_merge(me.role) || signed.author.staff == me.staff;
            looking.of == *of && !looking.is_of_control() && may_know
        });
        let looks = looks.map(|(signed, looking, pending)| {
            let did = EntryDid::Looked {
                field: looking.field,
                reason: looking.reason,
            };
            self.deed(&signed, did, pending)
        });
        Ok(looks.collect())
    }

    /// The hub's, and those it does not have yet, with whether it has not.
    fn all_looks(&self, of: &DocRef) -> Result<BTreeMap<OpId, (Signed, Revealing, bool)>> {
        let mut looks = BTreeMap::new();
        let kind = Kind::reveal();
        for doc in mirror::naming(self.db, &kind, of.id)? {
            if let Some(Body::Reveal(it)) = doc.body()? {
                looks.insert(it.revealed.op_id, (it.revealed, it.revealing, false));
            }
        }
        for target in outbox::targets_of(self.db, &kind)? {
            for done in outbox::own_of_target(self.db, &target)? {
                if let (true, Action::Reveal(looking)) = (done.queued, &done.op.action) {
                    let signed = signed_here(&done.op);
                    looks.insert(done.op.op_id, (signed, (**looking).clone(), true));
                }
            }
        }
        Ok(looks)
    }

    fn deed(&self, signed: &Signed, did: EntryDid, pending: bool) -> EntryDeed {
        let (by, by_en) = self.packs.person(&signed.author.staff);
        EntryDeed {
            did,
            by,
            by_en,
            at: signed.at,
            pending,
        }
    }
}
