//! What would come of a table, and what has to be chosen before it is taken over.

use leptos::{prelude::*, task::spawn_local};
use shared::{
    ipc::{GetOwnGrids, ImportChoices, ImportPreview, ImportRow, ImportTable, RunImport},
    register::words::Table,
};

use super::{
    Importing, Working,
    columns::{Columns, field_name},
    mistakes::Mistakes,
};
use crate::{
    components::{Button, ErrorNotice, Glyph, Icon, Kind},
    dynamic::{attr, heard, part},
    ipc,
    live::live,
    look::Look,
    words::{Words, use_words},
};

/// What would come of it.
#[component]
pub(super) fn Preview(it: Importing, table: ImportTable) -> impl IntoView {
    let words = use_words();
    let latest = Memo::new(move |_| it.shown.value.look(|shown| shown.clone().flatten()));
    let preview =
        Memo::new(move |_| latest.look(|it| it.as_ref().map(|(_, preview)| preview.clone())));
    let heading = words.import_table(
        words.import_format(table.format),
        table.header_row,
        table.rows,
    );
    view! {
        <p class="import-table" data-test="import-table">
            {(!table.sheet.is_empty()).then(|| format!("{} · ", table.sheet))}{heading}
        </p>
        <WhatRowsAre it table=table.clone() />
        <ErrorNotice error=it.shown.error on_retry=move || it.shown.again() />
        <section class="card import-result">
            {part(move || latest.get().map(|(of, preview)| view! { <Figures of=of.of preview /> }))}
            <Working it />
            <Choices it preview />
            <Actions it preview />
        </section>
        <Mistakes it preview />
        <Columns it table />
        <section class="section">
            <h2 class="section-name">{words.import_first_rows()}</h2>
            {part(move || preview.get().map(|preview| first_rows(words, preview.first)))}
        </section>
    }
}

/// What its rows were recognised to be about, by the names of the columns; and the other, should that be
/// wrong.
#[component]
fn WhatRowsAre(it: Importing, table: ImportTable) -> impl IntoView {
    let words = use_words();
    let choose = Callback::new(move |places: bool| {
        let of = if places {
            Table::Places
        } else {
            Table::Residents
        };
        it.choices.update(|choices| {
            choices.of = of;
            choices.columns = table.recognised_as(of);
        });
    });
    two_ways(
        "import-of",
        words.import_of(),
        [
            ("import-of-residents", words.import_of_residents()),
            ("import-of-places", words.import_of_places()),
        ],
        Signal::derive(move || it.choices.look(|it| it.of == Table::Places)),
        choose,
    )
}

/// What would be written, in numbers.
#[component]
fn Figures(of: Table, preview: ImportPreview) -> impl IntoView {
    let words = use_words();
    let counts = preview.counts;
    let new: &[_] = match of {
        Table::Residents => &[
            (words.import_new_residents(), counts.residents, "residents"),
            (
                words.import_new_households(),
                counts.households,
                "households",
            ),
            (words.import_new_dwellings(), counts.dwellings, "dwellings"),
            (words.import_new_buildings(), counts.buildings, "buildings"),
        ],
        Table::Places => &[(words.import_new_places(), counts.places, "places")],
    };
    let others = [
        (words.import_filled(), counts.filled, "filled"),
        (words.import_differing(), counts.differing, "differing"),
        (words.import_unchanged(), counts.unchanged, "unchanged"),
        (words.import_wrong_rows(), preview.wrong_rows, "wrong"),
    ];
    let figures = new.iter().copied().chain(others);
    let figures = figures.map(|(name, number, test)| {
        view! {
            <div class="import-figure" data-of=test class:import-none=number == 0>
                <dd data-test=format!("import-{test}")>{number}</dd>
                <dt>{name}</dt>
            </div>
        }
    });
    view! { <dl class="import-figures">{figures.collect_view()}</dl> }
}

/// What has to be chosen.
#[component]
fn Choices(it: Importing, preview: Memo<Option<ImportPreview>>) -> impl IntoView {
    let words = use_words();
    let needs = move |of: fn(&ImportPreview) -> bool, has: fn(&ImportChoices) -> bool| {
        Memo::new(move |_| preview.look(|it| it.as_ref().is_some_and(of)) || it.choices.look(has))
    };
    let needs_grid = needs(|it| it.needs_grid, |it| it.grid.is_some());
    let needs_compound = needs(|it| it.needs_compound, |it| !it.compound.is_empty());
    let differs = Memo::new(move |_| {
        preview.look(|it| it.as_ref().is_some_and(|it| it.counts.differing > 0))
            || it.choices.look(|it| it.replace)
    });
    let wrong = Memo::new(move |_| preview.look(|it| it.as_ref().map_or(0, |it| it.wrong_rows)));
    view! {
        {part(move || needs_grid.get().then(|| view! { <GridChoice it /> }))}
        {part(move || needs_compound.get().then(|| view! {
            <div class="field import-choice">
                <label class="field-label" for="import-compound">{words.import_compound()}</label>
                <input class="input" id="import-compound" data-test="import-compound" autocomplete="off" prop:value=it.choices.peek(|it| it.compound.clone())
                    on:change=heard(move |event| it.choices.update(|it| it.compound = event_target_value(&event))) />
            </div>
        }))}
        {part(move || differs.get().then(|| two_ways(
            "import-differs",
            words.import_differs(),
            [("import-keep", words.import_keep()), ("import-replace", words.import_replace())],
            Signal::derive(move || it.choices.look(|it| it.replace)),
            Callback::new(move |replace| it.choices.update(|it| it.replace = replace)),
        )))}
        {part(move || (wrong.get() > 0).then(|| two_ways(
            "import-wrong",
            words.import_with_wrong(),
            [("import-all", words.import_all_right()), ("import-leave-out", words.import_leave_out())],
            it.leave_out.into(),
            Callback::new(move |leave_out| it.leave_out.set(leave_out)),
        )))}
    }
}

/// One of two.
fn two_ways(
    name: &'static str,
    title: &'static str,
    ways: [(&'static str, &'static str); 2],
    second: Signal<bool>,
    choose: Callback<bool>,
) -> AnyView {
    let ways = ways.into_iter().zip([false, true]).map(|((test, text), value)| {
        view! {
            <label class="radio">
                <input type="radio" name=name data-test=test prop:checked=attr(move || second.get() == value) on:change=heard(move |_| choose.run(value)) />
                <span>{text}</span>
            </label>
        }
    });
    view! {
        <fieldset class="import-choice import-ways">
            <legend class="field-label">{title}</legend>
            {ways.collect_view()}
        </fieldset>
    }
    .into_any()
}

#[component]
fn GridChoice(it: Importing) -> impl IntoView {
    let words = use_words();
    let grids = live(&[], || ipc::call(GetOwnGrids {}));
    let choose = move |code: String| {
        let grid = (!code.is_empty()).then(|| code.as_str().into());
        it.choices.update(|it| it.grid = grid);
    };
    view! {
        <div class="field import-choice">
            <label class="field-label" for="import-grid">{part(move || match it.choices.look(|it| it.of) {
                Table::Residents => words.import_grid(),
                Table::Places => words.import_grid_of_places(),
            })}</label>
            <select class="input" id="import-grid" data-test="import-grid" on:change=heard(move |event| choose(event_target_value(&event)))>
                <option value="">{words.reg_choose()}</option>
                {part(move || grids.value.get().unwrap_or_default().into_iter().map(|grid| {
                    let code = grid.code.clone();
                    let selected = attr(move || it.choices.look(|it| it.grid.as_ref() == Some(&code)));
                    let name = words.pick(&grid.name, &grid.name_en).to_owned();
                    view! { <option value=grid.code.0 selected=selected>{name}</option> }
                }).collect_view())}
            </select>
        </div>
    }
}

#[component]
fn Actions(it: Importing, preview: Memo<Option<ImportPreview>>) -> impl IntoView {
    let words = use_words();
    let disabled = Signal::derive(move || {
        let leave_out = it.leave_out.get();
        let may = preview.look(|preview| {
            preview.as_ref().is_some_and(|it| {
                it.counts.entered() + it.counts.changed > 0 && (leave_out || it.wrong_rows == 0)
            })
        });
        !may || it.busy.get() || it.is_pending()
    });
    let nothing = Memo::new(move |_| {
        preview.look(|it| {
            it.as_ref()
                .is_some_and(|it| it.wrong_rows == 0 && it.counts.rows == it.counts.unchanged)
        })
    });
    let run = move || {
        it.busy.set(true);
        it.error.set(None);
        it.progress.set(String::new());
        let choices = it.choices.get_untracked();
        let leave_out = it.leave_out.get_untracked();
        spawn_local(async move {
            let answer = ipc::call(RunImport { choices, leave_out }).await;
            it.busy.try_set(false);
            match answer {
                Ok(done) => drop(it.done.try_set(Some(done))),
                Err(error) => drop(it.error.try_set(Some(error))),
            }
        });
    };
    view! {
        {part(move || nothing.get().then(|| view! {
            <p class="import-nothing" data-test="import-nothing"><Icon glyph=Glyph::CheckCircle />{words.import_nothing()}</p>
        }))}
        <div class="page-actions">
            <Button kind=Kind::Primary test="import-run" icon=Glyph::Check disabled on_press=run>{words.import_run()}</Button>
            <Button kind=Kind::Plain test="import-other" disabled=it.busy on_press=move || it.forget()>{words.import_other()}</Button>
        </div>
    }
}

/// The first rows as they were understood.
fn first_rows(words: Words, rows: Vec<ImportRow>) -> AnyView {
    let rows = rows.into_iter().map(|row| {
        let cells = row.cells.into_iter().filter_map(|cell| {
            let value = cell.value?;
            let kind = cell.field.kind;
            let said = crate::pages::residents::said(words, kind, cell.field.field.as_str(), &value);
            let name = field_name(words, &cell.field);
            Some(view! { <span class="import-cell"><span class="aside">{name}</span>" "{said}</span> })
        });
        view! {
            <li class="import-row" data-test="import-row">
                <span class="import-number" class:import-row-wrong=row.wrong>{row.row}</span>
                <span class="import-cells">{cells.collect_view()}</span>
                {row.wrong.then(|| view! { <Icon glyph=Glyph::Warning /> })}
            </li>
        }
    });
    view! { <ol class="card-list import-rows">{rows.collect_view()}</ol> }.into_any()
}
