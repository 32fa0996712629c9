//! 清除: the sheet that asks why and says what goes, and the line that is all there is to see afterwards.

use leptos::prelude::*;
use shared::{
    DocRef, Kind as DocKind,
    erase::Why,
    ipc::{Area, Erase, ErasedView, GetErased},
};

use crate::{
    components::{AskReason, ErrorNotice, Glyph, Icon, Kind, Sheet, use_toasts},
    dynamic::part,
    ipc,
    live::live,
    look::Look,
    session::exact,
    words::use_words,
};

/// The sheet.
#[component]
pub(crate) fn EraseSheet(erasing: RwSignal<Option<DocRef>>) -> impl IntoView {
    let words = use_words();
    let open = Memo::new(move |_| erasing.look(Option::is_some));
    let title = Signal::derive(move || {
        if erasing.look(|it| it.as_ref().is_some_and(is_record)) {
            words.erase_title_record().to_owned()
        } else {
            words.erase_title_resident().to_owned()
        }
    });
    view! {
        <Sheet open title on_close=move || erasing.set(None)>
            {part(move || erasing.get().map(|target| view! { <Asking target erasing /> }))}
        </Sheet>
    }
}

fn is_record(target: &DocRef) -> bool {
    target.kind == DocKind::record()
}

#[component]
fn Asking(target: DocRef, erasing: RwSignal<Option<DocRef>>) -> impl IntoView {
    let (words, toasts) = (use_words(), use_toasts());
    let what = if is_record(&target) {
        words.erase_hint_record()
    } else {
        words.erase_hint_resident()
    };
    let send = Action::new_local(move |reason: &String| {
        let erase = Erase {
            target: target.clone(),
            reason: reason.clone(),
        };
        async move {
            let answer = ipc::call(erase).await;
            if answer.is_ok() {
                toasts.say(words.erase_done());
                // What it was asked from may be gone by now, and this with it.
                let _closed = erasing.try_set(None);
            }
            answer
        }
    });
    let common = vec![
        words.erase_common_asked(),
        words.erase_common_withdrawn(),
        words.erase_common_unneeded(),
    ];
    let error = Signal::derive(move || send.value().get().and_then(Result::err));
    view! {
        <AskReason
            label=words.erase_reason()
            common
            test="erase-reason"
            rows=2
            act=words.erase_act()
            kind=Kind::Danger
            error
            pending=send.pending()
            on_confirm=move |reason| { send.dispatch(reason); }
        >
            <p class="erase-hint"><strong>{words.erase_hint()}</strong>" "{what}</p>
            <p class="aside">{words.erase_reason_hint()}</p>
        </AskReason>
    }
}

/// That something was erased, where it would be seen; else what `without` shows.
#[component]
pub(crate) fn ErasedLine(
    target: Signal<Option<DocRef>>,
    without: fn() -> AnyView,
) -> impl IntoView {
    let erased = live(&[Area::Records, Area::Register], move || {
        let target = target.get();
        async move {
            match target {
                Some(target) => ipc::call(GetErased { target }).await,
                None => Ok(None),
            }
        }
    });
    part(move || match erased.value.get() {
        Some(Some(erased)) => view! { <Line erased /> }.into_any(),
        Some(None) => without(),
        None => {
            view! { <ErrorNotice error=erased.error on_retry=move || erased.again() /> }.into_any()
        }
    })
}

#[component]
fn Line(erased: ErasedView) -> impl IntoView {
    let words = use_words();
    let when = exact(erased.at);
    let by = erased.by.as_deref().unwrap_or_default();
    let by_en = erased.by_en.as_deref().unwrap_or_default();
    let who = words.pick(by, by_en).to_owned();
    let over = erased.why == Why::Retention;
    let said = move || {
        if over {
            words.erase_over(when())
        } else {
            words.erase_by(&who, when())
        }
    };
    view! {
        <section class="card row erased" data-test="erased">
            <Icon glyph=Glyph::Trash />
            <span class="row-words">
                <span class="row-title">{words.erase_gone()}</span>
                <span class="row-text">{said}</span>
                {(!erased.reason.is_empty()).then_some(view! { <span class="row-text" data-test="erased-why">{erased.reason}</span> })}
                {erased.pending.then(|| view! { <span class="row-text">{words.erase_pending()}</span> })}
            </span>
        </section>
    }
}
