//! Simulation: one seed is one schedule of a hub and a few devices, all real, in one process and on
//! one thread, joined by a network that does what networks do. Whatever goes wrong is in the
//! schedule; whatever must be true is looked at after each step and at its end.
//!
//! Clocks, chance and the order of everything follow from the seed, so a schedule that failed plays
//! again. What is covered and what is not stands in docs/testing.md.

mod assigned;
mod book;
mod city;
mod clocks;
mod copies;
mod deeds;
mod delete;
mod feeds;
mod files;
mod filling;
mod form;
mod happenings;
mod joining;
mod link;
mod made_twice;
mod merge;
mod network;
mod parcel;
mod register;
mod rest;
pub mod run;
mod standing;
mod station;
mod tablet;
mod template;
mod trace;
mod world;

use anyhow::Result;

pub use files::playground;
pub(crate) use form::{BOUND, workbook};
pub(crate) use standing::history_is_whole;
pub use template::Templates;
pub use trace::Trace;
pub use world::STEPS;

use crate::dice;
use world::World;

/// A schedule, played.
#[derive(Debug)]
pub struct Played {
    /// What happened.
    pub trace: Trace,
    /// Whether everything was as it must be.
    pub verdict: Result<()>,
}

/// Plays the schedule of a seed.
pub async fn play(templates: &Templates, seed: u64) -> Played {
    let mut world = match World::new(templates.of(seed), seed).await {
        Ok(world) => world,
        Err(error) => {
            return Played {
                trace: Trace::default(),
                verdict: Err(error.context("the schedule could not begin")),
            };
        }
    };
    let verdict = world.plays().await;
    Played {
        trace: world.trace(),
        verdict,
    }
}
