//! 表单: which can be begun, and which were.

use std::collections::BTreeMap;

use rusqlite::Connection;
use shared::{
    ipc::{FormDraftRow, FormList, FormRow, ListForms},
    register::mask_numbers,
};

use crate::{
    core::Core,
    error::Result,
    filling::About,
    found_by::syllables,
    store::form_drafts::{self, Kept},
};

/// The page.
pub(crate) fn list(core: &Core, _args: ListForms) -> Result<FormList> {
    core.store.read(|db| {
        let mut forms: Vec<FormRow> = latest(core, db)?.into_values().map(row).collect();
        forms.sort_by(|one, other| (&one.pinyin, &one.title).cmp(&(&other.pinyin, &other.title)));
        let drafts = form_drafts::open(db)?;
        Ok(FormList {
            forms,
            drafts: drafts.into_iter().map(draft_row).collect(),
        })
    })
}

/// The last version of every form, by its author's name.
pub(crate) fn latest(core: &Core, db: &Connection) -> Result<BTreeMap<String, About>> {
    let mut latest: BTreeMap<String, About> = BTreeMap::new();
    for about in core.fillings.about_all(db)? {
        let known = latest.get(&about.version.id);
        if known.is_none_or(|known| known.loaded_at < about.loaded_at) {
            latest.insert(about.version.id.clone(), about);
        }
    }
    Ok(latest)
}

fn row(about: About) -> FormRow {
    FormRow {
        doc: about.version.doc,
        id: about.version.id,
        pinyin: syllables(&about.title.zh),
        title: about.title.zh,
        title_en: about.title.en,
        version: about.version.version,
        about: about.subject,
        trouble: about.trouble,
    }
}

/// A draft, as lists show it.
pub(super) fn draft_row(kept: Kept) -> FormDraftRow {
    FormDraftRow {
        id: kept.draft.id,
        title: kept.draft.title,
        title_en: kept.draft.title_en,
        name: mask_numbers(&kept.draft.name),
        changed_at: kept.changed_at,
        corrects: kept.draft.replaces.is_some(),
    }
}
