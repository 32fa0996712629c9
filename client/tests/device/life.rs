//! What may be done with a case, by whom, and what becomes of it.

use client::testing;
use serde_json::json;
use shared::{
    Digest, DocRef, Outcome, Scope,
    case::{State, Void},
    ipc::{
        AcknowledgeCase, CaseAction, Code, GetDelivery, GetToday, Happening, Link, RegisterCase,
        RejectCase, SelfHandleCase, Stuck, SupplementCase, WithdrawCase,
    },
};

use super::{
    city,
    tablet::{HOUR, Tablet, code, jpeg},
};

#[tokio::test]
async fn withdrawing_needs_a_reason() {
    let tablet = Tablet::of(city::worker()).await;
    let case = tablet.report("E01", "路面破了").await;
    let withdraw = |reason: &str| {
        tablet.client.withdraw_case(WithdrawCase {
            case,
            reason: reason.to_owned(),
        })
    };

    let refused = withdraw("  ").await;
    withdraw("已有人修").await.unwrap();

    assert_eq!(
        code(refused),
        Code::Rejected {
            why: Void::NoReason
        }
    );
    let view = tablet.case(case).await;
    assert_eq!(view.row.state, State::Withdrawn);
    assert_eq!(view.timeline.last().unwrap().text, "已有人修");
    assert!(
        view.timeline.iter().all(|entry| entry.pending),
        "the hub knows nothing of it yet"
    );
}

#[tokio::test]
async fn handling_on_the_spot_later_needs_a_note_or_a_photo_and_a_fitting_category() {
    let tablet = Tablet::of(city::worker()).await;
    let fixed = tablet.report("E01", "路面破了").await;
    let litter = tablet.report("E02", "一袋垃圾").await;
    let photo = tablet.hand_in(None, &jpeg(5)).await.unwrap();
    let handle = |case, note: &str, photos| {
        let args = SelfHandleCase {
            case,
            note: note.to_owned(),
            photos,
        };
        tablet.client.self_handle_case(args)
    };

    assert_eq!(
        code(handle(fixed, "补上了", vec![]).await),
        Code::NotSelfHandled
    );
    let nothing = handle(litter, "", vec![]).await;
    assert_eq!(
        code(nothing),
        Code::Rejected {
            why: Void::NothingAdded
        }
    );
    handle(litter, "", vec![photo]).await.unwrap();

    assert_eq!(tablet.case(litter).await.row.state, State::Closed);
    assert!(
        !tablet
            .case(fixed)
            .await
            .actions
            .contains(&CaseAction::SelfHandle)
    );
}

#[tokio::test]
async fn a_supplement_with_a_photo_nobody_prepared_is_refused() {
    let tablet = Tablet::of(city::worker()).await;
    let case = tablet.report("E01", "路面破了").await;
    let mut photo = tablet.hand_in(None, &jpeg(5)).await.unwrap();
    photo.digest = Digest::from_bytes([9; 32]);

    let args = SupplementCase {
        case,
        note: String::new(),
        photos: vec![photo],
        plus_one: false,
    };
    let refused = tablet.client.supplement_case(args).await;

    assert_eq!(code(refused), Code::PhotoFile);
    assert_eq!(
        testing::queued(&tablet.client).await.unwrap().len(),
        1,
        "only the report"
    );
}

#[tokio::test]
async fn a_clerk_registers_only_while_the_hub_is_reached() {
    let worker = Tablet::of(city::worker()).await;
    let case = worker.report("E01", "路面破了").await;
    let desk = Tablet::of(city::clerk()).await;
    desk.pull_case(&worker, case).await;
    let register = || {
        desk.client.register_case(RegisterCase {
            case,
            category: "E01".into(),
            condition: "1".to_owned(),
            opinion: String::new(),
        })
    };

    testing::set_link(&desk.client, Link::Offline);
    let offline = register().await;
    assert_eq!(code(offline), Code::NeedsHub);
    assert!(
        testing::queued(&desk.client).await.unwrap().is_empty(),
        "nothing is queued"
    );

    testing::set_link(&desk.client, Link::Up);
    register().await.unwrap();

    let view = desk.case(case).await;
    assert_eq!(view.row.state, State::Registered);
    assert_eq!(
        view.working_ms_left,
        Some(4 * HOUR),
        "four working hours from Friday at ten"
    );
    assert_eq!(
        view.row.deadline.unwrap().as_ms(),
        desk.now() + 6 * HOUR,
        "noon is free"
    );
}

#[tokio::test]
async fn a_worker_may_not_decide_and_a_clerk_needs_a_reason_to_reject() {
    let worker = Tablet::of(city::worker()).await;
    let case = worker.report("E01", "路面破了").await;
    let desk = Tablet::of(city::clerk()).await;
    desk.pull_case(&worker, case).await;
    for tablet in [&worker, &desk] {
        testing::set_link(&tablet.client, Link::Up);
    }
    let reject = |reason: &str| RejectCase {
        case,
        reason: reason.to_owned(),
    };

    let by_worker = worker.client.reject_case(reject("不属实")).await;
    let without_reason = desk.client.reject_case(reject("")).await;

    assert_eq!(
        code(by_worker),
        Code::Rejected {
            why: Void::NotYourRole
        }
    );
    assert_eq!(
        code(without_reason),
        Code::Rejected {
            why: Void::NoReason
        }
    );
    let actions = desk.case(case).await.actions;
    assert!(actions.contains(&CaseAction::Register) && actions.contains(&CaseAction::Reject));
    assert!(
        !worker
            .case(case)
            .await
            .actions
            .contains(&CaseAction::Register)
    );
    assert_eq!(
        desk.client.get_today(GetToday {}).await.unwrap().due_total,
        1,
        "it waits for her"
    );
}

#[tokio::test]
async fn what_had_no_effect_is_kept_shown_and_marked() {
    let tablet = Tablet::of(city::worker()).await;
    let case = tablet.report("E01", "路面破了").await;
    testing::confirm_all(&tablet.client, Outcome::Applied)
        .await
        .unwrap();
    let args = WithdrawCase {
        case,
        reason: "重复".to_owned(),
    };
    tablet.client.withdraw_case(args).await.unwrap();

    let why = Void::WrongState {
        state: State::Registered,
    };
    let void = Outcome::ConflictKept { why: why.clone() };
    testing::confirm_all(&tablet.client, void).await.unwrap();

    let ledger = tablet.client.get_delivery(GetDelivery {}).await.unwrap();
    assert_eq!(ledger.items[0].stuck, Some(Stuck::Void { why }));
    assert!(ledger.items[0].marks.at_hub, "it did arrive");
}

#[tokio::test]
async fn what_the_hub_keeps_aside_stays_to_be_seen() {
    let tablet = Tablet::of(city::worker()).await;
    let case = tablet.report("E01", "路面破了").await;

    let why = shared::apply::Quarantine::NotYourScope;
    testing::confirm_all(&tablet.client, Outcome::Quarantined { why })
        .await
        .unwrap();

    let row = tablet.case(case).await.row;
    assert!(row.attention, "the person should look");
    let ledger = tablet.client.get_delivery(GetDelivery {}).await.unwrap();
    assert_eq!(ledger.items[0].stuck, Some(Stuck::Quarantined { why }));
}

#[tokio::test]
async fn fields_of_a_newer_hub_survive_whatever_is_done_here() {
    let other = Tablet::of(city::colleague()).await;
    let case = other.report("E01", "路面破了").await;
    let tablet = Tablet::of(city::worker()).await;
    tablet.pull_case(&other, case).await;
    let target = DocRef::case(case);
    let mut body = testing::mirrored(&tablet.client, target.clone())
        .await
        .unwrap()
        .unwrap();
    body["known"]["weather"] = json!({"rain_mm": 12});
    let doc = shared::Doc {
        target: target.clone(),
        rev: 2,
        body: body.clone(),
    };
    testing::pull(&tablet.client, Scope::grid(&city::HOME.into()), doc)
        .await
        .unwrap();

    let args = SupplementCase {
        case,
        note: "积水".to_owned(),
        photos: vec![],
        plus_one: false,
    };
    tablet.client.supplement_case(args).await.unwrap();
    let tablet = tablet.restart().await;

    let kept = testing::mirrored(&tablet.client, target)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(
        kept, body,
        "what this version doesn't know is not its to drop"
    );
    assert_eq!(
        tablet.case(case).await.timeline.len(),
        2,
        "and the case is shown all the same"
    );
}

#[tokio::test]
async fn a_megabyte_of_words_is_refused_wherever_words_can_be_added() {
    let tablet = Tablet::of(city::worker()).await;
    let case = tablet.report("E02", "一袋垃圾").await;
    let words = "字".repeat(350_000);

    let supplement = SupplementCase {
        case,
        note: words.clone(),
        photos: vec![],
        plus_one: false,
    };
    let supplement = tablet.client.supplement_case(supplement).await;
    let withdraw = WithdrawCase {
        case,
        reason: words.clone(),
    };
    let withdraw = tablet.client.withdraw_case(withdraw).await;
    let handle = SelfHandleCase {
        case,
        note: words,
        photos: vec![],
    };
    let handle = tablet.client.self_handle_case(handle).await;

    assert_eq!(code(supplement), Code::TextTooLong);
    assert_eq!(code(withdraw), Code::TextTooLong);
    assert_eq!(code(handle), Code::TextTooLong);
    let queued = testing::queued(&tablet.client).await.unwrap();
    assert_eq!(queued.len(), 1, "only the report waits");
    assert_eq!(tablet.case(case).await.row.state, State::Submitted);
}

#[tokio::test]
async fn a_document_whose_body_names_another_case_does_not_take_that_ones_place() {
    let other = Tablet::of(city::colleague()).await;
    let case = other.report("E01", "路面破了").await;
    let second = other.report("E01", "井盖松动").await;
    let tablet = Tablet::of(city::worker()).await;
    tablet.pull_case(&other, case).await;
    let body = testing::mirrored(&tablet.client, DocRef::case(case))
        .await
        .unwrap()
        .unwrap();

    let doc = shared::Doc {
        target: DocRef::case(second),
        rev: 1,
        body,
    };
    testing::pull(&tablet.client, Scope::grid(&city::HOME.into()), doc)
        .await
        .unwrap();

    assert_eq!(tablet.search("").await.total, 2, "each under its own id");
    assert_eq!(tablet.case(second).await.row.id, second);
}

#[tokio::test]
async fn what_had_no_effect_asks_until_it_is_acknowledged_and_stays_in_the_timeline() {
    let tablet = Tablet::of(city::worker()).await;
    let case = tablet.report("E01", "路面破了").await;
    let why = shared::apply::Quarantine::NotYourScope;
    testing::confirm_all(&tablet.client, Outcome::Quarantined { why })
        .await
        .unwrap();
    assert_eq!(asking(&tablet).await, 1, "今日 counts it");
    let before = tablet.case(case).await.timeline;

    let seen = AcknowledgeCase { case };
    tablet.client.acknowledge_case(seen.clone()).await.unwrap();
    let tablet = tablet.restart().await;

    assert_eq!(
        asking(&tablet).await,
        0,
        "it was seen, also after a restart"
    );
    let view = tablet.case(case).await;
    assert!(!view.row.attention);
    assert_eq!(view.timeline, before, "nothing of the history is gone");
    let ledger = tablet.client.get_delivery(GetDelivery {}).await.unwrap();
    assert_eq!(ledger.items[0].stuck, Some(Stuck::Quarantined { why }));

    let words = SupplementCase {
        case,
        note: "积水".to_owned(),
        photos: vec![],
        plus_one: false,
    };
    tablet.client.supplement_case(words).await.unwrap();
    testing::confirm_all(&tablet.client, Outcome::Quarantined { why })
        .await
        .unwrap();
    assert_eq!(asking(&tablet).await, 1, "something new asks again");
    tablet.client.acknowledge_case(seen).await.unwrap();
    assert_eq!(asking(&tablet).await, 0);
}

#[tokio::test]
async fn acknowledging_a_case_that_is_not_here_is_refused() {
    let tablet = Tablet::of(city::worker()).await;
    let elsewhere = Tablet::of(city::worker()).await;
    let case = elsewhere.report("E01", "路面破了").await;

    let refused = tablet
        .client
        .acknowledge_case(AcknowledgeCase { case })
        .await;

    assert_eq!(refused.unwrap_err().code, Code::NotFound);
}

async fn asking(tablet: &Tablet) -> u32 {
    let today = tablet.client.get_today(GetToday {}).await.unwrap();
    today.attention
}

#[tokio::test]
async fn the_report_stands_first_even_where_the_clock_was_set_back_after_it() {
    let tablet = Tablet::of(city::worker()).await;
    let case = tablet.report("E01", "路面破了").await;
    tablet.clock.turn(-HOUR);
    let args = SupplementCase {
        case,
        note: "还在".to_owned(),
        photos: vec![],
        plus_one: false,
    };
    tablet.client.supplement_case(args).await.unwrap();

    let timeline = tablet.case(case).await.timeline;

    let what: Vec<&Happening> = timeline.iter().map(|entry| &entry.what).collect();
    assert_eq!(what, [&Happening::Reported, &Happening::Supplemented]);
}
