//! One deed: what, by whom in which role, when; what it changed; what others did beside it, and how
//! that ended; why it had no effect; which version it made, and when it was delivered.

use leptos::prelude::*;
use shared::{
    case::Aspect,
    ipc::{Happening, HistoryChange, HistoryDeed, HistoryDispute, HistoryVerdict, Mention},
    op::{Correction, Field},
};

use super::change::{ChangeLine, value};
use crate::{
    components::{Glyph, Icon, Thumb},
    dynamic::part,
    session::{exact, use_app},
    words::{Words, use_words},
};

/// A delivery that took longer is worth a word.
const LATE_MS: i64 = 5 * 60_000;

/// A deed; narrowed to one aspect it shows no other changes.
#[component]
pub(super) fn DeedItem(
    deed: HistoryDeed,
    only: Option<Aspect>,
    choose: Callback<Option<Aspect>>,
) -> impl IntoView {
    let (app, words) = (use_app(), use_words());
    let late = deed.late_ms().filter(|it| *it >= LATE_MS);
    let why_void = no_effect(words, &deed);
    let void = why_void.is_some();
    let parallel = deed.is_parallel().then(|| words.history_parallel());
    let apart = (!deed.disputes.is_empty()).then(|| words.history_disputed());
    let mut verdicts = deed.disputes.iter().map(|it| &it.verdict);
    let open = verdicts.any(|it| matches!(it, HistoryVerdict::Open));
    let settles = settles(&deed).then(|| words.history_settles());
    let registered = match &deed.entry.what {
        Happening::Registered {
            category, limit, ..
        } => Some((category.clone(), words.limit(*limit))),
        _ => None,
    };
    let HistoryDeed {
        entry,
        role,
        received_at,
        revision,
        mut changes,
        parallel: beside,
        disputes,
        unseen,
        answered,
        ..
    } = deed;
    // The words of a report stand among what it changed.
    let text = Correction::Description(entry.text.clone());
    let said = changes
        .iter()
        .any(|it| matches!(it, HistoryChange::Field { after, .. } if after.value == text));
    let text = (!said && !entry.text.is_empty()).then_some(entry.text);
    changes.retain(|it| only.is_none_or(|only| it.aspect() == only));
    let disputed_fields: Vec<Field> = disputes.iter().map(|it| it.field).collect();
    let who = words.pick(&entry.by_name, &entry.by_name_en).to_owned();
    let at = entry.at;
    let changes = changes
        .into_iter()
        .map(|change| view! { <ChangeLine change choose /> })
        .collect_view();
    let beside = beside
        .into_iter()
        .filter_map(|mention| {
            let line = beside_line(words, mention, &disputed_fields)?;
            Some(view! { <p class="history-note" data-test="history-beside">{line}</p> })
        })
        .collect_view();
    let disputes = disputes
        .into_iter()
        .map(|dispute| view! { <Dispute dispute /> })
        .collect_view();
    let unseen = unseen
        .into_iter()
        .map(|it| {
            let when = exact(it.at);
            let (who, what) = (name(words, &it), words.happening(&it.what));
            view! { <p class="history-note">{part(move || words.history_unseen(what, when(), &who))}</p> }
        })
        .collect_view();
    let answered = answered.map(|it| {
        let when = exact(it.at);
        let (who, what) = (name(words, &it), words.happening(&it.what));
        view! { <p class="history-note">{part(move || words.history_answered(what, when(), &who))}</p> }
    });
    let photos = entry
        .photos
        .into_iter()
        .map(|photo| view! { <Thumb photo=Some(photo) /> })
        .collect_view();
    view! {
        <li class="history-deed" data-test="history-deed" data-void=void.to_string()>
            <p class="history-head">
                <span class="timeline-what">{words.happening(&entry.what)}</span>
                <span>{who}" "<span class="aside">{words.role(role)}</span></span>
                {parallel.map(|it| view! { <span class="history-mark" data-test="history-parallel">{it}</span> })}
                {apart.map(|it| view! { <span class="history-mark" data-open=open.to_string() data-test="history-disputed">{it}</span> })}
                {settles.map(|it| view! { <span class="history-mark" data-test="history-settles">{it}</span> })}
                <span class="aside timeline-when">{part(move || app.sayer(words).clock(at))}</span>
            </p>
            {registered.map(|(category, limit)| view! {
                <p class="aside">{part(move || words.happen_registered_as(app.category_name(words, Some(&category)), &limit))}</p>
            })}
            <dl class="history-changes">{changes}</dl>
            {text.map(|it| view! { <p class="timeline-text">{it}</p> })}
            <div class="timeline-photos">{photos}</div>
            {beside}
            {disputes}
            {unseen}
            {answered}
            {why_void.map(|why| view! {
                <p class="timeline-void" data-test="history-void">
                    <Icon glyph=Glyph::Warning />
                    <span><b>{words.case_void()}</b>" · "{why}</span>
                </p>
            })}
            <p class="history-foot aside">
                {entry.pending.then(|| view! {
                    <span class="waiting-mark" data-test="history-pending"><Icon glyph=Glyph::Clock />{words.case_pending()}</span>
                })}
                {revision.map(|it| view! { <span>{words.history_revision(it)}</span> })}
                {received_at.map(|received| {
                    let when = exact(received);
                    view! { <span data-test="history-received">{part(move || match late {
                        Some(late) => words.history_late(app.sayer(words).span(late), when()),
                        None => words.history_received(when()),
                    })}</span> }
                })}
            </p>
        </li>
    }
}

/// The others' value, and how it ended.
#[component]
fn Dispute(dispute: HistoryDispute) -> impl IntoView {
    let (app, words) = (use_app(), use_words());
    let rivals = dispute
        .rivals
        .into_iter()
        .map(|rival| {
            let (when, who) = (exact(rival.by.at), name(words, &rival.by));
            let line = move || words.history_rival(value(app, words, &rival.value), when(), &who);
            view! { <p class="history-note" data-test="history-rival">{part(line)}</p> }
        })
        .collect_view();
    let verdict = match dispute.verdict {
        HistoryVerdict::Open => view! { <b>{words.history_verdict_open()}</b> }.into_any(),
        HistoryVerdict::Agreed => words.history_verdict_agreed().into_any(),
        HistoryVerdict::By(by) => {
            let (when, who) = (exact(by.at), name(words, &by));
            part(move || words.history_verdict_by(when(), &who)).into_any()
        }
    };
    view! {
        {rivals}
        <p class="history-note" data-test="history-verdict">{verdict}</p>
    }
}

/// That somebody corrected other fields meanwhile; `None` where all of theirs are disputed.
fn beside_line(
    words: Words,
    mention: Mention,
    disputed: &[Field],
) -> Option<impl IntoView + use<>> {
    let fields = mention.fields.iter().filter(|it| !disputed.contains(it));
    let fields: Vec<&str> = fields.map(|it| words.field(*it)).collect();
    let fields = fields.join(words.history_and());
    let (when, who) = (exact(mention.at), name(words, &mention));
    (!fields.is_empty()).then(|| part(move || words.history_parallel_with(&fields, when(), &who)))
}

fn name(words: Words, mention: &Mention) -> String {
    words.pick(&mention.by_name, &mention.by_name_en).to_owned()
}

/// Whether it decided between values that stood side by side.
fn settles(deed: &HistoryDeed) -> bool {
    let several =
        |it: &HistoryChange| matches!(it, HistoryChange::Field { before, .. } if before.len() > 1);
    deed.entry.void.is_none() && deed.changes.iter().any(several)
}

/// Why it had no effect, if it had none.
fn no_effect(words: Words, deed: &HistoryDeed) -> Option<String> {
    if let Some(why) = deed.kept_aside {
        return Some(words.quarantine(why).to_owned());
    }
    deed.entry.void.as_ref().map(|why| words.void(why))
}
