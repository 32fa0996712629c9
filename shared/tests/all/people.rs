//! Who does what in these tests: operations of invented people on one case, each at a second of its
//! own, and the case they make.

use shared::{
    Action, Author, CaseId, Digest, Doc, DocRef, Extra, GridCode, Op, OpId, Outcome, PhotoKind,
    PhotoRef, Place, PlaceSource, Role, Scope, StaffId, Timestamp, apply,
    apply::Stamp,
    case::{Case, CaseDoc, Urgency},
    op::{Amendment, Corrected, Correction, Report, SCHEMA},
    time::Observed,
};

pub(crate) const CASE: CaseId = CaseId(uuid::Uuid::from_u128(7));
pub(crate) const ANA: (&str, Role) = ("w-ana", Role::Worker);
pub(crate) const BEN: (&str, Role) = ("w-ben", Role::Worker);
pub(crate) const LIN: (&str, Role) = ("c-lin", Role::Clerk);
pub(crate) const TAO: (&str, Role) = ("d-tao", Role::Dispatcher);

pub(crate) fn at(n: u8) -> Timestamp {
    Timestamp::from_ms(1_000_000 + i64::from(n) * 1_000)
}

pub(crate) fn id(n: u8) -> OpId {
    OpId::new(at(n), [n; 10])
}

pub(crate) fn ids(numbers: &[u8]) -> Vec<OpId> {
    numbers.iter().map(|n| id(*n)).collect()
}

pub(crate) fn op(n: u8, (staff, role): (&str, Role), action: Action) -> Op {
    Op {
        op_id: id(n),
        dev_seq: u64::from(n),
        target: DocRef::case(CASE),
        base_rev: 0,
        action,
        observed_at: Observed {
            wall: at(n),
            mono: i64::from(n) * 1_000,
            boot: "b".to_owned(),
        },
        author: Author {
            staff: StaffId::from(staff),
            role,
            extra: Extra::default(),
        },
        scope: Scope::grid(&GridCode::from("G1")),
        schema: SCHEMA,
        extra: Extra::default(),
    }
}

/// A report without photos, of a place that was typed.
pub(crate) fn report(category: Option<&str>, description: &str) -> Report {
    Report {
        category: category.map(Into::into),
        description: description.to_owned(),
        occurred_at: at(0),
        place: Place {
            position: None,
            accuracy_m: None,
            source: PlaceSource::Typed,
            address: "人民路12号".to_owned(),
            grid: GridCode::from("G1"),
            in_own_grid: true,
            extra: Extra::default(),
        },
        urgency: Urgency::Normal,
        photos: Vec::new(),
        handled: None,
        extra: Extra::default(),
    }
}

/// The first operation: Ana's.
pub(crate) fn reports(report: Report) -> Op {
    op(1, ANA, Action::Report(Box::new(report)))
}

/// 更正 by somebody who knew of these operations and no others.
pub(crate) fn amend(n: u8, who: (&str, Role), knew: &[u8], to: impl Into<Vec<Correction>>) -> Op {
    let amendment = Amendment {
        knew: ids(knew),
        to: to.into().into_iter().map(Corrected::from).collect(),
        extra: Extra::default(),
    };
    op(n, who, Action::Amend(amendment))
}

pub(crate) fn says(text: &str) -> Correction {
    Correction::Description(text.to_owned())
}

/// Applies the operations in order; gives the document and the outcomes.
pub(crate) fn fold(ops: &[Op]) -> (Option<Doc>, Vec<Outcome>) {
    let mut doc = None;
    let outcomes = ops
        .iter()
        .map(|op| {
            let applied = apply(doc.as_ref(), op, &Stamp::Device);
            doc = applied.doc.or_else(|| doc.take());
            applied.outcome
        })
        .collect();
    (doc, outcomes)
}

pub(crate) fn case(ops: &[Op]) -> Case {
    known(&fold(ops).0.unwrap())
}

/// The case in a document whose report came.
pub(crate) fn known(doc: &Doc) -> Case {
    match doc.case().unwrap() {
        CaseDoc::Known(case) => *case,
        CaseDoc::Awaiting(_) => panic!("the report is among the operations"),
    }
}

pub(crate) fn photo(n: u8) -> PhotoRef {
    PhotoRef {
        digest: Digest::from_bytes([n; 32]),
        thumb: Digest::from_bytes([n ^ 0xff; 32]),
        kind: PhotoKind::Near,
        bytes: 1,
        thumb_bytes: 1,
        width: 1,
        height: 1,
        taken_at: None,
        position: None,
        extra: Extra::default(),
    }
}
