//! Words people entered, and where they got lost.

use crate::cases::incompressible;
use client::testing;
use scenarios::world::{Device, Fault, VACCINATION, World};
use shared::{
    CaseId, StaffId,
    ipc::{Code, Filling, ListForms, OpenDraft, OpenForm, ReportDraft},
};

async fn words_of(device: &Device, case: CaseId) -> String {
    format!("{:?}", device.sees(case).await.unwrap().timeline)
}

/// I1: edits were saved, but not recorded as unsent; the next pull wrote over a day's work.
#[tokio::test]
async fn a_pull_does_not_write_over_a_days_work_that_was_not_sent() {
    let world = World::new().await.unwrap();
    let mut worker = world.device("w-0101").await.unwrap();
    let clerk = world.device("c-01").await.unwrap();
    let case = worker.reports("早上", &[]).await.unwrap();
    worker.syncs_until_delivered(3).await.unwrap();
    worker.goes_offline();
    for n in 1..=5 {
        let words = format!("第{n}次 {}", incompressible(n, 4_500));
        worker.supplements(case, &words).await.unwrap();
    }
    worker.restarts().await;
    clerk.syncs().await.unwrap();
    clerk.registers(case).await.unwrap();
    clerk.syncs_until_delivered(3).await.unwrap();

    // All comes down, and nothing so large can go up.
    worker.link().set(Fault::CutUpAfter(4_000));
    let round = worker.syncs().await.unwrap();

    assert!(round.docs_pulled > 0, "{round:?}");
    let words = words_of(&worker, case).await;
    assert!(words.contains("Register"), "the clerk's answer came");
    for n in 1..=5 {
        assert!(words.contains(&format!("第{n}次")), "{n} is still here");
    }
    let unsent = worker.delivery().await.unwrap().status.ops_waiting;
    assert_eq!(unsent, 5, "and told as unsent");
    worker.goes_online();
    worker.syncs_until_delivered(3).await.unwrap();
    clerk.syncs().await.unwrap();
    let words = words_of(&clerk, case).await;
    assert!((1..=5).all(|n| words.contains(&format!("第{n}次"))));
}

/// I2: changes carried the id of the project that was open before.
#[tokio::test]
async fn a_tablet_handed_on_in_the_middle_of_work_does_not_send_it_under_another_name() {
    let world = World::new().await.unwrap();
    let worker = world.device("w-0101").await.unwrap();
    let case = worker.reports("没送出的", &[]).await.unwrap();
    let other = world.hub().enrol(StaffId::from("w-0102")).await.unwrap();

    let refused = worker.enrols_again(&other.code).await;

    assert!(refused.is_err(), "its identity is the first one's");
    worker.syncs_until_delivered(3).await.unwrap();
    assert!(words_of(&worker, case).await.contains("w-0101"));
    assert!(world.hub().quarantine().await.unwrap().is_empty());
}

/// I20: what one person was writing was seen by whoever logged in next.
#[tokio::test]
async fn a_tablet_that_is_handed_on_shows_nobody_what_somebody_else_was_writing() {
    let world = World::new().await.unwrap();
    world.loads_form(VACCINATION, "vaccination").await.unwrap();
    let tablet = world.device("w-0101").await.unwrap();
    tablet.syncs().await.unwrap();
    tablet.reports("已送出的", &[]).await.unwrap();
    tablet.syncs_until_delivered(3).await.unwrap();
    let report = tablet.drafts("没写完的", &[]).await.unwrap();
    let view = tablet.begins_form().await.unwrap();
    let name = [("person/name_shown", "何田田")];
    tablet.answers(&view, &name).await.unwrap();
    let form = view.draft;

    let next = world.hub().enrol(StaffId::from("w-0102")).await.unwrap();
    tablet.enrols_again(&next.code).await.unwrap();

    let today = tablet.today().await.unwrap();
    assert!(today.drafts.is_empty() && today.form_drafts.is_empty());
    let listed = tablet.client().list_forms(ListForms {}).await.unwrap();
    assert!(listed.drafts.is_empty(), "{listed:?}");
    let opened = OpenDraft {
        draft: Some(report),
    };
    let opened = tablet.client().open_draft(opened).await;
    assert_eq!(opened.unwrap_err().code, Code::NotFound);
    let filling = Filling::Draft { draft: form };
    let opened = tablet.client().open_form(OpenForm { filling }).await;
    assert_eq!(opened.unwrap_err().code, Code::NotFound);
    let sent = tablet.client().report_draft(ReportDraft { draft: report });
    assert_eq!(sent.await.unwrap_err().code, Code::NotFound);
    // What the first person sent is known to the hub, whichever identity sends it again.
    tablet.syncs_until_delivered(3).await.unwrap();
    assert_eq!(tablet.lists().await.unwrap().rows, []);
    let traces = testing::tables_with(tablet.client(), "已送出的");
    assert_eq!(traces.await.unwrap(), ["outbox.op"]);
    assert!(world.hub().quarantine().await.unwrap().is_empty());

    let back = world.hub().enrol(StaffId::from("w-0101")).await.unwrap();
    tablet.enrols_again(&back.code).await.unwrap();

    let today = tablet.today().await.unwrap();
    let ids: Vec<_> = today.drafts.iter().map(|it| it.id).collect();
    assert_eq!(ids, [report]);
    let ids: Vec<_> = today.form_drafts.iter().map(|it| it.id).collect();
    assert_eq!(ids, [form]);
}

/// I11: what was saved of one form was loaded in another.
#[tokio::test]
async fn two_unfinished_reports_are_not_mixed_up_after_a_power_cut() {
    let world = World::new().await.unwrap();
    let mut worker = world.device("w-0101").await.unwrap();
    let drafts = [
        worker.drafts("路灯不亮", &[]).await.unwrap(),
        worker.drafts("井盖缺失", &[]).await.unwrap(),
    ];

    worker.restarts().await;

    for (id, words) in drafts.into_iter().zip(["路灯不亮", "井盖缺失"]) {
        let draft = OpenDraft { draft: Some(id) };
        let opened = worker.client().open_draft(draft).await.unwrap();
        assert_eq!((opened.id, opened.description.as_str()), (id, words));
    }
}

/// I14: sending broke off, the person went on editing, and the server refused for ever: same id,
/// other content.
#[tokio::test]
async fn words_added_while_a_report_is_on_its_way_are_not_refused_for_ever() {
    let world = World::new().await.unwrap();
    let worker = world.device("w-0101").await.unwrap();
    let case = worker.reports("第一稿", &[]).await.unwrap();
    worker.link().set(Fault::LoseAnswersTo("/sync/v1/push"));
    worker.syncs().await.unwrap();
    worker.supplements(case, "第二稿").await.unwrap();
    worker.syncs().await.unwrap();
    worker.supplements(case, "第三稿").await.unwrap();

    worker.goes_online();
    worker.syncs_until_delivered(3).await.unwrap();

    let clerk = world.device("c-01").await.unwrap();
    let seen = clerk.sees(case).await.unwrap();
    assert_eq!(seen.timeline.len(), 3, "each once: {:?}", seen.timeline);
    assert!(world.hub().quarantine().await.unwrap().is_empty());
}
