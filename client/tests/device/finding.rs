//! The one box: what people call somebody is what they are found by.

use client::testing;
use shared::register::EntryKind;

use super::register::Scene;

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
