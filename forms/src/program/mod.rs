//! A form made ready to be filled: expressions are parsed, their names are numbers, and it is
//! known what must be computed anew when an answer changes. Made from a [`Form`] once, used by any
//! number of sessions.

mod build;
mod circle;
pub(crate) mod expr;
mod list;
pub(crate) mod node;
mod paths;
pub(crate) use paths::near;
pub(crate) mod order;
mod problem;
mod resolve;
mod words;

use std::{collections::BTreeMap, sync::Arc};

pub use list::Beside;
pub(crate) use list::ListId;
pub(crate) use node::NodeId;
pub use problem::{Part, Place, Problem, What};
pub(crate) use words::{Piece, Spoken};

use crate::{Form, Table, arena::Arena};
use list::Listing;
use node::Node;
use order::Order;

/// A form made ready to be filled.
#[derive(Debug)]
pub struct Program {
    /// Without its items and lists, which are in here in another shape.
    pub(crate) form: Arc<Form>,
    pub(crate) nodes: Arc<Arena<NodeId, Node>>,
    pub(crate) lists: Arena<ListId, Listing>,
    pub(crate) order: Arc<Order>,
    pub(crate) instance_name: Option<expr::Expr>,
}

impl Program {
    /// Makes a form ready, with the lists that come beside it. Everything that is wrong is told, not
    /// only the first.
    pub fn compile(form: Form, beside: Beside) -> Result<Self, Vec<Problem>> {
        build::program(form, beside, build::Missing::IsAProblem)
    }

    /// Whether a form could be made ready, if all files that it names are there and have the
    /// columns that it asks for.
    pub fn check(form: Form, beside: Beside) -> Result<(), Vec<Problem>> {
        build::program(form, beside, build::Missing::ComesLater).map(drop)
    }

    /// The lists whose rows come to each filling, by the names of their files, with the columns that
    /// the form asks for.
    pub fn live(&self) -> impl Iterator<Item = (&str, &[String])> {
        let lists = self.lists.iter().map(|(_, listing)| listing);
        let live = lists.filter(|listing| listing.is_live());
        live.map(|listing| (listing.name.as_str(), listing.table.columns()))
    }

    /// The same program for one filling, with the rows of its live lists by the names of their files;
    /// one that is not among them is empty. What was compiled is shared.
    #[must_use]
    pub fn with_rows(&self, mut rows: BTreeMap<String, Table>) -> Self {
        let mut lists = Arena::default();
        for (_, listing) in self.lists.iter() {
            lists.push(if listing.is_live() {
                listing.with_rows(rows.remove(&listing.name).unwrap_or_default())
            } else {
                listing.clone()
            });
        }
        Self {
            form: Arc::clone(&self.form),
            nodes: Arc::clone(&self.nodes),
            lists,
            order: Arc::clone(&self.order),
            instance_name: self.instance_name.clone(),
        }
    }

    /// The form's id and version.
    #[must_use]
    pub fn version(&self) -> (&str, &str) {
        (&self.form.id, &self.form.version)
    }

    /// The languages it speaks; none if it has one without a name.
    #[must_use]
    pub fn languages(&self) -> &[String] {
        &self.form.languages
    }

    /// Whether `inner` is `outer` or inside of it.
    pub(crate) fn is_within(&self, inner: NodeId, outer: NodeId) -> bool {
        inner >= outer && inner < self.nodes[outer].end
    }

    /// From the root down to the node itself.
    pub(crate) fn chain(&self, node: NodeId) -> Vec<NodeId> {
        chain(&self.nodes, node)
    }
}

/// From the root down to the node itself.
fn chain(nodes: &Arena<NodeId, Node>, node: NodeId) -> Vec<NodeId> {
    let mut chain = vec![node];
    let mut at = node;
    while let Some(parent) = nodes[at].parent {
        chain.push(parent);
        at = parent;
    }
    chain.reverse();
    chain
}
