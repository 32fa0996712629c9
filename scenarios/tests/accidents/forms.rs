//! Forms that were filled in and lost before they were sent.

use client::testing;
use scenarios::{
    workbook::{Rows, workbook},
    world::{Device, VACCINATED, VACCINATION, World, street_photo},
};
use shared::{
    StaffId,
    ipc::{Code, DiscardDraft, DiscardForm, Filling, FormLineKind, FormView},
};

const HOUSEHOLD: &[(&str, Rows<'_>)] = &[
    (
        "survey",
        &[
            &["type", "name", "label"],
            &["begin repeat", "person", "同住的人"],
            &["text", "name", "姓名"],
            &["integer", "age", "年龄"],
            &["end repeat", "", ""],
        ],
    ),
    (
        "settings",
        &[
            &["form_title", "form_id", "version"],
            &["同住的人", "household", "1"],
        ],
    ),
];

/// The answers on the page, by address.
fn answered(view: &FormView) -> Vec<(String, String)> {
    let lines = view.lines.iter();
    let questions = lines.filter_map(|line| match &line.what {
        FormLineKind::Question(asked) if !asked.value.is_empty() => {
            Some((line.address.clone(), asked.value.clone()))
        }
        _ => None,
    });
    questions.collect()
}

/// I22: a crash lost up to fifteen entries of a repeat.
#[tokio::test(flavor = "multi_thread")]
async fn power_that_goes_between_any_two_of_fifteen_entries_loses_none() {
    let world = World::new().await.unwrap();
    let book = workbook(HOUSEHOLD).unwrap();
    world.loads_form(&book, "household").await.unwrap();
    let mut worker = world.device("w-0101").await.unwrap();
    worker.goes_offline();
    let view = worker.begins_form().await.unwrap();
    let draft = view.draft;
    let mut given = Vec::new();
    for nth in 1..=15 {
        if nth > 1 {
            worker.adds_to(&view, "person").await.unwrap();
        }
        for (question, value) in [("name", format!("第{nth}人")), ("age", nth.to_string())] {
            let address = format!("person[{nth}]/{question}");
            let answer = [(address.as_str(), value.as_str())];
            worker.answers(&view, &answer).await.unwrap();
            given.push((address, value));

            worker.dies().await.unwrap();

            let today = worker.today().await.unwrap();
            assert_eq!(today.form_drafts.len(), 1, "it is offered");
            let again = worker.takes_up(Filling::Draft { draft }).await.unwrap();
            assert_eq!(answered(&again), given, "all of it, nothing else");
        }
    }
    let record = worker.finishes(view).await.unwrap();
    worker.dies().await.unwrap();
    worker.goes_online();
    worker.syncs_until_delivered(3).await.unwrap();

    let clerk = world.device("c-01").await.unwrap();
    let lines = clerk.reads(record).await.unwrap().lines;
    let said = lines.iter().filter(|line| line.answer.is_some()).count();
    assert_eq!(said, 30, "and the clerk reads all of it");
}

/// I11: what was saved of one form was loaded in another, and not where the person had stopped.
#[tokio::test]
async fn two_forms_begun_side_by_side_are_offered_as_what_they_are_after_the_power_went() {
    let world = World::new().await.unwrap();
    world.loads_form(VACCINATION, "vaccination").await.unwrap();
    let mut worker = world.device("w-0101").await.unwrap();
    let mut begun = Vec::new();
    for name in ["何田田", "许之远"] {
        let view = worker.begins_form().await.unwrap();
        let answer = [("person/name_shown", name)];
        worker.answers(&view, &answer).await.unwrap();
        begun.push((view.draft, name));
    }

    worker.dies().await.unwrap();

    let offered = worker.today().await.unwrap().form_drafts;
    assert_eq!(offered.len(), 2);
    for (draft, name) in begun {
        let row = offered.iter().find(|row| row.id == draft).unwrap();
        assert_eq!(row.title, "疫苗接种", "the list says what it is");
        let view = worker.takes_up(Filling::Draft { draft }).await.unwrap();
        let said = ("person/name_shown".to_owned(), name.to_owned());
        assert!(answered(&view).contains(&said), "{view:?}");
    }
}

/// Everything in the app that throws something away.
async fn throws_away_what_it_can(device: &Device, of: &[shared::DraftId]) {
    for draft in of {
        let draft = *draft;
        let form = device.client().discard_form(DiscardForm { draft }).await;
        assert_eq!(form.unwrap_err().code, Code::NotFound, "it was finished");
        let report = device.client().discard_draft(DiscardDraft { draft }).await;
        assert_eq!(report.unwrap_err().code, Code::NotFound, "it was sent");
    }
    testing::make_room_within(device.client(), 0).await.unwrap();
    testing::clear_out(device.client()).await.unwrap();
}

/// I19: what was finished and not sent could be deleted, by a reset or in a list of what was saved.
#[tokio::test(flavor = "multi_thread")]
async fn what_is_finished_and_not_sent_can_not_be_thrown_away_by_any_way_the_app_has() {
    let world = World::new().await.unwrap();
    world.loads_form(VACCINATION, "vaccination").await.unwrap();
    let mut worker = world.device("w-0101").await.unwrap();
    worker.goes_offline();
    let photo = street_photo(19, 320, 240);
    let draft = worker.drafts("没送出", &[photo]).await.unwrap();
    let report = shared::ipc::ReportDraft { draft };
    let case = worker.client().report_draft(report).await.unwrap().case;
    let view = worker.begins_form().await.unwrap();
    let form = view.draft;
    worker.answers(&view, &VACCINATED).await.unwrap();
    let record = worker.finishes(view).await.unwrap();

    throws_away_what_it_can(&worker, &[draft, form]).await;
    world.minutes_pass(400 * 24 * 60);
    throws_away_what_it_can(&worker, &[draft, form]).await;
    worker.withdraws(case).await.unwrap();
    let next = world.hub().enrol(StaffId::from("w-0102")).await.unwrap();
    worker.goes_online();
    let handed_on = worker.enrols_again(&next.code).await;
    assert!(handed_on.is_err(), "not before it is delivered");
    worker.goes_offline();
    worker.restarts().await;

    let waiting = worker.delivery().await.unwrap();
    assert_eq!(waiting.status.ops_waiting, 3, "report, record, withdrawal");
    assert!(waiting.status.photos_waiting > 0);
    worker.goes_online();
    worker.syncs_until_delivered(5).await.unwrap();
    let clerk = world.device("c-01").await.unwrap();
    let seen = clerk.sees(case).await.unwrap();
    assert_eq!(
        seen.timeline.len(),
        2,
        "the report, and that it was withdrawn"
    );
    assert!(world.photo_at_hub(seen.photos[0].photo.digest).is_some());
    assert_eq!(clerk.reads(record).await.unwrap().row.title, "疫苗接种");
}
