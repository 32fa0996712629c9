//! Takes in forms: a workbook is read, checked, and becomes a document that every device gets.

use std::{collections::BTreeMap, io};

use forms::{
    Beside, Form, Table,
    xlsform::{self, Mistake},
};
use serde_json::Value;
use sha2::{Digest as _, Sha256};
use shared::{
    Doc, DocRef, Kind, Scope, StaffId, Timestamp,
    form::{FORM_BYTES_MAX, FormDoc},
    register::lists,
};
use uuid::Builder;

use crate::{Error, Hub, app::App};

/// Of the version of a form that says none.
const VERSION_LENGTH: usize = 12;

/// What loading a form did.
#[derive(Debug, Clone, PartialEq)]
pub struct FormLoaded {
    /// Its id.
    pub id: String,
    /// Its version; of one that says none, made of what it says.
    pub version: String,
    /// Devices get something new.
    pub is_new: bool,
    /// What was passed over.
    pub warnings: Vec<Mistake>,
}

impl Hub {
    /// Checks and loads a form: all of it, or nothing. `name` is the workbook's, without `.xlsx`;
    /// `list` finds a list beside it by the name of its file. One of the name of a kind of entry that it
    /// does not find is the register ([`lists`]).
    pub async fn load_form(
        &self,
        workbook: &[u8],
        name: &str,
        list: impl Fn(&str) -> Result<Table, Error>,
    ) -> Result<FormLoaded, Error> {
        let now = (self.app.config.clock)();
        Read::of(workbook, name, list, None, now)?
            .publish(&self.app, now)
            .await
    }
}

/// A form that was read and checked.
pub(crate) struct Read {
    form: Form,
    doc: Doc,
    warnings: Vec<Mistake>,
}

impl Read {
    /// Reads a workbook with its lists, as [`Hub::load_form`] does. Takes its time with a large one.
    pub(crate) fn of(
        workbook: &[u8],
        name: &str,
        list: impl Fn(&str) -> Result<Table, Error>,
        published_by: Option<StaffId>,
        now: Timestamp,
    ) -> Result<Self, Error> {
        let book = xlsform::read(workbook)?;
        let load =
            |beside: &Beside| xlsform::load(&book, name, beside).map_err(Error::FormMistakes);
        let mut loaded = load(&Beside::default())?;
        let mut beside = Beside {
            live: lists::all(),
            ..Beside::default()
        };
        for file in &loaded.form.files {
            match list(file) {
                Ok(table) => drop(beside.files.insert(file.clone(), table)),
                // What nobody gives is the register of whoever fills the form in.
                Err(error) if is_not_there(&error) && beside.live.contains_key(file) => {}
                Err(error) => return Err(error),
            }
        }
        if !loaded.form.files.is_empty() {
            // Once more: now their columns are known.
            loaded = load(&beside)?;
        }
        let (form, doc) = document(loaded.form, &beside.files, published_by, now)?;
        Ok(Self {
            form,
            doc,
            warnings: loaded.warnings,
        })
    }

    /// Its id and its version.
    pub(crate) fn names(&self) -> (String, String) {
        (self.form.id.clone(), self.form.version.clone())
    }

    /// Every device gets it, unless it is there already.
    pub(crate) async fn publish(self, app: &App, now: Timestamp) -> Result<FormLoaded, Error> {
        let Self {
            form,
            doc,
            warnings,
        } = self;
        let there = app
            .store
            .publish_once(doc.clone(), [Scope::city()].into(), now)
            .await?;
        if there
            .as_ref()
            .is_some_and(|there| !says_the_same(there, &doc))
        {
            return Err(Error::FormVersionTaken {
                id: form.id,
                version: form.version,
            });
        }
        Ok(FormLoaded {
            id: form.id,
            version: form.version,
            is_new: there.is_none(),
            warnings,
        })
    }
}

fn is_not_there(error: &Error) -> bool {
    matches!(error, Error::FormListMissing { source, .. } if source.kind() == io::ErrorKind::NotFound)
}

fn document(
    mut form: Form,
    lists: &BTreeMap<String, Table>,
    published_by: Option<StaffId>,
    now: Timestamp,
) -> Result<(Form, Doc), Error> {
    let lists: BTreeMap<String, Value> = lists
        .iter()
        .map(|(name, table)| Ok((name.clone(), json(table)?)))
        .collect::<Result<_, Error>>()?;
    if form.version.is_empty() {
        let says = digest(&[&json(&form)?.to_string(), &json(&lists)?.to_string()]);
        form.version = hex::encode(says);
        form.version.truncate(VERSION_LENGTH);
    }
    let body = json(&FormDoc {
        form: json(&form)?,
        lists,
        loaded_at: now,
        published_by,
    })?;
    if body.to_string().len() > FORM_BYTES_MAX {
        return Err(Error::FormTooLarge);
    }
    let target = target(&form);
    Ok((
        form,
        Doc {
            target,
            rev: 1,
            body,
        },
    ))
}

/// A version of a form has one id for ever, whoever loads it.
fn target(form: &Form) -> DocRef {
    let digest = digest(&["form", &form.id, &form.version]);
    let mut bytes = [0; 16];
    bytes
        .iter_mut()
        .zip(digest)
        .for_each(|(to, from)| *to = from);
    DocRef {
        kind: Kind::form(),
        id: Builder::from_custom_bytes(bytes).into_uuid(),
    }
}

/// SHA-256 of texts, each ended by a zero byte.
fn digest(texts: &[&str]) -> [u8; 32] {
    let mut hash = Sha256::new();
    for text in texts {
        hash.update(text.as_bytes());
        hash.update([0]);
    }
    hash.finalize().into()
}

/// But for when it was loaded, and by whom.
fn says_the_same(one: &Doc, other: &Doc) -> bool {
    let said = |doc: &Doc, name: &str| doc.body.get(name).cloned();
    ["form", "lists"]
        .iter()
        .all(|name| said(one, name) == said(other, name))
}

fn json<T: serde::Serialize>(value: &T) -> Result<Value, Error> {
    serde_json::to_value(value).map_err(Error::FormJson)
}
