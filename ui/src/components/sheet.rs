//! A sheet: rises from the bottom on a tablet, stands at the side on a desktop. Esc, the backdrop
//! and its own button close it; focus stays inside meanwhile and returns afterwards. Once something
//! was typed into it the backdrop does not.

use leptos::{html::Dialog, prelude::*};

use super::icon::{Glyph, Icon};
use crate::{
    dynamic::{attr, heard, part},
    words::use_words,
};

/// A sheet over the page.
#[component]
pub(crate) fn Sheet(
    /// Whether it is open.
    #[prop(into)]
    open: Signal<bool>,
    /// What it is for.
    #[prop(into)]
    title: Signal<String>,
    /// Closes it.
    #[prop(into)]
    on_close: Callback<()>,
    /// What stands in it; drawn anew each time it opens.
    children: ChildrenFn,
) -> impl IntoView {
    let words = use_words();
    let children = StoredValue::new(children);
    view! {
        <Show when=attr(move || open.get())>
            <Frame title on_close close_word=words.app_close()>
                {children.with_value(|children| children())}
            </Frame>
        </Show>
    }
}

#[component]
fn Frame(
    title: Signal<String>,
    on_close: Callback<()>,
    close_word: &'static str,
    children: Children,
) -> impl IntoView {
    let dialog = NodeRef::<Dialog>::new();
    dialog.on_load(|dialog| {
        // It can fail only for a dialog that is open already or not on the page.
        drop(dialog.show_modal());
    });
    let (typed, pressed) = (StoredValue::new(false), StoredValue::new(false));
    view! {
        <dialog
            class="sheet"
            node_ref=dialog
            aria-label=attr(move || title.get())
            on:cancel=heard(move |event: web_sys::Event| {
                event.prevent_default();
                on_close.run(());
            })
            // A second Esc closes a dialog without asking.
            on:close=heard(move |_: web_sys::Event| on_close.run(()))
            on:input=heard(move |_: web_sys::Event| typed.set_value(true))
            on:pointerdown=heard(move |event: web_sys::PointerEvent| pressed.set_value(is_beside(&event)))
            on:click=heard(move |event: web_sys::MouseEvent| {
                // Words that are marked with the pointer end beside the sheet as often as in it.
                let meant = pressed.get_value() && is_beside(&event);
                // A press beside it is soon made by mistake, and would take with it what was typed.
                if meant && !typed.get_value() {
                    on_close.run(());
                }
            })
        >
            <div class="sheet-body" tabindex="-1" autofocus>
                <header class="sheet-head">
                    <h2>{part(move || title.get())}</h2>
                    <button
                        type="button"
                        class="icon-button"
                        data-test="sheet-cancel"
                        aria-label=close_word
                        on:click=heard(move |_| on_close.run(()))
                    >
                        <Icon glyph=Glyph::Close />
                    </button>
                </header>
                {children()}
            </div>
        </dialog>
    }
}

/// Whether it is about the dialog itself, and not about something in it: on the backdrop.
fn is_beside(event: &web_sys::Event) -> bool {
    event.target() == event.current_target()
}
