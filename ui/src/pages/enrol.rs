//! 注册: the first start. The hub's address and a one-time code, or later.

use leptos::{ev::SubmitEvent, prelude::*, task::spawn_local};
use leptos_router::{NavigateOptions, hooks::use_navigate};
use shared::ipc::{EnrolDevice, IpcError};

use crate::{
    components::{Button, Field, Glyph, Icon, Kind, TextInput},
    dynamic::{attr, heard, part},
    ipc,
    look::Look,
    session::use_app,
    words::use_words,
};

/// The page.
#[component]
pub(crate) fn EnrolPage() -> impl IntoView {
    let (app, words, navigate) = (use_app(), use_words(), use_navigate());
    let (url, code) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let error = RwSignal::new(None::<IpcError>);
    // What is missing is only told after the first press.
    let told = RwSignal::new(false);
    let busy = RwSignal::new(false);
    let wants = move |field: RwSignal<String>, word: &'static str| {
        Signal::derive(move || {
            (told.get() && field.look(|it| it.trim().is_empty())).then(|| word.to_owned())
        })
    };
    let later = navigate.clone();
    let submit = Callback::new(move |()| {
        told.set(true);
        error.set(None);
        let empty = |field: RwSignal<String>| field.peek(|it| it.trim().is_empty());
        if busy.get_untracked() || empty(url) || empty(code) {
            return;
        }
        busy.set(true);
        let navigate = navigate.clone();
        let request = EnrolDevice {
            hub_url: url.get_untracked(),
            code: code.get_untracked(),
        };
        spawn_local(async move {
            let answer = ipc::call(request).await;
            if !busy.is_disposed() {
                busy.set(false);
            }
            match answer {
                Ok(session) => {
                    app.session.value.set(Some(session));
                    navigate("/", NavigateOptions::default());
                }
                Err(why) => drop(error.try_set(Some(why))),
            }
        });
    });
    view! {
        <main class="page enrol" id="content">
            <form class="card enrol-card" novalidate on:submit=heard(move |event: SubmitEvent| {
                event.prevent_default();
                submit.run(());
            })>
                <header class="enrol-head">
                    <h1>{words.enrol_title()}</h1>
                    <p class="aside">{words.enrol_hint()}</p>
                </header>
                <Field id="enrol-url" label=words.enrol_url() error=wants(url, words.enrol_url_missing())>
                    <TextInput id="enrol-url" test="enrol-url" kind="url" placeholder="https://hub.example.org" value=url on_input=move |text| url.set(text) />
                </Field>
                <Field id="enrol-code" label=words.enrol_code() aside=words.enrol_code_hint() error=wants(code, words.enrol_code_missing())>
                    <div class="enrol-code">
                        <TextInput id="enrol-code" test="enrol-code" placeholder="XXXX-XXXX-XXXX" value=code on_input=move |text| code.set(text) />
                    </div>
                </Field>
                {part(move || error.get().map(|error| {
                    let notice = words.notice(&error.code);
                    view! {
                        <div class="notice" role="alert" data-test="enrol-error">
                            <Icon glyph=Glyph::Warning />
                            <div class="notice-words">
                                <p class="notice-happened">{notice.happened}</p>
                                <p>{notice.safe}</p>
                                <p>{notice.todo}</p>
                            </div>
                        </div>
                    }
                }))}
                <div class="enrol-ends">
                    <Button kind=Kind::Quiet test="enrol-later" on_press=move || later("/", NavigateOptions::default())>{words.enrol_later()}</Button>
                    <button type="submit" class="button" data-kind="primary" data-test="enrol-submit" disabled=attr(move || busy.get())>
                        {part(move || if busy.get() { words.enrol_busy() } else { words.enrol_submit() })}
                    </button>
                </div>
                <p class="aside">{words.enrol_later_hint()}</p>
            </form>
        </main>
    }
}
