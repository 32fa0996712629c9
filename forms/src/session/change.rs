//! What one answer changed, to be saved in one transaction.

use serde::{Deserialize, Serialize};

use crate::eval::Fault;

/// One thing that is different now. Saved under its address, the newest replaces what was there.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(tag = "change", rename_all = "snake_case")]
pub enum Change {
    /// A value; the empty one is no answer.
    Value {
        /// Whose.
        address: String,
        /// What it says now.
        value: String,
    },
    /// An instance of a repeat is there.
    Added {
        /// Its own.
        address: String,
    },
    /// An instance of a repeat is gone, with everything whose address begins with its.
    Removed {
        /// Its own.
        address: String,
    },
}

/// All that came of one answer.
#[derive(Clone, PartialEq, Default, Debug)]
pub struct Outcome {
    /// What is to be saved, in this order.
    pub changes: Vec<Change>,
    /// How many values were computed.
    pub computed: usize,
    /// What could not be computed, by address. Its value is empty.
    pub faults: Vec<(String, Fault)>,
}

impl Outcome {
    /// What came of another answer, after this one.
    pub(super) fn add(&mut self, more: Self) {
        self.changes.extend(more.changes);
        self.computed += more.computed;
        self.faults.extend(more.faults);
    }
}

/// What was saved of a session: the sum of all its changes.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(tag = "saved", rename_all = "snake_case")]
pub enum Saved {
    /// A value.
    Value {
        /// Whose.
        address: String,
        /// What it said.
        value: String,
    },
    /// An instance of a repeat.
    Instance {
        /// Its own.
        address: String,
    },
}
