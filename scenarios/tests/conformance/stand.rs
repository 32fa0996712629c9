//! A hub with the sample city, served over HTTP, honest or behind a liar; and runs of the program
//! against it.

use std::{collections::BTreeSet, fs, path::PathBuf, process::Command, sync::Arc, thread};

use axum::middleware;
use hub::{Config, Hub, Rate, store::postgres::DatabaseUrl};
use pg_cluster::{Cluster, Durability};
use scenarios::sample_city;
use serde_json::Value;
use shared::{GridCode, StaffId};
use tempfile::TempDir;
use tokio::{net::TcpListener, runtime::Handle, task};

use crate::lies::{Liar, Lie, tell};

/// Who a run needs, of the sample city: a worker, a dispatcher and a clerk who see the worker's
/// grid, and a worker of another grid.
const PEOPLE: [&str; 4] = ["w-0101", "d-01", "w-0102", "c-01"];

pub(crate) struct Stand {
    folder: TempDir,
    hub: Hub,
    url: String,
    /// The server the hub's database is on, if it is on one.
    _cluster: Option<Cluster>,
}

/// What a run of the program left.
pub(crate) struct Run {
    pub(crate) exit: Option<i32>,
    /// Everything on the terminal.
    pub(crate) said: String,
    report: Value,
}

impl Stand {
    /// The hub as its own program serves it.
    pub(crate) async fn honest() -> Self {
        Self::serving(None).await
    }

    /// The same on a database server of its own.
    pub(crate) async fn honest_on_postgresql() -> Self {
        let cluster = task::spawn_blocking(|| Cluster::start(Durability::None));
        let cluster = cluster
            .await
            .unwrap()
            .unwrap_or_else(|error| panic!("{error}"));
        let stand = Self::serving(Some(cluster)).await;
        let hub_db = stand.folder.path().join("hub/hub.db");
        assert!(!hub_db.exists(), "nothing is in a database of the folder");
        stand
    }

    async fn serving(cluster: Option<Cluster>) -> Self {
        let (stand, listener) = Self::new(cluster).await;
        let hub = stand.hub.clone();
        tokio::spawn(async move { hub.serve(listener, std::future::pending()).await });
        stand
    }

    /// The hub behind a proxy that lies.
    pub(crate) async fn lying(lie: Lie) -> Self {
        let (stand, listener) = Self::new(None).await;
        let liar = middleware::from_fn_with_state(Arc::new(Liar::new(lie)), tell);
        let router = stand.hub.router().layer(liar);
        tokio::spawn(async move { axum::serve(listener, router).await });
        stand
    }

    async fn new(cluster: Option<Cluster>) -> (Self, TcpListener) {
        let folder = tempfile::tempdir().unwrap();
        let mut config = Config::new(folder.path().join("hub"));
        config.database = cluster.as_ref().map(|cluster| {
            let name = cluster.database().unwrap();
            DatabaseUrl::from(cluster.url(&name))
        });
        // The program is as fast as the machine; patience is another test's matter.
        config.rate = Rate {
            per_second: 100_000,
            burst: 100_000,
            guesses_per_minute: 1_000,
        };
        let hub = Hub::open(config).await.unwrap();
        let city = sample_city::to_text(&sample_city::sample_city().unwrap()).unwrap();
        hub.load_pack(city.as_bytes()).await.unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let stand = Self {
            folder,
            hub,
            url,
            _cluster: cluster,
        };
        (stand, listener)
    }

    /// A one-time code for a person.
    pub(crate) async fn code(&self, staff: &str) -> String {
        self.hub.enrol(StaffId::from(staff)).await.unwrap().code
    }

    /// A code for each whom a run needs, as arguments.
    pub(crate) async fn codes(&self) -> Vec<String> {
        let mut args = Vec::new();
        for staff in PEOPLE {
            args.extend(["--enrolment".to_owned(), self.code(staff).await]);
        }
        args
    }

    /// The operator, waiting to be asked once to move the worker of another grid: gives the command
    /// that asks, and ends when it is done.
    fn mover(&self) -> String {
        let [asked, done] = ["asked", "done"].map(|name| self.folder.path().join(name));
        let made = Command::new("mkfifo").args([&asked, &done]).status();
        assert!(made.unwrap().success());
        let command = format!(
            "echo > {} && read -r _ < {}",
            asked.display(),
            done.display()
        );
        let (hub, runtime) = (self.hub.clone(), Handle::current());
        // A thread of nobody's: a run that never asks must not be waited for.
        thread::spawn(move || {
            fs::read(asked).unwrap();
            runtime.block_on(hub.load_pack(&moved())).unwrap();
            fs::write(done, "\n").unwrap();
        });
        command
    }

    /// The checks of these levels, or all, with everybody there.
    pub(crate) async fn checked(&self, levels: &[&str]) -> Run {
        let mut args = self.codes().await;
        args.extend(["--move".to_owned(), self.mover()]);
        for level in levels {
            args.extend(["--level".to_owned(), (*level).to_owned()]);
        }
        let args: Vec<_> = args.iter().map(String::as_str).collect();
        self.run(&args).await
    }

    /// The program against this hub.
    pub(crate) async fn run(&self, args: &[&str]) -> Run {
        self.run_bare(&[&["--base-url", self.url.as_str()], args].concat())
            .await
    }

    /// The program with these arguments only.
    pub(crate) async fn run_bare(&self, args: &[&str]) -> Run {
        let file = self.report();
        let mut command = Command::new(env!("CARGO_BIN_EXE_gridwalker-conformance"));
        command.args(args).arg("--report").arg(&file);
        let output = task::spawn_blocking(move || command.output());
        let output = output.await.unwrap().unwrap();
        let said = [output.stdout, output.stderr].concat();
        let report = fs::read(file).unwrap_or_else(|_| b"null".to_vec());
        Run {
            exit: output.status.code(),
            said: String::from_utf8(said).unwrap(),
            report: serde_json::from_slice(&report).unwrap(),
        }
    }

    fn report(&self) -> PathBuf {
        self.folder.path().join("report.json")
    }
}

/// The sample city once the worker of another grid walks a third one.
fn moved() -> Vec<u8> {
    let mut city = sample_city::sample_city().unwrap();
    let grids: Vec<_> = city.grids.iter().map(|grid| grid.code.clone()).collect();
    let taken = |code: &GridCode| {
        let mut staff = city
            .staff
            .iter()
            .filter(|it| PEOPLE.contains(&it.id.as_str()));
        staff.any(|it| it.grids.contains(code))
    };
    let third = grids.into_iter().find(|code| !taken(code)).unwrap();
    let mut staff = city.staff.iter_mut();
    let stranger = staff.find(|it| it.id.as_str() == PEOPLE[2]).unwrap();
    stranger.grids = vec![third];
    sample_city::to_text(&city).unwrap().into_bytes()
}

impl Run {
    fn checks(&self) -> &[Value] {
        self.report["checks"].as_array().unwrap()
    }

    /// The checks that failed, each with what was expected and what came.
    pub(crate) fn failed(&self) -> BTreeSet<String> {
        let failed = self
            .checks()
            .iter()
            .filter(|check| check["found"] == "fail");
        failed
            .map(|check| {
                let id = check["id"].as_str().unwrap();
                let line = format!("FAIL {id} ");
                assert!(
                    self.said.contains(&line),
                    "{id} has its line: {}",
                    self.said
                );
                for side in ["expected", "got"] {
                    assert!(check[side].is_string(), "{id} says what was {side}");
                }
                id.to_owned()
            })
            .collect()
    }

    /// What the report says, but for where the hub was and how long each check took.
    pub(crate) fn findings(&self) -> Value {
        let mut report = self.report.clone();
        report["base_url"].take();
        for check in report["checks"].as_array_mut().unwrap() {
            check["ms"].take();
        }
        report
    }

    /// How many checks were for features the hub does not have.
    pub(crate) fn skipped(&self) -> u64 {
        self.report["skipped"].as_u64().unwrap()
    }

    /// All checks that were made.
    pub(crate) fn ids(&self) -> Vec<String> {
        let ids = self.checks().iter().map(|check| check["id"].as_str());
        ids.map(|id| id.unwrap().to_owned()).collect()
    }

    /// Each check with the section it holds to.
    pub(crate) fn sections(&self) -> Vec<(String, String)> {
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        let checks = self.checks().iter();
        checks
            .map(|check| (text(&check["id"]), text(&check["section"])))
            .collect()
    }
}
