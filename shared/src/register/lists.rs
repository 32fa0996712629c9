//! The register as lists that forms look things up in, as ODK does it with lists of entities: a file of
//! the name of a kind, `resident.csv`, that nobody gives is what a device has of that kind.

use std::collections::BTreeMap;

use super::{EntryKind, fields, schema};

/// The column of the id.
pub const ID: &str = "name";

/// The column of what people call it.
pub const LABEL: &str = "label";

/// The kinds that are lists. A campaign is asked, it is not asked for.
pub const LISTED: [EntryKind; 5] = [
    EntryKind::Building,
    EntryKind::Dwelling,
    EntryKind::Household,
    EntryKind::Resident,
    EntryKind::Place,
];

/// The name of the file that a kind stands for.
pub fn file(kind: EntryKind) -> String {
    format!("{}.csv", kind.as_str())
}

/// The kind that a file stands for, if it is given by nobody.
pub fn of_file(name: &str) -> Option<EntryKind> {
    let stem = name.strip_suffix(".csv")?;
    LISTED.into_iter().find(|kind| kind.as_str() == stem)
}

/// All of them, by the names of their files, with the columns they can have.
pub fn all() -> BTreeMap<String, Vec<String>> {
    let list = |kind| {
        let columns = columns(kind).into_iter().map(str::to_owned);
        (file(kind), columns.collect())
    };
    LISTED.into_iter().map(list).collect()
}

/// The columns that a kind can have: its id, what it is called, its fields, and the ids of all that it
/// is in. Numbers that are shown masked are no columns, so no form can copy one; nor are tags, and
/// whom somebody goes on as. The field `name` is what the entry is called; the column is XLSForm's.
pub fn columns(kind: EntryKind) -> Vec<&'static str> {
    let mut columns = vec![ID, LABEL];
    let plain = fields(kind).iter().filter(|field| !field.is_masked());
    let plain = plain.map(|field| field.name);
    columns.extend(plain.filter(|name| ![ID, schema::SAME_AS].contains(name)));
    for (link, _) in above(kind) {
        if !columns.contains(&link) {
            columns.push(link);
        }
    }
    columns
}

/// What an entry of a kind is in, from the nearest on: the name of the link, and of what kind that is.
pub fn above(kind: EntryKind) -> Vec<(&'static str, EntryKind)> {
    std::iter::successors(kind.belongs_to(), |(_, of)| of.belongs_to()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_list_has_a_number_that_is_shown_masked_or_a_tag() {
        for (kind, columns) in all() {
            let kind = of_file(&kind).unwrap();
            for column in &columns {
                let field = schema::find(kind, column);
                assert!(field.is_none_or(|it| !it.is_masked()), "{kind:?} {column}");
                assert!(!column.contains(':') && column != "same_as", "{column}");
            }
            assert_eq!(columns[..2], ["name", "label"]);
        }
        assert_eq!(of_file("campaign.csv"), None);
        assert_eq!(of_file("resident"), None);
    }

    #[test]
    fn a_list_says_where_each_is_all_the_way_up() {
        for (kind, links) in [
            (EntryKind::Building, [].as_slice()),
            (EntryKind::Dwelling, &["building"]),
            (EntryKind::Household, &["dwelling", "building"]),
            (EntryKind::Resident, &["household", "dwelling", "building"]),
            (EntryKind::Place, &["building"]),
        ] {
            let columns = columns(kind);
            for link in links {
                assert_eq!(
                    columns.iter().filter(|it| *it == link).count(),
                    1,
                    "{kind:?} {link}"
                );
            }
        }
    }
}
