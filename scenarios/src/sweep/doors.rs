//! The scripted day at the doors: the register, visits, forms. Before doing something once more the
//! person looks whether it is there.

use anyhow::{Context, Result, ensure};
use shared::{
    DocRef, DraftId, EntryId, FieldName,
    ipc::{
        AnswerForm, ChangeEntry, ConfirmDoor, EnterEntry, Filling, FinishForm, FormFinish,
        ListForms, OpenForm, RevealField, VisitDoor,
    },
    register::{EntryKind, FieldValue, Fields},
    visit::Met,
};

use super::{
    driver::Day,
    script::{DAY, Step, words},
};
use crate::{sim::BOUND, world::Device};

impl Day {
    /// Whether all of a step is done: what came before it is.
    pub(super) async fn was_done(&self, at: usize) -> Result<bool> {
        let before: usize = DAY.iter().take(at).map(|step| step.operations()).sum();
        let done = client::audit::outbox(&self.client).await?.len();
        Ok(done > before)
    }

    pub(super) async fn is_at_the_doors(&self, at: usize, step: Step) -> Result<()> {
        let (client, words) = (&self.client, words(at));
        match step {
            Step::Enter { kind, of, .. } => {
                let set = self.said_of(kind, of, &words).await?;
                client.enter_entry(EnterEntry { kind, set }).await?;
            }
            Step::Change { entry } => {
                let (kind, entry) = self.entry(entry).await?;
                let set = [said("note", &words)].into();
                client
                    .change_entry(ChangeEntry { kind, entry, set })
                    .await?;
            }
            Step::Visit { door } => {
                let (_, dwelling) = self.entry(door).await?;
                let args = VisitDoor {
                    dwelling,
                    outcome: Met::NotHome,
                    note: words,
                };
                client.visit_door(args).await?;
            }
            Step::Confirm { door, .. } => {
                let (_, dwelling) = self.entry(door).await?;
                client.confirm_door(ConfirmDoor { dwelling }).await?;
            }
            Step::Reveal { entry } => {
                let (kind, entry) = self.entry(entry).await?;
                let args = RevealField {
                    kind,
                    entry,
                    field: "phone".into(),
                    reason: words,
                };
                client.reveal_field(args).await?;
            }
            _ => {}
        }
        Ok(())
    }

    /// Fills in a form; one that was begun before a crash goes on.
    pub(super) async fn fills(&mut self, at: usize, entry: usize, photo: bool) -> Result<()> {
        let draft = self.paper(at, entry).await?;
        // Finished before the crash: it became a record, and there is no draft.
        if self.became(draft).await?.is_some() {
            return Ok(());
        }
        let mut given = vec![("note", words(at)), (BOUND, "电工".to_owned())];
        if photo {
            let picture = u32::try_from(at)? * 10;
            let photo = self.takes_photo(None, picture).await?;
            given.push(("photo", photo.digest.to_string()));
        }
        for (address, value) in given {
            let args = AnswerForm {
                draft,
                shown: 0,
                address: address.to_owned(),
                value,
            };
            self.client.answer_form(args).await?;
        }
        let finished = self.client.finish_form(FinishForm { draft }).await?;
        ensure!(
            matches!(finished, FormFinish::Done { .. }),
            "a form lacks something: {finished:?}"
        );
        Ok(())
    }

    async fn paper(&mut self, at: usize, entry: usize) -> Result<DraftId> {
        if let Some(draft) = self.journal.drafts.get(&at) {
            return Ok(*draft);
        }
        let (kind, id) = self.entry(entry).await?;
        let forms = self.client.list_forms(ListForms {}).await?.forms;
        let filling = Filling::New {
            form: forms.first().context("the form is there")?.doc,
            subject: Some(DocRef::entry(kind, id)),
            prefill: Vec::new(),
        };
        let view = self.client.open_form(OpenForm { filling }).await?;
        self.journal.has_draft(at, view.draft)?;
        Ok(view.draft)
    }

    /// What is said of a new entry.
    async fn said_of(&self, kind: EntryKind, of: Option<usize>, words: &str) -> Result<Fields> {
        let mut set: Fields = match kind {
            EntryKind::Building => [said("compound", "水岸"), said("name", words)].into(),
            EntryKind::Dwelling => [said("room", words)].into(),
            EntryKind::Household => [said("hukou_no", words)].into(),
            EntryKind::Resident => [said("name", words), said("phone", "13800000001")].into(),
            EntryKind::Place => [said("name", words)].into(),
            EntryKind::Campaign => [said("title", words)].into(),
            EntryKind::Management => [said("note", words)].into(),
        };
        let belongs = match (of, kind.belongs_to()) {
            (Some(of), Some((field, _))) => said(field, &self.entry(of).await?.1.to_string()),
            _ => said("grid", Device::grid().as_str()),
        };
        set.extend([belongs]);
        Ok(set)
    }

    /// An entry of the script, found by what it is called.
    async fn entry(&self, number: usize) -> Result<(EntryKind, EntryId)> {
        let entered = |step: &Step| matches!(step, Step::Enter { entry, .. } if *entry == number);
        let step = DAY.iter().position(entered);
        let title = words(step.context("the entry is entered in the script")?);
        let listed = client::audit::register(&self.client).await?.entries;
        let found = listed.iter().find(|it| it.title == title);
        let found = found.context("the entry was entered")?;
        Ok((found.kind, found.id))
    }
}

fn said(field: &str, value: &str) -> (FieldName, Option<FieldValue>) {
    (FieldName::from(field), Some(FieldValue::from(value)))
}
