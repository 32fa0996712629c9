//! What a check is: a sentence, the section of the protocol it holds to, and a function that says
//! what was expected and what came instead. What a check does is its level's matter.

use std::fmt::{Debug, Display};

use clap::ValueEnum;

use crate::stage::Stage;

/// A part of the protocol that can be checked alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Level {
    /// Enrolling, hello, push, pull, errors. Needs one worker.
    Core,
    /// Several people and one case. Needs a worker, a colleague and a clerk.
    Merge,
    /// The register, records and visits. Needs two who see one grid, and a worker of another.
    Register,
    /// Uploads and downloads. Needs one worker.
    Photos,
    /// Who sees what. Needs everybody.
    Scopes,
}

impl Level {
    /// All levels, in the order they are made.
    pub(crate) const ALL: [Self; 5] = [
        Self::Core,
        Self::Merge,
        Self::Register,
        Self::Photos,
        Self::Scopes,
    ];

    /// The name on the command line.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Core => "core",
            Self::Merge => "merge",
            Self::Register => "register",
            Self::Photos => "photos",
            Self::Scopes => "scopes",
        }
    }
}

/// One thing a hub must do.
pub(crate) struct Check {
    /// Never given to another check: `core-07`.
    pub(crate) id: &'static str,
    /// The section of docs/protocol.md it holds to.
    pub(crate) section: &'static str,
    /// What must be true, as a sentence.
    pub(crate) says: &'static str,
    /// The feature a hub must announce in hello to be held to it; most checks hold for all.
    pub(crate) feature: Option<&'static str>,
    /// The operator must do something in it.
    pub(crate) by_operator: bool,
    /// Finds out.
    pub(crate) run: fn(&Stage) -> Verdict,
}

impl Check {
    /// A check every hub is held to.
    pub(crate) const fn new(
        id: &'static str,
        section: &'static str,
        says: &'static str,
        run: fn(&Stage) -> Verdict,
    ) -> Self {
        Self {
            id,
            section,
            says,
            feature: None,
            by_operator: false,
            run,
        }
    }

    /// The same where the operator gave a command that moves somebody.
    pub(crate) const fn by_operator(self) -> Self {
        Self {
            by_operator: true,
            ..self
        }
    }

    /// The same for hubs that announce this feature.
    pub(crate) const fn when(self, feature: &'static str) -> Self {
        Self {
            feature: Some(feature),
            ..self
        }
    }
}

/// What a check found.
pub(crate) type Verdict = Result<(), Wrong>;

/// What is not as the protocol says.
#[derive(Debug)]
pub(crate) struct Wrong {
    pub(crate) expected: String,
    pub(crate) got: String,
}

impl Wrong {
    /// `expected`, and what came instead.
    pub(crate) fn new(expected: impl Into<String>, got: impl Display) -> Self {
        Self {
            expected: expected.into(),
            got: shortened(&got.to_string()),
        }
    }
}

/// Fails unless `is_so`.
pub(crate) fn holds(is_so: bool, expected: impl Into<String>, got: impl Display) -> Verdict {
    if is_so {
        return Ok(());
    }
    Err(Wrong::new(expected, got))
}

/// Fails unless both are the same.
pub(crate) fn same<T: PartialEq + Debug>(what: &str, expected: &T, got: &T) -> Verdict {
    let said = |value: &T| format!("{what}: {value:?}");
    if expected == got {
        return Ok(());
    }
    Err(Wrong::new(shortened(&said(expected)), said(got)))
}

/// A report is read by people; a whole page of documents would hide what is wrong.
fn shortened(text: &str) -> String {
    const MOST: usize = 400;
    let mut short: String = text.chars().take(MOST).collect();
    if short.len() < text.len() {
        short.push('…');
    }
    short
}
