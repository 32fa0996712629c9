//! A hub in a folder of its own, a clock that can be turned, and devices that talk to it.

use std::{
    process::Output,
    sync::{
        Arc,
        atomic::{AtomicI64, AtomicU64, Ordering},
    },
};

use axum::{
    Router,
    body::{Body, to_bytes},
    http::{HeaderMap, Request, StatusCode, header},
};
use bytes::Bytes;
use futures_util::StreamExt as _;
use hub::{Config, Hub, store::postgres::DatabaseUrl};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use shared::{
    CaseId, DeviceId, OpId, StaffId, Timestamp,
    hub_api::{ApiError, Enrolled, ErrorCode, HelloAnswer, PullAnswer, PushAnswer},
};
use tempfile::TempDir;
use tower::ServiceExt as _;

use crate::{cluster::database, command_line::program, promised};

/// 2026-11-24 08:00 in China.
pub(crate) const MORNING: i64 = 1_795_478_400_000;
pub(crate) const MINUTE: i64 = 60_000;

/// When set, every world's hub keeps its data in PostgreSQL; CI runs the tests once more so.
const ON_POSTGRES: &str = "GRIDWALKER_TEST_POSTGRES";

pub(crate) struct World {
    folder: TempDir,
    clock: Arc<AtomicI64>,
    pub(crate) config: Config,
    /// Where its database is, if it isn't in the folder.
    database: Option<String>,
    pub(crate) hub: Hub,
    router: Router,
}

impl World {
    /// A hub with the tiny city loaded.
    pub(crate) async fn new() -> Self {
        Self::with(|_| {}).await
    }

    pub(crate) async fn with(set: impl FnOnce(&mut Config)) -> Self {
        let database = std::env::var_os(ON_POSTGRES).map(|_| database());
        Self::on(database, set).await
    }

    /// With its data there; in its folder, if nowhere else.
    pub(crate) async fn on(database: Option<String>, set: impl FnOnce(&mut Config)) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let clock = Arc::new(AtomicI64::new(MORNING));
        let mut config = Config::new(folder.path().join("data"));
        let hands = Arc::clone(&clock);
        config.clock = Arc::new(move || Timestamp::from_ms(hands.load(Ordering::SeqCst)));
        config.database = database.clone().map(DatabaseUrl::from);
        set(&mut config);
        let hub = Hub::open(config.clone()).await.unwrap();
        hub.load_pack(pack().to_string().as_bytes()).await.unwrap();
        let router = hub.router();
        Self {
            folder,
            clock,
            config,
            database,
            hub,
            router,
        }
    }

    /// Stops the hub and starts it again on the same data.
    pub(crate) async fn restart(self) -> Self {
        let Self {
            folder,
            clock,
            config,
            database,
            hub,
            router,
        } = self;
        drop((hub, router));
        let hub = Hub::open(config.clone()).await.unwrap();
        let router = hub.router();
        Self {
            folder,
            clock,
            config,
            database,
            hub,
            router,
        }
    }

    /// Stops the hub; gives its folder.
    pub(crate) fn stop(self) -> TempDir {
        let Self {
            folder,
            hub,
            router,
            ..
        } = self;
        drop((hub, router));
        folder
    }

    pub(crate) fn data(&self) -> std::path::PathBuf {
        self.folder.path().join("data")
    }

    /// Runs the program on this world's data.
    pub(crate) fn run(&self, args: &[&str]) -> Output {
        let mut command = program(&self.data(), args);
        if let Some(url) = &self.database {
            command.env("GRIDWALKER_DATABASE", url);
        }
        command.output().unwrap()
    }

    pub(crate) fn database(&self) -> Option<&str> {
        self.database.as_deref()
    }

    pub(crate) fn turn_clock(&self, ms: i64) {
        self.clock.fetch_add(ms, Ordering::SeqCst);
    }

    pub(crate) async fn send(&self, request: Request<Body>) -> Reply {
        Reply::of(self.router.clone(), request).await
    }

    pub(crate) async fn post(&self, path: &str, body: &Value) -> Reply {
        let request = Request::post(path)
            .header(header::CONTENT_TYPE, "application/json")
            .body(Body::from(body.to_string()));
        self.send(request.unwrap()).await
    }

    /// What anybody may ask.
    pub(crate) async fn get_open(&self, path: &str) -> Reply {
        self.send(Request::get(path).body(Body::empty()).unwrap())
            .await
    }

    pub(crate) async fn code_for(&self, staff: &str) -> String {
        self.hub.enrol(StaffId::from(staff)).await.unwrap().code
    }

    pub(crate) async fn enrol(&self, code: &str, id: DeviceId) -> Reply {
        let body = json!({
            "code": code, "device": id, "device_name": "tablet", "app_version": "0.1.0",
        });
        self.post("/sync/v1/enrol", &body).await
    }

    /// A newly enrolled device of this person.
    pub(crate) async fn device(&self, staff: &str) -> Device {
        let id = DeviceId::from_bytes(fresh());
        let enrolled: Enrolled = self.enrol(&self.code_for(staff).await, id).await.json();
        Device {
            id,
            staff: staff.to_owned(),
            role: enrolled.staff.main_role(),
            token: enrolled.token,
            dev_seq: AtomicU64::new(0),
            router: self.router.clone(),
        }
    }
}

/// A device as the hub sees it: a token and a sequence of operations.
pub(crate) struct Device {
    pub(crate) id: DeviceId,
    pub(crate) staff: String,
    role: shared::Role,
    pub(crate) token: String,
    dev_seq: AtomicU64,
    router: Router,
}

impl Device {
    /// The same device after the hub was started again.
    pub(crate) fn at(self, world: &World) -> Self {
        self.over(world.router.clone())
    }

    /// The same device once more; it sends photos only.
    pub(crate) fn twin(&self) -> Self {
        Self {
            id: self.id,
            staff: self.staff.clone(),
            role: self.role,
            token: self.token.clone(),
            dev_seq: AtomicU64::new(0),
            router: self.router.clone(),
        }
    }

    pub(crate) fn over(self, router: Router) -> Self {
        Self { router, ..self }
    }

    pub(crate) fn with_token(self, token: String) -> Self {
        Self { token, ..self }
    }

    pub(crate) fn request(&self, method: &str, path: &str) -> axum::http::request::Builder {
        Request::builder()
            .method(method)
            .uri(path)
            .header(header::AUTHORIZATION, format!("Bearer {}", self.token))
    }

    pub(crate) async fn send(&self, request: Request<Body>) -> Reply {
        Reply::of(self.router.clone(), request).await
    }

    /// [`Device::send`] without a look into the body beforehand: for one that never ends.
    pub(crate) async fn send_unseen(&self, request: Request<Body>) -> StatusCode {
        let response = self.router.clone().oneshot(request).await.unwrap();
        response.status()
    }

    pub(crate) async fn get(&self, path: &str) -> Reply {
        let request = self.request("GET", path).body(Body::empty());
        self.send(request.unwrap()).await
    }

    pub(crate) async fn hello(&self) -> HelloAnswer {
        self.get("/sync/v1/hello").await.json()
    }

    pub(crate) async fn pull(&self, scope: &str, cursor: &str, limit: usize) -> Reply {
        let path = format!("/sync/v1/pull?scope={scope}&cursor={cursor}&limit={limit}");
        self.get(&path).await
    }

    pub(crate) async fn pull_all(&self, scope: &str) -> PullAnswer {
        self.pull(scope, "", 1_000).await.json()
    }

    /// Pushes and expects results.
    pub(crate) async fn push(&self, ops: &[Value]) -> PushAnswer {
        self.try_push(ops).await.json()
    }

    pub(crate) async fn try_push(&self, ops: &[Value]) -> Reply {
        let body = json!({ "sent": observed(), "ops": ops }).to_string();
        let request = self
            .request("POST", "/sync/v1/push")
            .header(header::CONTENT_TYPE, "application/json")
            .body(Body::from(body));
        self.send(request.unwrap()).await
    }

    /// The next operation of this device.
    pub(crate) fn op(&self, case: CaseId, action: &Value) -> Value {
        let dev_seq = self.dev_seq.fetch_add(1, Ordering::SeqCst) + 1;
        json!({
            "op_id": OpId::from_bytes(fresh()),
            "dev_seq": dev_seq,
            "target": { "kind": "case", "id": case },
            "base_rev": 0,
            "action": action,
            "observed_at": observed(),
            "author": { "staff": self.staff, "role": self.role },
            "scope": "grid:G1",
            "schema": 1,
        })
    }

    /// Reports a new case in a grid.
    pub(crate) fn report(&self, grid: &str) -> (CaseId, Value) {
        let case = CaseId::from_bytes(fresh());
        (case, self.op(case, &report(grid, &json!([]))))
    }
}

/// An answer of the hub.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl Reply {
    async fn of(router: Router, request: Request<Body>) -> Self {
        let (method, path) = (request.method().clone(), request.uri().path().to_owned());
        let (request, sent) = looked_into(request).await;
        let response = router.oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let reply = Self {
            status: parts.status,
            headers: parts.headers,
            body: to_bytes(body, usize::MAX).await.unwrap(),
        };
        promised::hold(&method, &path, &sent, &reply);
        reply
    }

    /// What was asked for.
    pub(crate) fn json<T: DeserializeOwned>(&self) -> T {
        assert_eq!(self.status, StatusCode::OK, "{self:?}");
        serde_json::from_slice(&self.body).unwrap()
    }

    /// Why it was refused.
    pub(crate) fn error(&self) -> ErrorCode {
        let error: ApiError = serde_json::from_slice(&self.body)
            .unwrap_or_else(|error| panic!("every refusal is an ApiError: {error} in {self:?}"));
        assert_eq!(
            self.headers.get(header::CACHE_CONTROL).unwrap(),
            "no-store",
            "a refusal is nobody's to keep"
        );
        error.code
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        let value = self.headers.get(name);
        value.map_or("", |value| value.to_str().unwrap())
    }
}

/// The request with its body, as far as it comes before it breaks.
async fn looked_into(request: Request<Body>) -> (Request<Body>, Vec<u8>) {
    let (parts, body) = request.into_parts();
    let mut pieces = Vec::new();
    let mut stream = body.into_data_stream();
    while let Some(piece) = stream.next().await {
        pieces.push(piece);
    }
    let sent = pieces.iter().filter_map(|piece| piece.as_ref().ok());
    let sent = sent.flatten().copied().collect();
    let body = Body::from_stream(futures_util::stream::iter(pieces));
    (Request::from_parts(parts, body), sent)
}

/// What a report says.
pub(crate) fn report(grid: &str, photos: &Value) -> Value {
    json!({
        "do": "report",
        "category": "E0101",
        "description": "路灯不亮",
        "occurred_at": MORNING,
        "place": {
            "position": { "lng": 120.81, "lat": 31.91 },
            "accuracy_m": 8.0,
            "source": "device",
            "address": "",
            "grid": grid,
            "in_own_grid": true,
        },
        "urgency": "normal",
        "photos": photos,
    })
}

pub(crate) fn observed() -> Value {
    json!({ "wall": MORNING, "mono": 1_000, "boot": "b1" })
}

/// Sixteen bytes nobody had before.
pub(crate) fn fresh() -> [u8; 16] {
    static NEXT: AtomicU64 = AtomicU64::new(1);
    u128::from(NEXT.fetch_add(1, Ordering::SeqCst)).to_be_bytes()
}

/// The tiny city, in which these people may know of 重点管理.
pub(crate) fn pack_that_permits(who: &[&str]) -> Value {
    let mut city = pack();
    let staff = city.get_mut("staff").and_then(Value::as_array_mut);
    for person in staff.unwrap() {
        let person = person.as_object_mut().unwrap();
        if who.contains(&person.get("id").unwrap().as_str().unwrap()) {
            person.insert("permissions".to_owned(), json!(["control"]));
        }
    }
    city
}

/// A city of one street, two communities, three grids and five people.
pub(crate) fn pack() -> Value {
    let square = |x: f64| json!([[x, 31.9], [x + 0.01, 31.9], [x + 0.01, 31.91], [x, 31.91]]);
    let grid = |code: &str, community: &str, x: f64| {
        json!({
            "code": code, "name": code, "name_en": code, "community": community,
            "polygon": square(x), "addresses": [],
        })
    };
    let person = |id: &str, role: &str, grids: &[&str], communities: &[&str]| {
        json!({
            "id": id, "name": format!("Test {id}"), "name_en": id, "badge_no": "0000",
            "roles": [role], "grids": grids, "communities": communities,
        })
    };
    json!({
        "format": "gridwalker-city",
        "format_version": 1,
        "version": "test-1",
        "city": {
            "code": "320699", "name": "试验区", "name_en": "Test District",
            "centre": { "lng": 120.8, "lat": 31.9 },
        },
        "divisions": [
            { "code": "320699001", "kind": "street", "parent": "320699", "name": "一街", "name_en": "First" },
            { "code": "320699001001", "kind": "community", "parent": "320699001", "name": "甲", "name_en": "A" },
            { "code": "320699001002", "kind": "community", "parent": "320699001", "name": "乙", "name_en": "B" },
        ],
        "departments": [{ "id": "d1", "name": "市政", "name_en": "Works" }],
        "grids": [
            grid("G1", "320699001001", 120.80),
            grid("G2", "320699001001", 120.82),
            grid("G3", "320699001002", 120.84),
        ],
        "catalogue": {
            "version": "1",
            "categories": [{
                "code": "E0101", "domain": "city_event", "major": "E01",
                "major_name": "设施", "major_name_en": "Facilities",
                "name": "路灯损坏", "name_en": "Broken lamp", "pinyin": "lu deng sun huai",
                "self_handle": false, "departments": ["d1"],
                "conditions": [{
                    "code": "1", "text": "不亮", "text_en": "dark", "close": "亮", "close_en": "lit",
                    "limit": { "value": 4, "kind": "work_hour" },
                }],
            }],
        },
        "calendar": {
            "utc_offset_minutes": 480, "slots": [[480, 720], [840, 1080]], "days": {},
            "valid_from": "2026-01-01", "valid_to": "2027-12-31",
        },
        "staff": [
            person("w1", "worker", &["G1"], &[]),
            person("w2", "worker", &["G2"], &[]),
            person("w3", "worker", &["G3"], &[]),
            person("c1", "clerk", &[], &["320699001001"]),
        ],
    })
}

/// A photo as an operation names it.
pub(crate) fn photo(n: u8) -> Value {
    json!({
        "digest": hex::encode([n; 32]), "thumb": hex::encode([n + 100; 32]), "kind": "near",
        "bytes": 1, "thumb_bytes": 1, "width": 1, "height": 1, "taken_at": null, "position": null,
    })
}
