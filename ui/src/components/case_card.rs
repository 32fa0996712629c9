//! A case in a list: photo left, words right.

use leptos::prelude::*;
use shared::ipc::CaseRow;

use super::{
    badge::{StateBadge, UrgencyMark},
    icon::{Glyph, Icon},
    photo::Thumb,
    steps::StepDots,
};
use crate::{
    dynamic::{attr, part},
    session::{case_name, moment, use_app},
    words::use_words,
};

/// A case; pressing it opens it.
#[component]
pub(crate) fn CaseCard(
    /// The case.
    row: CaseRow,
    /// Where pressing it leads; to the case under 案件 unless said otherwise.
    #[prop(optional, into)]
    to: Option<Signal<String>>,
    /// Whether it is the one that stands open beside the list.
    #[prop(optional, into)]
    open: Signal<bool>,
) -> impl IntoView {
    let words = use_words();
    let id = row.id.to_string();
    let to = to.unwrap_or_else(|| Signal::stored(format!("/cases/{id}")));
    let href = move || to.get();
    let address = if row.address.is_empty() {
        words.pick(&row.grid_name, &row.grid_name_en).to_owned()
    } else {
        words.pick(&row.address, &row.address_en).to_owned()
    };
    view! {
        <a
            class="row case-card"
            href=href
            data-test="case-row"
            data-id=id
            aria-current=attr(move || open.get().then_some("true"))
        >
            <Thumb photo=row.photo.clone() />
            <span class="row-words">
                <span class="row-line">
                    <span class="row-title">{case_name(&row)}</span>
                    <UrgencyMark urgency=row.urgency />
                </span>
                <span class="row-text">{join(&address, &row.summary)}</span>
                <span class="row-line case-card-foot">
                    <StepDots state=row.state />
                    <StateBadge state=row.state />
                    {row.attention.then(|| view! {
                        <span class="attention"><Icon glyph=Glyph::Warning />{words.case_void()}</span>
                    })}
                    {(row.plus_ones > 0).then(|| view! { <span class="aside">{words.cases_plus(row.plus_ones)}</span> })}
                    <span class="row-end case-card-time">
                        {row.marks.filter(|marks| !marks.complete()).map(|_| view! {
                            <span class="waiting-mark"><Icon glyph=Glyph::Clock /><span class="waiting-word">{words.case_pending()}</span></span>
                        })}
                        {match row.deadline.filter(|_| row.state.is_open()) {
                            Some(due) => view! { <Due due /> }.into_any(),
                            None => view! { <span>{moment(row.reported_at)}</span> }.into_any(),
                        }}
                    </span>
                </span>
            </span>
        </a>
    }
}

/// What is left until a deadline; red and in words once it is past.
#[component]
pub(crate) fn Due(
    /// The deadline.
    due: shared::Timestamp,
) -> impl IntoView {
    let (app, words) = (use_app(), use_words());
    view! {
        <span class="due" class:overdue=attr(move || { due < app.now.get() })>
            {part(move || app.sayer(words).left(due))}
        </span>
    }
}

fn join(address: &str, summary: &str) -> String {
    if summary.is_empty() {
        return address.to_owned();
    }
    if address.is_empty() {
        return summary.to_owned();
    }
    format!("{address} · {summary}")
}
