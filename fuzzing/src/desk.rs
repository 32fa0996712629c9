//! Forms written as text, and somebody who fills them in.

use std::{cell::Cell, collections::BTreeMap, sync::Arc};

use forms::{
    Beside, Program, Session, World,
    civil::Moment,
    session::{Change, Outcome, Saved, ShownKind},
    xlsform::{Book, Sheet},
};
use shared::register::lists;

/// A morning in November. Its die falls anew each time, the same in each run.
pub(crate) struct Desk(Cell<u32>);

impl Default for Desk {
    fn default() -> Self {
        Self(Cell::new(1))
    }
}

impl World for Desk {
    fn now(&self) -> Moment {
        Moment {
            local_ms: 1_795_685_400_000,
            offset_minutes: 480,
        }
    }

    fn random(&self) -> f64 {
        self.0
            .set(self.0.get().wrapping_mul(747_796_405).wrapping_add(1));
        f64::from(self.0.get()) / 4_294_967_296.0
    }

    fn uuid(&self) -> String {
        "6f1d2c8a-0000-4000-8000-000000000001".to_owned()
    }

    fn property(&self, name: &str) -> Option<String> {
        (name == "username").then(|| "顾小满".to_owned())
    }
}

/// A sheet of lines, with `|` between cells; at the most as many as a small form has.
pub(crate) fn sheet(name: &str, text: &str) -> Sheet {
    let lines = text.lines().take(60);
    let cells = |line: &str| line.split('|').map(|cell| cell.trim().to_owned()).collect();
    let rows = (1..).zip(lines).filter(|(_, line)| !line.trim().is_empty());
    Sheet {
        name: name.to_owned(),
        rows: rows.map(|(number, line)| (number, cells(line))).collect(),
    }
}

/// A workbook of these sheets.
pub(crate) fn book(survey: &str, choices: &str, settings: &str) -> Book {
    let sheets = [
        ("survey", survey),
        ("choices", choices),
        ("settings", settings),
    ];
    let there = sheets
        .into_iter()
        .filter(|(_, text)| !text.trim().is_empty());
    Book {
        sheets: there.map(|(name, text)| sheet(name, text)).collect(),
    }
}

/// What comes beside a form: the register.
pub(crate) fn beside() -> Beside {
    Beside {
        live: lists::all(),
        ..Beside::default()
    }
}

/// Fills a form in with these answers, one after the other, wherever they can be given; looks at all of
/// it, and makes it again from what was saved of it.
pub(crate) fn fill(form: forms::Form, answers: &[&str]) {
    let Ok(program) = Program::compile(form, beside()) else {
        return;
    };
    let program = Arc::new(program.with_rows([].into()));
    let desk = Desk::default();
    let mut kept = Kept::new();
    let (mut session, outcome) = Session::begin(Arc::clone(&program), &desk, &[]);
    keep(&mut kept, &outcome);
    for answer in answers {
        for line in session.view(&desk).iter().take(40) {
            let outcome = match &line.kind {
                ShownKind::Repeat { .. } => session.add(&desk, &line.address).map(|it| it.1),
                _ => session.answer(&desk, &line.address, answer),
            };
            if let Ok(outcome) = outcome {
                keep(&mut kept, &outcome);
            }
        }
    }
    let _mistakes = session.check(&desk);
    let _values = session.values();
    let saved: Vec<_> = kept.into_iter().map(saved).collect();
    let draft = program.version();
    let restored = Session::restore(Arc::clone(&program), &desk, draft, &saved, &[]);
    assert!(restored.is_ok(), "what was saved goes on: {restored:?}");
}

/// What a store holds of a filling: the address, and a value unless it is an instance.
type Kept = BTreeMap<String, Option<String>>;

fn keep(kept: &mut Kept, outcome: &Outcome) {
    for change in &outcome.changes {
        match change {
            Change::Value { address, value } => {
                drop(kept.insert(address.clone(), Some(value.clone())));
            }
            Change::Added { address } => drop(kept.insert(address.clone(), None)),
            Change::Removed { address } => {
                let inside = format!("{address}/");
                kept.retain(|other, _| other != address && !other.starts_with(&inside));
            }
        }
    }
}

fn saved((address, value): (String, Option<String>)) -> Saved {
    match value {
        Some(value) => Saved::Value { address, value },
        None => Saved::Instance { address },
    }
}
