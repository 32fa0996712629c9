//! A button that chooses a file.

use leptos::{ev::Event, prelude::*};
use web_sys::{File, HtmlInputElement};

use crate::{
    components::{Glyph, Icon},
    dynamic::heard,
    uploads,
};

/// The button. `on_file` gets what was chosen, and a name that tells this choice from all others of this
/// button.
#[component]
pub(crate) fn FileButton(
    test: &'static str,
    accept: &'static str,
    /// Whether it is what comes next.
    primary: bool,
    /// Whether a tablet's camera may take it.
    #[prop(optional)]
    camera: bool,
    on_file: impl Fn(File, String) + Clone + 'static,
    children: Children,
) -> impl IntoView {
    let attempt = StoredValue::new(0_u32);
    let take = move |event: Event| {
        let input = event_target::<HtmlInputElement>(&event);
        let files = input.files().map(|list| uploads::files(&list));
        let file = files.unwrap_or_default().into_iter().next();
        // Else the same file could not be chosen again after it was mended.
        input.set_value("");
        if let Some(file) = file {
            attempt.update_value(|it| *it = it.wrapping_add(1));
            on_file(file, format!("{test}-{}", attempt.get_value()));
        }
    };
    view! {
        <label class="button file-button" data-kind=if primary { "primary" } else { "plain" }>
            <input
                class="unseen"
                type="file"
                accept=accept
                capture=camera.then_some("environment")
                data-test=test
                on:change=heard(take)
            />
            {camera.then(|| view! { <Icon glyph=Glyph::Camera /> })}
            {children()}
        </label>
    }
}
