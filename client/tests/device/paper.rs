//! Forms in a test: the ones that come with the project, small ones written here, and the short
//! sentences that filling them is made of.

use std::path::Path;

use client::testing;
use serde_json::{Value, json};
use shared::{
    Doc, DocRef, DraftId, Kind, RecordId, Scope,
    ipc::{
        AddToForm, AnswerForm, Filling, FinishForm, FormChange, FormFinish, FormLine, FormLineKind,
        FormList, FormQuestion, FormView, GetRecord, IpcError, ListForms, ListRecords, OpenForm,
        RecordPage, RecordView, RemoveFromForm,
    },
};
use uuid::Uuid;

use super::tablet::Tablet;

/// A form that came with the project, as its document would come from a hub.
pub(super) fn shipped(name: &str) -> Doc {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("../packs/forms/{name}.xlsx"));
    let book = forms::xlsform::read(&std::fs::read(file).unwrap()).unwrap();
    let loaded = forms::xlsform::load(&book, name, &[].into()).unwrap();
    document(1, serde_json::to_value(loaded.form).unwrap(), 1)
}

/// All forms that come with the project.
pub(super) fn all_shipped() -> Vec<forms::Form> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../packs/forms");
    let files = std::fs::read_dir(folder).unwrap();
    let mut paths: Vec<_> = files.map(|it| it.unwrap().path()).collect();
    paths.sort();
    let all = paths.iter().map(|path| {
        let book = forms::xlsform::read(&std::fs::read(path).unwrap()).unwrap();
        forms::xlsform::load(&book, "", &[].into()).unwrap().form
    });
    all.collect()
}

/// The document of a form.
pub(super) fn document(id: u128, form: Value, loaded_at: i64) -> Doc {
    Doc {
        target: DocRef {
            kind: Kind::form(),
            id: Uuid::from_u128(id),
        },
        rev: 1,
        body: json!({ "form": form, "lists": {}, "loaded_at": loaded_at }),
    }
}

/// A small form of this version with these items.
pub(super) fn form(version: &str, items: Value) -> Value {
    json!({
        "format": 1, "id": "visit", "version": version, "title": {"": "走访登记"},
        "root": "data", "items": items,
    })
}

/// A question of a small form.
pub(super) fn question(name: &str, kind: &str) -> Value {
    json!({ "name": name, "label": {"": name}, "shape": "question", "kind": kind })
}

impl Tablet {
    pub(super) async fn give(&self, doc: Doc) {
        testing::pull(&self.client, Scope::city(), doc)
            .await
            .unwrap();
    }

    pub(super) async fn forms(&self) -> FormList {
        self.client.list_forms(ListForms {}).await.unwrap()
    }

    pub(super) async fn fill(&self, filling: Filling) -> Result<FormView, IpcError> {
        self.client.open_form(OpenForm { filling }).await
    }

    /// Begins a form.
    pub(super) async fn take_up(&self, form: u128) -> Paper<'_> {
        let filling = Filling::New {
            form: Uuid::from_u128(form),
            subject: None,
            prefill: Vec::new(),
        };
        Paper::of(self, self.fill(filling).await.unwrap())
    }

    /// Goes on with one that was begun.
    pub(super) async fn take_up_again(&self, draft: DraftId) -> Paper<'_> {
        Paper::of(self, self.fill(Filling::Draft { draft }).await.unwrap())
    }

    pub(super) async fn records(&self) -> RecordPage {
        let list = ListRecords {
            subject: None,
            offset: 0,
            limit: 100,
        };
        self.client.list_records(list).await.unwrap()
    }

    pub(super) async fn record(&self, record: RecordId) -> RecordView {
        self.client.get_record(GetRecord { record }).await.unwrap()
    }
}

/// A filling as a page holds it: what it was given, kept up to date by what it is told.
pub(super) struct Paper<'a> {
    tablet: &'a Tablet,
    pub(super) view: FormView,
}

impl<'a> Paper<'a> {
    pub(super) fn of(tablet: &'a Tablet, view: FormView) -> Self {
        Self { tablet, view }
    }

    pub(super) fn draft(&self) -> DraftId {
        self.view.draft
    }

    pub(super) async fn answer(&mut self, address: &str, value: &str) -> Result<(), IpcError> {
        let change = self.try_answer(address, value).await?;
        self.note(change);
        Ok(())
    }

    pub(super) async fn try_answer(
        &self,
        address: &str,
        value: &str,
    ) -> Result<FormChange, IpcError> {
        let answer = AnswerForm {
            draft: self.draft(),
            shown: self.view.state.shown,
            address: address.to_owned(),
            value: value.to_owned(),
        };
        self.tablet.client.answer_form(answer).await
    }

    pub(super) async fn add(&mut self, address: &str) {
        let add = AddToForm {
            draft: self.draft(),
            shown: self.view.state.shown,
            address: address.to_owned(),
        };
        let change = self.tablet.client.add_to_form(add).await.unwrap();
        self.note(change);
    }

    pub(super) async fn remove(&mut self, address: &str) {
        let remove = RemoveFromForm {
            draft: self.draft(),
            shown: self.view.state.shown,
            address: address.to_owned(),
        };
        let change = self.tablet.client.remove_from_form(remove).await.unwrap();
        self.note(change);
    }

    pub(super) async fn finish(&self) -> Result<FormFinish, IpcError> {
        let draft = self.draft();
        self.tablet.client.finish_form(FinishForm { draft }).await
    }

    /// Finishes it; it lacks nothing.
    pub(super) async fn done(self) -> RecordId {
        match self.finish().await.unwrap() {
            FormFinish::Done { record } => record,
            FormFinish::NoGuardian => panic!("no guardian is named"),
            FormFinish::Lacking { lacks } => panic!("{lacks:?}"),
        }
    }

    /// As the page does it.
    pub(super) fn note(&mut self, change: FormChange) {
        if let Some(moved) = change.moved {
            let at = moved.at as usize;
            let end = (at + moved.gone as usize).min(self.view.lines.len());
            self.view.lines.splice(at..end, moved.come);
        }
        for one in change.changed {
            *self.view.lines.get_mut(one.at as usize).unwrap() = one.line;
        }
        self.view.state = change.state;
    }

    pub(super) fn find(&self, address: &str) -> Option<&FormQuestion> {
        let line = self
            .view
            .lines
            .iter()
            .find(|line| line.address == address)?;
        match &line.what {
            FormLineKind::Question(question) => Some(question),
            _ => None,
        }
    }

    pub(super) fn value(&self, address: &str) -> &str {
        &self.find(address).unwrap().value
    }

    /// All answers, by address.
    pub(super) fn answers(&self) -> Vec<(String, String)> {
        let question = |line: &FormLine| match &line.what {
            FormLineKind::Question(question) if !question.value.is_empty() => {
                Some((line.address.clone(), question.value.clone()))
            }
            _ => None,
        };
        self.view.lines.iter().filter_map(question).collect()
    }
}
