//! Makes a session again from what was saved of it, after a crash or the next day.

use std::sync::Arc;

use super::{
    Outcome, Saved, Session,
    address::{self, Found},
    tree::InstanceId,
};
use crate::{Program, World};

/// Why a draft is not of this form.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum Unrestorable {
    /// It is of another form, or another version of it. A draft keeps its version and is finished
    /// with that one.
    #[error(
        "the draft is of {draft_id} version {draft_version:?}, the form is {form_id} version {form_version:?}"
    )]
    OtherVersion {
        /// The form the draft is of.
        draft_id: String,
        /// Its version.
        draft_version: String,
        /// The form it was to be opened with.
        form_id: String,
        /// Its version.
        form_version: String,
    },
    /// Something saved has no place in the form, though its version says it has.
    #[error("{0:?} has no place in the form")]
    NoPlace(String),
}

impl Session {
    /// Puts everything back where it was, then computes all of it once. `draft` is the id and
    /// version of the form that the draft was begun with.
    pub fn restore(
        program: Arc<Program>,
        world: &dyn World,
        draft: (&str, &str),
        saved: &[Saved],
        last_saved: &[(String, String)],
    ) -> Result<(Self, Outcome), Unrestorable> {
        let mut session = Self::recall(program, world, draft, saved)?;
        session.remember(last_saved);
        let root = InstanceId::ROOT;
        session.enqueue_all(root);
        let outcome = session.done(world);
        Ok((session, outcome))
    }

    /// Puts everything back where it was and computes nothing: what was finished long ago is told as
    /// it was, whatever the day is now. What was not asked then has no value.
    pub fn recall(
        program: Arc<Program>,
        world: &dyn World,
        draft: (&str, &str),
        saved: &[Saved],
    ) -> Result<Self, Unrestorable> {
        let form = program.version();
        if draft != form {
            return Err(Unrestorable::OtherVersion {
                draft_id: draft.0.to_owned(),
                draft_version: draft.1.to_owned(),
                form_id: form.0.to_owned(),
                form_version: form.1.to_owned(),
            });
        }
        let mut session = Self::empty(program, world, &[]);
        let mut instances: Vec<&str> = Vec::new();
        for one in saved {
            if let Saved::Instance { address } = one {
                instances.push(address);
            }
        }
        // What holds others comes before them, and older ones before newer ones.
        instances.sort_by_cached_key(|address| {
            address
                .split('/')
                .map(|part| address::parse(part).and_then(|(_, key)| key))
                .collect::<Vec<_>>()
        });
        instances.sort_by_key(|address| address.matches('/').count());
        for address in instances {
            session.put_instance(address)?;
        }
        for one in saved {
            if let Saved::Value { address, value } = one {
                session.put_value(address, value)?;
            }
        }
        Ok(session)
    }

    fn put_instance(&mut self, address: &str) -> Result<(), Unrestorable> {
        let no_place = || Unrestorable::NoPlace(address.to_owned());
        let Some((repeat, Some(key))) = address::parse(address) else {
            return Err(no_place());
        };
        let program = Arc::clone(&self.program);
        match address::find(&program, &self.tree, repeat) {
            Some(Found::Repeat(parent, node)) => {
                self.tree.add(&program, parent, node, Some(key));
                Ok(())
            }
            Some(Found::Instance(_)) | None => Err(no_place()),
        }
    }

    fn put_value(&mut self, address: &str, value: &str) -> Result<(), Unrestorable> {
        let instance = self
            .field_at(address)
            .map_err(|_no_such| Unrestorable::NoPlace(address.to_owned()))?;
        value.clone_into(&mut self.tree[instance].value);
        Ok(())
    }
}
