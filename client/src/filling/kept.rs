//! Numbers that are shown masked and are known: no page gets them, so their questions begin empty. What
//! nobody answers anew goes into the record as it is known; what is wrong can be left out.

use forms::{World, session::Wrong};
use shared::{
    ipc::{FormLine, FormLineKind},
    register::mask,
};

use super::Filling;

impl Filling {
    /// Whether the number that is known stands as the answer: nobody gave another, or left it out.
    pub(super) fn is_kept(&self, address: &str) -> bool {
        self.kept.contains_key(address)
            && !self.draft.left_out.iter().any(|it| it == address)
            && self.session.value(address).is_some_and(str::is_empty)
    }

    /// Nobody need answer what is known.
    pub(super) fn is_lacking(&self, address: &str, wrong: Wrong) -> bool {
        wrong != Wrong::Required || !self.is_kept(address)
    }

    /// Answers with what is known, for the record; gives where.
    pub(crate) fn put_kept(&mut self, world: &dyn World) -> Vec<String> {
        let kept = self
            .kept
            .iter()
            .filter(|(address, _)| self.is_kept(address));
        let kept: Vec<(String, String)> = kept
            .map(|(address, number)| (address.clone(), number.clone()))
            .collect();
        for (address, number) in &kept {
            if let Err(refusal) = self.session.prefill(world, address, number) {
                tracing::warn!(%refusal, "a number that is known has no place in the form");
            }
        }
        kept.into_iter().map(|(address, _)| address).collect()
    }

    /// Takes it out again: the filling goes on, and is seen.
    pub(crate) fn take_kept(&mut self, world: &dyn World, put: &[String]) {
        for address in put {
            // What was put there can be taken away.
            drop(self.session.prefill(world, address, ""));
        }
    }

    /// Says of each question what number stands there, masked.
    pub(super) fn show_kept(&self, lines: &mut [FormLine]) {
        for line in lines {
            if let FormLineKind::Question(question) = &mut line.what
                && self.is_kept(&line.address)
            {
                question.kept = self.kept.get(&line.address).map(|number| mask(number));
            }
        }
    }
}
