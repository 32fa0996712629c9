//! Forms in stories: the operator loads one, a person fills it in question by question.

use anyhow::{Context as _, Result, bail};
use shared::{
    RecordId,
    ipc::{
        AddToForm, AnswerForm, Filling, FinishForm, FormFinish, FormView, GetRecord, IpcError,
        ListForms, ListRecords, OpenForm, RecordPage, RecordView,
    },
};

use super::{Device, World};

/// The form of the project that most stories fill in.
pub const VACCINATION: &[u8] = include_bytes!("../../../packs/forms/vaccination.xlsx");

/// Answers to it about somebody who has had their second dose.
pub const VACCINATED: [(&str, &str); 4] = [
    ("person/name_shown", "何田田"),
    ("vaccination/status", "completed"),
    ("vaccination/dose_no", "2"),
    ("vaccination/occurred_on", "2026-09-01"),
];

impl World {
    /// The operator loads a form that looks into no list beside it.
    pub async fn loads_form(&self, workbook: &[u8], name: &str) -> Result<hub::FormLoaded> {
        let no_list = |_: &str| Err(hub::Error::FormTooLarge);
        Ok(self.hub().load_form(workbook, name, no_list).await?)
    }
}

impl Device {
    /// Takes up a form.
    pub async fn takes_up(&self, filling: Filling) -> Result<FormView> {
        Ok(self.client().open_form(OpenForm { filling }).await?)
    }

    /// Begins the only form there is.
    pub async fn begins_form(&self) -> Result<FormView> {
        let listed = self.client().list_forms(ListForms {}).await?;
        let [form] = listed.forms.as_slice() else {
            bail!("one form: {listed:?}");
        };
        let filling = Filling::New {
            form: form.doc,
            subject: None,
            prefill: Vec::new(),
        };
        self.takes_up(filling).await
    }

    /// Answers questions, one after the other.
    pub async fn answers(&self, view: &FormView, answers: &[(&str, &str)]) -> Result<()> {
        for (address, value) in answers {
            let answer = AnswerForm {
                draft: view.draft,
                shown: 0,
                address: (*address).to_owned(),
                value: (*value).to_owned(),
            };
            let answered = self.client().answer_form(answer).await;
            answered.with_context(|| (*address).to_owned())?;
        }
        Ok(())
    }

    /// Adds an instance to a repeat.
    pub async fn adds_to(&self, view: &FormView, repeat: &str) -> Result<()> {
        let add = AddToForm {
            draft: view.draft,
            shown: 0,
            address: repeat.to_owned(),
        };
        self.client().add_to_form(add).await?;
        Ok(())
    }

    /// 完成.
    pub async fn finishes(&self, view: FormView) -> Result<RecordId> {
        let finish = FinishForm { draft: view.draft };
        match self.client().finish_form(finish).await? {
            FormFinish::Done { record } => Ok(record),
            FormFinish::NoGuardian => bail!("no guardian is named"),
            FormFinish::Lacking { lacks } => bail!("{lacks:?}"),
        }
    }

    /// The first hundred records on the device.
    pub async fn lists_records(&self) -> Result<RecordPage> {
        let list = ListRecords {
            subject: None,
            offset: 0,
            limit: 100,
        };
        Ok(self.client().list_records(list).await?)
    }

    /// One record whole.
    pub async fn reads(&self, record: RecordId) -> Result<RecordView, IpcError> {
        self.client().get_record(GetRecord { record }).await
    }
}
