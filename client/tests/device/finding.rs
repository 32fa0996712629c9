//! The one box: what people call somebody is what they are found by.

use client::testing;
use shared::{
    CaseId, Scope,
    apply::{Stamp, apply},
    case::State,
    ipc::CASE_HITS_MAX,
    register::EntryKind,
};

use super::{city, register::Scene, tablet::Tablet};

#[tokio::test]
async fn a_name_is_found_as_it_is_read_typed_and_called() {
    let scene = Scene::new().await;
    let of_it = scene.household.to_string();
    let mut enter = Vec::new();
    for name in ["曾见山", "吕半夏", "王子山"] {
        let pairs = [("household", &*of_it), ("name", name), ("relation", "1")];
        enter.push(scene.enter(EntryKind::Resident, &pairs).await);
    }
    let [zeng, lv, wang] = enter.as_slice() else {
        panic!("three")
    };

    let first = async |query: &str| scene.find(query).await.first().map(|it| it.id);
    for query in ["zengjian", "ceng", "zjs", "cjs", "jianshan", "曾"] {
        assert_eq!(first(query).await, Some(*zeng), "{query:?}");
    }
    for query in ["lü", "LV", "lu", "lvbanxia", "banxia", "bx"] {
        assert_eq!(first(query).await, Some(*lv), "{query:?}");
    }
    for query in ["xiaoyun", "xy", "yangxiaoyun"] {
        assert_eq!(scene.find(query).await[0].title, "欧阳小云", "{query:?}");
    }
    let hits: Vec<_> = scene.find("zs").await.iter().map(|it| it.id).collect();
    assert_eq!(
        hits,
        [scene.head, *wang],
        "张三, whose whole name that is, before 王子山"
    );
    for query in ["iaoyun", "zengyun", "ox"] {
        assert_eq!(scene.find(query).await, [], "{query:?}");
    }
}

#[tokio::test]
async fn what_an_older_version_wrote_is_found_anew_after_the_upgrade() {
    let scene = Scene::new().await;
    let of_it = scene.household.to_string();
    let pairs = [("household", &*of_it), ("name", "曾见山")];
    let zeng = scene.enter(EntryKind::Resident, &pairs).await;
    let rows = testing::register_rows(&scene.tablet.client).await.unwrap();
    let old = ["cengjianshan", "cjs", "山", "曾见山", "见山"];
    let old = old.map(str::to_owned).to_vec();
    testing::found_of_old(&scene.tablet.client, zeng, old)
        .await
        .unwrap();
    assert_eq!(scene.find("zeng").await, []);

    let scene = Scene {
        tablet: scene.tablet.restart().await,
        ..scene
    };

    assert_eq!(scene.find("zeng").await[0].id, zeng);
    let anew = testing::register_rows(&scene.tablet.client).await.unwrap();
    assert_eq!(anew, rows, "and by nothing of the old");
}

#[tokio::test]
async fn a_case_is_found_by_its_number_in_the_box_of_the_register() {
    let scene = Scene::new().await;
    let tablet = &scene.tablet;
    let road = tablet.report("E01", "校门口有个坑").await;
    let cover = numbered(&scene, "C01", "329901-20260925-0007").await;
    let other = numbered(&scene, "E01", "329901-20260925-0008").await;
    let receipt = tablet.case(road).await.receipt_code;
    let cases = async |query: &str| -> Vec<_> {
        let found = scene.search(query).await;
        found.cases.iter().map(|it| it.case.id).collect()
    };

    let small = receipt.to_lowercase();
    let begins = receipt.get(..5).unwrap();
    for query in [&*receipt, &small, begins, &format!(" {receipt} ")] {
        assert_eq!(cases(query).await, [road], "{query:?}");
    }
    for query in ["329901-20260925-0007", "329901-20260925-0007 "] {
        let found = scene.search(query).await;
        let [hit] = found.cases.as_slice() else {
            panic!("one: {:?}", found.cases)
        };
        assert_eq!(hit.case.id, cover, "{query:?}");
        assert_eq!(hit.number, "329901-20260925-0007");
        assert_eq!(hit.case.state, State::Submitted);
        assert_eq!(hit.case.category, Some("C01".into()));
    }
    let both = cases("32990").await;
    assert_eq!(both, [other, cover], "the last number first");
    for query in ["3299", "329902", "20260925", "0007", "", "校门口"] {
        assert_eq!(cases(query).await, [], "{query:?}");
    }
    assert_eq!(
        scene.find("329901-20260925-0007").await,
        [],
        "nobody is called so"
    );
}

#[tokio::test]
async fn of_many_cases_that_begin_alike_the_last_few_are_shown() {
    let scene = Scene::new().await;
    let mut all = Vec::new();
    for nth in 1..8 {
        all.push(numbered(&scene, "E01", &format!("329901-20260925-000{nth}")).await);
    }
    all.reverse();

    let found = scene.search("329901-2026").await.cases;

    let found: Vec<_> = found.iter().map(|it| it.case.id).collect();
    assert_eq!(found, all[..CASE_HITS_MAX]);
}

/// A colleague's case that has its number from the hub.
async fn numbered(scene: &Scene, category: &str, number: &str) -> CaseId {
    let colleague = Tablet::of(city::colleague()).await;
    let case = colleague.report(category, "同事报的").await;
    let ops = testing::queued(&colleague.client).await.unwrap();
    let op = ops.first().unwrap();
    let stamp = Stamp::Hub {
        received_at: op.observed_at.wall,
        sent: &op.observed_at,
        case_no: number,
        against: None,
    };
    let doc = apply(None, op, &stamp).doc.unwrap();
    let scope = Scope::grid(&city::HOME.into());
    testing::pull(&scene.tablet.client, scope, doc)
        .await
        .unwrap();
    case
}
