//! Language, theme, text size, room for photos.

use leptos::prelude::*;
use shared::ipc::{Language, PhotoRoom, Settings, TextSize, Theme};

use crate::{
    dynamic::{attr, heard},
    session::use_app,
    words::use_words,
};

/// The choices.
#[component]
pub(super) fn Looks() -> impl IntoView {
    let (app, words) = (use_app(), use_words());
    let settings = app.settings();
    let set = move |change: fn(&mut Settings, usize), to: usize| {
        let mut next = settings.get_untracked();
        change(&mut next, to);
        app.save_settings(next);
    };
    let languages = [
        ("lang-zh", words.me_language_zh()),
        ("lang-en", words.me_language_en()),
    ];
    let themes = [
        ("theme-system", words.me_theme_system()),
        ("theme-light", words.me_theme_light()),
        ("theme-dark", words.me_theme_dark()),
    ];
    let sizes = [
        ("text-normal", words.me_text_normal()),
        ("text-large", words.me_text_large()),
    ];
    let rooms = [
        ("photo-room-small", words.me_photo_room_small()),
        ("photo-room-medium", words.me_photo_room_medium()),
        ("photo-room-large", words.me_photo_room_large()),
    ];
    view! {
        <section class="section">
            <h2 class="part-name">{words.me_looks()}</h2>
            <div class="card looks">
                <Choice
                    name="language"
                    label=words.me_language()
                    options=languages.to_vec()
                    at=Signal::derive(move || place(&LANGUAGES, settings.get().language))
                    on_choose=move |to| set(|it, to| it.language = at(&LANGUAGES, to), to)
                />
                <Choice
                    name="theme"
                    label=words.me_theme()
                    options=themes.to_vec()
                    at=Signal::derive(move || place(&THEMES, settings.get().theme))
                    on_choose=move |to| set(|it, to| it.theme = at(&THEMES, to), to)
                />
                <Choice
                    name="text-size"
                    label=words.me_text()
                    options=sizes.to_vec()
                    at=Signal::derive(move || place(&SIZES, settings.get().text_size))
                    on_choose=move |to| set(|it, to| it.text_size = at(&SIZES, to), to)
                />
                <Choice
                    name="photo-room"
                    label=words.me_photo_room()
                    options=rooms.to_vec()
                    at=Signal::derive(move || place(&ROOMS, settings.get().photo_room))
                    on_choose=move |to| set(|it, to| it.photo_room = at(&ROOMS, to), to)
                />
                <p class="aside">{words.me_photo_room_hint()}</p>
            </div>
        </section>
    }
}

const LANGUAGES: [Language; 2] = [Language::Zh, Language::En];
const THEMES: [Theme; 3] = [Theme::System, Theme::Light, Theme::Dark];
const SIZES: [TextSize; 2] = [TextSize::Normal, TextSize::Large];
const ROOMS: [PhotoRoom; 3] = [PhotoRoom::Small, PhotoRoom::Medium, PhotoRoom::Large];

fn place<T: PartialEq>(all: &[T], one: T) -> usize {
    all.iter().position(|it| *it == one).unwrap_or(0)
}

fn at<T: Copy + Default>(all: &[T], place: usize) -> T {
    all.get(place).copied().unwrap_or_default()
}

/// One of a few, side by side.
#[component]
fn Choice(
    /// Name of the group.
    name: &'static str,
    /// What is chosen.
    label: &'static str,
    /// Name for tests and words of each.
    options: Vec<(&'static str, &'static str)>,
    /// Which is chosen.
    at: Signal<usize>,
    /// What choosing does.
    #[prop(into)]
    on_choose: Callback<usize>,
) -> impl IntoView {
    let segments = options.into_iter().enumerate().map(move |(to, (test, word))| {
        view! {
            <label class="segment" data-test=test>
                <input class="unseen" type="radio" name=name prop:checked=attr(move || at.get() == to) on:change=heard(move |_| on_choose.run(to)) />
                <span>{word}</span>
            </label>
        }
    });
    view! {
        <fieldset class="segments-set look">
            <legend>{label}</legend>
            <div class="segments">{segments.collect_view()}</div>
        </fieldset>
    }
}
