//! What stands around every page: navigation (a bar below on tablets, a rail at the left on
//! desktops), notices that concern everything, toasts, and the keys that go somewhere.

use leptos::{ev::KeyboardEvent, prelude::*, task::spawn_local};
use leptos_router::{NavigateOptions, components::A, hooks::use_navigate};
use shared::ipc::{DismissSetAside, IpcError, Problem};
use wasm_bindgen::JsCast;

use crate::{
    components::{Button, ErrorNotice, Glyph, Icon, Kind, SyncGlyph, ToastShelf},
    dynamic::part,
    ipc,
    keys_help::KeysHelp,
    look::Look,
    session::use_app,
    words::{Words, use_words},
};

/// One place to go.
#[derive(Clone, Copy)]
struct Place {
    path: &'static str,
    test: &'static str,
    glyph: Glyph,
    word: &'static str,
    /// Pressed after `g`.
    key: &'static str,
    /// Only on the rail: the bar has room for five.
    rail_only: bool,
}

/// Where to go, in the order of the bar.
fn places(words: Words, decides: bool) -> Vec<Place> {
    let place = |path, test, glyph, word, key| Place {
        path,
        test,
        glyph,
        word,
        key,
        rail_only: false,
    };
    let mut places = vec![place(
        "/",
        "nav-today",
        Glyph::Today,
        words.nav_today(),
        "t",
    )];
    if decides {
        places.push(place(
            "/desk",
            "nav-desk",
            Glyph::Desk,
            words.nav_desk(),
            "d",
        ));
    }
    places.push(place(
        "/report",
        "nav-report",
        Glyph::Camera,
        words.nav_report(),
        "r",
    ));
    places.push(Place {
        rail_only: decides,
        ..place("/cases", "nav-cases", Glyph::Cases, words.nav_cases(), "c")
    });
    places.push(place(
        "/residents",
        "nav-residents",
        Glyph::Door,
        words.nav_residents(),
        "p",
    ));
    // On a tablet 今日 leads there.
    places.push(Place {
        rail_only: true,
        ..place(
            "/delivery",
            "nav-delivery",
            Glyph::Delivery,
            words.nav_delivery(),
            "s",
        )
    });
    places.push(Place {
        rail_only: true,
        ..place("/forms", "nav-forms", Glyph::Note, words.forms_title(), "f")
    });
    places.push(Place {
        rail_only: true,
        ..place(
            "/campaigns",
            "nav-campaigns",
            Glyph::Flag,
            words.camp_title(),
            "z",
        )
    });
    places.push(place("/me", "nav-me", Glyph::Me, words.nav_me(), "m"));
    places
}

/// The frame around a page.
#[component]
pub(crate) fn Shell(
    /// The page.
    children: Children,
) -> impl IntoView {
    let (app, words) = (use_app(), use_words());
    let decides = Memo::new(move |_| app.decides());
    listen_for_keys(words, decides);
    let links = move || {
        places(words, decides.get())
            .into_iter()
            .map(|place| view! {
                <li class="nav-item" class:nav-rail-only=place.rail_only>
                    <A href=place.path exact=place.path == "/" attr:class="nav-link" attr:data-test=place.test>
                        <Icon glyph=place.glyph />
                        <span>{place.word}</span>
                    </A>
                </li>
            })
            .collect_view()
    };
    let keys = Signal::derive(move || {
        places(words, decides.get())
            .iter()
            .map(|place| (place.key, place.word))
            .collect()
    });
    view! {
        <a class="skip" href="#content">{words.app_skip()}</a>
        <div class="shell">
            <nav class="nav" aria-label=words.nav_label()>
                <p class="nav-brand">{words.app_name()}</p>
                <ul class="nav-list">{links}</ul>
                <div class="nav-foot"><SyncGlyph /></div>
            </nav>
            <div class="shell-main">
                <Notices />
                {children()}
            </div>
        </div>
        <ToastShelf />
        <KeysHelp places=keys />
    }
}

/// What must be known whatever page is open: a database set aside, a device revoked.
#[component]
fn Notices() -> impl IntoView {
    let (app, words) = (use_app(), use_words());
    let set_aside = Memo::new(move |_| app.session.value.look(|it| it.as_ref()?.problem.clone()));
    let revoked = Memo::new(move |_| {
        app.session.value.look(|it| {
            let enrolment = it.as_ref().and_then(|it| it.enrolment.as_ref());
            enrolment.is_some_and(|enrolment| enrolment.revoked)
        })
    });
    view! {
        {part(move || set_aside.get().map(|problem| view! { <SetAside problem /> }))}
        {part(move || revoked.get().then(|| view! {
            <div class="banner" role="alert" data-test="problem">
                <Icon glyph=Glyph::Warning />
                <p class="banner-words">{words.problem_revoked()}</p>
            </div>
        }))}
    }
}

/// A database was set aside: where it is kept, and what to do; it stays until it was read.
#[component]
fn SetAside(problem: Problem) -> impl IntoView {
    let (app, words) = (use_app(), use_words());
    let notice = words.problem(&problem);
    let kept_at = match problem {
        Problem::SetAside { kept_at, .. } => kept_at,
        Problem::Newer | Problem::KeyMissing | Problem::Unwritable => String::new(),
    };
    let error = RwSignal::new(None::<IpcError>);
    let dismiss = move || {
        error.set(None);
        spawn_local(async move {
            match ipc::call(DismissSetAside {}).await {
                Ok(session) => app.session.value.set(Some(session)),
                Err(why) => drop(error.try_set(Some(why))),
            }
        });
    };
    view! {
        <div class="banner" role="alert" data-test="problem">
            <Icon glyph=Glyph::Warning />
            <div class="banner-words">
                <p class="notice-happened">{notice.happened}</p>
                <p>{words.sentences(notice.safe, &notice.todo)}</p>
                <p class="banner-path" data-test="kept-at">{kept_at}</p>
                <ErrorNotice error />
            </div>
            <Button kind=Kind::Plain test="dismiss-set-aside" on_press=dismiss>{words.app_understood()}</Button>
        </div>
    }
}

/// `g` and then a letter goes to a page.
fn listen_for_keys(words: Words, decides: Memo<bool>) {
    let navigate = use_navigate();
    let after_g = StoredValue::new(false);
    let handle = window_event_listener(leptos::ev::keydown, move |event| {
        if typing(&event) || event.ctrl_key() || event.alt_key() || event.meta_key() {
            return;
        }
        let key = event.key();
        if after_g.get_value() {
            after_g.set_value(false);
            let place = places(words, decides.get_untracked())
                .into_iter()
                .find(|place| place.key == key);
            if let Some(place) = place {
                event.prevent_default();
                // Else the same press would also be a key of the page that is left.
                event.stop_immediate_propagation();
                navigate(place.path, NavigateOptions::default());
            }
            return;
        }
        after_g.set_value(key == "g");
    });
    on_cleanup(move || handle.remove());
}

/// Whether the key belongs to a field being filled in, or to a sheet over the page.
pub(crate) fn typing(event: &KeyboardEvent) -> bool {
    let Some(target) = event
        .target()
        .and_then(|it| it.dyn_into::<web_sys::Element>().ok())
    else {
        return false;
    };
    let in_field = matches!(target.tag_name().as_str(), "INPUT" | "TEXTAREA" | "SELECT");
    in_field
        || target
            .closest("dialog")
            .is_ok_and(|dialog| dialog.is_some())
}
