//! The facts of a case: numbers, who, when, where, until when, how far it is delivered.

use leptos::prelude::*;
use shared::{case::State, ipc::CaseView};

use crate::{components::MarksLine, session::exact, words::use_words};

/// The facts.
#[component]
pub(super) fn Facts(case: CaseView) -> impl IntoView {
    let words = use_words();
    let row = case.row;
    // A deleted case gets none any more, and the one it had went with it.
    let number = row
        .case_no
        .or_else(|| (row.state != State::Deleted).then(|| words.case_number_none().to_owned()));
    let grid = words.pick(&row.grid_name, &row.grid_name_en).to_owned();
    let reporter = words.pick(&row.reporter, &row.reporter_en).to_owned();
    let outside = (!case.place.in_own_grid).then(|| words.case_outside());
    view! {
        <section class="section">
            <div class="section-head"><h2>{words.case_facts()}</h2></div>
            <dl class="card case-facts">
                {number.map(|number| view! { <Fact name=words.case_number()>{number}</Fact> })}
                <Fact name=words.case_receipt()>
                    <span class="receipt" data-test="receipt-code">{case.receipt_code}</span>
                    <span class="aside">{words.case_receipt_hint()}</span>
                </Fact>
                <Fact name=words.case_reporter()>{reporter}</Fact>
                <Fact name=words.case_occurred()>{exact(case.occurred_at)}</Fact>
                <Fact name=words.case_grid()>
                    {grid}
                    {outside.map(|outside| view! { <span class="aside">{outside}</span> })}
                </Fact>
                <Fact name=words.case_urgency()>{words.urgency(row.urgency)}</Fact>
                {case.limit.map(|limit| view! { <Fact name=words.case_limit()>{words.limit(limit)}</Fact> })}
                {row.deadline.map(|due| view! { <Fact name=words.case_deadline()>{exact(due)}</Fact> })}
                {row.marks.map(|marks| view! { <Fact name=words.case_delivery()><MarksLine marks /></Fact> })}
            </dl>
        </section>
    }
}

#[component]
fn Fact(name: &'static str, children: Children) -> impl IntoView {
    view! {
        <div class="case-fact">
            <dt>{name}</dt>
            <dd>{children()}</dd>
        </div>
    }
}
