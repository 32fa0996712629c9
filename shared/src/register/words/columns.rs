//! What columns are called. Communities, police and property managers each have names of their own
//! for the same thing; English is understood as well.

use super::{CARE, LAT, LNG, Table, places};
use crate::register::{EntryKind, EntryKind as K};

/// A field, and the names of its column, as they are compared: small letters, without blanks. By the
/// first a table is written.
pub type Column = (EntryKind, &'static str, &'static [&'static str]);

/// The columns of a table. The same name may be another field's in another table: 地址 is a place's own
/// there, and the building's where residents are told.
pub const fn names(table: Table) -> &'static [Column] {
    match table {
        Table::Residents => RESIDENTS,
        Table::Places => places::COLUMNS,
    }
}

const RESIDENTS: &[Column] = &[
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
        "code",
        &[
            "楼栋编码",
            "建筑物编码",
            "楼栋编号",
            "楼宇编码",
            "buildingcode",
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
    (K::Building, LNG, &["经度", "longitude", "lon"]),
    (K::Building, LAT, &["纬度", "latitude"]),
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
        "education",
        &[
            "学历",
            "文化程度",
            "受教育程度",
            "文化水平",
            "educationlevel",
        ],
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
        "disability",
        &["残疾类别", "残疾类型", "disabilitykind"],
    ),
    (
        K::Resident,
        "disability_level",
        &["残疾等级", "残疾级别", "disabilitylevel"],
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

/// What a column of this name stands for.
pub fn field(table: Table, name: &str) -> Option<(EntryKind, &'static str)> {
    let mut all = names(table).iter();
    let found = all.find(|(_, _, names)| names.contains(&name));
    found.map(|(kind, field, _)| (*kind, *field))
}

/// What the column of a field is called where a table is written.
pub fn name(table: Table, kind: EntryKind, field: &str) -> Option<&'static str> {
    let mut all = names(table).iter();
    let found = all.find(|(of, named, _)| (*of, *named) == (kind, field));
    found?.2.first().copied()
}
