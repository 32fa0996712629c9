//! The sample city 汀川市云栖区: one synthetic district, made the same way every time.
//!
//! Everything in it is invented; its division code 329901 belongs to no real place. Demo, tests
//! and benches load it from `packs/sample-city.json`, which the program `sample-city` writes.

mod addresses;
mod calendar;
mod catalogue;
mod divisions;
mod file;
mod layout;
mod pinyin;
pub mod register;
mod staff;
pub mod table;

use shared::{Position, pack::CityPack};

pub use self::file::to_text;

/// The district's code. No province in GB/T 2260 has a city 99.
pub const CITY_CODE: &str = "329901";

/// What a slip in the tables of this module leads to.
#[derive(Debug, thiserror::Error)]
pub enum SampleCityError {
    /// A line of the catalogue's text files that makes no sense.
    #[error("catalogue line {line:?}: {problem}")]
    Catalogue {
        /// The line.
        line: String,
        /// What is wrong.
        problem: &'static str,
    },
    /// A name with a character that has no pinyin.
    #[error("no pinyin for {0:?} in {1:?}")]
    NoPinyin(char, String),
    /// A table with fewer entries than the city needs.
    #[error("the table of {0} is too short")]
    TableTooShort(&'static str),
    /// A point that is not on earth.
    #[error("the layout leaves the earth")]
    OffEarth(#[from] shared::place::NotAPosition),
    /// The pack does not become JSON.
    #[error("the pack does not become JSON")]
    Json(#[from] serde_json::Error),
}

/// Makes the pack.
pub fn sample_city() -> Result<CityPack, SampleCityError> {
    let divisions = divisions::divisions()?;
    let grids = divisions::grids()?;
    let staff = staff::staff(&divisions, &grids)?;
    Ok(CityPack {
        format: "gridwalker-city".to_owned(),
        format_version: shared::pack::FORMAT_VERSION,
        version: "sample-2026.1".to_owned(),
        city: shared::pack::City {
            code: CITY_CODE.to_owned(),
            province: "泽川省".to_owned(),
            prefecture: "汀川市".to_owned(),
            name: "汀川市云栖区".to_owned(),
            name_en: "Yunqi District, Tingchuan".to_owned(),
            centre: Position::new(layout::CENTRE_LNG, layout::CENTRE_LAT)?,
        },
        divisions,
        departments: staff::departments(),
        grids,
        catalogue: catalogue::catalogue()?,
        calendar: calendar::calendar(),
        visiting: shared::pack::Visiting::default(),
        staff,
    })
}
