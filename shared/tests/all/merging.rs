//! 并案: what merging does to a case, and what the case it goes on as carries.

use shared::{
    Action, CaseId, DocRef, Extra, Op, Outcome, PhotoRef, Role,
    case::{Case, JOINED_MAX, State, Void, allowed},
    op::{Addition, Deleting, Report, Restoring},
};
use uuid::Uuid;

use crate::people::{ANA, BEN, LIN, TAO, amend, case, fold, ids, known, op, photo, report, says};

const OTHER: CaseId = CaseId(Uuid::from_u128(8));
const THIRD: CaseId = CaseId(Uuid::from_u128(9));

/// An operation on another case than the usual one.
fn on(case: CaseId, op: Op) -> Op {
    Op {
        target: DocRef::case(case),
        ..op
    }
}

fn reported(n: u8, who: (&str, Role)) -> Op {
    op(
        n,
        who,
        Action::Report(Box::new(report(Some("E0110"), "测试"))),
    )
}

fn addition(note: &str) -> Addition {
    Addition {
        note: note.to_owned(),
        photos: Vec::new(),
        extra: Extra::default(),
    }
}

fn supplement(n: u8, who: (&str, Role)) -> Op {
    op(n, who, Action::Supplement(addition("还在")))
}

fn merge(n: u8, into: CaseId) -> Op {
    op(n, LIN, Action::Merge(into.into()))
}

fn split(n: u8) -> Op {
    let reason = "是另一处".to_owned();
    op(n, LIN, Action::Split(reason.into()))
}

/// The case of Ben's that goes on as Ana's, and hers that carries it.
fn pair() -> (Case, Case) {
    let ben = known(
        &fold(&[
            on(OTHER, reported(2, BEN)),
            on(OTHER, merge(4, crate::people::CASE)),
        ])
        .0
        .unwrap(),
    );
    let mut ana = case(&[reported(1, ANA)]);
    assert!(ana.carry(&ben));
    (ana, ben)
}

#[test]
fn a_merged_case_stays_as_it_is_and_names_the_one_it_goes_on_as() {
    let merged = case(&[reported(1, ANA), merge(2, OTHER)]);

    assert_eq!(merged.state, State::Merged);
    assert_eq!(merged.survivor(), Some(OTHER));
    assert!(!merged.state.is_open());
}

#[test]
fn who_did_not_know_that_it_was_merged_has_done_nothing_in_vain() {
    let facts = [
        reported(1, ANA),
        merge(2, OTHER),
        supplement(3, ANA),
        op(4, BEN, Action::PlusOne(addition(""))),
        amend(5, ANA, &[1], [says("两袋")]),
    ];

    let (doc, outcomes) = fold(&facts);

    assert!(
        outcomes
            .iter()
            .all(|it| *it == Outcome::Applied || *it == Outcome::Merged)
    );
    let case = known(&doc.unwrap());
    assert_eq!(case.state, State::Merged);
    assert_eq!(case.plus_ones(), 1);
    assert_eq!(case.amended().description, "两袋");
}

#[test]
fn a_decision_on_a_merged_case_comes_too_late() {
    let withdraw = Action::Withdraw("已清理".into());

    let (_, outcomes) = fold(&[reported(1, ANA), merge(2, OTHER), op(3, ANA, withdraw)]);

    let state = State::Merged;
    let why = Void::WrongState { state };
    assert_eq!(outcomes[2], Outcome::ConflictKept { why });
}

#[test]
fn only_those_who_accept_cases_merge_them_and_into_another() {
    let case = case(&[reported(1, ANA)]);
    let by = |who, into: CaseId| {
        allowed(
            &case,
            &Action::Merge(into.into()),
            &op(9, who, Action::Merge(into.into())).author,
        )
    };

    assert_eq!(by(ANA, OTHER), Err(Void::NotYourRole));
    assert_eq!(by(LIN, case.id), Err(Void::NoSurvivor));
    assert_eq!(by(TAO, OTHER), Ok(State::Merged));
}

#[test]
fn splitting_needs_a_reason_and_opens_the_case_again() {
    let merged = [reported(1, ANA), merge(2, OTHER)];
    let no_reason = Action::Split(" ".into());
    let (_, outcomes) = fold(&[merged.as_slice(), &[op(3, LIN, no_reason)]].concat());
    let why = Void::NoReason;
    assert_eq!(outcomes[2], Outcome::ConflictKept { why });

    let split = case(&[merged.as_slice(), &[split(3)]].concat());

    assert_eq!(split.state, State::Submitted);
    assert_eq!(split.survivor(), None);
}

#[test]
fn a_merging_that_arrived_before_the_report_is_kept_without_effect() {
    let case = case(&[merge(2, OTHER), reported(1, ANA)]);

    assert_eq!(case.state, State::Submitted);
    assert_eq!(case.events[0].void, Some(Void::NoSurvivor));
}

#[test]
fn the_other_case_carries_it_with_everybody_who_takes_part() {
    let (ana, ben) = pair();

    assert_eq!(ana.joined, [ben]);
    assert_eq!(ana.plus_ones(), 1, "Ben saw it, too");
    let feeds: Vec<String> = ana.audience().iter().map(ToString::to_string).collect();
    assert_eq!(
        feeds,
        ["grid:G1", "staff:w-ana", "staff:w-ben"],
        "so Ben learns what becomes of it"
    );
    assert_eq!(ana.history(), ids(&[1]), "but it is no operation of hers");
}

#[test]
fn it_shows_the_photos_of_all_each_once() {
    let with = |n, who, photos: &[PhotoRef]| {
        let report = Report {
            photos: photos.to_vec(),
            ..report(None, "")
        };
        op(n, who, Action::Report(Box::new(report)))
    };
    let mut ana = case(&[with(1, ANA, &[photo(1)])]);
    let ben = [
        on(OTHER, with(2, BEN, &[photo(2), photo(1)])),
        on(OTHER, merge(3, ana.id)),
    ];

    ana.carry(&known(&fold(&ben).0.unwrap()));

    assert_eq!(ana.photos(), [&photo(1), &photo(2)]);
}

#[test]
fn carrying_the_same_twice_changes_nothing() {
    let (mut ana, ben) = pair();
    let before = ana.clone();

    assert!(!ana.carry(&ben));
    assert_eq!(ana, before);
}

#[test]
fn what_is_added_to_a_carried_case_is_carried_too() {
    let (mut ana, _) = pair();
    let more = [
        on(OTHER, reported(2, BEN)),
        on(OTHER, merge(4, ana.id)),
        on(OTHER, supplement(5, BEN)),
    ];
    let ben = known(&fold(&more).0.unwrap());

    assert!(ana.carry(&ben));

    assert_eq!(ana.joined, [ben]);
    assert_eq!(ana.updated_at(), crate::people::at(5));
}

#[test]
fn a_split_case_is_carried_no_longer() {
    let (mut ana, _) = pair();
    let apart = [
        on(OTHER, reported(2, BEN)),
        on(OTHER, merge(4, ana.id)),
        on(OTHER, split(5)),
    ];

    assert!(ana.carry(&known(&fold(&apart).0.unwrap())));

    assert_eq!(ana.joined, []);
}

#[test]
fn what_must_not_stay_goes_from_the_other_case_too_and_comes_back_with_it() {
    let (mut ana, _) = pair();
    let mut ops = vec![on(OTHER, reported(2, BEN)), on(OTHER, merge(4, ana.id))];
    let delete = Action::Delete(Deleting {
        reason: "私人信息".to_owned(),
        knew: ids(&[2, 4]),
        extra: Extra::default(),
    });
    ops.push(on(OTHER, op(5, LIN, delete)));

    assert!(ana.carry(&known(&fold(&ops).0.unwrap())));
    assert_eq!(ana.joined, []);

    let restore = Action::Restore(Restoring {
        knew: ids(&[5]),
        extra: Extra::default(),
    });
    ops.push(on(OTHER, op(6, TAO, restore)));
    assert!(ana.carry(&known(&fold(&ops).0.unwrap())));
    assert_eq!(ana.joined.len(), 1);
}

#[test]
fn a_case_that_carries_others_brings_them_along_and_takes_them_away_again() {
    let (ana, ben) = pair();
    let ana = Case {
        state: State::Merged,
        merged_into: Some(THIRD),
        ..ana
    };
    let mut third = known(&fold(&[on(THIRD, reported(3, TAO))]).0.unwrap());

    assert!(third.carry(&ana));
    let carried: Vec<CaseId> = third.joined.iter().map(|it| it.id).collect();
    assert_eq!(carried, [ana.id, ben.id]);
    assert!(
        third.joined.iter().all(|it| it.joined.is_empty()),
        "flat, however long the chain"
    );
    assert_eq!(third.plus_ones(), 2);

    let ana = Case {
        state: State::Submitted,
        merged_into: None,
        ..ana
    };
    assert!(third.carry(&ana));
    assert_eq!(third.joined, []);
}

#[test]
fn a_case_takes_no_more_than_it_can_hold() {
    let (mut ana, ben) = pair();
    let many = (0..JOINED_MAX).map(|n| Case {
        id: CaseId(Uuid::from_u128(100 + u128::try_from(n).unwrap())),
        ..ben.clone()
    });
    let many: Vec<Case> = many.collect();
    ana.joined = many[1..].to_vec();

    assert_eq!(ana.may_take(&many[0]), Ok(()));
    ana.joined = many;
    assert_eq!(ana.may_take(&ben), Err(Void::TooMany));
}

#[test]
fn a_deleted_case_takes_none() {
    let delete = Action::Delete(Deleting {
        reason: "测试用的".to_owned(),
        knew: ids(&[1]),
        extra: Extra::default(),
    });
    let gone = case(&[reported(1, ANA), op(2, LIN, delete)]);
    let (_, ben) = pair();

    assert_eq!(gone.may_take(&ben), Err(Void::NoSurvivor));
}
