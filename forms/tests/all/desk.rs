//! What the tests write forms with: sheets as text, one row a line, cells with `| ` between.

use std::{cell::Cell, collections::BTreeMap, sync::Arc};

use forms::{
    Beside, Program, Session, World,
    civil::{Moment, days},
    session::{Change, Outcome, Saved},
    xlsform::{Book, Mistake, Sheet, load},
};

/// A morning in November, a die that always falls the same way.
pub(crate) struct Desk {
    pub(crate) now: Cell<Moment>,
    pub(crate) chance: Cell<f64>,
}

impl Default for Desk {
    fn default() -> Self {
        let local_ms = days(2026, 11, 26) * 86_400_000 + 34_200_000;
        Self {
            now: Cell::new(Moment {
                local_ms,
                offset_minutes: 480,
            }),
            chance: Cell::new(0.25),
        }
    }
}

impl World for Desk {
    fn now(&self) -> Moment {
        self.now.get()
    }

    fn random(&self) -> f64 {
        self.chance.get()
    }

    fn uuid(&self) -> String {
        "6f1d2c8a-0000-4000-8000-000000000001".to_owned()
    }

    fn property(&self, name: &str) -> Option<String> {
        (name == "username").then(|| "顾小满".to_owned())
    }
}

/// A sheet of lines; the row numbers are those of the lines.
pub(crate) fn sheet(name: &str, text: &str) -> Sheet {
    let rows = (1..).zip(text.lines().map(str::trim).filter(|line| !line.is_empty()));
    let cells = |line: &str| {
        format!("{line} ")
            .split("| ")
            .map(|cell| cell.trim().to_owned())
            .collect()
    };
    Sheet {
        name: name.to_owned(),
        rows: rows.map(|(number, line)| (number, cells(line))).collect(),
    }
}

/// A workbook of sheets that are there.
pub(crate) fn book(survey: &str, choices: &str, settings: &str) -> Book {
    let sheets = [
        ("survey", survey),
        ("choices", choices),
        ("settings", settings),
    ];
    let there = sheets.into_iter().filter(|(_, text)| !text.is_empty());
    Book {
        sheets: there.map(|(name, text)| sheet(name, text)).collect(),
    }
}

pub(crate) fn program_with(
    survey: &str,
    choices: &str,
    settings: &str,
    beside: impl Into<Beside>,
) -> Arc<Program> {
    let beside = beside.into();
    let loaded =
        load(&book(survey, choices, settings), "form", &beside).unwrap_or_else(|mistakes| {
            panic!(
                "{}",
                mistakes
                    .iter()
                    .map(ToString::to_string)
                    .collect::<Vec<_>>()
                    .join("\n")
            )
        });
    Arc::new(Program::compile(loaded.form, beside).unwrap())
}

pub(crate) fn program(survey: &str, choices: &str) -> Arc<Program> {
    program_with(survey, choices, "", Beside::default())
}

/// A filling of a form that is only a survey.
pub(crate) fn filling(survey: &str, choices: &str) -> (Desk, Session) {
    let desk = Desk::default();
    let (session, outcome) = Session::begin(program(survey, choices), &desk, &[]);
    assert_eq!(outcome.faults, [], "a new form computes");
    (desk, session)
}

/// What is wrong with a form, a line each.
pub(crate) fn mistakes(survey: &str, choices: &str) -> Vec<String> {
    let told: Vec<Mistake> = match load(&book(survey, choices, ""), "form", &Beside::default()) {
        Ok(_) => Vec::new(),
        Err(mistakes) => mistakes,
    };
    told.iter().map(ToString::to_string).collect()
}

/// What a store holds after some changes: the address, and a value unless it is an instance.
pub(crate) type Store = BTreeMap<String, Option<String>>;

/// Saves changes.
pub(crate) fn keep(store: &mut Store, outcome: &Outcome) {
    for change in &outcome.changes {
        match change {
            Change::Value { address, value } => {
                drop(store.insert(address.clone(), Some(value.clone())));
            }
            Change::Added { address } => drop(store.insert(address.clone(), None)),
            Change::Removed { address } => {
                store
                    .retain(|kept, _| kept != address && !kept.starts_with(&format!("{address}/")));
            }
        }
    }
}

/// What a session is restored from.
pub(crate) fn saved(store: &Store) -> Vec<Saved> {
    let of = |(address, value): (&String, &Option<String>)| match value {
        Some(value) => Saved::Value {
            address: address.clone(),
            value: value.clone(),
        },
        None => Saved::Instance {
            address: address.clone(),
        },
    };
    store.iter().map(of).collect()
}
