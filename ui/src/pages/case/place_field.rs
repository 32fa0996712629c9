//! A field for a place without a map: the chosen address stands in it, writing looks for another or
//! keeps one's own words.

use leptos::{prelude::*, task::spawn_local};
use shared::{
    Place,
    ipc::{FindAddresses, IpcError, KnownPlace, PlaceView, ResolvePlace},
};

use super::category_field::blur_field;
use crate::{
    components::{ErrorNotice, Field, TextInput},
    dynamic::{heard, part},
    ipc,
    live::live,
    look::Look,
    words::use_words,
};

/// Addresses shown for a query.
const HITS: usize = 6;

/// The field.
#[component]
pub(super) fn PlaceField(
    /// The place.
    place: RwSignal<Place>,
    /// What is wrong with it.
    error: Signal<Option<String>>,
) -> impl IntoView {
    let words = use_words();
    // `None`: the place stands in the field. Else what is being looked for.
    let query = RwSignal::new(None::<String>);
    let failed = RwSignal::new(None::<IpcError>);
    let shown = Signal::derive(move || {
        query
            .get()
            .unwrap_or_else(|| place.look(|it| it.address.clone()))
    });
    let asked = move || query.get().unwrap_or_default().trim().to_owned();
    let hits = live(&[], move || {
        let query = asked();
        async move {
            if query.is_empty() {
                return Ok(Vec::new());
            }
            ipc::call(FindAddresses { query }).await
        }
    });
    let choose = move |known: KnownPlace| {
        blur_field();
        query.set(None);
        failed.set(None);
        spawn_local(async move {
            match ipc::call(ResolvePlace { known }).await {
                Ok(PlaceView::Found { place: found, .. }) => drop(place.try_set(*found)),
                Ok(PlaceView::NoFix) => {}
                Err(why) => drop(failed.try_set(Some(why))),
            }
        });
    };
    let rows = move || {
        let typed = Some(asked()).filter(|text| !text.is_empty())?;
        let found = hits.value.get().unwrap_or_default().into_iter().take(HITS);
        let found = found.map(|hit| {
            let known = KnownPlace::Address { grid: hit.grid.code.clone(), text: hit.text.clone() };
            let (text, grid) = (
                words.pick(&hit.text, &hit.text_en).to_owned(),
                words.pick(&hit.grid.name, &hit.grid.name_en).to_owned(),
            );
            view! { <Hit text aside=grid test="amend-place-hit" on_press=move || choose(known.clone()) /> }
        });
        let known = KnownPlace::Typed {
            text: typed.clone(),
        };
        Some(view! {
            <ul class="card-list">
                {found.collect_view()}
                <Hit text=words.act_amend_typed(typed) aside=String::new() test="amend-place-typed" on_press=move || choose(known.clone()) />
            </ul>
        })
    };
    view! {
        <Field label=words.field_place() id="amend-place" error>
            <TextInput
                id="amend-place"
                test="amend-place"
                value=shown
                placeholder=words.act_amend_place()
                on_input=move |text| query.set(Some(text))
                on:focus=move |_| query.set(Some(String::new()))
                on:blur=move |_| query.set(None)
            />
        </Field>
        {part(rows)}
        <ErrorNotice error=failed />
    }
}

#[component]
fn Hit(
    text: String,
    aside: String,
    test: &'static str,
    #[prop(into)] on_press: Callback<()>,
) -> impl IntoView {
    view! {
        <li>
            <button type="button" class="row" data-test=test
                // Else the field would lose the focus, and with it the list, before the press ends.
                on:pointerdown=move |event| event.prevent_default()
                on:mousedown=move |event| event.prevent_default()
                on:click=heard(move |_| on_press.run(()))
            >
                <span class="row-title">{text}</span>
                <span class="row-end">{aside}</span>
            </button>
        </li>
    }
}
