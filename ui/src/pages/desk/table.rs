//! The table: 32 px rows, the columns sort, the head stays.

use leptos::prelude::*;
use shared::ipc::{CaseColumn, CaseRow};

use super::DeskState;
use crate::{
    components::{Due, StateBadge, Thumb, UrgencyMark, VirtualList},
    dynamic::{attr, heard},
    layout::use_row_px,
    look::Look,
    session::{case_name, exact},
    words::{Words, use_words},
};

/// A column: its name in style sheets, and what it sorts by.
const COLUMNS: [(&str, Option<CaseColumn>); 8] = [
    ("photo", None),
    ("category", Some(CaseColumn::Category)),
    ("address", Some(CaseColumn::Address)),
    ("urgency", Some(CaseColumn::Urgency)),
    ("state", Some(CaseColumn::State)),
    ("reporter", None),
    ("reported", Some(CaseColumn::Reported)),
    ("number", None),
];

/// The table.
#[component]
pub(super) fn Table(desk: DeskState) -> impl IntoView {
    let row_px = use_row_px(56, 32);
    let head = view! { <Head desk /> }.into_any();
    view! {
        <VirtualList
            total=Signal::derive(move || desk.feed.total())
            row_px
            on_window=move |window| desk.feed.look_at(window)
            keep_in_view=Signal::derive(move || Some(desk.cursor.get()))
            head
            row=move |index| view! { <Row desk index /> }
        />
    }
}

#[component]
fn Head(desk: DeskState) -> impl IntoView {
    let words = use_words();
    let cells = COLUMNS.map(|(name, by)| {
        let word = column_word(words, name);
        let class = format!("desk-cell desk-{name}");
        match by {
            None => view! { <span class=class>{word}</span> }.into_any(),
            Some(by) => {
                let turned = move || desk.query.look(|query| (query.by == by).then_some(query.ascending));
                let sort = move || match turned() {
                    Some(true) => "ascending",
                    Some(false) => "descending",
                    None => "none",
                };
                view! {
                    <button
                        type="button"
                        class=class
                        data-sort=sort
                        data-test=format!("desk-sort-{name}")
                        aria-label=words.desk_sort_by(word)
                        on:click=heard(move |_| desk.go.run(desk.query.get_untracked().sorted_by(by).address()))
                    >
                        {word}
                    </button>
                }
                .into_any()
            }
        }
    });
    view! { <div class="desk-head desk-line">{cells.collect_view()}</div> }
}

#[component]
fn Row(desk: DeskState, index: u32) -> impl IntoView {
    let row = Memo::new(move |_| desk.feed.row(index));
    move || row.get().map(|row| view! { <Line desk index row /> })
}

#[component]
fn Line(desk: DeskState, index: u32, row: CaseRow) -> impl IntoView {
    let words = use_words();
    let id = row.id;
    let to = move || desk.query.look(|query| query.address_of(id));
    let grid = words.pick(&row.grid_name, &row.grid_name_en).to_owned();
    let place = if row.address.is_empty() {
        grid
    } else {
        words.pick(&row.address, &row.address_en).to_owned()
    };
    view! {
        <a
            class="desk-line desk-row"
            href=to
            data-test="desk-row"
            data-id=id.to_string()
            data-cursor=attr(move || (desk.cursor.get() == index).to_string())
            aria-current=attr(move || (desk.open.get() == Some(id)).then_some("true"))
        >
            <span class="desk-cell desk-photo"><Thumb photo=row.photo.clone() /></span>
            <span class="desk-cell desk-category">{case_name(&row)}</span>
            <span class="desk-cell desk-address">
                {place}
                {(!row.summary.is_empty()).then(|| view! { <span class="aside">" "{row.summary}</span> })}
            </span>
            <span class="desk-cell desk-urgency"><UrgencyMark urgency=row.urgency /></span>
            <span class="desk-cell desk-state">
                <StateBadge state=row.state />
                {row.deadline.filter(|_| row.state.is_open()).map(|due| view! { <Due due /> })}
            </span>
            <span class="desk-cell desk-reporter">{words.pick(&row.reporter, &row.reporter_en).to_owned()}</span>
            <span class="desk-cell desk-reported">{exact(row.reported_at)}</span>
            <span class="desk-cell desk-number">{row.case_no}</span>
        </a>
    }
}

fn column_word(words: Words, name: &str) -> &'static str {
    match name {
        "category" => words.desk_col_category(),
        "address" => words.desk_col_address(),
        "urgency" => words.desk_col_urgency(),
        "state" => words.desk_col_state(),
        "reporter" => words.desk_col_reporter(),
        "reported" => words.desk_col_reported(),
        "number" => words.desk_col_no(),
        _ => words.desk_col_photo(),
    }
}
