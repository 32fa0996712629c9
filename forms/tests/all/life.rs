//! A form being filled: relevance, repeats, cascades, defaults, triggers, crash and finish.

use std::{collections::BTreeMap, sync::Arc};

use forms::{
    Session,
    session::{Change, Outcome, Refusal, Saved, ShownKind, Unrestorable, Wrong},
};

use crate::desk::{Desk, filling, keep, program, program_with, saved};

fn values(session: &Session) -> Vec<(String, String)> {
    session.values()
}

fn said<'a>(pairs: &[(&'a str, &'a str)]) -> Vec<(String, String)> {
    pairs
        .iter()
        .map(|(address, value)| ((*address).to_owned(), (*value).to_owned()))
        .collect()
}

const HOUSE: &str = "
    type | name | label | relevant | calculation | repeat_count | default | required | constraint
    text | household | 户主 | | | | | yes
    begin repeat | member | 成员
    text | name | 姓名 | | | | | yes
    integer | age | 年龄 | | | | | | . >= 0 and . < 150
    begin group | school | 上学 | ${age} < 18
    text | class | 班级
    end group
    calculate | line | | | concat(${name}, ':', ${class})
    end repeat
    calculate | adults | | | count(${member}[age >= 18])
    calculate | all | | | join(',', ${line})";

#[test]
fn what_is_not_asked_is_not_there_and_comes_back_with_its_answer() {
    let (desk, mut session) = filling(HOUSE, "");
    for (address, value) in [
        ("member[1]/name", "小满"),
        ("member[1]/age", "9"),
        ("member[1]/school/class", "三班"),
    ] {
        session.answer(&desk, address, value).unwrap();
    }
    assert_eq!(session.value("all"), Some("小满:三班"));

    session.answer(&desk, "member[1]/age", "20").unwrap();

    assert_eq!(
        session.value("all"),
        Some("小满:"),
        "a calculation sees only what is asked"
    );
    assert_eq!(session.value("adults"), Some("1"));
    assert!(
        values(&session)
            .iter()
            .all(|(address, _)| !address.contains("class"))
    );
    assert_eq!(
        session.answer(&desk, "member[1]/school/class", "x"),
        Err(Refusal::NotAsked)
    );

    session.answer(&desk, "member[1]/age", "10").unwrap();

    assert_eq!(session.value("all"), Some("小满:三班"), "nothing was lost");
}

#[test]
fn instances_keep_their_address_whatever_is_removed_before_them() {
    let (desk, mut session) = filling(HOUSE, "");
    let (second, _) = session.add(&desk, "member").unwrap();
    let (third, _) = session.add(&desk, "member").unwrap();
    for (at, name) in [("member[1]", "一"), (&second, "二"), (&third, "三")] {
        session.answer(&desk, &format!("{at}/name"), name).unwrap();
    }
    assert_eq!(session.value("all"), Some("一:,二:,三:"));

    let outcome = session.remove(&desk, &second).unwrap();

    assert_eq!(
        outcome.changes.first(),
        Some(&Change::Removed {
            address: "member[2]".into()
        })
    );
    assert_eq!(session.value("all"), Some("一:,三:"));
    assert_eq!(session.value("member[3]/name"), Some("三"));
    let (fourth, _) = session.add(&desk, "member").unwrap();
    assert_eq!(fourth, "member[4]", "a key is never used twice");
    let positions: Vec<usize> = session
        .view(&desk)
        .iter()
        .filter_map(|shown| match shown.kind {
            ShownKind::Instance { position } => Some(position),
            _ => None,
        })
        .collect();
    assert_eq!(positions, [1, 2, 3]);
    assert_eq!(session.remove(&desk, &second), Err(Refusal::NoSuchQuestion));
}

#[test]
fn a_repeat_that_counts_itself_keeps_what_is_too_much() {
    let (desk, mut session) = filling(
        "type | name | label | repeat_count | calculation
         integer | n | N
         begin repeat | r | R | ${n}
         text | t | T
         end repeat
         calculate | all | | | concat(count(${r}), join('', ${t}))",
        "",
    );
    session.answer(&desk, "n", "3").unwrap();
    for (key, text) in [(1, "a"), (2, "b"), (3, "c")] {
        session.answer(&desk, &format!("r[{key}]/t"), text).unwrap();
    }
    assert_eq!(session.value("all"), Some("3abc"));

    session.answer(&desk, "n", "1").unwrap();
    assert_eq!(session.value("all"), Some("1a"));
    session.answer(&desk, "n", "2").unwrap();

    assert_eq!(
        session.value("all"),
        Some("2ab"),
        "what was answered is still there"
    );
    assert_eq!(session.add(&desk, "r"), Err(Refusal::Counted));
    assert_eq!(session.remove(&desk, "r[1]"), Err(Refusal::Counted));
    let outcome = session.answer(&desk, "n", "1000000").unwrap();
    assert_eq!(
        outcome.faults.len(),
        1,
        "a mistyped count is told and makes nothing: {outcome:?}"
    );
    assert_eq!(session.value("all"), Some("2ab"));
}

#[test]
fn a_choice_that_is_not_offered_any_more_is_taken_back() {
    let (desk, mut session) = filling(
        "type | name | label | choice_filter
         select_one towns | town | 镇
         select_one streets | street | 街 | town = ${town}
         select_multiple houses | house | 号 | street = ${street}",
        "list_name | name | label | town | street
         towns | e | 东
         towns | w | 西
         streets | e1 | 东一 | e
         streets | e2 | 东二 | e
         streets | w1 | 西一 | w
         houses | h1 | 1 | | e1
         houses | h2 | 2 | | e1
         houses | h3 | 3 | | w1",
    );
    assert_eq!(session.choices(&desk, "street"), []);
    for (address, value) in [("town", "e"), ("street", "e1"), ("house", "h1 h2")] {
        session.answer(&desk, address, value).unwrap();
    }
    assert_eq!(session.choices(&desk, "street").len(), 2);
    assert_eq!(
        session.answer(&desk, "street", "w1"),
        Err(Refusal::NotAChoice)
    );

    let outcome = session.answer(&desk, "town", "w").unwrap();

    let changed: Vec<String> = outcome
        .changes
        .iter()
        .map(|change| format!("{change:?}"))
        .collect();
    assert_eq!(
        changed.len(),
        3,
        "all that follows is to be saved with it: {changed:?}"
    );
    assert_eq!(values(&session), said(&[("town", "w")]));
}

#[test]
fn two_questions_can_each_leave_out_what_the_other_has() {
    let (desk, mut session) = filling(
        "type | name | label | choice_filter
         select_one p | one | 一 | name != ${two}
         select_one p | two | 二 | name != ${one}",
        "list_name | name | label
         p | a | A
         p | b | B",
    );

    session.answer(&desk, "one", "a").unwrap();

    assert_eq!(session.answer(&desk, "two", "a"), Err(Refusal::NotAChoice));
    session.answer(&desk, "two", "b").unwrap();
    assert_eq!(values(&session), said(&[("one", "a"), ("two", "b")]));
}

#[test]
fn defaults_triggers_and_what_was_last_saved() {
    let desk = Desk::default();
    let program = program(
        "type | name | label | default | calculation | trigger
         text | village | 村 | ${last-saved#village}
         text | plain | P | some-words
         date | day | D | today()
         integer | n | N | 1 + 1
         calculate | at | | | concat(now(), ' ', ${plain}) | ${village}
         text | twice | T | concat(${plain}, '!')
         begin repeat | r | R
         text | from | F | ${village}
         end repeat",
        "",
    );
    let last = said(&[("village", "柳园"), ("plain", "x")]);

    let (mut session, _) = Session::begin(Arc::clone(&program), &desk, &last);

    assert_eq!(session.value("village"), Some("柳园"));
    assert_eq!(session.value("plain"), Some("some-words"));
    assert_eq!(session.value("day"), Some("2026-11-26"));
    assert_eq!(
        session.value("n"),
        Some("1 + 1"),
        "without a name or a call it is only words"
    );
    assert_eq!(session.value("twice"), Some("some-words!"));
    assert_eq!(session.value("r[1]/from"), Some("柳园"));
    session.answer(&desk, "plain", "other").unwrap();
    assert_eq!(
        session.value("twice"),
        Some("some-words!"),
        "a default is computed once"
    );

    let mut later = desk.now.get();
    later.local_ms += 3_600_000;
    desk.now.set(later);
    let before = session.value("at").map(str::to_owned);
    session.answer(&desk, "plain", "again").unwrap();
    assert_eq!(
        session.value("at").map(str::to_owned),
        before,
        "nothing it waits for has changed"
    );
    session.answer(&desk, "village", "桃园").unwrap();
    assert_eq!(
        session.value("at"),
        Some("2026-11-26T10:30:00.000+08:00 again")
    );
    session.add(&desk, "r").unwrap();
    assert_eq!(
        session.value("r[2]/from"),
        Some("桃园"),
        "a new instance begins with what is so now"
    );
}

#[test]
fn what_was_saved_makes_the_same_session_again_at_any_moment() {
    let desk = Desk::default();
    let program = program(HOUSE, "");
    let (mut session, outcome) = Session::begin(Arc::clone(&program), &desk, &[]);
    let mut store = BTreeMap::new();
    keep(&mut store, &outcome);
    let acts: [&dyn Fn(&mut Session) -> Outcome; 7] = [
        &|session| session.answer(&desk, "household", "顾").unwrap(),
        &|session| session.answer(&desk, "member[1]/name", "一").unwrap(),
        &|session| session.add(&desk, "member").unwrap().1,
        &|session| session.answer(&desk, "member[2]/age", "8").unwrap(),
        &|session| {
            session
                .answer(&desk, "member[2]/school/class", "二班")
                .unwrap()
        },
        &|session| session.remove(&desk, "member[1]").unwrap(),
        &|session| session.answer(&desk, "member[2]/age", "30").unwrap(),
    ];
    for act in acts {
        keep(&mut store, &act(&mut session));

        let (again, outcome) = Session::restore(
            Arc::clone(&program),
            &desk,
            ("form", ""),
            &saved(&store),
            &[],
        )
        .unwrap();

        assert_eq!(outcome.changes, [], "there is nothing new to save");
        assert_eq!(again.view(&desk), session.view(&desk));
        assert_eq!(again.values(), session.values());
    }
    let (mut again, _) =
        Session::restore(program, &desk, ("form", ""), &saved(&store), &[]).unwrap();
    assert_eq!(again.add(&desk, "member").unwrap().0, "member[3]");
}

#[test]
fn a_draft_is_finished_with_the_version_it_was_begun_with() {
    let desk = Desk::default();
    let of = |version: &str, survey: &str| {
        let settings = format!("form_id | version\nhouse | {version}");
        program_with(survey, "", &settings, BTreeMap::new())
    };
    let first = of("1", "type | name | label\ntext | a | A\ntext | b | B");
    let second = of("2", "type | name | label\ntext | a | A");
    let (mut session, _) = Session::begin(Arc::clone(&first), &desk, &[]);
    let mut store = BTreeMap::new();
    keep(&mut store, &session.answer(&desk, "b", "here").unwrap());

    let other = Session::restore(second, &desk, ("house", "1"), &saved(&store), &[]).err();

    assert!(
        matches!(other, Some(Unrestorable::OtherVersion { .. })),
        "{other:?}"
    );
    let (own, _) = Session::restore(first, &desk, ("house", "1"), &saved(&store), &[]).unwrap();
    assert_eq!(own.value("b"), Some("here"));
    let stray = [Saved::Value {
        address: "c".into(),
        value: "x".into(),
    }];
    let lost = Session::restore(
        Arc::clone(own.program()),
        &desk,
        ("house", "1"),
        &stray,
        &[],
    )
    .err();
    assert_eq!(
        lost,
        Some(Unrestorable::NoPlace("c".into())),
        "nothing is dropped in silence"
    );
}

#[test]
fn before_the_end_it_is_told_what_is_missing_and_what_does_not_hold() {
    let (desk, mut session) = filling(HOUSE, "");
    session.answer(&desk, "member[1]/age", "150").unwrap();

    let told: Vec<_> = session
        .check(&desk)
        .into_iter()
        .map(|mistake| (mistake.address, mistake.wrong))
        .collect();

    assert_eq!(
        told,
        [
            ("household".to_owned(), Wrong::Required),
            ("member[1]/name".to_owned(), Wrong::Required),
            ("member[1]/age".to_owned(), Wrong::Constraint),
        ]
    );
    for (address, value) in [
        ("household", "顾"),
        ("member[1]/name", "一"),
        ("member[1]/age", "30"),
    ] {
        session.answer(&desk, address, value).unwrap();
    }
    assert_eq!(session.check(&desk), []);
}

#[test]
fn repeats_in_repeats_each_have_their_own() {
    let (desk, mut session) = filling(
        "type | name | label | calculation
         begin repeat | house | H
         text | no | No
         begin repeat | room | R
         decimal | area | A
         calculate | at | | concat(${no}, '/', position(..), ' of ', count(../../room))
         end repeat
         calculate | sum | | sum(${area})
         end repeat
         calculate | total | | sum(${sum})
         calculate | rooms | | count(${room})",
        "",
    );
    session.add(&desk, "house").unwrap();
    session.add(&desk, "house[2]/room").unwrap();
    for (address, value) in [
        ("house[1]/no", "1号"),
        ("house[2]/no", "2号"),
        ("house[1]/room[1]/area", "10"),
        ("house[2]/room[1]/area", "20"),
        ("house[2]/room[2]/area", "30.5"),
    ] {
        session.answer(&desk, address, value).unwrap();
    }

    assert_eq!(session.value("house[1]/sum"), Some("10"));
    assert_eq!(session.value("house[2]/sum"), Some("50.5"));
    assert_eq!(session.value("total"), Some("60.5"));
    assert_eq!(session.value("rooms"), Some("3"));
    assert_eq!(session.value("house[2]/room[2]/at"), Some("2号/2 of 2"));
    session.remove(&desk, "house[2]/room[1]").unwrap();
    assert_eq!(
        session.value("house[2]/room[2]/at"),
        Some("2号/1 of 1"),
        "it moved up"
    );
    assert_eq!(session.value("total"), Some("40.5"));
}

#[test]
fn only_what_depends_on_an_answer_is_computed() {
    let (desk, mut session) = filling(
        "type | name | label | calculation | relevant
         begin repeat | r | R
         integer | x | X
         calculate | twice | | ${x} * 2
         text | why | W | | ${twice} > 10
         calculate | other | | 1 + 1
         end repeat
         calculate | sum | | sum(${twice})
         text | unasked | U
         calculate | far | | concat(${unasked}, '!')",
        "",
    );
    for _ in 0..50 {
        session.add(&desk, "r").unwrap();
    }

    let outcome = session.answer(&desk, "r[7]/x", "9").unwrap();

    assert_eq!(
        outcome.computed, 3,
        "twice and why of this instance, and the sum of all"
    );
    assert_eq!(
        outcome.changes.len(),
        3,
        "x, twice and sum: {:?}",
        outcome.changes
    );
    let again = session.answer(&desk, "r[7]/x", "9").unwrap();
    assert_eq!(again, Outcome::default(), "the same answer changes nothing");
}

#[test]
fn a_filled_form_has_the_name_its_author_gave_it() {
    let desk = Desk::default();
    let program = program_with(
        "type | name | label\ntext | who | Who",
        "",
        "form_title | instance_name\n走访 | concat('走访 ', ${who})",
        BTreeMap::new(),
    );
    let (mut session, _) = Session::begin(program, &desk, &[]);

    session.answer(&desk, "who", "顾").unwrap();

    assert_eq!(session.name(&desk).as_deref(), Some("走访 顾"));
}

#[test]
fn a_way_that_turns_above_where_it_began_is_followed_by_changes_too() {
    let (desk, mut session) = filling(
        "type | name | label | calculation
         text | outer | O
         begin repeat | r | R
         integer | x | X
         calculate | seen | | ${x}/../../outer
         end repeat",
        "",
    );

    session.answer(&desk, "outer", "far").unwrap();

    assert_eq!(session.value("r[1]/seen"), Some("far"));
}

const COUNTED: &str = "
    type | name | label | repeat_count | default
    begin repeat | home | 户
    integer | people | 人数
    begin repeat | person | 人 | ${people}
    date | since | 何时来住 | | today()
    end repeat
    end repeat";

#[test]
fn what_a_count_brings_forth_begins_with_its_defaults() {
    let (desk, mut session) = filling(COUNTED, "");

    session.answer(&desk, "home[1]/people", "2").unwrap();

    for address in ["home[1]/person[1]/since", "home[1]/person[2]/since"] {
        assert_eq!(session.value(address), Some("2026-11-26"), "{address}");
    }
}

#[test]
fn nothing_is_told_of_what_was_taken_away() {
    let desk = Desk::default();
    let program = program(COUNTED, "");
    let mut store = BTreeMap::new();
    let (mut session, outcome) = Session::begin(Arc::clone(&program), &desk, &[]);
    keep(&mut store, &outcome);
    let outcome = session.answer(&desk, "home[1]/people", "1").unwrap();
    keep(&mut store, &outcome);
    keep(&mut store, &session.remove(&desk, "home[1]").unwrap());
    let (_, outcome) = session.add(&desk, "home").unwrap();
    keep(&mut store, &outcome);

    let (id, version) = program.version();
    let restored = Session::restore(
        Arc::clone(&program),
        &desk,
        (id, version),
        &saved(&store),
        &[],
    );

    assert!(restored.is_ok(), "{:?}", restored.err());
}
