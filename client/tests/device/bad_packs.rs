//! City data that can't be read, from a hub that is newer or broken: capture goes on.

use client::testing;
use serde_json::{Value, json};
use shared::{
    Doc, DocRef, Scope,
    ipc::{FindAddresses, GetCatalogue, KnownPlace, PlaceView, ResolvePlace},
    pack::Section,
};

use super::{city, tablet::Tablet};

async fn pull(tablet: &Tablet, section: Section, rev: u64, body: Value) {
    let doc = Doc {
        target: DocRef::pack(section),
        rev,
        body,
    };
    testing::pull(&tablet.client, Scope::city(), doc)
        .await
        .unwrap();
}

/// Reports with a position from the device, as the person would in the field.
async fn still_reports(tablet: &Tablet, what: &str) {
    let known = KnownPlace::Device {
        lng: Some(120.003),
        lat: Some(31.005),
        accuracy_m: Some(8.0),
    };
    let found = tablet.client.resolve_place(ResolvePlace { known }).await;
    assert!(
        matches!(found, Ok(PlaceView::Found { .. })),
        "{what}: {found:?}"
    );
    tablet.report("E01", what).await;
    assert_eq!(tablet.search(what).await.total, 1, "{what}");
}

#[tokio::test]
async fn a_broken_polygon_or_an_unknown_shape_of_a_section_stops_nobody() {
    let tablet = Tablet::of(city::worker()).await;
    let good = serde_json::to_value(city::pack().grids).unwrap();
    let with_polygon = |polygon: Value| {
        let mut grids = good.clone();
        for grid in grids.as_array_mut().unwrap() {
            grid["polygon"] = polygon.clone();
        }
        grids
    };
    let bodies = [
        (Section::Grids, "没有顶点", with_polygon(json!([]))),
        (
            Section::Grids,
            "两个顶点",
            with_polygon(json!([[120.0, 31.0], [120.1, 31.1]])),
        ),
        (
            Section::Grids,
            "自相交",
            with_polygon(json!([
                [120.0, 31.0],
                [120.1, 31.1],
                [120.1, 31.0],
                [120.0, 31.1]
            ])),
        ),
        (
            Section::Grids,
            "坐标过大",
            with_polygon(json!([[1e308, -1e308], [0.0, 1e308], [-1e308, 0.0]])),
        ),
        (
            Section::Grids,
            "不是数字",
            with_polygon(json!([["x", null]])),
        ),
        (Section::Grids, "新版网格", json!({ "format_version": 99 })),
        (
            Section::Catalogue,
            "新版目录",
            json!({ "format_version": 99 }),
        ),
        (Section::Calendar, "新版日历", json!("2099")),
        (Section::Directory, "新版名册", json!([[]])),
        (Section::City, "新版城市", json!(null)),
    ];
    for (rev, (section, what, body)) in (2..).zip(bodies) {
        pull(&tablet, section, rev, body).await;

        still_reports(&tablet, what).await;
        let addresses = FindAddresses {
            query: "xhl".to_owned(),
        };
        tablet.client.find_addresses(addresses).await.unwrap();
        tablet.client.get_catalogue(GetCatalogue {}).await.unwrap();
    }

    let tablet = tablet.restart().await;
    assert_eq!(tablet.search("").await.total, 10, "every report is kept");
    pull(&tablet, Section::Grids, 99, good).await;
    let place = tablet.place(120.003, 31.005).await;
    assert_eq!(place.grid.as_str(), city::HOME, "a good one is used again");
}
