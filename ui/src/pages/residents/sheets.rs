//! The sheets that lie over a page of the register, and what each is about.

use leptos::prelude::*;
use shared::{
    DocRef, EntryId,
    ipc::{Area, Filling, FormList, IpcError, ListForms},
};

use super::{
    arrange::{ArrangeSheet, Arranging},
    control::ControlSheet,
    edit::{EditSheet, Editing},
    reveal::{Looking, RevealSheet},
};
use crate::{
    ipc,
    live::live,
    pages::{erasing::EraseSheet, forms::begin},
};

/// What the sheets over the page are about.
#[derive(Clone, Copy)]
pub(crate) struct Sheets {
    /// What is being edited.
    pub(super) editing: RwSignal<Option<Editing>>,
    /// What is to be shown.
    pub(super) looking: RwSignal<Option<Looking>>,
    /// Whose management is asked for, and what they are called.
    pub(super) managed: RwSignal<Option<(EntryId, String)>>,
    /// The forms there are.
    pub(super) forms: RwSignal<Option<FormList>>,
    /// Begins one.
    pub(super) begin: Callback<Filling>,
    /// What is being done with a household.
    pub(super) arranging: RwSignal<Option<Arranging>>,
    /// Who is to be erased.
    pub(super) erasing: RwSignal<Option<DocRef>>,
    /// Whether this person may write.
    pub(super) may_write: bool,
    /// Whether this person may say who is one, and take that back.
    pub(super) may_merge: bool,
}

impl Sheets {
    /// None is open. What can't be begun is told in `error`.
    pub(super) fn over_a_page(error: RwSignal<Option<IpcError>>) -> Self {
        let forms = live(&[Area::Forms], || ipc::call(ListForms {}));
        Self {
            editing: RwSignal::new(None),
            looking: RwSignal::new(None),
            managed: RwSignal::new(None),
            forms: forms.value,
            begin: begin(error),
            arranging: RwSignal::new(None),
            erasing: RwSignal::new(None),
            may_write: false,
            may_merge: false,
        }
    }
}

/// All of them.
#[component]
pub(super) fn AllSheets(sheets: Sheets) -> impl IntoView {
    view! {
        <EditSheet editing=sheets.editing />
        <ArrangeSheet arranging=sheets.arranging />
        <RevealSheet looking=sheets.looking />
        <ControlSheet managed=sheets.managed />
        <EraseSheet erasing=sheets.erasing />
    }
}
