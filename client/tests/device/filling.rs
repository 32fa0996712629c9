//! Filling forms: every answer is on the disk before it is shown, a draft keeps its version, and
//! what is refused changes nothing.

use client::testing;
use serde_json::json;
use shared::{
    Digest,
    ipc::{
        AnswerRefusal, AnswerWrong, AskKind, Code, DiscardForm, Filling, FindChoices, FormLineKind,
        FormTrouble, GetToday, Language, RestoreForm, SaveSettings, SetForm, Settings,
    },
    record::Given,
};
use uuid::Uuid;

use super::{
    city,
    paper::{document, form, question, shipped},
    tablet::{HOUR, Tablet, code, jpeg},
};

const DAY: i64 = 24 * HOUR;

/// A tablet with the vaccination form.
async fn tablet() -> Tablet {
    let tablet = Tablet::of(city::worker()).await;
    tablet.give(shipped("vaccination")).await;
    tablet
}

/// A tablet with a form of these items.
async fn with(items: serde_json::Value) -> Tablet {
    let tablet = Tablet::of(city::worker()).await;
    tablet.give(document(1, form("1", items), 1)).await;
    tablet
}

const ANSWERS: [(&str, &str); 5] = [
    ("person/name_shown", "何田田"),
    ("vaccination/status", "completed"),
    ("vaccination/dose_no", "2"),
    ("vaccination/occurred_on", "2026-09-01"),
    ("reported_by", "family"),
];

#[tokio::test]
async fn a_form_from_the_hub_is_offered_by_its_title_and_asks_in_the_app_s_language() {
    let tablet = tablet().await;

    let listed = tablet.forms().await.forms;
    let paper = tablet.take_up(1).await;

    assert_eq!(listed.len(), 1);
    assert_eq!(
        (listed[0].title.as_str(), listed[0].title_en.as_str()),
        ("疫苗接种", "Vaccination")
    );
    assert_eq!(listed[0].pinyin, "yi miao jie zhong");
    assert_eq!(paper.view.lines[0].label, "本人");
    let status = paper.find("vaccination/status").unwrap();
    assert_eq!(status.kind, AskKind::SelectOne);
    let labels: Vec<_> = status
        .choices
        .as_ref()
        .unwrap()
        .some
        .iter()
        .map(|it| it.label.as_str())
        .collect();
    assert_eq!(labels, ["已接种", "未接种"]);
    assert_eq!(
        paper.value("reported_by"),
        "self",
        "it begins with its default"
    );
    let english = Settings {
        language: Language::En,
        ..Settings::default()
    };
    tablet
        .client
        .save_settings(SaveSettings { settings: english })
        .await
        .unwrap();
    assert_eq!(tablet.take_up(1).await.view.lines[0].label, "The person");
}

#[tokio::test]
async fn whenever_the_app_is_killed_every_answer_is_there() {
    let mut tablet = tablet().await;
    let draft = tablet.take_up(1).await.draft();
    for (nth, (address, value)) in ANSWERS.into_iter().enumerate() {
        tablet
            .take_up_again(draft)
            .await
            .answer(address, value)
            .await
            .unwrap();

        tablet = tablet.restart().await;

        let paper = tablet.take_up_again(draft).await;
        for (address, value) in &ANSWERS[..=nth] {
            assert_eq!(paper.value(address), *value, "after {nth} answers");
        }
    }
    let paper = tablet.take_up_again(draft).await;
    assert_eq!(paper.view.state.missing, 0);
    let listed = tablet.forms().await.drafts;
    assert_eq!(listed.len(), 1);
    assert_eq!(
        listed[0].name, "何田田 2026-09-25",
        "it is called as the form says"
    );
}

#[tokio::test]
async fn what_a_killed_app_shows_again_is_what_it_showed() {
    let mut tablet = with(json!([
        { "name": "member", "label": {"": "成员"}, "shape": "repeat", "items": [
            question("name", "text"),
            { "name": "age", "label": {"": "年龄"}, "shape": "question", "kind": "integer",
              "relevant": "${name} != ''" },
        ] },
        { "name": "total", "label": {"": "人数"}, "shape": "question", "kind": "integer",
          "calculate": "count(${member})", "read_only": "true()" },
    ]))
    .await;
    let mut paper = tablet.take_up(1).await;
    let draft = paper.draft();
    paper.add("member").await;
    paper.add("member").await;
    paper.answer("member[2]/name", "何小禾").await.unwrap();
    paper.answer("member[3]/name", "何大禾").await.unwrap();
    paper.answer("member[3]/age", "41").await.unwrap();
    paper.remove("member[2]").await;
    paper.add("member").await;
    let lines = paper.view.lines.clone();
    assert_eq!(paper.value("total"), "3");

    tablet = tablet.restart().await;

    let again = tablet.take_up_again(draft).await;
    assert_eq!(again.view.lines, lines);
    let fresh = tablet.take_up_again(draft).await;
    assert_eq!(
        fresh.view.lines, lines,
        "what is kept in memory is the same"
    );
}

#[tokio::test]
async fn a_draft_keeps_its_version_and_new_ones_begin_with_the_latest() {
    let items = json!([question("who", "text")]);
    let tablet = with(items.clone()).await;
    let mut paper = tablet.take_up(1).await;
    paper.answer("who", "田甲").await.unwrap();
    let draft = paper.draft();

    let other = json!([question("whom", "text")]);
    tablet.give(document(2, form("2", other), 2)).await;
    let tablet = tablet.restart().await;

    let listed = tablet.forms().await.forms;
    assert_eq!(listed.len(), 1, "one line a form, whatever its versions");
    assert_eq!(
        (listed[0].version.as_str(), listed[0].doc),
        ("2", Uuid::from_u128(2))
    );
    let mut old = tablet.take_up_again(draft).await;
    assert_eq!(old.view.form.version, "1");
    assert_eq!(old.value("who"), "田甲");
    old.answer("who", "田乙").await.unwrap();
    let record = old.done().await;
    let queued = testing::queued(&tablet.client).await.unwrap();
    let shared::Action::Record(filled) = &queued[0].action else {
        panic!("{queued:?}")
    };
    assert_eq!(
        (filled.form.version.as_str(), queued[0].target.id),
        ("1", record.0)
    );
}

#[tokio::test]
async fn a_version_loaded_earlier_is_not_the_latest_because_it_came_later() {
    let tablet = Tablet::of(city::worker()).await;
    tablet
        .give(document(7, form("2", json!([question("b", "text")])), 20))
        .await;
    tablet
        .give(document(8, form("1", json!([question("a", "text")])), 10))
        .await;

    assert_eq!(tablet.forms().await.forms[0].version, "2");
}

#[tokio::test]
async fn what_is_refused_says_why_and_changes_nothing() {
    let mut tablet = tablet().await;
    let mut paper = tablet.take_up(1).await;
    let draft = paper.draft();
    for (address, value) in ANSWERS {
        paper.answer(address, value).await.unwrap();
    }
    let before = paper.answers();
    let refusals = [
        ("vaccination/status", "perhaps", AnswerRefusal::NotAChoice),
        ("vaccination/occurred_on", "昨天", AnswerRefusal::NotDate),
        ("vaccination/reason_code", "age", AnswerRefusal::NotAsked),
        ("vaccination/nothing", "1", AnswerRefusal::NoSuchQuestion),
        ("vaccination", "1", AnswerRefusal::NoSuchQuestion),
    ];
    for (address, value, why) in refusals {
        let refused = paper.try_answer(address, value).await;
        assert_eq!(code(refused), Code::Answer { why }, "{address} = {value}");
    }

    assert_eq!(tablet.take_up_again(draft).await.answers(), before);
    tablet = tablet.restart().await;
    assert_eq!(tablet.take_up_again(draft).await.answers(), before);
}

#[tokio::test]
async fn an_answer_that_breaks_a_rule_is_kept_and_told_with_the_author_s_words() {
    let tablet = tablet().await;
    let mut paper = tablet.take_up(1).await;

    paper.answer("person/phone", "12345").await.unwrap();

    let phone = paper.find("person/phone").unwrap();
    assert_eq!(phone.value, "12345");
    assert_eq!(phone.wrong, Some(AnswerWrong::Constraint));
    assert_eq!(
        phone.message.as_deref(),
        Some("手机号是 11 位数字，以 1 开头。")
    );
    assert_eq!((paper.view.state.missing, paper.view.state.wrong), (2, 1));
}

#[tokio::test]
async fn two_fillings_of_one_form_know_nothing_of_each_other() {
    let tablet = tablet().await;
    let mut one = tablet.take_up(1).await;
    let mut other = tablet.take_up(1).await;

    one.answer("person/name_shown", "何田田").await.unwrap();
    other.answer("person/name_shown", "周大有").await.unwrap();
    one.answer("vaccination/status", "not_done").await.unwrap();

    assert_ne!(one.draft(), other.draft());
    assert_eq!(other.find("vaccination/status").unwrap().value, "");
    let tablet_again = &tablet;
    let again = tablet_again.take_up_again(other.draft()).await;
    assert_eq!(again.value("person/name_shown"), "周大有");
    assert_eq!(tablet.forms().await.drafts.len(), 2);
}

#[tokio::test]
async fn more_fillings_than_are_kept_in_memory_are_all_there() {
    let tablet = tablet().await;
    let mut drafts = Vec::new();
    for nth in 0..9 {
        let mut paper = tablet.take_up(1).await;
        paper
            .answer("person/name_shown", &format!("居民{nth}"))
            .await
            .unwrap();
        drafts.push(paper.draft());
    }

    for (nth, draft) in drafts.into_iter().enumerate() {
        let paper = tablet.take_up_again(draft).await;
        assert_eq!(paper.value("person/name_shown"), format!("居民{nth}"));
    }
}

#[tokio::test]
async fn an_answer_that_no_longer_fits_on_the_disk_is_told_and_the_ones_before_stay() {
    let tablet = with(json!([question("a", "text"), question("b", "text")])).await;
    let mut paper = tablet.take_up(1).await;
    let draft = paper.draft();
    paper.answer("a", "已保存").await.unwrap();

    testing::fill_disk(&tablet.client, true).await.unwrap();
    let refused = paper.try_answer("b", &"放不下".repeat(100_000)).await;

    assert_eq!(code(refused), Code::DiskFull);
    let mut again = tablet.take_up_again(draft).await;
    assert_eq!(again.answers(), [("a".to_owned(), "已保存".to_owned())]);
    testing::fill_disk(&tablet.client, false).await.unwrap();
    again.answer("b", "放下了").await.unwrap();
    let tablet = tablet.restart().await;
    assert_eq!(tablet.take_up_again(draft).await.value("b"), "放下了");
}

#[tokio::test]
async fn one_answer_among_three_hundred_instances_sends_one_line() {
    let tablet = with(json!([
        { "name": "member", "label": {"": "成员"}, "shape": "repeat", "items": [
            question("name", "text"), question("age", "integer"),
        ] },
    ]))
    .await;
    let mut paper = tablet.take_up(1).await;
    for _ in 1..300 {
        paper.add("member").await;
    }

    let change = paper.try_answer("member[150]/age", "41").await.unwrap();

    assert_eq!(change.moved, None);
    assert_eq!(
        change.changed.len(),
        2,
        "the answer, and that its instance has one"
    );
    paper.note(change);
    assert_eq!(paper.value("member[150]/age"), "41");
    let whole = tablet.take_up_again(paper.draft()).await;
    assert_eq!(whole.view.lines, paper.view.lines);
}

#[tokio::test]
async fn a_page_that_missed_something_gets_everything() {
    let tablet = tablet().await;
    let mut here = tablet.take_up(1).await;
    let mut there = tablet.take_up_again(here.draft()).await;
    there
        .answer("vaccination/status", "completed")
        .await
        .unwrap();

    here.answer("person/name_shown", "何田田").await.unwrap();

    assert_eq!(here.value("vaccination/status"), "completed");
    assert_eq!(
        here.view.lines,
        tablet.take_up_again(here.draft()).await.view.lines
    );
}

#[tokio::test]
async fn a_long_list_of_choices_is_asked_for_and_found_by_pinyin() {
    let rows: Vec<_> = (0..40)
        .map(|n| json!([format!("v{n}"), format!("{n}号楼")]))
        .collect();
    let mut rows = rows;
    rows.push(json!(["wf", "文峰社区"]));
    let mut items = form(
        "1",
        json!([{ "name": "town", "label": {"": "社区"}, "shape": "question",
        "kind": "select_one", "choices": { "list": "towns" } }]),
    );
    items["lists"] =
        json!([{ "name": "towns", "rows": { "columns": ["name", "label"], "rows": rows } }]);
    let tablet = Tablet::of(city::worker()).await;
    tablet.give(document(1, items, 1)).await;
    let mut paper = tablet.take_up(1).await;
    let offered = paper.find("town").unwrap().choices.clone().unwrap();
    assert_eq!(
        (offered.total, offered.some.len()),
        (41, 0),
        "a long list does not come along"
    );

    let find = |query: &str, from, limit| FindChoices {
        draft: paper.draft(),
        address: "town".to_owned(),
        query: query.to_owned(),
        from,
        limit,
    };
    let by_initials = tablet
        .client
        .find_choices(find("wfs", 0, 10))
        .await
        .unwrap();
    let by_words = tablet
        .client
        .find_choices(find("峰社", 0, 10))
        .await
        .unwrap();
    let window = tablet.client.find_choices(find("", 38, 2)).await.unwrap();

    assert_eq!(
        (by_initials.total, by_initials.some[0].value.as_str()),
        (1, "wf")
    );
    assert_eq!(by_words, by_initials);
    assert_eq!(window.total, 41);
    assert_eq!(
        window
            .some
            .iter()
            .map(|it| it.value.as_str())
            .collect::<Vec<_>>(),
        ["v38", "v39"]
    );
    paper.answer("town", "wf").await.unwrap();
    assert_eq!(paper.find("town").unwrap().chosen[0].label, "文峰社区");
}

#[tokio::test]
async fn a_photo_is_an_answer_once_it_is_on_the_device_and_is_not_cleared_away() {
    let tablet = with(json!([question("proof", "image")])).await;
    let mut paper = tablet.take_up(1).await;
    let stranger = Digest::from_bytes([7; 32]).to_string();
    assert_eq!(
        code(paper.try_answer("proof", &stranger).await),
        Code::PhotoFile
    );
    assert_eq!(
        code(paper.try_answer("proof", "a picture").await),
        Code::PhotoFile
    );

    let photo = tablet.hand_in(None, &jpeg(3)).await.unwrap();
    paper
        .answer("proof", &photo.digest.to_string())
        .await
        .unwrap();

    assert_eq!(paper.find("proof").unwrap().photo.as_ref(), Some(&photo));
    let draft = paper.draft();
    tablet.age_files();
    tablet.clock.turn(40 * DAY);
    testing::clear_out(&tablet.client).await.unwrap();
    tablet.client.photo_bytes(photo.digest).await.unwrap();
    tablet.client.photo_bytes(photo.thumb).await.unwrap();
    let tablet = tablet.restart().await;
    assert_eq!(
        tablet
            .take_up_again(draft)
            .await
            .find("proof")
            .unwrap()
            .photo
            .as_ref(),
        Some(&photo)
    );
}

#[tokio::test]
async fn a_form_that_can_t_be_filled_is_listed_with_the_reason() {
    let tablet = Tablet::of(city::worker()).await;
    let mut circle = form(
        "1",
        json!([
            { "name": "a", "label": {"": "a"}, "shape": "question", "kind": "integer", "calculate": "${b}" },
            { "name": "b", "label": {"": "b"}, "shape": "question", "kind": "integer", "calculate": "${a}" },
        ]),
    );
    circle["id"] = json!("circle");
    let mut newer = form("1", json!([{ "name": "a", "shape": "hologram" }]));
    newer["id"] = json!("newer");
    newer["format"] = json!(2);
    let mut odd = form("1", json!("no items"));
    odd["id"] = json!("odd");
    for (nth, it) in (1..).zip([circle, newer, odd]) {
        tablet.give(document(nth, it, 1)).await;
    }

    let listed = tablet.forms().await.forms;

    let trouble = |title: &str| {
        let row = listed.iter().find(|row| {
            row.doc
                == Uuid::from_u128(match title {
                    "circle" => 1,
                    "newer" => 2,
                    _ => 3,
                })
        });
        row.unwrap().trouble.clone().unwrap()
    };
    let FormTrouble::Broken { mistakes: 1, first } = trouble("circle") else {
        panic!("{:?}", trouble("circle"));
    };
    assert!(first.contains("circle"), "{first}");
    assert_eq!(trouble("newer"), FormTrouble::Newer);
    assert_eq!(trouble("odd"), FormTrouble::Unreadable);
    let opened = tablet
        .fill(Filling::New {
            form: Uuid::from_u128(2),
            subject: None,
            prefill: Vec::new(),
        })
        .await;
    assert_eq!(
        code(opened),
        Code::Form {
            why: FormTrouble::Newer
        }
    );
    let opened = tablet
        .fill(Filling::New {
            form: Uuid::from_u128(9),
            subject: None,
            prefill: Vec::new(),
        })
        .await;
    assert_eq!(
        code(opened),
        Code::Form {
            why: FormTrouble::Missing
        }
    );
}

#[tokio::test]
async fn what_is_known_is_filled_in_before_anybody_is_asked() {
    let tablet = tablet().await;
    let given = |address: &str, value: &str| Given {
        address: address.to_owned(),
        value: value.to_owned(),
    };
    let filling = Filling::New {
        form: Uuid::from_u128(1),
        subject: Some(shared::DocRef {
            kind: shared::Kind("resident".to_owned()),
            id: Uuid::from_u128(5),
        }),
        prefill: vec![
            given("person/name_shown", "何田田"),
            given("no/such/place", "1"),
            given("resident", "00000000-0000-0000-0000-000000000005"),
        ],
    };

    let view = tablet.fill(filling).await.unwrap();

    let draft = view.draft;
    assert_eq!(view.subject.unwrap().id, Uuid::from_u128(5));
    assert!(
        tablet.forms().await.drafts.is_empty(),
        "nothing was answered yet"
    );
    let tablet = tablet.restart().await;
    let mut paper = tablet.take_up_again(draft).await;
    assert_eq!(paper.value("person/name_shown"), "何田田");
    paper
        .answer("vaccination/status", "not_done")
        .await
        .unwrap();
    let today = tablet.client.get_today(GetToday {}).await.unwrap();
    assert_eq!(today.form_drafts.len(), 1);
    assert_eq!(today.form_drafts[0].title, "疫苗接种");
}

#[tokio::test]
async fn a_filling_in_the_bin_can_be_taken_out_as_it_was_and_goes_after_a_month() {
    let tablet = tablet().await;
    let mut paper = tablet.take_up(1).await;
    paper.answer("person/name_shown", "何田田").await.unwrap();
    let draft = paper.draft();

    tablet
        .client
        .discard_form(DiscardForm { draft })
        .await
        .unwrap();

    assert!(tablet.forms().await.drafts.is_empty());
    let opened = tablet.fill(Filling::Draft { draft }).await;
    assert_eq!(code(opened), Code::NotFound, "not even from memory");
    assert_eq!(
        code(paper.try_answer("person/name_shown", "x").await),
        Code::NotFound
    );
    tablet
        .client
        .restore_form(RestoreForm { draft })
        .await
        .unwrap();
    assert_eq!(
        tablet.take_up_again(draft).await.value("person/name_shown"),
        "何田田"
    );
    tablet
        .client
        .discard_form(DiscardForm { draft })
        .await
        .unwrap();
    tablet.clock.turn(31 * DAY);
    testing::clear_out(&tablet.client).await.unwrap();
    assert_eq!(
        code(tablet.client.restore_form(RestoreForm { draft }).await),
        Code::NotFound
    );
}

#[tokio::test]
async fn what_was_only_looked_at_is_cleared_away_and_what_was_answered_is_not() {
    let tablet = tablet().await;
    let looked_at = tablet.take_up(1).await.draft();
    let mut paper = tablet.take_up(1).await;
    paper.answer("person/name_shown", "何田田").await.unwrap();
    let answered = paper.draft();

    tablet.clock.turn(40 * DAY);
    testing::clear_out(&tablet.client).await.unwrap();
    let tablet = tablet.restart().await;

    assert_eq!(
        code(tablet.fill(Filling::Draft { draft: looked_at }).await),
        Code::NotFound
    );
    assert_eq!(
        tablet
            .take_up_again(answered)
            .await
            .value("person/name_shown"),
        "何田田"
    );
}

#[tokio::test]
async fn the_language_is_changed_in_the_middle_and_kept() {
    let tablet = tablet().await;
    let mut paper = tablet.take_up(1).await;
    paper
        .answer("vaccination/status", "completed")
        .await
        .unwrap();
    let draft = paper.draft();
    assert_eq!(paper.view.languages, ["中文 (zh)", "English (en)"]);
    let set = SetForm {
        draft,
        shown: paper.view.state.shown,
        language: Some("English (en)".to_owned()),
        grid: None,
        guardian: None,
        leave_out: None,
    };

    let change = tablet.client.set_form(set).await.unwrap();

    paper.note(change);
    assert_eq!(paper.view.lines[0].label, "The person");
    assert_eq!(paper.value("vaccination/status"), "completed");
    let lines = paper.view.lines;
    let tablet = tablet.restart().await;
    let again = tablet.take_up_again(draft).await;
    assert_eq!(again.view.lines, lines);
    assert_eq!(again.view.state.language, "English (en)");
}

#[tokio::test]
async fn what_the_world_is_asked_for_is_this_device_person_and_place_s_time() {
    let tablet = with(json!([
        { "name": "who", "label": {"": "who"}, "shape": "question", "kind": "text",
          "default": "concat(${user}, ' ', format-date-time(now(), '%H:%M'))" },
        question("user", "username"),
        { "name": "code", "label": {"": "code"}, "shape": "question", "kind": "text", "calculate": "once(uuid())" },
        { "name": "other", "label": {"": "other"}, "shape": "question", "kind": "text", "calculate": "once(uuid())" },
    ]))
    .await;

    let paper = tablet.take_up(1).await;

    assert_eq!(
        paper.value("who"),
        "林小满 10:00",
        "ten in the morning in China"
    );
    let codes = (
        paper.value("code").to_owned(),
        paper.value("other").to_owned(),
    );
    assert_ne!(codes.0, codes.1);
    assert_eq!(Uuid::parse_str(&codes.0).unwrap().get_version_num(), 4);
    let draft = paper.draft();
    let tablet = tablet.restart().await;
    assert_eq!(tablet.take_up_again(draft).await.value("code"), codes.0);
}

#[tokio::test]
async fn instances_say_whether_taking_them_away_takes_answers() {
    let tablet = with(json!([
        { "name": "member", "label": {"": "成员"}, "shape": "repeat", "items": [
            question("name", "text"),
            { "name": "pets", "label": {"": "宠物"}, "shape": "repeat", "items": [question("kind", "text")] },
        ] },
    ]))
    .await;
    let mut paper = tablet.take_up(1).await;
    paper.add("member").await;
    paper.answer("member[2]/pets[1]/kind", "猫").await.unwrap();

    let said: Vec<_> = paper
        .view
        .lines
        .iter()
        .filter_map(|line| match line.what {
            FormLineKind::Instance {
                is_open, answered, ..
            } => Some((line.address.as_str(), is_open, answered)),
            _ => None,
        })
        .collect();

    assert_eq!(
        said,
        [
            ("member[1]", true, 0),
            ("member[1]/pets[1]", true, 0),
            ("member[2]", true, 1),
            ("member[2]/pets[1]", true, 1),
        ]
    );
}
