//! Lists whose rows come to each filling: compiled once, and another list each time.

use std::{collections::BTreeMap, sync::Arc};

use forms::{
    Beside, Form, Program, Session, Table,
    session::{Choice, Refusal, Wrong},
    xlsform::load,
};

use super::desk::{Desk, Store, book, keep, saved};

/// A door of a building, then somebody who lives there.
const SURVEY: &str = "type | name | label | choice_filter | calculation
select_one_from_file doors.csv | door | Door
select_one_from_file people.csv | who | Who | door = ${door}
calculate | called | | | jr:choice-name(${who}, '${who}')
calculate | born | | | pulldata('people', 'birth', 'name', ${who})
calculate | behind | | | count(instance('people')/root/item[door = ${door}])";

fn beside() -> Beside {
    let columns = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
    Beside {
        files: BTreeMap::new(),
        live: BTreeMap::from([
            ("doors.csv".to_owned(), columns(&["name", "label", "floor"])),
            (
                "people.csv".to_owned(),
                columns(&["name", "label", "door", "birth", "sex"]),
            ),
        ]),
    }
}

fn form(survey: &str) -> Form {
    load(&book(survey, "", ""), "form", &beside()).unwrap().form
}

fn compiled() -> Program {
    Program::compile(form(SURVEY), beside()).unwrap()
}

fn table(text: &str) -> Table {
    forms::table::read_csv(text.as_bytes()).unwrap()
}

fn rows(people: &str) -> BTreeMap<String, Table> {
    BTreeMap::from([
        (
            "doors.csv".to_owned(),
            table("name,label\nd1,3-101\nd2,3-102"),
        ),
        ("people.csv".to_owned(), table(people)),
    ])
}

const PEOPLE: &str = "label,name,door,birth,more\n何田田,p1,d1,1958-03-02,x\n\
                      田甲,p2,d1,1990-01-01,x\n周大有,p3,d2,1970-05-05,x";

fn begin(program: &Program, people: &str) -> (Desk, Session) {
    let desk = Desk::default();
    let (session, outcome) = Session::begin(Arc::new(program.with_rows(rows(people))), &desk, &[]);
    assert_eq!(outcome.faults, []);
    (desk, session)
}

fn labels(choices: &[Choice]) -> Vec<&str> {
    choices.iter().map(|it| it.label.as_str()).collect()
}

#[test]
fn what_a_form_asks_of_a_live_list_is_known_once_it_is_compiled() {
    let program = compiled();

    let live: Vec<(&str, Vec<&str>)> = program
        .live()
        .map(|(name, columns)| (name, columns.iter().map(String::as_str).collect()))
        .collect();

    assert_eq!(
        live,
        [
            ("doors.csv", vec!["name", "label"]),
            ("people.csv", vec!["name", "label", "door", "birth"]),
        ]
    );
}

#[test]
fn rows_that_come_to_a_filling_are_offered_filtered_and_looked_up() {
    let (desk, mut session) = begin(&compiled(), PEOPLE);

    session.answer(&desk, "door", "d1").unwrap();
    session.answer(&desk, "who", "p1").unwrap();

    assert_eq!(labels(&session.choices(&desk, "who")), ["何田田", "田甲"]);
    assert_eq!(session.value("called"), Some("何田田"));
    assert_eq!(session.value("born"), Some("1958-03-02"));
    assert_eq!(session.value("behind"), Some("2"));
    assert_eq!(
        session.answer(&desk, "who", "p3"),
        Err(Refusal::NotAChoice),
        "behind another door"
    );
    session.answer(&desk, "door", "d2").unwrap();
    assert_eq!(session.value("who"), Some(""), "of the door before");
}

#[test]
fn two_fillings_of_one_program_have_each_their_own_rows() {
    let program = compiled();
    let (desk, one) = begin(&program, PEOPLE);
    let (_, other) = begin(&program, "name,label,door\np9,新来,d1");

    let offered = |mut session: Session| {
        session.answer(&desk, "door", "d1").unwrap();
        session.choices(&desk, "who").len()
    };

    assert_eq!((offered(one), offered(other)), (2, 1));
    let (_, none) = {
        let none = program.with_rows(BTreeMap::new());
        let begun = Session::begin(Arc::new(none), &desk, &[]);
        (begun.1, begun.0)
    };
    assert!(none.choices(&desk, "door").is_empty());
}

#[test]
fn an_answer_whose_row_is_gone_stays_and_one_that_is_elsewhere_is_taken_back() {
    let program = compiled();
    let (desk, mut session) = begin(&program, PEOPLE);
    let mut store = Store::new();
    for (address, value) in [("door", "d1"), ("who", "p1")] {
        keep(&mut store, &session.answer(&desk, address, value).unwrap());
    }
    let again = |people: &str| {
        let program = Arc::new(program.with_rows(rows(people)));
        let restored = Session::restore(program, &desk, ("form", ""), &saved(&store), &[]);
        restored.unwrap().0
    };

    let gone = again("name,label,door\np2,田甲,d1");
    let moved = again("name,label,door\np1,何田田,d2\np2,田甲,d1");

    assert_eq!(gone.value("who"), Some("p1"));
    assert_eq!(gone.check(&desk), []);
    assert!(gone.chosen(&desk, "who").is_empty(), "nobody knows a name");
    assert_eq!(labels(&gone.choices(&desk, "who")), ["田甲"]);
    assert_eq!(moved.value("who"), Some(""));
}

#[test]
fn of_several_answers_one_whose_row_is_gone_keeps_nobody_from_the_next() {
    let survey = "type | name | label\nselect_multiple_from_file people.csv | who | Who";
    let program = Program::compile(form(survey), beside()).unwrap();
    let desk = Desk::default();
    let program = Arc::new(program.with_rows(rows("name,label\np2,田甲")));
    let before = [forms::session::Saved::Value {
        address: "who".to_owned(),
        value: "p1".to_owned(),
    }];
    let (mut session, _) = Session::restore(program, &desk, ("form", ""), &before, &[]).unwrap();

    session.answer(&desk, "who", "p1 p2").unwrap();

    assert_eq!(session.value("who"), Some("p1 p2"));
    let others = session.answer(&desk, "who", "p1 p2 p7");
    assert_eq!(others, Err(Refusal::NotAChoice), "it never stood there");
}

#[test]
fn in_a_list_of_the_form_what_is_not_there_stays_wrong() {
    let survey = "type | name | label\nselect_one_from_file people.csv | who | Who";
    let file = Beside::from([("people.csv".to_owned(), table("name,label\np2,田甲"))]);
    let loaded = load(&book(survey, "", ""), "form", &file).unwrap();
    let program = Arc::new(Program::compile(loaded.form, file).unwrap());
    let desk = Desk::default();
    let before = [forms::session::Saved::Value {
        address: "who".to_owned(),
        value: "p1".to_owned(),
    }];

    let (session, _) = Session::restore(program, &desk, ("form", ""), &before, &[]).unwrap();

    let wrong: Vec<Wrong> = session.check(&desk).iter().map(|it| it.wrong).collect();
    assert_eq!(wrong, [Wrong::NotOffered]);
}

#[test]
fn a_column_that_a_live_list_cannot_have_is_told_with_its_place() {
    let survey = SURVEY.replace("'birth'", "'phone'");

    let told = load(&book(&survey, "", ""), "form", &beside()).unwrap_err();

    let told: Vec<String> = told.iter().map(ToString::to_string).collect();
    assert_eq!(
        told,
        ["survey, row 5, column \"calculation\": the list \"people.csv\" has no column \"phone\""]
    );
}

#[test]
fn a_file_of_the_same_name_goes_before() {
    let mut both = beside();
    both.files = BTreeMap::from([(
        "people.csv".to_owned(),
        table("name,label,door,birth\nq1,许一,d1,2000-01-01"),
    )]);
    let program = Program::compile(form(SURVEY), both).unwrap();

    let (desk, mut session) = begin(&program, PEOPLE);

    session.answer(&desk, "door", "d1").unwrap();
    assert_eq!(labels(&session.choices(&desk, "who")), ["许一"]);
    assert_eq!(program.live().count(), 1);
}

#[test]
fn one_of_fifty_thousand_rows_is_found_by_an_index() {
    let mut people = Table::new(["name", "label", "door"].map(str::to_owned).into());
    for number in 0..50_000 {
        people.push([
            format!("p{number}"),
            format!("人{number}"),
            format!("d{}", number / 3),
        ]);
    }
    let mut rows = rows(PEOPLE);
    rows.insert("people.csv".to_owned(), people);
    let desk = Desk::default();
    let program = Arc::new(compiled().with_rows(rows));
    let (mut session, _) = Session::begin(program, &desk, &[]);
    session.prefill(&desk, "door", "d16000").unwrap();

    session.answer(&desk, "who", "p48001").unwrap();

    assert_eq!(session.value("called"), Some("人48001"));
    assert_eq!(session.value("behind"), Some("3"));
}

#[test]
fn what_an_earlier_filling_said_is_said_again_of_whoever_is_still_there() {
    let program = compiled();
    let desk = Desk::default();
    let before = [("door", "d1"), ("who", "p1")]
        .map(|(address, value)| (address.to_owned(), value.to_owned()));
    let again = |people: &str| {
        let program = Arc::new(program.with_rows(rows(people)));
        Session::again(program, &desk, &[], &before).0
    };

    let there = again(PEOPLE);
    let gone = again("name,label,door\np2,田甲,d1");

    assert_eq!(there.value("who"), Some("p1"));
    assert_eq!(
        (gone.value("door"), gone.value("who")),
        (Some("d1"), Some(""))
    );
}
