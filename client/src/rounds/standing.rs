//! How somebody stands in a campaign: not asked yet, done, or recorded with an answer that does not count.

use rusqlite::Connection;
use shared::{
    deadline::day,
    register::{Counts, check::is_day},
};

use super::Campaign;
use crate::{error::Result, fold_record, store::records::Told};

/// The question whose answer says until when something is put off.
const POSTPONED: &str = "postponed_until";

/// The question that says why, in forms that ask it.
const REASON: &str = "reason_code";

/// How somebody stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Standing {
    /// There is no record.
    Unasked,
    /// There is one that counts.
    Done,
    /// There is one with another answer.
    Otherwise(Otherwise),
}

/// An answer that does not count.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Otherwise {
    /// The answers to the question that counts, and to why, by their addresses.
    pub(crate) answers: Vec<(String, String)>,
    /// The day of it.
    pub(crate) on: String,
    /// The day until which it is put off.
    pub(crate) until: Option<String>,
    /// Its time has come again.
    pub(crate) again: bool,
}

impl Standing {
    /// Whether it counts.
    pub(crate) fn is_done(&self) -> bool {
        matches!(self, Self::Done)
    }

    /// Whether the door asks.
    pub(crate) fn asks(&self) -> bool {
        match self {
            Self::Unasked => true,
            Self::Done => false,
            Self::Otherwise(it) => it.again,
        }
    }
}

/// The day it is, and for how long a door is left alone after a refusal.
pub(super) struct Today<'a> {
    pub(super) day: &'a str,
    pub(super) offset_minutes: i32,
    pub(super) rest_days: u16,
}

impl Campaign {
    /// How somebody stands of whom this is the last record.
    pub(super) fn standing(
        &self,
        db: &Connection,
        last: Option<&Told>,
        today: &Today<'_>,
    ) -> Result<Standing> {
        let Some(last) = last else {
            return Ok(Standing::Unasked);
        };
        let Some(counts) = &self.counts else {
            return Ok(Standing::Done);
        };
        let Some(record) = fold_record::record(db, last.id)? else {
            return Ok(Standing::Unasked);
        };
        let values = record.filled.values.into_iter();
        let answers: Vec<(String, String)> = values.map(|it| (it.address, it.value)).collect();
        Ok(judge(counts, answers, last, today))
    }
}

fn judge(
    counts: &Counts,
    answers: Vec<(String, String)>,
    last: &Told,
    today: &Today<'_>,
) -> Standing {
    let is_called = |address: &str, name: &str| address.rsplit('/').next() == Some(name);
    let mut given = answers.iter().filter(|(address, _)| counts.asks(address));
    if given.any(|(_, answer)| counts.has(answer)) {
        return Standing::Done;
    }
    let until = answers
        .iter()
        .find(|(address, answer)| is_called(address, POSTPONED) && is_day(answer))
        .map(|(_, answer)| answer.clone());
    let on = |at| day(today.offset_minutes, at);
    // Days are written the same way, so texts compare as days do.
    let again = match &until {
        Some(until) => until.as_str() <= today.day,
        None => on(last.finished_at.plus_days(today.rest_days.into())).as_str() <= today.day,
    };
    let mut answers = answers;
    answers.retain(|(address, _)| counts.asks(address) || is_called(address, REASON));
    Standing::Otherwise(Otherwise {
        answers,
        on: on(last.finished_at),
        until,
        again,
    })
}
