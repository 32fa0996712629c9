//! Who is missing in a campaign, door by door, with what was answered instead of what counts.

use leptos::prelude::*;
use shared::{
    EntryId,
    ipc::{ListMissing, Otherwise, StillMissing},
};

use crate::{
    components::{Button, ErrorNotice, Glyph, Icon, Kind},
    dynamic::part,
    ipc,
    look::Look,
    words::{Words, use_words},
};

/// So many are shown at first.
const SHOWN: usize = 30;

/// The list. The page knows the first of them; the others are fetched when somebody asks.
#[component]
pub(super) fn Missing(
    campaign: EntryId,
    missing: Vec<StillMissing>,
    total: u32,
    /// Only some answers count.
    counted: bool,
) -> impl IntoView {
    let words = use_words();
    let all = RwSignal::new(false);
    let folded = missing.len().saturating_sub(SHOWN);
    let listed = RwSignal::new(missing);
    let unlisted = Memo::new(move |_| {
        let listed = listed.look(|it| u32::try_from(it.len()).unwrap_or(u32::MAX));
        total.saturating_sub(listed)
    });
    let more = Action::new_local(move |(): &()| {
        let offset = total.saturating_sub(unlisted.get_untracked());
        async move {
            let more = ipc::call(ListMissing { campaign, offset }).await?;
            listed.update(|listed| listed.extend(more));
            Ok::<_, shared::ipc::IpcError>(())
        }
    });
    let rows = move || {
        let shown = if all.get() { usize::MAX } else { SHOWN };
        let rows = listed.look(|listed| {
            let rows = listed.iter().take(shown).cloned();
            rows.map(|it| missing_row(words, it)).collect_view()
        });
        view! { <ul class="card-list">{rows}</ul> }
    };
    let title = if counted {
        words.camp_not_done()
    } else {
        words.camp_missing()
    };
    let error = Signal::derive(move || more.value().get().and_then(Result::err));
    (total > 0).then(|| {
        view! {
            <section class="section" data-test="missing">
                <div class="section-head"><h2>{title}" "<span class="count">{total}</span></h2></div>
                {part(rows)}
                {part(move || (folded > 0 && !all.get()).then(|| view! {
                    <Button kind=Kind::Quiet test="missing-all" on_press=move || all.set(true)>{words.camp_show_more(folded as u64)}</Button>
                }))}
                {part(move || (all.get() && unlisted.get() > 0).then(|| view! {
                    <Button kind=Kind::Quiet test="missing-more" disabled=more.pending() on_press=move |()| { more.dispatch(()); }>{words.camp_list_more(unlisted.get())}</Button>
                }))}
                <ErrorNotice error />
            </section>
        }
    })
}

fn missing_row(words: Words, it: StillMissing) -> impl IntoView {
    let (said, again) = match it.otherwise {
        Some(it) => (otherwise(words, &it), it.again),
        None => (String::new(), false),
    };
    view! {
        <li>
            <a class="row" href=format!("/residents/door/{}", it.dwelling) data-test="missing-row">
                <span class="row-words">
                    <span class="row-title">{it.name}</span>
                    <span class="row-text">{it.door}</span>
                    {(!said.is_empty()).then(|| view! { <span class="row-text" data-test="otherwise">{said}</span> })}
                </span>
                <span class="row-end">
                    {again.then(|| view! { <span class="round-not-home">{words.camp_again()}</span> })}
                    {it.refused.then(|| view! { <span class="round-not-home">{words.reg_refused()}</span> })}
                    <Icon glyph=Glyph::Next />
                </span>
            </a>
        </li>
    }
}

/// What was answered, when, and until when it is put off.
fn otherwise(words: Words, it: &Otherwise) -> String {
    let mut said = it.said.clone();
    said.push(words.camp_answered_on(it.on.clone()));
    said.extend(it.until.clone().map(|until| words.camp_until_then(until)));
    said.join(" · ")
}
