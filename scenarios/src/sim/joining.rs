//! 并案 in schedules, and what must come of it: a case goes on as another exactly as long as the last
//! merging that took effect was not undone, never in a circle; and each carries all that go on as it,
//! as they stand. What a case must carry is looked for from the cases that end, not from what the
//! survivor says.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Result, ensure};
use shared::{
    Action, CaseId, Doc, DocRef,
    case::{Case, CaseDoc, State, Void},
    ipc::{MergeCase, SplitCase},
    op::Merging,
};

use super::world::World;

impl World<'_> {
    /// Somebody lets a case go on as another: mostly one that waits as one that is open, of those
    /// they see; sometimes any as any.
    pub(super) async fn merges(&mut self, who: usize, case: CaseId) -> Result<()> {
        let shown = self.shown(who).await?;
        let seen = |fits: fn(State) -> bool| -> Vec<CaseId> {
            let fitting = shown.iter().filter(|(_, state)| fits(*state));
            fitting.map(|(target, _)| CaseId(target.id)).collect()
        };
        let waiting = seen(|state| state == State::Submitted);
        let open = seen(State::is_open);
        let all = self.book.cases.clone();
        let chosen = self.roll(|dice| {
            if dice.chance(15) {
                return dice.pick(&all).map(|into| (case, *into));
            }
            let one = *dice.pick(&waiting)?;
            let others: Vec<CaseId> = open.iter().filter(|it| **it != one).copied().collect();
            dice.pick(&others).map(|into| (one, *into))
        });
        let Some((case, into)) = chosen else {
            return Ok(());
        };
        let numbers = (self.book.number(case), self.book.number(into));
        let what = format!("merges a case ({} into {})", numbers.0, numbers.1);
        self.may_command(who, &what, async |client| {
            client.merge_case(MergeCase { case, into }).await
        })
        .await
    }

    async fn shown(&self, who: usize) -> Result<Vec<(DocRef, State)>> {
        let client = self.tablet(who)?.client()?;
        Ok(client::audit::shown(&client).await?)
    }

    /// Somebody takes two cases apart.
    pub(super) async fn splits(&mut self, who: usize, case: CaseId) -> Result<()> {
        let reason = self.words();
        let shown = self.shown(who).await?;
        let merged = shown.iter().filter(|(_, state)| *state == State::Merged);
        let merged: Vec<CaseId> = merged.map(|(target, _)| CaseId(target.id)).collect();
        let case = self
            .roll(|dice| dice.pick(&merged).copied())
            .unwrap_or(case);
        let number = self.book.number(case);
        self.may_command(who, &format!("splits a case ({number})"), async |client| {
            client.split_case(SplitCase { case, reason }).await
        })
        .await
    }

    /// What goes on as what, and what carries what, is what must be.
    pub(super) fn joined_are_those(&self, docs: &BTreeMap<DocRef, Doc>) -> Result<()> {
        let known = docs.values().filter_map(|doc| match doc.case() {
            Ok(CaseDoc::Known(case)) => Some((case.id, *case)),
            Ok(CaseDoc::Awaiting(_)) | Err(_) => None,
        });
        let cases: BTreeMap<CaseId, Case> = known.collect();
        let mut carried: BTreeMap<CaseId, BTreeSet<CaseId>> = BTreeMap::new();
        for case in cases.values() {
            self.goes_on_rightly(case)?;
            let mut step = Some(case);
            let mut seen = BTreeSet::new();
            while let Some(at) = step {
                let number = self.book.number(case.id);
                ensure!(seen.insert(at.id), "case {number} goes on in a circle");
                let next = at.merged_into.filter(|_| !self.must_be_deleted(at));
                step = next.and_then(|next| cases.get(&next));
                if let Some(host) = step {
                    carried.entry(host.id).or_default().insert(case.id);
                }
            }
        }
        for host in cases.values() {
            let number = self.book.number(host.id);
            let expected = carried.remove(&host.id).unwrap_or_default();
            let told: BTreeSet<CaseId> = host.joined.iter().map(|it| it.id).collect();
            ensure!(
                told == expected && told.len() == host.joined.len(),
                "case {number} carries {told:?}, and should carry {expected:?}"
            );
            for it in &host.joined {
                let alone = cases.get(&it.id).map(|it| Case {
                    joined: Vec::new(),
                    ..it.clone()
                });
                ensure!(
                    alone.as_ref() == Some(it),
                    "case {number} carries one that stands otherwise"
                );
            }
        }
        Ok(())
    }

    /// By the mergings and splittings that took effect; which of them came last only the hub's order
    /// tells, but they take turns.
    fn goes_on_rightly(&self, case: &Case) -> Result<()> {
        let number = self.book.number(case.id);
        let mut into = BTreeSet::new();
        let (mut merged, mut split) = (0, 0);
        for event in case.events.iter().filter(|event| event.void.is_none()) {
            match &event.action {
                Action::Merge(Merging { into: other, .. }) => {
                    merged += 1;
                    into.insert(*other);
                }
                Action::Split { .. } => split += 1,
                _ => {}
            }
        }
        ensure!(
            merged == split || merged == split + 1,
            "case {number}: merged {merged} times, split {split} times"
        );
        let goes_on = merged > split;
        ensure!(
            case.merged_into.is_some() == goes_on && (case.state == State::Merged) == goes_on,
            "case {number} is {:?} after {merged} mergings and {split} splittings",
            case.state
        );
        ensure!(
            case.merged_into.is_none_or(|it| into.contains(&it)),
            "case {number} goes on as one nobody named"
        );
        let stood_against = case.events.iter().filter_map(|event| {
            let is_merging = matches!(event.action, Action::Merge { .. });
            event.void.as_ref().filter(|_| is_merging)
        });
        for why in stood_against {
            ensure!(
                matches!(
                    why,
                    Void::NoSurvivor | Void::TooMany | Void::WrongState { .. }
                ),
                "case {number}: a merging without effect, because {why}"
            );
        }
        Ok(())
    }
}
