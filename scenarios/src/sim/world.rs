//! The world of one schedule, and its course: so many steps, then rest, then the reckoning.

use std::{collections::BTreeSet, sync::Arc};

use anyhow::{Context, Result, bail};
use fault::{Side, Simulation};
use shared::Scope;

use super::{
    book::Book,
    city::{City, OWNERS},
    clocks::{Clock, TrueTime},
    copies::Saved,
    dice::Dice,
    feeds::Feeds,
    files,
    merge::Sight,
    network::Network,
    station::Station,
    tablet::Tablet,
    template::Template,
    trace::Trace,
};

/// Steps of a schedule.
pub const STEPS: u32 = 200;

/// A copy of the hub's folder, with the city it had.
#[derive(Debug)]
pub(super) struct Backup {
    pub(super) folder: std::path::PathBuf,
    pub(super) city: City,
}

/// Everything in a schedule.
#[derive(Debug)]
pub(super) struct World<'t> {
    pub(super) template: &'t Template,
    pub(super) time: Arc<TrueTime>,
    pub(super) network: Network,
    pub(super) station: Station,
    pub(super) tablets: Vec<Tablet>,
    pub(super) city: City,
    pub(super) backups: Vec<Backup>,
    pub(super) copies: Vec<Saved>,
    pub(super) book: Book,
    pub(super) feeds: Feeds,
    pub(super) sight: Sight,
    pub(super) folder: tempfile::TempDir,
    _here: Simulation,
}

impl<'t> World<'t> {
    /// The world of this seed, everybody enrolled and in step.
    pub(super) async fn new(template: &'t Template, seed: u64) -> Result<Self> {
        let here = Simulation::begin(seed.wrapping_add(1), template.disk);
        let mut dice = Dice::new(seed);
        let devices = 3 + dice.below(3);
        let folder = tempfile::tempdir_in(files::playground())?;
        let time = TrueTime::at(template.began_at);
        let network = Network::new(dice, devices, &time);
        let data = template.copy_hub(folder.path())?;
        let station = Station::new(data, network.clone(), Clock::booted(&time, 0, 0));
        let mut tablets = Vec::new();
        for (who, (staff, device)) in OWNERS
            .iter()
            .zip(&template.devices)
            .take(devices)
            .enumerate()
        {
            let home = template.copy_device(who, folder.path())?;
            tablets.push(Tablet::new(who, (staff, *device), home, &time, &network));
        }
        let mut world = Self {
            template,
            time,
            network,
            station,
            tablets,
            city: template.city.clone(),
            backups: Vec::new(),
            copies: Vec::new(),
            book: Book::new(devices),
            feeds: Feeds::default(),
            sight: Sight::default(),
            folder,
            _here: here,
        };
        world.station.start().await?;
        for tablet in &mut world.tablets {
            tablet.open().await?;
        }
        world.look_up_scopes();
        world.holds_hub()?;
        for who in 0..world.tablets.len() {
            world.holds_outbox(who).await?;
        }
        Ok(world)
    }

    /// Plays the schedule; whatever must not be is an error.
    pub(super) async fn plays(&mut self) -> Result<()> {
        for step in 1..=STEPS {
            self.say(format!("{step}."));
            self.step().await?;
            fault::crash_no_more();
            self.looks_after_the_hub()?;
            self.holds_hub()?;
        }
        self.comes_to_rest().await?;
        self.reckons().await
    }

    /// What happened so far.
    pub(super) fn trace(&self) -> Trace {
        std::mem::take(&mut self.network.state().trace)
    }

    async fn step(&mut self) -> Result<()> {
        let passes = self.roll(|dice| match dice.below(20) {
            0 => dice.between(60_000, 36_000_000),
            _ => dice.between(200, 20_000),
        });
        self.time.pass(passes);
        if !self.station.is_up() && self.roll(|dice| dice.chance(35)) {
            self.hub_starts().await?;
        }
        let who = self.roll(|dice| dice.below(usize::MAX)) % self.tablets.len();
        let crash = self.roll(|dice| match dice.below(100) {
            0..=3 => Some((Side::Client, dice.few(40))),
            4..=6 => Some((Side::Client, dice.few(8))),
            7..=9 => Some((Side::Hub, dice.few(25))),
            10..=14 => Some((Side::Hub, dice.few(9))),
            _ => None,
        });
        if let Some((side, points)) = crash {
            fault::crash_after(side, points);
        }
        let what = self.roll(|dice| dice.below(100));
        match what {
            _ if !self.tablet(who)?.is_open() => self.opens(who).await?,
            0..=36 => self.does_something(who).await?,
            37..=76 => self.syncs(who).await?,
            _ => self.something_happens(who).await?,
        }
        if self.tablet(who)?.is_open() {
            self.holds_outbox(who).await?;
        }
        Ok(())
    }

    /// What it confirmed before it fell, it still has.
    pub(super) async fn hub_starts(&mut self) -> Result<()> {
        self.say("the hub starts");
        self.station.start().await?;
        for who in 0..self.tablets.len() {
            if self.tablet(who)?.is_open() {
                self.holds_outbox(who).await?;
            }
        }
        Ok(())
    }

    /// A round goes on for a while, often to its end.
    async fn syncs(&mut self, who: usize) -> Result<()> {
        use super::tablet::Ended;
        let requests = self.roll(|dice| {
            if dice.chance(45) {
                1 + dice.few(6)
            } else {
                500
            }
        });
        self.say(format!("d{who} syncs"));
        for _ in 0..requests {
            match self.tablet_mut(who)?.syncs().await? {
                Ended::Waiting => {}
                Ended::Crashed(at) => return self.crashes(who, at).await,
                Ended::Done(Ok(report)) => {
                    let failure = report.failure.as_ref().map(ToString::to_string);
                    self.say(format!(
                        "  d{who} round: {} up, {} down, {} files, failure {failure:?}",
                        report.ops_pushed, report.docs_pulled, report.files_sent
                    ));
                    return must_not_be_local(who, report.failure.as_ref());
                }
                Ended::Done(Err(error)) => {
                    self.say(format!("  d{who} round: {error}"));
                    return must_not_be_local(who, Some(&error));
                }
            }
            self.looks_after_the_hub()?;
        }
        Ok(())
    }

    /// A hub that crashed is left as it fell, until it starts again.
    pub(super) fn looks_after_the_hub(&mut self) -> Result<()> {
        let crashed = self.network.state().crashed_at.take();
        if crashed.is_some() {
            self.station.crash()?;
        }
        Ok(())
    }

    /// Holds what the hub has against the book, if anything changed there.
    pub(super) fn holds_hub(&mut self) -> Result<()> {
        if let Some(violation) = self.network.state().violations.first() {
            bail!("{violation}");
        }
        if !self.station.is_up() || !self.station.audit()?.has_changed()? {
            return Ok(());
        }
        let log = self.station.audit()?.log()?;
        self.book.holds_log(&log)?;
        self.feeds.hold(self.station.audit()?)
    }

    /// Holds a device's outbox against the book; gives how many operations are new.
    pub(super) async fn holds_outbox(&mut self, who: usize) -> Result<usize> {
        self.looks_after_the_hub()?;
        if self.station.is_up() && self.station.audit()?.has_changed()? {
            let log = self.station.audit()?.log()?;
            self.book.holds_log(&log)?;
            self.feeds.hold(self.station.audit()?)?;
        }
        let client = self.tablet(who)?.client()?;
        let outbox = client::audit::outbox(&client).await?;
        let hub_is_up = self.station.is_up();
        let now = self.time.ms();
        self.book.holds_outbox(who, &outbox, hub_is_up, now)
    }

    /// Who may see which feed, as of the pack the hub has.
    pub(super) fn look_up_scopes(&mut self) {
        let scopes: Vec<BTreeSet<Scope>> = self
            .tablets
            .iter()
            .map(|tablet| {
                let grids = self.city.grids_of(tablet.staff);
                let own = [Scope::city(), Scope::staff(&tablet.staff.into())];
                grids.iter().map(Scope::grid).chain(own).collect()
            })
            .collect();
        self.network.state().scopes = scopes;
    }

    pub(super) fn tablet(&self, who: usize) -> Result<&Tablet> {
        self.tablets.get(who).context("there is such a device")
    }

    pub(super) fn tablet_mut(&mut self, who: usize) -> Result<&mut Tablet> {
        self.tablets.get_mut(who).context("there is such a device")
    }

    pub(super) fn say(&self, line: impl Into<String>) {
        self.network.state().trace.say(line);
    }

    pub(super) fn roll<T>(&self, throw: impl FnOnce(&mut Dice) -> T) -> T {
        throw(&mut self.network.state().dice)
    }
}

/// The network may fail a round, and so may the hub; the device itself may not.
pub(super) fn must_not_be_local(who: usize, error: Option<&client::sync::SyncError>) -> Result<()> {
    use client::sync::SyncError;
    match error {
        Some(SyncError::Local(error)) => bail!("d{who} fails by itself: {error:?}"),
        Some(SyncError::OtherHub | SyncError::UnsentWork) => {
            bail!("d{who} takes its hub for another one")
        }
        _ => Ok(()),
    }
}
