//! 自行处置: handled on the spot, with a note or a photo of how it looks now.

use leptos::prelude::*;
use shared::{
    PhotoKind,
    ipc::{Choice, Missing},
    photo::PHOTOS_MAX,
};

use super::{
    parts::{Lack, lack, on_sheet},
    photos::PhotoInput,
    text::GrowingText,
    writer::Writer,
};
use crate::{
    components::{Glyph, Icon},
    drafts::{Change, may_self_handle},
    dynamic::{attr, part},
    session::use_app,
    words::use_words,
};

/// The switch, and what it asks for. Not there for categories that need a department.
#[component]
pub(super) fn HandledPart(writer: Writer, told: RwSignal<bool>) -> impl IntoView {
    let (app, words) = (use_app(), use_words());
    let lacks = lack(writer, told, Missing::Handled);
    let category = on_sheet(writer, |it| it.sheet().category.clone());
    let may = Memo::new(move |_| {
        let choice = category.get();
        let known = match &choice {
            Choice::Category { code } => app.category(code),
            Choice::Open | Choice::Unsure => None,
        };
        may_self_handle(&choice, known.as_ref())
    });
    let on = on_sheet(writer, |it| it.sheet().self_handled);
    let note = on_sheet(writer, |it| it.sheet().handled_note.clone());
    let after = on_sheet(writer, |it| {
        it.sheet()
            .photos
            .iter()
            .any(|photo| photo.kind == PhotoKind::After)
    });
    let room = on_sheet(writer, |it| it.sheet().photos.len() < PHOTOS_MAX);
    view! {
        <Show when=attr(move || may.get())>
            <section class="section" id="report-handled" class:part-wrong=lacks>
                <label class="switch-line">
                    <span class="switch-words">
                        <span class="part-name">{words.report_self_handled()}</span>
                        <span class="aside">{words.report_self_handled_hint()}</span>
                    </span>
                    <input
                        class="switch"
                        type="checkbox"
                        role="switch"
                        data-test="self-handle"
                        prop:checked=attr(move || on.get())
                        on:change:target=move |event| writer.change(Change::SelfHandled(event.target().checked()))
                    />
                </label>
                <Show when=attr(move || on.get())>
                    <GrowingText
                        id="handled-note"
                        test="handled-note"
                        placeholder=words.report_handled_note_hint()
                        value=note
                        on_input=move |text| writer.change(Change::HandledNote(text))
                    />
                    {part(move || if after.get() {
                        view! { <p class="report-done"><Icon glyph=Glyph::Check />{words.report_after_photo_there()}</p> }.into_any()
                    } else if room.get() {
                        view! {
                            <label class="button label-button">
                                <PhotoInput writer kind=PhotoKind::After test="photo-after" camera=false />
                                <Icon glyph=Glyph::Camera />
                                <span>{words.report_add_after_photo()}</span>
                            </label>
                        }.into_any()
                    } else {
                        view! { <p class="aside">{words.report_after_photo_hint()}</p> }.into_any()
                    })}
                </Show>
                <Lack what=Missing::Handled lacks />
            </section>
        </Show>
    }
}
