//! Buttons. One primary a screen.

use leptos::prelude::*;

use super::icon::{Glyph, Icon};

use crate::dynamic::heard;

/// How much a button stands out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Kind {
    /// The one thing to do here.
    Primary,
    /// Something else that can be done.
    #[default]
    Plain,
    /// Quiet: words only.
    Quiet,
    /// Takes something away.
    Danger,
}

impl Kind {
    const fn name(self) -> &'static str {
        match self {
            Self::Primary => "primary",
            Self::Plain => "plain",
            Self::Quiet => "quiet",
            Self::Danger => "danger",
        }
    }
}

/// A button with words, and a drawing where it helps.
#[component]
pub(crate) fn Button(
    /// How much it stands out.
    #[prop(optional)]
    kind: Kind,
    /// A drawing before the words.
    #[prop(optional, into)]
    icon: Option<Glyph>,
    /// Name for tests.
    test: &'static str,
    /// While true it can't be pressed.
    #[prop(optional, into)]
    disabled: Signal<bool>,
    /// What pressing does.
    #[prop(into)]
    on_press: Callback<()>,
    /// The words.
    children: Children,
) -> impl IntoView {
    view! {
        <button
            type="button"
            class="button"
            data-kind=kind.name()
            data-test=test
            disabled=disabled
            on:click=heard(move |_| on_press.run(()))
        >
            {icon.map(|glyph| view! { <Icon glyph /> })}
            <span>{children()}</span>
        </button>
    }
}
