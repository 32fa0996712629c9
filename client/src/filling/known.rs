//! What is known before anybody is asked: what the register says of whom a form is about, and, where
//! the form's author says that little changes, what was answered the last time. Each with who said so.

use std::collections::BTreeMap;

use rusqlite::Connection;
use shared::{
    DocRef, EntryId, FieldName,
    ipc::{FormKnown, KnownHow},
    record::{Given, Record},
    register::{Entry, EntryKind, Stands},
};

use super::{About, Due, Ready, bound, notice};
use crate::{
    core::Core,
    error::Result,
    fold_record,
    packs::Packs,
    register,
    store::{
        entries,
        form_drafts::{FormDraft, Replaced},
        records::{self, RecordRow},
    },
};

/// What a filling begins with.
#[derive(Debug, Default)]
pub(crate) struct Known {
    /// What was answered the last time; `None`: the form does not begin with that.
    pub(crate) before: Option<Vec<(String, String)>>,
    /// What the register says. It knows better than any answer of the past.
    pub(crate) given: Vec<Given>,
    /// Who said what a question begins with, by address.
    pub(crate) said: BTreeMap<String, Said>,
    /// Numbers that are shown masked, by address: no page gets them.
    pub(crate) kept: BTreeMap<String, String>,
    /// The register has two answers to one of the questions.
    pub(crate) disputed: bool,
    /// What the person is to be told.
    pub(crate) notice: Option<Due>,
}

/// An answer, and who gave it.
#[derive(Debug)]
pub(crate) struct Said {
    /// The answer.
    pub(crate) value: String,
    /// Who gave it.
    pub(crate) known: FormKnown,
}

/// What is known of the subject.
pub(crate) fn of(
    core: &Core,
    db: &Connection,
    ready: &Ready,
    subject: Option<&DocRef>,
) -> Result<Known> {
    let mut known = Known {
        notice: notice::due(core, db, ready, subject)?,
        ..Known::default()
    };
    let Some(subject) = subject else {
        return Ok(known);
    };
    let packs = core.packs(db)?;
    if ready.unchanged
        && let Some(row) = records::last_about(db, &ready.version.id, subject)?
        && let Some(record) = fold_record::record(db, row.id)?
    {
        known.take_before(ready, &packs, &row, &record);
    }
    if let Some(kind) = ready.about.filter(|kind| kind.kind() == subject.kind)
        && let Some(line) = entries::find(db, EntryId(subject.id))?
    {
        let (entry, _) = register::stands_of(db, kind, line.id)?;
        known.given.push(Given {
            address: kind.as_str().to_owned(),
            value: subject.id.to_string(),
        });
        known.given.push(Given {
            address: format!("{}_name", kind.as_str()),
            value: line.title,
        });
        known.take_entry(ready, &packs, kind, &entry);
    }
    Ok(known)
}

impl Known {
    fn take_before(&mut self, ready: &Ready, packs: &Packs, row: &RecordRow, record: &Record) {
        let (by, by_en) = packs.person(&row.author);
        let known = FormKnown {
            by,
            by_en,
            at: row.finished_at,
            how: KnownHow::LastTime,
        };
        let about_same = record.filled.subject.as_ref().map(|it| &it.kind);
        let is_bound = ready.about.map(EntryKind::kind).as_ref() == about_same;
        let mut before = Vec::new();
        for Given { address, value } in &record.filled.values {
            let of_register = is_bound && ready.bound.iter().any(|(bound, _)| bound == address);
            if of_register {
                continue;
            }
            if ready.masked.has(address) {
                self.kept.insert(address.clone(), value.clone());
            } else {
                before.push((address.clone(), value.clone()));
            }
            self.said.insert(
                address.clone(),
                Said {
                    value: value.clone(),
                    known: known.clone(),
                },
            );
        }
        self.before = Some(before);
    }

    fn take_entry(&mut self, ready: &Ready, packs: &Packs, kind: EntryKind, entry: &Entry) {
        let stands = entry.stands();
        for (address, field) in &ready.bound {
            self.disputed |= stands.disputed.iter().any(|it| it.field == field);
            let Some(value) = bound::as_answer(kind, &stands, field) else {
                continue;
            };
            if ready.masked.has(address) {
                self.kept.insert(address.clone(), value.clone());
            } else {
                self.given.push(Given {
                    address: address.clone(),
                    value: value.clone(),
                });
            }
            if let Some(known) = by_whom(packs, entry, &stands, field) {
                self.said.insert(address.clone(), Said { value, known });
            }
        }
    }
}

fn by_whom(
    packs: &Packs,
    entry: &Entry,
    stands: &Stands<'_>,
    field: &FieldName,
) -> Option<FormKnown> {
    let given = stands.fields.get(field)?;
    let last = given.last();
    let (by, by_en) = packs.person(&last.author.staff);
    Some(FormKnown {
        by,
        by_en,
        at: last.at,
        how: if last.op_id != given.by.op_id {
            KnownHow::Confirmed
        } else if entry.import_of(last.op_id).is_some() {
            KnownHow::Imported
        } else {
            KnownHow::Given
        },
    })
}

impl FormDraft {
    /// What it began with. A correction begins with the record that it corrects.
    pub(crate) fn known(&self, core: &Core, db: &Connection, ready: &Ready) -> Result<Known> {
        if self.replaces.is_none() {
            return of(core, db, ready, self.subject.as_ref());
        }
        let replaced = self.replaced(db, ready)?;
        Ok(replaced.as_ref().map_or_else(Known::default, of_replaced))
    }

    /// What is needed of the record that it corrects.
    pub(super) fn replaced(&self, db: &Connection, ready: &Ready) -> Result<Option<Replaced>> {
        if self.replaced.is_some() {
            return Ok(self.replaced.clone());
        }
        let Some(id) = self.replaces else {
            return Ok(None);
        };
        let record = fold_record::record(db, id)?;
        Ok(record.map(|record| replaced(ready, &record)))
    }
}

/// What a correction needs of the record to its end.
pub(crate) fn replaced(ready: &Ready, record: &Record) -> Replaced {
    let values = record.filled.values.iter();
    let numbers = values.filter(|given| ready.masked.has(&given.address));
    Replaced {
        photos: record.filled.photos.clone(),
        numbers: numbers.cloned().collect(),
    }
}

/// What a correction begins with.
pub(crate) fn of_replaced(replaced: &Replaced) -> Known {
    let kept = replaced.numbers.iter();
    Known {
        kept: kept
            .map(|given| (given.address.clone(), given.value.clone()))
            .collect(),
        ..Known::default()
    }
}

/// A record that may be filed again as it is: the last one of its form about somebody who is still
/// there, in a grid of the person's own.
#[derive(Debug)]
pub(crate) struct Again {
    /// The form's version that is filled in now.
    pub(crate) form: uuid::Uuid,
    /// Whom or what it is about.
    pub(crate) subject: DocRef,
    /// The record.
    pub(crate) last: RecordRow,
}

/// Whether it may be. `latest` are the versions of forms that are filled in now, by their authors' names.
pub(crate) fn again(
    db: &Connection,
    latest: &BTreeMap<String, About>,
    form_id: &str,
    subject: &DocRef,
) -> Result<Option<Again>> {
    let Some(about) = latest.get(form_id) else {
        return Ok(None);
    };
    if !about.unchanged || about.trouble.is_some() {
        return Ok(None);
    }
    let id = entries::standing_for(db, EntryId(subject.id))?;
    let subject = DocRef {
        id: id.0,
        ..subject.clone()
    };
    let is_here = entries::find(db, id)?.is_some_and(|line| !line.gone);
    let last = records::last_about(db, form_id, &subject)?.filter(|_| is_here);
    let own = crate::ops::open_form::own_grids(db)?;
    let last = last.filter(|it| own.contains(&it.grid));
    Ok(last.map(|last| Again {
        form: about.version.doc,
        subject,
        last,
    }))
}

/// The same of a record that somebody looks at.
pub(crate) fn again_of(
    db: &Connection,
    latest: &BTreeMap<String, About>,
    record: &RecordRow,
) -> Result<Option<Again>> {
    let Some(subject) = &record.subject else {
        return Ok(None);
    };
    let again = again(db, latest, &record.form.id, subject)?;
    Ok(again.filter(|it| it.last.id == record.id))
}
