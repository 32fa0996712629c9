//! What was answered in a campaign, question by question: 未接种原因 and the like. Only the last record
//! about each counts.

use std::collections::BTreeMap;

use rusqlite::Connection;
use shared::ipc::{Answered, Answers, Countable, GetAnswers, ListCountable, Settings};

use crate::{
    core::Core,
    error::Result,
    filling::{Closed, closed},
    fold_record,
    rounds::Campaign,
    store::settings,
    views::forms,
};

/// Question by question, in the order of the form.
pub(crate) fn get(core: &Core, args: GetAnswers) -> Result<Vec<Answers>> {
    core.store.read(|db| {
        let campaign = Campaign::get(core, db, args.campaign)?;
        let questions = questions(core, db, &campaign.form)?;
        let mut counts: Vec<BTreeMap<String, u32>> = vec![BTreeMap::new(); questions.len()];
        for told in campaign.last(db, None)?.into_values() {
            let Some(record) = fold_record::record(db, told.id)? else {
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

/// Which answers to a form may count in a campaign.
pub(crate) fn countable(core: &Core, args: ListCountable) -> Result<Vec<Countable>> {
    let questions = core.store.read(|db| questions(core, db, &args.form))?;
    let named = questions.into_iter().map(|it| Countable {
        question: name(&it.address).to_owned(),
        label: it.label,
        choices: it.listed,
    });
    Ok(named.collect())
}

/// The questions of a form that can be counted, as its latest version asks them in the app's language;
/// none while the form is not here.
pub(super) fn questions(core: &Core, db: &Connection, form: &str) -> Result<Vec<Closed>> {
    let Some(form) = forms::latest(core, db)?.remove(form) else {
        return Ok(Vec::new());
    };
    let look: Settings = settings::find(db, settings::LOOK)?.unwrap_or_default();
    closed(db, form.version.doc, look.language)
}

/// What a question is called, without the groups it is in.
pub(super) fn name(address: &str) -> &str {
    address.rsplit('/').next().unwrap_or(address)
}
