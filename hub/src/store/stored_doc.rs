//! A document while operations on it are judged: read once, however much is asked of it, and written
//! once, for the store as for its sum. Going by JSON values, keys and all, for each of these took
//! nearly half of what a hub does for an operation.

use std::collections::BTreeSet;

use shared::{
    Body, Doc, DocRef, Scope,
    case::{Case, CaseDoc, Deletion},
    doc::sum_of_text,
    erase::Erased,
};

use super::{
    StoreError,
    json::{from_json, to_json, unreadable},
};

/// A document as it is stored, and what it says.
#[derive(Debug)]
pub struct StoredDoc {
    /// Which document.
    pub target: DocRef,
    /// At which revision.
    pub rev: u64,
    /// Its body, as it is stored.
    json: String,
    said: Said,
}

/// What can be said of a document before an operation is applied to it.
#[derive(Debug)]
pub enum Said {
    /// This.
    Body(Body),
    /// Documents of its kind take no operations.
    NotForOperations,
    /// It is not what its kind says, for this reason.
    Unreadable(serde_json::Error),
}

impl StoredDoc {
    /// One as it was stored.
    pub(super) fn read(target: DocRef, rev: u64, json: String) -> Self {
        let said = match Body::of_text(&target.kind, &json) {
            Ok(Some(body)) => Said::Body(body),
            Ok(None) => Said::NotForOperations,
            Err(error) => Said::Unreadable(error),
        };
        Self {
            target,
            rev,
            json,
            said,
        }
    }

    /// One that an operation made.
    ///
    /// Fails for nothing that came as JSON.
    pub(super) fn made(doc: Doc<Body>) -> Result<Self, StoreError> {
        Ok(Self {
            json: to_json(&doc.body)?,
            target: doc.target,
            rev: doc.rev,
            said: Said::Body(doc.body),
        })
    }

    /// One of the hub's own making.
    ///
    /// Fails for none that can be sent.
    pub(super) fn of(doc: &Doc) -> Result<Self, StoreError> {
        let json = to_json(&doc.body)?;
        Ok(Self::read(doc.target.clone(), doc.rev, json))
    }

    /// Its body, as it is stored.
    pub(super) fn json(&self) -> &str {
        &self.json
    }

    /// As it is sent.
    ///
    /// Fails when what is stored is no JSON.
    pub(super) fn doc(&self) -> Result<Doc, StoreError> {
        Ok(Doc {
            target: self.target.clone(),
            rev: self.rev,
            body: from_json("document", &self.json)?,
        })
    }

    /// See [`Doc::sum`].
    ///
    /// Fails when what is stored is no JSON.
    pub(super) fn sum(&self) -> Result<u64, StoreError> {
        sum_of_text(&self.json).map_err(|source| unreadable("document", source))
    }

    /// What it says, or why that can't be told.
    pub const fn said(&self) -> &Said {
        &self.said
    }

    /// What it says, where it takes operations and can be read.
    pub const fn body(&self) -> Option<&Body> {
        match &self.said {
            Said::Body(body) => Some(body),
            Said::NotForOperations | Said::Unreadable(_) => None,
        }
    }

    /// The case it is, if one was reported.
    pub fn case(&self) -> Option<&Case> {
        match self.body()? {
            Body::Case(CaseDoc::Known(case)) => Some(case),
            _ => None,
        }
    }

    /// Who erased it, if somebody did.
    pub const fn erased(&self) -> Option<&Erased> {
        match self.body() {
            Some(Body::Erased(erased)) => Some(erased),
            _ => None,
        }
    }

    /// Who deleted it; `None` while it stands. Only cases can be deleted.
    pub fn deletion(&self) -> Option<Deletion> {
        self.case()?.deletion()
    }

    /// The case a merged one goes on as, whether it is deleted or not.
    pub fn merged_into(&self) -> Option<DocRef> {
        self.case()?.merged_into.map(DocRef::case)
    }

    /// The feeds it belongs to.
    pub fn audience(&self) -> BTreeSet<Scope> {
        self.body().map(Body::audience).unwrap_or_default()
    }
}
