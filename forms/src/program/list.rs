//! A list as a program has it.

use std::collections::BTreeMap;

use super::{What, node::Labels};
use crate::{Table, arena::id, table::Column};

id! {
    /// A list of choices, or a file.
    pub(crate) ListId
}

/// A list with its name.
#[derive(Debug)]
pub(crate) struct Listing {
    pub(crate) name: String,
    pub(crate) table: Table,
    /// Its file is to come, with whatever columns are asked for.
    pub(crate) is_open: bool,
}

impl Listing {
    /// The column of this name.
    pub(crate) fn column(&mut self, name: &str) -> Result<Column, What> {
        if self.is_open && self.table.column(name).is_none() {
            let mut columns = self.table.columns().to_vec();
            columns.push(name.to_owned());
            self.table = Table::new(columns);
        }
        self.table.column(name).ok_or_else(|| What::NoSuchColumn {
            list: self.name.clone(),
            column: name.to_owned(),
        })
    }

    /// The columns that begin with `label`, one for each language.
    pub(crate) fn labels(&mut self, label: &str) -> Result<Labels, What> {
        let mut labels = BTreeMap::new();
        for name in self.table.columns() {
            let language = match name.strip_prefix(label) {
                Some("") => Some(""),
                Some(rest) => rest.strip_prefix("::").map(str::trim),
                None => None,
            };
            if let (Some(language), Some(column)) = (language, self.table.column(name)) {
                labels.insert(language.to_owned(), column);
            }
        }
        if labels.is_empty() {
            labels.insert(String::new(), self.column(label)?);
        }
        Ok(Labels(labels))
    }
}
