//! 受理: reports that wait for a decision, dense, with the keyboard at hand. The case that is looked at
//! stands at the right; the words to decide it are the case page's own.

mod keys;
mod table;

use leptos::prelude::*;
use leptos_router::{NavigateOptions, hooks::use_navigate};
use shared::{
    CaseId,
    ipc::{CaseAction, StateFilter},
};

use self::{keys::listen, table::Table};
use super::{
    case::CasePane,
    cases::{open_case, state_word},
    query::{List, Query, state_name},
};
use crate::{
    components::{Chip, Empty, ErrorNotice, Glyph, SearchBox},
    dynamic::{attr, part},
    feed::Feed,
    look::Look,
    words::use_words,
};

const STATES: [StateFilter; 4] = [
    StateFilter::Waiting,
    StateFilter::Running,
    StateFilter::Done,
    StateFilter::Any,
];

/// What the table and the keys share.
#[derive(Clone, Copy)]
struct DeskState {
    query: Memo<Query>,
    feed: Feed,
    /// The case that stands open.
    open: Memo<Option<CaseId>>,
    /// The row the keys are at.
    cursor: RwSignal<u32>,
    /// The action whose sheet is open.
    doing: RwSignal<Option<CaseAction>>,
    go: Callback<String>,
}

impl DeskState {
    /// Opens the case at a row, and puts the cursor there.
    fn open_row(self, row: u32) {
        self.cursor.set(row);
        if let Some(row) = self.feed.row(row) {
            self.go
                .run(self.query.peek(|query| query.address_of(row.id)));
        }
    }
}

/// The page.
#[component]
pub(crate) fn Desk() -> impl IntoView {
    let words = use_words();
    let query = Query::from_address(List::Desk);
    let navigate = use_navigate();
    let desk = DeskState {
        query,
        feed: Feed::of(Memo::new(move |_| query.get().asked())),
        open: open_case(),
        cursor: RwSignal::new(0),
        doing: RwSignal::new(None),
        go: Callback::new(move |to: String| {
            let replace = NavigateOptions {
                replace: true,
                scroll: false,
                ..NavigateOptions::default()
            };
            navigate(&to, replace);
        }),
    };
    listen(desk);
    view! {
        <main class="page page-fixed" id="content">
            <div class="split desk" data-open=attr(move || desk.open.get().is_some().to_string())>
                <section class="split-list" aria-label=words.desk_title()>
                    <Filters desk />
                    <div class="cases-error"><ErrorNotice error=desk.feed.live().error on_retry=move || desk.feed.live().again() /></div>
                    <Show when=attr(move || desk.feed.is_empty())>
                        <NothingThere query />
                    </Show>
                    <Table desk />
                </section>
                <section class="split-detail">
                    <Show
                        when=attr(move || desk.open.get().is_some())
                        fallback=move || part(move || (desk.feed.total() > 0).then(|| view! {
                            <Empty glyph=Glyph::Keyboard title=words.desk_choose() hint=words.desk_choose_hint() />
                        }))
                    >
                        <CasePane
                            case=Signal::derive(move || desk.open.get())
                            back=move || query.get_untracked().address()
                            doing=desk.doing
                        />
                    </Show>
                </section>
            </div>
        </main>
    }
}

#[component]
fn Filters(desk: DeskState) -> impl IntoView {
    let words = use_words();
    let query = desk.query;
    let chips = STATES.map(|states| {
        view! {
            <Chip
                on=Signal::derive(move || query.look(|query| query.states == states))
                test=format!("case-filter-{}", state_name(states))
                on_press=move || desk.go.run(Query { states, ..query.get_untracked() }.address())
            >
                {state_word(words, states)}
            </Chip>
        }
    });
    view! {
        <div class="filter-bar desk-bar">
            <SearchBox
                test="desk-search"
                label=words.cases_search_label()
                placeholder=words.desk_search()
                value=Signal::derive(move || query.look(|query| query.words.clone()))
                on_search=move |words| desk.go.run(Query { words, ..query.get_untracked() }.address())
            />
            <div class="chips-line" role="group" aria-label=words.cases_filter_label()>{chips.collect_view()}</div>
            <span class="aside desk-count" role="status">{part(move || desk.feed.known_total().map(|total| words.cases_count(total.into())))}</span>
        </div>
    }
}

#[component]
fn NothingThere(query: Memo<Query>) -> impl IntoView {
    let words = use_words();
    move || {
        let (title, hint) = if query.look(|query| query.words.is_empty()) {
            (words.desk_empty(), words.desk_empty_hint())
        } else {
            (words.cases_none_fit(), words.cases_none_fit_hint())
        };
        view! { <Empty glyph=Glyph::Desk title hint /> }
    }
}
