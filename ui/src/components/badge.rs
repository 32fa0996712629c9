//! Where a case stands, in its own word; how urgent it is, where that matters.

use leptos::prelude::*;
use shared::case::{State, Urgency};

use super::{
    icon::{Glyph, Icon},
    steps,
};
use crate::words::use_words;

/// The state of a case.
#[component]
pub(crate) fn StateBadge(
    /// Where it stands.
    state: State,
) -> impl IntoView {
    let words = use_words();
    view! {
        <span class="badge" data-step=steps::name(state.step()) data-open=state.is_open().to_string() data-deleted=(state == State::Deleted).then_some("true") data-merged=(state == State::Merged).then_some("true") data-test="case-state">
            {words.state(state)}
        </span>
    }
}

/// 紧急, 特急; nothing for 一般.
#[component]
pub(crate) fn UrgencyMark(
    /// How urgent.
    urgency: Urgency,
) -> impl IntoView {
    let words = use_words();
    (urgency != Urgency::Normal).then(|| {
        let level = if urgency == Urgency::Critical {
            "critical"
        } else {
            "urgent"
        };
        view! {
            <span class="urgency" data-urgency=level>
                <Icon glyph=Glyph::Flag />
                {words.urgency(urgency)}
            </span>
        }
    })
}
