//! 历史: every step taken on a case, by day, the newest first; or only those about one field. The
//! page shows what the core reckoned, and works without a network.

mod aspect;
mod change;
mod deed;

use leptos::prelude::*;
use leptos_router::{
    NavigateOptions,
    hooks::{use_navigate, use_params_map, use_query_map},
};
use shared::{
    CaseId, Timestamp,
    case::Aspect,
    deadline::local,
    ipc::{Area, Code, GetHistory, History, HistoryDeed},
};

use self::deed::DeedItem;
use crate::{
    components::{Chip, Empty, ErrorNotice, Glyph, Icon, StateBadge},
    dynamic::part,
    ipc,
    live::{Live, live},
    look::Look,
    session::{case_name, use_app},
    words::use_words,
};

/// The page.
#[component]
pub(crate) fn HistoryPage() -> impl IntoView {
    let words = use_words();
    let params = use_params_map();
    let case = Memo::new(move |_| params.read().get("id").and_then(|id| id.parse().ok()));
    let query = use_query_map();
    let only = Memo::new(move |_| aspect::from_address(query.read().get_str("field")?));
    let history = live(&[Area::Cases, Area::Packs, Area::Delivery], move || {
        let asked: Option<CaseId> = case.get();
        async move {
            match asked {
                Some(case) => ipc::call(GetHistory { case }).await,
                None => Err(ipc::internal("no case is named")),
            }
        }
    });
    let missing = Memo::new(move |_| {
        history
            .error
            .look(|error| error.as_ref().is_some_and(|it| it.code == Code::NotFound))
    });
    view! {
        <main class="page history" id="content">
            {part(move || if missing.get() {
                view! { <Empty glyph=Glyph::Cases title=words.case_missing() hint=words.case_missing_hint() /> }.into_any()
            } else {
                view! { <Body history case only /> }.into_any()
            })}
        </main>
    }
}

#[component]
fn Body(
    history: Live<History>,
    case: Memo<Option<CaseId>>,
    only: Memo<Option<Aspect>>,
) -> impl IntoView {
    let words = use_words();
    let navigate = use_navigate();
    let choose = Callback::new(move |aspect: Option<Aspect>| {
        let Some(case) = case.get_untracked() else {
            return;
        };
        let address = aspect.map_or_else(
            || format!("/history/{case}"),
            |it| format!("/history/{case}?field={}", aspect::in_address(it)),
        );
        let options = NavigateOptions {
            replace: true,
            scroll: false,
            ..NavigateOptions::default()
        };
        navigate(&address, options);
    });
    view! {
        <header class="page-head">
            <h1>{words.history_title()}</h1>
            <p class="aside">{words.history_hint()}</p>
        </header>
        <ErrorNotice error=history.error on_retry=move || history.again() />
        {part(move || history.value.get().map(|history| view! { <Contents history only choose /> }))}
    }
}

#[component]
fn Contents(
    history: History,
    only: Memo<Option<Aspect>>,
    choose: Callback<Option<Aspect>>,
) -> impl IntoView {
    let (app, words) = (use_app(), use_words());
    let aspects = history.aspects();
    let row = history.row;
    let back = if app.decides() { "desk" } else { "cases" };
    let back = format!("/{back}/{}", row.id);
    let address = words.pick(&row.address, &row.address_en).to_owned();
    let chips = aspects
        .into_iter()
        .map(|it| {
            view! {
                <Chip on=Signal::derive(move || only.get() == Some(it)) test=format!("history-{}", aspect::in_address(it)) on_press=move || choose.run(Some(it))>
                    {aspect::name(words, it)}
                </Chip>
            }
        })
        .collect_view();
    let deeds = StoredValue::new(history.deeds);
    view! {
        <a class="card row history-case" href=back aria-label=words.history_back() data-test="history-back">
            <Icon glyph=Glyph::Back />
            <span class="row-words">
                <span class="row-title">{case_name(&row)}</span>
                <span class="row-text">{address}</span>
            </span>
            <span class="row-end"><StateBadge state=row.state /></span>
        </a>
        <div class="chips-line" role="group">
            <Chip on=Signal::derive(move || only.get().is_none()) test="history-all" on_press=move || choose.run(None)>{words.history_all()}</Chip>
            {chips}
        </div>
        {part(move || {
            let only = only.get();
            let shown = deeds.get_value().into_iter();
            let shown = shown.filter(|deed| only.is_none_or(|it| deed.touches(it)));
            let days = by_day(shown.collect(), |deed: &HistoryDeed| deed.entry.at, app.sayer(words).utc_offset_minutes);
            if days.is_empty() {
                return view! { <div class="card"><Empty glyph=Glyph::Clock title=words.history_none() hint=words.history_none_hint() /></div> }.into_any();
            }
            days.into_iter().map(|deeds| view! { <Day deeds only choose /> }).collect_view().into_any()
        })}
    }
}

/// What was done on one day.
#[component]
fn Day(
    deeds: Vec<HistoryDeed>,
    only: Option<Aspect>,
    choose: Callback<Option<Aspect>>,
) -> impl IntoView {
    let (app, words) = (use_app(), use_words());
    let day = deeds
        .first()
        .map_or(Timestamp::from_ms(0), |deed| deed.entry.at);
    let heading = move || {
        let sayer = app.sayer(words);
        format!("{} {}", sayer.date(day), sayer.weekday(day))
    };
    let deeds = deeds
        .into_iter()
        .map(|deed| view! { <DeedItem deed only choose /> })
        .collect_view();
    view! {
        <section class="section" data-test="history-day">
            <div class="section-head"><h2>{part(heading)}</h2></div>
            <ol class="card-list">{deeds}</ol>
        </section>
    }
}

/// Deeds of a day together; they come in the order of time.
pub(crate) fn by_day<T>(
    deeds: Vec<T>,
    at: impl Fn(&T) -> Timestamp,
    utc_offset_minutes: i32,
) -> Vec<Vec<T>> {
    let day = |deed: &T| local(utc_offset_minutes, at(deed)).map(time::OffsetDateTime::date);
    let mut days: Vec<Vec<T>> = Vec::new();
    for deed in deeds {
        match days.last_mut() {
            Some(open) if open.first().is_some_and(|first| day(first) == day(&deed)) => {
                open.push(deed);
            }
            _ => days.push(vec![deed]),
        }
    }
    days
}

#[cfg(test)]
mod tests {
    use shared::{
        Role, StaffId,
        ipc::{Happening, TimelineEntry},
    };

    use super::*;

    const HOUR_MS: i64 = 3_600_000;

    fn deed(hour: i64) -> HistoryDeed {
        HistoryDeed {
            entry: TimelineEntry {
                what: Happening::Supplemented,
                by: StaffId::from("w-ana"),
                by_name: String::new(),
                by_name_en: String::new(),
                at: Timestamp::from_ms(hour * HOUR_MS),
                text: String::new(),
                photos: Vec::new(),
                void: None,
                pending: false,
            },
            role: Role::Worker,
            received_at: None,
            revision: None,
            changes: Vec::new(),
            parallel: Vec::new(),
            disputes: Vec::new(),
            unseen: Vec::new(),
            answered: None,
            kept_aside: None,
        }
    }

    #[test]
    fn a_day_is_a_day_of_the_place() {
        // 23:00 and 01:00 in China stand on both sides of 16:00 UTC.
        let deeds: Vec<_> = [41, 39, 17, 15, 14].map(deed).to_vec();

        let days = by_day(deeds, |deed: &HistoryDeed| deed.entry.at, 480);

        let hours: Vec<Vec<i64>> = days
            .iter()
            .map(|day| day.iter().map(|it| it.entry.at.as_ms() / HOUR_MS).collect())
            .collect();
        assert_eq!(hours, [vec![41], vec![39, 17], vec![15, 14]]);
    }
}
