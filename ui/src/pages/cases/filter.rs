//! Above the list: search, filters, order, how many.

use leptos::prelude::*;
use leptos_router::{NavigateOptions, hooks::use_navigate};
use shared::ipc::{CaseColumn, StateFilter, Whose};

use super::super::query::{Query, column, column_name, state_name};
use crate::{
    components::{Chip, SearchBox},
    dynamic::{attr, part},
    look::Look,
    words::{Words, use_words},
};

/// Offered always.
const STATES: [StateFilter; 6] = [
    StateFilter::Any,
    StateFilter::Open,
    StateFilter::Waiting,
    StateFilter::Running,
    StateFilter::Done,
    StateFilter::Unsent,
];

const COLUMNS: [CaseColumn; 4] = [
    CaseColumn::Reported,
    CaseColumn::Updated,
    CaseColumn::Deadline,
    CaseColumn::Urgency,
];

/// Search, filters, order, count.
#[component]
pub(super) fn FilterBar(query: Memo<Query>, total: Signal<Option<u32>>) -> impl IntoView {
    let words = use_words();
    let navigate = use_navigate();
    // Going to the same list with another filter is one step, not one for every letter typed.
    let go = Callback::new(move |next: Query| {
        let replace = NavigateOptions {
            replace: true,
            scroll: false,
            ..NavigateOptions::default()
        };
        navigate(&next.address(), replace);
    });
    let change = move |change: fn(&mut Query)| {
        let mut next = query.get_untracked();
        change(&mut next);
        go.run(next);
    };
    let chip = move |states| {
        view! {
            <Chip
                on=Signal::derive(move || query.look(|query| query.states == states))
                test=format!("case-filter-{}", state_name(states))
                on_press=move || go.run(Query { states, ..query.get_untracked() })
            >
                {state_word(words, states)}
            </Chip>
        }
    };
    // 今日 leads there when there is something; else nobody needs it.
    let asking = Memo::new(move |_| query.look(|query| query.states == StateFilter::Attention));
    let orders = COLUMNS.map(|by| view! {
        <option value=column_name(by) selected=attr(move || query.look(|query| query.by == by))>{column_word(words, by)}</option>
    });
    view! {
        <div class="filter-bar">
            <SearchBox
                test="case-search"
                label=words.cases_search_label()
                placeholder=words.cases_search()
                value=Signal::derive(move || query.look(|query| query.words.clone()))
                on_search=move |words| go.run(Query { words, ..query.get_untracked() })
            />
            <div class="chips-line" role="group" aria-label=words.cases_filter_label()>
                {STATES.map(chip).collect_view()}
                {part(move || asking.get().then(|| chip(StateFilter::Attention)))}
            </div>
            <div class="filter-foot">
                <span class="aside" role="status">{part(move || total.get().map(|total| words.cases_count(total.into())))}</span>
                <span class="filter-foot-end">
                    <Chip
                        on=Signal::derive(move || query.look(|query| query.whose == Whose::All))
                        test="case-filter-all"
                        on_press=move || change(|query| {
                            query.whose = match query.whose {
                                Whose::Mine => Whose::All,
                                Whose::All => Whose::Mine,
                            };
                        })
                    >
                        {words.cases_all()}
                    </Chip>
                    <select
                        class="input sort"
                        data-test="case-sort"
                        aria-label=words.cases_sort()
                        on:change:target=move |event| {
                            let by = column(&event.target().value());
                            go.run(query.get_untracked().sorted_by(by));
                        }
                    >
                        {orders.collect_view()}
                    </select>
                </span>
            </div>
        </div>
    }
}

pub(in crate::pages) fn state_word(words: Words, states: StateFilter) -> &'static str {
    match states {
        StateFilter::Any => words.cases_any(),
        StateFilter::Open => words.cases_open(),
        StateFilter::Waiting => words.cases_waiting(),
        StateFilter::Running => words.cases_running(),
        StateFilter::Done => words.cases_done(),
        StateFilter::Unsent => words.cases_unsent(),
        StateFilter::Attention => words.case_void(),
    }
}

fn column_word(words: Words, column: CaseColumn) -> &'static str {
    match column {
        CaseColumn::Reported => words.cases_sort_reported(),
        CaseColumn::Updated => words.cases_sort_updated(),
        CaseColumn::Deadline => words.cases_sort_deadline(),
        CaseColumn::Urgency => words.cases_sort_urgency(),
        CaseColumn::State => words.desk_col_state(),
        CaseColumn::Category => words.desk_col_category(),
        CaseColumn::Address => words.desk_col_address(),
    }
}
