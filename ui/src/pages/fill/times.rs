//! Days and times: the platform's own pickers where it has some, plain text where it has none, and
//! the likely ones with one press.

use leptos::prelude::*;
use shared::deadline::local;

use super::ask::Ask;
use crate::{
    components::Chip,
    dynamic::{attr, heard},
    look::Look,
    session::{App, use_app},
    words::use_words,
};

const DAY_MS: i64 = 24 * 60 * 60 * 1_000;

/// A day.
#[component]
pub(super) fn DateAsk(ask: Ask) -> impl IntoView {
    let (app, words) = (use_app(), use_words());
    let near = [(0, words.fill_today()), (1, words.fill_yesterday())];
    let chips = near.map(|(days_ago, word)| {
        let day = move || moment(app, days_ago).map(|(day, _)| day).unwrap_or_default();
        let on = Signal::derive(move || ask.value() == day());
        view! { <Chip on test=format!("day-{days_ago}") on_press=move || ask.answer(day())>{word}</Chip> }
    });
    view! {
        <div class="fill-times">
            <Picker ask kind="date" placeholder=words.fill_date_hint() shown=|value| value read=|_, text| text />
            <div class="chips">{chips.collect_view()}</div>
        </div>
    }
}

/// A time of day.
#[component]
pub(super) fn TimeAsk(ask: Ask) -> impl IntoView {
    let (app, words) = (use_app(), use_words());
    let now = move || {
        let (_, clock) = moment(app, 0).unwrap_or_default();
        ask.answer(of_the_place(app, &clock));
    };
    view! {
        <div class="fill-times">
            <Picker ask kind="time" placeholder=words.fill_time_hint() shown=clock_of read=|app, text| of_the_place(app, &text) />
            <div class="chips"><Chip on=Signal::derive(|| false) test="time-now" on_press=now>{words.fill_now()}</Chip></div>
        </div>
    }
}

/// A day with a time.
#[component]
pub(super) fn DateTimeAsk(ask: Ask) -> impl IntoView {
    let (app, words) = (use_app(), use_words());
    let now = move || {
        let (day, clock) = moment(app, 0).unwrap_or_default();
        ask.answer(of_the_place(app, &format!("{day}T{clock}")));
    };
    view! {
        <div class="fill-times">
            <Picker
                ask
                kind="datetime-local"
                placeholder=words.fill_date_time_hint()
                shown=|value| value.get(..16).unwrap_or(&value).to_owned()
                // Where there is no picker, people part day and time by a blank.
                read=|app, text| of_the_place(app, &text.trim().replacen(' ', "T", 1))
            />
            <div class="chips"><Chip on=Signal::derive(|| false) test="date-time-now" on_press=now>{words.fill_now()}</Chip></div>
        </div>
    }
}

#[component]
fn Picker(
    ask: Ask,
    kind: &'static str,
    placeholder: &'static str,
    /// An answer as the picker has it.
    shown: fn(String) -> String,
    /// What the picker has as an answer.
    read: fn(App, String) -> String,
) -> impl IntoView {
    let app = use_app();
    view! {
        <input
            class="input"
            type=kind
            id=ask.input_id()
            data-test="answer"
            placeholder=placeholder
            prop:value=attr(move || shown(ask.value()))
            on:change=heard(move |event| {
                let text = event_target_value(&event);
                ask.answer(if text.is_empty() { text } else { read(app, text) });
            })
        />
    }
}

/// `09:30` of `09:30:00.000+08:00`.
fn clock_of(value: String) -> String {
    value.get(..5).unwrap_or(&value).to_owned()
}

/// A time as forms write it, by the clock of the place. What is no time is left to the core to say.
fn of_the_place(app: App, text: &str) -> String {
    let minutes = offset_minutes(app);
    let is_short = text.chars().rev().take(5).filter(|it| *it == ':').count() == 1;
    if !is_short {
        return text.to_owned();
    }
    let (sign, minutes) = (if minutes < 0 { '-' } else { '+' }, minutes.abs());
    format!("{text}:00.000{sign}{:02}:{:02}", minutes / 60, minutes % 60)
}

/// The day and the time of day, so many days ago.
fn moment(app: App, days_ago: i64) -> Option<(String, String)> {
    let at = app.now.get().plus_ms(-days_ago * DAY_MS);
    let at = local(offset_minutes(app), at)?;
    let day = format!(
        "{:04}-{:02}-{:02}",
        at.year(),
        u8::from(at.month()),
        at.day()
    );
    Some((day, format!("{:02}:{:02}", at.hour(), at.minute())))
}

fn offset_minutes(app: App) -> i32 {
    let known = app
        .session
        .value
        .look(|it| it.as_ref().map(|session| session.utc_offset_minutes));
    known.unwrap_or(480)
}
