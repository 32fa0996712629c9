//! 标准地址: where a door is, level by level from the province to the room. Exchanged tables want every
//! level, and the literal 无 where there is none; people want it in one line.

use super::{EntryKind, FieldValue, Stands};
use crate::pack::{City, Division, Grid};

/// What stands for a level that is missing.
pub const MISSING: &str = "无";

/// A level.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Rung {
    /// 省.
    Province,
    /// 市.
    Prefecture,
    /// 区县.
    District,
    /// 镇街.
    Street,
    /// 社区.
    Community,
    /// 网格.
    Grid,
    /// 小区.
    Compound,
    /// 楼, a number with 幢 or a name.
    Building,
    /// 单元.
    Unit,
    /// 楼层.
    Floor,
    /// 户室.
    Room,
}

impl Rung {
    /// All of them, from the top.
    pub const ALL: [Self; 11] = [
        Self::Province,
        Self::Prefecture,
        Self::District,
        Self::Street,
        Self::Community,
        Self::Grid,
        Self::Compound,
        Self::Building,
        Self::Unit,
        Self::Floor,
        Self::Room,
    ];

    /// What follows a bare number.
    const fn after_number(self) -> &'static str {
        match self {
            Self::Building => "幢",
            Self::Unit => "单元",
            Self::Floor => "层",
            Self::Room => "室",
            _ => "",
        }
    }
}

/// A standard address, as far as it is known.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Ladder(Vec<(Rung, String)>);

impl Ladder {
    /// Where a grid is. `division` finds a street or community by its code.
    pub fn of_grid<'a>(
        city: Option<&City>,
        division: impl Fn(&str) -> Option<&'a Division>,
        grid: &Grid,
    ) -> Self {
        let mut ladder = Self::default();
        if let Some(city) = city {
            let district = city.name.strip_prefix(&city.prefecture);
            ladder.put(Rung::Province, &city.province);
            ladder.put(Rung::Prefecture, &city.prefecture);
            ladder.put(Rung::District, district.unwrap_or(&city.name));
        }
        let community = division(&grid.community);
        if let Some(street) = community.and_then(|it| division(&it.parent)) {
            ladder.put(Rung::Street, &street.name);
        }
        if let Some(community) = community {
            ladder.put(Rung::Community, &community.name);
        }
        ladder.put(Rung::Grid, &grid.name);
        ladder
    }

    /// Goes on with what a building or a dwelling says of itself; other kinds say nothing of it.
    #[must_use]
    pub fn with(mut self, kind: EntryKind, stands: &Stands<'_>) -> Self {
        let text = |field| stands.text(field).unwrap_or_default();
        match kind {
            EntryKind::Building => {
                self.put(Rung::Compound, text("compound"));
                self.put(Rung::Building, text("name"));
            }
            EntryKind::Dwelling => {
                self.put(Rung::Unit, text("unit"));
                if let Some(FieldValue::Number(floor)) = stands.value("floor") {
                    self.put(Rung::Floor, &floor.to_string());
                }
                self.put(Rung::Room, text("room"));
            }
            _ => {}
        }
        self
    }

    /// Goes on with what another says.
    #[must_use]
    pub fn and(mut self, below: &Self) -> Self {
        for (rung, text) in &below.0 {
            self.put(*rung, text);
        }
        self
    }

    /// What stands on a level; [`MISSING`] where nothing does.
    pub fn on(&self, rung: Rung) -> &str {
        let found = self.0.iter().find(|(on, _)| *on == rung);
        found.map_or(MISSING, |(_, text)| text)
    }

    /// In one line, as people write an address: without the grid, and without what is missing.
    pub fn line(&self) -> String {
        let said = self.0.iter().filter(|(rung, _)| *rung != Rung::Grid);
        said.map(|(_, text)| text.as_str()).collect()
    }

    fn put(&mut self, rung: Rung, text: &str) {
        let text = text.trim();
        if text.is_empty() || text == MISSING {
            return;
        }
        let is_number = text.ends_with(|last: char| last.is_ascii_alphanumeric());
        let after = if is_number { rung.after_number() } else { "" };
        self.0.push((rung, format!("{text}{after}")));
        self.0.sort_by_key(|(rung, _)| *rung);
    }
}
