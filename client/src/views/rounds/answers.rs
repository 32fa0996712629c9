//! What was answered in a campaign, question by question: 未接种原因 and the like. Only the last record
//! about each counts.

use std::collections::BTreeMap;

use shared::ipc::{Answered, Answers, GetAnswers, Settings};

use crate::{
    core::Core, error::Result, filling::closed, fold_record, rounds::Campaign, store::settings,
    views::forms,
};

/// Question by question, in the order of the form.
pub(crate) fn get(core: &Core, args: GetAnswers) -> Result<Vec<Answers>> {
    core.store.read(|db| {
        let campaign = Campaign::get(core, db, args.campaign)?;
        let Some(form) = forms::latest(core, db)?.remove(&campaign.form) else {
            return Ok(Vec::new());
        };
        let look: Settings = settings::find(db, settings::LOOK)?.unwrap_or_default();
        let questions = closed(db, form.version.doc, look.language)?;
        let mut counts: Vec<BTreeMap<String, u32>> = vec![BTreeMap::new(); questions.len()];
        for id in campaign.records(db)? {
            let Some(record) = fold_record::record(db, id)? else {
                continue;
            };
            for given in record.filled.values {
                let at = questions.iter().position(|it| it.address == given.address);
                let counts = at.and_then(|at| counts.get_mut(at));
                if let Some(counts) = counts.filter(|_| !given.value.is_empty()) {
                    *counts.entry(given.value).or_default() += 1;
                }
            }
        }
        let answers = questions.into_iter().zip(counts);
        let answers = answers.filter(|(_, counts)| !counts.is_empty());
        let answers = answers.map(|(question, counts)| {
            let said = |name: String| question.choices.get(&name).cloned().unwrap_or(name);
            let mut answers: Vec<Answered> = counts
                .into_iter()
                .map(|(name, count)| Answered {
                    answer: said(name),
                    count,
                })
                .collect();
            answers.sort_by_key(|it| std::cmp::Reverse(it.count));
            Answers {
                question: question.label,
                answers,
            }
        });
        Ok(answers.collect())
    })
}
