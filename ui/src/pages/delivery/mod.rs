//! 都送到了吗: one line that answers, how the sync stands, and a row for each case and record with its three
//! marks and, where it is stuck, the reason and what to do.

mod answer;
mod clock;
mod row;
mod state;

use leptos::{prelude::*, task::spawn_local};
use shared::ipc::{Area, Delivery, GetDelivery, IpcError, Link, SyncNow};

use self::{answer::answer, clock::ClockLine, row::DeliveryRow, state::SyncLine};
use crate::{
    components::{Button, Empty, ErrorNotice, Glyph, Icon, Kind},
    dynamic::part,
    ipc,
    live::live,
    look::Look,
    session::use_app,
    words::{Words, use_words},
};

/// The page.
#[component]
pub(crate) fn DeliveryPage() -> impl IntoView {
    let (app, words) = (use_app(), use_words());
    let ledger = live(
        &[
            Area::Delivery,
            Area::Cases,
            Area::Records,
            Area::Register,
            Area::Packs,
        ],
        || ipc::call(GetDelivery {}),
    );
    let refused = RwSignal::new(None::<IpcError>);
    // The events tell sooner than the ledger, which is fetched only when something was touched.
    let status = Signal::derive(move || {
        app.sync.get().or_else(|| {
            ledger
                .value
                .look(|it| it.as_ref().map(|it| it.status.clone()))
        })
    });
    let busy =
        Signal::derive(move || status.look(|it| it.as_ref().is_some_and(|it| it.doing.is_some())));
    let enrolled = move || status.look(|it| it.as_ref().is_some_and(|it| it.link != Link::None));
    let sync = move || {
        refused.set(None);
        spawn_local(async move {
            if let Err(error) = ipc::call(SyncNow {}).await {
                drop(refused.try_set(Some(error)));
            }
        });
    };
    let items = move || {
        ledger
            .value
            .look(|it| it.as_ref().map(|it| it.items.clone()).unwrap_or_default())
    };
    view! {
        <main class="page delivery" id="content">
            <header class="page-head">
                <h1>{words.delivery_title()}</h1>
            </header>
            <section class="card delivery-top">
                {part(move || ledger.value.look(|it| it.as_ref().map(|it| {
                    let answer = answer(words, it);
                    view! {
                        <p class="delivery-summary" data-test="delivery-summary" data-done=answer.all_there.to_string()>
                            <Icon glyph=if answer.all_there { Glyph::CheckCircle } else { Glyph::Delivery } />
                            <span>{answer.text}</span>
                        </p>
                    }
                })))}
                {part(move || status.get().map(|status| view! { <SyncLine status /> }))}
                <div class="delivery-ends">
                    {part(move || if enrolled() {
                        view! {
                            <Button kind=Kind::Plain icon=Glyph::Sync test="sync-now" disabled=busy on_press=sync>{words.delivery_sync_now()}</Button>
                        }.into_any()
                    } else {
                        view! { <a class="button" data-test="go-enrol" href="/enrol">{words.me_enrol()}</a> }.into_any()
                    })}
                </div>
                {part(move || status.get().and_then(|status| status.clock_off_ms).map(|off_ms| view! { <ClockLine off_ms /> }))}
            </section>
            <ErrorNotice error=refused />
            <ErrorNotice error=ledger.error on_retry=move || ledger.again() />
            {part(move || ledger.value.look(|it| it.as_ref().map(|it| register_line(words, it.register_waiting, it.register_aside))))}
            {part(move || ledger.value.look(|it| it.as_ref().map_or(0, |it| it.erased)).checked_sub(1).map(|more| view! {
                <p class="card row quiet" data-test="delivery-erased"><Icon glyph=Glyph::Trash />{words.delivery_erased(u64::from(more) + 1)}</p>
            }))}
            {part(move || (!items().is_empty()).then(|| view! {
                <ul class="card-list">{items().into_iter().map(|item| view! { <li><DeliveryRow item /></li> }).collect_view()}</ul>
                <p class="aside">{words.delivery_kept()}</p>
            }))}
            {part(move || ledger.value.look(|it| it.as_ref().is_some_and(is_empty)).then(|| view! {
                <Empty glyph=Glyph::Delivery title=words.delivery_empty() hint=words.delivery_empty_hint() />
            }))}
        </main>
    }
}

fn is_empty(ledger: &Delivery) -> bool {
    ledger.items.is_empty()
        && ledger.register_waiting == 0
        && ledger.register_aside == 0
        && ledger.erased == 0
}

/// What was written into the register is one line: it is many small things, and none has photos.
fn register_line(words: Words, waiting: u32, aside: u32) -> Option<AnyView> {
    let waits = (waiting > 0).then(|| words.register_waiting(waiting));
    let kept = (aside > 0).then(|| words.delivery_register_aside(aside.into()));
    let said: Vec<String> = [waits, kept].into_iter().flatten().collect();
    (!said.is_empty()).then(|| {
        view! {
            <a class="card row" href="/residents" data-test="delivery-register" data-waiting=waiting.to_string()>
                <Icon glyph=Glyph::Door />
                <span class="row-words">
                    <span class="row-title">{words.delivery_register()}</span>
                    <span class="row-text">{said.join(words.delivery_between())}</span>
                </span>
                <span class="row-end"><Icon glyph=Glyph::Next /></span>
            </a>
        }
        .into_any()
    })
}
