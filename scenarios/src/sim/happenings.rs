//! What happens to devices, hub and network beside what people do with them.

use anyhow::{Result, ensure};
use shared::{DraftId, RecordId, StaffId, ipc::OpenDraft};

use super::{
    feeds::Feeds,
    link::{deliver, overhear},
    network::{Late, Weather},
    tablet::Ended,
    world::{Backup, World},
};

const YEAR_MS: i64 = 365 * 24 * 60 * 60 * 1_000;

impl World<'_> {
    /// Something happens, to the device `who` if to one.
    pub(super) async fn something_happens(&mut self, who: usize) -> Result<()> {
        match self.roll(|dice| dice.below(52)) {
            0..=9 => {
                self.weather_changes(who);
                Ok(())
            }
            10..=17 => self.late_parcel_arrives().await,
            18..=21 => self.clock_jumps(who),
            22..=24 => self.restarts(who).await,
            25 | 26 => self.crashes(who, "between two steps").await,
            27 | 28 => {
                self.say(format!("d{who} is broken off"));
                self.tablet_mut(who)?.stops_syncing();
                Ok(())
            }
            29..=31 => self.hub_stops_or_crashes(),
            32..=34 => self.hub_is_backed_up(),
            35 => self.hub_is_put_back().await,
            36 | 37 => self.people_are_moved().await,
            38 => self.is_revoked(who).await,
            39..=44 => {
                // Who was revoked asks first.
                let revoked = self.tablets.iter().find(|tablet| tablet.revoked);
                let who = revoked.map_or(who, |tablet| tablet.who);
                self.enrols_again(who).await
            }
            45 | 46 => self.hub_forgets().await,
            49 => self.is_copied(who).await,
            50 => self.is_backed_up(who).await,
            51 => self.is_put_back(who).await,
            _ => {
                let ms = self.roll(|dice| dice.between(-120_000, 120_000));
                self.say(format!("the hub's clock jumps by {ms} ms"));
                self.station.clock().set_off_by(ms);
                Ok(())
            }
        }
    }

    fn weather_changes(&mut self, who: usize) {
        let weather = self.roll(|dice| match dice.below(10) {
            0..=3 => Weather::Fine,
            4..=6 => Weather::Rough,
            7 | 8 => Weather::Storm,
            _ => Weather::Down,
        });
        self.say(format!("d{who} has {weather:?} weather"));
        if let Some(now) = self.network.state().weather.get_mut(who) {
            *now = weather;
        }
    }

    async fn late_parcel_arrives(&mut self) -> Result<()> {
        let late = {
            let mut state = self.network.state();
            if state.late.is_empty() {
                return Ok(());
            }
            let end = state.late.len();
            let at = state.dice.below(end);
            state.late.remove(at)
        };
        self.arrives(late).await;
        Ok(())
    }

    /// What was on its way is there.
    pub(super) async fn arrives(&mut self, late: Late) {
        let Late {
            who,
            parcel,
            sent_at,
        } = late;
        let what = parcel.what;
        if self.network.state().is_gone(sent_at) {
            return self.say(format!("a late {what} of d{who} never arrives"));
        }
        let after_ms = self.time.ms() - sent_at;
        self.say(format!(
            "a late {what} of d{who} arrives after {after_ms} ms"
        ));
        let reply = deliver(&self.network, parcel.clone(), None).await;
        overhear(&self.network, who, &parcel, &reply);
    }

    fn clock_jumps(&mut self, who: usize) -> Result<()> {
        let off_by = self.roll(|dice| match dice.below(6) {
            0 | 1 => dice.between(-90_000, 90_000),
            2 => 10 * YEAR_MS,
            3 => -10 * YEAR_MS,
            4 => i64::MIN,
            _ => 0,
        });
        // A clock that lost its battery says 1970.
        let off_by = if off_by == i64::MIN {
            -self.time.ms()
        } else {
            off_by
        };
        self.say(format!("the clock of d{who} is off by {off_by} ms"));
        self.tablet(who)?.clock().set_off_by(off_by);
        Ok(())
    }

    /// The app opens again after a crash.
    pub(super) async fn opens(&mut self, who: usize) -> Result<()> {
        self.say(format!("d{who} opens"));
        match self.tablet_mut(who)?.open_or_crash().await? {
            Ended::Crashed(at) => self.say(format!("  d{who} crashes at {at:?}")),
            Ended::Done(()) | Ended::Waiting => self.finds_drafts(who).await?,
        }
        Ok(())
    }

    async fn restarts(&mut self, who: usize) -> Result<()> {
        self.say(format!("d{who} is closed"));
        self.tablet_mut(who)?.close();
        self.opens(who).await?;
        if self.tablet(who)?.is_open() {
            fault::crash_no_more();
            self.shows_what_folding_says(who).await?;
        }
        Ok(())
    }

    /// The device's process ends where it stands.
    pub(super) async fn crashes(&mut self, who: usize, at: &str) -> Result<()> {
        fault::crash_is_known();
        self.say(format!("  d{who} crashes at {at:?}"));
        self.tablet_mut(who)?.crash()?;
        if self.roll(|dice| dice.chance(70)) {
            self.opens(who).await?;
        }
        Ok(())
    }

    /// Every draft a person was told is saved is there, with its words.
    pub(super) async fn finds_drafts(&mut self, who: usize) -> Result<()> {
        let client = self.tablet(who)?.client()?;
        let outbox = client::audit::outbox(&client).await?;
        let Some(desk) = self.book.desks.get_mut(who) else {
            return Ok(());
        };
        // A crash after the operation was saved and before anybody was told: the draft is something
        // else now, or part of it.
        let drafts: Vec<DraftId> = desk
            .drafts
            .keys()
            .chain(desk.papers.keys())
            .copied()
            .collect();
        for draft in drafts {
            let Some(what) = client::audit::became(&client, draft).await? else {
                continue;
            };
            ensure!(
                outbox.iter().any(|entry| entry.target == what),
                "I1: a draft of d{who} became {what:?}, of which nothing waits or was sent"
            );
            desk.drafts.remove(&draft);
            if let Some(paper) = desk.papers.remove(&draft) {
                desk.finished.insert(RecordId(what.id), paper);
            }
        }
        for (id, words) in &desk.drafts {
            let found = client.open_draft(OpenDraft { draft: Some(*id) }).await;
            for photo in found.iter().flat_map(|draft| &draft.photos) {
                for digest in [photo.digest, photo.thumb] {
                    ensure!(
                        client::audit::photo(&client, digest).await.is_ok(),
                        "I1: a draft of d{who} shows photo {digest}, and its bytes are not there"
                    );
                }
            }
            let found = found.map(|draft| draft.description);
            ensure!(
                found.as_ref().is_ok_and(|found| words.contains(found)),
                "I1: a draft of d{who} has {found:?}, and was saved with {words:?}"
            );
        }
        self.finds_papers(who).await
    }

    fn hub_stops_or_crashes(&mut self) -> Result<()> {
        if !self.station.is_up() {
            return Ok(());
        }
        if self.roll(|dice| dice.chance(50)) {
            self.say("the hub stops");
            self.station.stop();
            return Ok(());
        }
        self.say("the hub crashes between two requests");
        self.station.crash()
    }

    fn hub_is_backed_up(&mut self) -> Result<()> {
        self.looks_after_the_hub()?;
        self.say("the hub is backed up");
        let folder = self.station.back_up()?;
        let city = self.city.clone();
        self.backups.push(Backup { folder, city });
        if self.backups.len() > 2 {
            self.backups.remove(0);
        }
        Ok(())
    }

    async fn hub_is_put_back(&mut self) -> Result<()> {
        let count = self.backups.len();
        let at = self.roll(|dice| dice.below(count));
        let Some(backup) = self.backups.get(at) else {
            return Ok(());
        };
        let (folder, city) = (backup.folder.clone(), backup.city.clone());
        fault::crash_no_more();
        // One that fell is looked at once more: what it had confirmed by then is what is lost now.
        if !self.station.is_up() {
            self.hub_starts().await?;
        }
        self.say("the hub is put back as it was at a backup");
        self.city = city;
        self.station.put_back(&folder).await?;
        let log = self.station.audit()?.log()?;
        let lost = self.book.hub_was_put_back(&log);
        self.say(format!(
            "  {} operations are not there any more",
            lost.len()
        ));
        // What it answers from now on is what its log says.
        let log = &self.book.log;
        self.network
            .state()
            .answers
            .retain(|op, said| log.get(op) == Some(said));
        self.feeds = Feeds::default();
        self.look_up_scopes();
        Ok(())
    }

    async fn people_are_moved(&mut self) -> Result<()> {
        if !self.station.is_up() {
            return Ok(());
        }
        self.say("a new pack moves people to other grids");
        let mut city = self.city.clone();
        self.roll(|dice| city.moves_people(dice))?;
        fault::crash_no_more();
        self.station.hub()?.load_pack(&city.to_json()?).await?;
        city.is_known_since(self.time.ms());
        self.city = city;
        self.look_up_scopes();
        Ok(())
    }

    async fn is_revoked(&mut self, who: usize) -> Result<()> {
        if !self.station.is_up() {
            return Ok(());
        }
        fault::crash_no_more();
        let device = self.tablet_mut(who)?.tells_identity().await?;
        // A hub that was put back may have forgotten the identity that a copy took.
        let known = self.station.hub()?.devices().await?;
        if known.iter().all(|line| line.id != device) {
            return Ok(());
        }
        self.say(format!("d{who} is revoked"));
        self.station.hub()?.revoke_device(device).await?;
        // A copy that still goes by the same identity is out as well.
        for tablet in &mut self.tablets {
            if tablet.tells_identity().await? == device {
                tablet.revoked = true;
            }
        }
        Ok(())
    }

    /// The person gets a new code, and the device enrols with it.
    pub(super) async fn enrols_again(&mut self, who: usize) -> Result<()> {
        if !self.station.is_up() || !self.tablet(who)?.is_open() {
            return Ok(());
        }
        let staff = self.tablet(who)?.staff;
        let calm = self.network.state().calm;
        let armed = self.roll(|dice| dice.chance(20).then(|| dice.few(8)));
        fault::crash_no_more();
        let code = self.station.hub()?.enrol(StaffId::from(staff)).await?.code;
        if let Some(points) = armed.filter(|_| !calm) {
            fault::crash_after(fault::Side::Client, points);
        }
        self.say(format!("d{who} enrols again"));
        let tablet = self.tablet_mut(who)?;
        tablet.stops_syncing();
        let (client, link) = (tablet.client()?, tablet.link().clone());
        let enrolling = async move { client.enrol_with(&link, "127.0.0.1:1", &code).await };
        match tablet.does_online(enrolling).await {
            Ended::Crashed(at) => self.crashes(who, at).await,
            Ended::Done(Ok(())) => {
                self.tablet_mut(who)?.revoked = false;
                Ok(())
            }
            Ended::Done(Err(error)) => {
                self.say(format!("  not now: {error}"));
                Ok(())
            }
            Ended::Waiting => Ok(()),
        }
    }
}
