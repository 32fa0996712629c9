//! What the box of the register found: a case whose number was typed, people, doors, buildings.

use leptos::prelude::*;
use shared::ipc::{CaseHit, HITS_MAX, RegisterHit, RegisterHits};

use super::path_of;
use crate::{
    components::{Empty, Glyph, Icon, StateBadge},
    session::case_name,
    words::Words,
};

pub(super) fn found(words: Words, found: RegisterHits) -> AnyView {
    if found.entries.is_empty() && found.cases.is_empty() {
        return view! {
            <div class="card">
                <Empty glyph=Glyph::Search title=words.reg_nothing_found() hint=words.reg_nothing_found_hint() />
            </div>
        }
        .into_any();
    }
    let more = found.entries.len() >= HITS_MAX;
    let cases = found.cases.into_iter().map(|hit| case(words, hit));
    let entries = found.entries.into_iter().map(|hit| entry(words, hit));
    view! {
        <ul class="card-list">{cases.collect_view()}{entries.collect_view()}</ul>
        {more.then(|| view! { <p class="aside" data-test="type-on">{words.reg_type_on()}</p> })}
    }
    .into_any()
}

fn entry(words: Words, hit: RegisterHit) -> impl IntoView {
    let path = path_of(&hit);
    view! {
        <li>
            <a class="row" href=path data-test="register-hit">
                <span class="row-words">
                    <span class="row-title" class:entry-gone=hit.gone>{hit.title}</span>
                    <span class="row-text">{hit.place}</span>
                </span>
                <span class="row-end">{words.entry_kind(hit.kind)}<Icon glyph=Glyph::Next /></span>
            </a>
        </li>
    }
}

fn case(words: Words, hit: CaseHit) -> impl IntoView {
    let row = hit.case;
    let place = words.pick(&row.address, &row.address_en).to_owned();
    let told = [row.summary.clone(), place].into_iter();
    let told = told.filter(|it| !it.is_empty());
    // What it is called stands before.
    let told: Vec<String> = std::iter::once(String::new()).chain(told).collect();
    view! {
        <li>
            <a class="row" href=format!("/cases/{}", row.id) data-test="case-hit">
                <span class="row-words">
                    <span class="row-line">
                        <span class="row-title">{hit.number}</span>
                        <StateBadge state=row.state />
                    </span>
                    <span class="row-text">{case_name(&row)}{told.join(" · ")}</span>
                </span>
                <span class="row-end">{words.case_title()}<Icon glyph=Glyph::Next /></span>
            </a>
        </li>
    }
}
