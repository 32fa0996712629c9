//! The root: what every page may ask, and which page is shown.

use leptos::prelude::*;
use leptos_router::{
    components::{FlatRoutes, Route, Router},
    hooks::{use_location, use_navigate},
    path,
};

use crate::{
    components::{Button, Empty, ErrorNotice, Glyph, Toasts},
    dynamic::{effect, part},
    live::Touched,
    look::Look,
    network,
    pages::{
        BuildingPage, CampaignPage, CampaignsPage, Cases, Closed, ConflictsPage, DeliveryPage,
        Desk, DoorPage, DuplicatesPage, EnrolPage, EntryHistoryPage, FillPage, FormsPage,
        HistoryPage, ImportPage, Me, PlacePage, PlacesPage, PublishPage, RecordPage, Report,
        ResidentsPage, RoundPage, TodayPage,
    },
    session::{App, use_app},
    shell::Shell,
    words::{Words, use_words},
};

/// The whole app.
#[component]
pub(crate) fn Root() -> impl IntoView {
    Touched::provide();
    Toasts::provide();
    let app = App::provide();
    remove_first_paint(app);
    network::listen();
    let known = Memo::new(move |_| app.session.value.look(Option::is_some));
    let closed = Memo::new(move |_| app.closed_by());
    let language = Memo::new(move |_| app.settings().look(|settings| settings.language));
    view! {
        <Router>
            {part(move || {
                // A change of language draws everything anew: it is rarer than any other act, and
                // so no word on any page needs to be a signal.
                provide_context(Words(language.get()));
                if let Some(problem) = closed.get() {
                    view! { <Closed problem /> }.into_any()
                } else if known.get() {
                    view! { <Pages /> }.into_any()
                } else {
                    view! { <Start /> }.into_any()
                }
            })}
        </Router>
    }
}

/// Before the session is known: nothing, or why it can't be had.
#[component]
fn Start() -> impl IntoView {
    let app = use_app();
    view! {
        <main class="page">
            <ErrorNotice error=app.session.error on_retry=move || app.session.again() />
        </main>
    }
}

#[component]
fn Pages() -> impl IntoView {
    enrol_first();
    view! {
        <Shell>
            <FlatRoutes fallback=NoPage>
                <Route path=path!("/") view=TodayPage />
                <Route path=path!("/report/:draft?") view=Report />
                <Route path=path!("/cases/:id?") view=Cases />
                <Route path=path!("/desk/:id?") view=Desk />
                <Route path=path!("/residents") view=ResidentsPage />
                <Route path=path!("/residents/import") view=ImportPage />
                <Route path=path!("/residents/building/:id") view=BuildingPage />
                <Route path=path!("/residents/door/:id") view=DoorPage />
                <Route path=path!("/residents/places") view=PlacesPage />
                <Route path=path!("/residents/place/:id") view=PlacePage />
                <Route path=path!("/residents/history/:kind/:id") view=EntryHistoryPage />
                <Route path=path!("/residents/duplicates") view=DuplicatesPage />
                <Route path=path!("/round") view=RoundPage />
                <Route path=path!("/campaigns") view=CampaignsPage />
                <Route path=path!("/campaigns/:id") view=CampaignPage />
                <Route path=path!("/conflicts/:id?") view=ConflictsPage />
                <Route path=path!("/history/:id") view=HistoryPage />
                <Route path=path!("/forms") view=FormsPage />
                <Route path=path!("/forms/publish") view=PublishPage />
                <Route path=path!("/fill/:draft") view=FillPage />
                <Route path=path!("/records/:id") view=RecordPage />
                <Route path=path!("/delivery") view=DeliveryPage />
                <Route path=path!("/me") view=Me />
                <Route path=path!("/enrol") view=EnrolPage />
            </FlatRoutes>
        </Shell>
    }
}

/// A device without a hub is greeted by the enrolment page once a start; "later" leads on.
fn enrol_first() {
    let app = use_app();
    let path = use_location().pathname;
    let navigate = use_navigate();
    let greeted = StoredValue::new(false);
    effect(move || {
        let enrolled = app
            .session
            .value
            .look(|it| it.as_ref().is_some_and(|it| it.enrolment.is_some()));
        if greeted.get_value() || enrolled || path.get_untracked() != "/" {
            return;
        }
        greeted.set_value(true);
        navigate(
            "/enrol",
            leptos_router::NavigateOptions {
                replace: true,
                ..Default::default()
            },
        );
    });
}

#[component]
fn NoPage() -> impl IntoView {
    let words = use_words();
    let navigate = use_navigate();
    view! {
        <main class="page" id="content">
            <Empty glyph=Glyph::Search title=words.app_no_page() hint=words.app_no_page_hint()>
                <Button test="go-today" on_press=move || navigate("/", leptos_router::NavigateOptions::default())>{words.nav_today()}</Button>
            </Empty>
        </main>
    }
}

/// Takes away what `index.html` painted, once there is something better.
fn remove_first_paint(app: App) {
    effect(move || {
        let ready =
            app.session.value.look(Option::is_some) || app.session.error.look(Option::is_some);
        if let Some(paint) = document()
            .get_element_by_id("first-paint")
            .filter(|_| ready)
        {
            paint.remove();
        }
    });
}
