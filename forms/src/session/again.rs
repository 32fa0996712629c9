//! A filling that begins with what was answered in an earlier one about the same: most of it has not
//! changed, and what has is told.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use super::{
    Outcome, Session,
    address::{self, Found},
    tree::InstanceId,
};
use crate::{
    Program, World,
    definition::Kind,
    program::node::{Default as Begin, Node},
};

/// The appearance of a question that is asked anew each time.
const FRESH: &str = "fresh";

impl Session {
    /// Begins a filling with the answers of an earlier one, as [`Session::values`] gave them, of this
    /// version of the form or another.
    ///
    /// Only what a person was asked is taken over, and not what was seen or done that day: photos,
    /// recordings and places, what was confirmed with a tap, what begins with something computed
    /// (`today()`), and questions with the appearance `fresh`. What has no place in this version is
    /// passed over. A choice that is not offered any more is taken back where the form filters; where
    /// it does not, [`Session::check`] tells it. What a live list does not have any more is passed over.
    pub fn again(
        program: Arc<Program>,
        world: &dyn World,
        last_saved: &[(String, String)],
        before: &[(String, String)],
    ) -> (Self, Outcome) {
        let (mut session, mut outcome) = Self::begin(program, world, last_saved);
        let mut moved = Moved::default();
        for (address, value) in before {
            let Some(here) = session.place_of(world, address, &mut moved, &mut outcome) else {
                continue;
            };
            if session.is_taken_over(&here)
                && session.is_still_listed(world, &here, value)
                && let Ok(more) = session.prefill(world, &here, value)
            {
                outcome.add(more);
            }
        }
        outcome.add(session.leave_out(world, &moved));
        (session, outcome)
    }

    /// Takes away the instances that every filling begins with, where the earlier one had none with an
    /// answer in it.
    fn leave_out(&mut self, world: &dyn World, moved: &Moved) -> Outcome {
        let known: BTreeSet<&String> = moved.instances.values().collect();
        let all = self.tree.inside(InstanceId::ROOT).into_iter();
        let begun = all.filter(|it| {
            let node = &self.program.nodes[self.tree[*it].node];
            node.is_repeat() && node.count().is_none()
        });
        let begun = begun.map(|it| self.address(it));
        let begun: Vec<String> = begun.filter(|it| !known.contains(it)).collect();
        let mut outcome = Outcome::default();
        for address in begun {
            // One inside of another is gone with it.
            if let Ok(more) = self.remove(world, &address) {
                outcome.add(more);
            }
        }
        outcome
    }

    /// Where an answer of the earlier filling stands in this one: the first instance of a repeat is
    /// the first here, and those that are missing are added.
    fn place_of(
        &mut self,
        world: &dyn World,
        there: &str,
        moved: &mut Moved,
        outcome: &mut Outcome,
    ) -> Option<String> {
        let mut here = String::new();
        let mut end = 0;
        for part in there.split('/') {
            end += part.len();
            let so_far = there.get(..end)?;
            end += 1;
            let (name, key) = address::parse(part)?;
            let between = if here.is_empty() { "" } else { "/" };
            let below = format!("{here}{between}{name}");
            here = match (key, moved.instances.get(so_far)) {
                (None, _) => below,
                (Some(_), Some(known)) => known.clone(),
                (Some(_), None) => {
                    let taken = moved.counts.entry(below.clone()).or_default();
                    let nth = *taken;
                    *taken += 1;
                    let found = self.nth(world, &below, nth, outcome)?;
                    moved.instances.insert(so_far.to_owned(), found.clone());
                    found
                }
            };
        }
        Some(here)
    }

    /// The address of the instance of a repeat at a place, from 0; one that people add is added.
    fn nth(
        &mut self,
        world: &dyn World,
        repeat: &str,
        nth: usize,
        outcome: &mut Outcome,
    ) -> Option<String> {
        let found = address::find(&self.program, &self.tree, repeat);
        let Some(Found::Repeat(parent, node)) = found else {
            return None;
        };
        let kids = self.tree.kids(parent, self.program.nodes[node].slot);
        if let Some(kid) = kids.get(nth) {
            return Some(self.address(*kid));
        }
        let (added, more) = self.add(world, repeat).ok()?;
        outcome.add(more);
        Some(added)
    }

    fn is_taken_over(&self, address: &str) -> bool {
        self.field_at(address)
            .is_ok_and(|instance| is_taken_over(&self.program.nodes[self.tree[instance].node]))
    }
}

/// What has found its place.
#[derive(Default)]
struct Moved {
    /// Instances of the earlier filling, and where they are here.
    instances: BTreeMap<String, String>,
    /// How many instances of a repeat were met.
    counts: BTreeMap<String, usize>,
}

fn is_taken_over(node: &Node) -> bool {
    let Some(field) = node.field() else {
        return false;
    };
    let is_fresh = node.appearance.split_whitespace().any(|it| it == FRESH);
    let is_computed = field.calculate.is_some() || matches!(field.default, Begin::Computed(_));
    // What may sometimes be answered is; the rule is the form's, not that day's.
    let is_of_that_day = match field.kind {
        Kind::Text
        | Kind::Integer
        | Kind::Decimal
        | Kind::Range
        | Kind::Date
        | Kind::Time
        | Kind::DateTime
        | Kind::SelectOne
        | Kind::SelectMultiple
        | Kind::Rank
        | Kind::Barcode => false,
        Kind::Geopoint
        | Kind::Geotrace
        | Kind::Geoshape
        | Kind::Image
        | Kind::Audio
        | Kind::Video
        | Kind::File
        | Kind::Note
        | Kind::Acknowledge
        | Kind::Calculate
        | Kind::Hidden
        | Kind::Start
        | Kind::End
        | Kind::Today
        | Kind::DeviceId
        | Kind::Username
        | Kind::PhoneNumber
        | Kind::Email => true,
    };
    !(is_fresh || is_computed || is_of_that_day)
}
