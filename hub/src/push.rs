//! Decides one operation: reads it as far as it can be read, says what stands against it, and
//! leaves what it does to [`shared::apply()`]. Pure; the store calls it inside its transaction.

use std::collections::BTreeSet;

use serde_json::Value;
use shared::{
    Action, Applied, Body, Doc, DocRef, GridCode, Kind, Op, OpId, PhotoRef, Scope,
    apply::{Quarantine, Stamp, apply_to},
    case::{CaseDoc, Deletion, JOINED_MAX, Void},
    erase,
    hub_api::StaffCard,
    op::{Merging, TEXT_MAX},
    photo::PHOTOS_MAX,
    record::{PHOTOS_MAX as RECORD_PHOTOS_MAX, VALUES_MAX},
    register::{
        self, Changing, Entering, EntryKind, FIELDS_MAX,
        schema::{CONTROL, SAME_AS},
    },
};
use uuid::Uuid;

use crate::store::{Said, StoredDoc};

/// An operation as it came, read as far as possible.
#[derive(Debug, Clone)]
pub struct Incoming {
    /// Its id, where that could be read.
    pub op_id: Option<OpId>,
    /// Its place in the device's sequence, where that could be read.
    pub dev_seq: Option<u64>,
    /// What it is about, where that could be read.
    pub target: Option<DocRef>,
    /// The whole of it as JSON, as it came; this is what the log keeps.
    pub payload: String,
    /// The operation, or why it can never be applied.
    pub op: Result<Box<Op>, Quarantine>,
}

impl Incoming {
    /// Reads one operation of a push.
    pub fn read(payload: String, max_bytes: usize) -> Self {
        if payload.len() > max_bytes {
            return Self::unreadable(payload, Quarantine::TooLarge);
        }
        match serde_json::from_str::<Op>(&payload) {
            Ok(op) if is_place(op.dev_seq) => Self {
                op_id: Some(op.op_id),
                dev_seq: Some(op.dev_seq),
                target: can_be_stored(&op.target.kind).then(|| op.target.clone()),
                payload,
                op: Ok(Box::new(op)),
            },
            Ok(_) | Err(_) => Self::unreadable(payload, Quarantine::UnreadableOperation),
        }
    }

    /// What little can be read of it.
    fn unreadable(payload: String, why: Quarantine) -> Self {
        let raw: Value = serde_json::from_str(&payload).unwrap_or_default();
        let field = |name| raw.get(name).unwrap_or(&Value::Null);
        let op_id = field("op_id").as_str().and_then(|id| id.parse().ok());
        let dev_seq = field("dev_seq").as_u64().filter(|seq| is_place(*seq));
        Self {
            op_id,
            dev_seq,
            target: target(field("target")),
            payload,
            op: Err(why),
        }
    }
}

fn is_place(dev_seq: u64) -> bool {
    dev_seq > 0 && i64::try_from(dev_seq).is_ok()
}

/// No database is asked for a text with a NUL in it; not all of them can hold one.
fn can_be_stored(kind: &Kind) -> bool {
    !kind.as_str().contains('\0')
}

fn target(raw: &Value) -> Option<DocRef> {
    let kind = Kind(raw.get("kind")?.as_str()?.to_owned());
    let id = raw.get("id")?.as_str()?;
    can_be_stored(&kind).then_some(DocRef {
        kind,
        id: Uuid::try_parse(id).ok()?,
    })
}

/// What the hub knows when it decides.
#[derive(Debug, Clone, Copy)]
pub struct Facts<'a> {
    /// Whose device sent it, as they stand, or stood when they did it.
    pub staff: &'a StaffCard,
    /// The document as it is.
    pub current: Option<&'a StoredDoc>,
    /// Whether the person sees the document as it is; meaningless when there is none.
    pub sees: bool,
    /// The grids the operation names, if it names any: the least of them counts.
    pub grid: Option<Named>,
}

/// A grid that an operation names, from the least to the most that speaks for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Named {
    /// The city has none of that code.
    Unknown,
    /// Another one than the author's.
    Others,
    /// One of the author's own.
    Own,
}

/// Decides one operation.
pub fn decide(op: &Op, facts: &Facts<'_>, stamp: &Stamp<'_>) -> Applied<Body> {
    if let Some(why) = objection(op, facts) {
        return Applied::never(why);
    }
    let body = match facts.current.map(StoredDoc::said) {
        Some(Said::Body(body)) => Some(body.clone()),
        Some(Said::NotForOperations) | None => None,
        Some(Said::Unreadable(_)) => return Applied::never(Quarantine::UnreadableDocument),
    };
    let rev = facts.current.map_or(0, |current| current.rev);
    apply_to(body, rev, op, stamp)
}

/// The grids that what is new stands in, or that something is moved to.
pub fn grids_named(op: &Op) -> Vec<GridCode> {
    match &op.action {
        Action::Report(report) => vec![report.place.grid.clone()],
        Action::Amend(amendment) => amendment.grid().cloned().into_iter().collect(),
        Action::Record(filled) => vec![filled.grid.clone()],
        Action::Visit(visiting) => vec![visiting.grid.clone()],
        Action::Reveal(revealing) => vec![revealing.grid.clone()],
        Action::Erase(erasing) => vec![erasing.grid.clone()],
        Action::Enter(Entering { set, .. }) | Action::Change(Changing { set, .. }) => {
            register::grids_named(set)
        }
        _ => Vec::new(),
    }
}

/// The feeds a document belongs to.
pub fn audience(doc: &Doc) -> Result<BTreeSet<Scope>, serde_json::Error> {
    Ok(doc.body()?.map(|body| body.audience()).unwrap_or_default())
}

/// Whether what an operation is about goes for good, if it takes effect.
pub fn erases(op: &Op) -> bool {
    matches!(op.action, Action::Erase(_))
}

/// What an operation goes with, see [`erase::linked`]: of a record whom it is about and which one it
/// corrects.
pub fn linked(op: &Op) -> Vec<DocRef> {
    match &op.action {
        Action::Record(filled) => erase::linked(filled).collect(),
        Action::Enter(entering) if op.target.kind == EntryKind::Management.kind() => {
            let about = entering.set.get("resident");
            let about = about.and_then(|it| erase::resident(it.as_ref()));
            about.into_iter().collect()
        }
        _ => Vec::new(),
    }
}

/// The case an operation says its target goes on as.
pub fn merging_into(op: &Op) -> Option<DocRef> {
    match op.action {
        Action::Merge(Merging { into, .. }) => Some(DocRef::case(into)),
        _ => None,
    }
}

/// What a case is when it carries another as that stands now; `None` when it does so already. Gives
/// the photos it shows by that, too.
pub fn carry(host: &StoredDoc, other: &StoredDoc) -> Option<(Doc<Body>, Vec<PhotoRef>)> {
    let (mut case, other) = (host.case()?.clone(), other.case()?);
    if !case.carry(other) {
        return None;
    }
    let doc = Doc {
        target: host.target.clone(),
        rev: host.rev + 1,
        body: Body::Case(CaseDoc::Known(Box::new(case))),
    };
    Some((doc, other.photos().into_iter().cloned().collect()))
}

/// What stands against one case going on as another, when `chain` are the other and those that it
/// goes on as, one after the other, as far as the author may know of them.
pub fn against_merging(target: &StoredDoc, chain: &[&StoredDoc]) -> Result<(), Void> {
    let case = target.case().ok_or(Void::NoSurvivor)?;
    if chain.is_empty() || chain.iter().any(|it| it.target == target.target) {
        return Err(Void::NoSurvivor);
    }
    if chain.len() > JOINED_MAX {
        return Err(Void::TooMany);
    }
    for (at, host) in chain.iter().enumerate() {
        let host = host.case().ok_or(Void::NoSurvivor)?;
        match host.may_take(case) {
            // What goes on as a deleted case goes no further.
            Err(Void::NoSurvivor) if at > 0 => break,
            answer => answer?,
        }
    }
    Ok(())
}

/// Who deleted a document; `None` while it stands. Only cases can be deleted. Quickly told of one that
/// nobody ever deleted.
pub fn deletion(doc: &Doc) -> Option<Deletion> {
    let events = doc.body.pointer("/known/events").and_then(Value::as_array);
    let mut deeds = events
        .into_iter()
        .flatten()
        .filter_map(|event| event.pointer("/action/do"));
    if !deeds.any(|deed| deed == "delete") {
        return None;
    }
    match doc.case() {
        Ok(CaseDoc::Known(case)) => case.deletion(),
        Ok(CaseDoc::Awaiting(_)) | Err(_) => None,
    }
}

/// What stands against taking it in at all.
pub fn objection(op: &Op, facts: &Facts<'_>) -> Option<Quarantine> {
    let of_the_register = op.action.is_of_another_kind();
    if matches!(op.action, Action::Unknown(_)) {
        return Some(Quarantine::UnreadableOperation);
    }
    if op.author.staff != facts.staff.id || !facts.staff.roles.contains(&op.author.role) {
        return Some(Quarantine::NotTheAuthor);
    }
    let kind = EntryKind::of(&op.target.kind);
    if of_the_register && !register::may_write_of(kind, op.author.role) {
        return Some(Quarantine::NotYourRole);
    }
    if merges(op) && !register::may_merge(op.author.role) {
        return Some(Quarantine::NotYourRole);
    }
    // Told before anything else of the document, so that nobody learns by it whether there is one.
    if op
        .needs()
        .is_some_and(|it| !facts.staff.permissions.contains(&it))
    {
        return Some(Quarantine::NotYourRole);
    }
    if erases(op) && !erase::may_erase(op.author.role) {
        return Some(Quarantine::NotYourRole);
    }
    if matches!(op.action, Action::Erased) {
        return None;
    }
    let too_long = |text: &&str| text.chars().count() > TEXT_MAX;
    if op.action.texts().iter().any(too_long) || !has_room(op) || says_what_is_apart(op) {
        return Some(Quarantine::OutOfBounds);
    }
    if facts.grid == Some(Named::Unknown) {
        return Some(Quarantine::NotYourScope);
    }
    // A case may be reported wherever somebody passes by; who lives where is for those who are there.
    let makes = matches!(
        op.action,
        Action::Enter(_)
            | Action::Record(_)
            | Action::Visit(_)
            | Action::Reveal(_)
            | Action::Erase(_)
    );
    // A resident may move anywhere; nobody sends the workers of other grids from door to door.
    let sends = kind == Some(EntryKind::Campaign) && facts.grid.is_some();
    if (makes || sends) && facts.grid != Some(Named::Own) {
        return Some(Quarantine::NotYourScope);
    }
    match facts.current?.said() {
        Said::NotForOperations => Some(Quarantine::NotForOperations),
        // Whose a case without a report is nobody knows yet; its id can't be guessed.
        Said::Body(body) if body.is_awaiting() => None,
        Said::Body(_) => (!facts.sees).then_some(Quarantine::NotYourScope),
        Said::Unreadable(_) => Some(Quarantine::UnreadableDocument),
    }
}

/// Whether it says of a resident who they go on as, or takes that back.
fn merges(op: &Op) -> bool {
    let (Action::Enter(Entering { set, .. }) | Action::Change(Changing { set, .. })) = &op.action
    else {
        return false;
    };
    op.target.kind == EntryKind::Resident.kind()
        && set.keys().any(|field| field.as_str() == SAME_AS)
}

/// Whether it puts a management tag where others than those with the permission would see it.
fn says_what_is_apart(op: &Op) -> bool {
    let (Action::Enter(Entering { set, .. }) | Action::Change(Changing { set, .. })) = &op.action
    else {
        return false;
    };
    let is_apart = EntryKind::of(&op.target.kind).is_some_and(EntryKind::is_apart);
    !is_apart && set.keys().any(|field| field.as_str().starts_with(CONTROL))
}

/// Whether it holds no more than a document may.
fn has_room(op: &Op) -> bool {
    let photos = op.action.photos().len();
    match &op.action {
        Action::Record(filled) => photos <= RECORD_PHOTOS_MAX && filled.values.len() <= VALUES_MAX,
        Action::Enter(Entering { set, .. }) | Action::Change(Changing { set, .. }) => {
            set.len() <= FIELDS_MAX
        }
        Action::Erase(erasing) => !erasing.reason.trim().is_empty(),
        _ => photos <= PHOTOS_MAX,
    }
}
