//! 采集记录: what was filled in, in the words of its form, to read and to correct.

use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use shared::{
    DocRef, RecordId,
    ipc::{Area, Code, Filling, GetRecord, IpcError, PhotoView, Presence, RecordLine, RecordView},
};

use crate::{
    components::{Button, Empty, ErrorNotice, Glyph, Icon, Kind, MarksLine, PhotoViewer, Thumb},
    dynamic::{heard, part},
    ipc,
    live::live,
    look::Look,
    pages::{
        erasing::{EraseSheet, ErasedLine},
        forms::{UnchangedButton, begin},
        residents::reveal::{Looking, Masked, RevealSheet},
    },
    session::exact,
    words::use_words,
};

/// The page.
#[component]
pub(crate) fn RecordPage() -> impl IntoView {
    let params = use_params_map();
    let wanted = Memo::new(move |_| {
        params.look(|it| it.get("id").and_then(|id| id.parse::<RecordId>().ok()))
    });
    let record = live(
        &[Area::Records, Area::Forms, Area::Packs, Area::Delivery],
        move || {
            let wanted = wanted.get();
            async move {
                match wanted {
                    Some(record) => ipc::call(GetRecord { record }).await,
                    None => Err(ipc::internal("no record is named")),
                }
            }
        },
    );
    let missing = Memo::new(move |_| {
        record
            .error
            .look(|error| error.as_ref().is_some_and(|it| it.code == Code::NotFound))
    });
    let refused = RwSignal::new(None::<IpcError>);
    let begin = begin(refused);
    view! {
        <main class="page record" id="content">
            {part(move || if missing.get() {
                let target = Signal::derive(move || wanted.get().map(DocRef::record));
                view! { <ErasedLine target without=nothing /> }.into_any()
            } else {
                view! { <ErrorNotice error=record.error on_retry=move || record.again() /> }.into_any()
            })}
            <ErrorNotice error=refused />
            {part(move || record.value.get().filter(|_| !missing.get()).map(|record| view! { <Contents record begin /> }))}
        </main>
    }
}

fn nothing() -> AnyView {
    let words = use_words();
    view! { <Empty glyph=Glyph::Note title=words.record_missing() hint=words.record_missing_hint() /> }
        .into_any()
}

#[component]
fn Contents(record: RecordView, begin: Callback<Filling>) -> impl IntoView {
    let words = use_words();
    let row = record.row;
    let title = words.pick(&row.title, &row.title_en).to_owned();
    let by = words.record_by(words.pick(&row.by, &row.by_en));
    let grid = words.record_grid(words.pick(&row.grid.name, &row.grid.name_en));
    let newer = record.replaced_by.first().copied();
    let id = row.id;
    let looking = RwSignal::new(None::<Looking>);
    let erasing = RwSignal::new(None::<DocRef>);
    let erase = move || erasing.set(Some(DocRef::record(id)));
    view! {
        <header class="page-head">
            <h1>{title}</h1>
            <p class="aside">{row.name.clone()}</p>
        </header>
        {newer.map(|newer| view! { <Other to=newer word=words.record_replaced() test="record-newer" /> })}
        {record.replaces.map(|older| view! { <Other to=older word=words.record_replaces() test="record-older" /> })}
        <section class="card record-facts">
            <p>{by}" · "{exact(row.at)}</p>
            <p class="aside">{grid}</p>
            {record.told.map(|told| {
                let said = match told.guardian {
                    Some(name) => words.record_told_guardian(name, told.purpose),
                    None => words.record_told(told.purpose),
                };
                view! { <p class="aside" data-test="record-told">{said}</p> }
            })}
            {row.marks.map(|marks| view! { <MarksLine marks /> })}
        </section>
        {record.trouble.map(|trouble| {
            let said = words.sentences(words.record_bare(), &words.trouble_do(&trouble));
            view! { <p class="report-note" data-test="record-bare">{said}</p> }
        })}
        {if record.lines.is_empty() {
            view! { <p class="card quiet">{words.record_nothing()}</p> }.into_any()
        } else {
            let look = record.may_look.then_some((id, looking));
            let lines = record.lines.into_iter().map(|line| view! { <Answer line look /> });
            view! { <dl class="card record-lines" data-test="record-lines">{lines.collect_view()}</dl> }.into_any()
        }}
        {(record.may_correct || row.again || record.may_erase).then(|| view! {
            <div class="record-ends">
                {record.may_erase.then(|| view! {
                    <Button kind=Kind::Quiet icon=Glyph::Trash test="erase" on_press=erase>{words.erase_act()}</Button>
                })}
                {record.may_correct.then(|| view! {
                    <Button icon=Glyph::Pen test="record-correct" on_press=move || begin.run(Filling::Correction { record: id })>{words.record_correct()}</Button>
                })}
                {row.again.then(|| view! { <UnchangedButton record=id kind=Kind::Primary /> })}
            </div>
        })}
        <RevealSheet looking />
        <EraseSheet erasing />
    }
}

#[component]
fn Other(to: RecordId, word: &'static str, test: &'static str) -> impl IntoView {
    view! {
        <a class="card row joined-line" href=format!("/records/{to}") data-test=test>
            <Icon glyph=Glyph::Pen />
            <span class="row-title">{word}</span>
            <Icon glyph=Glyph::Next />
        </a>
    }
}

/// One question with its answer, or a heading.
#[component]
fn Answer(line: RecordLine, look: Option<(RecordId, RwSignal<Option<Looking>>)>) -> impl IntoView {
    let words = use_words();
    let opened = RwSignal::new(None::<usize>);
    let Some(answer) = line.answer else {
        let heading = match (line.position, line.label.as_str()) {
            (Some(position), "") => words.fill_nth(position),
            (Some(position), label) => words.fill_nth_of(label, position),
            (None, label) => label.to_owned(),
        };
        return view! { <div class="record-heading" data-depth=line.depth.to_string()>{heading}</div> }
            .into_any();
    };
    let photos: Vec<PhotoView> = line
        .photo
        .into_iter()
        .map(|photo| PhotoView {
            photo,
            // The page finds out by showing it.
            presence: Presence::ThumbOnly,
        })
        .collect();
    let said = if photos.is_empty() {
        view! { {answer} }.into_any()
    } else {
        let all = Signal::stored(photos.clone());
        view! {
            <button type="button" class="photo-tile" data-test="photo-thumb" aria-label=words.photo_open(1) on:click=heard(move |_| opened.set(Some(0)))>
                <Thumb photo=photos.into_iter().next().map(|view| view.photo) />
            </button>
            <PhotoViewer photos=all at=opened />
        }
        .into_any()
    };
    let reveal = look.filter(|_| line.masked).map(|(record, looking)| {
        let (address, name) = (line.address.clone(), line.label.clone());
        let look = move || {
            looking.set(Some(Looking {
                at: Masked::Answer(record, address.clone()),
                name: name.clone(),
            }));
        };
        view! { <Button kind=Kind::Quiet test="reveal" icon=Glyph::Eye on_press=look>{words.reg_reveal()}</Button> }
    });
    let is_looked_at = reveal.is_some();
    view! {
        <div class="record-line" class:record-masked=is_looked_at>
            <dt>{line.label}</dt>
            <dd data-test="record-answer" data-address=line.address>{said}{reveal}</dd>
        </div>
    }
    .into_any()
}
