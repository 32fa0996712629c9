//! Who uses the app and how it looks: fetched before anything is drawn, kept true afterwards.

use leptos::{prelude::*, task::spawn_local};
use shared::{
    CategoryCode, Digest, Role, Timestamp,
    case::State,
    ipc::{
        Area, CaseRow, CatalogueView, GetCatalogue, GetSession, GetSyncStatus, Problem, SYNC_EVENT,
        Session, Settings, SyncStatus,
    },
    pack::Category,
};

use crate::{
    dates::Sayer,
    dynamic::effect,
    ipc,
    live::{Live, live},
    look::Look,
    settings::{Chosen, dress},
    words::{Words, use_words},
};

/// What every page may ask without fetching.
#[derive(Clone, Copy)]
pub(crate) struct App {
    /// Who is enrolled, and how the app looks.
    pub(crate) session: Live<Session>,
    /// What can be reported.
    pub(crate) catalogue: Live<CatalogueView>,
    /// How the sync stands.
    pub(crate) sync: RwSignal<Option<SyncStatus>>,
    /// Now, to the half minute.
    pub(crate) now: RwSignal<Timestamp>,
    chosen: Chosen,
}

/// The app's own knowledge.
#[expect(
    clippy::expect_used,
    reason = "App::provide runs before any page is drawn"
)]
pub(crate) fn use_app() -> App {
    use_context().expect("App::provide was called at the root")
}

impl App {
    /// Fetches and listens.
    pub(crate) fn provide() -> Self {
        let app = Self {
            session: live(&[Area::Session, Area::Packs], || ipc::call(GetSession {})),
            catalogue: live(&[Area::Packs, Area::Cases], || ipc::call(GetCatalogue {})),
            sync: RwSignal::new(None),
            now: RwSignal::new(clock()),
            chosen: Chosen::default(),
        };
        provide_context(app);
        spawn_local(async move {
            drop(ipc::listen(SYNC_EVENT, move |status| app.sync.set(Some(status))).await);
            if let Ok(status) = ipc::call(GetSyncStatus {}).await {
                app.sync.set(Some(status));
            }
        });
        set_interval(
            move || app.now.set(clock()),
            std::time::Duration::from_secs(30),
        );
        effect(move || app.settings().look(dress));
        app
    }

    /// How the app looks.
    pub(crate) fn settings(self) -> Memo<Settings> {
        Memo::new(move |_| {
            let chosen = self.chosen.get();
            chosen.unwrap_or_else(|| {
                self.session
                    .value
                    .look(|it| it.as_ref().map(|s| s.settings.clone()).unwrap_or_default())
            })
        })
    }

    /// Saves how the app looks; it shows at once.
    pub(crate) fn save_settings(self, settings: Settings) {
        self.chosen.save(settings, self.session);
    }

    /// The role acted in; a device that is not enrolled is used as in the field.
    pub(crate) fn role(self) -> Role {
        self.session
            .value
            .look(|it| {
                it.as_ref()?
                    .enrolment
                    .as_ref()
                    .map(|enrolment| enrolment.role)
            })
            .unwrap_or(Role::Worker)
    }

    /// What keeps the database closed. Nothing else can be shown or done then.
    pub(crate) fn closed_by(self) -> Option<Problem> {
        self.session.value.look(|it| {
            let problem = it.as_ref()?.problem.as_ref()?;
            match problem {
                Problem::SetAside { .. } => None,
                Problem::Newer | Problem::KeyMissing | Problem::Unwritable => Some(problem.clone()),
            }
        })
    }

    /// Whether this person decides on reports.
    pub(crate) fn decides(self) -> bool {
        matches!(self.role(), Role::Clerk | Role::Dispatcher)
    }

    /// Address of a photo's bytes.
    pub(crate) fn photo_url(self, digest: Digest, size: &str) -> String {
        self.session.value.look(|it| {
            let base = it
                .as_ref()
                .map_or("", |session| session.photo_base.as_str());
            format!("{base}{digest}?size={size}")
        })
    }

    /// A category's name.
    pub(crate) fn category_name(self, words: Words, code: Option<&CategoryCode>) -> String {
        let Some(code) = code else {
            return words.app_unsure().to_owned();
        };
        self.category(code).map_or_else(
            || words.app_unknown_category().to_owned(),
            |category| words.pick(&category.name, &category.name_en).to_owned(),
        )
    }

    /// A category.
    pub(crate) fn category(self, code: &CategoryCode) -> Option<Category> {
        self.catalogue.value.look(|view| {
            view.as_ref()?
                .categories
                .iter()
                .find(|category| category.code == *code)
                .cloned()
        })
    }

    /// What it takes to say a moment; follows the clock.
    pub(crate) fn sayer(self, words: Words) -> Sayer {
        let utc_offset_minutes = self.session.value.look(|it| {
            it.as_ref()
                .map_or(480, |session| session.utc_offset_minutes)
        });
        Sayer {
            words,
            now: self.now.get(),
            utc_offset_minutes,
        }
    }
}

/// A category's name in the language chosen, kept true.
pub(crate) fn category_name(code: Option<CategoryCode>) -> impl Fn() -> String + Clone {
    let (app, words) = (use_app(), use_words());
    move || app.category_name(words, code.as_ref())
}

/// A moment as people say it, kept true.
pub(crate) fn moment(at: Timestamp) -> impl Fn() -> String + Clone {
    let (app, words) = (use_app(), use_words());
    move || app.sayer(words).moment(at)
}

/// A moment with its clock however far, kept true.
pub(crate) fn exact(at: Timestamp) -> impl Fn() -> String + Clone {
    let (app, words) = (use_app(), use_words());
    move || app.sayer(words).exact(at)
}

/// What a case is called: its category, unless no more is left than that it was deleted.
pub(crate) fn case_name(row: &CaseRow) -> impl Fn() -> String + Clone + use<> {
    let (gone, name, words) = (
        is_gone(row),
        category_name(row.category.clone()),
        use_words(),
    );
    move || {
        if gone {
            return words.case_gone().to_owned();
        }
        name()
    }
}

/// Whether no more of a case is left on this device than that it was deleted.
pub(crate) fn is_gone(row: &CaseRow) -> bool {
    row.state == State::Deleted && row.category.is_none() && row.grid_name.is_empty()
}

/// The device's clock.
#[expect(
    clippy::cast_possible_truncation,
    reason = "milliseconds since 1970 fit an i64 for ever"
)]
fn clock() -> Timestamp {
    Timestamp::from_ms(js_sys::Date::now() as i64)
}
