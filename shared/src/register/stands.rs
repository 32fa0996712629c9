//! An entry as it stands: every change merged in, and of each field who gave it and who confirmed it.

use std::collections::BTreeMap;

use super::{Entry, FieldValue, Fields};
use crate::{
    OpId, Timestamp,
    case::Signed,
    ids::FieldName,
    merge::{Lineage, Revision, Standing},
};

/// An entry as it stands.
#[derive(Debug, Clone, PartialEq)]
pub struct Stands<'a> {
    /// Fields in which something stands.
    pub fields: BTreeMap<&'a FieldName, Given<'a>>,
    /// Fields in which several values stand, given without knowing of each other.
    pub disputed: Vec<Disputed<'a>>,
    /// What the next change names as known.
    pub heads: Vec<OpId>,
}

/// A value, and who says so.
#[derive(Debug, Clone, PartialEq)]
pub struct Given<'a> {
    /// What stands there; `None`: nothing, somebody took it away.
    pub value: Option<FieldValue>,
    /// Who gave it, and when.
    pub by: &'a Signed,
    /// Who found it to be so last, and when.
    pub confirmed: Option<&'a Signed>,
}

impl Given<'_> {
    /// The last time anybody said that it is so.
    pub fn last(&self) -> &Signed {
        self.confirmed
            .filter(|it| it.at >= self.by.at)
            .unwrap_or(self.by)
    }
}

/// Somebody must decide what stands in a field.
#[derive(Debug, Clone, PartialEq)]
pub struct Disputed<'a> {
    /// The field.
    pub field: &'a FieldName,
    /// What stood there before.
    pub base: Option<FieldValue>,
    /// What stands there, the one that is shown last.
    pub values: Vec<Given<'a>>,
}

impl Stands<'_> {
    /// What stands in a field.
    pub fn value(&self, field: &str) -> Option<&FieldValue> {
        self.fields.get(field)?.value.as_ref()
    }

    /// The words that stand in a field.
    pub fn text(&self, field: &str) -> Option<&str> {
        self.value(field)
            .and_then(FieldValue::text)
            .filter(|text| !text.is_empty())
    }

    /// What is set of the flags that begin with this: care tags, grids, whom somebody is not.
    pub fn flags(&self, prefix: &str) -> impl Iterator<Item = &str> {
        let fields = self.fields.iter();
        fields.filter_map(move |(name, given)| {
            let flag = name.as_str().strip_prefix(prefix)?;
            (given.value == Some(FieldValue::Flag(true))).then_some(flag)
        })
    }

    /// When somebody last said of any field that it is so.
    pub fn confirmed_at(&self) -> Option<Timestamp> {
        self.fields.values().map(|given| given.last().at).max()
    }
}

impl Entry {
    /// The entry as it stands.
    pub fn stands(&self) -> Stands<'_> {
        if self.changes.is_empty() && self.confirmed.is_empty() {
            return self.as_entered();
        }
        let lineage = self.lineage();
        let mut revisions: BTreeMap<&FieldName, Vec<Revision<Option<FieldValue>>>> =
            BTreeMap::new();
        for (signed, fields) in self.edits() {
            for (name, value) in fields {
                let revisions = revisions.entry(name).or_default();
                revisions.push(revision(signed, value.clone()));
            }
        }
        let mut stands = Stands {
            fields: BTreeMap::new(),
            disputed: Vec::new(),
            heads: self.own_heads(),
        };
        for (name, revisions) in revisions {
            let standing = Standing::of(&lineage, &revisions);
            let is_conflict = standing.is_conflict();
            let base = standing.base.and_then(|it| it.value);
            let mut values: Vec<Given<'_>> = standing
                .values
                .into_iter()
                .filter_map(|it| self.given(&lineage, name, it))
                .collect();
            if is_conflict {
                stands.disputed.push(Disputed {
                    field: name,
                    base,
                    values: values.clone(),
                });
            }
            if let Some(shown) = values.pop().filter(|it| it.value.is_some()) {
                stands.fields.insert(name, shown);
            }
        }
        stands
    }

    /// Most entries nobody has touched since: there is nothing to merge.
    fn as_entered(&self) -> Stands<'_> {
        let given = self.given.iter().filter(|(_, value)| value.is_some());
        let given = given.map(|(name, value)| {
            let given = Given {
                value: value.clone(),
                by: &self.entered,
                confirmed: None,
            };
            (name, given)
        });
        Stands {
            fields: given.collect(),
            disputed: Vec::new(),
            heads: vec![self.entered.op_id],
        }
    }

    /// What stands in one field.
    pub(super) fn standing(&self, field: &str) -> Standing<Option<FieldValue>> {
        let revisions = self.edits().filter_map(|(signed, fields)| {
            let value = fields.get(field)?;
            Some(revision(signed, value.clone()))
        });
        let revisions: Vec<_> = revisions.collect();
        Standing::of(&self.lineage(), &revisions)
    }

    /// What stood in the fields that a change set, as far as whoever made it knew. `None`: it is no
    /// change of this entry.
    pub fn before(&self, change: OpId) -> Option<Fields> {
        let changed = self.changes.iter().find(|it| it.signed.op_id == change)?;
        let lineage = self.lineage();
        let stood = |field: &FieldName| {
            let known = self
                .edits()
                .filter(|(by, _)| lineage.knew(change, by.op_id));
            let revisions = known.filter_map(|(by, fields)| {
                let value = fields.get(field)?;
                Some(revision(by, value.clone()))
            });
            let revisions: Vec<_> = revisions.collect();
            Standing::of(&lineage, &revisions)
                .shown()
                .cloned()
                .flatten()
        };
        let fields = changed.changing.set.keys();
        Some(fields.map(|field| (field.clone(), stood(field))).collect())
    }

    /// Who gave which fields, from the first to the last.
    pub fn edits(&self) -> impl Iterator<Item = (&Signed, &Fields)> {
        let changes = self.changes.iter();
        std::iter::once((&self.entered, &self.given))
            .chain(changes.map(|it| (&it.signed, &it.changing.set)))
    }

    fn given<'a>(
        &'a self,
        lineage: &Lineage,
        name: &FieldName,
        revision: Revision<Option<FieldValue>>,
    ) -> Option<Given<'a>> {
        let (by, _) = self.edits().find(|(by, _)| by.op_id == revision.edit)?;
        let confirmed = self.confirmed.iter().rev().find(|it| {
            let fields = &it.confirming.fields;
            (fields.is_empty() || fields.contains(name))
                && lineage.knew(it.signed.op_id, revision.edit)
        });
        Some(Given {
            value: revision.value,
            by,
            confirmed: confirmed.map(|it| &it.signed),
        })
    }

    fn own_heads(&self) -> Vec<OpId> {
        let root = self.entered.op_id;
        let changes = self.changes.iter();
        let edits: Vec<(OpId, Vec<OpId>)> = changes
            .map(|it| (it.signed.op_id, with_root(&it.changing.knew, root)))
            .chain([(root, Vec::new())])
            .collect();
        Lineage::of(edits.iter().map(|(edit, knew)| (*edit, knew.as_slice()))).heads()
    }

    /// Changes that set something beside this one, neither knowing of the other.
    pub fn beside(&self, change: OpId) -> Vec<&Signed> {
        let lineage = self.lineage();
        let others = self.changes.iter().map(|it| &it.signed);
        let others = others.filter(|it| it.op_id != change);
        let unknown =
            others.filter(|it| !lineage.knew(change, it.op_id) && !lineage.knew(it.op_id, change));
        unknown.collect()
    }

    /// Who knew of what, those who confirmed among them.
    fn lineage(&self) -> Lineage {
        let root = self.entered.op_id;
        let changes = self.changes.iter();
        let confirmed = self.confirmed.iter();
        let known: Vec<(OpId, Vec<OpId>)> = changes
            .map(|it| (it.signed.op_id, with_root(&it.changing.knew, root)))
            .chain(confirmed.map(|it| (it.signed.op_id, with_root(&it.confirming.knew, root))))
            .chain([(root, Vec::new())])
            .collect();
        Lineage::of(known.iter().map(|(edit, knew)| (*edit, knew.as_slice())))
    }
}

fn revision(signed: &Signed, value: Option<FieldValue>) -> Revision<Option<FieldValue>> {
    Revision {
        edit: signed.op_id,
        at: signed.at,
        value,
    }
}

/// Whoever changes an entry knows that it was entered, whatever their device names.
fn with_root(knew: &[OpId], root: OpId) -> Vec<OpId> {
    [knew, &[root]].concat()
}
