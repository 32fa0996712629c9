//! What keeps a form from being finished.

use super::{Session, tree::InstanceId};
use crate::{World, definition::Kind};

/// A question that is not answered as it must be.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Mistake {
    /// Which.
    pub address: String,
    /// What is wrong with its answer.
    pub wrong: Wrong,
    /// What the form's author says of it, in the language of the session.
    pub message: Option<String>,
}

/// What can be wrong with an answer that was taken.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Wrong {
    /// It is missing.
    Required,
    /// What must hold of it does not.
    Constraint,
    /// It is none of the choices that are offered.
    NotOffered,
    /// Whether it is right could not be told: the form has a mistake.
    Unclear,
}

impl Session {
    /// All that is asked and not answered as it must be, in the order of the form.
    #[must_use]
    pub fn check(&self, world: &dyn World) -> Vec<Mistake> {
        let asked = self.tree.inside(InstanceId::ROOT).into_iter();
        let asked = asked.filter(|instance| self.tree[*instance].is_relevant);
        asked
            .filter_map(|instance| {
                let wrong = self.wrong(world, instance)?;
                let message = self.message(world, instance, wrong);
                Some(Mistake {
                    address: self.address(instance),
                    wrong,
                    message,
                })
            })
            .collect()
    }

    pub(super) fn wrong(&self, world: &dyn World, instance: InstanceId) -> Option<Wrong> {
        let field = self.program.nodes[self.tree[instance].node].field()?;
        if matches!(field.kind, Kind::Note) {
            return None;
        }
        if self.tree[instance].value.is_empty() {
            return self.is_required(world, instance).then_some(Wrong::Required);
        }
        let scope = self.scope(world, instance);
        match field.constraint.as_ref().map(|expr| scope.truth(expr)) {
            Some(Ok(false)) => return Some(Wrong::Constraint),
            Some(Err(_)) => return Some(Wrong::Unclear),
            Some(Ok(true)) | None => {}
        }
        let names = &self.tree[instance].value;
        match self.offered(world, instance) {
            Ok(Some(offered)) if !names.split_whitespace().all(|name| offered.may_stay(name)) => {
                Some(Wrong::NotOffered)
            }
            Ok(_) => None,
            Err(_) => Some(Wrong::Unclear),
        }
    }

    pub(super) fn is_required(&self, world: &dyn World, instance: InstanceId) -> bool {
        let field = self.program.nodes[self.tree[instance].node].field();
        let required = field.and_then(|field| field.required.as_ref());
        required.is_some_and(|expr| self.scope(world, instance).truth(expr).unwrap_or(false))
    }

    pub(super) fn message(
        &self,
        world: &dyn World,
        instance: InstanceId,
        wrong: Wrong,
    ) -> Option<String> {
        let field = self.program.nodes[self.tree[instance].node].field()?;
        let words = match wrong {
            Wrong::Required => &field.required_message,
            Wrong::Constraint => &field.constraint_message,
            Wrong::NotOffered | Wrong::Unclear => return None,
        };
        let said = self.spoken(world, instance, words);
        (!said.is_empty()).then_some(said)
    }
}
