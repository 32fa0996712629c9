//! Enrolling a device, and taking its access away again.

use axum::http::StatusCode;
use hub::Rate;
use shared::{
    DeviceId, StaffId,
    hub_api::{Enrolled, ErrorCode},
};

use crate::world::{MINUTE, World, fresh};

fn new_id() -> DeviceId {
    DeviceId::from_bytes(fresh())
}

#[tokio::test]
async fn a_code_is_traded_for_a_token_that_works() {
    let world = World::new().await;

    let device = world.device("c1").await;

    let hello = device.hello().await;
    let scopes: Vec<_> = hello
        .scopes
        .iter()
        .map(|head| head.scope.as_str())
        .collect();
    assert_eq!(
        scopes,
        ["city", "grid:G1", "grid:G2", "staff:c1"],
        "a clerk sees the grids of the community"
    );
    assert_eq!(
        hello.scopes[0].seq, 8,
        "every section of the pack is a document"
    );
    assert_eq!(hello.hub_name, "试验区");
}

#[tokio::test]
async fn a_wrong_an_old_and_a_used_code_are_told_apart() {
    let world = World::new().await;
    let used = world.code_for("w1").await;
    let old = world.code_for("w1").await;
    world.enrol(&used, new_id()).await.json::<Enrolled>();

    let wrong = world.enrol("0000-0000-0000", new_id()).await;
    let again = world.enrol(&used, new_id()).await;
    world.turn_clock(10 * MINUTE);
    let late = world.enrol(&old, new_id()).await;

    assert_eq!(wrong.error(), ErrorCode::CodeUnknown);
    assert_eq!(wrong.status, StatusCode::NOT_FOUND);
    assert_eq!(
        again.error(),
        ErrorCode::CodeUsed,
        "a code is good for one device"
    );
    assert_eq!(again.status, StatusCode::CONFLICT);
    assert_eq!(
        late.error(),
        ErrorCode::CodeUnknown,
        "a code lives ten minutes"
    );
}

#[tokio::test]
async fn a_lost_answer_does_not_waste_the_code() {
    let world = World::new().await;
    let code = world.code_for("w1").await;
    let id = new_id();
    let lost: Enrolled = world.enrol(&code, id).await.json();

    let repeated: Enrolled = world.enrol(&code.to_lowercase(), id).await.json();

    assert_ne!(
        lost.token, repeated.token,
        "the first token may be in wrong hands"
    );
    assert_eq!(
        world.hub.devices().await.unwrap().len(),
        1,
        "it is one device"
    );
}

#[tokio::test]
async fn a_device_id_of_somebody_else_can_not_be_taken_over() {
    let world = World::new().await;
    let device = world.device("w1").await;

    let reply = world.enrol(&world.code_for("w2").await, device.id).await;

    assert_eq!(reply.error(), ErrorCode::NewEpochRequired);
    assert_eq!(
        device.hello().await.staff.id,
        StaffId::from("w1"),
        "nothing changed"
    );
}

#[tokio::test]
async fn a_revoked_device_is_out_with_its_very_next_request() {
    let world = World::new().await;
    let [lost, other] = [world.device("w1").await, world.device("w1").await];

    world.hub.revoke_device(lost.id).await.unwrap();

    let reply = lost.get("/sync/v1/hello").await;
    assert_eq!(reply.error(), ErrorCode::Revoked);
    assert_eq!(reply.status, StatusCode::UNAUTHORIZED);
    assert_eq!(
        other.hello().await.last_dev_seq,
        0,
        "the person's other device goes on"
    );
}

#[tokio::test]
async fn a_revoked_person_is_out_with_all_devices_and_gets_no_new_code() {
    let world = World::new().await;
    let device = world.device("w1").await;
    let earlier = world.code_for("w1").await;

    world.hub.revoke_staff(StaffId::from("w1")).await.unwrap();

    let reply = device.get("/sync/v1/hello").await;
    assert_eq!(reply.error(), ErrorCode::Revoked);
    let enrol = world.enrol(&earlier, new_id()).await;
    assert_eq!(
        enrol.error(),
        ErrorCode::Revoked,
        "nor by a code from before"
    );
    assert!(world.hub.enrol(StaffId::from("w1")).await.is_err());
}

#[tokio::test]
async fn guessing_codes_is_slowed_down_but_an_office_can_enrol() {
    let world = World::with(|config| {
        config.rate = Rate {
            guesses_per_minute: 3,
            ..config.rate
        }
    })
    .await;
    for _ in 0..5 {
        world.device("w1").await;
    }

    for _ in 0..3 {
        let reply = world.enrol("1111-1111-1111", new_id()).await;
        assert_eq!(reply.error(), ErrorCode::CodeUnknown);
    }
    let code = world.code_for("w1").await;
    let reply = world.enrol(&code, new_id()).await;

    assert_eq!(
        reply.error(),
        ErrorCode::TooMany,
        "the address guessed too often"
    );
    assert_eq!(reply.header("retry-after"), "20");
    world.turn_clock(MINUTE);
    world.enrol(&code, new_id()).await.json::<Enrolled>();
}

#[tokio::test]
async fn a_token_nobody_gave_out_is_not_enrolled() {
    let world = World::new().await;
    let mut device = world.device("w1").await;

    for token in ["", "x", "Bearer", "null", &"a".repeat(4_000)] {
        token.clone_into(&mut device.token);
        let reply = device.get("/sync/v1/hello").await;
        assert_eq!(reply.error(), ErrorCode::NotEnrolled, "{token:?}");
        assert_eq!(reply.header("www-authenticate"), "Bearer");
    }
}

#[tokio::test]
async fn a_token_is_not_in_the_data_folder() {
    let world = World::new().await;
    let code = world.code_for("w1").await;
    let device = world.device("w1").await;
    let token = device.token.clone();
    let data = world.data();
    drop((world.hub.clone(), device));

    for entry in std::fs::read_dir(&data).unwrap() {
        let path = entry.unwrap().path();
        if path.is_file() {
            let bytes = std::fs::read(&path).unwrap();
            for secret in [&token, &code, &code.replace('-', "")] {
                let found = bytes.windows(secret.len()).any(|w| w == secret.as_bytes());
                assert!(!found, "{} holds a secret", path.display());
            }
        }
    }
}
