//! A list that is asked by a number of its own kind, so that numbers of two kinds cannot be mixed.

use std::{
    marker::PhantomData,
    ops::{Index, IndexMut},
};

/// A number that stands for an element of an [`Arena`]. It is made by the arena alone.
pub(crate) trait Id: Copy {
    fn of(index: usize) -> Self;
    fn index(self) -> usize;
}

/// Elements that never move and never go.
#[derive(Clone, Debug)]
pub(crate) struct Arena<I, T> {
    items: Vec<T>,
    kind: PhantomData<I>,
}

impl<I, T> Default for Arena<I, T> {
    fn default() -> Self {
        Self {
            items: Vec::new(),
            kind: PhantomData,
        }
    }
}

impl<I: Id, T> Arena<I, T> {
    pub(crate) fn push(&mut self, item: T) -> I {
        let id = I::of(self.items.len());
        self.items.push(item);
        id
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (I, &T)> {
        self.items
            .iter()
            .enumerate()
            .map(|(at, item)| (I::of(at), item))
    }

    pub(crate) fn ids(&self) -> impl Iterator<Item = I> + use<I, T> {
        (0..self.items.len()).map(I::of)
    }
}

#[expect(
    clippy::indexing_slicing,
    reason = "an id is made by the arena it belongs to, and nothing is ever taken out"
)]
impl<I: Id, T> Index<I> for Arena<I, T> {
    type Output = T;

    fn index(&self, id: I) -> &T {
        &self.items[id.index()]
    }
}

#[expect(
    clippy::indexing_slicing,
    reason = "an id is made by the arena it belongs to, and nothing is ever taken out"
)]
impl<I: Id, T> IndexMut<I> for Arena<I, T> {
    fn index_mut(&mut self, id: I) -> &mut T {
        &mut self.items[id.index()]
    }
}

/// Makes a number of its own kind.
macro_rules! id {
    ($(#[$doc:meta])* $visible:vis $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
        $visible struct $name(u32);

        impl $crate::arena::Id for $name {
            fn of(index: usize) -> Self {
                Self(u32::try_from(index).unwrap_or(u32::MAX))
            }

            fn index(self) -> usize {
                self.0 as usize
            }
        }
    };
}
pub(crate) use id;
