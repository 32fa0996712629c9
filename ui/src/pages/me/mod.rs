//! 我的: who and where, how the app looks, what this device holds, and what the app does not do.

mod facts;
mod looks;

use leptos::prelude::*;
use shared::ipc::{About, Area, GetAbout};

use self::{
    facts::{Fact, Facts, enrolment_facts, storage_facts, version_facts},
    looks::Looks,
};
use crate::{
    components::{ErrorNotice, Glyph, Icon},
    dynamic::part,
    ipc,
    live::live,
    look::Look,
    session::use_app,
    words::use_words,
};

/// The page.
#[component]
pub(crate) fn Me() -> impl IntoView {
    let (app, words) = (use_app(), use_words());
    let about = live(&[Area::Session, Area::Packs, Area::Cases], || {
        ipc::call(GetAbout {})
    });
    let of_about = move |read: fn(crate::words::Words, &About) -> Vec<Fact>| {
        move || about.value.look(|it| it.as_ref().map(|it| read(words, it)))
    };
    let (storage, versions) = (of_about(storage_facts), of_about(version_facts));
    let enrolment = move || {
        app.session
            .value
            .look(|it| it.as_ref().and_then(|it| it.enrolment.clone()))
    };
    view! {
        <main class="page me" id="content">
            <header class="page-head"><h1>{words.me_title()}</h1></header>
            {part(move || match enrolment() {
                Some(enrolment) => {
                    let link = app.sync.look(|it| it.as_ref().map(|it| it.link));
                    let name = words.pick(&enrolment.staff.name, &enrolment.staff.name_en).to_owned();
                    let last = about.value.look(|it| it.as_ref().and_then(|it| it.last_sync_at));
                    let last = last.map(|at| app.sayer(words).moment(at));
                    view! {
                        <section class="section">
                            <div class="card me-person" data-test="me-person">
                                <span class="me-sign"><Icon glyph=Glyph::Me /></span>
                                <div class="row-words">
                                    <h2>{name}</h2>
                                    <p class="aside">{words.role(enrolment.role)}" · "{enrolment.staff.badge_no.clone()}</p>
                                </div>
                            </div>
                            <Facts facts=enrolment_facts(words, &enrolment, link, last) />
                            {enrolment.revoked.then(|| view! {
                                <div class="card me-enrol" data-test="me-revoked">
                                    <p class="row-words">{words.me_revoked_hint()}</p>
                                    <a class="button" href="/enrol">{words.me_enrol_again()}</a>
                                </div>
                            })}
                        </section>
                    }.into_any()
                }
                None => view! {
                    <section class="card me-enrol">
                        <div class="row-words">
                            <h2>{words.me_not_enrolled()}</h2>
                            <p class="aside">{words.me_not_enrolled_hint()}</p>
                        </div>
                        <a class="button" data-kind="primary" data-test="me-enrol" href="/enrol">{words.me_enrol()}</a>
                    </section>
                }.into_any(),
            })}
            <Looks />
            <section class="section">
                <h2 class="part-name">{words.me_storage()}</h2>
                <ErrorNotice error=about.error on_retry=move || about.again() />
                {part(move || storage().map(|facts| view! { <Facts facts /> }))}
                <p class="aside">{words.me_storage_hint()}</p>
            </section>
            <section class="section">
                <h2 class="part-name">{words.me_about()}</h2>
                {part(move || versions().map(|facts| view! { <Facts facts /> }))}
                <div class="card me-promise" data-test="me-promise">
                    <p>{words.me_promise()}</p>
                    <p class="aside">{words.me_feedback()}</p>
                </div>
            </section>
        </main>
    }
}
