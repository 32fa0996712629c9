//! A filling that begins with the answers of an earlier one.

use std::collections::BTreeMap;

use forms::{Beside, Session, session::Wrong, xlsform::load};

use crate::desk::{Desk, Store, book, filling, keep, program, saved};

/// What is asked each month, of which little changes.
const MONTHLY: &str = "
    type | name | label | default | calculation | appearance | relevant | required
    text | head | 户主
    select_one use | use | 房屋用途
    date | seen_on | 走访日期 | today()
    image | door | 门口照片
    geopoint | place | 位置
    acknowledge | looked | 已查看
    select_one fire | fire | 消防隐患 | | | fresh
    integer | rooms | 间数 | 1
    calculate | said | | | concat(${head}, ${rooms})
    text | from | 来自 | | | | ${use} = 'rent' | yes
    begin repeat | member | 成员
    text | name | 姓名
    image | photo | 照片
    begin repeat | phone | 电话
    text | number | 号码
    end repeat
    end repeat";

const LISTS: &str = "
    list_name | name | label
    use | own | 自住
    use | rent | 出租
    fire | no | 无
    fire | yes | 有";

fn filled() -> Vec<(String, String)> {
    let (desk, mut session) = filling(MONTHLY, LISTS);
    let (second, _) = session.add(&desk, "member").unwrap();
    let (third, _) = session.add(&desk, "member").unwrap();
    session.remove(&desk, &second).unwrap();
    let (again, _) = session.add(&desk, &format!("{third}/phone")).unwrap();
    for (address, value) in [
        ("head", "何田田"),
        ("use", "rent"),
        ("seen_on", "2026-10-03"),
        ("door", "door.jpg"),
        ("place", "30.1 120.2"),
        ("looked", "OK"),
        ("fire", "no"),
        ("rooms", "3"),
        ("from", "汀川"),
        ("member[1]/photo", "face.jpg"),
        (&format!("{third}/name"), "何小禾"),
        (&format!("{again}/number"), "10086"),
    ] {
        session.answer(&desk, address, value).unwrap();
    }
    session.values()
}

#[test]
fn what_a_person_was_asked_is_there_and_what_was_of_that_day_is_not() {
    let before = filled();
    let desk = Desk::default();

    let (session, outcome) = Session::again(program(MONTHLY, LISTS), &desk, &[], &before);

    let values: BTreeMap<String, String> = session.values().into_iter().collect();
    let values: Vec<(&str, &str)> = values
        .iter()
        .map(|(address, value)| (address.as_str(), value.as_str()))
        .collect();
    assert_eq!(
        values,
        [
            ("from", "汀川"),
            ("head", "何田田"),
            ("member[2]/name", "何小禾"),
            ("member[2]/phone[1]/number", "10086"),
            ("rooms", "3"),
            ("said", "何田田3"),
            ("seen_on", "2026-11-26"),
            ("use", "rent"),
        ],
        "photos, places, confirmations, what is `fresh`, and that day's date are asked anew; the one \\
         who had a photo only is still there"
    );
    assert_eq!(outcome.faults, []);
    let mut store = Store::new();
    keep(&mut store, &outcome);
    let restored = Session::restore(
        program(MONTHLY, LISTS),
        &desk,
        ("form", ""),
        &saved(&store),
        &[],
    );
    let (restored, _) = restored.unwrap();
    assert_eq!(
        restored.view(&desk),
        session.view(&desk),
        "the outcome is all there is to save"
    );
}

#[test]
fn nobody_is_made_up_where_nobody_was() {
    let before = vec![("head".to_owned(), "何田田".to_owned())];
    let desk = Desk::default();

    let (session, _) = Session::again(program(MONTHLY, LISTS), &desk, &[], &before);

    assert!(session.value("member[1]/name").is_none());
}

#[test]
fn a_later_version_takes_what_it_still_asks() {
    let later = "
    type | name | label | repeat_count | required
    text | head | 户主
    select_one use | use | 房屋用途
    integer | people | 人数
    begin repeat | member | 成员 | ${people}
    text | name | 姓名
    end repeat
    text | why | 原因 | | yes";
    let lists = "
    list_name | name | label
    use | own | 自住";
    let mut before = filled();
    before.insert(0, ("people".to_owned(), "1".to_owned()));
    let desk = Desk::default();

    let (session, _) = Session::again(program(later, lists), &desk, &[], &before);

    assert_eq!(session.value("head"), Some("何田田"));
    let lacks: Vec<(String, Wrong)> = session
        .check(&desk)
        .into_iter()
        .map(|it| (it.address, it.wrong))
        .collect();
    assert_eq!(
        lacks,
        [
            ("use".to_owned(), Wrong::NotOffered),
            ("why".to_owned(), Wrong::Required)
        ]
    );
    assert_eq!(
        session.value("member[1]/name"),
        Some(""),
        "the one who is counted is the first of that day, whose name nobody gave"
    );
}

#[test]
fn an_author_says_whether_a_form_may_be_filed_unchanged() {
    let read = |settings: &str| load(&book(MONTHLY, LISTS, settings), "form", &Beside::default());

    let without = read("").unwrap().form;
    let with = read("unchanged\nyes").unwrap().form;
    let wrong = read("unchanged\nmaybe").unwrap_err();

    assert!(!without.unchanged && with.unchanged);
    let json = serde_json::to_value(&without).unwrap();
    assert!(json.get("unchanged").is_none(), "a form stays what it was");
    let wrong: Vec<String> = wrong.iter().map(ToString::to_string).collect();
    assert!(
        matches!(wrong.as_slice(), [one] if one.contains("unchanged")),
        "{wrong:?}"
    );
}

#[test]
fn an_author_says_for_how_many_days_what_was_filled_in_is_kept() {
    let read = |settings: &str| load(&book(MONTHLY, LISTS, settings), "form", &Beside::default());

    let without = read("").unwrap().form;
    let with = read("retention_days\n180").unwrap().form;

    assert_eq!(
        (without.retention_days, with.retention_days),
        (None, Some(180))
    );
    let json = serde_json::to_value(&without).unwrap();
    assert!(
        json.get("retention_days").is_none(),
        "a form stays what it was"
    );
    for wrong in ["0", "-1", "36501", "1.5", "ever"] {
        let told = read(&format!("retention_days\n{wrong}")).unwrap_err();
        let told: Vec<String> = told.iter().map(ToString::to_string).collect();
        assert!(
            matches!(told.as_slice(), [one] if one.contains("retention_days") && one.contains(wrong)),
            "{told:?}"
        );
    }
}
