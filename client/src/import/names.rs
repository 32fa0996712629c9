//! What columns are called. Communities, police and property managers each have names of their own
//! for the same thing; the names on the wire and in English are understood as well.

use std::borrow::Cow;

use shared::{
    ipc::ImportField,
    register::{EntryKind, EntryKind as K, Type, fields, schema},
};

/// The column that has all care tags of a resident at once.
pub(crate) const CARE: &str = "care";

/// A field that a column fills.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Target {
    /// Of what.
    pub(crate) kind: EntryKind,
    /// Which; [`CARE`]: all tags.
    pub(crate) name: &'static str,
    /// What stands in it.
    pub(crate) of: Type,
}

impl Target {
    /// A field by its name, if a column can fill it: links are made of what the row says, points
    /// are taken on the spot.
    pub(crate) fn find(kind: EntryKind, name: &str) -> Option<Self> {
        if kind == K::Resident && name == CARE {
            return Some(Self {
                kind,
                name: CARE,
                of: Type::Words,
            });
        }
        // All that a row says stands in one grid.
        let is_fillable = match name {
            schema::GRID => kind == K::Building,
            _ => kind != K::Place && !kind.is_apart(),
        };
        let field = fields(kind).iter().find(|it| it.name == name)?;
        let is_fillable = is_fillable && !matches!(field.of, Type::Link(_) | Type::Point);
        is_fillable.then_some(Self {
            kind,
            name: field.name,
            of: field.of,
        })
    }

    /// What the page named.
    pub(crate) fn of(field: &ImportField) -> Option<Self> {
        Self::find(field.kind, field.field.as_str())
    }

    /// As pages name it.
    pub(crate) fn field(self) -> ImportField {
        field(self.kind, self.name)
    }
}

/// A field as pages name it.
pub(crate) fn field(kind: EntryKind, name: &str) -> ImportField {
    ImportField {
        kind,
        field: name.into(),
    }
}

/// Names of columns as they are compared. The first of a field is the one people see elsewhere.
const NAMES: &[(EntryKind, &str, &[&str])] = &[
    (
        K::Building,
        "grid",
        &[
            "所属网格",
            "网格",
            "网格编码",
            "网格编号",
            "网格代码",
            "网格名称",
            "所在网格",
            "gridcode",
        ],
    ),
    (
        K::Building,
        "compound",
        &[
            "小区",
            "小区名称",
            "所属小区",
            "居住小区",
            "小区名",
            "院落",
            "小区院落",
            "自然村",
            "estate",
        ],
    ),
    (
        K::Building,
        "name",
        &[
            "楼号",
            "楼栋",
            "幢",
            "栋",
            "楼栋号",
            "幢号",
            "栋号",
            "楼幢",
            "楼幢号",
            "楼栋名称",
            "楼宇",
            "楼宇名称",
            "座",
            "楼",
            "building",
            "buildingno",
            "block",
        ],
    ),
    (
        K::Building,
        "address",
        &[
            "地址",
            "楼栋地址",
            "详细地址",
            "现住址",
            "住址",
            "居住地址",
            "现居住地址",
            "家庭住址",
        ],
    ),
    (
        K::Building,
        "use",
        &[
            "楼栋用途",
            "楼栋性质",
            "建筑用途",
            "建筑性质",
            "buildinguse",
        ],
    ),
    (K::Building, "units", &["单元数", "单元总数"]),
    (
        K::Building,
        "floors",
        &["地上层数", "总层数", "层数", "楼层数", "总楼层"],
    ),
    (K::Building, "floors_below", &["地下层数"]),
    (
        K::Building,
        "manager",
        &["物业公司", "物业", "物业名称", "物业服务企业"],
    ),
    (K::Building, "manager_phone", &["物业电话", "物业联系电话"]),
    (
        K::Building,
        "steward",
        &["楼长", "楼栋长", "楼长姓名", "楼栋长姓名"],
    ),
    (
        K::Building,
        "steward_phone",
        &["楼长电话", "楼栋长电话", "楼长联系电话"],
    ),
    (K::Building, "hazards", &["隐患", "安全隐患"]),
    (
        K::Dwelling,
        "unit",
        &["单元", "单元号", "unitno", "entrance"],
    ),
    (K::Dwelling, "floor", &["楼层", "所在楼层", "层", "所在层"]),
    (
        K::Dwelling,
        "room",
        &[
            "房号",
            "室",
            "房间号",
            "室号",
            "户室",
            "户室号",
            "门牌",
            "门牌号",
            "房屋号",
            "房屋编号",
            "房间",
            "门号",
            "roomno",
            "door",
            "flat",
        ],
    ),
    (
        K::Dwelling,
        "use",
        &[
            "房屋用途",
            "用途",
            "使用方式",
            "房屋性质",
            "居住方式",
            "房屋类型",
            "房屋状态",
            "dwellinguse",
        ],
    ),
    (
        K::Dwelling,
        "owner",
        &[
            "房主",
            "房主姓名",
            "业主",
            "业主姓名",
            "产权人",
            "户主房东",
            "房东",
            "房东姓名",
        ],
    ),
    (
        K::Dwelling,
        "owner_phone",
        &[
            "房主电话",
            "业主电话",
            "房东电话",
            "房主联系电话",
            "业主联系电话",
        ],
    ),
    (
        K::Dwelling,
        "door_code",
        &["门牌码", "标准地址编码", "二维码门牌", "门牌编码"],
    ),
    (K::Dwelling, "note", &["房屋备注"]),
    (
        K::Household,
        "hukou_no",
        &[
            "户号",
            "户编号",
            "家庭编号",
            "户籍编号",
            "户口编号",
            "户口簿号",
            "户口本号",
            "householdno",
            "household",
        ],
    ),
    (K::Household, "call_first", &["先打电话", "上门前先打电话"]),
    (K::Household, "ended_on", &["注销日期", "销户日期"]),
    (K::Household, "note", &["户备注", "家庭备注"]),
    (
        K::Resident,
        "name",
        &[
            "姓名",
            "居民姓名",
            "人员姓名",
            "成员姓名",
            "家庭成员姓名",
            "家庭成员",
            "名字",
            "fullname",
        ],
    ),
    (
        K::Resident,
        "relation",
        &[
            "与户主关系",
            "与户主的关系",
            "户主关系",
            "家庭关系",
            "成员关系",
            "关系",
            "与房主关系",
            "relationtohead",
        ],
    ),
    (
        K::Resident,
        "id_type",
        &["证件类型", "证件种类", "证件类别", "iddocument"],
    ),
    (
        K::Resident,
        "id_no",
        &[
            "身份证号",
            "证件号码",
            "公民身份号码",
            "身份证",
            "身份证号码",
            "证件号",
            "居民身份证号",
            "居民身份证号码",
            "公民身份证号",
            "公民身份证号码",
            "身份号码",
            "idnumber",
            "idcard",
        ],
    ),
    (K::Resident, "sex", &["性别", "gender"]),
    (
        K::Resident,
        "birth",
        &[
            "出生日期",
            "出生年月日",
            "出生年月",
            "生日",
            "出生",
            "birthday",
            "dateofbirth",
            "birthdate",
        ],
    ),
    (K::Resident, "ethnic", &["民族", "ethnicity", "ethnicgroup"]),
    (
        K::Resident,
        "phone",
        &[
            "联系电话",
            "手机",
            "电话",
            "手机号",
            "手机号码",
            "联系方式",
            "电话号码",
            "本人电话",
            "移动电话",
            "联系手机",
            "mobile",
            "telephone",
            "tel",
        ],
    ),
    (
        K::Resident,
        "kind",
        &[
            "人口类别",
            "人员类别",
            "人口类型",
            "人员类型",
            "人员属性",
            "人口性质",
            "居住类型",
            "户籍类型",
            "residenttype",
        ],
    ),
    (
        K::Resident,
        "hukou_address",
        &[
            "户籍地",
            "户籍地址",
            "户籍所在地",
            "户口所在地",
            "户口地址",
            "籍贯地址",
        ],
    ),
    (
        K::Resident,
        "marital",
        &["婚姻", "婚姻状况", "婚姻情况", "婚否", "maritalstatus"],
    ),
    (
        K::Resident,
        "work",
        &[
            "职业",
            "工作单位",
            "从业状况",
            "就业情况",
            "单位",
            "工作",
            "服务处所",
            "occupation",
        ],
    ),
    (
        K::Resident,
        "contact",
        &[
            "联系人",
            "紧急联系人",
            "紧急联系人姓名",
            "监护人",
            "emergencycontact",
        ],
    ),
    (
        K::Resident,
        "contact_phone",
        &[
            "联系人电话",
            "紧急联系电话",
            "紧急联系人电话",
            "监护人电话",
            "emergencyphone",
        ],
    ),
    (
        K::Resident,
        "presence",
        &[
            "在住情况",
            "居住状态",
            "居住情况",
            "人员状态",
            "是否在住",
            "状态",
        ],
    ),
    (
        K::Resident,
        "presence_since",
        &[
            "在住起始",
            "迁入日期",
            "入住日期",
            "居住起始日期",
            "变动日期",
        ],
    ),
    (
        K::Resident,
        "note",
        &["备注", "说明", "其他", "remark", "remarks"],
    ),
    (
        K::Resident,
        CARE,
        &[
            "关爱对象",
            "关爱类型",
            "重点人群",
            "重点服务人员类型",
            "特殊人群",
            "服务对象",
            "人群标签",
            "标签",
            "careneeds",
        ],
    ),
];

/// The kinds in whose order a bare name on the wire is looked for: `name` is a person's.
const BARE: [EntryKind; 4] = [K::Resident, K::Dwelling, K::Household, K::Building];

/// What a column is, by its name.
pub(crate) fn recognised(header: &str) -> Option<Target> {
    let plain = plain_header(header);
    if plain.is_empty() {
        return None;
    }
    let known = NAMES.iter().find(|(_, _, names)| names.contains(&&*plain));
    if let Some((kind, name, _)) = known {
        return Target::find(*kind, name);
    }
    // The names on the wire: `id_no`, `building.name`.
    let written = header.trim().to_lowercase();
    if let Some((kind, name)) = written.split_once('.') {
        let kind = EntryKind::ALL.into_iter().find(|it| it.as_str() == kind)?;
        return Target::find(kind, name);
    }
    BARE.into_iter()
        .find_map(|kind| Target::find(kind, &written))
}

/// Each column's meaning; a field that was recognised twice is the first one's.
pub(crate) fn recognise<'a>(headers: impl Iterator<Item = &'a str>) -> Vec<Option<Target>> {
    let mut targets: Vec<Option<Target>> = Vec::new();
    for header in headers {
        let target = recognised(header).filter(|it| !targets.contains(&Some(*it)));
        targets.push(target);
    }
    targets
}

/// A name without what people put around it: blanks, stars, what stands in brackets.
fn plain_header(header: &str) -> String {
    let mut plain = String::new();
    let mut depth = 0_u32;
    for letter in half_width(header).chars() {
        match letter {
            '(' | '[' | '【' => depth += 1,
            ')' | ']' | '】' => depth = depth.saturating_sub(1),
            _ if depth > 0 => {}
            '*' | ':' | '_' | '-' | '/' | '、' | '.' | '\'' | '"' => {}
            _ if letter.is_whitespace() => {}
            _ => plain.extend(letter.to_lowercase()),
        }
    }
    plain
}

/// Letters, digits and signs of full width as the usual ones.
pub(crate) fn half_width(text: &str) -> Cow<'_, str> {
    let is_wide = |it: char| matches!(it, '\u{FF01}'..='\u{FF5E}' | '\u{3000}');
    if !text.contains(is_wide) {
        return Cow::Borrowed(text);
    }
    let narrow = |it: char| match it {
        '\u{3000}' => ' ',
        it if is_wide(it) => char::from_u32(u32::from(it) - 0xFEE0).unwrap_or(it),
        it => it,
    };
    Cow::Owned(text.chars().map(narrow).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn says(header: &str) -> Option<(&'static str, &'static str)> {
        let target = recognised(header)?;
        Some((target.kind.as_str(), target.name))
    }

    #[test]
    fn columns_are_recognised_under_the_names_that_communities_use() {
        for (header, target) in [
            ("姓名", ("resident", "name")),
            (" 姓 名 ", ("resident", "name")),
            ("公民身份号码", ("resident", "id_no")),
            ("证件号码*", ("resident", "id_no")),
            ("身份证号码（18位）", ("resident", "id_no")),
            ("手机", ("resident", "phone")),
            ("联系电话：", ("resident", "phone")),
            ("与户主关系", ("resident", "relation")),
            ("人口类别", ("resident", "kind")),
            ("重点人群", ("resident", "care")),
            ("小区名称", ("building", "compound")),
            ("幢", ("building", "name")),
            ("楼栋", ("building", "name")),
            ("网格", ("building", "grid")),
            ("单元", ("dwelling", "unit")),
            ("楼层", ("dwelling", "floor")),
            ("室", ("dwelling", "room")),
            ("户号", ("household", "hukou_no")),
            ("Date of birth", ("resident", "birth")),
            ("ID number", ("resident", "id_no")),
            ("id_no", ("resident", "id_no")),
            ("name", ("resident", "name")),
            ("building.name", ("building", "name")),
            ("dwelling.note", ("dwelling", "note")),
            ("steward_phone", ("building", "steward_phone")),
        ] {
            assert_eq!(says(header), Some(target), "{header:?}");
        }
        for header in [
            "序号",
            "",
            "（必填）",
            "宗教信仰",
            "building.building",
            "household",
            "position",
            "dwelling.grid",
            "place.name",
        ] {
            let said = says(header);
            assert!(
                said.is_none() || header == "household",
                "{header:?}: {said:?}"
            );
        }
    }

    #[test]
    fn a_field_named_twice_is_the_first_columns() {
        let targets = recognise(["电话", "手机", "姓名"].into_iter());

        let names: Vec<_> = targets.iter().map(|it| it.map(|it| it.name)).collect();
        assert_eq!(names, [Some("phone"), None, Some("name")]);
    }

    #[test]
    fn every_field_that_a_column_can_fill_has_a_name_and_no_name_means_two() {
        let mut seen = std::collections::BTreeSet::new();
        for (kind, name, names) in NAMES {
            assert!(Target::find(*kind, name).is_some(), "{kind:?} {name}");
            for name in *names {
                assert_eq!(plain_header(name), *name, "as it is compared");
                assert!(seen.insert(*name), "{name} means two fields");
            }
        }
        for kind in BARE {
            for field in fields(kind) {
                let named = NAMES.iter().any(|it| it.0 == kind && it.1 == field.name);
                assert_eq!(
                    Target::find(kind, field.name).is_some(),
                    named,
                    "{}",
                    field.name
                );
            }
        }
    }
}
