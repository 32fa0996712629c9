//! What follows a signal, on a page. Leptos compiles its whole way from closure to page once more
//! for each closure it is given bare; boxed they are all of one type, which makes the page's wasm
//! a good deal smaller.

use leptos::prelude::{AnyView, Effect, IntoAny, IntoView};

/// An attribute of an element, or a condition, that follows signals.
pub(crate) fn attr<T>(
    value: impl Fn() -> T + Send + Sync + 'static,
) -> Box<dyn Fn() -> T + Send + Sync> {
    Box::new(value)
}

/// A piece of a page that follows signals.
pub(crate) fn part<V: IntoView + 'static>(
    draw: impl Fn() -> V + Send + 'static,
) -> Box<dyn Fn() -> AnyView + Send> {
    Box::new(move || draw().into_any())
}

/// Runs now, and again whenever a signal it read has changed.
pub(crate) fn effect(run: impl Fn() + 'static) {
    let run: Box<dyn Fn()> = Box::new(run);
    Effect::new(run);
}

/// What is done when an event comes.
pub(crate) fn heard<E>(act: impl FnMut(E) + 'static) -> Box<dyn FnMut(E)> {
    Box::new(act)
}
