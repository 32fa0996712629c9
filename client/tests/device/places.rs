//! Places: from a position, from an address, from words.

use shared::{
    PlaceSource,
    ipc::{FindAddresses, KnownPlace, PlaceView, ResolvePlace},
};

use super::{city, tablet::Tablet};

async fn resolve(tablet: &Tablet, known: KnownPlace) -> PlaceView {
    tablet
        .client
        .resolve_place(ResolvePlace { known })
        .await
        .unwrap()
}

#[tokio::test]
async fn numbers_that_are_no_position_are_no_fix() {
    let tablet = Tablet::of(city::worker()).await;
    let cases = [
        (Some(0.0), Some(0.0)),
        (Some(f64::NAN), Some(31.0)),
        (Some(120.0), Some(f64::INFINITY)),
        (Some(200.0), Some(31.0)),
        (None, Some(31.0)),
        (None, None),
    ];
    for (lng, lat) in cases {
        let known = KnownPlace::Device {
            lng,
            lat,
            accuracy_m: Some(5.0),
        };
        assert_eq!(
            resolve(&tablet, known).await,
            PlaceView::NoFix,
            "({lng:?}, {lat:?})"
        );
    }
}

#[tokio::test]
async fn a_position_finds_its_grid_and_the_nearest_address() {
    let tablet = Tablet::of(city::worker()).await;
    let known = KnownPlace::Device {
        lng: Some(120.0035),
        lat: Some(31.005),
        accuracy_m: Some(f64::NAN),
    };

    let PlaceView::Found {
        place,
        grid_name,
        near,
    } = resolve(&tablet, known).await
    else {
        panic!("it is a place");
    };

    assert_eq!(place.grid.as_str(), city::HOME);
    assert!(place.in_own_grid);
    assert_eq!(place.accuracy_m, None, "NaN is no accuracy");
    assert_eq!(grid_name.unwrap().name, "杏花01网格");
    let near = near.unwrap();
    assert_eq!(
        (near.text.as_str(), place.address.as_str()),
        ("杏花路8号", "杏花路8号")
    );
    assert!((near.distance_m.unwrap() - 47.7).abs() < 1.0);
}

#[tokio::test]
async fn outside_the_own_grid_is_a_warning_and_no_wall() {
    let tablet = Tablet::of(city::worker()).await;
    let at = |lng| KnownPlace::Device {
        lng: Some(lng),
        lat: Some(31.005),
        accuracy_m: None,
    };

    let PlaceView::Found { place: next, .. } = resolve(&tablet, at(120.0195)).await else {
        panic!("the neighbour's grid is a place");
    };
    let PlaceView::Found {
        place: nowhere,
        grid_name,
        near,
    } = resolve(&tablet, at(121.0)).await
    else {
        panic!("outside all grids is a place");
    };

    assert_eq!((next.grid.as_str(), next.in_own_grid), (city::EAST, false));
    assert_eq!(
        (nowhere.grid.as_str(), nowhere.in_own_grid),
        (city::HOME, false)
    );
    assert_eq!((grid_name, near), (None, None), "nothing is known of it");
}

#[tokio::test]
async fn an_address_brings_its_position_and_typed_words_bring_none() {
    let tablet = Tablet::of(city::worker()).await;
    let address = KnownPlace::Address {
        grid: city::HOME.into(),
        text: "杏花路20号".to_owned(),
    };

    let PlaceView::Found { place: chosen, .. } = resolve(&tablet, address).await else {
        panic!("an address is a place");
    };
    let typed = KnownPlace::Typed {
        text: " 桥洞下面 ".to_owned(),
    };
    let PlaceView::Found { place: typed, .. } = resolve(&tablet, typed).await else {
        panic!("words are a place");
    };

    assert_eq!(chosen.source, PlaceSource::Address);
    assert_eq!(chosen.position, Some(city::position(120.008, 31.005)));
    assert_eq!((typed.address.as_str(), typed.position), ("桥洞下面", None));
    assert_eq!(
        typed.grid.as_str(),
        city::HOME,
        "the hub learns whom it concerns"
    );
}

#[tokio::test]
async fn addresses_are_found_by_words_pinyin_and_initials_own_grids_first() {
    let tablet = Tablet::of(city::worker()).await;
    let find = async |query: &str| {
        let query = FindAddresses {
            query: query.to_owned(),
        };
        let hits = tablet.client.find_addresses(query).await.unwrap();
        hits.into_iter().map(|hit| hit.text).collect::<Vec<_>>()
    };

    assert_eq!(
        find("").await,
        ["杏花路8号", "杏花路20号"],
        "the own grid's"
    );
    assert_eq!(find("号").await, ["杏花路8号", "杏花路20号", "柳林巷3号"]);
    assert_eq!(find("xhl20").await, ["杏花路20号"]);
    assert_eq!(
        find("liulin").await,
        ["柳林巷3号"],
        "the neighbour's is found, too"
    );
    assert_eq!(find("Lane").await, ["柳林巷3号"]);
}
