//! This engine, timed: from the definition as a device holds it to the last answer.

use std::{fs, path::Path, sync::Arc, time::Instant};

use forms::{
    Beside, Form, Program, Session, World,
    civil::{Moment, days},
    xlsform::{load, read},
};

use crate::{Act, Day, ROUNDS};

#[expect(clippy::struct_field_names, reason = "they name their unit")]
pub(crate) struct Times {
    /// From a workbook's bytes to a definition; once, where forms are loaded.
    pub(crate) workbook_ms: f64,
    /// From a definition's JSON to a session.
    pub(crate) load_ms: f64,
    pub(crate) acts_ms: f64,
    /// Of one answer with all that depends on it; saving not included.
    pub(crate) answer_p99_ms: f64,
    /// Of the slowest one, which is the first to look into a large list: it makes the index.
    pub(crate) answer_max_ms: f64,
}

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
        String::new()
    }

    fn property(&self, _: &str) -> Option<String> {
        None
    }
}

#[expect(clippy::disallowed_methods, reason = "a bench takes time")]
fn now() -> Instant {
    Instant::now()
}

fn ms(since: Instant) -> f64 {
    since.elapsed().as_secs_f64() * 1000.0
}

pub(crate) fn best(day: &Day, book: &Path) -> Times {
    let bytes = fs::read(book).unwrap();
    let began = now();
    let form = load(&read(&bytes).unwrap(), day.name, &Beside::default())
        .unwrap()
        .form;
    let workbook_ms = ms(began);
    let json = serde_json::to_vec(&form).unwrap();
    let rounds = (0..ROUNDS).map(|_| round(day, &json));
    let best = rounds.min_by(|one, other| {
        (one.load_ms + one.acts_ms).total_cmp(&(other.load_ms + other.acts_ms))
    });
    Times {
        workbook_ms,
        ..best.unwrap()
    }
}

fn round(day: &Day, json: &[u8]) -> Times {
    let began = now();
    let form: Form = serde_json::from_slice(json).unwrap();
    let program = Program::compile(form, Beside::default()).unwrap();
    let (mut session, _) = Session::begin(Arc::new(program), &Desk, &[]);
    let load_ms = ms(began);
    let mut answers = Vec::new();
    let began = now();
    for act in &day.acts {
        let began = now();
        match act {
            Act::Set(path, value) => {
                session.answer(&Desk, address(path), value).unwrap();
                answers.push(ms(began));
            }
            Act::Add(path) => {
                session.add(&Desk, address(path)).unwrap();
            }
            Act::Choices(path) => {
                std::hint::black_box(session.choices(&Desk, address(path)));
            }
        }
    }
    let acts_ms = ms(began);
    answers.sort_by(f64::total_cmp);
    let p99 = answers
        .get(answers.len() * 99 / 100)
        .copied()
        .unwrap_or_default();
    Times {
        workbook_ms: 0.0,
        load_ms,
        acts_ms,
        answer_p99_ms: p99,
        answer_max_ms: answers.last().copied().unwrap_or_default(),
    }
}

fn address(path: &str) -> &str {
    path.trim_start_matches("/data/")
}
