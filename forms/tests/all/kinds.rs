//! Each type of question: what it takes as an answer, in which way of writing, and what it refuses.

use forms::{
    definition::Kind,
    session::{Choice, Refusal, Shown, ShownKind, Wrong},
};

use crate::desk::filling;

const FORM: &str = "
    type | name | label | parameters | read_only | appearance
    text | text | Text
    integer | integer | Integer
    decimal | decimal | Decimal
    range | range | Range | start=0 end=5 step=1
    date | date | Date
    time | time | Time
    datetime | datetime | Date and time
    select_one colours | one | One
    select_multiple colours | many | Many
    rank colours | rank | Rank
    geopoint | geopoint | Place
    geotrace | geotrace | Line
    geoshape | geoshape | Area
    image | image | Picture
    audio | audio | Sound
    video | video | Film
    file | file | File
    barcode | barcode | Code
    acknowledge | acknowledge | Yes
    note | note | Read this
    text | fixed | Fixed | | yes
    hidden | hidden | Hidden";
const CHOICES: &str = "
    list_name | name | label
    colours | red | 红
    colours | green | 绿
    colours | blue | 蓝";

#[test]
fn each_type_takes_its_answers_in_one_way_of_writing() {
    let (desk, mut session) = filling(FORM, CHOICES);
    for (address, given, kept) in [
        ("text", " 两 行\n字 ", " 两 行\n字 "),
        ("integer", " +007 ", "7"),
        ("integer", "-3", "-3"),
        ("decimal", "+1.50", "1.50"),
        ("range", "5", "5"),
        ("date", "2026-02-28", "2026-02-28"),
        ("time", "09:30", "09:30"),
        ("time", "09:30:00.000+08:00", "09:30:00.000+08:00"),
        (
            "datetime",
            "2026-02-28T09:30:00.000+08:00",
            "2026-02-28T09:30:00.000+08:00",
        ),
        ("one", "green", "green"),
        ("many", "blue  red blue", "blue red"),
        ("rank", "blue red green", "blue red green"),
        ("geopoint", "32.01 120.86", "32.01 120.86"),
        ("geopoint", "32.01 120.86 4.5 12", "32.01 120.86 4.5 12"),
        ("geotrace", "32 120; 32.1 120.1 ;", "32 120;32.1 120.1"),
        ("geoshape", "0 0;0 1;1 1;0 0 3", "0 0;0 1;1 1;0 0 3"),
        ("image", "a1b2.jpg", "a1b2.jpg"),
        ("audio", "a.m4a", "a.m4a"),
        ("video", "v.mp4", "v.mp4"),
        ("file", "f.pdf", "f.pdf"),
        ("barcode", "6901234567892", "6901234567892"),
        ("acknowledge", "OK", "OK"),
    ] {
        let outcome = session.answer(&desk, address, given).unwrap();

        assert_eq!(session.value(address), Some(kept), "{address}: {given:?}");
        assert_eq!(
            outcome.changes.len(),
            1,
            "{address}: one answer, one change"
        );
        assert_eq!(
            session.answer(&desk, address, given).unwrap().changes,
            [],
            "the same again is nothing to save"
        );
    }
}

#[test]
fn what_is_no_answer_is_refused_by_its_reason_and_changes_nothing() {
    let (desk, mut session) = filling(FORM, CHOICES);
    for (address, given, refusal) in [
        ("integer", "1.5", Refusal::NotInteger),
        ("integer", "九", Refusal::NotInteger),
        ("integer", "99999999999999999999", Refusal::NotInteger),
        ("decimal", "1e5", Refusal::NotDecimal),
        ("decimal", "inf", Refusal::NotDecimal),
        ("decimal", "1.2.3", Refusal::NotDecimal),
        ("range", "6", Refusal::OutOfRange),
        ("range", "-1", Refusal::OutOfRange),
        ("date", "2026-02-30", Refusal::NotDate),
        ("time", "24:00", Refusal::NotTime),
        ("datetime", "2026-02-28", Refusal::NotDateTime),
        ("one", "purple", Refusal::NotAChoice),
        ("one", "red green", Refusal::NotAChoice),
        ("many", "red purple", Refusal::NotAChoice),
        ("rank", "red green", Refusal::NotAChoice),
        ("geopoint", "91 0", Refusal::NotPlace),
        ("geopoint", "0 181", Refusal::NotPlace),
        ("geopoint", "NaN 0", Refusal::NotPlace),
        ("geopoint", "0 0;1 1", Refusal::NotPlace),
        ("geotrace", "0 0", Refusal::NotPlace),
        ("geoshape", "0 0;0 1;1 1;1 0", Refusal::NotPlace),
        ("acknowledge", "yes", Refusal::NotAChoice),
        ("note", "x", Refusal::ReadOnly),
        ("fixed", "x", Refusal::ReadOnly),
        ("hidden", "x", Refusal::ReadOnly),
        ("nothing", "x", Refusal::NoSuchQuestion),
        ("", "x", Refusal::NoSuchQuestion),
    ] {
        let before = session.values();

        let refused = session.answer(&desk, address, given);

        assert_eq!(refused, Err(refusal), "{address}: {given:?}");
        assert_eq!(session.values(), before);
    }
    let long = "字".repeat(400_000);
    assert_eq!(session.answer(&desk, "text", &long), Err(Refusal::TooLong));
}

#[test]
fn the_empty_answer_takes_an_answer_back() {
    let (desk, mut session) = filling(FORM, CHOICES);
    for (address, given) in [
        ("integer", "3"),
        ("one", "red"),
        ("geopoint", "1 2"),
        ("text", "x"),
    ] {
        session.answer(&desk, address, given).unwrap();

        session.answer(&desk, address, "").unwrap();

        assert_eq!(session.value(address), Some(""), "{address}");
    }
    assert_eq!(session.values(), []);
}

#[test]
fn the_page_is_told_kind_value_choices_and_what_is_wrong() {
    let (desk, mut session) = filling(
        "type | name | label | hint | required | constraint | constraint_message | appearance
         begin group | person | 人 | | | | | field-list
         integer | age | 年龄 | 周岁 | yes | . < 150 | 不可能
         select_one colours | colour | 颜色
         end group
         note | told | ${age} 岁",
        CHOICES,
    );
    session.answer(&desk, "person/age", "200").unwrap();

    let page = session.view(&desk);

    let lines: Vec<(&str, usize, &str)> = page
        .iter()
        .map(|shown| (shown.address.as_str(), shown.depth, shown.label.as_str()))
        .collect();
    assert_eq!(
        lines,
        [
            ("person", 0, "人"),
            ("person/age", 1, "年龄"),
            ("person/colour", 1, "颜色"),
            ("told", 0, "200 岁")
        ]
    );
    assert_eq!(page[0].appearance, "field-list");
    let Shown {
        kind:
            ShownKind::Question {
                kind,
                value,
                is_required,
                wrong,
                message,
                ..
            },
        hint,
        ..
    } = &page[1]
    else {
        panic!("a question: {:?}", page[1]);
    };
    assert_eq!(
        (*kind, value.as_str(), *is_required, hint.as_str()),
        (Kind::Integer, "200", true, "周岁")
    );
    assert_eq!(
        (*wrong, message.as_deref()),
        (Some(Wrong::Constraint), Some("不可能"))
    );
    assert_eq!(
        session
            .choices(&desk, "person/colour")
            .iter()
            .map(|Choice { value, label }| (value.as_str(), label.as_str()))
            .collect::<Vec<_>>(),
        [("red", "红"), ("green", "绿"), ("blue", "蓝")]
    );
    assert_eq!(session.view_of(&desk, "person/age").len(), 1);
}

#[test]
fn what_the_world_knows_is_filled_in() {
    let (desk, mut session) = filling(
        "type | name | label
         start | s
         end | e
         today | d
         username | u
         deviceid | id
         text | q | Q",
        "",
    );

    assert_eq!(session.value("s"), Some("2026-11-26T09:30:00.000+08:00"));
    assert_eq!(session.value("d"), Some("2026-11-26"));
    assert_eq!(session.value("u"), Some("顾小满"));
    assert_eq!(
        session.value("id"),
        Some(""),
        "what is not known stays empty"
    );
    assert_eq!(session.value("e"), Some(""));
    let mut later = desk.now.get();
    later.local_ms += 60_000;
    desk.now.set(later);
    session.finish(&desk);
    assert_eq!(session.value("e"), Some("2026-11-26T09:31:00.000+08:00"));
}

#[test]
fn a_date_may_be_computed_as_a_number_of_days_or_as_a_moment() {
    let (_desk, session) = filling(
        "type | name | label | calculation | default
        date | later | Later | today() + 7 |
        date | day | Day | now() |
        date | begun | Begun | | today() + 90
        date | none | None | 'soon' |
        calculate | number | | today() + 7 |",
        "",
    );

    for (address, expected) in [
        ("later", "2026-12-03"),
        ("day", "2026-11-26"),
        ("begun", "2027-02-24"),
        ("none", "soon"),
        ("number", "20790"),
    ] {
        assert_eq!(session.value(address), Some(expected), "{address}");
    }
}

#[test]
fn a_number_that_is_no_day_of_any_calendar_is_kept_as_it_is() {
    let (_desk, session) = filling(
        "type | name | label | calculation
        date | far | Far | 10000000000 * 10000000000",
        "",
    );

    assert_eq!(session.value("far"), Some("100000000000000000000"));
}
