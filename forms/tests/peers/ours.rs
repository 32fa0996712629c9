//! Plays a case with this engine.

use std::{collections::BTreeMap, fs, path::Path, sync::Arc};

use forms::{
    Beside, Program, Session, World,
    civil::{Moment, days},
    xlsform::{load, read},
};

use crate::{Answers, Case};

struct Desk;

impl World for Desk {
    fn now(&self) -> Moment {
        Moment {
            local_ms: days(2026, 11, 26) * 86_400_000,
            offset_minutes: 480,
        }
    }

    fn random(&self) -> f64 {
        0.5
    }

    fn uuid(&self) -> String {
        "6f1d2c8a-0000-4000-8000-000000000001".to_owned()
    }

    fn property(&self, _: &str) -> Option<String> {
        None
    }
}

/// A path as the peers have it, as an address: instances are counted, keys are as well here,
/// because nothing is ever removed.
fn address(path: &str) -> String {
    path.trim_start_matches("/data/").to_owned()
}

pub(crate) fn play(case: &Case, book: &Path) -> Answers {
    let gets = case.steps.iter().filter(|step| step[0] == "get").count();
    let form = match load(
        &read(&fs::read(book).unwrap()).unwrap(),
        "case",
        &Beside::default(),
    ) {
        Ok(loaded) => loaded.form,
        Err(mistakes) => return vec![format!("!{}", mistakes[0]); gets],
    };
    let program = Arc::new(Program::compile(form, Beside::default()).unwrap());
    let (mut session, outcome) = Session::begin(program, &Desk, &[]);
    let mut faults: BTreeMap<String, String> = BTreeMap::new();
    let mut note = |outcome: forms::session::Outcome| {
        for (address, fault) in outcome.faults {
            faults.insert(address, fault.to_string());
        }
        faults.clone()
    };
    let mut known = note(outcome);
    let mut answers = Vec::new();
    for step in &case.steps {
        let address = address(step.get(1).map_or("", String::as_str));
        match step[0].as_str() {
            "set" => known = note(session.prefill(&Desk, &address, &step[2]).unwrap()),
            // Nothing is left to be done when somebody looks.
            "walk" => {}
            "add" => known = note(session.add(&Desk, &address).unwrap().1),
            _ => {
                let asked = session
                    .values()
                    .into_iter()
                    .find(|(asked, _)| *asked == address);
                let value = asked.map_or_else(String::new, |(_, value)| value);
                let fault = known.get(&address).map(|fault| format!("!{fault}"));
                answers.push(fault.unwrap_or(value));
            }
        }
    }
    answers
}
