//! What each column is: as it was recognised, or as the clerk says.

use leptos::prelude::*;
use shared::{
    ipc::{ImportColumn, ImportField, ImportTable},
    register::{
        EntryKind, Type, fields, schema,
        words::{LAT, LNG, Table},
    },
};

use super::Importing;
use crate::{
    components::{Glyph, Icon},
    dynamic::{attr, heard, part},
    look::Look,
    words::{Words, use_words},
};

/// The kinds whose fields columns fill, what the rows are about first.
const fn kinds(table: Table) -> &'static [EntryKind] {
    match table {
        Table::Residents => &[
            EntryKind::Resident,
            EntryKind::Dwelling,
            EntryKind::Building,
            EntryKind::Household,
        ],
        Table::Places => &[EntryKind::Place, EntryKind::Building],
    }
}

/// All columns, those that were not recognised told first.
#[component]
pub(super) fn Columns(it: Importing, table: ImportTable) -> impl IntoView {
    let words = use_words();
    let left_out = Memo::new(move |_| {
        it.choices
            .look(|choices| choices.columns.iter().filter(|it| it.is_none()).count())
    });
    let columns = table.columns.into_iter().enumerate();
    let columns: Vec<_> = columns
        .map(|(at, column)| view! { <Column it at column /> })
        .collect();
    view! {
        <section class="section">
            <h2 class="section-name">{words.import_columns()}</h2>
            {part(move || {
                let left_out = u64::try_from(left_out.get()).unwrap_or(u64::MAX);
                (left_out > 0).then(|| view! {
                    <p class="import-left-out" data-test="import-left-out"><Icon glyph=Glyph::Warning />{words.import_columns_left_out(left_out)}</p>
                })
            })}
            <div class="card import-columns">{columns}</div>
        </section>
    }
}

#[component]
fn Column(it: Importing, at: usize, column: ImportColumn) -> impl IntoView {
    let words = use_words();
    let id = format!("import-column-{at}");
    let chosen = move || {
        it.choices
            .look(|choices| choices.columns.get(at).cloned().flatten())
    };
    let choose = move |value: String| {
        let field = read(&value);
        it.choices.update(|choices| {
            // A field is filled by one column: the other lets go of it.
            for other in &mut choices.columns {
                other.take_if(|it| Some(&*it) == field.as_ref());
            }
            if let Some(column) = choices.columns.get_mut(at) {
                *column = field;
            }
        });
    };
    let group = move |table: Table, kind: EntryKind| {
        let options = fillable(table, kind).into_iter().map(|field| {
            let label = field_name(words, &field);
            let value = written(&field);
            let selected = attr(move || chosen().as_ref() == Some(&field));
            view! { <option value=value selected=selected>{label}</option> }
        });
        view! { <optgroup label=words.entry_kind(kind)>{options.collect_view()}</optgroup> }
    };
    let table = Memo::new(move |_| it.choices.look(|choices| choices.of));
    let groups = move || {
        let table = table.get();
        let kinds = kinds(table).iter();
        kinds.map(|kind| group(table, *kind)).collect_view()
    };
    let header = if column.header.is_empty() {
        words.import_column_unnamed(at + 1)
    } else {
        column.header
    };
    view! {
        <div class="field" class:import-unknown=attr(move || chosen().is_none())>
            <label class="field-label" for=id.clone()>{header}</label>
            <select class="input" id=id data-test=format!("import-column-{at}") on:change=heard(move |event| choose(event_target_value(&event)))>
                <option value="" selected=attr(move || chosen().is_none())>{words.import_leave_column()}</option>
                {part(groups)}
            </select>
        </div>
    }
}

/// What a field is called.
pub(super) fn field_name(words: Words, field: &ImportField) -> String {
    if field.field.as_str() == "care" {
        return words.reg_care_title().to_owned();
    }
    words.field_of(field.kind, field.field.as_str())
}

fn fillable(table: Table, kind: EntryKind) -> Vec<ImportField> {
    let own = fields(kind).iter().filter(|field| match field.of {
        // A place is two columns.
        Type::Link(_) | Type::Point => false,
        Type::Grid => kind == table.located(),
        // Of the building of a 单位/场所 a row says only which it is.
        _ if (table, kind) == (Table::Places, EntryKind::Building) => {
            ["compound", "name"].contains(&field.name)
        }
        _ => true,
    });
    let mut all: Vec<ImportField> = own
        .map(|field| ImportField {
            kind,
            field: field.name.into(),
        })
        .collect();
    if kind == table.located() {
        all.extend([LNG, LAT].map(|half| ImportField {
            kind,
            field: half.into(),
        }));
    }
    if kind == EntryKind::Resident {
        all.push(ImportField {
            kind,
            field: schema::CARE.trim_end_matches(':').into(),
        });
    }
    all
}

fn written(field: &ImportField) -> String {
    format!("{}.{}", field.kind.as_str(), field.field)
}

fn read(value: &str) -> Option<ImportField> {
    let (kind, field) = value.split_once('.')?;
    Some(ImportField {
        kind: EntryKind::ALL.into_iter().find(|it| it.as_str() == kind)?,
        field: field.into(),
    })
}
