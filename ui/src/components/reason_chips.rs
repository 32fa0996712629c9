//! Common reasons, one tap each.

use leptos::prelude::*;

use super::chip::Chip;
use crate::look::Look;

/// The chips; empty words are left out.
#[component]
pub(crate) fn ReasonChips(
    /// What they are, for those who can't see them.
    label: &'static str,
    /// The reasons.
    common: Vec<&'static str>,
    /// What is chosen or written.
    reason: RwSignal<String>,
    /// What was said to be lacking, taken back with a choice.
    lacking: RwSignal<Option<String>>,
) -> impl IntoView {
    let chips = common
        .into_iter()
        .filter(|text| !text.is_empty())
        .map(|text| {
            view! {
                <Chip
                    on=Signal::derive(move || reason.look(|reason| reason == text))
                    test="reason-chip"
                    on_press=move || {
                        reason.set(text.to_owned());
                        lacking.set(None);
                    }
                >
                    {text}
                </Chip>
            }
        })
        .collect_view();
    view! { <div class="chips" role="group" aria-label=label>{chips}</div> }
}
