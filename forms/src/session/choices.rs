//! What a question can be answered with, as the page shows it. Apart from the view, because a list
//! may be long and is seen only when it is opened.

use super::{Session, offer::Offered};
use crate::{World, table::Row};

/// A choice that is offered.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Choice {
    /// What is kept.
    pub value: String,
    /// What people read.
    pub label: String,
}

/// A part of a list of choices.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct Part {
    /// How many there are in all, of those that were looked for.
    pub total: usize,
    /// Some of them, in the order in which they are shown.
    pub choices: Vec<Choice>,
}

impl Session {
    /// All choices of a question, in the order in which they are shown.
    #[must_use]
    pub fn choices(&self, world: &dyn World, address: &str) -> Vec<Choice> {
        self.some_choices(world, address, None, 0, usize::MAX)
            .choices
    }

    /// The choices of a question whose labels fit, from the how-manieth on, and not more than so
    /// many.
    #[must_use]
    pub fn some_choices(
        &self,
        world: &dyn World,
        address: &str,
        fits: Option<&dyn Fn(&str) -> bool>,
        from: usize,
        limit: usize,
    ) -> Part {
        let Ok(instance) = self.field_at(address) else {
            return Part::default();
        };
        let Ok(Some(offered)) = self.offered(world, instance) else {
            return Part::default();
        };
        let mut rows = self
            .shown_rows(world, instance, &offered)
            .unwrap_or_default();
        if let Some(fits) = fits {
            rows.retain(|row| fits(self.label_of(&offered, *row)));
        }
        let choices = rows.iter().skip(from).take(limit);
        Part {
            total: rows.len(),
            choices: choices.map(|row| self.choice(&offered, *row)).collect(),
        }
    }

    /// What a question is answered with, by the labels of its choices, offered now or not.
    #[must_use]
    pub fn chosen(&self, world: &dyn World, address: &str) -> Vec<Choice> {
        let Ok(instance) = self.field_at(address) else {
            return Vec::new();
        };
        let Ok(Some(offered)) = self.offered(world, instance) else {
            return Vec::new();
        };
        let names = self.tree[instance].value.split_whitespace();
        names
            .filter_map(|name| {
                let row = offered.row(name).or_else(|| offered.any_row(name))?;
                Some(self.choice(&offered, row))
            })
            .collect()
    }

    fn choice(&self, offered: &Offered<'_>, row: Row) -> Choice {
        Choice {
            value: offered.value(row).to_owned(),
            label: self.label_of(offered, row).to_owned(),
        }
    }

    fn label_of<'a>(&self, offered: &Offered<'a>, row: Row) -> &'a str {
        offered.label(row, &self.language, &self.program.form.default_language)
    }
}
