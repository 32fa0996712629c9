//! 标准地址: every level from the province to the room.

use serde_json::json;
use shared::{
    pack::{City, Division, Grid},
    register::{
        Entry, EntryKind,
        ladder::{Ladder, MISSING, Rung},
    },
};

fn city(province: &str, prefecture: &str) -> City {
    serde_json::from_value(json!({
        "code": "329901", "province": province, "prefecture": prefecture,
        "name": "汀川市云栖区", "name_en": "Yunqi", "centre": { "lng": 120.9, "lat": 32.0 },
    }))
    .unwrap()
}

fn divisions() -> Vec<Division> {
    serde_json::from_value(json!([
        { "code": "329901001", "kind": "street", "parent": "329901", "name": "文峰街道", "name_en": "" },
        { "code": "329901001001", "kind": "community", "parent": "329901001", "name": "文峰社区", "name_en": "" },
    ]))
    .unwrap()
}

fn grid() -> Grid {
    serde_json::from_value(json!({
        "code": "329901001001001", "kind": "general", "name": "第一网格", "name_en": "",
        "community": "329901001001", "polygon": [[120.0, 32.0], [120.1, 32.0], [120.1, 32.1]],
        "addresses": [],
    }))
    .unwrap()
}

fn above(city: &City) -> Ladder {
    let divisions = divisions();
    let division = |code: &str| divisions.iter().find(|it| it.code == code);
    Ladder::of_grid(Some(city), division, &grid())
}

fn entry(given: &serde_json::Value) -> Entry {
    serde_json::from_value(json!({
        "entered": {
            "op_id": "019dfc1c-5c00-7000-8000-000000000041", "at": 1_793_577_600_000_i64,
            "author": { "staff": "w1", "role": "worker" },
        },
        "given": given,
    }))
    .unwrap()
}

#[test]
fn a_door_has_every_level_and_is_told_in_one_line() {
    let building = entry(&json!({ "compound": "丽水花园", "name": "3幢" }));
    let dwelling = entry(&json!({ "unit": "2", "floor": 5, "room": "501" }));

    let ladder = above(&city("泽川省", "汀川市"))
        .with(EntryKind::Building, &building.stands())
        .with(EntryKind::Dwelling, &dwelling.stands());

    let levels: Vec<&str> = Rung::ALL.into_iter().map(|rung| ladder.on(rung)).collect();
    assert_eq!(
        levels,
        [
            "泽川省",
            "汀川市",
            "云栖区",
            "文峰街道",
            "文峰社区",
            "第一网格",
            "丽水花园",
            "3幢",
            "2单元",
            "5层",
            "501室"
        ]
    );
    assert_eq!(
        ladder.line(),
        "泽川省汀川市云栖区文峰街道文峰社区丽水花园3幢2单元5层501室"
    );
}

#[test]
fn a_level_that_is_missing_is_said_to_be_and_left_out_of_the_line() {
    let building = entry(&json!({ "compound": "无", "name": "7" }));
    let dwelling = entry(&json!({ "room": "东侧平房" }));

    let ladder = above(&city("", ""))
        .with(EntryKind::Building, &building.stands())
        .with(EntryKind::Dwelling, &dwelling.stands());

    for rung in [
        Rung::Province,
        Rung::Prefecture,
        Rung::Compound,
        Rung::Unit,
        Rung::Floor,
    ] {
        assert_eq!(ladder.on(rung), MISSING, "{rung:?}");
    }
    assert_eq!(ladder.line(), "汀川市云栖区文峰街道文峰社区7幢东侧平房");
}
