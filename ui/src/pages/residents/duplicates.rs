//! 疑似重复: two entries side by side, field by field; one press each way.

use std::collections::BTreeMap;

use leptos::prelude::*;
use shared::{
    FieldName,
    ipc::{
        Alike, Area, Arranged, DuplicatePair, DuplicateSide, FieldPair, IpcError, ListDuplicates,
        MergeResidents, PartResidents,
    },
    register::{EntryKind, schema},
};

use super::{arrange::say_done, entry::said};
use crate::{
    components::{Button, Chip, Empty, ErrorNotice, Glyph, Icon, Kind, use_toasts},
    dynamic::{attr, heard, part},
    ipc,
    live::live,
    look::Look,
    session::moment,
    words::{Words, use_words},
};

/// The page.
#[component]
pub(crate) fn DuplicatesPage() -> impl IntoView {
    let words = use_words();
    let all = live(&[Area::Register, Area::Session], || {
        ipc::call(ListDuplicates {})
    });
    view! {
        <main class="page residents" id="content">
            <header class="page-head">
                <a class="back-link" href="/residents"><Icon glyph=Glyph::Back />{words.reg_title()}</a>
                <h1>{words.dup_title()}</h1>
                <p class="aside">{words.dup_hint()}</p>
            </header>
            <ErrorNotice error=all.error on_retry=move || all.again() />
            {part(move || all.value.get().map(|all| {
                if all.pairs.is_empty() {
                    return view! {
                        <div class="card">
                            <Empty glyph=Glyph::Join title=words.dup_none() hint=words.dup_none_hint() />
                        </div>
                    }.into_any();
                }
                let may_merge = all.may_merge;
                let more = usize::try_from(all.total).unwrap_or(usize::MAX) > all.pairs.len();
                let pairs = all.pairs.into_iter().map(|pair| view! { <Pair pair may_merge /> });
                view! {
                    {pairs.collect_view()}
                    {more.then(|| view! { <p class="aside">{words.dup_more(all.total.into())}</p> })}
                }.into_any()
            }))}
        </main>
    }
}

/// What has been chosen of a pair.
#[derive(Clone, Copy)]
struct Choice {
    /// Which of the two goes on.
    survivor: RwSignal<usize>,
    /// Fields of which somebody said whose value stands.
    picked: RwSignal<BTreeMap<FieldName, usize>>,
}

impl Choice {
    /// Whose value stands: what was picked, else the survivor's if there is one.
    fn of(self, field: &FieldPair) -> usize {
        let survivor = self.survivor.get();
        let picked = self.picked.look(|it| it.get(&field.field).copied());
        let has = |side: usize| field.values.get(side).is_some_and(Option::is_some);
        picked.unwrap_or(if has(survivor) {
            survivor
        } else {
            1 - survivor
        })
    }
}

#[component]
fn Pair(pair: DuplicatePair, may_merge: bool) -> impl IntoView {
    let (words, toasts) = (use_words(), use_toasts());
    let [one, other] = pair.two.each_ref().map(|it| it.id);
    // Who is gone from here does not go on, if the other is here.
    let [first, second] = pair.two.each_ref().map(|it| it.gone);
    let choice = Choice {
        survivor: RwSignal::new(usize::from(first && !second)),
        picked: RwSignal::new(BTreeMap::new()),
    };
    let (differing, same): (Vec<FieldPair>, Vec<FieldPair>) =
        pair.fields.into_iter().partition(|it| it.differs);
    let asked = StoredValue::new(differing.clone());
    let merge = Action::new_local(move |(): &()| {
        let survivor = choice.survivor.get_untracked();
        let take = asked.with_value(|asked| {
            let taken = asked
                .iter()
                .filter(|it| untrack(|| choice.of(it)) != survivor);
            taken.map(|it| it.field.clone()).collect()
        });
        let (survivor, ends) = if survivor == 0 {
            (one, other)
        } else {
            (other, one)
        };
        let merge = MergeResidents {
            survivor,
            ends,
            take,
        };
        async move {
            said_done(
                words,
                toasts,
                ipc::call(merge).await,
                words.dup_said_merged(),
            )
        }
    });
    let part_them = Action::new_local(move |(): &()| {
        let part = PartResidents { two: [one, other] };
        async move {
            said_done(
                words,
                toasts,
                ipc::call(part).await,
                words.dup_said_parted(),
            )
        }
    });
    let error = Signal::derive(move || {
        let of = |it: &Option<Result<(), IpcError>>| it.clone().and_then(Result::err);
        merge
            .value()
            .look(of)
            .or_else(|| part_them.value().look(of))
    });
    let sides = pair.two.into_iter().enumerate();
    let sides = sides.map(|(at, side)| view! { <Side at side choice may_merge /> });
    let rows = differing
        .into_iter()
        .map(|field| row(words, field, choice, may_merge));
    let agreed = same.iter().map(|field| {
        let value = field.values.iter().flatten().next();
        let value = value.map(|it| said(words, EntryKind::Resident, field.field.as_str(), it));
        format!(
            "{} {}",
            field_name(words, &field.field),
            value.unwrap_or_default()
        )
    });
    let agreed = agreed.collect::<Vec<_>>().join(" · ");
    let alike = match pair.alike {
        Alike::Number => words.dup_number(),
        Alike::NameBirthDoor => words.dup_name_birth_door(),
    };
    view! {
        <section class="card pair" data-test="pair">
            <p class="pair-why"><Icon glyph=Glyph::Join />{alike}</p>
            <div class="pair-sides">{sides.collect_view()}</div>
            <ul class="pair-fields">{rows.collect_view()}</ul>
            <p class="aside">{words.dup_agreed()}" "{agreed}</p>
            <ErrorNotice error />
            {may_merge.then(|| view! {
                <div class="pair-ways">
                    <Button kind=Kind::Plain test="not-same" disabled=part_them.pending() on_press=move |()| { part_them.dispatch(()); }>{words.dup_two()}</Button>
                    <Button kind=Kind::Primary test="same" icon=Glyph::Check disabled=merge.pending() on_press=move |()| { merge.dispatch(()); }>{words.dup_one()}</Button>
                </div>
            })}
        </section>
    }
}

fn said_done(
    words: Words,
    toasts: crate::components::Toasts,
    answer: Result<Arranged, IpcError>,
    said: &'static str,
) -> Result<(), IpcError> {
    say_done(words, toasts, said, answer?);
    Ok(())
}

/// Who one of the two is, and whether they go on.
#[component]
fn Side(at: usize, side: DuplicateSide, choice: Choice, may_merge: bool) -> impl IntoView {
    let words = use_words();
    let who = words.pick(&side.by, &side.by_en).to_owned();
    let entered = moment(side.entered_at);
    let from = move || words.reg_given_by(entered(), who.clone());
    let place = match side.door {
        Some(door) => {
            view! { <a href=format!("/residents/door/{door}")>{side.place}</a> }.into_any()
        }
        None => view! { <span>{side.place}</span> }.into_any(),
    };
    view! {
        <div class="pair-side">
            <b class:entry-gone=side.gone>{side.name}</b>
            {place}
            <span class="aside">{from}</span>
            <span class="aside">{words.dup_records(side.records.into())}</span>
            {may_merge.then(|| view! {
                <Chip on=Signal::derive(move || choice.survivor.get() == at) test="survivor" on_press=move || choice.survivor.set(at)>{words.dup_keep()}</Chip>
            })}
        </div>
    }
}

fn field_name(words: Words, field: &FieldName) -> String {
    match field.as_str().strip_prefix(schema::CARE) {
        Some(tag) => words.code_of(EntryKind::Resident, "care", tag),
        None if field.as_str() == "household" => words.dup_lives().to_owned(),
        None => words.field_of(EntryKind::Resident, field.as_str()),
    }
}

/// A field in which the two differ: a press says which of both stands.
fn row(words: Words, field: FieldPair, choice: Choice, may_merge: bool) -> impl IntoView {
    let name = field_name(words, &field.field);
    let stored = StoredValue::new(field.clone());
    let label = name.clone();
    let values = field.values.into_iter().enumerate().map(|(at, value)| {
        let value = value.map_or_else(
            || words.reg_nothing_there().to_owned(),
            |value| said(words, EntryKind::Resident, field.field.as_str(), &value),
        );
        let said_aloud = format!("{label} {value}");
        let stands = move || stored.with_value(|field| choice.of(field)) == at;
        let which = field.field.clone();
        let pick = move || {
            choice.picked.update(|it| {
                it.insert(which.clone(), at);
            });
        };
        view! {
            <button
                type="button"
                class="pair-value"
                data-test="pair-value"
                disabled=!may_merge
                aria-label=said_aloud
                aria-pressed=attr(move || if stands() { "true" } else { "false" })
                on:click=heard(move |_| pick())
            >
                {value}
            </button>
        }
    });
    let values = values.collect_view();
    view! {
        <li class="pair-field">
            <span class="pair-name">{name}</span>
            {values}
        </li>
    }
}
