//! The sheet in which something is entered or changed: what is asked first stands first, the rest on a
//! press. What is wrong is told at the field.

use std::collections::BTreeMap;

use leptos::prelude::*;
use shared::{
    EntryId, FieldName,
    ipc::{
        Area, ChangeEntry, Code, EnterEntry, EntryView, FieldView, FormList, GetOwnGrids, IpcError,
        ListForms,
    },
    register::{EntryKind, Field, FieldValue, Fields, Type, check::Mistake, fields, schema},
};

use super::{
    inputs::{Care, Grids, Input},
    point,
};
use crate::{
    components::{Button, ErrorNotice, Kind, Sheet, use_toasts},
    dynamic::{effect, part},
    ipc,
    live::live,
    look::Look,
    words::use_words,
};

/// What is typed for a flag that is set.
pub(super) const YES: &str = "true";

/// What is being entered or changed.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Editing {
    kind: EntryKind,
    entry: Option<EntryId>,
    /// What stands there: what belongs to something new is known from the beginning.
    stands: BTreeMap<String, String>,
    /// Of masked fields what is shown instead.
    masked: BTreeMap<String, String>,
    care: Vec<String>,
    /// Of a campaign, where it is meant for.
    grids: Vec<String>,
}

impl Editing {
    /// Something new.
    pub(crate) fn new(kind: EntryKind, set: Fields) -> Self {
        let grids = set.keys().filter_map(|name| {
            let code = name.as_str().strip_prefix(schema::IN_GRID)?;
            Some(code.to_owned())
        });
        let grids = grids.collect();
        let known = set.into_iter().filter_map(|(name, value)| {
            Some((name.as_str().to_owned(), value?.text()?.to_owned()))
        });
        Self {
            kind,
            entry: None,
            stands: known.collect(),
            masked: BTreeMap::new(),
            care: Vec::new(),
            grids,
        }
    }

    /// What is there.
    pub(crate) fn of(entry: EntryView) -> Self {
        let written = |field: &FieldView| match &field.value {
            FieldValue::Text(text) => text.clone(),
            FieldValue::Number(number) => number.to_string(),
            FieldValue::Flag(true) => YES.to_owned(),
            FieldValue::Point(at) => point::written(*at),
            FieldValue::Flag(false) | FieldValue::Other(_) => String::new(),
        };
        let grids = entry.fields.iter().filter_map(|it| {
            let code = it.field.as_str().strip_prefix(schema::IN_GRID)?;
            (it.value == FieldValue::Flag(true)).then(|| code.to_owned())
        });
        let grids = grids.collect();
        let (masked, stands): (Vec<_>, Vec<_>) = entry
            .fields
            .iter()
            .filter(|it| !it.field.as_str().starts_with(schema::IN_GRID))
            .map(|field| {
                (
                    field.masked,
                    field.field.as_str().to_owned(),
                    written(field),
                )
            })
            .partition(|(masked, _, _)| *masked);
        let pairs = |all: Vec<(bool, String, String)>| {
            all.into_iter()
                .map(|(_, name, text)| (name, text))
                .collect()
        };
        Self {
            kind: entry.kind,
            entry: Some(entry.id),
            stands: pairs(stands),
            masked: pairs(masked),
            care: entry.care,
            grids,
        }
    }
}

/// Fields that are asked first.
fn is_first(kind: EntryKind, name: &str) -> bool {
    let first: &[&str] = match kind {
        EntryKind::Building => &[
            "grid", "compound", "name", "address", "units", "floors", "position",
        ],
        EntryKind::Dwelling => &["unit", "floor", "room", "use"],
        EntryKind::Household => &["hukou_no", "call_first", "ended_on", "note"],
        EntryKind::Resident => &[
            "name", "relation", "id_no", "phone", "sex", "birth", "presence",
        ],
        EntryKind::Campaign => &["title", "form", "counts", "about", "from", "until", "note"],
        EntryKind::Place => &[
            "grid",
            "building",
            "name",
            "kind",
            "address",
            "contact",
            "contact_phone",
            "position",
        ],
        // It has a sheet of its own.
        EntryKind::Management => &[],
    };
    first.contains(&name)
}

/// The sheet.
#[component]
pub(crate) fn EditSheet(editing: RwSignal<Option<Editing>>) -> impl IntoView {
    let words = use_words();
    let open = Memo::new(move |_| editing.look(Option::is_some));
    let title = Signal::derive(move || {
        editing
            .look(|it| match it {
                Some(it) if it.entry.is_none() => match it.kind {
                    EntryKind::Building => words.reg_add_building(),
                    EntryKind::Dwelling => words.reg_add_door(),
                    EntryKind::Household => words.reg_add_household(),
                    EntryKind::Resident => words.reg_add_resident(),
                    EntryKind::Place => words.reg_add_place(),
                    EntryKind::Campaign => words.camp_launch(),
                    EntryKind::Management => words.control_title(),
                },
                Some(it) => words.entry_kind(it.kind),
                None => "",
            })
            .to_owned()
    });
    view! {
        <Sheet open title on_close=move || editing.set(None)>
            {part(move || editing.get().map(|it| view! { <Form it done=move || editing.set(None) /> }))}
        </Sheet>
    }
}

#[component]
fn Form(it: Editing, #[prop(into)] done: Callback<()>) -> impl IntoView {
    let (words, toasts) = (use_words(), use_toasts());
    let kind = it.kind;
    let is_new = it.entry.is_none();
    let typed = RwSignal::new(it.stands.clone());
    let care = RwSignal::new(it.care.clone());
    let meant = RwSignal::new(it.grids.clone());
    let wrong = RwSignal::new(Vec::<Mistake>::new());
    let grids = live(&[], || ipc::call(GetOwnGrids {}));
    // Most people have one grid: it need not be asked.
    effect(move || {
        let first = grids
            .value
            .look(|it| Some(it.as_ref()?.first()?.code.0.clone()));
        if let (true, EntryKind::Building | EntryKind::Place, Some(first)) = (is_new, kind, first) {
            typed.update(|typed| {
                typed.entry("grid".to_owned()).or_insert(first);
            });
        }
    });
    let forms = RwSignal::new(None::<FormList>);
    if kind == EntryKind::Campaign {
        let list = live(&[Area::Forms], || ipc::call(ListForms {}));
        effect(move || forms.set(list.value.get()));
    }
    let before = StoredValue::new(it.clone());
    let save = Action::new_local(move |(): &()| {
        let set = before.with_value(|before| {
            let (typed, care) = (typed.get_untracked(), care.get_untracked());
            changed(before, (&typed, &care, &meant.get_untracked()))
        });
        async move {
            let saved = send(before.with_value(|it| (it.kind, it.entry)), set).await;
            match &saved {
                Ok(()) => {
                    toasts.say(if is_new {
                        words.reg_entered()
                    } else {
                        words.reg_saved()
                    });
                    done.run(());
                }
                Err(error) => {
                    let mistakes = match &error.code {
                        Code::Mistakes { mistakes } => mistakes.clone(),
                        _ => Vec::new(),
                    };
                    drop(wrong.try_set(mistakes));
                }
            }
            saved
        }
    });
    let input = move |field: Field| {
        let masked = before.with_value(|it| it.masked.get(field.name).cloned());
        view! { <Input kind field masked typed wrong grids=grids.value forms /> }
    };
    // Of a place it is asked where it stands, unless its building is known from the beginning.
    let in_building = it.stands.contains_key("building");
    let asked = |field: &&Field| match (field.of, kind) {
        (Type::Link(_), EntryKind::Place) => !(is_new && in_building),
        (Type::Grid, EntryKind::Place) => is_new && !in_building,
        (Type::Link(_), _) => false,
        (Type::Grid, _) => kind == EntryKind::Building,
        _ => true,
    };
    let (first, rest): (Vec<Field>, Vec<Field>) = fields(kind)
        .iter()
        .filter(asked)
        .partition(|field| is_first(kind, field.name));
    let first: Vec<_> = first.into_iter().map(input).collect();
    let has_more = !rest.is_empty();
    let takes_care = matches!(kind, EntryKind::Resident | EntryKind::Campaign);
    let is_campaign = kind == EntryKind::Campaign;
    let rest: Vec<_> = rest.into_iter().map(input).collect();
    let error = Signal::derive(move || save.value().get().and_then(Result::err));
    view! {
        <form class="form edit-form" on:submit=move |event| event.prevent_default()>
            {first}
            {is_campaign.then(|| view! { <Grids meant grids=grids.value wrong /> })}
            {takes_care.then(|| view! { <Care kind care /> })}
            {has_more.then(|| view! {
                <details class="more-fields">
                    <summary class="more-summary" data-test="more-fields">{words.reg_all_fields()}</summary>
                    <div class="form">{rest}</div>
                </details>
            })}
            <ErrorNotice error />
            <div class="sheet-actions">
                <Button kind=Kind::Primary test="sheet-confirm" disabled=save.pending() on_press=move |()| { save.dispatch(()); }>{words.reg_save()}</Button>
            </div>
        </form>
    }
}

async fn send((kind, entry): (EntryKind, Option<EntryId>), set: Fields) -> Result<(), IpcError> {
    match entry {
        Some(entry) => {
            let change = ChangeEntry { kind, entry, set };
            ipc::call(change).await.map(drop)
        }
        None => ipc::call(EnterEntry { kind, set }).await.map(drop),
    }
}

/// What is to be written: of something new all of it, else what was typed anew.
fn changed(
    before: &Editing,
    (typed, care, grids): (&BTreeMap<String, String>, &[String], &[String]),
) -> Fields {
    let mut set = Fields::new();
    for (name, text) in typed {
        let text = text.trim();
        let stood = before.stands.get(name).map(String::as_str);
        // A masked number that nobody typed stays as it is.
        let is_kept = before.masked.contains_key(name) && text.is_empty();
        let is_same = before.entry.is_some() && stood.unwrap_or_default() == text;
        if is_kept || is_same {
            continue;
        }
        set.insert(
            FieldName::from(name.as_str()),
            value(before.kind, name, text),
        );
    }
    let stands_in = |set: &Fields| matches!(set.get("building"), Some(Some(_)));
    if before.kind == EntryKind::Place && stands_in(&set) {
        // It stands where its building stands.
        set.remove(schema::GRID);
    }
    flags(&mut set, schema::CARE, &before.care, care);
    // Of something new all of them are written, those that stood there from the beginning, too.
    let stood: &[String] = if before.entry.is_some() {
        &before.grids
    } else {
        &[]
    };
    flags(&mut set, schema::IN_GRID, stood, grids);
    set
}

/// Flags that are set now and were not, or the other way round.
fn flags(set: &mut Fields, prefix: &str, before: &[String], now: &[String]) {
    let mut put = |name: &String, value| {
        let name = format!("{prefix}{name}");
        set.insert(FieldName::from(name.as_str()), value);
    };
    for name in now.iter().filter(|it| !before.contains(it)) {
        put(name, Some(FieldValue::Flag(true)));
    }
    for name in before.iter().filter(|it| !now.contains(it)) {
        put(name, None);
    }
}

fn value(kind: EntryKind, name: &str, text: &str) -> Option<FieldValue> {
    if text.is_empty() {
        return None;
    }
    let of = schema::find(kind, name).map(|field| field.of);
    Some(match (of, text.parse()) {
        (Some(Type::Number(..)), Ok(number)) => FieldValue::Number(number),
        (Some(Type::Flag), _) => FieldValue::Flag(text == YES),
        (Some(Type::Point), _) => FieldValue::Point(point::read(text)?),
        _ => FieldValue::from(text),
    })
}
