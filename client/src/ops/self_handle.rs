//! 自行处置 after the report: what was done, or a photo of it.

use shared::{
    Action, Extra, PhotoKind, PhotoRef,
    ipc::{Saved, SelfHandleCase},
    op::Addition,
};

use super::{
    queue::{self, touched},
    report::may_be_self_handled,
};
use crate::{core::Core, error::Result};

/// Closes a case that the reporter handled on the spot.
pub(crate) fn self_handle(core: &Core, args: SelfHandleCase) -> Result<Saved> {
    core.store.write(|tx| {
        let (_, case) = queue::case(tx, args.case)?;
        may_be_self_handled(core, tx, case.category())?;
        let photos = queue::photos(tx, &args.photos)?;
        let photos = photos
            .into_iter()
            .map(|photo| PhotoRef {
                kind: PhotoKind::After,
                ..photo
            })
            .collect();
        let action = Action::SelfHandle(Addition {
            note: args.note,
            photos,
            extra: Extra::default(),
        });
        queue::on_case(core, tx, args.case, action)
    })?;
    core.announce_work(touched());
    Ok(Saved {})
}
