//! 是同一人: of two entries of one person one ends and names whom it goes on as; what was to be kept of it
//! the other takes over. Both ids stay alive: what names the one that ended leads to the other.

use shared::{
    EntryId, FieldName,
    ipc::{Arranged, MergeResidents, UnmergeResident},
    register::{EntryKind, Fields, schema},
};

use super::households::{Act, act, may_merge, of_kind, set};
use crate::{
    core::Core,
    error::{Error, Result},
    register,
    store::entries,
};

/// Merges them.
pub(crate) fn merge(core: &Core, args: MergeResidents) -> Result<Arranged> {
    act(core, |act| {
        may_merge(act.tx)?;
        if args.survivor == args.ends {
            return Err(Error::Malformed("one entry is not two"));
        }
        for id in [args.survivor, args.ends] {
            if of_kind(act.tx, id, EntryKind::Resident)?.survivor.is_some() {
                return Err(Error::Malformed("it goes on as somebody else already"));
            }
        }
        let (ending, _) = register::stands_of(act.tx, EntryKind::Resident, args.ends)?;
        let ending = ending.stands();
        let mut taken = args.take;
        if taken.iter().any(|it| it.as_str() == "household") {
            // Who lives elsewhere stands in the grid of that, and is something to the head there.
            taken.extend(["relation", schema::GRID].map(FieldName::from));
        }
        taken.retain(|field| {
            let field = field.as_str();
            field != schema::SAME_AS && !field.starts_with(schema::NOT_SAME)
        });
        let taken = taken.into_iter().map(|field| {
            let value = ending.value(field.as_str()).cloned();
            (field, value)
        });
        let taken: Fields = taken.collect();
        let survivor = args.survivor.to_string();
        let named = set([(schema::SAME_AS, Some(survivor.as_str()))]);
        act.change(EntryKind::Resident, args.ends, named)?;
        // Said before, by whoever it was: it is followed only from the one that ends.
        stand_alone(act, args.survivor)?;
        act.change(EntryKind::Resident, args.survivor, taken)
    })
}

/// Has one that ended stand for itself again.
pub(crate) fn unmerge(core: &Core, args: UnmergeResident) -> Result<Arranged> {
    act(core, |act| {
        may_merge(act.tx)?;
        let survivor = entries::get(act.tx, args.resident)?.survivor;
        stand_alone(act, args.resident)?;
        // Where the two were merged the other way round, too, that would begin to count.
        survivor.map_or(Ok(()), |survivor| stand_alone(act, survivor))
    })
}

fn stand_alone(act: &mut Act<'_>, resident: EntryId) -> Result<()> {
    act.change(
        EntryKind::Resident,
        resident,
        set([(schema::SAME_AS, None)]),
    )
}
