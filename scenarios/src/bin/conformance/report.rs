//! What was found: a line a check for people, JSON for programs.

use serde::Serialize;

use crate::{
    check::{Check, Level, Wrong},
    clock::mono_ms,
    stage::Stage,
};

/// The version of the protocol the checks hold to.
const PROTOCOL: u32 = 1;

/// What a check by the operator is skipped without.
const MOVE: &str = "--move";

/// The results of a run.
#[derive(Debug, Serialize)]
pub(crate) struct Report {
    base_url: String,
    protocol: u32,
    levels: Vec<&'static str>,
    passed: usize,
    failed: usize,
    skipped: usize,
    checks: Vec<Line>,
}

#[derive(Debug, Serialize)]
struct Line {
    id: &'static str,
    section: &'static str,
    says: &'static str,
    #[serde(flatten)]
    found: Found,
    ms: i64,
}

/// What became of a check.
#[derive(Debug, Serialize)]
#[serde(tag = "found", rename_all = "snake_case")]
enum Found {
    Ok,
    Fail { expected: String, got: String },
    Skip { without: &'static str },
}

impl Report {
    pub(crate) fn new(base_url: &str, levels: &[Level]) -> Self {
        Self {
            base_url: base_url.to_owned(),
            protocol: PROTOCOL,
            levels: levels.iter().map(|level| level.name()).collect(),
            passed: 0,
            failed: 0,
            skipped: 0,
            checks: Vec::new(),
        }
    }

    /// Makes a check; gives its line.
    pub(crate) fn add(&mut self, check: &Check, stage: &Stage) -> String {
        let began = mono_ms();
        let found = make(check, stage);
        let text = line(check, &found);
        match found {
            Found::Ok => self.passed += 1,
            Found::Fail { .. } => self.failed += 1,
            Found::Skip { .. } => self.skipped += 1,
        }
        self.checks.push(Line {
            id: check.id,
            section: check.section,
            says: check.says,
            found,
            ms: mono_ms() - began,
        });
        text
    }

    pub(crate) fn all_hold(&self) -> bool {
        self.failed == 0
    }

    pub(crate) fn summary(&self) -> String {
        let Self {
            passed,
            failed,
            skipped,
            ..
        } = self;
        format!("{passed} hold, {failed} fail, {skipped} were not made")
    }

    pub(crate) fn to_json(&self) -> serde_json::Result<String> {
        serde_json::to_string_pretty(self)
    }
}

fn make(check: &Check, stage: &Stage) -> Found {
    match check.feature {
        Some(without) if !stage.has(without) => Found::Skip { without },
        _ if check.by_operator && !stage.has_operator() => Found::Skip { without: MOVE },
        _ => match stage.ready().and_then(|()| (check.run)(stage)) {
            Ok(()) => Found::Ok,
            Err(Wrong { expected, got }) => Found::Fail { expected, got },
        },
    }
}

fn line(check: &Check, found: &Found) -> String {
    let Check {
        id, section, says, ..
    } = check;
    match found {
        Found::Ok => format!("ok   {id} {says}"),
        Found::Fail { expected, got } => {
            format!("FAIL {id} {says} (section {section}): expected {expected}, got {got}")
        }
        Found::Skip { without: MOVE } => format!("skip {id} {says}: {MOVE} was not given"),
        Found::Skip { without } => format!("skip {id} {says}: no feature {without} in hello"),
    }
}
