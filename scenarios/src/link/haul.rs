//! A haul: everything a device has to say goes through an emulated link to a real hub, and
//! afterwards it is looked whether all of it is there, once.

use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
    sync::Arc,
    time::{Duration, Instant},
};

use anyhow::{Context as _, Result, bail, ensure};
use client::{
    Client, FileKeys, Options, SystemClock,
    sync::{Connect, Http, HubAddress, Patience, RemoteError},
};
use hub::{Config, Hub, Rate};
use shared::{
    CategoryCode, Extra, Place, PlaceSource, StaffId, Timestamp,
    case::Urgency,
    ipc::{CaseFilter, CaseSort, EnrolDevice, ListCases, StateFilter, Whose},
    op::Report,
};
use tokio::{net::TcpListener, task::JoinHandle};

use super::{Carried, Conditions, Emulated, Ledger};
use crate::{sample_city, world};

/// Who reports, and who reads it afterwards.
const REPORTER: &str = "w-0101";
const READER: &str = "d-01";

/// Rounds without anything gained after which a haul counts as stuck.
const ROUNDS_IN_VAIN: u32 = 50;

/// 2026-11-02T00:00:00Z; a report every three minutes from there.
const FIRST_MS: i64 = 1_793_577_600_000;
const EVERY_MS: i64 = 180_000;

const WORDS: [&str; 12] = [
    "楼下垃圾桶旁堆了三袋垃圾，已经发臭，居民反映两天了",
    "路面有坑，电动车容易摔倒，昨晚有老人在这里崴了脚",
    "路灯不亮，晚上回家看不见台阶",
    "楼道里停着电动车充电，线从窗户拉下来，劝过一次没有用",
    "井盖松动，车压过去响声很大，整夜有人打电话来",
    "店外经营占了半边人行道，推婴儿车的要走到马路上",
    "树枝断了挂在电线上，风大时摇得厉害",
    "污水从检修井里冒出来，流到隔壁单元门口",
    "墙皮脱落，下面是幼儿园放学的路",
    "共享单车倒了一片，盲道走不通",
    "消防通道停了两辆面包车，车上没有留电话",
    "公告栏的玻璃碎了，边上还有碎片没有扫",
];

/// What a device has to say.
#[derive(Debug, Clone, Copy)]
pub struct Load {
    /// Reports of about 500 bytes.
    pub records: u32,
    /// Further reports with a photo each, of so many pixels on the long side.
    pub photos: u32,
    /// The photos' width.
    pub photo_width: u16,
}

/// How a haul went.
#[derive(Debug, Clone)]
pub struct Hauled {
    /// What the link carried.
    pub carried: Carried,
    /// What for.
    pub ledger: Ledger,
    /// Rounds.
    pub rounds: u32,
    /// From the first round's begin to the last one's end.
    pub took: Duration,
}

/// A hub with the sample city, and room for devices.
#[derive(Debug)]
pub struct Stand {
    folder: tempfile::TempDir,
    hub: Hub,
    address: SocketAddr,
    patience: Patience,
    serving: JoinHandle<Result<(), hub::Error>>,
}

impl Drop for Stand {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

/// A device that is loaded and has not sent anything of it.
#[derive(Debug)]
pub struct Haul<'a> {
    stand: &'a Stand,
    client: Client,
    load: Load,
    link: Emulated,
}

/// Reaches hubs with this patience.
#[derive(Debug, Clone, Copy)]
pub struct With(pub Patience);

impl Connect for With {
    type Remote = Http;

    fn connect(&self, address: &HubAddress, token: Option<&str>) -> Result<Http, RemoteError> {
        Http::with_patience(address.clone(), token, self.0)
    }
}

impl Stand {
    /// A hub whose data is in `folder`. Both ends give up a silent peer after `patience`.
    pub async fn new(folder: tempfile::TempDir, patience: Patience) -> Result<Self> {
        let mut config = Config::new(folder.path().join("hub"));
        config.patience.body_idle = patience.idle;
        config.patience.photo_lock = patience.idle * 2;
        config.rate = Rate {
            per_second: 100_000,
            burst: 100_000,
            guesses_per_minute: 10,
        };
        let hub = Hub::open(config).await?;
        let city = sample_city::sample_city()?;
        hub.load_pack(sample_city::to_text(&city)?.as_bytes())
            .await?;
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let served = hub.clone();
        let serving =
            tokio::spawn(async move { served.serve(listener, std::future::pending()).await });
        Ok(Self {
            folder,
            hub,
            address,
            patience,
            serving,
        })
    }

    /// Where the hub is.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The hub.
    pub fn hub(&self) -> &Hub {
        &self.hub
    }

    /// A folder for something that belongs to this stand.
    pub fn folder(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// A device of `staff`, enrolled by a link that is good; nothing is pulled yet.
    pub async fn device(&self, staff: &str, name: &str, hub: SocketAddr) -> Result<Client> {
        let client = open(&self.folder(name)).await?;
        let code = self.hub.enrol(StaffId::from(staff)).await?.code;
        let args = EnrolDevice {
            hub_url: format!("http://{hub}"),
            code,
        };
        client.enrol_device(args).await?;
        Ok(client)
    }

    /// Loads a device, and puts it behind a link like this. It has the city already.
    pub async fn haul(&self, load: Load, conditions: Conditions) -> Result<Haul<'_>> {
        // Enrolling and the city's packs go by a good link: the tablet is carried out of the office.
        let link = Emulated::to(self.address).await?;
        let client = self.device(REPORTER, "reporter", link.address()).await?;
        client.sync_once().await?;
        fill(&client, load).await?;
        link.set(conditions);
        Ok(Haul {
            stand: self,
            client,
            load,
            link,
        })
    }

    /// Fails unless the hub has everything of this load, once, and whoever may see it gets it.
    async fn has_all_of(&self, load: Load, before: u64) -> Result<()> {
        let cases = u64::from(load.records + load.photos);
        let stats = self.hub.stats().await?;
        ensure!(
            stats.ops == cases && stats.docs == before + cases && stats.quarantined == 0,
            "{cases} reports were to arrive once: {stats:?}"
        );
        ensure!(
            stats.photos_complete == u64::from(load.photos) * 2 && stats.photos_unfinished == 0,
            "{} photos and their thumbnails were to arrive whole: {stats:?}",
            load.photos
        );
        let reader = self.device(READER, "reader", self.address).await?;
        let report = reader.sync_once().await?;
        if let Some(failure) = report.failure {
            bail!(failure);
        }
        let total = reader.list_cases(newest(Whose::All, 1)).await?.total;
        ensure!(u64::from(total) == cases, "{total} of {cases} were read");
        Ok(())
    }
}

impl Haul<'_> {
    /// Syncs until everything is at the hub, and looks whether it is.
    pub async fn deliver(&self) -> Result<Hauled> {
        let documents = self.stand.hub.stats().await?.docs;
        let (carried, begun) = (self.link.carried(), now());
        let (mut rounds, mut in_vain, mut last) = (0, 0, String::new());
        while in_vain < ROUNDS_IN_VAIN {
            rounds += 1;
            let before = self.stand.hub.stats().await?;
            match self.client.sync_once_with(&With(self.stand.patience)).await {
                Ok(report) if report.is_complete() => {
                    let hauled = Hauled {
                        carried: self.link.carried().since(&carried),
                        ledger: self.link.ledger(),
                        rounds,
                        took: begun.elapsed(),
                    };
                    self.stand.has_all_of(self.load, documents).await?;
                    return Ok(hauled);
                }
                Ok(report) => last = format!("{report:?}"),
                Err(error) => last = error.to_string(),
            }
            let moved = self.stand.hub.stats().await? != before;
            in_vain = if moved { 0 } else { in_vain + 1 };
        }
        bail!("stuck after {rounds} rounds: {last}")
    }

    /// The device.
    pub fn client(&self) -> &Client {
        &self.client
    }
}

/// The core on a folder.
async fn open(folder: &Path) -> Result<Client> {
    std::fs::create_dir_all(folder)?;
    Ok(Client::open(Options {
        data_dir: folder.to_owned(),
        keys: Arc::new(FileKeys::new(folder)),
        clock: Arc::new(SystemClock::new()),
        device_name: "haul".to_owned(),
        app_version: "0.1.0".to_owned(),
    })
    .await)
}

async fn fill(client: &Client, load: Load) -> Result<()> {
    client::testing::report_all(client, reports(0, load.records)?).await?;
    for number in 0..load.photos {
        let height = load.photo_width / 4 * 3;
        let photo = world::street_photo(number, load.photo_width, height);
        let draft = world::draft(client, &format!("第{number}张照片"), &[photo]).await?;
        client
            .report_draft(shared::ipc::ReportDraft { draft })
            .await?;
    }
    Ok(())
}

/// Invented reports of about 500 bytes each as operations, from this number on.
pub fn reports(from: u32, count: u32) -> Result<Vec<Report>> {
    let city = sample_city::sample_city()?;
    let grid = &city.grids.first().context("the city has grids")?.code;
    let categories: Vec<&CategoryCode> = city
        .catalogue
        .categories
        .iter()
        .map(|it| &it.code)
        .collect();
    (from..from + count)
        .map(|number| {
            let nth = usize::try_from(number)?;
            // Far apart for numbers that are close, so that neighbours differ as people do.
            let mixed = number.wrapping_mul(2_654_435_761);
            let at = Timestamp::from_ms(
                FIRST_MS + i64::from(number) * EVERY_MS + i64::from(mixed % 170_000),
            );
            let words = WORDS
                .get(nth * 7 % WORDS.len())
                .context("there are words")?;
            let position = shared::Position::new(
                120.88 + f64::from(mixed % 20_000) / 1e6,
                32.00 + f64::from(mixed / 20_000 % 15_000) / 1e6,
            );
            Ok(Report {
                category: categories
                    .get(nth * 31 % categories.len().max(1))
                    .copied()
                    .cloned(),
                description: format!("{words}（第{number}处）"),
                occurred_at: at,
                place: Place {
                    position: position.ok(),
                    accuracy_m: Some(f64::from(mixed % 300) / 10.0),
                    source: PlaceSource::Device,
                    address: format!(
                        "五福里{}幢{}单元{}{:02}室",
                        1 + mixed % 40,
                        1 + mixed / 40 % 4,
                        1 + mixed / 160 % 18,
                        1 + mixed / 2_880 % 4
                    ),
                    grid: grid.clone(),
                    in_own_grid: true,
                    extra: Extra::default(),
                },
                urgency: match number % 20 {
                    0 => Urgency::Critical,
                    1..4 => Urgency::Urgent,
                    _ => Urgency::Normal,
                },
                photos: Vec::new(),
                handled: None,
                extra: Extra::default(),
            })
        })
        .collect()
}

/// The first so many cases of a list.
pub fn newest(whose: Whose, limit: u32) -> ListCases {
    ListCases {
        filter: CaseFilter {
            whose,
            states: StateFilter::Any,
        },
        query: String::new(),
        sort: CaseSort::default(),
        offset: 0,
        limit,
    }
}

#[expect(clippy::disallowed_methods, reason = "a stopwatch; it decides nothing")]
fn now() -> Instant {
    Instant::now()
}
