//! Somebody deleted a case and did not know of something in it: what that was, and the two ways to
//! decide. Keeping is one press; deleting all the same asks for a reason on the case's page.

use leptos::{prelude::*, task::spawn_local};
use shared::{
    CaseId,
    ipc::{DisputedDeletion, IpcError, RestoreCase, TimelineEntry},
};

use crate::{
    components::{Button, ErrorNotice, Glyph, Icon, Kind, use_toasts},
    ipc,
    session::exact,
    words::use_words,
};

/// One deletion.
#[component]
pub(super) fn Disputed(case: CaseId, disputed: DisputedDeletion) -> impl IntoView {
    let (words, toasts) = (use_words(), use_toasts());
    let error = RwSignal::new(None::<IpcError>);
    let deletion = disputed.deletion;
    let who = words
        .pick(&deletion.by_name, &deletion.by_name_en)
        .to_owned();
    let unseen = disputed
        .unseen
        .into_iter()
        .map(|entry| view! { <Unseen entry /> })
        .collect_view();
    let keep = move || {
        error.set(None);
        spawn_local(async move {
            match ipc::call(RestoreCase { case }).await {
                Ok(_) => toasts.say(words.conflicts_kept()),
                Err(why) => drop(error.try_set(Some(why))),
            }
        });
    };
    view! {
        <div class="card conflict-field" data-test="disputed">
            <h2 class="conflict-name">{words.conflicts_delete_title()}</h2>
            <div class="conflict-base">
                <p class="conflict-text">{words.conflicts_delete_why(&deletion.reason)}</p>
                <p class="conflict-who">
                    <b>{words.case_deleted_by(&who)}</b>
                    <span class="aside">{exact(deletion.at)}</span>
                </p>
            </div>
            <p class="aside">{words.conflicts_unseen()}</p>
            <ul class="conflict-versions">{unseen}</ul>
            <ErrorNotice error />
            <div class="conflict-ways">
                <Button kind=Kind::Plain icon=Glyph::Check test="conflict-keep" on_press=keep>{words.conflicts_keep()}</Button>
                <a class="button" data-kind="danger" href=format!("/cases/{case}?do=delete") data-test="conflict-delete">
                    <Icon glyph=Glyph::Trash />
                    <span>{words.conflicts_delete()}</span>
                </a>
            </div>
        </div>
    }
}

/// Something whoever deleted had not seen.
#[component]
fn Unseen(entry: TimelineEntry) -> impl IntoView {
    let words = use_words();
    let who = words.pick(&entry.by_name, &entry.by_name_en).to_owned();
    view! {
        <li class="conflict-version" data-test="unseen">
            <p class="conflict-text">
                <b>{words.happening(&entry.what)}</b>
                {(!entry.text.is_empty()).then(|| format!(" · {}", entry.text))}
            </p>
            {(!entry.photos.is_empty()).then(|| view! {
                <p class="aside">{words.today_photos(u64::try_from(entry.photos.len()).unwrap_or(u64::MAX))}</p>
            })}
            <p class="conflict-who">
                <b>{who}</b>
                <span class="aside">{exact(entry.at)}</span>
                {entry.pending.then(|| view! { <span class="waiting-mark aside"><Icon glyph=Glyph::Clock />{words.case_pending()}</span> })}
            </p>
        </li>
    }
}
