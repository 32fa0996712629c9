//! Streets, communities and grids: three by three by four, numbered west to east, north to south.

use shared::{
    GridCode,
    pack::{Division, DivisionKind, Grid},
};

use super::{
    CITY_CODE, SampleCityError,
    addresses::addresses,
    layout::{SIDE, blocks},
    pinyin::proper_name,
};

/// Streets with their communities from west to east.
const STREETS: [(&str, [&str; 3]); 3] = [
    ("文峰", ["文峰", "青石桥", "荷塘"]),
    ("望汀", ["望汀", "梧桐里", "长渠"]),
    ("临桥", ["临桥", "柳岸", "银杏湾"]),
];

/// Streets and communities.
pub(super) fn divisions() -> Result<Vec<Division>, SampleCityError> {
    let mut divisions = Vec::new();
    for (street, (name, communities)) in STREETS.iter().enumerate() {
        let street_code = street_code(street);
        divisions.push(Division {
            code: street_code.clone(),
            kind: DivisionKind::Street,
            parent: CITY_CODE.to_owned(),
            name: format!("{name}街道"),
            name_en: format!("{} Subdistrict", proper_name(name)?),
        });
        for (community, name) in communities.iter().enumerate() {
            divisions.push(Division {
                code: community_code(street, community),
                kind: DivisionKind::Community,
                parent: street_code.clone(),
                name: format!("{name}社区"),
                name_en: format!("{} Community", proper_name(name)?),
            });
        }
    }
    Ok(divisions)
}

/// Grids, ordered by code. A community has four blocks, two by two.
pub(super) fn grids() -> Result<Vec<Grid>, SampleCityError> {
    let mut grids = Vec::new();
    for block in blocks() {
        let (street, community) = (block.row / 2, block.column / 2);
        let number = block.row % 2 * 2 + block.column % 2 + 1;
        let name = STREETS
            .get(street)
            .and_then(|(_, communities)| communities.get(community))
            .ok_or(SampleCityError::TableTooShort("communities"))?;
        let community = community_code(street, community);
        grids.push(Grid {
            code: GridCode(format!("{community}{number:03}")),
            name: format!("{name}{number:02}网格"),
            name_en: format!("{} Grid {number:02}", proper_name(name)?),
            community,
            polygon: block.outline()?,
            addresses: addresses(&block, block.row * SIDE + block.column)?,
        });
    }
    grids.sort_by(|a, b| a.code.cmp(&b.code));
    Ok(grids)
}

fn street_code(street: usize) -> String {
    format!("{CITY_CODE}{:03}", street + 1)
}

fn community_code(street: usize, community: usize) -> String {
    format!("{}{:03}", street_code(street), community + 1)
}
