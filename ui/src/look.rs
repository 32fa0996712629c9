//! Looking into a signal. [`With`](leptos::prelude::With) compiles its whole way down once more for
//! each closure; this one compiles it once for each type, which makes the page's wasm smaller.

use std::ops::Deref;

use leptos::prelude::{Read, ReadUntracked};

/// Looks at a signal's value without cloning it.
pub(crate) trait Look: Read + ReadUntracked {
    /// Looks, and is told when the value changes.
    fn look<R>(&self, at: impl FnOnce(&<<Self as Read>::Value as Deref>::Target) -> R) -> R {
        at(&self.read())
    }

    /// Looks once.
    fn peek<R>(
        &self,
        at: impl FnOnce(&<<Self as ReadUntracked>::Value as Deref>::Target) -> R,
    ) -> R {
        at(&self.read_untracked())
    }
}

impl<T: Read + ReadUntracked> Look for T {}
