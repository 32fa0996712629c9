//! Enrolment: a code for a place at a hub, and nothing lost on the way to another one.

use crate::{
    device::Device,
    fake_hub::{FakeHub, Fault},
};
use client::sync::SyncError;
use shared::{
    hub_api::ErrorCode,
    ipc::{Code, EnrolDevice, GetSession, IpcError, Link},
};

async fn enrol(tablet: &Device, hub: &FakeHub, url: &str, code: &str) -> Result<(), Code> {
    let enrolled = tablet.client.enrol_with(hub, url, code).await;
    enrolled.map_err(|error| IpcError::from(error).code)
}

#[tokio::test]
async fn a_good_code_makes_the_device_a_persons_own() {
    let hub = FakeHub::default();
    let tablet = Device::new(&hub).await;

    enrol(&tablet, &hub, "192.168.1.5:8080", " GOOD ")
        .await
        .unwrap();

    let session = tablet.client.get_session(GetSession {}).await.unwrap();
    let enrolment = session.enrolment.unwrap();
    assert_eq!(enrolment.hub_url, "http://192.168.1.5:8080", "in one form");
    assert_eq!(enrolment.staff.badge_no, "0001", "whose it is");
}

#[tokio::test]
async fn what_goes_wrong_is_told_by_a_code_of_its_own() {
    let hub = FakeHub::default();
    let tablet = Device::new(&hub).await;
    let cases = [
        (
            "127.0.0.1:1",
            "WRONG",
            None,
            Code::Hub {
                error: ErrorCode::CodeUnknown,
            },
        ),
        (
            "127.0.0.1:1",
            "USED",
            None,
            Code::Hub {
                error: ErrorCode::CodeUsed,
            },
        ),
        ("not an address", "GOOD", None, Code::BadAddress),
        ("http://hub.example.org", "GOOD", None, Code::BadAddress),
        (
            "127.0.0.1:1",
            "GOOD",
            Some(Fault::Unreachable),
            Code::Unreachable,
        ),
        ("127.0.0.1:1", "GOOD", Some(Fault::Portal), Code::NotAHub),
    ];
    for (url, code, fault, expected) in cases {
        if let Some(fault) = fault {
            hub.fail("enrol", fault);
        }
        assert_eq!(
            enrol(&tablet, &hub, url, code).await,
            Err(expected),
            "{url} {code}"
        );
    }
    let session = tablet.client.get_session(GetSession {}).await.unwrap();
    assert!(
        session.enrolment.is_none(),
        "and the device is still nobody's"
    );
}

#[tokio::test]
async fn the_command_reaches_for_a_real_address() {
    let tablet = Device::new(&FakeHub::default()).await;

    let nobody = EnrolDevice {
        hub_url: "127.0.0.1:1".to_owned(),
        code: "GOOD".to_owned(),
    };
    let error = tablet.client.enrol_device(nobody).await.unwrap_err();

    assert_eq!(error.code, Code::Unreachable, "there is nobody at port 1");
}

#[tokio::test]
async fn another_hub_is_refused_while_work_is_unsent_and_taken_when_none_is() {
    let (old, new) = (FakeHub::named("old"), FakeHub::named("new"));
    let tablet = Device::enrolled(&old).await;
    tablet.reports("第一件").await;

    let refused = tablet.client.enrol_with(&new, "127.0.0.1:2", "GOOD").await;
    let code = enrol(&tablet, &new, "127.0.0.1:2", "GOOD").await;
    let kept = tablet.ops_waiting().await;
    tablet.client.sync_once_with(&old).await.unwrap();
    let taken = tablet.client.enrol_with(&new, "127.0.0.1:2", "GOOD").await;
    let report = tablet.client.sync_once_with(&new).await.unwrap();

    assert!(matches!(refused, Err(SyncError::UnsentWork)), "{refused:?}");
    assert_eq!(code, Err(Code::UnsentWork), "it has its own words");
    assert_eq!(kept, 1, "nothing was lost");
    assert!(taken.is_ok(), "{taken:?}");
    assert_eq!(
        report.ops_pushed, 0,
        "the new hub gets none of the old one's work"
    );
    assert!(new.state().docs.is_empty(), "not one document");
}

#[tokio::test]
async fn another_person_is_refused_while_work_of_the_first_is_unsent() {
    let hub = FakeHub::default();
    let tablet = Device::enrolled(&hub).await;
    tablet.reports("第一件").await;
    let first = hub.state().staff.clone();
    hub.state().staff.id = shared::StaffId::from("S2");

    let refused = enrol(&tablet, &hub, "127.0.0.1:1", "GOOD").await;

    assert_eq!(
        refused,
        Err(Code::UnsentWork),
        "it would go up under another name, and be set aside for ever"
    );
    hub.state().staff = first;
    tablet.syncs().await.unwrap();
    assert_eq!(tablet.ops_waiting().await, 0);
    hub.state().staff.id = shared::StaffId::from("S2");
    let taken = enrol(&tablet, &hub, "127.0.0.1:1", "GOOD").await;
    assert_eq!(taken, Ok(()), "with everything delivered");
}

#[tokio::test]
async fn enrolling_again_at_the_same_hub_ends_a_revocation_and_keeps_the_outbox() {
    let hub = FakeHub::default();
    let tablet = Device::enrolled(&hub).await;
    tablet.reports("第一件").await;
    hub.fail("hello", Fault::Refuse(ErrorCode::Revoked));
    tablet.syncs().await.unwrap_err();

    enrol(&tablet, &hub, "127.0.0.1:3", "GOOD").await.unwrap();
    let session = tablet.client.get_session(GetSession {}).await.unwrap();
    let report = tablet.syncs().await.unwrap();

    assert!(!session.enrolment.unwrap().revoked, "welcome back");
    assert_eq!(report.ops_pushed, 1, "what was captured meanwhile arrives");
}

#[tokio::test]
async fn a_device_without_a_hub_says_so() {
    let tablet = Device::new(&FakeHub::default()).await;

    let error = tablet.syncs().await.unwrap_err();

    assert!(matches!(error, SyncError::NotEnrolled), "{error:?}");
    assert_eq!(tablet.delivery().await.status.link, Link::None);
}
