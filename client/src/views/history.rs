//! 历史: everything that was done with a case, each deed with what it changed, beside whom, and what
//! became of it.

use std::collections::{BTreeMap, BTreeSet};

use shared::{
    Action, DocRef, Op, OpId,
    apply::Quarantine,
    case::{Case, Change, Deed, Dispute, Fate, Signed, Verdict},
    ipc::{
        FieldValue, GetHistory, History, HistoryChange, HistoryDeed, HistoryDispute,
        HistoryVerdict, Mention, Rival, TimelineEntry,
    },
    op::{Correction, Field},
};

use super::{
    case::{entry, happening, signed_here},
    deleted::{last_entry, what_alone},
    merged,
    rows::row,
};
use crate::{
    core::Core,
    error::{Error, Result},
    fold::{self, Folded},
    number,
    packs::Packs,
    store::cases,
};

/// Everything that was done with a case.
pub(crate) fn get(core: &Core, args: GetHistory) -> Result<History> {
    core.store.read(|db| {
        let packs = core.packs(db)?;
        let record = cases::get(db, args.case)?;
        let folded = fold::folded(db, &DocRef::case(args.case))?;
        let (mut deeds, known) = match folded.case()? {
            Some(case) => (of_case(&packs, &case, &folded), case.history()),
            // It was deleted at the hub; what was done here is left.
            None if folded.deletion.is_some() => {
                let done = || folded.done.iter().map(|done| &done.op);
                let deeds = done().map(|op| done_here(&packs, &folded, op));
                (deeds.collect(), done().map(|op| op.op_id).collect())
            }
            None => return Err(Error::NotFound),
        };
        if let Some(deletion) = &folded.deletion {
            let told = last_entry(&packs, deletion, |op_id| known.contains(&op_id));
            deeds.extend(told.map(|told| alone(&deletion.signed, told)));
        }
        deeds.sort_by_key(|deed| deed.entry.at);
        deeds.reverse();
        Ok(History {
            row: row(db, &packs, record)?,
            deeds,
        })
    })
}

fn of_case(packs: &Packs, case: &Case, folded: &Folded) -> Vec<HistoryDeed> {
    let telling = Telling {
        packs,
        case,
        report: Action::Report(Box::new(case.report.clone())),
        pending: folded.pending().collect(),
        kept_aside: kept_aside(folded),
    };
    let deeds = case.chronicle().into_iter();
    let mut deeds: Vec<HistoryDeed> = deeds.map(|deed| telling.deed(deed)).collect();
    let joined = merged::entries(packs, case).into_iter();
    deeds.extend(joined.map(|(signed, entry)| alone(&signed, entry)));
    // What the hub keeps aside is no part of the case there, but it was done, and stays to be seen.
    let elsewhere = folded.kept_aside().map(|(op, _)| op);
    let elsewhere = elsewhere.filter(|op| !case.knows(op.op_id));
    deeds.extend(elsewhere.map(|op| done_here(packs, folded, op)));
    deeds
}

/// What the hub keeps aside of what was done here.
fn kept_aside(folded: &Folded) -> BTreeMap<OpId, Quarantine> {
    let kept_aside = folded.kept_aside();
    kept_aside.map(|(op, why)| (op.op_id, why)).collect()
}

/// Something done on this device, without the case it was done with.
fn done_here(packs: &Packs, folded: &Folded, op: &Op) -> HistoryDeed {
    let signed = signed_here(op);
    let pending: BTreeSet<OpId> = folded.pending().collect();
    let what = what_alone(&op.action);
    HistoryDeed {
        kept_aside: kept_aside(folded).get(&op.op_id).copied(),
        ..alone(
            &signed,
            entry(packs, what, &signed, &op.action, None, &pending),
        )
    }
}

/// A deed of which no more is known than that it was done.
fn alone(signed: &Signed, entry: TimelineEntry) -> HistoryDeed {
    HistoryDeed {
        entry,
        role: signed.author.role,
        received_at: signed.received_at,
        revision: None,
        changes: Vec::new(),
        parallel: Vec::new(),
        disputes: Vec::new(),
        unseen: Vec::new(),
        answered: None,
        kept_aside: None,
    }
}

/// What deeds are told with.
struct Telling<'a> {
    packs: &'a Packs,
    case: &'a Case,
    /// The report as an action like all others.
    report: Action,
    pending: BTreeSet<OpId>,
    kept_aside: BTreeMap<OpId, Quarantine>,
}

impl Telling<'_> {
    fn deed(&self, deed: Deed<'_>) -> HistoryDeed {
        let action = deed.action.unwrap_or(&self.report);
        let what = happening(self.case, deed.signed, action);
        let void = deed.void.cloned();
        let entry = entry(self.packs, what, deed.signed, action, void, &self.pending);
        let fate = deed.deletion.unwrap_or(Fate {
            unseen: Vec::new(),
            answered: None,
        });
        HistoryDeed {
            revision: deed.revision,
            changes: deed.changes.into_iter().map(|it| self.change(it)).collect(),
            parallel: self.mentions(&deed.parallel),
            disputes: deed.disputes.iter().map(|it| self.dispute(it)).collect(),
            unseen: self.mentions(&fate.unseen),
            answered: fate.answered.and_then(|it| self.mention(it)),
            kept_aside: self.kept_aside.get(&deed.signed.op_id).copied(),
            ..alone(deed.signed, entry)
        }
    }

    fn change(&self, change: Change) -> HistoryChange {
        match change {
            Change::Field { before, after } => HistoryChange::Field {
                before: before.into_iter().map(|it| self.value(it)).collect(),
                after: self.value(after),
            },
            Change::State { before, after } => HistoryChange::State { before, after },
            Change::Photos { added } => HistoryChange::Photos {
                added: number::count(added.len()),
            },
        }
    }

    fn value(&self, value: Correction) -> FieldValue {
        let place = match &value {
            Correction::Place(place) => Some(place),
            Correction::Category(_) | Correction::Description(_) | Correction::Urgency(_) => None,
        };
        FieldValue {
            address_en: place.map_or_else(String::new, |it| self.packs.address_en(&it.address)),
            grid: place.map(|it| self.packs.grid_name(&it.grid)),
            value,
        }
    }

    fn dispute(&self, dispute: &Dispute) -> HistoryDispute {
        HistoryDispute {
            field: dispute.field,
            rivals: dispute
                .rivals
                .iter()
                .filter_map(|it| self.rival(*it, dispute.field))
                .collect(),
            verdict: match dispute.verdict {
                Verdict::Open => HistoryVerdict::Open,
                Verdict::By(it) => self
                    .mention(it)
                    .map_or(HistoryVerdict::Agreed, HistoryVerdict::By),
                Verdict::Agreed => HistoryVerdict::Agreed,
            },
        }
    }

    fn rival(&self, op_id: OpId, field: Field) -> Option<Rival> {
        let Action::Amend(amendment) = self.find(op_id)?.1 else {
            return None;
        };
        Some(Rival {
            by: self.mention(op_id)?,
            value: self.value(amendment.of(field)?.clone()),
        })
    }

    fn mentions(&self, op_ids: &[OpId]) -> Vec<Mention> {
        op_ids.iter().filter_map(|it| self.mention(*it)).collect()
    }

    fn mention(&self, op_id: OpId) -> Option<Mention> {
        let (signed, action) = self.find(op_id)?;
        let (by_name, by_name_en) = self.packs.person(&signed.author.staff);
        let fields = match action {
            Action::Amend(amendment) => {
                let corrections = amendment.to.iter();
                corrections.map(|it| it.correction.field()).collect()
            }
            _ => Vec::new(),
        };
        Some(Mention {
            what: what_alone(action),
            fields,
            by_name,
            by_name_en,
            at: signed.at,
        })
    }

    fn find(&self, op_id: OpId) -> Option<(&Signed, &Action)> {
        if op_id == self.case.reported.op_id {
            return Some((&self.case.reported, &self.report));
        }
        let mut events = self.case.events.iter();
        let event = events.find(|it| it.signed.op_id == op_id)?;
        Some((&event.signed, &event.action))
    }
}
