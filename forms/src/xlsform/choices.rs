//! The sheet `choices`: lists of what can be chosen, with columns of their author's own beside.

use std::collections::{BTreeMap, HashSet};

use super::{Told, grid::Grid, mistake::What};
use crate::{Table, definition::List};

/// The lists, in the order in which they begin.
pub(super) struct Lists {
    lists: Vec<List>,
    /// The rows of choices whose names have a space.
    spaced: BTreeMap<String, Vec<(u32, String)>>,
}

impl Lists {
    pub(super) fn names(&self) -> impl Iterator<Item = &str> + Clone {
        self.lists.iter().map(|list| list.name.as_str())
    }

    pub(super) fn has(&self, name: &str) -> bool {
        self.names().any(|list| list == name)
    }

    /// Choices that can't stand beside others in one answer, with their rows.
    pub(super) fn spaced(&self, name: &str) -> &[(u32, String)] {
        self.spaced.get(name).map_or(&[], Vec::as_slice)
    }

    /// Adds a choice to a list, unless it is there.
    pub(super) fn add_other(&mut self, name: &str) {
        let Some(list) = self.lists.iter_mut().find(|list| list.name == name) else {
            return;
        };
        let value = list.rows.column("name");
        if value.is_some_and(|value| !list.rows.rows_with(value, "other").is_empty()) {
            return;
        }
        let row: Vec<String> = list
            .rows
            .columns()
            .iter()
            .map(|column| other(column))
            .collect();
        list.rows.push(row);
    }

    pub(super) fn into_lists(self) -> Vec<List> {
        self.lists
    }
}

/// What the choice "other" says in a column.
fn other(column: &str) -> String {
    let is_chinese = column.contains("zh") || column.contains("中文");
    match column {
        "name" => "other",
        column if column == "label" || column.starts_with("label::") => {
            if is_chinese {
                "其他"
            } else {
                "Other"
            }
        }
        _ => "",
    }
    .to_owned()
}

pub(super) fn read(grid: Option<&Grid>, allows_duplicates: bool, told: &mut Told) -> Lists {
    let mut lists = Lists {
        lists: Vec::new(),
        spaced: BTreeMap::new(),
    };
    let Some(grid) = grid else { return lists };
    for column in ["list_name", "name"] {
        if !grid.has(column) {
            told.mistake(super::Mistake::at(
                grid,
                grid.header_row,
                column,
                What::NoColumn,
            ));
            return lists;
        }
    }
    let columns = grid.kept_columns(&["name", "label", "image", "audio", "video"]);
    let mut places: BTreeMap<String, usize> = BTreeMap::new();
    let mut seen: HashSet<(String, String)> = HashSet::new();
    for line in grid.lines() {
        let (Some(list), Some(name)) = (line.cell("list_name"), line.cell("name")) else {
            let missing = if line.cell("list_name").is_none() {
                "list_name"
            } else {
                "name"
            };
            told.mistake(line.mistake(missing, What::Empty));
            continue;
        };
        if !seen.insert((list.to_owned(), name.to_owned())) && !allows_duplicates {
            told.mistake(line.mistake("name", What::ChoiceTwice(name.to_owned())));
        }
        if name.contains(char::is_whitespace) {
            lists
                .spaced
                .entry(list.to_owned())
                .or_default()
                .push((line.number, name.to_owned()));
        }
        let place = *places.entry(list.to_owned()).or_insert_with(|| {
            let names = columns.iter().map(|(_, name)| name.clone()).collect();
            lists.lists.push(List {
                name: list.to_owned(),
                rows: Table::new(names),
            });
            lists.lists.len() - 1
        });
        if let Some(list) = lists.lists.get_mut(place) {
            list.rows.push(
                columns
                    .iter()
                    .map(|(at, _)| line.at(*at).unwrap_or_default()),
            );
        }
    }
    lists
}
