//! A city of two grids, three categories and four people, all invented.

use std::collections::{BTreeMap, BTreeSet};

use shared::{
    Role, StaffId,
    hub_api::StaffCard,
    pack::{
        Address, Calendar, Catalogue, Category, City, CityPack, Condition, Division, DivisionKind,
        Domain, FORMAT_VERSION, Grid, Limit, LimitKind, StaffEntry,
    },
    place::Position,
};

/// The grid of Lin Xiaoman, about 950 m by 1,100 m.
pub(super) const HOME: &str = "990101001001001";
/// The community of both grids.
const COMMUNITY: &str = "990101001001";
/// The grid east of it.
pub(super) const EAST: &str = "990101001001002";

pub(super) fn position(lng: f64, lat: f64) -> Position {
    Position::new(lng, lat).unwrap()
}

pub(super) fn worker() -> StaffCard {
    card(
        "S1",
        "林小满",
        "Lin Xiaoman",
        vec![Role::Worker],
        vec![HOME],
    )
}

pub(super) fn colleague() -> StaffCard {
    card("S2", "周大有", "Zhou Dayou", vec![Role::Worker], vec![HOME])
}

pub(super) fn clerk() -> StaffCard {
    card(
        "C1",
        "何青禾",
        "He Qinghe",
        vec![Role::Clerk],
        vec![HOME, EAST],
    )
}

fn card(id: &str, name: &str, name_en: &str, roles: Vec<Role>, grids: Vec<&str>) -> StaffCard {
    StaffCard {
        id: id.into(),
        name: name.to_owned(),
        name_en: name_en.to_owned(),
        badge_no: format!("N{id}"),
        roles,
        grids: grids.into_iter().map(Into::into).collect(),
        permissions: BTreeSet::new(),
    }
}

pub(super) fn pack() -> CityPack {
    let staff = [worker(), colleague(), clerk()].map(|card| StaffEntry {
        id: StaffId(card.id.0),
        name: card.name,
        name_en: card.name_en,
        badge_no: card.badge_no,
        roles: card.roles,
        permissions: card.permissions,
        grids: card.grids,
        communities: Vec::new(),
        department: None,
    });
    CityPack {
        format: "gridwalker-city".to_owned(),
        format_version: FORMAT_VERSION,
        version: "test-1".to_owned(),
        visiting: shared::pack::Visiting::default(),
        city: City {
            province: String::new(),
            prefecture: String::new(),
            code: "990101".to_owned(),
            name: "样例区".to_owned(),
            name_en: "Sample District".to_owned(),
            centre: position(120.005, 31.005),
        },
        divisions: vec![Division {
            code: COMMUNITY.to_owned(),
            kind: DivisionKind::Community,
            parent: "990101001".to_owned(),
            name: "杏花社区".to_owned(),
            name_en: "Xinghua".to_owned(),
        }],
        departments: Vec::new(),
        grids: vec![
            grid(
                HOME,
                "杏花01网格",
                120.0,
                vec![
                    address(
                        "杏花路",
                        "杏花路8号",
                        "8 Xinghua Road",
                        "xing hua lu 8 hao",
                        120.003,
                    ),
                    address(
                        "杏花路",
                        "杏花路20号",
                        "20 Xinghua Road",
                        "xing hua lu 20 hao",
                        120.008,
                    ),
                ],
            ),
            grid(
                EAST,
                "柳林02网格",
                120.01,
                vec![address(
                    "柳林巷",
                    "柳林巷3号",
                    "3 Liulin Lane",
                    "liu lin xiang 3 hao",
                    120.015,
                )],
            ),
        ],
        catalogue: Catalogue {
            version: "2026".to_owned(),
            categories: vec![
                category("E01", "道路破损", "dao lu po sun", "Damaged road", false),
                category("E02", "暴露垃圾", "bao lu la ji", "Exposed rubbish", true),
                category(
                    "C01",
                    "雨水井盖",
                    "yu shui jing gai",
                    "Storm drain cover",
                    false,
                ),
            ],
        },
        calendar: Calendar {
            utc_offset_minutes: 480,
            slots: vec![[480, 720], [840, 1080]],
            days: BTreeMap::new(),
            valid_from: "2026-01-01".to_owned(),
            valid_to: "2027-12-31".to_owned(),
        },
        staff: staff.into(),
    }
}

fn grid(code: &str, name: &str, west: f64, addresses: Vec<Address>) -> Grid {
    let east = west + 0.01;
    Grid {
        code: code.into(),
        name: name.to_owned(),
        name_en: format!("Grid {code}"),
        community: COMMUNITY.to_owned(),
        polygon: vec![[west, 31.0], [east, 31.0], [east, 31.01], [west, 31.01]],
        addresses,
    }
}

fn address(street: &str, text: &str, text_en: &str, pinyin: &str, lng: f64) -> Address {
    Address {
        street: street.to_owned(),
        text: text.to_owned(),
        text_en: text_en.to_owned(),
        pinyin: pinyin.to_owned(),
        position: position(lng, 31.005),
    }
}

fn category(code: &str, name: &str, pinyin: &str, name_en: &str, self_handle: bool) -> Category {
    Category {
        code: code.into(),
        domain: Domain::CityEvent,
        major: "01".to_owned(),
        major_name: "市容环境".to_owned(),
        major_name_en: "Streets".to_owned(),
        name: name.to_owned(),
        name_en: name_en.to_owned(),
        pinyin: pinyin.to_owned(),
        words: Vec::new(),
        hint: String::new(),
        hint_en: String::new(),
        self_handle,
        departments: Vec::new(),
        conditions: vec![Condition {
            code: "1".to_owned(),
            text: "看得见".to_owned(),
            text_en: "It can be seen".to_owned(),
            close: "处理完".to_owned(),
            close_en: "It is mended".to_owned(),
            limit: Limit {
                value: 4,
                kind: LimitKind::WorkHour,
            },
        }],
    }
}
