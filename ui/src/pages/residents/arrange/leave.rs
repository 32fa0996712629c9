//! 迁出, 去世: since when, where to, and who is the head from now on.

use leptos::prelude::*;
use shared::{
    EntryId,
    ipc::{Code, LeaveHousehold, Leaving},
};

use super::{Family, OneOf, say_done};
use crate::{
    components::{Button, Chip, ErrorNotice, Field, Kind, TextInput, use_toasts},
    dynamic::part,
    ipc,
    session::use_app,
    words::use_words,
};

#[component]
pub(super) fn Leave(family: Family, resident: EntryId, done: Callback<()>) -> impl IntoView {
    let (words, toasts, app) = (use_words(), use_toasts(), use_app());
    let how = RwSignal::new(Leaving::Moved);
    // The sheet must not begin anew with every minute.
    let sayer = untrack(|| app.sayer(words));
    let on = RwSignal::new(sayer.iso_day(sayer.now));
    let note = RwSignal::new(String::new());
    let head = RwSignal::new(None::<EntryId>);
    let wrong = RwSignal::new(None::<String>);
    let is_last = family.members.iter().all(|it| it.id == resident);
    let end = RwSignal::new(is_last);
    let needs_head = !is_last && family.has_head(|it| it == resident);
    let name = family
        .members
        .iter()
        .find(|it| it.id == resident)
        .map(|it| it.name.clone());
    let left = family.members.iter().filter(|it| it.id != resident);
    let left: Vec<_> = left.map(|it| (it.id, it.name.clone())).collect();
    let save = Action::new_local(move |(): &()| {
        let how = how.get_untracked();
        let leave = LeaveHousehold {
            residents: vec![resident],
            how,
            on: on.get_untracked(),
            note: note.get_untracked(),
            end_household: end.get_untracked(),
            head: head.get_untracked(),
        };
        async move {
            match ipc::call(leave).await {
                Ok(arranged) => {
                    let said = match how {
                        Leaving::Moved => words.house_said_moved(),
                        Leaving::Dead => words.house_said_dead(),
                    };
                    say_done(words, toasts, said, arranged);
                    done.run(());
                    Ok(())
                }
                Err(why) => {
                    if let Code::Mistakes { mistakes } = &why.code {
                        let day = mistakes
                            .iter()
                            .find(|it| it.field.as_str() == "presence_since");
                        let told = day.map(|it| words.wrong(&it.wrong));
                        drop(wrong.try_set(told));
                    }
                    Err(why)
                }
            }
        }
    });
    let error = Signal::derive(move || save.value().get().and_then(Result::err));
    let note_label = Signal::derive(move || match how.get() {
        Leaving::Moved => words.house_to(),
        Leaving::Dead => words.reg_f_note(),
    });
    let chip = move |which: Leaving, test: &'static str, said: &'static str| {
        view! {
            <Chip on=Signal::derive(move || how.get() == which) test on_press=move || how.set(which)>{said}</Chip>
        }
    };
    view! {
        <form class="form" on:submit=move |event| event.prevent_default()>
            <p class="arrange-who">{name}</p>
            <div class="chips" role="group" aria-label=words.house_leave()>
                {chip(Leaving::Moved, "leave-moved", words.house_moved())}
                {chip(Leaving::Dead, "leave-dead", words.house_dead())}
            </div>
            <Field label=words.house_on() id="leave-on" error=wrong>
                <TextInput id="leave-on" test="leave-on" kind="date" value=on on_input=move |text| { wrong.set(None); on.set(text); } />
            </Field>
            {part(move || view! {
                <Field label=note_label.get() id="leave-note" aside=words.reg_optional()>
                    <TextInput id="leave-note" test="leave-note" value=note on_input=move |text| note.set(text) />
                </Field>
            })}
            {needs_head.then(|| view! { <OneOf label=words.house_head_left() aside=words.house_later() test="head-left" among=left chosen=head /> })}
            {is_last.then(|| view! {
                <div class="chips">
                    <Chip on=end test="leave-end" on_press=move || end.update(|it| *it = !*it)>{words.house_end_too()}</Chip>
                </div>
            })}
            <ErrorNotice error />
            <div class="sheet-actions">
                <Button kind=Kind::Primary test="sheet-confirm" disabled=save.pending() on_press=move |()| { save.dispatch(()); }>{words.house_do()}</Button>
            </div>
        </form>
    }
}
