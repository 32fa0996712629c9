//! What was filled in: it becomes a record once, goes to the hub, is seen, and is corrected by
//! another.

use client::testing;
use serde_json::json;
use shared::{
    Action, Doc, Op, Outcome, Scope,
    apply::{Quarantine, Stamp, apply},
    ipc::{
        AnswerWrong, Code, Delivery, DeliveryOf, Filling, FormFinish, FormTrouble, GetDelivery,
        GetToday, Stuck,
    },
    record::Filled,
};

use super::{
    city,
    paper::{Paper, document, form, question, shipped},
    tablet::{HOUR, Tablet, code, jpeg},
};

async fn with(items: serde_json::Value) -> Tablet {
    let tablet = Tablet::of(city::worker()).await;
    tablet.give(document(1, form("1", items), 1)).await;
    tablet
}

/// The vaccination form filled in, with the photo of a document.
async fn vaccinated(tablet: &Tablet) -> Paper<'_> {
    let mut paper = tablet.take_up(1).await;
    for (address, value) in [
        ("person/name_shown", "何田田"),
        ("vaccination/status", "completed"),
        ("vaccination/dose_no", "2"),
        ("vaccination/occurred_on", "2026-09-01"),
        ("reported_by", "document"),
    ] {
        paper.answer(address, value).await.unwrap();
    }
    let photo = tablet.hand_in(None, &jpeg(3)).await.unwrap();
    let digest = photo.digest.to_string();
    paper.answer("evidence", &digest).await.unwrap();
    paper
}

async fn queued(tablet: &Tablet) -> Vec<Op> {
    testing::queued(&tablet.client).await.unwrap()
}

fn filled(op: &Op) -> &Filled {
    match &op.action {
        Action::Record(filled) => filled,
        other => panic!("{other:?}"),
    }
}

async fn ledger(tablet: &Tablet) -> Delivery {
    tablet.client.get_delivery(GetDelivery {}).await.unwrap()
}

/// What the hub would say of an operation.
fn as_the_hub_has_it(op: &Op) -> Doc {
    apply(None, op, &Stamp::Device).doc.unwrap()
}

#[tokio::test]
async fn what_is_finished_becomes_one_operation_with_all_answers_and_photos() {
    let tablet = Tablet::of(city::worker()).await;
    tablet.give(shipped("vaccination")).await;
    let paper = vaccinated(&tablet).await;
    let draft = paper.draft();
    tablet.clock.turn(HOUR);

    let record = paper.done().await;

    let ops = queued(&tablet).await;
    assert_eq!(ops.len(), 1);
    let filled = filled(&ops[0]);
    assert_eq!(ops[0].target.id, record.0);
    assert_eq!(ops[0].scope, Scope::grid(&city::HOME.into()));
    assert_eq!(filled.grid.as_str(), city::HOME);
    assert_eq!(filled.form.id, "vaccination");
    assert_eq!(filled.finished_at.since_ms(filled.begun_at), HOUR);
    assert_eq!(filled.name, "何田田 2026-09-25");
    let said: Vec<_> = filled
        .values
        .iter()
        .map(|given| (given.address.as_str(), given.value.as_str()))
        .collect();
    assert_eq!(
        said,
        [
            ("person/name_shown", "何田田"),
            ("vaccination/status", "completed"),
            ("vaccination/dose_no", "2"),
            ("vaccination/occurred_on", "2026-09-01"),
            ("reported_by", "document"),
            ("evidence", filled.photos[0].digest.to_string().as_str()),
        ]
    );
    assert_eq!(filled.photos.len(), 1);
    assert!(tablet.forms().await.drafts.is_empty());
    assert_eq!(
        code(tablet.fill(Filling::Draft { draft }).await),
        Code::NotFound
    );
}

#[tokio::test]
async fn a_record_is_seen_at_once_in_the_words_of_its_form() {
    let tablet = Tablet::of(city::worker()).await;
    tablet.give(shipped("vaccination")).await;

    let id = vaccinated(&tablet).await.done().await;

    let page = tablet.records().await;
    assert_eq!(page.total, 1);
    let row = &page.rows[0];
    assert_eq!(
        (row.title.as_str(), row.name.as_str()),
        ("疫苗接种", "何田田 2026-09-25")
    );
    assert_eq!(
        (row.by.as_str(), row.by_en.as_str()),
        ("林小满", "Lin Xiaoman")
    );
    assert!(!row.marks.unwrap().at_hub);
    let record = tablet.record(id).await;
    let said: Vec<_> = record
        .lines
        .iter()
        .map(|line| (line.depth, line.label.as_str(), line.answer.as_deref()))
        .collect();
    let digest = record
        .lines
        .last()
        .unwrap()
        .photo
        .as_ref()
        .unwrap()
        .digest
        .to_string();
    assert_eq!(
        said,
        [
            (0, "本人", None),
            (1, "姓名", Some("何田田")),
            (0, "接种情况", None),
            (1, "接种状态", Some("已接种")),
            (1, "剂次", Some("第二剂")),
            (1, "接种日期", Some("2026-09-01")),
            (0, "由谁告知", Some("凭证")),
            (0, "凭证照片", Some(digest.as_str())),
        ]
    );
    assert!(record.may_correct);
}

#[tokio::test]
async fn a_record_says_next_year_what_it_says_today() {
    let mut asked = question("asked", "text");
    asked["relevant"] = json!("today() < '2027-01-01'");
    let mut computed = question("computed", "text");
    computed["calculate"] = json!("if(today() < '2027-01-01', 'this year', 'later')");
    let tablet = with(json!([asked, computed])).await;
    let mut paper = tablet.take_up(1).await;
    paper.answer("asked", "三口人").await.unwrap();
    let id = paper.done().await;

    tablet.clock.turn(400 * 24 * HOUR);
    let tablet = tablet.restart().await;

    let record = tablet.record(id).await;
    let said: Vec<_> = record
        .lines
        .iter()
        .filter_map(|it| it.answer.as_deref())
        .collect();
    assert_eq!(said, ["三口人", "this year"]);
}

#[tokio::test]
async fn finishing_twice_is_finishing_once() {
    let tablet = with(json!([question("a", "text")])).await;
    let mut paper = tablet.take_up(1).await;
    paper.answer("a", "1").await.unwrap();

    let first = paper.finish().await.unwrap();
    let second = paper.finish().await.unwrap();

    assert_eq!(first, second);
    assert_eq!(queued(&tablet).await.len(), 1);
}

#[tokio::test]
async fn what_keeps_it_from_being_finished_is_told_by_address_and_nothing_is_queued() {
    let tablet = Tablet::of(city::worker()).await;
    tablet.give(shipped("vaccination")).await;
    let mut paper = tablet.take_up(1).await;
    paper.answer("person/phone", "12345").await.unwrap();

    let FormFinish::Lacking { lacks } = paper.finish().await.unwrap() else {
        panic!("it lacks a name");
    };

    let said: Vec<_> = lacks
        .iter()
        .map(|lack| (lack.address.as_str(), lack.wrong, lack.message.as_deref()))
        .collect();
    assert_eq!(
        said,
        [
            (
                "person/name_shown",
                AnswerWrong::Missing,
                Some("请写姓名。")
            ),
            (
                "person/phone",
                AnswerWrong::Constraint,
                Some("手机号是 11 位数字，以 1 开头。")
            ),
            (
                "vaccination/status",
                AnswerWrong::Missing,
                Some("请选接种状态。")
            ),
        ]
    );
    assert!(queued(&tablet).await.is_empty());
    assert_eq!(
        tablet
            .take_up_again(paper.draft())
            .await
            .value("person/phone"),
        "12345"
    );
}

#[tokio::test]
async fn a_question_that_this_app_can_t_ask_keeps_nobody_from_finishing() {
    let mut line = question("track", "geotrace");
    line["required"] = json!("true()");
    let tablet = with(json!([question("a", "text"), line])).await;
    let mut paper = tablet.take_up(1).await;
    paper.answer("a", "1").await.unwrap();

    assert_eq!(paper.view.state.missing, 0);
    paper.done().await;
}

#[tokio::test]
async fn on_a_full_disk_the_filling_stays_and_can_be_finished_later() {
    let tablet = with(json!([question("a", "text")])).await;
    let mut paper = tablet.take_up(1).await;
    paper.answer("a", &"长".repeat(4_900)).await.unwrap();
    let draft = paper.draft();

    testing::fill_disk(&tablet.client, true).await.unwrap();
    let mut refused = paper.finish().await;
    // What the last few pages still had room for is used up first.
    let mut sent = 0;
    let mut last = draft;
    while refused.is_ok() {
        sent += 1;
        testing::fill_disk(&tablet.client, false).await.unwrap();
        let mut next = tablet.take_up(1).await;
        next.answer("a", &"长".repeat(4_900)).await.unwrap();
        last = next.draft();
        testing::fill_disk(&tablet.client, true).await.unwrap();
        refused = next.finish().await;
    }

    assert_eq!(code(refused), Code::DiskFull);
    assert_eq!(queued(&tablet).await.len(), sent);
    assert_eq!(tablet.records().await.total as usize, sent);
    testing::fill_disk(&tablet.client, false).await.unwrap();
    let tablet = tablet.restart().await;
    let again = tablet.take_up_again(last).await;
    assert_eq!(again.value("a").chars().count(), 4_900);
    again.done().await;
    assert_eq!(queued(&tablet).await.len(), sent + 1);
}

#[tokio::test]
async fn what_is_more_than_a_hub_takes_is_told_before_it_is_sent() {
    let items: Vec<_> = (0..60)
        .map(|n| question(&format!("q{n}"), "text"))
        .collect();
    let tablet = with(json!(items)).await;
    let mut paper = tablet.take_up(1).await;
    paper.answer("q0", &"长".repeat(5_001)).await.unwrap();
    assert_eq!(code(paper.finish().await), Code::TextTooLong);
    for nth in 0..60 {
        paper
            .answer(&format!("q{nth}"), &"长".repeat(1_400))
            .await
            .unwrap();
    }

    assert_eq!(code(paper.finish().await), Code::FormTooLarge);

    for nth in 0..20 {
        paper.answer(&format!("q{nth}"), "").await.unwrap();
    }
    paper.done().await;
}

#[tokio::test]
async fn the_ledger_tells_how_far_a_record_and_its_photos_have_travelled() {
    let tablet = Tablet::of(city::worker()).await;
    tablet.give(shipped("vaccination")).await;
    let id = vaccinated(&tablet).await.done().await;

    let before = ledger(&tablet).await;
    let today = tablet.client.get_today(GetToday {}).await.unwrap();
    assert_eq!((before.unfinished, today.unfinished), (1, 1));
    let item = &before.items[0];
    assert!(
        matches!(&item.what, DeliveryOf::Record { record, title, name, .. }
            if *record == id && title == "疫苗接种" && name == "何田田 2026-09-25"),
        "{item:?}"
    );
    assert_eq!(
        (
            item.marks.at_hub,
            item.marks.photos,
            item.marks.photos_at_hub
        ),
        (false, 1, 0)
    );
    assert!(item.bytes_left > 0);

    testing::confirm_all(&tablet.client, Outcome::Applied)
        .await
        .unwrap();

    let after = ledger(&tablet).await;
    assert!(after.items[0].marks.at_hub);
    assert!(
        !after.items[0].marks.complete(),
        "its photo is still here alone"
    );
}

#[tokio::test]
async fn a_record_that_the_hub_keeps_aside_stays_to_be_seen_with_the_reason() {
    let tablet = with(json!([question("a", "text")])).await;
    let mut paper = tablet.take_up(1).await;
    paper.answer("a", "1").await.unwrap();
    paper.done().await;

    let why = Quarantine::NotYourScope;
    testing::confirm_all(&tablet.client, Outcome::Quarantined { why })
        .await
        .unwrap();

    assert_eq!(
        ledger(&tablet).await.items[0].stuck,
        Some(Stuck::Quarantined { why })
    );
    assert_eq!(tablet.records().await.total, 1);
}

#[tokio::test]
async fn a_colleague_s_record_is_seen_and_goes_when_the_hub_takes_it_back() {
    let tablet = with(json!([question("a", "text")])).await;
    let mut paper = tablet.take_up(1).await;
    paper.answer("a", "他家三口人").await.unwrap();
    let id = paper.done().await;
    let doc = as_the_hub_has_it(&queued(&tablet).await[0]);
    let colleague = Tablet::of(city::colleague()).await;

    testing::pull(
        &colleague.client,
        Scope::grid(&city::HOME.into()),
        doc.clone(),
    )
    .await
    .unwrap();

    let bare = colleague.record(id).await;
    assert_eq!(
        bare.trouble,
        Some(FormTrouble::Missing),
        "the form has not come yet"
    );
    assert_eq!(bare.lines[0].answer.as_deref(), Some("他家三口人"));
    assert!(!bare.may_correct);
    colleague
        .give(document(1, form("1", json!([question("a", "text")])), 1))
        .await;
    let whole = colleague.record(id).await;
    assert_eq!(
        (whole.trouble, whole.row.by.as_str(), whole.row.marks),
        (None, "林小满", None)
    );
    let mut unreadable = doc;
    unreadable.body = json!("nothing");
    testing::pull(
        &colleague.client,
        Scope::grid(&city::HOME.into()),
        unreadable,
    )
    .await
    .unwrap();
    assert_eq!(colleague.records().await.total, 0);
}

#[tokio::test]
async fn a_correction_begins_as_the_record_stands_and_takes_its_place() {
    let tablet = with(json!([
        { "name": "member", "label": {"": "成员"}, "shape": "repeat", "items": [
            question("name", "text"), question("photo", "image"),
        ] },
    ]))
    .await;
    let mut paper = tablet.take_up(1).await;
    paper.add("member").await;
    paper.add("member").await;
    paper.answer("member[1]/name", "何田田").await.unwrap();
    paper.remove("member[2]").await;
    paper.answer("member[3]/name", "何小禾").await.unwrap();
    let photo = tablet.hand_in(None, &jpeg(5)).await.unwrap();
    let digest = photo.digest.to_string();
    paper.answer("member[3]/photo", &digest).await.unwrap();
    let first = paper.done().await;
    let doc = as_the_hub_has_it(&queued(&tablet).await[0]);
    // Whoever corrects it has neither taken its photo nor filled it in.
    let colleague = Tablet::of(city::colleague()).await;
    colleague
        .give(document(
            1,
            form(
                "1",
                json!([
                    { "name": "member", "label": {"": "成员"}, "shape": "repeat", "items": [
                        question("name", "text"), question("photo", "image"),
                    ] },
                ]),
            ),
            1,
        ))
        .await;
    testing::pull(&colleague.client, Scope::grid(&city::HOME.into()), doc)
        .await
        .unwrap();

    let view = colleague
        .fill(Filling::Correction { record: first })
        .await
        .unwrap();
    let draft = view.draft;
    let colleague = colleague.restart().await;
    let mut paper = colleague.take_up_again(draft).await;
    assert_eq!(paper.view.replaces, Some(first));
    assert_eq!(
        paper.find("member[3]/photo").unwrap().photo.as_ref(),
        Some(&photo)
    );
    paper.answer("member[1]/name", "何甜甜").await.unwrap();
    let second = paper.done().await;

    let ops = queued(&colleague).await;
    assert_eq!(filled(&ops[0]).replaces, Some(first));
    assert_eq!(filled(&ops[0]).photos, [photo]);
    let ledger = ledger(&colleague).await;
    assert_eq!(ledger.items[0].marks.photos, 0, "its taker delivers it");
    assert_eq!(ledger.status.photos_waiting, 0);
    let old = colleague.record(first).await;
    assert_eq!(
        (old.row.is_replaced, old.replaced_by, old.may_correct),
        (true, vec![second], false)
    );
    let new = colleague.record(second).await;
    assert_eq!(new.replaces, Some(first));
    let names: Vec<_> = new
        .lines
        .iter()
        .filter_map(|line| line.answer.as_deref())
        .collect();
    assert_eq!(names, ["何甜甜", "何小禾", digest.as_str()]);
}

#[tokio::test]
async fn the_next_filling_knows_what_the_last_one_said() {
    let mut town = question("town", "text");
    town["default"] = json!("${last-saved#town}");
    let tablet = with(json!([town])).await;
    let mut paper = tablet.take_up(1).await;
    assert_eq!(paper.value("town"), "");
    paper.answer("town", "文峰").await.unwrap();
    paper.done().await;
    let tablet = tablet.restart().await;

    assert_eq!(tablet.take_up(1).await.value("town"), "文峰");
}

#[tokio::test]
async fn without_a_grid_it_can_be_filled_but_not_filed() {
    let nobody = shared::hub_api::StaffCard {
        grids: Vec::new(),
        permissions: [].into(),
        ..city::worker()
    };
    let tablet = Tablet::of(nobody).await;
    tablet
        .give(document(1, form("1", json!([question("a", "text")])), 1))
        .await;
    let mut paper = tablet.take_up(1).await;
    paper.answer("a", "1").await.unwrap();

    assert_eq!(code(paper.finish().await), Code::NoGrid);

    assert_eq!(tablet.take_up_again(paper.draft()).await.value("a"), "1");
}
