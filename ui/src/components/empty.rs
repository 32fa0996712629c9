//! An empty list: what will stand there, and what to do.

use leptos::prelude::*;

use super::icon::{Glyph, Icon};

/// What stands where nothing stands yet.
#[component]
pub(crate) fn Empty(
    /// A drawing of what would stand there.
    glyph: Glyph,
    /// What is (not) there.
    title: &'static str,
    /// What will stand there, and what to do.
    hint: &'static str,
    /// What can be done about it.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    view! {
        <div class="empty" data-test="empty">
            <Icon glyph />
            <p class="empty-title">{title}</p>
            <p class="empty-hint">{hint}</p>
            {children.map(|children| view! { <div class="empty-actions">{children()}</div> })}
        </div>
    }
}
