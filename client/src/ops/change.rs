//! 变更: fields of an entry are given other values. What this device knows of other changes goes with
//! it, so that nobody's is covered unseen; and so this is also how a conflict is decided.

use std::collections::BTreeSet;

use fault::Bug;
use rusqlite::{Connection, Transaction};
use shared::{
    Action, DocRef, EntryId, Extra, FieldName, ImportId, OpId,
    case::Void,
    ipc::{ChangeEntry, DecideField, Saved},
    register::{
        Changing, EntryKind, FieldValue, Fields, Stands,
        check::{self, Mistake},
        may_decide, schema, told_by_number,
    },
};

use super::{
    control,
    enter::{self, touched},
    households, queue,
};
use crate::{
    core::Core,
    error::{Error, Result},
    register,
    store::device,
};

/// Changes an entry. What stands so already is left out; when nothing else is left, nothing happens.
pub(crate) fn change(core: &Core, args: ChangeEntry) -> Result<Saved> {
    enter::in_lists(args.kind)?;
    let queued = core.store.write(|tx| {
        let (entry, _) = register::stands_of(tx, args.kind, args.entry)?;
        let stands = entry.stands();
        let theirs = not_theirs(tx, args.kind, &stands)?;
        let says = |(field, value): (&FieldName, &Option<FieldValue>)| {
            theirs.contains(field) && stands.value(field.as_str()) != value.as_ref()
        };
        if args.set.iter().any(says) {
            return Err(Void::NotYourRole.into());
        }
        let mut set = args.set;
        set.retain(|field, _| !theirs.contains(field));
        if args.kind == EntryKind::Place {
            enter::stand_with_holder(tx, args.kind, &mut set)?;
        }
        write(core, tx, args.kind, args.entry, set)
    })?;
    if queued {
        core.announce_work(touched());
    }
    Ok(Saved {})
}

/// Keeps one of several values that stand.
pub(crate) fn decide(core: &Core, args: DecideField) -> Result<Saved> {
    enter::in_lists(args.kind)?;
    core.store.write(|tx| {
        let (entry, _) = register::stands_of(tx, args.kind, args.entry)?;
        let stands = entry.stands();
        if not_theirs(tx, args.kind, &stands)?.contains(&args.field) {
            return Err(Void::NotYourRole.into());
        }
        let disputed = stands.disputed.iter().find(|it| *it.field == args.field);
        let kept = disputed.and_then(|it| it.values.get(args.keep));
        let value = kept.ok_or(Error::NotFound)?.value.clone();
        let set = [(args.field, value)].into();
        rewrite(core, tx, args.kind, args.entry, set)
    })?;
    core.announce_work(touched());
    Ok(Saved {})
}

/// Fields in which several values stand and somebody else has to say which it is.
pub(super) fn not_theirs(
    db: &Connection,
    kind: EntryKind,
    stands: &Stands<'_>,
) -> Result<BTreeSet<FieldName>> {
    if stands.disputed.is_empty() {
        return Ok(BTreeSet::new());
    }
    let role = device::get(db)?.author()?.role;
    let disputed = stands.disputed.iter().map(|it| it.field);
    let theirs = disputed.filter(|field| !may_decide(kind, field.as_str(), role));
    Ok(theirs.cloned().collect())
}

/// Queues what somebody entered in the fields of an entry, in the caller's transaction. Says whether
/// there was anything to change.
pub(super) fn write(
    core: &Core,
    tx: &Transaction<'_>,
    kind: EntryKind,
    id: EntryId,
    set: Fields,
) -> Result<bool> {
    if kind == EntryKind::Resident {
        let (entry, _) = register::stands_of(tx, kind, id)?;
        let stands = entry.stands();
        let text = |name: &str| match set.get(name) {
            Some(value) => value
                .as_ref()
                .and_then(FieldValue::text)
                .unwrap_or_default(),
            None => stands.text(name).unwrap_or_default(),
        };
        // Who was head before is not asked about when something else of them is changed.
        let touched = ["relation", "presence", "household"].into_iter();
        let touched = touched.filter(|name| {
            let new = set.get(*name);
            new.is_some_and(|_| text(name) != stands.text(name).unwrap_or_default())
        });
        if let Some(field) = { touched }.next() {
            households::one_head(tx, Some(id), field, text)?;
        }
    }
    Ok(rewrite(core, tx, kind, id, set)?.is_some())
}

/// Queues a change that is part of an act. Gives the operation, if there was anything to change.
pub(super) fn rewrite(
    core: &Core,
    tx: &Transaction<'_>,
    kind: EntryKind,
    id: EntryId,
    set: Fields,
) -> Result<Option<OpId>> {
    take_over(core, tx, kind, id, set, None)
}

/// The same; `import` says of which import it is part, if of one.
pub(crate) fn take_over(
    core: &Core,
    tx: &Transaction<'_>,
    kind: EntryKind,
    id: EntryId,
    mut set: Fields,
    import: Option<ImportId>,
) -> Result<Option<OpId>> {
    let (entry, rev) = register::stands_of(tx, kind, id)?;
    let stands = entry.stands();
    let undecided = |field: &FieldName| stands.disputed.iter().any(|it| it.field == field);
    for value in set.values_mut() {
        // Nothing was typed: nothing is to stand there.
        value.take_if(|it| it.text() == Some(""));
    }
    set.retain(|field, value| {
        let now = stands.fields.get(field).and_then(|it| it.value.as_ref());
        undecided(field) || now != value.as_ref()
    });
    if set.is_empty() {
        return Ok(None);
    }
    if set.contains_key(schema::SAME_AS) {
        households::may_merge(tx)?;
    }
    let mut all: Fields = stands
        .fields
        .iter()
        .map(|(name, given)| ((*name).clone(), given.value.clone()))
        .collect();
    let before = all.clone();
    all.extend(set.clone());
    let today = core.today(tx)?;
    if kind == EntryKind::Resident && set.contains_key(&FieldName::from("id_no")) {
        // The number says it; it is nobody's to type again.
        let mut told = told_by_number(&all, &today);
        told.retain(|field, _| !undecided(field));
        set.extend(told.clone());
        all.extend(told);
    }
    let mistakes = mistakes_of(kind, &all, &set, &today);
    if !mistakes.is_empty() {
        return Err(Error::Mistakes(mistakes));
    }
    let knew = if fault::planted(Bug::ChangeKnewOfNothing) {
        Vec::new()
    } else {
        stands.heads.clone()
    };
    let goes_to = set.get(schema::GRID).cloned().flatten();
    let changing = Changing {
        knew,
        set,
        import,
        extra: Extra::default(),
    };
    let queued = queue::add_named(
        core,
        tx,
        DocRef::entry(kind, id),
        rev,
        enter::grid_of(kind, &before)?,
        Action::Change(changing),
    )?;
    if let (EntryKind::Resident, Some(grid)) = (kind, goes_to) {
        control::follow(core, tx, id, &grid)?;
    }
    Ok(Some(queued))
}

/// What is wrong with a change that comes to `all`. What somebody else left wrong must not keep it
/// from being written.
pub(crate) fn mistakes_of(
    kind: EntryKind,
    all: &Fields,
    set: &Fields,
    today: &str,
) -> Vec<Mistake> {
    let of_these = |it: &Mistake| set.contains_key(&it.field) || with_it(&it.field, set);
    let mistakes = check::mistakes(kind, all, today).into_iter();
    mistakes.filter(of_these).collect()
}

/// A day of birth or sex is wrong beside a number that is being changed, an end beside its beginning, and
/// a campaign without the grids that are taken away.
fn with_it(field: &FieldName, set: &Fields) -> bool {
    let changes = |name: &str| set.contains_key(name);
    match field.as_str() {
        "birth" | "sex" => changes("id_no"),
        "until" => changes("from"),
        "max_age" => changes("min_age"),
        "grids" => {
            let mut names = set.keys();
            names.any(|name| name.as_str().starts_with(schema::IN_GRID))
        }
        _ => false,
    }
}
