//! `apply` is the only place that says what an operation does; these are its promises.

use proptest::prelude::*;
use shared::{
    Action, Extra, GridCode, Op, Outcome, Place, PlaceSource, Position, Role, Timestamp, apply,
    apply::{Quarantine, Stamp},
    case::{Case, CaseDoc, State, Urgency, Void},
    op::{Addition, Correction, Field, Registering, Report, TEXT_MAX},
    pack::{Limit, LimitKind},
    time::Observed,
};

use crate::people::{ANA, BEN, LIN as CLERK, amend, case, fold, op, photo, reports, says};

fn report() -> Report {
    let report = crate::people::report(Some("E0110"), "楼下有垃圾");
    Report {
        place: Place {
            position: Some(Position::new(120.9, 32.0).unwrap()),
            accuracy_m: Some(8.0),
            source: PlaceSource::Device,
            ..report.place
        },
        photos: vec![photo(1)],
        ..report
    }
}

fn reported() -> Op {
    reports(report())
}

fn supplement(n: u8, who: (&str, Role)) -> Op {
    let addition = Addition {
        note: format!("补充 {n}"),
        photos: vec![photo(n)],
        extra: Extra::default(),
    };
    op(n, who, Action::Supplement(addition))
}

fn plus_one(n: u8, who: (&str, Role)) -> Op {
    op(n, who, Action::PlusOne(Addition::default()))
}

fn register(n: u8) -> Op {
    op(
        n,
        CLERK,
        Action::Register(Registering {
            category: "E0112".into(),
            condition: "1".to_owned(),
            limit: Limit {
                value: 2,
                kind: LimitKind::WorkHour,
            },
            opinion: String::new(),
            extra: Extra::default(),
        }),
    )
}

fn withdraw(n: u8, who: (&str, Role)) -> Op {
    op(n, who, Action::Withdraw("看错了".into()))
}

fn facts() -> Vec<Op> {
    vec![
        reported(),
        supplement(2, ANA),
        supplement(3, BEN),
        plus_one(4, BEN),
        plus_one(5, BEN),
        plus_one(6, ("w-cui", Role::Worker)),
        supplement(7, CLERK),
        amend(8, ANA, &[1], vec![says("楼下有两堆垃圾")]),
        amend(
            9,
            CLERK,
            &[1],
            vec![says("单元门口有垃圾"), Correction::Urgency(Urgency::Urgent)],
        ),
        amend(10, ANA, &[8], vec![Correction::Category(None)]),
    ]
}

proptest! {
    #[test]
    fn facts_in_any_order_and_twice_end_the_same(
        order in Just((0..facts().len()).chain(0..facts().len()).collect::<Vec<_>>()).prop_shuffle()
    ) {
        let facts = facts();
        let shuffled: Vec<Op> = order.iter().filter_map(|i| facts.get(*i).cloned()).collect();

        prop_assert_eq!(fold(&shuffled).0, fold(&facts).0, "order of arrival {:?}", order);
    }

    #[test]
    fn no_operation_ever_vanishes_from_the_history(
        order in Just((0..12usize).collect::<Vec<_>>()).prop_shuffle()
    ) {
        let mut all = facts();
        all.extend([register(11), withdraw(12, ANA)]);
        let shuffled: Vec<Op> = order.iter().filter_map(|i| all.get(*i).cloned()).collect();

        let case = case(&shuffled);

        for op in &all {
            prop_assert!(case.knows(op.op_id), "{:?} must stay visible", op.action);
        }
        prop_assert_eq!(
            case.events.iter().filter(|e| e.void.is_none()).filter(|e| {
                matches!(e.action, Action::Register(_) | Action::Withdraw { .. })
            }).count(),
            1,
            "of two decisions that exclude each other exactly one takes effect"
        );
    }
}

#[test]
fn applying_twice_changes_nothing_the_second_time() {
    let (doc, outcomes) = fold(&[
        reported(),
        reported(),
        supplement(2, BEN),
        supplement(2, BEN),
    ]);

    assert_eq!(doc.unwrap().rev, 2, "each operation counts once");
    assert_eq!(outcomes[1], Outcome::Duplicate);
    assert_eq!(outcomes[3], Outcome::Duplicate);
}

#[test]
fn a_withdrawal_after_registration_is_kept_but_void() {
    let (doc, outcomes) = fold(&[reported(), register(2), withdraw(3, ANA)]);

    let why = Void::WrongState {
        state: State::Registered,
    };
    assert_eq!(outcomes[2], Outcome::ConflictKept { why: why.clone() });
    let CaseDoc::Known(case) = doc.unwrap().case().unwrap() else {
        panic!("known")
    };
    assert_eq!(case.state, State::Registered);
    assert_eq!(
        case.events[1].void,
        Some(why),
        "the person sees why it had no effect"
    );
}

#[test]
fn who_may_do_what_is_checked() {
    let table = [
        (withdraw(2, BEN), Void::NotYours),
        (
            op(2, ANA, Action::Reject("不属实".into())),
            Void::NotYourRole,
        ),
        (op(2, CLERK, Action::Reject("  ".into())), Void::NoReason),
        (
            op(2, ANA, Action::SelfHandle(Addition::default())),
            Void::NothingAdded,
        ),
        (plus_one(2, ANA), Void::AlreadyCounted),
        (
            op(2, ANA, Action::Withdraw("长".repeat(TEXT_MAX + 1).into())),
            Void::TextTooLong,
        ),
    ];
    for (op, why) in table {
        let (_, outcomes) = fold(&[reported(), op.clone()]);
        assert_eq!(
            outcomes[1],
            Outcome::ConflictKept { why },
            "{:?}",
            op.action
        );
    }
}

#[test]
fn registering_sets_category_limit_and_the_clock() {
    let received_at = Timestamp::from_ms(9_000_000);
    let sent = Observed {
        wall: Timestamp::from_ms(1_100_000),
        mono: 100_000,
        boot: "b".to_owned(),
    };
    let stamp = Stamp::Hub {
        received_at,
        sent: &sent,
        case_no: "329901-1",
        against: None,
    };
    let doc = apply(None, &reported(), &stamp).doc;

    let doc = apply(doc.as_ref(), &register(2), &stamp).doc.unwrap();

    let CaseDoc::Known(case) = doc.case().unwrap() else {
        panic!("known")
    };
    let registration = case.registration.clone().unwrap();
    assert_eq!(
        case.category().unwrap().as_str(),
        "E0112",
        "the clerk corrected it"
    );
    assert_eq!(
        case.report.category.as_ref().unwrap().as_str(),
        "E0110",
        "as reported stays"
    );
    assert_eq!(
        registration.at, received_at,
        "the clock starts by the hub's time"
    );
    assert_eq!(case.case_no.as_deref(), Some("329901-1"));
    assert_eq!(
        case.reported.at,
        Timestamp::from_ms(9_000_000 - 99_000),
        "corrected by age"
    );
}

#[test]
fn a_second_report_of_the_same_case_is_set_aside() {
    let (_, outcomes) = fold(&[reported(), op(2, BEN, Action::Report(Box::new(report())))]);

    assert_eq!(
        outcomes[1],
        Outcome::Quarantined {
            why: Quarantine::AlreadyReported
        }
    );
}

#[test]
fn a_report_handled_on_the_spot_is_closed_at_once() {
    let handled = Report {
        handled: Some("已清理".to_owned()),
        ..report()
    };

    let case = case(&[op(1, ANA, Action::Report(Box::new(handled)))]);

    assert_eq!(case.state, State::Closed);
}

#[test]
fn those_who_take_part_and_the_grid_are_the_audience() {
    let case = case(&[reported(), plus_one(2, BEN)]);

    let scopes: Vec<_> = case.audience().into_iter().map(|scope| scope.0).collect();

    assert_eq!(scopes, ["grid:G1", "staff:w-ana", "staff:w-ben"]);
}

#[test]
fn fields_of_a_newer_version_survive() {
    let mut doc = fold(&[reported()]).0.unwrap();
    doc.body["known"]["weather"] = serde_json::json!("rain");
    doc.body["known"]["report"]["drone"] = serde_json::json!(true);

    let doc = apply(Some(&doc), &supplement(2, BEN), &Stamp::Device)
        .doc
        .unwrap();

    assert_eq!(doc.body["known"]["weather"], "rain");
    assert_eq!(doc.body["known"]["report"]["drone"], true);
}

#[test]
fn an_action_of_a_newer_version_is_kept_whole() {
    let raw = serde_json::json!({"do": "teleport", "to": "moon"});
    let action: Action = serde_json::from_value(raw.clone()).unwrap();

    let (doc, outcomes) = fold(&[reported(), op(2, ANA, action)]);

    assert_eq!(outcomes[1], Outcome::ConflictKept { why: Void::Unknown });
    assert_eq!(doc.unwrap().body["known"]["events"][0]["action"], raw);
}

#[test]
fn operations_and_outcomes_keep_their_form_on_the_wire() {
    let text = serde_json::to_string(&register(2)).unwrap();

    assert_eq!(serde_json::from_str::<Op>(&text).unwrap(), register(2));
    assert_eq!(
        serde_json::to_value(Outcome::ConflictKept {
            why: Void::WrongState {
                state: State::Closed
            }
        })
        .unwrap(),
        serde_json::json!({"outcome": "conflict_kept", "why": "wrong_state", "state": "closed"})
    );
}

#[test]
fn corrections_of_different_fields_are_merged_and_labelled() {
    let case = case(&[
        reported(),
        amend(2, ANA, &[1], vec![says("楼下有两堆垃圾")]),
        amend(3, CLERK, &[1], vec![Correction::Urgency(Urgency::Urgent)]),
    ]);

    let amended = case.amended();

    assert_eq!(amended.description, "楼下有两堆垃圾");
    assert_eq!(amended.urgency, Urgency::Urgent);
    assert_eq!(amended.conflicts, [], "nobody must decide anything");
    assert_eq!(amended.parallel.len(), 2, "neither knew of the other");
    assert_eq!(case.report.description, "楼下有垃圾", "as reported stays");
}

#[test]
fn two_corrections_of_one_field_both_stand_until_somebody_decides() {
    let parted = [
        reported(),
        amend(2, ANA, &[1], vec![says("两堆")]),
        amend(3, CLERK, &[1], vec![says("三堆")]),
    ];
    let case_parted = case(&parted);
    let [conflict] = &case_parted.amended().conflicts[..] else {
        panic!("exactly one")
    };
    let decided = [&parted[..], &[amend(4, ANA, &[2, 3], vec![says("四堆")])]].concat();

    let case = case(&decided);

    assert_eq!(conflict.field, Field::Description);
    assert_eq!(conflict.base.as_ref().unwrap().value, says("楼下有垃圾"));
    let values: Vec<_> = conflict.values.iter().map(|it| it.value.clone()).collect();
    assert_eq!(values, [says("两堆"), says("三堆")]);
    assert_eq!(
        case_parted.amended().description,
        "三堆",
        "the later is shown"
    );
    assert_eq!(case.amended().conflicts, []);
    assert_eq!(case.amended().description, "四堆");
    assert_eq!(case.events.len(), 3, "every version stays in the history");
}

#[test]
fn deciding_one_field_leaves_the_other_open() {
    let case = case(&[
        reported(),
        amend(
            2,
            ANA,
            &[1],
            vec![says("两堆"), Correction::Urgency(Urgency::Urgent)],
        ),
        amend(
            3,
            CLERK,
            &[1],
            vec![says("三堆"), Correction::Urgency(Urgency::Critical)],
        ),
        amend(4, CLERK, &[2, 3], vec![says("三堆")]),
    ]);

    let fields: Vec<_> = case.amended().conflicts.iter().map(|it| it.field).collect();

    assert_eq!(fields, [Field::Urgency]);
}

#[test]
fn a_case_whose_place_is_open_stands_in_both_grids() {
    let elsewhere = Place {
        grid: GridCode::from("G2"),
        ..report().place
    };
    let moved = Correction::Place(Box::new(elsewhere));
    let nearby = Correction::Place(Box::new(Place {
        address: "人民路14号".to_owned(),
        ..report().place
    }));
    let both = case(&[
        reported(),
        amend(2, ANA, &[1], vec![moved.clone()]),
        amend(3, CLERK, &[1], vec![nearby]),
    ]);
    let one = case(&[reported(), amend(2, ANA, &[1], vec![moved])]);

    let scopes = |case: &Case| -> Vec<String> {
        let scopes = case.audience().into_iter();
        scopes.map(|scope| scope.0).collect()
    };

    assert_eq!(scopes(&both), ["grid:G1", "grid:G2", "staff:w-ana"]);
    assert_eq!(scopes(&one), ["grid:G2", "staff:w-ana"], "it moved");
}

#[test]
fn only_the_reporter_and_those_who_accept_correct_and_never_a_registered_category() {
    let category = || vec![Correction::Category(Some("E0112".into()))];
    let why = |ops: &[Op]| match fold(ops).1.pop().unwrap() {
        Outcome::ConflictKept { why } => why,
        other => panic!("{other:?}"),
    };

    assert_eq!(
        why(&[reported(), amend(2, BEN, &[1], category())]),
        Void::NotYours
    );
    assert_eq!(
        why(&[reported(), amend(2, ANA, &[1], vec![])]),
        Void::NothingAdded
    );
    assert_eq!(
        why(&[reported(), register(2), amend(3, CLERK, &[1], category())]),
        Void::WrongState {
            state: State::Registered
        },
        "a limit hangs on what was decided"
    );
}

#[test]
fn a_correction_of_a_field_of_a_newer_version_is_kept_whole() {
    let raw = serde_json::json!({"do": "amend", "knew": [], "to": [{"field": "mood", "value": 3}]});
    let action: Action = serde_json::from_value(raw.clone()).unwrap();

    let (doc, outcomes) = fold(&[reported(), op(2, ANA, action)]);

    assert_eq!(outcomes[1], Outcome::ConflictKept { why: Void::Unknown });
    assert_eq!(doc.unwrap().body["known"]["events"][0]["action"], raw);
}
