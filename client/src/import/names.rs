//! Which field a column fills, by what it is called ([`columns`]); the names on the wire are
//! understood as well.

use std::borrow::Cow;

use shared::{
    ipc::ImportField,
    register::{
        EntryKind, EntryKind as K, Type, fields, schema,
        words::{CARE, LAT, LNG, Table, columns},
    },
};

/// A field that a column fills.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Target {
    /// Of what.
    pub(crate) kind: EntryKind,
    /// Which; [`CARE`]: all tags; [`LNG`] and [`LAT`]: half of where something is.
    pub(crate) name: &'static str,
    /// What stands in it.
    pub(crate) of: Type,
}

impl Target {
    /// A field by its name, if a column can fill it: links are made of what the row says, and a point
    /// of two columns.
    pub(crate) fn find(table: Table, kind: EntryKind, name: &str) -> Option<Self> {
        if !table.kinds().contains(&kind) {
            return None;
        }
        if kind == K::Resident && name == CARE {
            return Some(Self {
                kind,
                name: CARE,
                of: Type::Words,
            });
        }
        let is_located = kind == table.located();
        if let (true, Some(name)) = (is_located, [LNG, LAT].into_iter().find(|it| *it == name)) {
            return Some(Self {
                kind,
                name,
                of: Type::Point,
            });
        }
        let is_fillable = match (table, kind) {
            // All that a row says stands in one grid.
            _ if name == schema::GRID => is_located,
            // It says where a place is, and nothing of the building.
            (Table::Places, K::Building) => ["compound", "name"].contains(&name),
            _ => true,
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
    pub(crate) fn of(table: Table, field: &ImportField) -> Option<Self> {
        Self::find(table, field.kind, field.field.as_str())
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

/// What a column is, by its name.
pub(crate) fn recognised(table: Table, header: &str) -> Option<Target> {
    let plain = plain_header(header);
    if plain.is_empty() {
        return None;
    }
    if let Some((kind, name)) = columns::field(table, &plain) {
        return Target::find(table, kind, name);
    }
    // The names on the wire: `id_no`, `building.name`.
    let written = header.trim().to_lowercase();
    if let Some((kind, name)) = written.split_once('.') {
        let kind = EntryKind::ALL.into_iter().find(|it| it.as_str() == kind)?;
        return Target::find(table, kind, name);
    }
    // A bare name is first that of what the rows are about: `name` is a person's.
    let mut kinds = table.kinds().iter().rev();
    kinds.find_map(|kind| Target::find(table, *kind, &written))
}

/// Each column's meaning; a field that was recognised twice is the first one's.
pub(crate) fn recognise<'a>(
    table: Table,
    headers: impl Iterator<Item = &'a str>,
) -> Vec<Option<Target>> {
    let mut targets: Vec<Option<Target>> = Vec::new();
    for header in headers {
        let target = recognised(table, header).filter(|it| !targets.contains(&Some(*it)));
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
        says_in(Table::Residents, header)
    }

    fn says_in(table: Table, header: &str) -> Option<(&'static str, &'static str)> {
        let target = recognised(table, header)?;
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
    fn columns_of_places_are_recognised_under_the_names_that_offices_use() {
        for (header, target) in [
            ("单位名称", ("place", "name")),
            ("店名*", ("place", "name")),
            ("企业名称（全称）", ("place", "name")),
            ("统一社会信用代码", ("place", "uscc")),
            ("营业执照号", ("place", "uscc")),
            ("类别", ("place", "kind")),
            ("类型", ("place", "kind")),
            ("经营地址", ("place", "address")),
            ("地址", ("place", "address")),
            ("小区", ("building", "compound")),
            ("所在楼栋", ("building", "name")),
            ("负责人", ("place", "contact")),
            ("法定代表人", ("place", "contact")),
            ("联系电话：", ("place", "contact_phone")),
            ("从业人数", ("place", "staff")),
            ("风险/隐患", ("place", "risks")),
            ("经度", ("place", "lng")),
            ("纬度", ("place", "lat")),
            ("网格", ("place", "grid")),
            ("Credit code", ("place", "uscc")),
            ("Company name", ("place", "name")),
            ("Phone", ("place", "contact_phone")),
            ("uscc", ("place", "uscc")),
            ("building.name", ("building", "name")),
        ] {
            assert_eq!(says_in(Table::Places, header), Some(target), "{header:?}");
        }
        for header in [
            "身份证号",
            "building.floors",
            "building.grid",
            "resident.name",
            "经纬度",
        ] {
            assert_eq!(says_in(Table::Places, header), None, "{header:?}");
        }
    }

    #[test]
    fn a_field_named_twice_is_the_first_columns() {
        let targets = recognise(Table::Residents, ["电话", "手机", "姓名"].into_iter());

        let names: Vec<_> = targets.iter().map(|it| it.map(|it| it.name)).collect();
        assert_eq!(names, [Some("phone"), None, Some("name")]);
    }

    #[test]
    fn every_field_that_a_column_can_fill_has_a_name_and_no_name_means_two() {
        for table in Table::ALL {
            let mut seen = std::collections::BTreeSet::new();
            for (kind, name, names) in columns::names(table) {
                assert!(
                    Target::find(table, *kind, name).is_some(),
                    "{kind:?} {name}"
                );
                for name in *names {
                    assert_eq!(plain_header(name), *name, "as it is compared");
                    assert!(seen.insert(*name), "{name} means two fields");
                }
            }
            for kind in table.kinds() {
                for field in fields(*kind) {
                    let named = columns::name(table, *kind, field.name).is_some();
                    assert_eq!(
                        Target::find(table, *kind, field.name).is_some(),
                        named,
                        "{}",
                        field.name
                    );
                }
            }
        }
    }
}
