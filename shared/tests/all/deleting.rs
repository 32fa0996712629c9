//! Deleting and restoring, as `apply` does them: order-free, and nobody's work vanishes by a delete.

use proptest::prelude::*;
use shared::{
    Action, Extra, Op, OpId, Outcome, Role,
    case::{Case, State, Void, offered},
    op::{Addition, Amendment, Corrected, Correction, Deleting, Restoring},
};

use crate::people::{ANA, BEN, LIN, TAO, case, fold, id, ids, op, report, reports};

fn reported() -> Op {
    reports(report(Some("E0110"), "测试"))
}

fn supplement(n: u8, who: (&str, Role)) -> Op {
    let addition = Addition {
        note: format!("补充 {n}"),
        photos: Vec::new(),
        extra: Extra::default(),
    };
    op(n, who, Action::Supplement(addition))
}

fn delete(n: u8, who: (&str, Role), knew: &[u8]) -> Op {
    let deleting = Deleting {
        reason: "测试用的".to_owned(),
        knew: ids(knew),
        extra: Extra::default(),
    };
    op(n, who, Action::Delete(deleting))
}

fn restore(n: u8, who: (&str, Role), knew: &[u8]) -> Op {
    op(
        n,
        who,
        Action::Restore(Restoring {
            knew: ids(knew),
            extra: Extra::default(),
        }),
    )
}

/// Which deletions wait for somebody, with what their authors had not seen.
fn waiting(case: &Case) -> Vec<(OpId, Vec<OpId>)> {
    let disputed = case.disputed().into_iter();
    disputed
        .map(|it| {
            let unseen = it.unseen.iter().map(|signed| signed.op_id).collect();
            (it.deletion.signed.op_id, unseen)
        })
        .collect()
}

#[test]
fn a_case_whose_whole_history_was_known_is_deleted_and_keeps_what_it_was() {
    let case = case(&[reported(), supplement(2, BEN), delete(3, LIN, &[1, 2])]);

    let deletion = case.deletion().unwrap();
    assert_eq!(deletion.signed.op_id, id(3));
    assert_eq!(deletion.reason, "测试用的", "everybody who had it is told");
    assert_eq!(case.shown_state(), State::Deleted);
    assert_eq!(case.state, State::Submitted, "so that it can come back");
    assert_eq!(
        case.history(),
        ids(&[1, 2, 3]),
        "nothing leaves the history"
    );
    assert_eq!(case.disputed(), [], "nobody must decide anything");
}

#[test]
fn restoring_brings_it_back_as_it_was() {
    let before = case(&[reported(), supplement(2, BEN)]);

    let after = case(&[
        reported(),
        supplement(2, BEN),
        delete(3, LIN, &[1, 2]),
        restore(4, TAO, &[3]),
    ]);

    assert_eq!(after.deletion(), None);
    assert_eq!(after.disputed(), []);
    assert_eq!(after.state, before.state);
    assert_eq!(after.amended(), before.amended());
    assert_eq!(after.followers(), before.followers());
    assert_eq!(
        after.events.len(),
        3,
        "that it was deleted stays to be seen"
    );
}

#[test]
fn what_the_author_had_not_seen_keeps_the_case_whether_it_came_before_or_after() {
    let orders: [&[Op]; 2] = [
        &[reported(), supplement(2, BEN), delete(3, LIN, &[1])],
        &[reported(), delete(3, LIN, &[1]), supplement(2, BEN)],
    ];
    for ops in orders {
        let case = case(ops);

        assert_eq!(case.deletion(), None, "no edit vanishes by a delete");
        assert_eq!(waiting(&case), [(id(3), ids(&[2]))], "somebody must decide");
    }
}

#[test]
fn who_saw_both_decides_to_delete_all_the_same_or_to_keep() {
    let parted = [reported(), delete(3, LIN, &[1]), supplement(2, BEN)];

    let deleted = case(&[&parted[..], &[delete(5, TAO, &[1, 2, 3])]].concat());
    let kept = case(&[&parted[..], &[restore(5, TAO, &[3])]].concat());

    assert_eq!(deleted.deletion().unwrap().signed.op_id, id(5));
    assert_eq!(kept.deletion(), None);
    assert_eq!(waiting(&kept), [], "it was decided");
}

#[test]
fn who_restores_one_deletion_has_not_answered_another_and_that_waits() {
    let ops = [
        reported(),
        delete(2, LIN, &[1]),
        delete(3, TAO, &[1]),
        restore(4, LIN, &[2]),
    ];

    let case = case(&ops);

    assert_eq!(case.deletion(), None, "the second one did not know of 4");
    assert_eq!(waiting(&case), [(id(3), ids(&[4]))]);
}

#[test]
fn two_who_delete_at_once_agree() {
    let case = case(&[reported(), delete(2, LIN, &[1]), delete(3, TAO, &[1])]);

    assert_eq!(case.deletion().unwrap().signed.op_id, id(2));
    assert_eq!(waiting(&case), []);
}

#[test]
fn what_was_known_and_comes_late_changes_nothing() {
    // A hub that was put back from a backup gets the deletion before what it knew of.
    let case = case(&[reported(), delete(3, LIN, &[1, 2]), supplement(2, BEN)]);

    assert_eq!(case.deletion().unwrap().signed.op_id, id(3));
}

#[test]
fn only_those_who_accept_cases_delete_and_only_with_a_reason() {
    let silent = Deleting {
        reason: " ".to_owned(),
        knew: ids(&[1]),
        extra: Extra::default(),
    };
    let table = [
        (delete(2, ANA, &[1]), Void::NotYourRole),
        (op(2, LIN, Action::Delete(silent)), Void::NoReason),
        (restore(2, BEN, &[1]), Void::NotYourRole),
        (restore(2, LIN, &[]), Void::NothingAdded),
    ];
    for (op, why) in table {
        let ops = [reported(), op];
        let (_, outcomes) = fold(&ops);

        assert_eq!(outcomes[1], Outcome::ConflictKept { why });
        assert_eq!(case(&ops).deletion(), None);
        assert_eq!(waiting(&case(&ops)), [], "it asks nobody anything either");
    }
}

#[test]
fn what_somebody_who_may_not_says_about_a_deletion_ends_none() {
    let ops = [
        reported(),
        delete(2, LIN, &[1]),
        delete(3, ANA, &[1, 2]),
        restore(4, BEN, &[2]),
    ];

    let case = case(&ops);

    assert_eq!(case.deletion().unwrap().signed.op_id, id(2));
    assert_eq!(
        case.history(),
        ids(&[1, 2, 3, 4]),
        "it is kept, marked void"
    );
}

#[test]
fn of_a_deleted_case_only_restoring_is_offered() {
    let deleted = case(&[reported(), delete(2, LIN, &[1])]);
    let lin = op(
        9,
        LIN,
        Action::Restore(Restoring {
            knew: ids(&[2]),
            extra: Extra::default(),
        }),
    );

    assert!(offered(&deleted, &lin.action, &lin.author).is_ok());
    for other in [supplement(9, LIN), delete(9, LIN, &[1, 2])] {
        assert_eq!(
            offered(&deleted, &other.action, &other.author),
            Err(Void::WrongState {
                state: State::Deleted
            })
        );
    }
    let standing = case(&[reported()]);
    assert!(
        offered(&standing, &lin.action, &lin.author).is_err(),
        "nothing to restore"
    );
}

/// What a day may bring, with what each author knew.
fn day() -> Vec<Op> {
    let says = vec![Correction::Description("两堆".to_owned())];
    vec![
        reported(),
        supplement(2, ANA),
        delete(3, LIN, &[1, 2]),
        restore(4, TAO, &[3]),
        supplement(5, BEN),
        op(
            6,
            ANA,
            Action::Amend(Amendment {
                knew: ids(&[1]),
                to: says.into_iter().map(Corrected::from).collect(),
                extra: Extra::default(),
            }),
        ),
        delete(7, TAO, &[1, 2, 3, 4, 5]),
        delete(8, LIN, &[1, 2, 3, 4, 5, 6, 7]),
    ]
}

proptest! {
    #[test]
    fn in_any_order_and_twice_the_end_is_the_same(
        order in Just((0..day().len()).chain(0..day().len()).collect::<Vec<_>>()).prop_shuffle()
    ) {
        let day = day();
        let shuffled: Vec<Op> = order.iter().filter_map(|i| day.get(*i).cloned()).collect();

        prop_assert_eq!(fold(&shuffled).0, fold(&day).0, "order of arrival {:?}", order);
        prop_assert_eq!(case(&shuffled).deletion().map(|it| it.signed.op_id), Some(id(8)));
    }

    /// The oracle counts sets by hand: a case is gone exactly as long as somebody who deleted it knew
    /// all there is.
    #[test]
    fn at_every_moment_it_is_gone_exactly_if_somebody_who_saw_all_deleted_it(
        order in Just((0..day().len()).collect::<Vec<_>>()).prop_shuffle()
    ) {
        let day = day();
        let mut arrived: Vec<Op> = Vec::new();
        for place in order {
            arrived.extend(day.get(place).cloned());
            let has = |n: u8| arrived.iter().any(|op| op.op_id == id(n));
            if !has(1) {
                continue;
            }
            // 8 knew all; 7 all but 6, and 8 answers it; 3 knew 1 and 2, and 4 and 8 answer it (7 knew
            // of it, too).
            let by_3 = has(3) && ![4, 5, 6, 7, 8].into_iter().any(has);
            let by_7 = has(7) && ![6, 8].into_iter().any(has);
            let gone = has(8) || by_7 || by_3;

            let case = case(&arrived);

            prop_assert_eq!(case.deletion().is_some(), gone, "{:?}", case.history());
            let nobody_answered = has(7) && !has(8) && has(6) || has(3) && !has(4) && !has(7) && !has(8)
                && (has(5) || has(6));
            prop_assert_eq!(!case.disputed().is_empty(), nobody_answered && !gone);
        }
    }
}
