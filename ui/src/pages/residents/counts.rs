//! What counts in a campaign: any record, or one answer to one question of its form.

use std::collections::BTreeMap;

use leptos::prelude::*;
use shared::ipc::{Area, Countable, ListCountable};

use crate::{
    dynamic::{attr, heard, part},
    ipc,
    live::live,
    look::Look,
    words::{Words, use_words},
};

/// The answers to the form that was chosen.
pub(super) fn part_of_answers(
    id: String,
    typed: RwSignal<BTreeMap<String, String>>,
    value: Signal<String>,
    set: Callback<String>,
) -> AnyView {
    let words = use_words();
    let form =
        Memo::new(move |_| typed.look(|typed| typed.get("form").cloned().unwrap_or_default()));
    let asked = live(&[Area::Forms], move || {
        let form = form.get();
        ipc::call(ListCountable { form })
    });
    view! {
        {part(move || {
            let options = options(words, asked.value.get().unwrap_or_default(), &value.get());
            let options = options.into_iter().map(|(code, said)| {
                let same = code.clone();
                view! { <option value=code selected=attr(move || value.get() == same)>{said}</option> }
            });
            view! {
                <select class="input" id=id.clone() data-test="counts" on:change=heard(move |event| set.run(event_target_value(&event)))>
                    <option value="">{words.camp_counts_any()}</option>
                    {options.collect_view()}
                </select>
            }
        })}
    }
    .into_any()
}

/// Each answer to each question, as it is kept and in words; what stands and is none of them stays.
fn options(words: Words, asked: Vec<Countable>, stands: &str) -> Vec<(String, String)> {
    let mut options: Vec<(String, String)> = Vec::new();
    for Countable {
        question,
        label,
        choices,
    } in asked
    {
        for choice in choices {
            let code = format!("{question}={}", choice.value);
            let said = words.camp_counts_choice(choice.label, label.clone());
            options.push((code, said));
        }
    }
    if !stands.is_empty() && options.iter().all(|(code, _)| code != stands) {
        options.push((stands.to_owned(), stands.to_owned()));
    }
    options
}
