//! The history of a case: what each operation changed, beside whom, and how disputes ended.

use proptest::prelude::*;
use shared::{
    Action, Doc, Extra, Op, Timestamp, apply,
    apply::Stamp,
    case::{Aspect, Case, Change, Deed, State, Urgency, Verdict, Void},
    op::{Addition, Correction, Deleting, Field, Registering, Restoring},
    pack::{Limit, LimitKind},
    time::Observed,
};

use crate::people::{
    ANA, BEN, LIN, TAO, amend, case as unsent, id, ids, known, op, report, reports, says,
};

fn reported() -> Op {
    reports(report(None, "有垃圾"))
}

fn register(n: u8, category: &str) -> Op {
    let decided = Registering {
        category: category.into(),
        condition: "1".to_owned(),
        limit: Limit {
            value: 1,
            kind: LimitKind::WorkDay,
        },
        opinion: String::new(),
        extra: Extra::default(),
    };
    op(n, LIN, Action::Register(decided))
}

fn urgent() -> Correction {
    Correction::Urgency(Urgency::Urgent)
}

fn is(category: &str) -> Correction {
    Correction::Category(Some(category.into()))
}

/// As the hub has it, having taken in one operation after the other.
fn at_hub(ops: &[Op]) -> (u64, Case) {
    // Some were under way for long, others not at all.
    let sent = ops.iter().map(|op| Observed {
        mono: op.observed_at.mono + i64::try_from(op.dev_seq * 7 % 5).unwrap() * 100_000,
        ..op.observed_at.clone()
    });
    let sent: Vec<Observed> = sent.collect();
    let mut doc = None::<Doc>;
    for (op, (nth, sent)) in ops.iter().zip((0..).zip(&sent)) {
        let stamp = Stamp::Hub {
            received_at: Timestamp::from_ms(9_000_000 + nth),
            sent,
            case_no: "329901-20261124-0001",
            against: None,
        };
        doc = apply(doc.as_ref(), op, &stamp).doc.or(doc);
    }
    let doc = doc.unwrap();
    (doc.rev, known(&doc))
}

fn deed(case: &Case, n: u8) -> Deed<'_> {
    let mut deeds = case.chronicle().into_iter();
    deeds.find(|it| it.signed.op_id == id(n)).unwrap()
}

fn of_field(before: &[Correction], after: Correction) -> Change {
    Change::Field {
        before: before.to_vec(),
        after,
    }
}

#[test]
fn the_report_gives_each_field_its_first_value() {
    let case = unsent(&[reported()]);

    let report = deed(&case, 1);

    assert_eq!(report.action, None, "it is the report itself");
    assert_eq!(report.revision, None, "the hub has not taken it in");
    let aspects: Vec<Aspect> = report.changes.iter().map(Change::aspect).collect();
    assert_eq!(
        aspects,
        Aspect::ALL[..5],
        "all but photos, of which there are none"
    );
    assert!(report.changes.contains(&of_field(&[], says("有垃圾"))));
}

#[test]
fn a_correction_says_what_stood_there_before_as_its_maker_knew_it() {
    let case = unsent(&[
        reported(),
        amend(2, ANA, &[1], &[says("两袋垃圾"), urgent()]),
        amend(3, LIN, &[2], &[says("三袋垃圾")]),
    ]);

    assert_eq!(
        deed(&case, 2).changes,
        [
            of_field(&[says("有垃圾")], says("两袋垃圾")),
            of_field(&[Correction::Urgency(Urgency::Normal)], urgent())
        ]
    );
    let last = deed(&case, 3);
    assert_eq!(
        last.changes,
        [of_field(&[says("两袋垃圾")], says("三袋垃圾"))]
    );
    assert_eq!((last.parallel, last.disputes), (vec![], vec![]), "she knew");
}

#[test]
fn corrections_of_different_fields_made_apart_are_parallel_and_nothing_is_disputed() {
    let case = unsent(&[
        reported(),
        amend(2, ANA, &[1], &[says("两袋垃圾")]),
        amend(3, LIN, &[1], &[urgent()]),
    ]);

    for (one, other) in [(2, 3), (3, 2)] {
        let deed = deed(&case, one);
        assert_eq!(deed.parallel, ids(&[other]));
        assert_eq!(deed.disputes, []);
    }
}

#[test]
fn one_persons_own_corrections_and_equal_ones_are_no_parallel_ones() {
    let case = unsent(&[
        reported(),
        amend(2, ANA, &[1], &[says("两袋垃圾")]),
        amend(3, ANA, &[1], &[urgent()]),
        amend(4, LIN, &[3], &[says("两袋垃圾")]),
    ]);

    for n in [2, 3, 4] {
        let deed = deed(&case, n);
        assert_eq!((deed.parallel, deed.disputes), (vec![], vec![]), "of {n}");
    }
}

#[test]
fn a_dispute_is_open_until_somebody_who_knew_of_both_decides() {
    let ops = [
        reported(),
        amend(2, ANA, &[1], &[says("两袋垃圾")]),
        amend(3, LIN, &[1], &[says("三袋垃圾"), urgent()]),
    ];
    let open = unsent(&ops);
    let decided = amend(4, TAO, &[2, 3], &[says("五袋垃圾")]);
    let settled = unsent(&[&ops[..], &[decided]].concat());

    for (one, rival) in [(2, 3), (3, 2)] {
        for (case, verdict) in [(&open, Verdict::Open), (&settled, Verdict::By(id(4)))] {
            let disputes = deed(case, one).disputes;
            let [dispute] = &disputes[..] else {
                panic!("one: {disputes:?}")
            };
            assert_eq!(dispute.field, Field::Description);
            assert_eq!(dispute.rivals, ids(&[rival]));
            assert_eq!(dispute.verdict, verdict);
        }
        assert_eq!(
            deed(&open, one).parallel,
            ids(&[rival]),
            "one of them set the urgency, too"
        );
    }
    let last = deed(&settled, 4);
    assert_eq!(
        last.changes,
        [of_field(
            &[says("两袋垃圾"), says("三袋垃圾")],
            says("五袋垃圾")
        )],
        "both stood there before"
    );
    assert_eq!(last.disputes, []);
}

#[test]
fn who_went_on_from_one_of_two_values_ended_only_that_ones_dispute() {
    let ops = [
        reported(),
        amend(2, ANA, &[1], &[says("两袋垃圾")]),
        amend(3, LIN, &[1], &[says("三袋垃圾")]),
        amend(4, ANA, &[2], &[says("四袋垃圾")]),
    ];
    let decided = amend(5, TAO, &[3, 4], &[says("五袋垃圾")]);
    let verdict = |ops: &[Op], n| deed(&unsent(ops), n).disputes.first().map(|it| it.verdict);

    assert_eq!(
        verdict(&ops, 2),
        Some(Verdict::By(id(4))),
        "it stands no more"
    );
    assert_eq!(verdict(&ops, 3), Some(Verdict::Open));
    assert_eq!(verdict(&ops, 4), Some(Verdict::Open));
    let settled = [&ops[..], &[decided]].concat();
    for n in [2, 3, 4] {
        assert_eq!(verdict(&settled, n), Some(Verdict::By(id(5))), "of {n}");
    }
}

#[test]
fn two_who_came_to_agree_have_nothing_left_to_decide() {
    let case = unsent(&[
        reported(),
        amend(2, ANA, &[1], &[says("两袋垃圾")]),
        amend(3, LIN, &[1], &[says("三袋垃圾")]),
        amend(4, ANA, &[2], &[says("三袋垃圾")]),
    ]);

    let dispute = deed(&case, 3).disputes;

    assert_eq!(dispute[0].rivals, ids(&[2]), "the last says the same");
    assert_eq!(dispute[0].verdict, Verdict::Agreed);
}

#[test]
fn registering_moves_the_case_on_and_decides_what_it_is() {
    let ops = [
        reported(),
        amend(2, ANA, &[1], &[is("E01")]),
        amend(3, LIN, &[1], &[is("E02")]),
        register(4, "E02"),
    ];
    let case = unsent(&ops);

    assert_eq!(
        deed(&case, 4).changes,
        [
            Change::State {
                before: Some(State::Submitted),
                after: State::Registered
            },
            of_field(&[is("E01"), is("E02")], is("E02")),
        ]
    );
    assert_eq!(deed(&case, 2).disputes[0].verdict, Verdict::By(id(4)));
}

#[test]
fn a_decision_that_came_too_late_changes_nothing_and_says_why() {
    let reason = "报错了".to_owned();
    let withdrawn = op(3, ANA, Action::Withdraw(reason.into()));
    let case = unsent(&[reported(), register(2, "E01"), withdrawn]);

    let late = deed(&case, 3);

    assert_eq!(late.changes, []);
    assert_eq!(
        late.void,
        Some(&Void::WrongState {
            state: State::Registered
        })
    );
}

#[test]
fn a_correction_without_effect_is_beside_nobody() {
    let case = unsent(&[
        reported(),
        amend(2, BEN, &[1], &[says("别人的")]),
        amend(3, ANA, &[1], &[says("两袋垃圾")]),
    ]);

    assert_eq!(deed(&case, 2).void, Some(&Void::NotYours));
    for n in [2, 3] {
        assert_eq!(deed(&case, n).disputes, [], "of {n}");
    }
}

#[test]
fn a_deletion_says_what_it_had_not_seen_and_who_answered_it() {
    let deleting = Deleting {
        reason: "测试".to_owned(),
        knew: ids(&[1]),
        extra: Extra::default(),
    };
    let restoring = Restoring {
        knew: ids(&[3]),
        extra: Extra::default(),
    };
    let note = Addition {
        note: "还在".to_owned(),
        photos: Vec::new(),
        extra: Extra::default(),
    };
    let ops = [
        reported(),
        op(2, ANA, Action::Supplement(note)),
        op(3, LIN, Action::Delete(deleting)),
        op(4, TAO, Action::Restore(restoring)),
    ];
    let fate = |ops: &[Op]| deed(&unsent(ops), 3).deletion.unwrap();

    assert_eq!(fate(&[ops[0].clone(), ops[2].clone()]).unseen, []);
    let disputed = fate(&ops[..3]);
    assert_eq!((disputed.unseen, disputed.answered), (ids(&[2]), None));
    assert_eq!(fate(&ops).answered, Some(id(4)));
}

#[test]
fn what_the_hub_did_not_take_in_yet_has_no_revision() {
    let (rev, mut case) = at_hub(&[reported(), register(3, "E01")]);
    let waiting = unsent(&[reported(), amend(2, ANA, &[1], &[urgent()])]);
    case.events.extend(waiting.events);

    assert_eq!(rev, 2);
    assert_eq!(deed(&case, 3).revision, Some(2));
    assert_eq!(deed(&case, 2).revision, None);
}

proptest! {
    #[test]
    fn revisions_count_what_the_hub_took_in_whatever_the_clocks_say(
        order in Just([0_u8, 2, 3, 4, 5, 6, 7, 8].to_vec()).prop_shuffle(),
        before in 0_usize..3,
    ) {
        let made = order.iter().map(|n| match n % 3 {
            0 => amend(*n, ANA, &[1], &[urgent()]),
            1 => op(*n, BEN, Action::Withdraw("报错了".into())),
            _ => op(*n, BEN, Action::Supplement(Addition {
                note: "还在".to_owned(),
                photos: Vec::new(), extra: Extra::default() })),
        });
        let mut ops: Vec<Op> = made.collect();
        ops.insert(before, reported());

        let (rev, case) = at_hub(&ops);

        let deeds = case.chronicle();
        let mut revisions: Vec<u64> = deeds.iter().filter_map(|it| it.revision).collect();
        revisions.sort_unstable();
        let all: Vec<u64> = (1..=rev).collect();
        prop_assert_eq!(revisions, all);
        prop_assert_eq!(deeds[0].revision, Some(1), "what waited came with the report");
        for (nth, op) in ops.iter().enumerate().skip(before + 1) {
            let deed = deeds.iter().find(|it| it.signed.op_id == op.op_id);
            prop_assert_eq!(deed.unwrap().revision, Some(nth as u64 + 1));
        }
    }
}
