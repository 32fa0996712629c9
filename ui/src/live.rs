//! Data from the core that stays true: fetched anew whenever the core says that what it shows was
//! touched. The old value stays on screen meanwhile, so nothing flickers and nothing jumps.

use std::collections::BTreeSet;

use leptos::{prelude::*, task::spawn_local};
use shared::ipc::{Area, CHANGED_EVENT, Changed, IpcError};

use crate::{dynamic::effect, ipc, look::Look};

/// How often each area was touched since the app started.
#[derive(Clone, Copy)]
pub(crate) struct Touched {
    session: RwSignal<u32>,
    packs: RwSignal<u32>,
    drafts: RwSignal<u32>,
    cases: RwSignal<u32>,
    register: RwSignal<u32>,
    rounds: RwSignal<u32>,
    forms: RwSignal<u32>,
    records: RwSignal<u32>,
    delivery: RwSignal<u32>,
}

impl Touched {
    /// Begins to listen to the core.
    pub(crate) fn provide() {
        let new = || RwSignal::new(0);
        let touched = Self {
            session: new(),
            packs: new(),
            drafts: new(),
            cases: new(),
            register: new(),
            rounds: new(),
            forms: new(),
            records: new(),
            delivery: new(),
        };
        provide_context(touched);
        spawn_local(async move {
            // Outside the app there are no events; pages then show what they fetched first.
            let heard = move |changed: Changed| touched.bump(&changed.touched);
            drop(ipc::listen(CHANGED_EVENT, heard).await);
        });
    }

    fn bump(self, areas: &BTreeSet<Area>) {
        for area in areas {
            self.of(*area)
                .update(|count| *count = count.wrapping_add(1));
        }
    }

    const fn of(self, area: Area) -> RwSignal<u32> {
        match area {
            Area::Session => self.session,
            Area::Packs => self.packs,
            Area::Drafts => self.drafts,
            Area::Cases => self.cases,
            Area::Register => self.register,
            Area::Rounds => self.rounds,
            Area::Forms => self.forms,
            Area::Records => self.records,
            Area::Delivery => self.delivery,
        }
    }
}

/// A value of the core.
pub(crate) struct Live<T: Send + Sync + 'static> {
    /// The last value that came; `None` before the first.
    pub(crate) value: RwSignal<Option<T>>,
    /// Why the last fetch failed, if it did. The old value stands beside it.
    pub(crate) error: RwSignal<Option<IpcError>>,
    again: RwSignal<u32>,
}

impl<T: Send + Sync + 'static> Clone for Live<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T: Send + Sync + 'static> Copy for Live<T> {}

impl<T: Send + Sync + 'static> Live<T> {
    /// Fetches anew.
    pub(crate) fn again(self) {
        self.again.update(|count| *count = count.wrapping_add(1));
    }
}

/// Fetches now, whenever one of `areas` was touched, and whenever a signal that `fetch` reads
/// before its first await changes.
pub(crate) fn live<T, F>(areas: &'static [Area], fetch: impl Fn() -> F + 'static) -> Live<T>
where
    T: PartialEq + Send + Sync + 'static,
    F: Future<Output = Result<T, IpcError>> + 'static,
{
    let it = Live {
        value: RwSignal::new(None),
        error: RwSignal::new(None),
        again: RwSignal::new(0),
    };
    let touched = use_context::<Touched>();
    let asked = StoredValue::new(0_u32);
    effect(move || {
        it.again.track();
        for area in areas {
            if let Some(touched) = touched {
                touched.of(*area).track();
            }
        }
        let turn = asked.get_value().wrapping_add(1);
        asked.set_value(turn);
        let coming = fetch();
        spawn_local(async move {
            let answer = coming.await;
            // A page may have gone, or asked anew, while this answer was on its way.
            if asked.try_get_value() != Some(turn) {
                return;
            }
            match answer {
                Ok(value) => {
                    it.error.set(None);
                    // What did not change is not drawn anew: the same answer comes often.
                    if it.value.peek(|old| old.as_ref() != Some(&value)) {
                        it.value.set(Some(value));
                    }
                }
                Err(error) => it.error.set(Some(error)),
            }
        });
    });
    it
}
