//! The page of one entry of the register: a door, a building, a place.

use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use shared::{
    EntryId,
    ipc::{Area, Code, Command, IpcError},
};

use super::sheets::{AllSheets, Sheets};
use crate::{components::ErrorNotice, dynamic::part, ipc, live::live, session::use_app};

/// Asks about the entry that the address names, and again whenever one of `areas` was touched; draws the
/// answer, behind it what is `below`, and the sheets that open above both.
pub(super) fn page_of<C, V>(
    areas: &'static [Area],
    ask: impl Fn(EntryId) -> C + 'static,
    whole: impl Fn(C::Answer, Sheets) -> V + Send + 'static,
    below: impl IntoView,
) -> impl IntoView
where
    C: Command + 'static,
    C::Answer: Clone + PartialEq + Send + Sync + 'static,
    V: IntoView + 'static,
{
    let app = use_app();
    let params = use_params_map();
    let id = Memo::new(move |_| params.read().get("id")?.parse::<EntryId>().ok());
    let it = live(areas, move || {
        let asked = id.get().map(&ask);
        async move {
            let asked = asked.ok_or_else(|| IpcError {
                code: Code::NotFound,
                detail: "the address names no entry".to_owned(),
            })?;
            ipc::call(asked).await
        }
    });
    let error = RwSignal::new(None::<IpcError>);
    let sheets = Sheets::over_a_page(error);
    view! {
        <main class="page residents" id="content">
            <ErrorNotice error=it.error on_retry=move || it.again() />
            <ErrorNotice error />
            {part(move || {
                let may_merge = app.decides();
                it.value.get().map(|answer| whole(answer, Sheets { may_merge, ..sheets }))
            })}
            {below}
            <AllSheets sheets />
        </main>
    }
}
