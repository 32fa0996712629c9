//! 不是同一人: two entries are two people. It stands in the register, so that nobody is asked again.

use shared::{
    FieldName,
    ipc::{Arranged, PartResidents},
    register::{EntryKind, FieldValue, schema},
};

use super::households::{act, may_merge, of_kind};
use crate::{core::Core, error::Result};

/// Says so.
pub(crate) fn part(core: &Core, args: PartResidents) -> Result<Arranged> {
    act(core, |act| {
        may_merge(act.tx)?;
        let mut two = args.two;
        // On who was entered first, so that two who say so agree.
        two.sort_unstable();
        let [one, other] = two;
        for id in two {
            of_kind(act.tx, id, EntryKind::Resident)?;
        }
        let field = format!("{}{other}", schema::NOT_SAME);
        let said = (
            FieldName::from(field.as_str()),
            Some(FieldValue::Flag(true)),
        );
        act.change(EntryKind::Resident, one, [said].into())
    })
}
