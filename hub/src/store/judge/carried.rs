//! Cases that go on as others: what these have against it, and what they carry.

use std::collections::BTreeSet;

use fault::Bug;
use shared::{DocRef, case::Void};

use super::{CHAIN_MAX, Judge};
use crate::{
    push::{self, Incoming},
    store::{StoreError, StoredDoc, assignment::Author},
};

impl Judge<'_> {
    /// What other cases have against this one going on as one of them.
    pub(super) fn against(
        &self,
        author: &Author,
        incoming: &Incoming,
        current: Option<&StoredDoc>,
    ) -> Option<Void> {
        let other = push::merging_into(incoming.op.as_ref().ok()?)?;
        let mut chain: Vec<&StoredDoc> = Vec::new();
        let mut next = Some(other).filter(|other| self.may_see(author, other));
        while let Some(doc) = next.take().and_then(|next| self.doc(&next)) {
            chain.push(doc);
            next = doc.merged_into().filter(|_| chain.len() < CHAIN_MAX);
        }
        push::against_merging(current?, &chain).err()
    }

    /// A case changed: so does what is carried of it by the one it went on as, the one it goes on as
    /// now, and those that these go on as.
    pub(super) fn carry_on(
        &mut self,
        went_on_as: Option<DocRef>,
        target: &DocRef,
    ) -> Result<(), StoreError> {
        if fault::planted(Bug::CarriesOnce) && went_on_as.is_some() {
            return Ok(());
        }
        let goes_on_as = self.doc(target).and_then(|doc| doc.merged_into());
        let hosts: BTreeSet<DocRef> = went_on_as.into_iter().chain(goes_on_as).collect();
        for host in hosts {
            let mut step = Some((host, target.clone()));
            let mut steps = 0;
            while let Some((host, other)) = step.take().filter(|_| steps < CHAIN_MAX) {
                steps += 1;
                let (Some(doc), Some(other)) = (self.doc(&host), self.doc(&other)) else {
                    break;
                };
                let Some((doc, photos)) = push::carry(doc, other) else {
                    break;
                };
                self.put(doc, &photos, true)?;
                let further = self.doc(&host).and_then(|doc| doc.merged_into());
                step = further.map(|next| (next, host.clone()));
                // Its device has it no longer as it is.
                self.told.remove(&host);
            }
        }
        Ok(())
    }
}
