//! Codes by the words that tables have for them. The first word of each is the page's own, and the one
//! that is written; the code itself and its English are understood as well.

use super::{ethnic::ETHNIC, places};
use crate::register::EntryKind as K;

pub(super) type Words = &'static [(&'static str, &'static [&'static str])];

const SEX: Words = &[
    ("1", &["男", "男性", "m", "male"]),
    ("2", &["女", "女性", "f", "female"]),
    ("0", &["未知", "未知的性别", "unknown"]),
    ("9", &["未说明", "未说明的性别", "not stated"]),
];
const RELATION: Words = &[
    (
        "head",
        &[
            "户主",
            "本人",
            "本人或户主",
            "户主本人",
            "0",
            "01",
            "02",
            "self",
            "head of household",
        ],
    ),
    (
        "1",
        &[
            "配偶", "夫", "妻", "妻子", "丈夫", "夫妻", "爱人", "老公", "老婆", "10", "11", "12",
            "spouse", "wife", "husband",
        ],
    ),
    (
        "2",
        &[
            "子",
            "儿子",
            "长子",
            "次子",
            "三子",
            "独生子",
            "独子",
            "养子",
            "继子",
            "女婿",
            "20",
            "son",
        ],
    ),
    (
        "3",
        &[
            "女",
            "女儿",
            "长女",
            "次女",
            "三女",
            "独生女",
            "独女",
            "养女",
            "继女",
            "儿媳",
            "媳妇",
            "30",
            "daughter",
        ],
    ),
    (
        "4",
        &[
            "孙辈",
            "孙子",
            "孙女",
            "外孙",
            "外孙女",
            "孙",
            "孙子女",
            "孙子、孙女或外孙子、外孙女",
            "40",
            "41",
            "42",
            "43",
            "44",
            "grandchild",
            "grandson",
            "granddaughter",
        ],
    ),
    (
        "5",
        &[
            "父母", "父亲", "母亲", "父", "母", "公公", "婆婆", "岳父", "岳母", "50", "51", "52",
            "parent", "father", "mother",
        ],
    ),
    (
        "6",
        &[
            "祖辈",
            "祖父",
            "祖母",
            "爷爷",
            "奶奶",
            "外公",
            "外婆",
            "外祖父",
            "外祖母",
            "祖父母或外祖父母",
            "60",
            "grandparent",
        ],
    ),
    (
        "7",
        &[
            "兄弟姐妹",
            "兄",
            "弟",
            "姐",
            "妹",
            "哥哥",
            "弟弟",
            "姐姐",
            "妹妹",
            "兄、弟、姐、妹",
            "70",
            "sibling",
            "brother",
            "sister",
        ],
    ),
    (
        "8",
        &[
            "其他",
            "其它",
            "其他亲属",
            "非亲属",
            "租客",
            "保姆",
            "朋友",
            "90",
            "97",
            "99",
            "other",
        ],
    ),
];
const KIND: Words = &[
    (
        "registered",
        &[
            "户籍",
            "户籍人口",
            "户籍人员",
            "常住户籍",
            "本地户籍",
            "人户一致",
        ],
    ),
    (
        "permanent",
        &["常住", "常住人口", "寄住人口", "人户分离", "常住非户籍"],
    ),
    (
        "floating",
        &[
            "流动",
            "流动人口",
            "流动人员",
            "暂住",
            "暂住人口",
            "外来人口",
            "租住",
        ],
    ),
    (
        "overseas",
        &["境外", "境外人员", "境外人口", "外籍", "外籍人员"],
    ),
];
const ID_TYPE: Words = &[
    (
        "resident",
        &["居民身份证", "身份证", "二代身份证", "id card"],
    ),
    ("passport", &["护照", "外国护照"]),
    (
        "hmt",
        &[
            "港澳台居住证",
            "港澳居民居住证",
            "台湾居民居住证",
            "港澳居民来往内地通行证",
            "台湾居民来往大陆通行证",
            "回乡证",
            "台胞证",
        ],
    ),
    (
        "foreigner",
        &["外国人永居证", "外国人永久居留身份证", "外国人永久居留证"],
    ),
    (
        "other",
        &[
            "其他证件",
            "其他",
            "其它",
            "军官证",
            "士兵证",
            "户口簿",
            "出生证",
        ],
    ),
    ("none", &["无或不详", "无", "不详", "无证件"]),
];
const MARITAL: Words = &[
    ("10", &["未婚", "single"]),
    (
        "20",
        &[
            "已婚",
            "初婚",
            "再婚",
            "复婚",
            "有配偶",
            "married",
            "21",
            "22",
            "23",
        ],
    ),
    ("30", &["丧偶", "widowed"]),
    ("40", &["离婚", "离异", "divorced"]),
    ("90", &["未说明", "未说明的婚姻状况", "不详"]),
];
const EDUCATION: Words = &[
    (
        "10",
        &[
            "研究生",
            "研究生教育",
            "硕士",
            "博士",
            "硕士研究生",
            "博士研究生",
            "11",
            "14",
        ],
    ),
    ("20", &["大学本科", "本科", "大学", "学士", "21"]),
    ("30", &["大学专科", "专科", "大专", "高职", "31"]),
    (
        "40",
        &[
            "中等职业教育",
            "中专",
            "中职",
            "技校",
            "职高",
            "41",
            "44",
            "47",
        ],
    ),
    ("60", &["普通高中", "高中", "高级中学", "61"]),
    ("70", &["初中", "初级中学", "71"]),
    ("80", &["小学", "81"]),
    ("90", &["其他", "其它", "文盲", "半文盲", "学龄前", "不详"]),
];
const DISABILITY: Words = &[
    ("1", &["视力", "视力残疾", "盲"]),
    ("2", &["听力", "听力残疾", "聋"]),
    ("3", &["言语", "言语残疾"]),
    ("4", &["肢体", "肢体残疾"]),
    ("5", &["智力", "智力残疾"]),
    ("6", &["精神", "精神残疾"]),
    ("7", &["多重", "多重残疾"]),
];
const DISABILITY_LEVEL: Words = &[
    ("1", &["一级", "壹级", "1级"]),
    ("2", &["二级", "贰级", "2级"]),
    ("3", &["三级", "叁级", "3级"]),
    ("4", &["四级", "肆级", "4级"]),
];
const PRESENCE: Words = &[
    ("here", &["在住", "是", "常住", "居住", "正常", "在册"]),
    (
        "moved",
        &[
            "搬离",
            "迁出",
            "搬走",
            "已搬离",
            "不在",
            "否",
            "空挂",
            "已迁出",
            "外出",
        ],
    ),
    ("dead", &["去世", "死亡", "已去世", "已故", "病故"]),
];
const BUILDING_USE: Words = &[
    ("housing", &["住宅", "居住", "居民楼"]),
    ("mixed", &["商住", "商住两用", "综合"]),
    ("business", &["经营", "商业", "商用", "写字楼"]),
    ("public", &["公共", "公建"]),
    ("other", &["其他", "其它"]),
];
const DWELLING_USE: Words = &[
    ("owner", &["自住", "自有", "自住房", "业主自住", "自购"]),
    ("rented", &["出租", "租住", "出租房", "租赁", "承租"]),
    ("vacant", &["空置", "空房", "空关", "闲置", "无人居住"]),
    ("business", &["经营", "商用", "营业", "商业"]),
    ("shared", &["群租", "合租", "集体宿舍"]),
];
const CARE: Words = &[
    ("alone", &["独居老人", "独居", "孤寡老人"]),
    ("empty_nest", &["空巢老人", "空巢"]),
    ("aged", &["高龄老人", "高龄"]),
    (
        "disabled_elder",
        &["失能老人", "失能", "失能失智", "失智老人"],
    ),
    ("disability", &["残疾", "残疾人", "持证残疾人"]),
    (
        "low_income",
        &["低保", "低保户", "特困", "困难家庭", "低收入"],
    ),
    ("child_in_need", &["困境儿童", "困境"]),
    ("left_behind", &["留守儿童", "留守"]),
    ("pregnant", &["孕产妇", "孕妇"]),
    ("illness", &["重病", "大病", "重病患者"]),
    ("bereaved", &["计生特扶", "特扶", "失独家庭", "失独"]),
    ("veteran", &["退役军人", "退伍军人"]),
    ("unemployed", &["失业", "失业人员", "登记失业"]),
];

fn words(kind: K, field: &str) -> Words {
    match (kind, field) {
        (K::Resident, "sex") => SEX,
        (K::Resident, "relation") => RELATION,
        (K::Resident, "kind") => KIND,
        (K::Resident, "id_type") => ID_TYPE,
        (K::Resident, "marital") => MARITAL,
        (K::Resident, "ethnic") => ETHNIC,
        (K::Resident, "education") => EDUCATION,
        (K::Resident, "disability") => DISABILITY,
        (K::Resident, "disability_level") => DISABILITY_LEVEL,
        (K::Resident, "presence") => PRESENCE,
        (K::Resident, super::CARE) => CARE,
        (K::Building, "use") => BUILDING_USE,
        (K::Dwelling, "use") => DWELLING_USE,
        (K::Place, "kind") => places::KIND,
        _ => &[],
    }
}

/// The code that a word, or the code itself, stands for.
pub fn code(kind: K, field: &str, word: &str) -> Option<&'static str> {
    let lower;
    let word = if word.bytes().any(|it| it.is_ascii_uppercase()) {
        lower = word.to_ascii_lowercase();
        &lower
    } else {
        word
    };
    let known = words(kind, field).iter();
    let found = known
        .clone()
        .find(|(code, _)| *code == word)
        .or_else(|| known.clone().find(|(_, words)| words.contains(&word)));
    found.map(|(code, _)| *code)
}

/// The word that stands for a code where a table is written; `None`: a code of a newer version.
pub fn word(kind: K, field: &str, code: &str) -> Option<&'static str> {
    let found = words(kind, field).iter().find(|(known, _)| *known == code);
    found?.1.first().copied()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::register::{Type, fields, schema};

    #[test]
    fn every_code_has_a_word_and_every_word_one_code() {
        for kind in [
            K::Building,
            K::Dwelling,
            K::Household,
            K::Resident,
            K::Place,
        ] {
            for field in fields(kind) {
                let Type::Code(codes) = field.of else {
                    continue;
                };
                let known: Vec<_> = words(kind, field.name).iter().map(|it| it.0).collect();
                for code in codes {
                    assert!(known.contains(code), "{}: {code}", field.name);
                }
                assert_eq!(known.len(), codes.len(), "{}", field.name);
            }
        }
        let tags: Vec<_> = CARE.iter().map(|it| it.0).collect();
        assert_eq!(tags, schema::CARE_TAGS);
        for all in [
            SEX,
            RELATION,
            KIND,
            ID_TYPE,
            MARITAL,
            PRESENCE,
            BUILDING_USE,
            DWELLING_USE,
            places::KIND,
            CARE,
        ] {
            let mut seen = std::collections::BTreeSet::new();
            for word in all.iter().flat_map(|it| it.1) {
                assert!(seen.insert(word), "{word} stands for two codes");
            }
        }
    }

    #[test]
    fn words_are_read_as_people_write_them() {
        let read = |field, word| code(K::Resident, field, word);
        assert_eq!(read("sex", "男"), Some("1"));
        assert_eq!(read("sex", "F"), Some("2"));
        assert_eq!(read("relation", "户主"), Some("head"));
        assert_eq!(read("relation", "长女"), Some("3"));
        assert_eq!(read("relation", "3"), Some("3"));
        assert_eq!(read("kind", "流动人口"), Some("floating"));
        assert_eq!(code(K::Dwelling, "use", "出租"), Some("rented"));
        assert_eq!(code(K::Place, "kind", "诊所"), Some("clinic"));
        assert_eq!(read("sex", "男女"), None);
        assert_eq!(read("name", "男"), None);
    }
}
