//! 发送: always under the right thumb, never a question. What is missing is pointed at where it is.

use leptos::prelude::*;
use shared::ipc::{Code, Missing};

use super::{
    parts::{part_of, point_at},
    writer::{Wish, Writer},
};
use crate::{
    components::{Button, ErrorNotice, Glyph, Kind},
    drafts::{Room, Writing, room},
    dynamic::{effect, part},
    look::Look,
    words::use_words,
};

/// The bar with the button.
#[component]
pub(super) fn SendBar(writer: Writer, told: RwSignal<bool>) -> impl IntoView {
    let words = use_words();
    // What is missing is pointed at where it is; it needs no second word here.
    let refused = move || {
        writer
            .refused
            .get()
            .filter(|it| !matches!(it.code, Code::Incomplete { .. }))
    };
    let error = Signal::derive(move || refused().or_else(|| writer.trouble.get()));
    let busy = Signal::derive(move || {
        writer
            .wish
            .look(|it| matches!(it, Some(Wish::Report | Wish::AddTo(_))))
    });
    // What the core found is pointed at like what the page finds.
    effect(move || {
        let code = writer
            .refused
            .look(|it| it.as_ref().map(|it| it.code.clone()));
        let at = match code {
            Some(Code::Incomplete { missing }) => part_of(missing),
            Some(Code::NotSelfHandled) => part_of(Missing::Handled),
            _ => return,
        };
        told.set(true);
        point_at(at);
    });
    let again = move || {
        if writer.refused.peek(Option::is_some) {
            send(writer, told);
        }
        writer.work();
    };
    let lacking = move || told.get() && !writer.writing.look(|it| it.missing().is_empty());
    view! {
        <div class="send-bar">
            <ErrorNotice error on_retry=again />
            <div class="send-line">
                <p class="aside send-word">
                    {part(move || if lacking() { words.report_lacking() } else { words.report_send_hint() })}
                </p>
                <Button kind=Kind::Primary icon=Glyph::Delivery test="send" disabled=busy on_press=move || send(writer, told)>
                    {part(move || if busy.get() { words.report_sending() } else { words.report_send() })}
                </Button>
            </div>
        </div>
    }
}

/// Sends, or points at what keeps it from being sent.
pub(super) fn send(writer: Writer, told: RwSignal<bool>) {
    told.set(true);
    match first_obstacle(writer) {
        Some(id) => point_at(id),
        None => writer.wish_for(Wish::Report),
    }
}

/// Id of the first part of the page that keeps the report from being sent. A photo on its way is
/// none: the report follows it.
fn first_obstacle(writer: Writer) -> Option<&'static str> {
    let failed = writer
        .coming
        .peek(|all| all.iter().any(|it| it.failed.is_some()));
    let coming = writer
        .coming
        .peek(|all| all.iter().any(|it| it.failed.is_none()));
    writer.writing.peek(|writing| {
        let missing = missing_first(writing, coming);
        let sheet = writing.sheet();
        let too_long = |text: &str| matches!(room(text), Room::Over(_));
        (failed.then_some("report-photos"))
            .or(missing)
            .or(too_long(&sheet.description).then_some("report-description"))
            .or((sheet.self_handled && too_long(&sheet.handled_note)).then_some("report-handled"))
    })
}

fn missing_first(writing: &Writing, coming: bool) -> Option<&'static str> {
    let settled_by_photo = |what| coming && matches!(what, Missing::Content | Missing::Handled);
    writing
        .missing()
        .into_iter()
        .find(|what| !settled_by_photo(*what))
        .map(part_of)
}
