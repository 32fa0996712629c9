//! A list as a program has it.

use std::{collections::BTreeMap, sync::Arc};

use super::{What, node::Labels};
use crate::{Table, arena::id, table::Column};

id! {
    /// A list of choices, or a file.
    pub(crate) ListId
}

/// The lists that come beside a form, by the names of their files.
#[derive(Clone, Default, Debug)]
pub struct Beside {
    /// Those whose rows are here.
    pub files: BTreeMap<String, Table>,
    /// Those that are another one each time the form is filled in, with the columns that they can
    /// have: their rows come to each filling ([`super::Program::with_rows`]). A file of the same name
    /// goes before.
    pub live: BTreeMap<String, Vec<String>>,
}

impl From<BTreeMap<String, Table>> for Beside {
    fn from(files: BTreeMap<String, Table>) -> Self {
        Self {
            files,
            live: BTreeMap::new(),
        }
    }
}

impl<const N: usize> From<[(String, Table); N]> for Beside {
    fn from(files: [(String, Table); N]) -> Self {
        BTreeMap::from(files).into()
    }
}

/// Where the rows of a list are from.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Rows {
    /// They are here.
    Here,
    /// Their file is to come, with whatever columns are asked for.
    ToCome,
    /// They come to each filling, and can have these columns.
    Live(Vec<String>),
}

/// A list with its name.
#[derive(Clone, Debug)]
pub(crate) struct Listing {
    pub(crate) name: String,
    /// Of a list whose rows come later, the columns that are asked for.
    pub(crate) table: Arc<Table>,
    pub(crate) rows: Rows,
}

impl Listing {
    pub(crate) fn here(name: String, table: Table) -> Self {
        Self {
            name,
            table: Arc::new(table),
            rows: Rows::Here,
        }
    }

    /// A list beside the form; nothing is known of one whose file is to come.
    pub(super) fn beside(name: String, beside: &mut Beside) -> Self {
        let rows = match (beside.files.remove(&name), beside.live.remove(&name)) {
            (Some(table), _) => return Self::here(name, table),
            (None, Some(columns)) => Rows::Live(columns),
            (None, None) => Rows::ToCome,
        };
        Self {
            rows,
            ..Self::here(name, Table::default())
        }
    }

    pub(crate) fn is_live(&self) -> bool {
        matches!(self.rows, Rows::Live(_))
    }

    /// The same list with these rows: of them the columns that are asked for.
    pub(super) fn with_rows(&self, rows: Table) -> Self {
        Self {
            table: Arc::new(rows.with_columns(self.table.columns())),
            ..self.clone()
        }
    }

    /// The column of this name.
    pub(crate) fn column(&mut self, name: &str) -> Result<Column, What> {
        let can_have = match &self.rows {
            Rows::Here => false,
            Rows::ToCome => true,
            Rows::Live(columns) => columns.iter().any(|column| column == name),
        };
        if can_have && self.table.column(name).is_none() {
            let mut columns = self.table.columns().to_vec();
            columns.push(name.to_owned());
            self.table = Arc::new(Table::new(columns));
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
