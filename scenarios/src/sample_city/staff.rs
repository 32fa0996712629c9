//! Departments and staff. Every name is invented; there are no telephone numbers and no ids of
//! persons, because a sample needs none.

use std::collections::BTreeSet;

use shared::{
    Permission, Role, StaffId,
    pack::{Department, Division, DivisionKind, Grid, StaffEntry},
};

use super::{SampleCityError, pinyin::proper_name};

/// Id, name, English name.
const DEPARTMENTS: [(&str, &str, &str); 14] = [
    ("urban", "区城市管理局", "Urban Management Bureau"),
    ("sanitation", "区环境卫生管理所", "Sanitation Office"),
    ("parks", "区园林绿化管理所", "Parks and Greenery Office"),
    (
        "housing",
        "区住房和城乡建设局",
        "Housing and Construction Bureau",
    ),
    ("water", "区水务局", "Water Bureau"),
    (
        "utilities",
        "区公用管线协调办公室",
        "Utility Lines Coordination Office",
    ),
    ("police", "云栖公安分局", "Yunqi Police"),
    ("traffic", "云栖交通警察大队", "Yunqi Traffic Police"),
    ("emergency", "区应急管理局", "Emergency Management Bureau"),
    ("fire", "区消防救援大队", "Fire and Rescue Brigade"),
    ("justice", "区司法局", "Justice Bureau"),
    (
        "civil",
        "区民政和人力资源局",
        "Civil Affairs and Employment Bureau",
    ),
    ("health", "区卫生健康局", "Health Bureau"),
    ("market", "区市场监督管理局", "Market Supervision Bureau"),
];

/// Family names, the first syllable of [`GIVEN`] names' owners.
const FAMILY: [&str; 16] = [
    "林", "陈", "周", "吴", "徐", "孙", "胡", "郭", "何", "高", "罗", "郑", "梁", "宋", "唐", "许",
];
const GIVEN: [&str; 23] = [
    "小禾", "知远", "雨桐", "文博", "思衡", "云帆", "静姝", "明轩", "若溪", "子衿", "海宁", "书瑶",
    "景行", "念慈", "一鸣", "清扬", "佳音", "望舒", "青禾", "晨曦", "修远", "婉清", "立新",
];

/// Who may know 重点管理 of those who live in their grids: a worker and the clerk of the community.
const PERMITTED: [&str; 2] = ["w-0101", "c-01"];

/// Departments.
pub(super) fn departments() -> Vec<Department> {
    DEPARTMENTS
        .iter()
        .map(|(id, name, name_en)| Department {
            id: (*id).to_owned(),
            name: (*name).to_owned(),
            name_en: (*name_en).to_owned(),
        })
        .collect()
}

/// A worker for each grid, a clerk for each community, a dispatcher for each street, a handler
/// for each department, two leaders and an admin.
pub(super) fn staff(
    divisions: &[Division],
    grids: &[Grid],
) -> Result<Vec<StaffEntry>, SampleCityError> {
    let communities: Vec<_> = of_kind(divisions, DivisionKind::Community).collect();
    let mut roll = Roll::default();
    for (number, community) in (1..).zip(&communities) {
        let own = grids.iter().filter(|grid| grid.community == community.code);
        for (grid_number, grid) in (1..).zip(own) {
            let id = format!("w-{number:02}{grid_number:02}");
            roll.add(&id, &[Role::Worker])?
                .grids
                .push(grid.code.clone());
        }
    }
    for (number, community) in (1..).zip(&communities) {
        roll.add(&format!("c-{number:02}"), &[Role::Clerk])?
            .communities
            .push(community.code.clone());
    }
    for (number, street) in (1..).zip(of_kind(divisions, DivisionKind::Street)) {
        let id = format!("d-{number:02}");
        roll.add(&id, &[Role::Dispatcher, Role::Clerk])?.communities = communities
            .iter()
            .filter(|community| community.parent == street.code)
            .map(|community| community.code.clone())
            .collect();
    }
    for (id, ..) in &DEPARTMENTS {
        roll.add(&format!("h-{id}"), &[Role::Handler])?.department = Some((*id).to_owned());
    }
    for number in 1..=2 {
        roll.add(&format!("l-{number:02}"), &[Role::Leader])?
            .communities = communities
            .iter()
            .map(|community| community.code.clone())
            .collect();
    }
    roll.add("a-01", &[Role::Admin])?;
    for entry in &mut roll.staff {
        if PERMITTED.contains(&entry.id.as_str()) {
            entry.permissions = [Permission::Control].into();
        }
    }
    Ok(roll.staff)
}

fn of_kind(divisions: &[Division], kind: DivisionKind) -> impl Iterator<Item = &Division> {
    divisions
        .iter()
        .filter(move |division| division.kind == kind)
}

/// Names people one after the other; nobody's name occurs twice, because 16 and 23 have no
/// common factor.
#[derive(Default)]
struct Roll {
    staff: Vec<StaffEntry>,
}

impl Roll {
    fn add(&mut self, id: &str, roles: &[Role]) -> Result<&mut StaffEntry, SampleCityError> {
        let number = self.staff.len();
        let short = SampleCityError::TableTooShort("names");
        let (Some(family), Some(given)) = (
            FAMILY.get(number % FAMILY.len()),
            GIVEN.get(number % GIVEN.len()),
        ) else {
            return Err(short);
        };
        self.staff.push(StaffEntry {
            id: StaffId::from(id),
            name: format!("{family}{given}"),
            name_en: format!("{} {}", proper_name(family)?, proper_name(given)?),
            badge_no: format!("YQ-{:04}", number + 1),
            roles: roles.to_vec(),
            permissions: BTreeSet::new(),
            grids: Vec::new(),
            communities: Vec::new(),
            department: None,
        });
        self.staff.last_mut().ok_or(short)
    }
}
