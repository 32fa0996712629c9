//! Who may come in: identities, codes, revocation.

use std::sync::Arc;

use hub::{
    secret::hash_token,
    store::{EnrolRefusal, NewCode, NoCode, Renewing},
};
use shared::{DeviceId, StaffId, Timestamp, time::Observed};
use tokio::task::JoinSet;

use super::{NOW, enrolling, session, stores, stores_twice};

#[tokio::test]
async fn an_identity_stays_and_an_epoch_is_of_one_database() {
    let first = stores().await;
    let second = stores().await;
    for ((_f, one), (_g, other)) in first.iter().zip(&second) {
        let identity = one.identity().await.unwrap();
        assert_eq!(one.identity().await.unwrap(), identity);
        assert_ne!(other.identity().await.unwrap().epoch, identity.epoch);
        assert_eq!(identity.hub_name, "试验区");
    }
}

#[tokio::test]
async fn a_renewed_epoch_is_another_at_once_and_nothing_else_changes() {
    for (_folder, [store, beside]) in stores_twice().await {
        let before = store.identity().await.unwrap();

        beside.renew_epoch().await.unwrap();

        let after = store.identity().await.unwrap();
        assert_ne!(after.epoch, before.epoch);
        assert!(!after.epoch.is_empty());
        let epoch = before.epoch.clone();
        assert_eq!(hub::store::Identity { epoch, ..after }, before);
    }
}

#[tokio::test]
async fn a_code_serves_one_device_only() {
    for (_folder, store) in stores().await {
        let hash = hash_token("code");
        let new = NewCode {
            hash,
            staff: StaffId::from("w1"),
            now: NOW,
            expires_at: NOW.plus_ms(1),
        };
        store.add_code(new).await.unwrap().unwrap();
        let [one, two] = [1, 2].map(|n| DeviceId::from_bytes([n; 16]));

        store.enrol(enrolling(hash, one)).await.unwrap().unwrap();
        let refused = store.enrol(enrolling(hash, two)).await.unwrap();

        assert_eq!(refused, Err(EnrolRefusal::Used));
        assert!(
            store
                .session(hash_token(&two.to_string()))
                .await
                .unwrap()
                .is_none()
        );
    }
}

#[tokio::test]
async fn of_many_devices_with_one_code_at_once_one_gets_in() {
    for (_folder, handles) in stores_twice().await {
        let hash = hash_token("code");
        let new = NewCode {
            hash,
            staff: StaffId::from("w1"),
            now: NOW,
            expires_at: NOW.plus_ms(1),
        };
        handles[0].add_code(new).await.unwrap().unwrap();
        let mut tries = JoinSet::new();
        for n in 0..10_u8 {
            let store = Arc::clone(&handles[usize::from(n % 2)]);
            let device = DeviceId::from_bytes([n + 1; 16]);
            tries.spawn(async move { store.enrol(enrolling(hash, device)).await.unwrap() });
        }

        let answers = tries.join_all().await;

        let (entered, refused): (Vec<_>, Vec<_>) = answers.into_iter().partition(Result::is_ok);
        assert_eq!(entered.len(), 1, "a code is good for one device");
        assert!(
            refused
                .iter()
                .all(|refusal| *refusal == Err(EnrolRefusal::Used)),
            "and the others are told so"
        );
        assert_eq!(handles[0].devices().await.unwrap().len(), 1);
    }
}

#[tokio::test]
async fn one_device_id_claimed_by_two_people_at_once_belongs_to_one_of_them() {
    for (_folder, handles) in stores_twice().await {
        let device = DeviceId::from_bytes([9; 16]);
        let mut tries = JoinSet::new();
        for (staff, store) in ["w1", "w2"].into_iter().zip(&handles) {
            let hash = hash_token(staff);
            let new = NewCode {
                hash,
                staff: StaffId::from(staff),
                now: NOW,
                expires_at: NOW.plus_ms(1),
            };
            store.add_code(new).await.unwrap().unwrap();
            let store = Arc::clone(store);
            let mut request = enrolling(hash, device);
            request.token = hash_token(&format!("token of {staff}"));
            tries.spawn(async move { (staff, store.enrol(request).await.unwrap()) });
        }

        let answers = tries.join_all().await;

        let entered: Vec<_> = answers
            .iter()
            .filter_map(|(staff, answer)| Some((*staff, answer.as_ref().ok()?)))
            .collect();
        let [(staff, session)] = entered[..] else {
            panic!("one gets in, not {}", entered.len());
        };
        assert_eq!(
            session.staff.id,
            StaffId::from(staff),
            "nobody gets a token for somebody else's device"
        );
    }
}

#[tokio::test]
async fn who_was_revoked_stays_so_and_gets_no_code() {
    for (_folder, store) in stores().await {
        let session = session(&*store, "w1").await;
        let token = hash_token(&session.device.to_string());
        let is_revoked = async || store.session(token).await.unwrap().unwrap().revoked;
        assert!(!is_revoked().await);

        assert!(store.revoke_device(session.device, NOW).await.unwrap());
        assert!(is_revoked().await, "with the very next request");
        let staff = StaffId::from("w1");
        assert!(store.revoke_staff(staff.clone(), NOW).await.unwrap());
        let later = NOW.plus_ms(5);
        assert!(store.revoke_staff(staff.clone(), later).await.unwrap());

        let line = store.staff().await.unwrap();
        let line = line.iter().find(|line| line.id == staff).unwrap();
        assert_eq!(line.revoked_at, Some(NOW), "the first time counts");
        let code = NewCode {
            hash: hash_token("late"),
            staff,
            now: NOW,
            expires_at: NOW.plus_ms(1),
        };
        assert_eq!(store.add_code(code).await.unwrap(), Err(NoCode::Revoked));
        let nobody = DeviceId::from_bytes([77; 16]);
        assert!(!store.revoke_device(nobody, NOW).await.unwrap());
    }
}

#[tokio::test]
async fn a_cloned_device_gets_an_identity_of_its_own_and_its_twin_keeps_the_old_one() {
    for (_folder, store) in stores().await {
        let before = session(&*store, "w1").await;
        let other = session(&*store, "w2").await;
        let ask = async |device: DeviceId, token: &str| {
            let request = Renewing {
                from: before.device,
                device,
                token: hash_token(token),
                now: NOW,
            };
            store.renew(request).await.unwrap()
        };
        let new = DeviceId::from_bytes([7; 16]);

        assert!(ask(new, "lost").await, "a new id is taken");
        assert!(
            ask(new, "kept").await,
            "asked again because the answer was lost"
        );

        let after = store.session(hash_token("kept")).await.unwrap().unwrap();
        assert_eq!(after.staff, before.staff, "the same person");
        assert_eq!(after.last_dev_seq, 0, "with a sequence of its own");
        assert_eq!(store.session(hash_token("lost")).await.unwrap(), None);
        let old = hash_token(&before.device.to_string());
        assert!(
            store.session(old).await.unwrap().is_some(),
            "the twin goes on"
        );
        assert!(!ask(other.device, "stolen").await, "an id of somebody else");
        store.revoke_device(after.device, NOW).await.unwrap();
        assert!(
            !ask(new, "again").await,
            "a revoked one doesn't come back so"
        );
    }
}

#[tokio::test]
async fn the_last_clocks_of_each_device_are_kept_whole_and_wrong_ones_counted() {
    for (_folder, store) in stores().await {
        let [silent, first, second] = [
            session(&*store, "w1").await.device,
            session(&*store, "w1").await.device,
            session(&*store, "w2").await.device,
        ];
        let clocks = |wall_ms, mono| Observed {
            wall: Timestamp::from_ms(wall_ms),
            mono,
            boot: "ein Gerät 设备".to_owned(),
        };
        let note = async |device, clocks: &Observed, at| {
            store.note_clocks(device, clocks.clone(), at).await.unwrap();
        };
        let of = async |device| {
            let devices = store.devices().await.unwrap();
            let line = devices.into_iter().find(|line| line.id == device);
            line.unwrap().clock
        };
        let wrong = async || store.stats().await.unwrap().devices_clock_off;
        let edge = clocks(NOW.plus_ms(300_000).as_ms(), 7);
        note(first, &edge, NOW).await;
        assert_eq!(wrong().await, 0, "five minutes are no error");
        for (later, ahead, kept) in [
            (599_999, 1_000, NOW),
            (500_000, 1_001, NOW.plus_ms(500_000)),
            (1_100_000, 1_001, NOW.plus_ms(1_100_000)),
        ] {
            let at = NOW.plus_ms(later);
            note(first, &clocks(at.plus_ms(300_000 + ahead).as_ms(), 7), at).await;
            assert_eq!(of(first).await.unwrap().at, kept, "after {later} ms");
        }
        note(first, &edge, NOW).await;

        for wall in [i64::MIN, i64::MAX, NOW.plus_ms(-300_001).as_ms()] {
            note(second, &clocks(wall, i64::MIN), NOW.plus_ms(9)).await;
            note(second, &clocks(wall, -1), NOW).await;

            let reading = of(second).await.unwrap();
            assert_eq!(reading.clocks, clocks(wall, -1), "the last one");
            assert_eq!(reading.at, NOW);
            assert_eq!(reading.skew_ms, wall.saturating_sub(NOW.as_ms()));
            assert_eq!(wrong().await, 1);
        }
        assert_eq!(of(first).await.unwrap().skew_ms, 300_000, "each its own");
        assert_eq!(of(silent).await, None);
        store.revoke_device(second, NOW).await.unwrap();
        assert_eq!(wrong().await, 0, "a revoked one is nobody's matter");
    }
}
