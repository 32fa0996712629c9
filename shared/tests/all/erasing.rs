//! Erasing: what is left of a document, and that nothing done before or after makes a difference.

use proptest::prelude::*;
use shared::{
    Action, Doc, DocRef, EntryId, Extra, GridCode, Kind, Op, Outcome, RecordId, Role, Scope,
    apply::Quarantine,
    case::Void,
    erase::{Erasing, Why},
    record::{Filled, FormVersion, Given},
    register::{Entering, EntryKind, schema},
};
use uuid::Uuid;

use crate::{
    people::{ANA, BEN, LIN, TAO, at, fold, id, op},
    register::{change, confirm, resident, set},
};

/// Stands in everything that must go.
const CANARY: &str = "金丝雀";

const ERASED: Outcome = Outcome::ConflictKept { why: Void::Erased };

fn record(op: Op) -> Op {
    let target = DocRef::record(RecordId(Uuid::from_u128(78)));
    Op { target, ..op }
}

fn entered() -> Op {
    let set = set(&[(schema::GRID, "G1"), ("name", CANARY)]);
    resident(op(
        1,
        ANA,
        Action::Enter(Entering {
            set,
            import: None,
            extra: Extra::default(),
        }),
    ))
}

fn erase(n: u8, who: (&str, Role)) -> Op {
    let erasing = Erasing {
        why: Why::Request,
        reason: "本人要求".to_owned(),
        grid: GridCode::from("G1"),
        form: None,
        extra: Extra::default(),
    };
    op(n, who, Action::Erase(Box::new(erasing)))
}

fn filled() -> Filled {
    Filled {
        form: FormVersion {
            doc: Uuid::from_u128(5),
            id: "vaccination".to_owned(),
            version: "1".to_owned(),
        },
        subject: None,
        grid: GridCode::from("G1"),
        begun_at: at(0),
        finished_at: at(1),
        name: CANARY.to_owned(),
        values: vec![Given {
            address: "name".to_owned(),
            value: CANARY.to_owned(),
        }],
        photos: Vec::new(),
        replaces: None,
        told: None,
        extra: Extra::default(),
    }
}

fn says(doc: &Doc, words: &str) -> bool {
    doc.body.to_string().contains(words)
}

#[test]
fn of_a_resident_is_left_that_somebody_erased_them_and_why() {
    let ops = [
        entered(),
        change(2, BEN, &[1], &[("phone", "13800000002")]),
        resident(erase(3, LIN)),
    ];

    let (doc, outcomes) = fold(&ops);

    let doc = doc.unwrap();
    assert_eq!(
        outcomes,
        [Outcome::Applied, Outcome::Merged, Outcome::Merged]
    );
    assert!(!says(&doc, CANARY) && !says(&doc, "13800000002"), "{doc:?}");
    let erased = doc.erased().unwrap();
    assert_eq!(erased.erased.author.staff.as_str(), "c-lin");
    assert_eq!((erased.erased.at, erased.why), (at(3), Why::Request));
    assert_eq!(erased.reason, "本人要求");
    let feeds: Vec<_> = erased.audience().iter().map(Scope::to_string).collect();
    assert_eq!(
        feeds,
        ["grid:G1", "staff:c-lin", "staff:w-ana", "staff:w-ben"],
        "whoever wrote something hears of it, wherever they work by now"
    );
}

#[test]
fn of_a_record_the_version_of_its_form_is_left() {
    let Action::Erase(mut erasing) = erase(2, LIN).action else {
        panic!("it erases");
    };
    erasing.form = Some(filled().form);
    let ops = [
        record(op(1, ANA, Action::Record(Box::new(filled())))),
        record(op(2, LIN, Action::Erase(erasing))),
    ];

    let doc = fold(&ops).0.unwrap();

    assert!(!says(&doc, CANARY), "{doc:?}");
    assert_eq!(doc.erased().unwrap().form, Some(filled().form));
}

#[test]
fn what_is_done_with_it_afterwards_has_no_effect_and_a_replay_is_one() {
    let erasing = resident(erase(2, LIN));
    let late = change(3, BEN, &[1], &[("name", CANARY)]);
    let ops = [
        entered(),
        erasing.clone(),
        late,
        erasing,
        resident(erase(4, TAO)),
    ];

    let (doc, outcomes) = fold(&ops);

    assert_eq!(
        outcomes[2..],
        [ERASED, Outcome::Duplicate, ERASED],
        "who erases again is told that somebody did"
    );
    let doc = doc.unwrap();
    assert!(!says(&doc, CANARY), "{doc:?}");
    let by = doc.erased().unwrap().erased.op_id;
    assert_eq!(by, id(2), "the first one stands");
}

#[test]
fn a_place_that_is_all_that_is_left_of_an_operation_makes_nothing() {
    let (doc, outcomes) = fold(&[resident(op(1, ANA, Action::Erased))]);

    assert_eq!((doc, outcomes), (None, vec![ERASED]));

    let (doc, outcomes) = fold(&[entered(), resident(op(2, BEN, Action::Erased))]);
    assert_eq!(outcomes[1], ERASED);
    let doc = doc.unwrap();
    assert!(says(&doc, CANARY));
    let body = doc.body().unwrap().unwrap();
    assert!(
        !body.lacks(&resident(op(2, BEN, Action::Erased))),
        "nobody asks for it again"
    );
}

#[test]
fn only_records_and_residents_are_erased() {
    let household = DocRef::entry(EntryKind::Household, EntryId(Uuid::from_u128(77)));
    let visit = DocRef {
        kind: Kind::visit(),
        id: Uuid::from_u128(77),
    };
    for target in [household, visit] {
        let op = Op {
            target,
            ..erase(1, LIN)
        };

        let (doc, outcomes) = fold(&[op]);

        let why = Quarantine::NotForOperations;
        assert_eq!((doc, outcomes), (None, vec![Outcome::Quarantined { why }]));
    }
}

#[test]
fn an_erased_document_that_a_newer_version_wrote_keeps_what_it_added() {
    let mut doc = fold(&[entered(), resident(erase(2, LIN))]).0.unwrap();
    doc.body["certificate"] = 7.into();

    let body = doc.body().unwrap().unwrap();

    assert_eq!(serde_json::to_value(&body).unwrap(), doc.body);
}

proptest! {
    /// In whatever order they arrive, and however often, the same is left.
    #[test]
    fn the_order_of_arrival_does_not_matter(
        order in Just((0..6usize).collect::<Vec<_>>()).prop_shuffle(),
        again in 0..6usize,
    ) {
        let ops = [
            entered(),
            change(2, BEN, &[1], &[("phone", "13800000002")]),
            change(3, TAO, &[1], &[(schema::GRID, "G2"), ("name", CANARY)]),
            confirm(4, ANA, &[1], &[]),
            confirm(5, TAO, &[1], &[]),
            resident(erase(6, LIN)),
        ];
        let straight = fold(&ops).0.unwrap();

        let mut shuffled: Vec<Op> = order.iter().map(|at| ops[*at].clone()).collect();
        shuffled.push(ops[again].clone());
        let doc = fold(&shuffled).0.unwrap();

        prop_assert_eq!(&doc.body, &straight.body);
        prop_assert!(!says(&doc, CANARY));
    }
}
