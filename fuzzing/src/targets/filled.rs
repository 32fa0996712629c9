//! Forms: workbooks, sheets, definitions, expressions, lists; and filling them in.

use forms::{
    Form,
    sheet::{Limits, Sheet},
    table::read_csv,
    xlsform,
};

use crate::{
    desk::{beside, book, fill},
    measure::Bound,
    target::Stand,
};

/// The forms that come with the project: bytes and name.
pub(super) const SHIPPED: [(&[u8], &str); 4] = [
    (
        include_bytes!("../../../packs/forms/household-visit.xlsx"),
        "household-visit",
    ),
    (
        include_bytes!("../../../packs/forms/nucleic-acid.xlsx"),
        "nucleic-acid",
    ),
    (
        include_bytes!("../../../packs/forms/resident-check.xlsx"),
        "resident-check",
    ),
    (
        include_bytes!("../../../packs/forms/vaccination.xlsx"),
        "vaccination",
    ),
];

/// One of them, read.
pub(super) fn shipped(name: &str) -> Form {
    let (bytes, _) = SHIPPED.iter().find(|it| it.1 == name).unwrap();
    let book = xlsform::read(bytes).unwrap();
    xlsform::load(&book, name, &beside()).unwrap().form
}

/// A workbook of some kilobytes may unfold to thousands of times that, up to the limit of a form
/// (200 MB of XML, read piece by piece); what is kept of it are rows.
pub(super) const WORKBOOK: Bound = Bound {
    ms: 20_000,
    bytes: 256 << 20,
};

/// Of an import, but small: the bounds must hold whatever they are.
const LIMITS: Limits = Limits {
    bytes: 1 << 20,
    unpacked_bytes: 8 << 20,
    rows: 2_000,
    columns: 100,
};

/// Reads it as a table that is imported, row by row.
fn rows_of(bytes: &[u8]) {
    let Ok(sheet) = Sheet::read(bytes.to_vec(), &LIMITS) else {
        return;
    };
    assert!(
        sheet.len() <= LIMITS.rows as usize,
        "as many as there may be"
    );
    let mut cells = Vec::new();
    for at in 0..sheet.len() {
        sheet.row(at, &mut cells);
        assert!(sheet.number(at) > 0, "rows are counted from 1");
    }
}

/// Bytes of a workbook, read as a form and as a table.
pub(super) fn workbooks() -> Stand {
    let examples = SHIPPED.map(|(bytes, _)| bytes.to_vec());
    Stand::new(examples.to_vec(), |bytes| {
        if let Ok(book) = xlsform::read(bytes)
            && let Ok(loaded) = xlsform::load(&book, "form", &beside())
        {
            fill(loaded.form, &["1"]);
        }
        rows_of(bytes);
    })
}

/// A small form, some answers, and what is shown each time. A form of sixty lines may count a repeat up
/// to as many instances as there may be.
pub(super) const FORM: Bound = Bound {
    ms: 20_000,
    bytes: 128 << 20,
};

/// What parts the sheets from each other, and from the answers.
const PART: &str = "\n----\n";

const SURVEYS: [&str; 4] = [
    "type | name | label | relevant | constraint | calculation | required
     text | name | 姓名 | | string-length(.) < 20 | | yes
     integer | age | 年龄 | ${name} != '' | . >= 0 and . < 130
     select_one yn | well | 身体好吗 | ${age} > 60
     select_multiple yn | both | 都选 | selected(${well}, 'n')
     calculate | sum | | | | ${age} * 2 + count-selected(${both})
     note | told | 共 ${sum}
----
list_name | name | label
     yn | y | 是
     yn | n | 否
----
form_id | version | default_language
     visit | 3 | zh
----
田甲
70
n
y n",
    "type | name | label | calculation | repeat_count | relevant
     integer | n | 几人
     begin repeat | member | 成员 | | ${n}
     text | name | 姓名
     date | born | 生日
     calculate | place | | position(..)
     calculate | years | | int((today() - ${born}) div 365.25)
     end repeat
     calculate | all | | join('、', ${name})
     calculate | oldest | | max(${years})
     begin group | g | 其他 | | | count(${member}) > 1
     geopoint | here | 位置
     calculate | far | | distance(concat(${here}, ';32.1 120.9 0 0'))
     end group
----
----
----
3
2001-02-03
32.0 120.9 0 0",
    "type | name | label | choice_filter | appearance | calculation | parameters
     select_one_from_file resident.csv | who | 谁 | | | pulldata('resident', 'name', 'name', ${q})
     text | q | 找
     select_one towns | town | 镇
     select_one streets | street | 街道 | town = ${town}
     rank streets | order | 排序
     range | r | 刻度 | | | | start=1 end=9 step=2
     calculate | h | | | | digest(${q}, 'SHA-256', 'hex')
     calculate | d | | | | format-date(now(), '%Y-%m-%d %H:%M')
     calculate | x | | | | regex(${q}, '^[0-9]{3}-[a-z]+$')
----
list_name | name | label | town
     towns | a | 甲镇
     towns | b | 乙镇
     streets | s1 | 一街 | a
     streets | s2 | 二街 | b
----
----
s1
123-abc",
    "type | name | label::zh | label::en | trigger | calculation | default
     text | a | 一 | one | | | ${last-saved#a}
     calculate | when | | | ${a} | once(uuid())
     decimal | d | 数 | number | | | 1 div 3
     acknowledge | ok | 确认 | sure
     image | pic | 照片 | picture
----
----
----
OK
1e9",
];

/// A workbook as text: survey, choices, settings, and answers, a line each.
pub(super) fn sheets() -> Stand {
    let examples = SURVEYS.map(|text| text.as_bytes().to_vec());
    Stand::new(examples.to_vec(), |bytes| {
        let text = String::from_utf8_lossy(bytes);
        let mut parts = text.splitn(4, PART);
        let mut part = || parts.next().unwrap_or_default();
        let book = book(part(), part(), part());
        let answers: Vec<&str> = part().lines().take(8).collect();
        match xlsform::load(&book, "form", &beside()) {
            Ok(loaded) => fill(loaded.form, &answers),
            Err(mistakes) => {
                assert!(!mistakes.is_empty(), "refused for a reason");
                let _told: Vec<_> = mistakes.iter().map(ToString::to_string).collect();
            }
        }
    })
}

const EXPRESSIONS: [&str; 24] = [
    "${a} + 1 > 2 and not(${b} = '') or false()",
    "if(selected(${m}, 'y'), 'x', concat(${a}, '-', ${b}))",
    "sum(${n}) div count(${r}) * -3 mod 2",
    "/data/r[position() = 2]/n | ../a",
    "format-date(date('2026-11-26'), '%e %b %Y %H:%M:%3')",
    "decimal-date-time(now()) - 0.5",
    "substr('楼道灯不亮', 1, 3)",
    "regex(${b}, '^(a+)+$')",
    "area('32 120 0 0;32 121 0 0;33 121 0 0')",
    "distance(${g})",
    "digest(${b}, 'MD5', 'base64')",
    "base64-decode('5qW8')",
    "indexed-repeat(${n}, ${r}, 1)",
    "randomize(/data/r, 42)",
    "checklist(1, 2, ${a} = 1) + weighted-checklist(1, 3, 'a', 2)",
    "coalesce(${a}, number('NaN'), 1 div 0)",
    "round(1.00000001, 20)",
    "string(10000000000000000000000)",
    "translate(${b}, 'abc', 'AB')",
    "normalize-space('  a   b ')",
    "jr:choice-name(${m}, '${m}')",
    "pulldata('resident', 'name', 'name', ${b})",
    "((((((((((1))))))))))",
    "count-non-empty(${n}) + min(${n}, 3) + max(1, 2) + pow(2, 0.5)",
];

/// One expression, read; then computed in a form that has a bit of everything.
pub(super) fn expressions() -> Stand {
    let examples = EXPRESSIONS.map(|text| text.as_bytes().to_vec());
    Stand::new(examples.to_vec(), |bytes| {
        let text = String::from_utf8_lossy(bytes);
        drop(forms::xpath::parse(&text));
        let expression: String = text.chars().filter(|it| !"|\n\r".contains(*it)).collect();
        let survey = format!(
            "type | name | label | calculation | repeat_count
             integer | a | A
             text | b | B
             select_multiple yn | m | M
             geotrace | g | G
             begin repeat | r | R | | 3
             integer | n | N | position(..)
             end repeat
             calculate | c | | {expression}"
        );
        let choices = "list_name | name | label\nyn | y | 是\nyn | n | 否";
        if let Ok(loaded) = xlsform::load(&book(&survey, choices, ""), "form", &beside()) {
            fill(loaded.form, &["7", "y n", "32 120 0 0;32 121 0 0"]);
        }
    })
}

/// Definitions as hubs hand them out.
pub(super) fn definitions() -> Stand {
    let examples = SHIPPED.map(|(_, name)| serde_json::to_vec(&shipped(name)).unwrap());
    Stand::new(examples.to_vec(), |bytes| {
        if let Ok(form) = serde_json::from_slice::<Form>(bytes) {
            let _asked = serde_json::to_vec(&form).unwrap();
            fill(form, &["1", "是"]);
        }
    })
}

/// A list of some kilobytes.
pub(super) const LIST: Bound = Bound {
    ms: 2_000,
    bytes: 16 << 20,
};

/// Lists beside forms, and tables that are imported, in whatever encoding.
pub(super) fn lists() -> Stand {
    let gbk = b"\xd0\xd5\xc3\xfb,\xb5\xe7\xbb\xb0\r\n\xcc\xef\xbc\xd7,1380000\r\n".to_vec();
    let utf16: Vec<u8> = "\u{feff}name\tlabel\n甲\t乙\n"
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    let examples = vec![
        "name,label,town\na,\"甲, \"\"乙\"\"\",x\nb,丙,\n"
            .as_bytes()
            .to_vec(),
        "\u{feff}name;label\r\na;1\r\n\r\nb;\"2\r\n3\"\r\n".into(),
        gbk,
        utf16,
    ];
    Stand::new(examples, |bytes| {
        if let Ok(table) = read_csv(bytes) {
            let again = serde_json::to_string(&table).unwrap();
            let table: forms::Table = serde_json::from_str(&again).unwrap();
            assert!(!table.columns().is_empty(), "a list has columns");
        }
        rows_of(bytes);
    })
}
