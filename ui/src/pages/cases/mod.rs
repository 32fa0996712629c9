//! 案件: the list with filter and search, and the case that stands open. One at a time on a tablet,
//! side by side on a desktop. Filter, words and order are in the address.

mod filter;

use leptos::prelude::*;
use leptos_router::{
    NavigateOptions,
    hooks::{use_navigate, use_params_map},
};
use shared::CaseId;

use self::filter::FilterBar;
pub(super) use self::filter::state_word;
use super::{
    case::CasePane,
    query::{List, Query},
};
use crate::{
    components::{Button, CaseCard, Empty, ErrorNotice, Glyph, VirtualList},
    dynamic::{attr, part},
    feed::Feed,
    layout::use_row_px,
    look::Look,
    words::use_words,
};

/// The page.
#[component]
pub(crate) fn Cases() -> impl IntoView {
    let words = use_words();
    let open = open_case();
    let query = Query::from_address(List::Cases);
    let feed = Feed::of(Memo::new(move |_| query.get().asked()));
    let row_px = use_row_px(104, 84);
    let keep_in_view = Signal::derive(move || open.get().and_then(|case| feed.place_of(case)));
    view! {
        <main class="page page-fixed" id="content">
            <div class="split cases" data-open=attr(move || open.get().is_some().to_string())>
                <section class="split-list" aria-label=words.cases_title()>
                    <FilterBar query total=Signal::derive(move || feed.known_total()) />
                    <div class="cases-error"><ErrorNotice error=feed.live().error on_retry=move || feed.live().again() /></div>
                    <Show when=attr(move || feed.is_empty())>
                        <NothingThere filtered=Signal::derive(move || query.get() != Query::begin(List::Cases)) />
                    </Show>
                    <VirtualList
                        total=Signal::derive(move || feed.total())
                        row_px
                        on_window=move |window| feed.look_at(window)
                        keep_in_view
                        row=move |index| view! { <Row feed query index open /> }
                    />
                </section>
                <section class="split-detail">
                    <Show
                        when=attr(move || open.get().is_some())
                        fallback=move || part(move || (feed.total() > 0).then(|| view! {
                            <Empty glyph=Glyph::Cases title=words.cases_choose() hint=words.cases_choose_hint() />
                        }))
                    >
                        <CasePane case=Signal::derive(move || open.get()) back=move || query.get_untracked().address() />
                    </Show>
                </section>
            </div>
        </main>
    }
}

/// The case the address names.
pub(super) fn open_case() -> Memo<Option<CaseId>> {
    let params = use_params_map();
    Memo::new(move |_| params.look(|params| params.get("id")?.parse().ok()))
}

#[component]
fn Row(feed: Feed, query: Memo<Query>, index: u32, open: Memo<Option<CaseId>>) -> impl IntoView {
    let row = Memo::new(move |_| feed.row(index));
    move || {
        row.get().map(|row| {
            let id = row.id;
            let to = Signal::derive(move || query.look(|query| query.address_of(id)));
            view! { <CaseCard row to open=Signal::derive(move || open.get() == Some(id)) /> }
        })
    }
}

#[component]
fn NothingThere(filtered: Signal<bool>) -> impl IntoView {
    let words = use_words();
    let navigate = use_navigate();
    move || {
        let navigate = navigate.clone();
        if filtered.get() {
            view! {
                <Empty glyph=Glyph::Search title=words.cases_none_fit() hint=words.cases_none_fit_hint()>
                    <Button test="case-filter-clear" on_press=move || navigate("/cases", NavigateOptions::default())>{words.cases_clear()}</Button>
                </Empty>
            }
        } else {
            view! {
                <Empty glyph=Glyph::Cases title=words.cases_empty() hint=words.cases_empty_hint()>
                    <Button test="go-report" icon=Glyph::Camera on_press=move || navigate("/report", NavigateOptions::default())>{words.nav_report()}</Button>
                </Empty>
            }
        }
    }
}
