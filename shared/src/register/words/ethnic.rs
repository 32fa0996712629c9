//! 民族: the names of GB/T 3304, which are few and the same everywhere. Written with 族, understood
//! without it as well; the last is the standard's own spelling in Latin letters.

use super::codes::Words;

pub(super) const ETHNIC: Words = &[
    ("01", &["汉族", "汉", "han"]),
    ("02", &["蒙古族", "蒙古", "mongol"]),
    ("03", &["回族", "回", "hui"]),
    ("04", &["藏族", "藏", "zang"]),
    ("05", &["维吾尔族", "维吾尔", "uygur"]),
    ("06", &["苗族", "苗", "miao"]),
    ("07", &["彝族", "彝", "yi"]),
    ("08", &["壮族", "壮", "zhuang"]),
    ("09", &["布依族", "布依", "buyei"]),
    ("10", &["朝鲜族", "朝鲜", "chosen"]),
    ("11", &["满族", "满", "man"]),
    ("12", &["侗族", "侗", "dong"]),
    ("13", &["瑶族", "瑶", "yao"]),
    ("14", &["白族", "白", "bai"]),
    ("15", &["土家族", "土家", "tujia"]),
    ("16", &["哈尼族", "哈尼", "hani"]),
    ("17", &["哈萨克族", "哈萨克", "kazak"]),
    ("18", &["傣族", "傣", "dai"]),
    ("19", &["黎族", "黎", "li"]),
    ("20", &["傈僳族", "傈僳", "lisu"]),
    ("21", &["佤族", "佤", "va"]),
    ("22", &["畲族", "畲", "she"]),
    ("23", &["高山族", "高山", "gaoshan"]),
    ("24", &["拉祜族", "拉祜", "lahu"]),
    ("25", &["水族", "水", "sui"]),
    ("26", &["东乡族", "东乡", "dongxiang"]),
    ("27", &["纳西族", "纳西", "naxi"]),
    ("28", &["景颇族", "景颇", "jingpo"]),
    ("29", &["柯尔克孜族", "柯尔克孜", "kirgiz"]),
    ("30", &["土族", "土", "tu"]),
    ("31", &["达斡尔族", "达斡尔", "daur"]),
    ("32", &["仫佬族", "仫佬", "mulao"]),
    ("33", &["羌族", "羌", "qiang"]),
    ("34", &["布朗族", "布朗", "blang"]),
    ("35", &["撒拉族", "撒拉", "salar"]),
    ("36", &["毛南族", "毛南", "maonan"]),
    ("37", &["仡佬族", "仡佬", "gelao"]),
    ("38", &["锡伯族", "锡伯", "xibe"]),
    ("39", &["阿昌族", "阿昌", "achang"]),
    ("40", &["普米族", "普米", "pumi"]),
    ("41", &["塔吉克族", "塔吉克", "tajik"]),
    ("42", &["怒族", "怒", "nu"]),
    ("43", &["乌孜别克族", "乌孜别克", "uzbek"]),
    ("44", &["俄罗斯族", "俄罗斯", "russ"]),
    ("45", &["鄂温克族", "鄂温克", "ewenki"]),
    ("46", &["德昂族", "德昂", "deang"]),
    ("47", &["保安族", "保安", "bonan"]),
    ("48", &["裕固族", "裕固", "yugur"]),
    ("49", &["京族", "京", "gin"]),
    ("50", &["塔塔尔族", "塔塔尔", "tatar"]),
    ("51", &["独龙族", "独龙", "derung"]),
    ("52", &["鄂伦春族", "鄂伦春", "oroqen"]),
    ("53", &["赫哲族", "赫哲", "hezhen"]),
    ("54", &["门巴族", "门巴", "monba"]),
    ("55", &["珞巴族", "珞巴", "lhoba"]),
    ("56", &["基诺族", "基诺", "jino"]),
    ("97", &["其他", "其它", "其他民族", "other"]),
    (
        "98",
        &[
            "外国血统中国籍人士",
            "外国血统",
            "入籍",
            "of foreign descent",
        ],
    ),
];

/// What a group is called, in Chinese and in the standard's Latin letters. Takes a name for a code, too:
/// tables and forms may have brought one.
pub fn ethnic(code: &str) -> Option<(&'static str, &'static str)> {
    let mut known = ETHNIC.iter();
    let (_, names) = known.find(|(known, names)| *known == code || names.contains(&code))?;
    Some((names.first()?, names.last()?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::register::{
        EntryKind::Resident,
        words::codes::{code, word},
    };

    #[test]
    fn a_group_is_known_by_its_code_by_its_name_and_in_latin_letters() {
        for said in ["05", "维吾尔族", "维吾尔", "Uygur"] {
            assert_eq!(code(Resident, "ethnic", said), Some("05"), "{said}");
        }
        assert_eq!(word(Resident, "ethnic", "05"), Some("维吾尔族"));
        assert_eq!(ethnic("05"), ethnic("维吾尔"));
        assert_eq!(ethnic("05"), Some(("维吾尔族", "uygur")));
        assert_eq!((ethnic("57"), code(Resident, "ethnic", "57")), (None, None));
    }
}
