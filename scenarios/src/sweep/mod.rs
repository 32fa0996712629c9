//! Kill sweep: a scripted day of one device and a hub, each a process of its own over real HTTP,
//! played once for every time a named write point is passed, with the process killed exactly there.
//! Afterwards it is started again, plays on and syncs; and everything must be there, once.

mod doors;
pub mod driver;
mod journal;
mod script;

use std::{
    collections::BTreeMap,
    fs,
    net::{Ipv4Addr, SocketAddr, TcpListener},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
};

use anyhow::{Context, Result, anyhow, bail, ensure};
use client::photo::digest_of;
use hub::{Config, Hub, audit::Audit};
use script::DAY;
use shared::{DocRef, Kind, Outcome, StaffId, case::CaseDoc};

use crate::sim::{history_is_whole, playground, workbook};

/// The programs a sweep runs.
#[derive(Debug, Clone)]
pub struct Programs {
    /// This one, which is also the device.
    pub device: PathBuf,
    /// The hub.
    pub hub: PathBuf,
}

/// Whose process is killed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Victim {
    /// The device's.
    Device,
    /// The hub's.
    Hub,
}

/// Where a process is killed: the n-th time it passes a point.
#[derive(Debug, Clone)]
pub struct Kill {
    /// Whose process.
    pub victim: Victim,
    /// The point.
    pub point: String,
    /// The how manieth time, from 1.
    pub time: usize,
}

/// How a sweep went.
#[derive(Debug)]
pub struct Swept {
    /// How often each point was passed in a day without kills.
    pub points: BTreeMap<String, usize>,
    /// Days played with a kill.
    pub days: usize,
    /// Days in which the process really died.
    pub kills: usize,
    /// What was lost, doubled or damaged.
    pub failures: Vec<(Kill, String)>,
}

/// Plays a day for every `every`-th time a point is passed.
pub fn sweep(programs: &Programs, every: usize, threads: usize) -> Result<Swept> {
    let points = count(programs)?;
    let all = points.iter().flat_map(|(point, times)| {
        let victim = if point.starts_with("hub/") {
            Victim::Hub
        } else {
            Victim::Device
        };
        (1..=*times).map(move |time| Kill {
            victim,
            point: point.clone(),
            time,
        })
    });
    let kills: Vec<Kill> = all.step_by(every.max(1)).collect();
    let next = AtomicUsize::new(0);
    let died = AtomicUsize::new(0);
    let failures = Mutex::new(Vec::new());
    thread::scope(|scope| {
        let work = || {
            while let Some(kill) = kills.get(next.fetch_add(1, Ordering::Relaxed)) {
                match Day::new(programs).and_then(|day| day.plays(Some(kill))) {
                    Ok(true) => drop(died.fetch_add(1, Ordering::Relaxed)),
                    Ok(false) => {}
                    Err(error) => failures
                        .lock()
                        .unwrap_or_else(PoisonError::into_inner)
                        .push((kill.clone(), format!("{error:#}"))),
                }
            }
        };
        for thread in (0..threads.max(1))
            .map(|_| scope.spawn(work))
            .collect::<Vec<_>>()
        {
            thread.join().map_err(|_panic| anyhow!("a day panicked"))?;
        }
        Ok::<(), anyhow::Error>(())
    })?;
    Ok(Swept {
        points,
        days: kills.len(),
        kills: died.into_inner(),
        failures: failures
            .into_inner()
            .unwrap_or_else(PoisonError::into_inner),
    })
}

/// How often each point is passed in a day without kills.
fn count(programs: &Programs) -> Result<BTreeMap<String, usize>> {
    let day = Day::new(programs)?;
    let list = day.folder.path().join("points");
    day.plays_and_lists(&list)?;
    let mut points = BTreeMap::new();
    for point in fs::read_to_string(&list)?.lines() {
        *points.entry(point.to_owned()).or_default() += 1;
    }
    Ok(points)
}

/// One day: a fresh hub with the sample city, and a code for a device.
struct Day {
    programs: Programs,
    folder: tempfile::TempDir,
    address: SocketAddr,
    code: String,
}

impl Day {
    fn new(programs: &Programs) -> Result<Self> {
        let folder = tempfile::tempdir_in(playground())?;
        let code = tokio::runtime::Runtime::new()?.block_on(async {
            let hub = Hub::open(Config::new(folder.path().join("hub"))).await?;
            let city = crate::sample_city::sample_city()?;
            hub.load_pack(crate::sample_city::to_text(&city)?.as_bytes())
                .await?;
            let no_lists = |_: &str| Err(hub::Error::FormTooLarge);
            hub.load_form(&workbook()?, "door", no_lists).await?;
            Ok::<_, anyhow::Error>(hub.enrol(StaffId::from("w-0101")).await?.code)
        })?;
        // Free now, and asked for again by every hub process of this day.
        let address = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?;
        Ok(Self {
            programs: programs.clone(),
            folder,
            address,
            code,
        })
    }

    fn plays_and_lists(&self, list: &Path) -> Result<()> {
        let listing = (fault::POINTS_TO, list.as_os_str().to_owned());
        let hub = self.starts_hub(std::slice::from_ref(&listing))?;
        let device = self.starts_device(&[listing])?.wait_with_output()?;
        ensure!(
            device.status.success(),
            "a day without kills fails: {}",
            String::from_utf8_lossy(&device.stderr)
        );
        drop(hub);
        self.reckons()
    }

    /// Plays the day with a kill; says whether the process died.
    fn plays(self, kill: Option<&Kill>) -> Result<bool> {
        let order = |victim| -> Vec<(&'static str, std::ffi::OsString)> {
            let kill = kill.filter(|kill| kill.victim == victim);
            kill.map(|kill| {
                let at = format!("{}#{}", kill.point, kill.time);
                (fault::KILL_AT, at.into())
            })
            .into_iter()
            .collect()
        };
        let hub_order = order(Victim::Hub);
        let mut hub = self.starts_hub(&hub_order)?;
        let mut device = self.starts_device(&order(Victim::Device))?;
        let mut died = false;
        if !hub_order.is_empty() {
            // The hub dies while the device syncs, or it doesn't and the device comes to its end.
            died = hub_dies_before_the_device_is_done(&mut hub, &mut device)?;
            if died {
                hub = self.starts_hub(&[])?;
            }
        }
        let mut ended = device.wait_with_output()?;
        if !ended.status.success() && is_killed(ended.status) {
            died = true;
            ended = self.starts_device(&[])?.wait_with_output()?;
        }
        ensure!(
            ended.status.success(),
            "the day did not end well: {}",
            String::from_utf8_lossy(&ended.stderr)
        );
        drop(hub);
        self.reckons()?;
        Ok(died)
    }

    fn starts_hub(&self, orders: &[(&'static str, std::ffi::OsString)]) -> Result<Process> {
        let log = fs::File::create(self.folder.path().join("hub.log"))?;
        let mut child = Command::new(&self.programs.hub)
            .arg("serve")
            .arg("--listen")
            .arg(self.address.to_string())
            .arg("--data")
            .arg(self.folder.path().join("hub"))
            .envs(orders.iter().map(|(name, value)| (*name, value)))
            .env("RUST_LOG", "error")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(log)
            .spawn()
            .context("starting the hub")?;
        let stdout = child.stdout.take().context("the hub's words")?;
        let mut line = String::new();
        std::io::BufRead::read_line(&mut std::io::BufReader::new(stdout), &mut line)?;
        let hub = Process(child);
        // A hub that is to die may do so before it listens.
        ensure!(
            line.starts_with("listening") || !orders.is_empty(),
            "the hub does not start: {}",
            fs::read_to_string(self.folder.path().join("hub.log"))?
        );
        Ok(hub)
    }

    fn starts_device(&self, orders: &[(&'static str, std::ffi::OsString)]) -> Result<Child> {
        Command::new(&self.programs.device)
            .arg("device")
            .arg("--home")
            .arg(self.folder.path().join("device"))
            .arg("--journal")
            .arg(self.folder.path().join("journal"))
            .arg("--hub")
            .arg(format!("http://{}", self.address))
            .arg("--code")
            .arg(&self.code)
            .envs(orders.iter().map(|(name, value)| (*name, value)))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .context("starting the device")
    }

    /// Everything of the day is at the hub, once; its database is sound and no photo is half.
    fn reckons(&self) -> Result<()> {
        let data = self.folder.path().join("hub");
        let audit = Audit::open(&data)?;
        ensure!(audit.is_sound()?, "the hub's database is damaged");
        let log = audit.log()?;
        let payloads = audit.payloads()?;
        let docs = audit.docs()?;
        let mut expected = 0;
        for (step, what) in DAY.into_iter().enumerate() {
            let words = script::words(step);
            let times = payloads.iter().filter(|op| op.contains(&words)).count();
            ensure!(
                times == usize::from(what.has_words()),
                "step {step}, {what:?}, is {times} times in the log"
            );
            expected += what.operations();
        }
        ensure!(
            log.len() == expected,
            "{} operations in the log of a day with {expected}",
            log.len()
        );
        for row in &log {
            ensure!(
                matches!(row.outcome, Outcome::Applied | Outcome::Merged),
                "an operation became {:?}",
                row.outcome
            );
            let target: &DocRef = row
                .target
                .as_ref()
                .context("every operation is on something")?;
            if target.kind != Kind::case() {
                continue;
            }
            let doc = docs.iter().find(|doc| doc.target == *target);
            let case = match doc.context("its case is there")?.case()? {
                CaseDoc::Known(case) => case,
                CaseDoc::Awaiting(_) => bail!("a case still waits for its report"),
            };
            let op = row.op_id.context("every operation has an id")?;
            ensure!(case.knows(op), "an operation is not in its case's history");
        }
        let docs = docs.into_iter().map(|doc| (doc.target.clone(), doc));
        history_is_whole(&log, &payloads, &docs.collect())?;
        for photo in audit.photos()? {
            ensure!(
                photo.complete,
                "a photo is not whole after everything was delivered"
            );
            let name = photo.digest.to_string();
            let file = data.join("blobs").join(name.get(..2).unwrap_or_default());
            ensure!(
                digest_of(&fs::read(file.join(&name))?) == photo.digest,
                "photo {name} is complete, and something else"
            );
        }
        Ok(())
    }
}

fn hub_dies_before_the_device_is_done(hub: &mut Process, device: &mut Child) -> Result<bool> {
    loop {
        if hub.0.try_wait()?.is_some() {
            return Ok(true);
        }
        if device.try_wait()?.is_some() {
            return Ok(false);
        }
        thread::sleep(std::time::Duration::from_millis(3));
    }
}

/// Whether a process ended by a signal.
fn is_killed(status: std::process::ExitStatus) -> bool {
    status.code().is_none()
}

/// A hub that is ended when it goes out of scope.
#[derive(Debug)]
struct Process(Child);

impl Drop for Process {
    fn drop(&mut self) {
        // Both fail only when it is gone already.
        drop(self.0.kill());
        drop(self.0.wait());
    }
}
