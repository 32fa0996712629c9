//! The forms that come with the project: without mistakes, whole in both languages, and filled the
//! way a grid worker fills them at a door.

use std::{path::Path, sync::Arc};

use forms::{
    Beside, Form, Program, Session,
    definition::{Item, Words},
    xlsform::{load, read},
};

use crate::desk::Desk;

const ALL: [&str; 4] = [
    "vaccination",
    "nucleic-acid",
    "household-visit",
    "resident-check",
];

fn shipped(name: &str) -> Form {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("../packs/forms/{name}.xlsx"));
    let book = read(&std::fs::read(path).unwrap()).unwrap();
    let loaded = load(&book, name, &Beside::default()).unwrap_or_else(|mistakes| {
        let told: Vec<String> = mistakes.iter().map(ToString::to_string).collect();
        panic!("{name}: {}", told.join("; "))
    });
    assert_eq!(loaded.warnings, [], "{name}");
    loaded.form
}

fn begun(name: &str) -> (Desk, Session) {
    let desk = Desk::default();
    let program = Arc::new(Program::compile(shipped(name), Beside::default()).unwrap());
    let (session, outcome) = Session::begin(program, &desk, &[]);
    assert_eq!(outcome.faults, [], "{name}");
    (desk, session)
}

/// Begun for somebody the register knows.
fn begun_for(name: &str, who: &str) -> (Desk, Session) {
    let (desk, mut session) = begun(name);
    session.prefill(&desk, who, "顾小满").unwrap();
    (desk, session)
}

/// Answers, one after the other; each must be taken.
fn answered(session: &mut Session, desk: &Desk, answers: &[(&str, &str)]) {
    for (address, value) in answers {
        session
            .answer(desk, address, value)
            .unwrap_or_else(|refusal| {
                panic!("{address} = {value}: {refusal:?}");
            });
    }
}

/// Addresses of what keeps it from being finished.
fn lacking(session: &Session, desk: &Desk) -> Vec<String> {
    session
        .check(desk)
        .into_iter()
        .map(|it| it.address)
        .collect()
}

#[test]
fn each_says_everything_in_both_languages() {
    for name in ALL {
        let form = shipped(name);
        assert_eq!(form.languages, ["中文 (zh)", "English (en)"], "{name}");
        let text = serde_json::to_value(&form).unwrap();
        whole(name, &text);
        assert!(!form.items.is_empty());
    }
}

/// Wherever something is said in one language it is said in the other.
fn whole(name: &str, value: &serde_json::Value) {
    match value {
        serde_json::Value::Object(fields) => {
            let said = |language| fields.get(language).is_some_and(|it| it != "");
            let (zh, en) = (said("中文 (zh)"), said("English (en)"));
            assert_eq!(zh, en, "{name}: {value}");
            fields.values().for_each(|it| whole(name, it));
        }
        serde_json::Value::Array(values) => values.iter().for_each(|it| whole(name, it)),
        _ => {}
    }
}

/// What each notice says beside what for and how long (PIPL art. 17): who sees it, what becomes of it, and
/// that one may look at it and have it corrected.
const RIGHTS: [(&str, [&str; 4]); 2] = [
    ("中文 (zh)", ["本社区", "到期自动清除", "查看", "更正"]),
    (
        "English (en)",
        ["of the community", "then erased", "see", "correct"],
    ),
];

#[test]
fn who_is_told_what_for_is_told_for_how_long_by_the_number_that_erases() {
    let mut kept = Vec::new();
    for name in ALL {
        let form = shipped(name);
        let days = form.retention_days;
        let notice = form
            .notice
            .unwrap_or_else(|| panic!("{name}: nobody is told"));
        for (language, term) in [("中文 (zh)", " 天，"), ("English (en)", " days, ")] {
            let text = notice.text.in_language(language, language).unwrap();
            let numbers = text.split(|it: char| !it.is_ascii_digit());
            let numbers: Vec<&str> = numbers.filter(|it| !it.is_empty()).collect();
            let days = days.unwrap_or_else(|| panic!("{name}: kept for ever"));
            assert_eq!(numbers, [days.to_string()], "{name}: {text}");
            assert!(text.contains(&format!("{days}{term}")), "{name}: {text}");
        }
        for (language, rights) in RIGHTS {
            let text = notice.text.in_language(language, language).unwrap();
            for right in rights {
                assert!(text.contains(right), "{name}: {right}");
            }
            let purpose = notice.purpose.in_language(language, language);
            assert!(purpose.is_some_and(|it| !it.is_empty()), "{name}");
        }
        kept.push((name, days));
    }
    assert_eq!(
        kept,
        [
            ("vaccination", Some(730)),
            ("nucleic-acid", Some(180)),
            ("household-visit", Some(365)),
            ("resident-check", Some(365)),
        ]
    );
}

#[test]
fn a_vaccination_of_a_known_resident_takes_few_answers() {
    let (desk, mut session) = begun_for("vaccination", "person/name_shown");

    answered(
        &mut session,
        &desk,
        &[
            ("vaccination/status", "completed"),
            ("vaccination/dose_no", "2"),
            ("vaccination/occurred_on", "2026-11-20"),
        ],
    );

    assert_eq!(lacking(&session, &desk), Vec::<String>::new());
    assert_eq!(
        session.value("reported_by"),
        Some("self"),
        "without being asked"
    );
}

#[test]
fn the_next_vaccination_begins_with_the_vaccine_and_the_clinic_of_the_last_one() {
    let (desk, mut first) = begun_for("vaccination", "person/name_shown");
    let of_the_day = [
        ("vaccination/product_code", "inactivated"),
        ("vaccination/manufacturer", "b"),
        ("vaccination/clinic", "云栖社区卫生服务中心"),
    ];
    answered(&mut first, &desk, &[("vaccination/status", "completed")]);
    answered(&mut first, &desk, &of_the_day);
    assert_eq!(first.value("series_doses"), Some("2"), "as the list says");
    let last = first.values();

    let program = Arc::clone(first.program());
    let (mut next, outcome) = Session::begin(program, &desk, &last);
    answered(&mut next, &desk, &[("vaccination/status", "completed")]);

    assert_eq!(outcome.faults, []);
    for (address, value) in of_the_day {
        assert_eq!(next.value(address), Some(value), "{address}");
    }
    assert_eq!(
        next.value("vaccination/lot"),
        Some(""),
        "each box has its own"
    );
    answered(
        &mut next,
        &desk,
        &[("vaccination/product_code", "adenovirus")],
    );
    assert_eq!(
        next.value("vaccination/manufacturer"),
        Some(""),
        "another vaccine is another company's"
    );
}

#[test]
fn who_is_not_vaccinated_gives_a_reason_and_nothing_of_a_dose() {
    let (desk, mut session) = begun_for("vaccination", "person/name_shown");
    answered(&mut session, &desk, &[("vaccination/status", "not_done")]);
    assert_eq!(lacking(&session, &desk), ["vaccination/reason_code"]);

    answered(
        &mut session,
        &desk,
        &[("vaccination/reason_code", "deferred")],
    );

    assert_eq!(lacking(&session, &desk), Vec::<String>::new());
    let values = session.values();
    assert!(
        values
            .iter()
            .all(|(address, _)| !address.ends_with("dose_no"))
    );
}

#[test]
fn a_date_in_the_future_is_kept_and_told() {
    let (desk, mut session) = begun_for("vaccination", "person/name_shown");
    answered(
        &mut session,
        &desk,
        &[
            ("vaccination/status", "completed"),
            ("vaccination/dose_no", "1"),
            ("vaccination/occurred_on", "2026-12-24"),
        ],
    );

    let told = session.check(&desk);

    assert_eq!(told.len(), 1, "{told:?}");
    assert_eq!(told[0].message.as_deref(), Some("日期不能晚于今天。"));
    assert_eq!(session.value("vaccination/occurred_on"), Some("2026-12-24"));
}

#[test]
fn only_manufacturers_of_the_vaccine_are_offered() {
    let (desk, mut session) = begun("vaccination");
    answered(
        &mut session,
        &desk,
        &[
            ("vaccination/status", "completed"),
            ("vaccination/product_code", "inactivated"),
        ],
    );

    let offered = session.choices(&desk, "vaccination/manufacturer");

    let names: Vec<&str> = offered.iter().map(|it| it.label.as_str()).collect();
    assert_eq!(names, ["甲生物", "乙生物"]);
}

#[test]
fn a_test_begins_with_the_usual_and_a_positive_one_says_what_to_do() {
    let (desk, mut session) = begun_for("nucleic-acid", "person/name_shown");
    assert_eq!(lacking(&session, &desk), ["test/sampled_at"]);

    answered(
        &mut session,
        &desk,
        &[
            ("test/sampled_at", "2026-11-25T08:00:00.000+08:00"),
            ("test/result", "positive"),
        ],
    );

    let page = session.view(&desk);
    let note = page
        .iter()
        .find(|line| line.address == "test/positive_note");
    assert!(note.is_some_and(|line| line.label.contains("电话报告")));
    assert_eq!(lacking(&session, &desk), Vec::<String>::new());
}

#[test]
fn a_visit_where_nobody_was_home_is_one_answer() {
    let (desk, mut session) = begun_for("household-visit", "household_name");

    answered(&mut session, &desk, &[("outcome", "not_home")]);

    assert_eq!(lacking(&session, &desk), Vec::<String>::new());
    assert_eq!(
        session.value("next_due"),
        Some("2027-02-24"),
        "in ninety days"
    );
}

#[test]
fn hazards_exclude_their_own_absence_and_ask_what_was_advised() {
    let (desk, mut session) = begun_for("household-visit", "household_name");
    answered(&mut session, &desk, &[("safety/hazards", "none gas")]);
    assert_eq!(lacking(&session, &desk), ["safety/hazards"]);

    answered(
        &mut session,
        &desk,
        &[("safety/hazards", "gas"), ("safety/mended", "no")],
    );

    assert_eq!(lacking(&session, &desk), ["safety/advice"]);
}

#[test]
fn a_resident_is_checked_again_with_what_was_said_before() {
    let (desk, mut session) = begun_for("resident-check", "person/name_shown");
    answered(
        &mut session,
        &desk,
        &[
            ("person/sex", "2"),
            ("person/birth", "1961-04-02"),
            ("living/kind", "floating"),
            ("living/relation", "head"),
            ("living/tenure", "rent"),
            ("living/since", "2021-03-01"),
            ("life/marital", "20"),
            ("life/work", "汀川一小"),
        ],
    );
    assert_eq!(lacking(&session, &desk), Vec::<String>::new());
    assert!(shipped("resident-check").unchanged);
    assert!(!shipped("vaccination").unchanged, "a dose is a new one");
    let before = session.values();

    let program = Arc::clone(session.program());
    let (again, outcome) = Session::again(program, &desk, &[], &before);

    assert_eq!(outcome.faults, []);
    assert_eq!(lacking(&again, &desk), Vec::<String>::new());
    assert_eq!(again.values(), before);
}

#[test]
fn what_a_form_saves_to_the_register_is_named() {
    let form = shipped("vaccination");
    let mut saved = Vec::new();
    collect(&form.items, &mut saved);
    assert_eq!(saved, ["name", "phone"]);
    assert_eq!(form.entities[0].list, "resident");
    assert_ne!(form.title, Words::default());
}

fn collect(items: &[Item], saved: &mut Vec<String>) {
    let json = serde_json::to_value(items).unwrap();
    names(&json, saved);
}

fn names(value: &serde_json::Value, saved: &mut Vec<String>) {
    match value {
        serde_json::Value::Object(fields) => {
            let property = fields.get("save_to").and_then(|it| it.as_str());
            saved.extend(property.map(str::to_owned));
            fields.values().for_each(|it| names(it, saved));
        }
        serde_json::Value::Array(values) => values.iter().for_each(|it| names(it, saved)),
        _ => {}
    }
}
