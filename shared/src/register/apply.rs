//! What an operation does to an entry of the register.

use super::{Change, Changing, Confirmation, Confirming, Entry, EntryDoc};
use crate::{
    Action, Op, Outcome,
    apply::{Quarantine, Stamp},
};

/// Applies `op`; gives the new body (`None`: unchanged) and what became of it. Everything commutes:
/// in whatever order operations arrive, the entry is the same.
pub(crate) fn apply_to_entry(
    current: Option<EntryDoc>,
    op: &Op,
    stamp: &Stamp<'_>,
) -> (Option<EntryDoc>, Outcome) {
    let quarantined = |why| (None, Outcome::Quarantined { why });
    if !matches!(
        op.action,
        Action::Enter(_) | Action::Change(_) | Action::Confirm(_)
    ) {
        return quarantined(Quarantine::NotForOperations);
    }
    match (current, &op.action) {
        (None, Action::Enter(_)) => {
            let entry = Entry::entered_by(op.clone(), stamp);
            let known = entry.map(|it| EntryDoc::Known(Box::new(it)));
            (known, Outcome::Applied)
        }
        (Some(EntryDoc::Awaiting(waiting)), Action::Enter(_)) => {
            let (mut doc, outcome) = apply_to_entry(None, op, stamp);
            if let Some(EntryDoc::Known(entry)) = &mut doc {
                for earlier in &waiting {
                    happen(entry, earlier, stamp);
                }
            }
            (doc, outcome)
        }
        (None, _) => (Some(EntryDoc::Awaiting(vec![op.clone()])), Outcome::Applied),
        (Some(doc), _) if doc.knows(op.op_id) => (None, Outcome::Duplicate),
        (Some(EntryDoc::Awaiting(mut waiting)), _) => {
            waiting.push(op.clone());
            waiting.sort_by_key(|op| (op.observed_at.wall, op.op_id));
            (Some(EntryDoc::Awaiting(waiting)), Outcome::Applied)
        }
        (Some(EntryDoc::Known(_)), Action::Enter(_)) => quarantined(Quarantine::AlreadyReported),
        (Some(EntryDoc::Known(mut entry)), _) => {
            happen(&mut entry, op, stamp);
            (Some(EntryDoc::Known(entry)), Outcome::Applied)
        }
    }
}

/// What stands in a change and a confirmation beside what the operation says.
const BESIDE_SIGNED: [&str; 1] = ["signed"];

impl Entry {
    /// The names of its own fields.
    const OWN: [&str; 5] = ["entered", "given", "import", "changes", "confirmed"];

    /// The entry that an operation enters, if it is one that enters.
    pub fn entered_by(op: Op, stamp: &Stamp<'_>) -> Option<Self> {
        let entered = stamp.sign(&op);
        let Action::Enter(entering) = op.action else {
            return None;
        };
        Some(Self {
            entered,
            extra: entering.extra.beside(&Self::OWN),
            given: entering.set,
            import: entering.import,
            changes: Vec::new(),
            confirmed: Vec::new(),
        })
    }
}

fn happen(entry: &mut Entry, op: &Op, stamp: &Stamp<'_>) {
    let signed = stamp.sign(op);
    match &op.action {
        Action::Change(changing) => {
            entry.changes.push(Change {
                signed,
                changing: Changing {
                    extra: changing.extra.beside(&BESIDE_SIGNED),
                    ..changing.clone()
                },
            });
            entry
                .changes
                .sort_by_key(|it| (it.signed.at, it.signed.op_id));
        }
        Action::Confirm(confirming) => confirm(
            &mut entry.confirmed,
            Confirmation {
                signed,
                confirming: in_order(confirming),
            },
        ),
        _ => {}
    }
}

/// Keeps, of those who confirmed the same, the last one: a household that was visited every month for
/// ten years is not a hundred lines longer.
fn confirm(all: &mut Vec<Confirmation>, new: Confirmation) {
    let place = |it: &Confirmation| (it.signed.at, it.signed.op_id);
    let says_the_same = |it: &&mut Confirmation| {
        let (one, other) = (&it.confirming, &new.confirming);
        one.knew == other.knew && one.fields == other.fields
    };
    match all.iter_mut().find(says_the_same) {
        Some(before) if place(before) < place(&new) => *before = new,
        Some(_) => {}
        None => all.push(new),
    }
    all.sort_by_key(place);
}

fn in_order(confirming: &Confirming) -> Confirming {
    let mut confirming = confirming.clone();
    confirming.knew.sort_unstable();
    confirming.knew.dedup();
    confirming.fields.sort_unstable();
    confirming.fields.dedup();
    confirming.extra = confirming.extra.beside(&BESIDE_SIGNED);
    confirming
}
