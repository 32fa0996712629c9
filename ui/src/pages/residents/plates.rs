//! 门牌码: a building's plates printed, and a plate photographed to open its door.

use leptos::{prelude::*, task::spawn_local};
use leptos_router::{NavigateOptions, hooks::use_navigate};
use shared::{
    EntryId,
    ipc::{IpcError, PlateUpload, PrintPlates, PrintedPlates},
};
use web_sys::File;

use crate::{
    components::{Button, ErrorNotice, FileButton, Glyph, Icon, Kind},
    dynamic::{effect, part},
    ipc,
    uploads::Upload,
    words::{Words, use_words},
};

/// What a scan is at.
#[derive(Clone, Copy)]
pub(super) struct Scanning {
    busy: RwSignal<bool>,
    /// Why the last one opened no door.
    pub(super) error: RwSignal<Option<IpcError>>,
}

impl Scanning {
    pub(super) fn new() -> Self {
        Self {
            busy: RwSignal::new(false),
            error: RwSignal::new(None),
        }
    }
}

/// Takes a photo of a plate, or an image of one, and opens the door.
#[component]
pub(super) fn ScanPlate(it: Scanning) -> impl IntoView {
    let words = use_words();
    let navigate = use_navigate();
    let take = move |file: File, name: String| {
        if it.busy.get_untracked() {
            return;
        }
        let navigate = navigate.clone();
        spawn_local(async move {
            if let Some(dwelling) = scan(it, file, name).await {
                let door = format!("/residents/door/{dwelling}");
                navigate(&door, NavigateOptions::default());
            }
        });
    };
    view! {
        <FileButton test="scan-plate" accept="image/*" primary=false camera=true on_file=take>
            <span role="status">
                {part(move || if it.busy.get() { words.plate_looking() } else { words.plate_scan() })}
            </span>
        </FileButton>
    }
}

/// Hands the photo over; gives the door, unless there is none or the page was left.
async fn scan(it: Scanning, file: File, name: String) -> Option<EntryId> {
    it.error.set(None);
    it.busy.set(true);
    let mut upload = Upload::new(file, name);
    let read = loop {
        match upload.next_of_plate().await {
            Ok(PlateUpload::Receiving { .. }) => {
                // The page may have been left.
                it.busy.try_get_untracked()?;
            }
            Ok(PlateUpload::Read { dwelling }) => break Ok(dwelling),
            Err(error) => break Err(error),
        }
    };
    // Whoever left the page meanwhile is not led away from where they are.
    if it.busy.try_set(false).is_some() {
        return None;
    }
    match read {
        Ok(dwelling) => Some(dwelling),
        Err(error) => {
            it.error.set(Some(error));
            None
        }
    }
}

/// What printing came to.
#[derive(Clone, Copy)]
pub(super) struct Printing(Action<EntryId, Result<PrintedPlates, IpcError>>);

impl Printing {
    pub(super) fn new(words: Words) -> Self {
        Self(Action::new_local(move |building: &EntryId| {
            ipc::call(PrintPlates {
                building: *building,
                notice: words.plate_notice_line().to_owned(),
            })
        }))
    }
}

/// Makes the sheet.
#[component]
pub(super) fn PrintButton(it: Printing, building: EntryId) -> impl IntoView {
    let words = use_words();
    let busy = it.0.pending();
    view! {
        <Button kind=Kind::Plain test="print-plates" icon=Glyph::Grid disabled=busy on_press=move || drop(it.0.dispatch(building))>
            {part(move || if busy.get() { words.plate_printing() } else { words.plate_print() })}
        </Button>
    }
}

/// Where the sheet is, and what to do with it.
#[component]
pub(super) fn Printed(it: Printing) -> impl IntoView {
    let words = use_words();
    let error = Signal::derive(move || it.0.value().get().and_then(Result::err));
    let made = move || it.0.value().get().and_then(Result::ok);
    let seen = NodeRef::<leptos::html::Div>::new();
    effect(move || {
        if let Some(card) = seen.get() {
            // Below a tall building it would stand out of sight.
            card.scroll_into_view_with_bool(false);
        }
    });
    view! {
        <ErrorNotice error />
        {part(move || made().map(|made| view! {
            <div class="card row export-made" role="status" node_ref=seen data-test="plates-printed">
                <Icon glyph=Glyph::CheckCircle />
                <span class="row-words">
                    <span class="row-title">{words.plate_printed(made.plates.into())}</span>
                    <span class="row-text" data-test="plates-path">{made.path}</span>
                    <span class="row-text">{words.plate_printed_do()}</span>
                </span>
            </div>
        }))}
    }
}
