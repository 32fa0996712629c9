//! The people a run needs, found among those whose codes it was given, each with one device.

use std::{
    process::{Command, ExitStatus},
    rc::Rc,
};

use anyhow::{Context as _, anyhow, bail};
use serde_json::Value;

use crate::{
    answer::{at, list, text},
    check::{Level, Verdict, Wrong, holds},
    device::Device,
    hub::Hub,
};

/// Everything a check may use.
#[derive(Debug)]
pub(crate) struct Stage {
    pub(crate) hub: Rc<Hub>,
    features: Vec<String>,
    pub(crate) worker: Device,
    colleague: Option<Device>,
    stranger: Option<Device>,
    clerk: Option<Device>,
    mover: Option<String>,
}

/// Who is missing, in words for the operator.
const COLLEAGUE: &str = "somebody else who sees the worker's grid";
const STRANGER: &str = "a worker of another grid";
const CLERK: &str = "a clerk or dispatcher who sees the worker's grid";

/// The document of the catalogue in the feed `city`.
const CATALOGUE: &str = "67772f70-6163-6b2f-6361-74616c6f6775";

impl Stage {
    /// Enrols a device with each code and sees who they are.
    pub(crate) fn set(
        base_url: &str,
        codes: &[String],
        mover: Option<String>,
    ) -> anyhow::Result<Self> {
        let hub = Rc::new(Hub::at(base_url).context("the base URL")?);
        let mut devices = Vec::new();
        for (code, place) in codes.iter().zip(1..) {
            match Device::enrol(&hub, code) {
                Ok(device) => devices.push(device),
                Err(Wrong { expected, got }) => bail!(
                    "enrolment code {place} could not be used: expected {expected}, got {got}"
                ),
            }
        }
        let is_worker = |device: &Device| device.has_role("worker") && !device.grid().is_empty();
        let mut take = |fits: &dyn Fn(&Device) -> bool| {
            let place = devices.iter().position(fits)?;
            Some(devices.remove(place))
        };
        let worker = take(&is_worker).context("none of the codes is a worker's with a grid")?;
        let grid = worker.grid().to_owned();
        let sees = |device: &Device| device.grids().contains(&grid.as_str());
        let decides = |device: &Device| device.has_role("clerk") || device.has_role("dispatcher");
        let is_other = |device: &Device| device.staff() != worker.staff();
        let clerk = take(&|device| decides(device) && sees(device) && is_other(device));
        let colleague = take(&|device| sees(device) && is_other(device));
        let stranger = take(&|device| is_worker(device) && !sees(device));
        let hello = worker
            .hello()
            .map_err(|wrong| anyhow!("hello: expected {}, got {}", wrong.expected, wrong.got))?;
        let features = list(&hello, "features").iter().filter_map(Value::as_str);
        Ok(Self {
            features: features.map(str::to_owned).collect(),
            hub,
            worker,
            colleague,
            stranger,
            clerk,
            mover,
        })
    }

    /// Whether the operator gave a command that moves somebody.
    pub(crate) fn has_operator(&self) -> bool {
        self.mover.is_some()
    }

    /// The operator moves the worker of another grid to a third one; fails unless that came true.
    pub(crate) fn moves_the_stranger(&self) -> Verdict {
        let stranger = self.stranger()?;
        let command = self.mover.as_deref().unwrap_or_default();
        let status = Command::new("sh").arg("-c").arg(command).status();
        let done = status.as_ref().is_ok_and(ExitStatus::success);
        holds(done, "--move to end with 0", format!("{status:?}"))?;
        let hello = stranger.hello()?;
        let mut grids = list(&hello, "staff.grids").iter();
        let is_moved = grids.all(|grid| grid != stranger.grid());
        holds(is_moved, "somebody who was moved", at(&hello, "staff"))
    }

    /// Who is missing for these levels.
    pub(crate) fn missing_for(&self, levels: &[Level]) -> Vec<&'static str> {
        let needs = |who: &[Level]| levels.iter().any(|level| who.contains(level));
        let people = [
            (
                &self.colleague,
                COLLEAGUE,
                &[Level::Merge, Level::Register, Level::Scopes][..],
            ),
            (&self.stranger, STRANGER, &[Level::Register, Level::Scopes]),
            (&self.clerk, CLERK, &[Level::Merge, Level::Scopes]),
        ];
        people
            .into_iter()
            .filter(|(person, _, of)| person.is_none() && needs(of))
            .map(|(_, who, _)| who)
            .collect()
    }

    /// Whether the hub announces this feature.
    pub(crate) fn has(&self, feature: &str) -> bool {
        self.features.iter().any(|it| it == feature)
    }

    /// Before each check: what an earlier one left half done must not make this one fail.
    pub(crate) fn ready(&self) -> Verdict {
        let others = [&self.colleague, &self.stranger, &self.clerk];
        self.worker.catch_up()?;
        others.into_iter().flatten().try_for_each(Device::catch_up)
    }

    /// Somebody else who sees the worker's grid.
    pub(crate) fn colleague(&self) -> Result<&Device, Wrong> {
        found(self.colleague.as_ref(), COLLEAGUE)
    }

    /// A worker of another grid.
    pub(crate) fn stranger(&self) -> Result<&Device, Wrong> {
        found(self.stranger.as_ref(), STRANGER)
    }

    /// Somebody who decides about the worker's cases.
    pub(crate) fn clerk(&self) -> Result<&Device, Wrong> {
        found(self.clerk.as_ref(), CLERK)
    }

    /// A decision to register, by the first category and condition of the city's catalogue.
    pub(crate) fn registering(&self) -> Result<Value, Wrong> {
        let city = self.worker.feed("city")?;
        let key = ("pack".to_owned(), CATALOGUE.to_owned());
        let category = city
            .get(&key)
            .map(|item| at(item, "doc.body.categories.0"))
            .ok_or_else(|| Wrong::new("the catalogue in the feed city", "it is not there"))?;
        Ok(serde_json::json!({
            "do": "register",
            "category": text(category, "code"),
            "condition": text(category, "conditions.0.code"),
            "limit": at(category, "conditions.0.limit"),
            "opinion": "",
        }))
    }
}

fn found<'a>(device: Option<&'a Device>, who: &str) -> Result<&'a Device, Wrong> {
    device.ok_or_else(|| Wrong::new(format!("a code for {who}"), "none"))
}
