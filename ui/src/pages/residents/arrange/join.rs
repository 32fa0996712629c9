//! 并户: which of the others behind the door takes everybody in.

use leptos::prelude::*;
use shared::{EntryId, ipc::JoinHouseholds};

use super::{Family, OneOf, say_done};
use crate::{
    components::{Button, ErrorNotice, Kind, use_toasts},
    dynamic::{effect, part},
    ipc,
    words::use_words,
};

#[component]
pub(super) fn Join(family: Family, done: Callback<()>) -> impl IntoView {
    let (words, toasts) = (use_words(), use_toasts());
    let from = family.id;
    // Of one there is nothing to choose.
    let only = match family.others.as_slice() {
        [(id, _)] => Some(*id),
        _ => None,
    };
    let into = RwSignal::new(only);
    let lacking = RwSignal::new(None::<&'static str>);
    effect(move || {
        into.track();
        lacking.set(None);
    });
    let names: Vec<String> = family.members.iter().map(|it| it.name.clone()).collect();
    let others = family.others.clone();
    let save = Action::new_local(move |into: &EntryId| {
        let join = JoinHouseholds { from, into: *into };
        async move {
            let arranged = ipc::call(join).await?;
            say_done(words, toasts, words.house_said_join(), arranged);
            done.run(());
            Ok(())
        }
    });
    let error = Signal::derive(move || save.value().get().and_then(Result::err));
    let confirm = move |()| match into.get_untracked() {
        Some(into) => drop(save.dispatch(into)),
        None => lacking.set(Some(words.house_need_household())),
    };
    view! {
        <form class="form" on:submit=move |event| event.prevent_default()>
            <p class="arrange-who">{names.join(words.reg_between())}</p>
            <OneOf label=words.house_join_into() test="join-into" among=others chosen=into />
            <p class="aside">{words.house_join_hint()}</p>
            {part(move || lacking.get().map(|it| view! { <p class="field-error" data-test="field-error">{it}</p> }))}
            <ErrorNotice error />
            <div class="sheet-actions">
                <Button kind=Kind::Primary test="sheet-confirm" disabled=save.pending() on_press=confirm>{words.house_join()}</Button>
            </div>
        </form>
    }
}
