//! 告知: what the person is told before they are asked; of a child, who was told in their place.

use leptos::prelude::*;
use shared::ipc::FormNotice;

use super::{
    flag,
    paper::{End, GUARDIAN, Paper},
};
use crate::{
    components::{Glyph, Icon},
    dynamic::{heard, part},
    look::Look,
    words::use_words,
};

/// The notice, above all questions.
#[component]
pub(super) fn NoticeCard(paper: Paper, notice: FormNotice) -> impl IntoView {
    let words = use_words();
    let purpose = words.pick(&notice.purpose, &notice.purpose_en).to_owned();
    let text = words.pick(&notice.text, &notice.text_en).to_owned();
    let said = notice.guardian.clone();
    view! {
        <section class="card fill-notice" id=format!("q-{GUARDIAN}") data-test="fill-notice">
            <h2 class="part-name"><Icon glyph=Glyph::Eye />{words.fill_notice()}</h2>
            <p class="fill-notice-for">{words.fill_notice_for(purpose)}</p>
            <p class="fill-notice-text">{text}</p>
            {notice.child.then(|| view! { <Guardian paper said /> })}
        </section>
    }
}

#[component]
fn Guardian(paper: Paper, said: String) -> impl IntoView {
    let words = use_words();
    let missing = RwSignal::new(said.is_empty());
    let wrong = move || {
        let asked = paper
            .ended
            .look(|end| *end == Some(End::At(GUARDIAN.to_owned())));
        (asked && missing.get()).then(|| words.fill_guardian_missing())
    };
    view! {
        <div class="fill-ask" data-wrong=flag(move || wrong().is_some())>
            <label class="fill-label" for="guardian">
                <span>{words.fill_guardian()}</span>
                <span class="field-aside">{words.fill_required()}</span>
            </label>
            <p class="fill-hint">{words.fill_guardian_hint()}</p>
            <input
                class="input"
                id="guardian"
                data-test="guardian"
                type="text"
                autocomplete="off"
                value=said
                on:input=heard(move |event| {
                    let name = event_target_value(&event);
                    missing.set(name.trim().is_empty());
                    paper.name_guardian(name);
                })
            />
            <p class="field-error" role="alert" data-test="field-error">{part(wrong)}</p>
        </div>
    }
}
