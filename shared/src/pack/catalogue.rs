//! The catalogue of what can be reported: 大类 / 小类, each with its 立案条件 and limits.

use serde::{Deserialize, Serialize};

use crate::CategoryCode;

/// A field of governance; one tree covers them all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Domain {
    /// 城管部件: things that belong to the city and are broken.
    CityComponent,
    /// 城管事件: what happens in the streets.
    CityEvent,
    /// 综治: disputes and public order.
    PublicOrder,
    /// 应急: emergencies and safety.
    Emergency,
    /// 交通.
    Traffic,
    /// 民生诉求: what residents ask for.
    Livelihood,
    /// 公共卫生.
    PublicHealth,
}

/// How a limit counts time; see [`crate::deadline`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum LimitKind {
    /// 工作时: only hours within working slots of working days.
    WorkHour,
    /// 工作日: as many working hours as a working day has.
    WorkDay,
    /// 紧急工作时: the wall clock, nights and holidays included.
    UrgentHour,
    /// 自然日: calendar days.
    NaturalDay,
}

/// How long handling may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Limit {
    /// How many.
    pub value: u32,
    /// Of what.
    pub kind: LimitKind,
}

/// One condition under which a case is registered 立案条件; the limit hangs on it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Condition {
    /// Its code within the category.
    pub code: String,
    /// When it applies, in words.
    pub text: String,
    /// The same in English.
    pub text_en: String,
    /// What must be true to close the case 结案条件.
    pub close: String,
    /// The same in English.
    pub close_en: String,
    /// The limit for handling.
    pub limit: Limit,
}

/// One 小类 of the catalogue.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Category {
    /// Its code in this edition of the catalogue.
    pub code: CategoryCode,
    /// The field it belongs to.
    pub domain: Domain,
    /// Code of the 大类.
    pub major: String,
    /// Name of the 大类.
    pub major_name: String,
    /// The same in English.
    pub major_name_en: String,
    /// Name of the 小类.
    pub name: String,
    /// The same in English.
    pub name_en: String,
    /// The name in pinyin without tones, syllables separated by spaces.
    pub pinyin: String,
    /// Other words people use for it.
    #[serde(default)]
    pub words: Vec<String>,
    /// What to look at when reporting, one sentence.
    #[serde(default)]
    pub hint: String,
    /// The same in English.
    #[serde(default)]
    pub hint_en: String,
    /// Whether a worker may handle it on the spot 自行处置.
    pub self_handle: bool,
    /// Departments that usually handle it, by id.
    #[serde(default)]
    pub departments: Vec<String>,
    /// 立案条件, at least one.
    pub conditions: Vec<Condition>,
}

/// The catalogue of one edition.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Catalogue {
    /// The edition; codes are only unique within it.
    pub version: String,
    /// All categories.
    pub categories: Vec<Category>,
}

impl Catalogue {
    /// The category with this code.
    pub fn find(&self, code: &CategoryCode) -> Option<&Category> {
        self.categories
            .iter()
            .find(|category| category.code == *code)
    }
}
