//! Forms in schedules: begun, answered question by question, finished into records, corrected. Each
//! answer that somebody was told is saved is there after every crash, and in the record.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Result, ensure};
use hub::audit::LogRow;
use shared::{
    Action, DocRef, DraftId, EntryId, Op, RecordId,
    ipc::{AnswerForm, Filling, FinishForm, FormFinish, FormLineKind, FormView, OpenForm},
    register::EntryKind,
};

use super::{book::Paper, deeds::Adds, form::BOUND, register::WORKS, world::World};

impl World<'_> {
    /// Somebody begins a form, mostly about somebody.
    pub(super) async fn begins_a_paper(&mut self, who: usize) -> Result<()> {
        let held = self.register_of(who).await?;
        let resident = self.pick(&held.entries, |it| it.kind == EntryKind::Resident);
        let about = self.roll(|dice| dice.chance(80));
        let subject = resident
            .filter(|_| about)
            .map(|it| DocRef::entry(it.kind, it.id));
        let filling = Filling::New {
            form: self.template.form,
            subject: subject.clone(),
            prefill: Vec::new(),
        };
        self.opens_a_paper(who, "begins a form", filling, subject)
            .await
    }

    /// Somebody corrects what was filled in.
    pub(super) async fn corrects_a_record(&mut self, who: usize) -> Result<()> {
        let records = self.register_of(who).await?.records;
        let Some(record) = self.roll(|dice| dice.pick(&records).copied()) else {
            return self.begins_a_paper(who).await;
        };
        let filling = Filling::Correction { record };
        self.opens_a_paper(who, "corrects a record", filling, None)
            .await
    }

    async fn opens_a_paper(
        &mut self,
        who: usize,
        what: &str,
        filling: Filling,
        subject: Option<DocRef>,
    ) -> Result<()> {
        let told = self
            .commands(who, what, Adds::Just(0), async |client| {
                client.open_form(OpenForm { filling }).await
            })
            .await?;
        if let (Some(view), Some(desk)) = (told, self.book.desks.get_mut(who)) {
            let answers = BTreeMap::new();
            let subject = view.subject.or(subject);
            desk.papers.insert(view.draft, Paper { subject, answers });
        }
        Ok(())
    }

    /// Somebody answers a question.
    pub(super) async fn answers_a_question(&mut self, who: usize) -> Result<()> {
        let Some(draft) = self.some_paper(who) else {
            return self.begins_a_paper(who).await;
        };
        let taken = self.captured(who).into_iter().next();
        let (address, value) = match (self.roll(|dice| dice.below(6)), taken) {
            (0, _) => ("count", self.one_of(&["1", "2", ""]).to_owned()),
            (1 | 2, _) => (BOUND, self.one_of(&WORKS).to_owned()),
            (3 | 4, Some(photo)) => ("photo", photo.digest.to_string()),
            _ => ("note", self.words()),
        };
        // Until somebody is told, the old answer is as good as the new one.
        self.book_answer(who, draft, address, &value, false);
        let args = AnswerForm {
            draft,
            shown: 0,
            address: address.to_owned(),
            value: value.clone(),
        };
        let what = format!("answers {address}");
        let told = self
            .commands(who, &what, Adds::Just(0), async |client| {
                client.answer_form(args).await
            })
            .await?;
        if told.is_some() {
            self.book_answer(who, draft, address, &value, true);
        }
        Ok(())
    }

    /// Somebody finishes a form: the record and what it says of the register are there together, or
    /// not at all.
    pub(super) async fn finishes_a_paper(&mut self, who: usize) -> Result<()> {
        let Some(draft) = self.some_paper(who) else {
            return self.begins_a_paper(who).await;
        };
        let filling = Filling::Draft { draft };
        let view = self
            .commands(who, "reads a form", Adds::Just(0), async |client| {
                client.open_form(OpenForm { filling }).await
            })
            .await?;
        let Some(view) = view else {
            return Ok(());
        };
        let held = self.register_of(who).await?;
        let (own, saw) = self.saw_of_the_register(who, &held).await?;
        let is_known = |subject: &DocRef| {
            let mut entries = held.entries.iter();
            entries.any(|it| it.id == EntryId(subject.id))
        };
        let says_of_it = view.subject.as_ref().is_some_and(is_known)
            && answers(&view)
                .get(BOUND)
                .is_some_and(|value| !value.is_empty());
        let adds = Adds::Just(1 + usize::from(says_of_it));
        self.may_crash_in_it();
        let told = self
            .commands(who, "finishes a form", adds, async |client| {
                client.finish_form(FinishForm { draft }).await
            })
            .await?;
        if let (Some(FormFinish::Done { record }), Some(desk)) =
            (told, self.book.desks.get_mut(who))
            && let Some(paper) = desk.papers.remove(&draft)
        {
            desk.finished.insert(record, paper);
        }
        self.saw_when_doing(who, &own, &saw).await
    }

    /// Every form that somebody was told is begun is there, with its answers.
    pub(super) async fn finds_papers(&self, who: usize) -> Result<()> {
        let client = self.tablet(who)?.client()?;
        let Some(desk) = self.book.desks.get(who) else {
            return Ok(());
        };
        for (draft, paper) in &desk.papers {
            let filling = Filling::Draft { draft: *draft };
            let view = client.open_form(OpenForm { filling }).await;
            let found = view.as_ref().map(answers);
            ensure!(
                found.as_ref().is_ok_and(|found| has(paper, found)),
                "I1: a form of d{who} has {found:?}, and was saved with {paper:?}"
            );
        }
        Ok(())
    }

    /// What was filled in is what the record says.
    pub(super) fn papers_are_those(&self, log: &[LogRow], payloads: &[String]) -> Result<()> {
        let mut records = BTreeMap::new();
        for (row, payload) in log.iter().zip(payloads) {
            let target = row.target.as_ref();
            if let Some(target) = target.filter(|it| it.kind == shared::Kind::record()) {
                let op: Op = serde_json::from_str(payload)?;
                records.insert(RecordId(target.id), op.action);
            }
        }
        for (record, paper) in self.book.desks.iter().flat_map(|desk| &desk.finished) {
            // Whether it is there is looked at operation by operation.
            let Some(Action::Record(filled)) = records.get(record) else {
                continue;
            };
            let given = filled.values.iter();
            let found = given
                .map(|it| (it.address.as_str(), it.value.clone()))
                .collect();
            ensure!(
                has(paper, &found) && filled.subject == paper.subject,
                "I1: a record says {found:?}, and was filled in as {paper:?}"
            );
        }
        Ok(())
    }

    fn some_paper(&self, who: usize) -> Option<DraftId> {
        let papers: Vec<DraftId> = self.book.desks.get(who)?.papers.keys().copied().collect();
        self.roll(|dice| dice.pick(&papers).copied())
    }

    fn book_answer(
        &mut self,
        who: usize,
        draft: DraftId,
        address: &'static str,
        value: &str,
        only: bool,
    ) {
        let desk = self.book.desks.get_mut(who);
        let Some(paper) = desk.and_then(|desk| desk.papers.get_mut(&draft)) else {
            return;
        };
        let known = paper.answers.get(address).cloned();
        // Never answered before: it may be what the form began with, which nobody wrote down.
        let mut known = match known {
            Some(known) => known,
            None if only => BTreeSet::new(),
            None => return,
        };
        if only {
            known.clear();
        }
        known.insert(value.to_owned());
        paper.answers.insert(address, known);
    }
}

/// Whether each answer is one of those it may be.
fn has(paper: &Paper, found: &BTreeMap<&str, String>) -> bool {
    paper.answers.iter().all(|(address, may_be)| {
        let value = found.get(address).map_or("", String::as_str);
        may_be.iter().any(|it| it.as_str() == value)
    })
}

/// What is answered.
fn answers(view: &FormView) -> BTreeMap<&str, String> {
    let lines = view.lines.iter();
    let asked = lines.filter_map(|line| match &line.what {
        FormLineKind::Question(question) => Some((line.address.as_str(), question.value.clone())),
        FormLineKind::Group | FormLineKind::Repeat { .. } | FormLineKind::Instance { .. } => None,
    });
    asked.collect()
}
