//! Merging what several people changed without knowing of each other. An edit names the edits it
//! knew of, as a commit names its parents; which values stand follows from that alone, so the order
//! in which edits arrive doesn't matter.
//!
//! A field whose edits all knew of each other has one value. Where two did not, both values stand
//! until somebody who saw both sets the field again: nobody's work is overwritten unseen.

use std::collections::{BTreeMap, BTreeSet};

use crate::{OpId, Timestamp};

/// Which edit knew of which.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Lineage {
    /// Of each edit, all it knew of, directly or through others.
    knew: BTreeMap<OpId, BTreeSet<OpId>>,
}

impl Lineage {
    /// From the edits with those each names as known. What is named and not there (yet) is known all
    /// the same; a circle, which only a broken device can make, knows all of itself.
    pub fn of<'a>(edits: impl IntoIterator<Item = (OpId, &'a [OpId])>) -> Self {
        let named: BTreeMap<OpId, &[OpId]> = edits.into_iter().collect();
        let all_known_to = |edit: OpId| {
            let mut known = BTreeSet::new();
            let mut open = vec![edit];
            while let Some(next) = open.pop() {
                let parents = named.get(&next).copied().unwrap_or_default();
                open.extend(parents.iter().copied().filter(|it| known.insert(*it)));
            }
            known
        };
        let knew = named.keys().map(|edit| (*edit, all_known_to(*edit)));
        Self {
            knew: knew.collect(),
        }
    }

    /// Whether whoever made `later` knew of `earlier`.
    pub fn knew(&self, later: OpId, earlier: OpId) -> bool {
        self.knew
            .get(&later)
            .is_some_and(|known| known.contains(&earlier))
    }

    /// Whether two edits were made without knowing of each other.
    pub fn parallel(&self, one: OpId, other: OpId) -> bool {
        one != other && !self.knew(one, other) && !self.knew(other, one)
    }

    /// Whether `later` was made by somebody who knew of `earlier`, and not the other way round too,
    /// as in a circle.
    fn overtakes(&self, later: OpId, earlier: OpId) -> bool {
        self.knew(later, earlier) && !self.knew(earlier, later)
    }

    /// The edits nobody knew of yet: what the next one must name.
    pub fn heads(&self) -> Vec<OpId> {
        let edits = || self.knew.keys().copied();
        edits()
            .filter(|edit| !edits().any(|other| self.overtakes(other, *edit)))
            .collect()
    }
}

/// A value somebody gave a field.
#[derive(Debug, Clone, PartialEq)]
pub struct Revision<V> {
    /// The edit.
    pub edit: OpId,
    /// When it was made; corrected for the device's clock once the hub has it.
    pub at: Timestamp,
    /// The value.
    pub value: V,
}

/// What stands of one field.
#[derive(Debug, Clone, PartialEq)]
pub struct Standing<V> {
    /// The values that stand, each once, the one to show last. Never empty for a field that was ever
    /// set.
    pub values: Vec<Revision<V>>,
    /// Where several stand: the last value all of them knew of.
    pub base: Option<Revision<V>>,
}

impl<V: Clone + PartialEq> Standing<V> {
    /// What stands of `revisions` of one field. Of several the latest made is shown, so that a
    /// tablet back from ten days offline doesn't cover yesterday's.
    pub fn of(lineage: &Lineage, revisions: &[Revision<V>]) -> Self {
        let overtaken = |it: &Revision<V>| {
            let mut others = revisions.iter();
            others.any(|other| lineage.overtakes(other.edit, it.edit))
        };
        let mut values: Vec<Revision<V>> = revisions
            .iter()
            .filter(|it| !overtaken(it))
            .cloned()
            .collect();
        values.sort_by_key(|it| (it.at, it.edit));
        // Two people who set the same agree. The later one counts, for the order among the others.
        let mut kept: Vec<Revision<V>> = Vec::with_capacity(values.len());
        for value in values {
            kept.retain(|it| it.value != value.value);
            kept.push(value);
        }
        let base = (kept.len() > 1).then(|| base(lineage, revisions, &kept));
        Self {
            values: kept,
            base: base.flatten(),
        }
    }

    /// The value to show.
    pub fn shown(&self) -> Option<&V> {
        self.values.last().map(|it| &it.value)
    }

    /// Whether somebody must decide.
    pub fn is_conflict(&self) -> bool {
        self.values.len() > 1
    }
}

/// The latest revision that all of `standing` knew of.
fn base<V: Clone>(
    lineage: &Lineage,
    revisions: &[Revision<V>],
    standing: &[Revision<V>],
) -> Option<Revision<V>> {
    let known_to_all = revisions
        .iter()
        .filter(|it| standing.iter().all(|top| lineage.knew(top.edit, it.edit)));
    // Among them the one that knew most: what the two parted from.
    known_to_all
        .max_by_key(|it| {
            let known = lineage.knew.get(&it.edit).map_or(0, BTreeSet::len);
            (known, it.at, it.edit)
        })
        .cloned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(n: u8) -> OpId {
        OpId::new(Timestamp::from_ms(i64::from(n)), [n; 10])
    }

    fn revision(n: u8, value: &'static str) -> Revision<&'static str> {
        Revision {
            edit: id(n),
            at: Timestamp::from_ms(i64::from(n)),
            value,
        }
    }

    fn lineage(edits: &[(u8, &[u8])]) -> Lineage {
        let edits: Vec<(OpId, Vec<OpId>)> = edits
            .iter()
            .map(|(edit, known)| (id(*edit), known.iter().map(|n| id(*n)).collect()))
            .collect();
        Lineage::of(edits.iter().map(|(edit, known)| (*edit, known.as_slice())))
    }

    fn values(standing: &Standing<&'static str>) -> Vec<&'static str> {
        standing.values.iter().map(|it| it.value).collect()
    }

    #[test]
    fn an_edit_that_knew_of_the_one_before_replaces_it() {
        let lineage = lineage(&[(1, &[]), (2, &[1]), (3, &[2])]);

        let standing = Standing::of(
            &lineage,
            &[revision(1, "a"), revision(2, "b"), revision(3, "c")],
        );

        assert_eq!(values(&standing), ["c"]);
        assert_eq!(standing.base, None, "nobody must decide anything");
        assert_eq!(lineage.heads(), [id(3)]);
    }

    #[test]
    fn two_edits_that_did_not_know_of_each_other_both_stand() {
        let lineage = lineage(&[(1, &[]), (2, &[1]), (3, &[1])]);

        let standing = Standing::of(
            &lineage,
            &[
                revision(3, "mine"),
                revision(1, "was"),
                revision(2, "theirs"),
            ],
        );

        assert_eq!(values(&standing), ["theirs", "mine"], "the later is shown");
        assert_eq!(standing.base, Some(revision(1, "was")));
        assert!(lineage.parallel(id(2), id(3)));
        assert!(!lineage.parallel(id(1), id(3)));
    }

    #[test]
    fn a_chain_against_one_edit_is_one_conflict_of_two_values() {
        let lineage = lineage(&[(1, &[]), (2, &[1]), (3, &[2]), (4, &[1])]);

        let standing = Standing::of(
            &lineage,
            &[
                revision(1, "was"),
                revision(2, "first"),
                revision(3, "second"),
                revision(4, "other"),
            ],
        );

        assert_eq!(values(&standing), ["second", "other"]);
    }

    #[test]
    fn who_saw_both_and_decides_ends_it() {
        let lineage = lineage(&[(1, &[]), (2, &[1]), (3, &[1]), (4, &[2, 3])]);

        let standing = Standing::of(
            &lineage,
            &[
                revision(1, "was"),
                revision(2, "theirs"),
                revision(3, "mine"),
                revision(4, "third"),
            ],
        );

        assert_eq!(values(&standing), ["third"]);
    }

    #[test]
    fn two_who_set_the_same_agree() {
        let lineage = lineage(&[(1, &[]), (2, &[1]), (3, &[1])]);

        let standing = Standing::of(
            &lineage,
            &[revision(1, "was"), revision(2, "same"), revision(3, "same")],
        );

        assert!(!standing.is_conflict());
        assert_eq!(standing.shown(), Some(&"same"));
    }

    #[test]
    fn of_a_circle_which_only_a_broken_device_makes_nothing_is_lost() {
        let lineage = lineage(&[(1, &[2]), (2, &[1])]);

        let standing = Standing::of(&lineage, &[revision(1, "a"), revision(2, "b")]);

        assert_eq!(values(&standing), ["a", "b"]);
        assert_eq!(
            lineage.heads(),
            [id(1), id(2)],
            "so the next one can end it"
        );
    }
}
