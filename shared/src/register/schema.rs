//! Which fields the register has, what stands in them, and which are sensitive. Codes and their
//! sources are DOMAIN's: sex GB/T 2261.1, relation to the head of household GB/T 4761 (one digit),
//! marital state GB/T 2261.2, ethnic group GB/T 3304. Words for people are the page's.
//!
//! Tags are fields of their own, `care:<tag>` and `control:<tag>`, so that two people who each add one agree.

use super::EntryKind;

/// The grid in whose feed an entry stands.
pub const GRID: &str = "grid";

/// What fields that name a grid a campaign is meant for begin with.
pub const IN_GRID: &str = "grid:";

/// What fields of care tags 关爱对象 begin with; of a campaign they name who is meant.
pub const CARE: &str = "care:";

/// What fields of management tags 重点管理 begin with.
pub const CONTROL: &str = "control:";

/// By this name of a resident's a look at their management tags is put down. There is no such field.
pub const CONTROL_LOOK: &str = "control";

/// The field by which a resident who stood in the register twice names whom they go on as.
pub const SAME_AS: &str = "same_as";

/// What fields begin with by which somebody said of two residents that they are two.
pub const NOT_SAME: &str = "not_same:";

/// Where something is.
pub const POSITION: &str = "position";

/// What may stand in a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Type {
    /// Words.
    Words,
    /// One of these codes.
    Code(&'static [&'static str]),
    /// A day, `YYYY-MM-DD`; not in the future.
    Day,
    /// Any day, `YYYY-MM-DD`.
    AnyDay,
    /// A whole number from the first to the last.
    Number(i64, i64),
    /// Yes or no.
    Flag,
    /// 公民身份号码 or another document's number, by what stands in `id_type`.
    IdNumber,
    /// A telephone number.
    Phone,
    /// 统一社会信用代码, GB 32100.
    CreditCode,
    /// A form, by its author's name.
    Form,
    /// What of a form counts, as [`Counts`](super::Counts) reads it.
    Counts,
    /// A grid's code.
    Grid,
    /// The id of an entry of this kind.
    Link(EntryKind),
    /// A point on earth.
    Point,
}

/// A field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Field {
    /// Its name on the wire.
    pub name: &'static str,
    /// What may stand in it.
    pub of: Type,
    /// An entry can't be without it.
    pub required: bool,
}

impl Field {
    /// Shown masked until somebody gives a reason, by 最小必要 (GB/T 35273 §7.2).
    pub const fn is_masked(&self) -> bool {
        matches!(self.of, Type::IdNumber | Type::Phone)
    }
}

const fn field(name: &'static str, of: Type) -> Field {
    Field {
        name,
        of,
        required: false,
    }
}

const fn required(name: &'static str, of: Type) -> Field {
    Field {
        required: true,
        ..field(name, of)
    }
}

/// Kinds of buildings.
pub const BUILDING_USES: &[&str] = &["housing", "mixed", "business", "public", "other"];
/// 房屋用途: 自住, 出租, 空置, 经营, 群租.
pub const DWELLING_USES: &[&str] = &["owner", "rented", "vacant", "business", "shared"];
/// 证件类型: 居民身份证, 护照, 港澳台居住证, 外国人永居, 其他, 无/不详.
pub const ID_TYPES: &[&str] = &["resident", "passport", "hmt", "foreigner", "other", "none"];
/// GB/T 2261.1.
pub const SEXES: &[&str] = &["0", "1", "2", "9"];
/// 人口类别: 户籍, 常住, 流动, 境外.
pub const RESIDENT_KINDS: &[&str] = &["registered", "permanent", "floating", "overseas"];
/// 户主, of [`RELATIONS`].
pub const HEAD: &str = "head";
/// GB/T 4761 in one digit: 本人/户主, 配偶, 子, 女, 孙辈, 父母, 祖辈, 兄弟姐妹, 其他; `head` is 户主.
pub const RELATIONS: &[&str] = &[HEAD, "1", "2", "3", "4", "5", "6", "7", "8"];
/// Where somebody is: 在住, 搬离, 去世.
pub const PRESENCES: &[&str] = &["here", "moved", "dead"];
/// Of [`PRESENCES`]: nobody to be met here any more.
pub const GONE: &[&str] = &["moved", "dead"];
/// Fields that say who a resident is, and whether they are there.
pub const IDENTITY: &[&str] = &["name", "id_type", "id_no", "presence", "presence_since"];
/// GB/T 2261.2 in tens: 未婚, 已婚, 丧偶, 离婚, 未说明.
pub const MARITAL: &[&str] = &["10", "20", "30", "40", "90"];
/// 民族, GB/T 3304: the 56, 其他, 外国血统中国籍人士.
pub const ETHNIC: &[&str] = &[
    "01", "02", "03", "04", "05", "06", "07", "08", "09", "10", "11", "12", "13", "14", "15", "16",
    "17", "18", "19", "20", "21", "22", "23", "24", "25", "26", "27", "28", "29", "30", "31", "32",
    "33", "34", "35", "36", "37", "38", "39", "40", "41", "42", "43", "44", "45", "46", "47", "48",
    "49", "50", "51", "52", "53", "54", "55", "56", "97", "98",
];
/// 学历, GB/T 4658 in tens: 研究生, 本科, 专科, 中等职业, 高中, 初中, 小学, 其他.
pub const EDUCATION: &[&str] = &["10", "20", "30", "40", "60", "70", "80", "90"];
/// 残疾类别, GB/T 26341: 视力, 听力, 言语, 肢体, 智力, 精神, 多重.
pub const DISABILITIES: &[&str] = &["1", "2", "3", "4", "5", "6", "7"];
/// 残疾等级, GB/T 26341, from the gravest.
pub const DISABILITY_LEVELS: &[&str] = &["1", "2", "3", "4"];
/// 场所类别.
pub const PLACE_KINDS: &[&str] = &["shop", "company", "school", "clinic", "venue", "other"];
/// Whom or what a campaign asks about: 居民, 户, 房屋.
pub const MEANT: &[&str] = &["resident", "household", "dwelling"];
/// 关爱对象: 独居老人, 空巢老人, 高龄老人, 失能, 残疾, 低保, 困境儿童, 留守儿童, 孕产妇, 重病,
/// 计生特扶, 退役军人, 失业.
pub const CARE_TAGS: &[&str] = &[
    "alone",
    "empty_nest",
    "aged",
    "disabled_elder",
    "disability",
    "low_income",
    "child_in_need",
    "left_behind",
    "pregnant",
    "illness",
    "bereaved",
    "veteran",
    "unemployed",
];

/// 重点管理人员: 社区矫正, 刑满释放, 吸毒/戒毒, 严重精神障碍, 信访. "特定身份" (PIPL 28): never beside other
/// fields, see [`EntryKind::Management`].
pub const CONTROL_TAGS: &[&str] = &["correction", "released", "drugs", "mental", "petition"];

const BUILDING: &[Field] = &[
    required(GRID, Type::Grid),
    required("compound", Type::Words),
    required("name", Type::Words),
    field("address", Type::Words),
    field("code", Type::Words),
    field("use", Type::Code(BUILDING_USES)),
    field("units", Type::Number(1, 60)),
    field("floors", Type::Number(1, 200)),
    field("floors_below", Type::Number(0, 20)),
    field("manager", Type::Words),
    field("manager_phone", Type::Phone),
    field("steward", Type::Words),
    field("steward_phone", Type::Phone),
    field("hazards", Type::Words),
    field(POSITION, Type::Point),
];

const DWELLING: &[Field] = &[
    required(GRID, Type::Grid),
    required("building", Type::Link(EntryKind::Building)),
    field("unit", Type::Words),
    field("floor", Type::Number(-20, 200)),
    required("room", Type::Words),
    field("use", Type::Code(DWELLING_USES)),
    field("owner", Type::Words),
    field("owner_phone", Type::Phone),
    field("door_code", Type::Words),
    field("note", Type::Words),
];

const HOUSEHOLD: &[Field] = &[
    required(GRID, Type::Grid),
    required("dwelling", Type::Link(EntryKind::Dwelling)),
    field("hukou_no", Type::Words),
    field("ended_on", Type::Day),
    field("call_first", Type::Flag),
    field("note", Type::Words),
];

const RESIDENT: &[Field] = &[
    required(GRID, Type::Grid),
    required("household", Type::Link(EntryKind::Household)),
    required("name", Type::Words),
    field("relation", Type::Code(RELATIONS)),
    field("id_type", Type::Code(ID_TYPES)),
    field("id_no", Type::IdNumber),
    field("sex", Type::Code(SEXES)),
    field("birth", Type::Day),
    field("ethnic", Type::Code(ETHNIC)),
    field("phone", Type::Phone),
    field("kind", Type::Code(RESIDENT_KINDS)),
    field("hukou_address", Type::Words),
    field("marital", Type::Code(MARITAL)),
    field("education", Type::Code(EDUCATION)),
    field("work", Type::Words),
    field("contact", Type::Words),
    field("contact_phone", Type::Phone),
    field("presence", Type::Code(PRESENCES)),
    field("presence_since", Type::Day),
    field("disability", Type::Code(DISABILITIES)),
    field("disability_level", Type::Code(DISABILITY_LEVELS)),
    field("note", Type::Words),
    field(SAME_AS, Type::Link(EntryKind::Resident)),
];

const PLACE: &[Field] = &[
    required(GRID, Type::Grid),
    field("building", Type::Link(EntryKind::Building)),
    required("name", Type::Words),
    field("kind", Type::Code(PLACE_KINDS)),
    field("uscc", Type::CreditCode),
    field("address", Type::Words),
    field("contact", Type::Words),
    field("contact_phone", Type::Phone),
    field("staff", Type::Number(0, 100_000)),
    field("risks", Type::Words),
    field(POSITION, Type::Point),
];

const CAMPAIGN: &[Field] = &[
    required("title", Type::Words),
    required("form", Type::Form),
    field("counts", Type::Counts),
    required("about", Type::Code(MEANT)),
    required("from", Type::AnyDay),
    required("until", Type::AnyDay),
    field("min_age", Type::Number(0, 150)),
    field("max_age", Type::Number(0, 150)),
    field("note", Type::Words),
    field("ended_on", Type::Day),
];

const MANAGEMENT: &[Field] = &[
    required(GRID, Type::Grid),
    required("resident", Type::Link(EntryKind::Resident)),
    field("officer", Type::Words),
    field("note", Type::Words),
];

/// The fields of a kind, in the order people see. Tags come beside them.
pub const fn fields(kind: EntryKind) -> &'static [Field] {
    match kind {
        EntryKind::Building => BUILDING,
        EntryKind::Dwelling => DWELLING,
        EntryKind::Household => HOUSEHOLD,
        EntryKind::Resident => RESIDENT,
        EntryKind::Place => PLACE,
        EntryKind::Campaign => CAMPAIGN,
        EntryKind::Management => MANAGEMENT,
    }
}

/// A field by its name; `None` for one this version doesn't know.
pub fn find(kind: EntryKind, name: &str) -> Option<Field> {
    if let Some(tag) = name.strip_prefix(CARE) {
        let may_have = matches!(kind, EntryKind::Resident | EntryKind::Campaign);
        let known = CARE_TAGS.contains(&tag);
        return (known && may_have).then_some(field("care", Type::Flag));
    }
    if let Some(tag) = name.strip_prefix(CONTROL) {
        let known = CONTROL_TAGS.contains(&tag) && kind == EntryKind::Management;
        return known.then_some(field("control", Type::Flag));
    }
    if kind == EntryKind::Campaign && name.starts_with(IN_GRID) {
        return Some(field("grids", Type::Flag));
    }
    if kind == EntryKind::Resident && name.starts_with(NOT_SAME) {
        return Some(field("not_same", Type::Flag));
    }
    fields(kind).iter().find(|it| it.name == name).copied()
}
