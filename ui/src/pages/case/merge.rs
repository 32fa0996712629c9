//! 并案: which case this one goes on as. Those near by that are likely the same stand first; any other
//! open one is found by its number or words.

use leptos::prelude::*;
use shared::{
    CaseId,
    ipc::{
        Area, CaseFilter, CaseRow, CaseSort, FindAlike, ListCases, MergeCase, SimilarCase,
        StateFilter, Whose,
    },
};

use super::addition::failed;
use crate::{
    components::{
        Button, ErrorNotice, Kind, SearchBox, SimilarWords, StateBadge, Thumb, use_toasts,
    },
    dynamic::{attr, heard, part},
    ipc,
    live::{Live, live},
    look::Look,
    session::{case_name, moment},
    words::use_words,
};

/// Rows that a search shows.
const FOUND: u32 = 8;

/// Fetches what is likely the same as a case.
pub(super) fn use_alike(case: CaseId) -> Live<Vec<SimilarCase>> {
    live(&[Area::Cases], move || ipc::call(FindAlike { case }))
}

/// The form.
#[component]
pub(super) fn Merge(case: CaseId, done: Callback<()>) -> impl IntoView {
    let (words, toasts) = (use_words(), use_toasts());
    let alike = use_alike(case);
    let query = RwSignal::new(String::new());
    let found = live(&[Area::Cases], move || search(query.get()));
    let chosen = RwSignal::new(None::<CaseId>);
    let lacking = RwSignal::new(None::<String>);
    let send = Action::new_local(move |into: &CaseId| {
        let into = *into;
        async move {
            let answer = ipc::call(MergeCase { case, into }).await;
            if answer.is_ok() {
                toasts.say(words.act_merged());
                done.run(());
            }
            answer
        }
    });
    let choose = Callback::new(move |into| {
        chosen.set(Some(into));
        lacking.set(None);
    });
    let confirm = move |()| match chosen.get_untracked() {
        Some(into) => {
            send.dispatch(into);
        }
        None => lacking.set(Some(words.act_need_survivor().to_owned())),
    };
    let near = move || {
        let near = alike.value.get().unwrap_or_default();
        let rows = near.into_iter().map(|it| {
            let case = it.case;
            view! { <Candidate case chosen choose><SimilarWords it whole=true /></Candidate> }
        });
        rows.collect_view()
    };
    let others = move || {
        let found = found.value.get().unwrap_or_default();
        let known: Vec<CaseId> = alike
            .value
            .look(|it| it.iter().flatten().map(|it| it.case).collect());
        let rows = found
            .into_iter()
            .filter(|row| row.id != case && !known.contains(&row.id))
            .map(|row| {
                let case = row.id;
                view! { <Candidate case chosen choose><FoundWords row /></Candidate> }
            });
        rows.collect_view()
    };
    let nothing = move || {
        let asked = !query.look(String::is_empty);
        let none = found.value.look(|it| {
            it.as_ref()
                .is_some_and(|it| it.iter().all(|row| row.id == case))
        });
        (asked && none).then(|| view! { <p class="aside">{words.joined_none()}</p> })
    };
    view! {
        <form class="form" on:submit=move |event| event.prevent_default()>
            <p class="aside">{words.act_merge_hint()}</p>
            <fieldset class="field conditions" aria-describedby="merge-error">
                <legend class="field-label">{words.act_merge_into()}</legend>
                {part(near)}
                <SearchBox test="merge-search" label=words.act_merge_find() placeholder=words.act_merge_find() value=query on_search=move |text| query.set(text) />
                {part(others)}
                {part(nothing)}
                <p class="field-error" id="merge-error" role="alert" data-test="field-error">{part(move || lacking.get())}</p>
            </fieldset>
            <ErrorNotice error=Signal::derive(move || failed(send.value().get())) />
            <div class="sheet-actions">
                <Button kind=Kind::Primary test="sheet-confirm" disabled=send.pending() on_press=confirm>{words.act_merge()}</Button>
            </div>
        </form>
    }
}

/// A case this one may go on as.
#[component]
fn Candidate(
    case: CaseId,
    chosen: RwSignal<Option<CaseId>>,
    choose: Callback<CaseId>,
    children: Children,
) -> impl IntoView {
    view! {
        <label class="radio merge-choice">
            <input
                type="radio"
                name="merge-into"
                data-test="merge-into"
                value=case.to_string()
                prop:checked=attr(move || chosen.look(|now| *now == Some(case)))
                on:change=heard(move |_| choose.run(case))
            />
            {children()}
        </label>
    }
}

#[component]
fn FoundWords(row: CaseRow) -> impl IntoView {
    let words = use_words();
    let address = words.pick(&row.address, &row.address_en).to_owned();
    view! {
        <Thumb photo=row.photo.clone() />
        <div class="row-words">
            <span class="row-line"><span class="category-name">{case_name(&row)}</span><StateBadge state=row.state /></span>
            <span class="similar-text">{row.summary.clone()}</span>
            <span class="similar-text">{address}" · "{moment(row.reported_at)}</span>
            <span class="similar-text similar-number">{row.case_no.clone()}</span>
        </div>
    }
}

async fn search(query: String) -> Result<Vec<CaseRow>, shared::ipc::IpcError> {
    if query.trim().is_empty() {
        return Ok(Vec::new());
    }
    let filter = CaseFilter {
        whose: Whose::All,
        states: StateFilter::Open,
    };
    let asked = ListCases {
        filter,
        query,
        sort: CaseSort::default(),
        offset: 0,
        limit: FOUND,
    };
    Ok(ipc::call(asked).await?.rows)
}
