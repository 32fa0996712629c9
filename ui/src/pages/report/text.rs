//! Words that may be added, and how urgent it is.

use leptos::prelude::*;
use shared::{case::Urgency, op::TEXT_MAX};

use super::{parts::on_sheet, writer::Writer};
use crate::{
    drafts::{Change, Room, room},
    dynamic::{attr, heard, part},
    look::Look,
    words::use_words,
};

/// Beyond this many bytes a field grows no more: laying out a megabyte twice would be felt.
const GROWS_TO: usize = 30_000;

/// Words.
#[component]
pub(super) fn DescriptionPart(writer: Writer) -> impl IntoView {
    let words = use_words();
    let text = on_sheet(writer, |it| it.sheet().description.clone());
    view! {
        <section class="section" id="report-description">
            <label class="part-name" for="description">
                {words.report_description()}
                <span class="field-aside">{words.report_optional()}</span>
            </label>
            <GrowingText
                id="description"
                test="description"
                placeholder=words.report_description_hint()
                value=text
                on_input=move |text| writer.change(Change::Description(text))
            />
        </section>
    }
}

/// Several lines that grow with what is written, and say when there is no more room.
#[component]
pub(super) fn GrowingText(
    /// Its id, which the label names.
    id: &'static str,
    /// Name for tests.
    test: &'static str,
    /// What could be written there.
    placeholder: &'static str,
    /// What stands in it.
    #[prop(into)]
    value: Signal<String>,
    /// What to do with what was typed.
    #[prop(into)]
    on_input: Callback<String>,
) -> impl IntoView {
    let words = use_words();
    let left = Memo::new(move |_| value.look(|text| room(text)));
    // The wrapper draws the same words unseen, and is as high as they are.
    let drawn = move || {
        value.look(|text| {
            if text.len() < GROWS_TO {
                text.clone()
            } else {
                String::new()
            }
        })
    };
    let error = format!("{id}-error");
    view! {
        <div class="growing" data-drawn=drawn class:field-wrong=attr(move || matches!(left.get(), Room::Over(_)))>
            <textarea
                class="input"
                id=id
                data-test=test
                rows="3"
                placeholder=placeholder
                aria-describedby=error.clone()
                prop:value=attr(move || value.get())
                on:input:target=move |event| on_input.run(event.target().value())
            ></textarea>
        </div>
        <p class="room" id=error role="status">
            {part(move || match left.get() {
                Room::Plenty => None,
                Room::Left(count) => Some(view! { <span class="aside">{words.report_room_left(u64::try_from(count).unwrap_or(u64::MAX))}</span> }.into_any()),
                Room::Over(count) => Some(view! { <span class="field-error" data-test="field-error">{words.report_room_over(TEXT_MAX, count)}</span> }.into_any()),
            })}
        </p>
    }
}

/// 一般 · 紧急 · 特急.
#[component]
pub(super) fn UrgencyPart(writer: Writer) -> impl IntoView {
    let words = use_words();
    let urgency = on_sheet(writer, |it| it.sheet().urgency);
    let one = move |it: Urgency, test: &'static str| {
        view! {
            <label class="segment" data-test=test>
                <input
                    class="unseen"
                    type="radio"
                    name="urgency"
                    prop:checked=attr(move || urgency.get() == it)
                    on:change=heard(move |_| writer.change(Change::Urgency(it)))
                />
                <span>{words.urgency(it)}</span>
            </label>
        }
    };
    view! {
        <fieldset class="section segments-set">
            <legend class="part-name">{words.report_urgency()}</legend>
            <div class="segments">
                {one(Urgency::Normal, "urgency-normal")}
                {one(Urgency::Urgent, "urgency-urgent")}
                {one(Urgency::Critical, "urgency-critical")}
            </div>
        </fieldset>
    }
}
