//! 更正: fields of a case are set anew. What this device knows of other corrections goes with it, so
//! that nobody's is covered unseen; and so this is also how a conflict is decided.

use fault::Bug;
use shared::{
    Action, Extra,
    ipc::{AmendCase, Saved},
    op::{Amendment, Corrected, Field},
};

use super::queue::{self, touched};
use crate::{core::Core, error::Result};

/// Corrects a case. What already stands so is left out; when nothing else is left, nothing happens.
pub(crate) fn amend(core: &Core, args: AmendCase) -> Result<Saved> {
    let queued = core.store.write(|tx| {
        let (_, case) = queue::case(tx, args.case)?;
        let amended = case.amended();
        let undecided = |field: Field| amended.conflicts.iter().any(|it| it.field == field);
        let to: Vec<Corrected> = args
            .to
            .into_iter()
            .filter(|it| undecided(it.field()) || *it != amended.value(it.field()))
            .map(Corrected::from)
            .collect();
        if to.is_empty() {
            return Ok(false);
        }
        let mut knew = amended.heads.clone();
        if fault::planted(Bug::KnewOfNothing) {
            knew.clear();
        }
        queue::on_case(
            core,
            tx,
            args.case,
            Action::Amend(Amendment {
                knew,
                to,
                extra: Extra::default(),
            }),
        )?;
        Ok(true)
    })?;
    if queued {
        core.announce_work(touched());
    }
    Ok(Saved {})
}
