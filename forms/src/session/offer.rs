//! Which choices a question offers now.

use super::{Session, tree::InstanceId};
use crate::{
    Table, World,
    eval::Fault,
    functions::shuffled,
    program::node::{Offer, Shuffle},
    table::Row,
};

/// The rows that are offered.
pub(super) struct Offered<'a> {
    table: &'a Table,
    offer: &'a Offer,
    /// Its rows are from elsewhere, and may be others tomorrow.
    is_live: bool,
    /// In the order of the list; none if nothing was left out.
    rows: Option<Vec<Row>>,
}

impl<'a> Offered<'a> {
    pub(super) fn rows(&self) -> Vec<Row> {
        self.rows
            .clone()
            .unwrap_or_else(|| self.table.rows().collect())
    }

    pub(super) fn is_offered(&self, name: &str) -> bool {
        self.row(name).is_some()
    }

    /// Whether an answer that was given may stay. What a live list has no more was in it when it was
    /// chosen: it went elsewhere, and what was answered is still so.
    pub(super) fn may_stay(&self, name: &str) -> bool {
        self.is_offered(name) || (self.is_live && self.any_row(name).is_none())
    }

    /// The row of this name, if it is offered.
    pub(super) fn row(&self, name: &str) -> Option<Row> {
        let of_name = self.table.rows_with(self.offer.value, name);
        match &self.rows {
            None => of_name.first().copied(),
            Some(rows) => of_name
                .iter()
                .find(|row| rows.binary_search(row).is_ok())
                .copied(),
        }
    }

    /// The first row of this name, offered or not.
    pub(super) fn any_row(&self, name: &str) -> Option<Row> {
        let of_name = self.table.rows_with(self.offer.value, name);
        of_name.first().copied()
    }

    pub(super) fn value(&self, row: Row) -> &'a str {
        self.table.cell(row, self.offer.value)
    }

    pub(super) fn label(&self, row: Row, language: &str, default: &str) -> &'a str {
        let label = self.offer.labels.in_language(language, default);
        label.map_or("", |label| self.table.cell(row, label))
    }
}

impl Session {
    /// Whether a live list has all of an answer, offered now or not. Other lists are the form's own.
    pub(super) fn is_still_listed(&self, world: &dyn World, address: &str, value: &str) -> bool {
        let instance = self.field_at(address);
        let offered = instance.map(|instance| self.offered(world, instance));
        match offered {
            Ok(Ok(Some(offered))) if offered.is_live => {
                let mut names = value.split_whitespace();
                names.all(|name| offered.any_row(name).is_some())
            }
            Ok(_) | Err(_) => true,
        }
    }

    /// What a question can be answered with, if it is answered from a list.
    pub(super) fn offered(
        &self,
        world: &dyn World,
        instance: InstanceId,
    ) -> Result<Option<Offered<'_>>, Fault> {
        let field = self.program.nodes[self.tree[instance].node].field();
        let Some(offer) = field.and_then(|field| field.choices.as_ref()) else {
            return Ok(None);
        };
        let listing = &self.program.lists[offer.list];
        let rows = if offer.filters.is_empty() {
            None
        } else {
            Some(
                self.scope(world, instance)
                    .rows(offer.list, &offer.filters)?,
            )
        };
        Ok(Some(Offered {
            table: &listing.table,
            offer,
            is_live: listing.is_live(),
            rows,
        }))
    }

    /// The same in the order in which it is shown.
    pub(super) fn shown_rows(
        &self,
        world: &dyn World,
        instance: InstanceId,
        offered: &Offered<'_>,
    ) -> Result<Vec<Row>, Fault> {
        let rows = offered.rows();
        Ok(match &offered.offer.shuffle {
            Shuffle::No => rows,
            Shuffle::Random => shuffled(rows, self.chance),
            Shuffle::Seeded(seed) => {
                let seed = self.scope(world, instance).number(seed)?;
                shuffled(rows, if seed.is_nan() { 0.0 } else { seed })
            }
        })
    }
}
