//! 并案 on the page of a case: the one it goes on as, above everything else; and those that go on as
//! this one, each as it was reported.

use leptos::prelude::*;
use leptos_router::hooks::use_location;
use shared::{
    CaseId,
    ipc::{CaseAction, JoinedCase, SimilarCase, Survivor},
};

use crate::{
    components::{Glyph, Icon, Thumb},
    dynamic::{heard, part},
    live::Live,
    look::Look,
    session::exact,
    words::use_words,
};

/// The case this one goes on as.
#[component]
pub(super) fn GoesOnAs(survivor: Survivor) -> impl IntoView {
    let words = use_words();
    let says = words.joined_into(&survivor.number);
    if !survivor.here {
        return view! {
            <div class="card row joined-line" data-test="case-survivor">
                <Icon glyph=Glyph::Join />
                <span class="row-words">
                    <span class="row-title">{says}</span>
                    <span class="aside">{words.joined_elsewhere()}</span>
                </span>
            </div>
        }
        .into_any();
    }
    view! {
        <a class="card row joined-line" href=beside(survivor.case) data-test="case-survivor">
            <Icon glyph=Glyph::Join />
            <span class="row-title">{says}</span>
            <span class="row-end">{words.joined_open()}<Icon glyph=Glyph::Next /></span>
        </a>
    }
    .into_any()
}

/// The cases that go on as this one.
#[component]
pub(super) fn Joined(joined: Vec<JoinedCase>) -> impl IntoView {
    let words = use_words();
    let title = words.joined_title(u64::try_from(joined.len()).unwrap_or(0));
    let cards = joined
        .into_iter()
        .map(|it| view! { <li><JoinedCard it /></li> })
        .collect_view();
    view! {
        <section class="section" data-test="case-joined">
            <div class="section-head"><h2>{title}</h2></div>
            <ul class="card joined-list">{cards}</ul>
        </section>
    }
}

#[component]
fn JoinedCard(it: JoinedCase) -> impl IntoView {
    let words = use_words();
    let who = words.pick(&it.by_name, &it.by_name_en).to_owned();
    let text = if it.text.is_empty() {
        words.case_no_words().to_owned()
    } else {
        it.text
    };
    let added = it
        .added
        .into_iter()
        .map(|words| view! { <span class="row-text">{words}</span> })
        .collect_view();
    let href = it.here.then(|| beside(it.case));
    let more = it
        .here
        .then(|| view! { <span class="row-end"><Icon glyph=Glyph::Next /></span> });
    view! {
        // Without an address it is plain text: the case itself is not on this device.
        <a class="row" href=href data-test="joined-case">
            <Thumb photo=it.photo />
            <span class="row-words">
                <span class="row-title">{text}</span>
                {added}
                <span class="aside">{who}" · "{exact(it.reported_at)}</span>
                <span class="aside similar-number">{it.number}</span>
            </span>
            {more}
        </a>
    }
}

/// Where another case opens on the page this one is on: the desk stays the desk.
fn beside(case: CaseId) -> String {
    let at = use_location();
    let is_desk = at.pathname.peek(|path| path.starts_with("/desk"));
    let page = if is_desk { "desk" } else { "cases" };
    match at.search.get_untracked() {
        search if search.is_empty() => format!("/{page}/{case}"),
        search => format!("/{page}/{case}?{}", search.trim_start_matches('?')),
    }
}

/// Says that something likely the same lies near by; pressing it asks whether to merge.
#[component]
pub(super) fn Alike(
    alike: Live<Vec<SimilarCase>>,
    doing: RwSignal<Option<CaseAction>>,
) -> impl IntoView {
    let words = use_words();
    part(move || {
        let found = alike.value.get().map_or(0, |found| found.len());
        let number = u64::try_from(found).unwrap_or(0);
        (number > 0).then(|| {
            view! {
                <button type="button" class="card row joined-line" data-test="case-alike" on:click=heard(move |_| doing.set(Some(CaseAction::Merge)))>
                    <Icon glyph=Glyph::Join />
                    <span class="row-title">{words.joined_alike(number)}</span>
                    <span class="row-end">{words.act_merge()}<Icon glyph=Glyph::Next /></span>
                </button>
            }
        })
    })
}
