//! 补充 and +1.

use shared::{
    Action, Extra,
    ipc::{Saved, SupplementCase},
    op::Addition,
};

use super::queue::{self, touched};
use crate::{core::Core, error::Result};

/// Adds words and photos, or counts the person in.
pub(crate) fn supplement(core: &Core, args: SupplementCase) -> Result<Saved> {
    core.store.write(|tx| {
        let addition = Addition {
            note: args.note,
            photos: queue::photos(tx, &args.photos)?,
            extra: Extra::default(),
        };
        let action = if args.plus_one {
            Action::PlusOne(addition)
        } else {
            Action::Supplement(addition)
        };
        queue::on_case(core, tx, args.case, action)
    })?;
    core.announce_work(touched());
    Ok(Saved {})
}
