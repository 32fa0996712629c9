//! 走访 and 专项.

pub(crate) mod answers;
pub(crate) mod campaigns;
mod covered;
pub(crate) mod today;

use shared::{
    DocRef,
    ipc::{Asked, LastTime},
};

use crate::{
    error::Result,
    rounds::{Door, Rounds},
};

/// What campaigns that run still ask for behind a door, each once. `form` finds the version of a form
/// that is to be filled in, by its author's name, and `last` when it was last filled in about somebody.
pub(super) fn asked(
    rounds: &Rounds,
    door: &Door,
    form: impl Fn(&str) -> Option<uuid::Uuid>,
    last: impl Fn(&str, &DocRef) -> Result<Option<LastTime>>,
) -> Result<Vec<Asked>> {
    let asked = door.missing(&rounds.campaigns).filter_map(|meant| {
        let campaign = rounds.campaigns.get(meant.campaign)?;
        Some((meant, campaign))
    });
    let asked = asked.map(|(meant, campaign)| {
        Ok(Asked {
            campaign: campaign.id,
            title: campaign.title.clone(),
            form: form(&campaign.form),
            subject: meant.subject.clone(),
            name: meant.name.clone(),
            last: last(&campaign.form, &meant.subject)?,
        })
    });
    asked.collect()
}
