//! 删除, 恢复 and forgetting in schedules, and what must come of it: a case is deleted exactly as long
//! as nothing stands in its history that whoever deleted it had not seen. What they had is written
//! down here when they delete, by what their device held; the operation itself is not asked.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Result, bail, ensure};
use client::{Clock as _, audit::Holdings};
use shared::{
    Action, CaseId, Doc, DocRef, OpId,
    case::{Case, CaseDoc, Event, State},
    ipc::{DeleteCase, RestoreCase},
};

use super::world::World;

/// How far back the hub may forget, in milliseconds.
const FORGETS_MS: i64 = 20 * 60 * 60 * 1_000;

impl World<'_> {
    /// Somebody deletes a case.
    pub(super) async fn deletes(&mut self, who: usize, case: CaseId) -> Result<()> {
        let reason = self.words();
        let (before, saw) = self.saw_of_case(who, case).await?;
        let number = self.book.number(case);
        self.may_command(who, &format!("deletes a case ({number})"), async |client| {
            client.delete_case(DeleteCase { case, reason }).await
        })
        .await?;
        self.saw_when_doing(who, &before, &saw).await
    }

    /// Somebody brings a case back, or keeps it.
    pub(super) async fn restores(&mut self, who: usize, case: CaseId) -> Result<()> {
        let number = self.book.number(case);
        self.may_command(
            who,
            &format!("restores a case ({number})"),
            async |client| client.restore_case(RestoreCase { case }).await,
        )
        .await
    }

    /// The hub forgets what left feeds or was deleted a while ago.
    pub(super) async fn hub_forgets(&mut self) -> Result<()> {
        if !self.station.is_up() {
            return Ok(());
        }
        let back = self.roll(|dice| dice.between(0, FORGETS_MS));
        let before = self.station.clock().now().plus_ms(-back);
        fault::crash_no_more();
        let pruned = self.station.hub()?.prune(before).await?;
        self.say(format!(
            "the hub forgets {} places in {} feeds",
            pruned.places, pruned.feeds
        ));
        self.holds_hub()
    }

    /// A case is deleted at the hub, and shown as such by whoever did something with it, exactly
    /// where it must be.
    pub(super) fn deleted_are_those(
        &self,
        who: usize,
        holdings: &Holdings,
        own: &BTreeMap<OpId, uuid::Uuid>,
        docs: &BTreeMap<DocRef, Doc>,
        markers: &BTreeSet<DocRef>,
    ) -> Result<()> {
        let shown: BTreeMap<_, _> = holdings.shown.iter().cloned().collect();
        for doc in docs.values() {
            let Ok(CaseDoc::Known(case)) = doc.case() else {
                continue;
            };
            let is_deleted = hub::push::deletion(doc).is_some();
            let must_be = self.must_be_deleted(&case);
            let number = self.book.number(case.id);
            if is_deleted != must_be {
                bail!("I5: case {number} deleted: {is_deleted}, and must be: {must_be}");
            }
            if !is_deleted || !markers.contains(&doc.target) {
                continue;
            }
            let state = shown.get(&doc.target).copied();
            let takes_part = own.values().any(|target| *target == doc.target.id);
            let expected = takes_part.then_some(State::Deleted);
            ensure!(
                state == expected,
                "I5: d{who} shows deleted case {number} as {state:?}, and should as {expected:?}"
            );
        }
        Ok(())
    }

    /// By who had seen what.
    pub(super) fn must_be_deleted(&self, case: &Case) -> bool {
        let took_effect = |event: &&Event| event.void.is_none();
        let deletions = case
            .events
            .iter()
            .filter(took_effect)
            .filter(|event| matches!(event.action, Action::Delete(_)));
        let answered: BTreeSet<OpId> = case
            .events
            .iter()
            .filter(took_effect)
            .flat_map(|event| self.answers(event))
            .collect();
        let mut open = deletions
            .map(|event| event.signed.op_id)
            .filter(|op| !answered.contains(op));
        open.any(|deletion| {
            let saw = self.sight.of(deletion);
            let counts = |event: &&Event| match event.action {
                Action::Delete(_) => false,
                Action::Restore(_) => !self.answers(event).contains(&deletion),
                _ => true,
            };
            let others = case.events.iter().filter(counts);
            let mut all = others
                .map(|event| event.signed.op_id)
                .chain([case.reported.op_id]);
            all.all(|op| saw.contains(&op))
        })
    }

    /// Which deletions somebody had before them when they restored or deleted.
    fn answers(&self, event: &Event) -> BTreeSet<OpId> {
        match &event.action {
            Action::Restore(restoring) => restoring.knew.iter().copied().collect(),
            Action::Delete(_) => self.sight.of(event.signed.op_id),
            _ => BTreeSet::new(),
        }
    }
}

/// The history of a case as the device got it from the hub.
pub(super) fn history(held: Option<&Doc>) -> BTreeSet<OpId> {
    match held.map(Doc::case) {
        Some(Ok(CaseDoc::Known(case))) => case
            .events
            .iter()
            .map(|event| event.signed.op_id)
            .chain([case.reported.op_id])
            .collect(),
        _ => BTreeSet::new(),
    }
}
