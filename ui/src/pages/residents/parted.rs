//! What two people gave differently, with who said which: one press says which it is.

use leptos::{prelude::*, task::spawn_local};
use shared::{
    EntryId,
    ipc::{ClaimView, DecideField, DisputedView, IpcError},
    register::EntryKind,
};

use super::entry::said;
use crate::{
    components::{Button, ErrorNotice, Glyph, Icon, Kind, use_toasts},
    ipc,
    session::moment,
    words::use_words,
};

/// A field in which several values stand.
#[component]
pub(crate) fn Parted(
    id: EntryId,
    kind: EntryKind,
    disputed: DisputedView,
    may_write: bool,
) -> impl IntoView {
    let words = use_words();
    let error = RwSignal::new(None::<IpcError>);
    let field = disputed.field;
    let name = words.field_of(kind, field.as_str());
    let may_decide = disputed.may_decide;
    let base = disputed
        .base
        .map(|base| said(words, kind, field.as_str(), &base));
    let claims = disputed
        .values
        .into_iter()
        .enumerate()
        .map(|(keep, claim)| {
            let may_write = may_write && may_decide;
            let decide = DecideField {
                kind,
                entry: id,
                field: field.clone(),
                keep,
            };
            view! { <Claim claim decide may_write error /> }
        });
    view! {
        <div class="entry-parted" data-test="parted">
            <p class="parted-name"><Icon glyph=Glyph::Warning />{name}" · "{words.reg_disputed()}</p>
            {base.map(|base| view! { <p class="aside">{words.reg_disputed_base()}" "{base}</p> })}
            <ul class="conflict-versions">{claims.collect_view()}</ul>
            {(may_write && !may_decide).then(|| view! { <p class="aside" data-test="clerk-decides">{words.reg_clerk_decides()}</p> })}
            <ErrorNotice error />
        </div>
    }
}

#[component]
fn Claim(
    claim: ClaimView,
    decide: DecideField,
    may_write: bool,
    error: RwSignal<Option<IpcError>>,
) -> impl IntoView {
    let (words, toasts) = (use_words(), use_toasts());
    let value = claim.value.as_ref().map_or_else(
        || words.reg_nothing_there().to_owned(),
        |value| said(words, decide.kind, decide.field.as_str(), value),
    );
    let who = words.pick(&claim.by, &claim.by_en).to_owned();
    let keep = move || {
        error.set(None);
        let decide = decide.clone();
        spawn_local(async move {
            match ipc::call(decide).await {
                Ok(_) => toasts.say(words.reg_decided()),
                Err(why) => drop(error.try_set(Some(why))),
            }
        });
    };
    view! {
        <li class="conflict-version">
            <p class="conflict-text">{value}</p>
            <p class="conflict-who"><b>{who}</b><span class="aside">{moment(claim.at)}</span></p>
            {may_write.then(|| view! {
                <Button kind=Kind::Plain test="keep-claim" icon=Glyph::Check on_press=keep>{words.reg_keep()}</Button>
            })}
        </li>
    }
}
