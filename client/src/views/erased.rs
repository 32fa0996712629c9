//! What is left to see of something that was erased.

use shared::{
    Doc,
    ipc::{ErasedView, GetErased},
};

use crate::{core::Core, error::Result, fold};

/// `None`: it was not erased, as far as this device knows.
pub(crate) fn get(core: &Core, args: GetErased) -> Result<Option<ErasedView>> {
    core.store.read(|db| {
        let folded = fold::folded(db, &args.target)?;
        let Some(erased) = folded.doc.as_ref().and_then(Doc::erased) else {
            return Ok(None);
        };
        let by = &erased.erased.author;
        let (by, by_en) = if by.is_hub() {
            (None, None)
        } else {
            let (name, name_en) = core.packs(db)?.person(&by.staff);
            (Some(name), Some(name_en))
        };
        Ok(Some(ErasedView {
            by,
            by_en,
            at: erased.erased.at,
            why: erased.why,
            reason: erased.reason,
            pending: folded.pending().any(|op| op == erased.erased.op_id),
        }))
    })
}
