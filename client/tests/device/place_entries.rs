//! 单位/场所 on one device: listed a page at a time, found, entered, moved, confirmed, disputed.

use std::{collections::BTreeSet, fmt::Write as _};

use shared::{
    EntryId, FieldName,
    ipc::{
        ChangeEntry, Code, ConfirmEntry, EnterEntry, GetEntryHistory, GetPlaceEntry, ListBuildings,
        ListPlaces, PLACES_MAX, PlaceEntry, PlacePage, RevealField,
    },
    register::{EntryKind, FieldValue},
};

use super::{
    city,
    register::{GRID, Scene, says, set},
    tablet::{HOUR, Tablet, code},
};

const KIND: EntryKind = EntryKind::Place;

async fn list(tablet: &Tablet, wanted: ListPlaces) -> PlacePage {
    tablet.client.list_places(wanted).await.unwrap()
}

async fn get(tablet: &Tablet, place: EntryId) -> PlaceEntry {
    let get = GetPlaceEntry { place };
    tablet.client.get_place_entry(get).await.unwrap()
}

fn names(page: &PlacePage) -> Vec<&str> {
    page.rows.iter().map(|it| it.name.as_str()).collect()
}

fn first(limit: u32) -> ListPlaces {
    ListPlaces {
        limit,
        ..ListPlaces::default()
    }
}

/// In the building, beside it, and in another grid.
async fn some(scene: &Scene) -> [EntryId; 3] {
    let building = scene.building.to_string();
    let noodles = [
        ("building", &*building),
        ("name", "云水面馆"),
        ("kind", "shop"),
        ("contact_phone", "13800005555"),
    ];
    let clinic = [
        ("grid", GRID),
        ("name", "半夏诊所"),
        ("kind", "clinic"),
        ("address", "文峰路12号"),
        ("uscc", "92990100MB90000017"),
    ];
    let other = [("grid", "G2"), ("name", "见山超市"), ("kind", "shop")];
    [
        scene.enter(KIND, &noodles).await,
        scene.enter(KIND, &clinic).await,
        scene.enter(KIND, &other).await,
    ]
}

#[tokio::test]
async fn places_stand_by_grid_and_building_and_are_narrowed() {
    let scene = Scene::new().await;
    let [noodles, ..] = some(&scene).await;
    let tablet = &scene.tablet;

    let all = list(tablet, first(50)).await;
    assert_eq!(names(&all), ["云水面馆", "半夏诊所", "见山超市"]);
    assert!(all.may_write && all.total == 3);
    let building = all.rows[0].building.as_ref().unwrap();
    assert_eq!((building.id, &*building.name), (scene.building, "3幢"));
    assert_eq!(all.rows[1].address, "文峰路12号");

    let shops = ListPlaces {
        kind: "shop".to_owned(),
        ..first(50)
    };
    assert_eq!(names(&list(tablet, shops).await), ["云水面馆", "见山超市"]);
    let grid = ListPlaces {
        grid: Some(GRID.into()),
        ..first(50)
    };
    assert_eq!(names(&list(tablet, grid).await), ["云水面馆", "半夏诊所"]);
    let inside = ListPlaces {
        building: Some(scene.building),
        ..first(50)
    };
    let inside = list(tablet, inside).await;
    assert_eq!((inside.rows[0].id, inside.total), (noodles, 1));
    for (text, found) in [
        ("云水", vec!["云水面馆"]),
        ("mianguan", vec!["云水面馆"]),
        ("ysmg", vec!["云水面馆"]),
        ("5555", vec!["云水面馆"]),
        ("峰路12", vec!["半夏诊所"]),
        ("92990100MB90000017", vec!["半夏诊所"]),
        ("张三", vec![]),
        (" · ", vec![]),
    ] {
        let wanted = ListPlaces {
            text: text.to_owned(),
            ..first(50)
        };
        let page = list(tablet, wanted).await;
        assert_eq!(names(&page), found, "{text}");
        assert_eq!(page.total as usize, found.len(), "{text}");
    }
    let count = tablet.client.list_buildings(ListBuildings::default()).await;
    assert_eq!(count.unwrap().places, 3);
}

#[tokio::test]
async fn the_one_box_finds_a_place_and_says_where_it_is() {
    let scene = Scene::new().await;
    let [noodles, clinic, _] = some(&scene).await;

    for (text, id, place) in [
        ("云水", noodles, "丽水花园 3幢"),
        ("5555", noodles, "丽水花园 3幢"),
        ("bxzs", clinic, "文峰路12号"),
        ("92990100MB90", clinic, "文峰路12号"),
    ] {
        let hits = scene.find(text).await;
        let hit = hits.iter().find(|it| it.kind == KIND).unwrap();
        assert_eq!((hit.id, &*hit.place), (id, place), "{text}");
    }
}

#[tokio::test]
async fn two_thousand_places_come_a_page_at_a_time_each_once() {
    let clerk = Tablet::of(city::clerk()).await;
    let mut table = "单位名称,地址,网格\n".to_owned();
    for number in 0..2_000 {
        writeln!(table, "第{number}店,西街{number}号,杏花01网格").unwrap();
    }
    super::import::import(&clerk, &table).await.unwrap();

    let mut seen = BTreeSet::new();
    for offset in (0..2_000).step_by(PLACES_MAX as usize) {
        let wanted = ListPlaces {
            offset,
            ..first(100_000)
        };
        let page = list(&clerk, wanted).await;
        assert_eq!(page.total, 2_000);
        assert_eq!(page.rows.len(), PLACES_MAX as usize, "no more at once");
        seen.extend(page.rows.iter().map(|it| it.id));
    }
    assert_eq!(seen.len(), 2_000);
}

#[tokio::test]
async fn a_place_is_confirmed_shown_for_a_reason_and_its_history_told() {
    let scene = Scene::new().await;
    let [noodles, ..] = some(&scene).await;
    let client = &scene.tablet.client;
    let before = get(&scene.tablet, noodles).await;
    assert!(before.may_write);
    assert_eq!(before.building.unwrap().id, scene.building);
    assert_eq!(
        says(&before.entry, "contact_phone").as_deref(),
        Some("138****5555")
    );
    scene.tablet.clock.turn(HOUR);

    let confirm = ConfirmEntry {
        kind: KIND,
        entry: noodles,
    };
    client.confirm_entry(confirm).await.unwrap();
    let reveal = RevealField {
        kind: KIND,
        entry: noodles,
        field: FieldName::from("contact_phone"),
        reason: "电话联系".to_owned(),
    };
    let shown = client.reveal_field(reveal).await.unwrap();

    assert_eq!(shown.value, FieldValue::from("13800005555"));
    let after = get(&scene.tablet, noodles).await.entry;
    assert!(after.fields.iter().all(|it| it.confirmed));
    let history = GetEntryHistory {
        kind: KIND,
        entry: noodles,
    };
    let history = client.get_entry_history(history).await.unwrap();
    assert_eq!(history.deeds.len(), 3, "{history:?}");
}

#[tokio::test]
async fn a_place_that_moves_into_a_building_stands_in_its_grid() {
    let scene = Scene::new().await;
    let [.., other] = some(&scene).await;
    let building = scene.building.to_string();
    let change = ChangeEntry {
        kind: KIND,
        entry: other,
        set: set(&[("building", &*building)]),
    };
    scene.tablet.client.change_entry(change).await.unwrap();

    let there = get(&scene.tablet, other).await;
    assert_eq!(says(&there.entry, "grid").as_deref(), Some(GRID));
    assert_eq!(there.building.unwrap().id, scene.building);
}

#[tokio::test]
async fn what_can_not_stand_is_told_at_its_field_and_no_other_entry_is_a_place() {
    let scene = Scene::new().await;
    let enter = EnterEntry {
        kind: KIND,
        set: set(&[
            ("grid", GRID),
            ("uscc", "92990100MA90000016"),
            ("contact_phone", "138"),
        ]),
    };
    let refused = code(scene.tablet.client.enter_entry(enter).await);
    let Code::Mistakes { mistakes } = refused else {
        panic!("{refused:?}")
    };
    let fields: Vec<_> = mistakes.iter().map(|it| it.field.as_str()).collect();
    assert_eq!(fields, ["name", "uscc", "contact_phone"]);

    let none = GetPlaceEntry {
        place: scene.building,
    };
    let refused = scene.tablet.client.get_place_entry(none).await;
    assert_eq!(code(refused), Code::NotFound);
}
