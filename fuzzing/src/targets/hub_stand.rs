//! A hub with the sample city and one device, in this thread.

use axum::{
    Router,
    body::{Body, to_bytes},
    http::{HeaderValue, Request, StatusCode},
};
use hub::{Config, Hub, Rate};
use serde_json::{Value, json};
use shared::{
    DeviceId, StaffId,
    hub_api::{ApiError, ErrorCode},
};
use tempfile::TempDir;
use tokio::runtime::Runtime;
use tower::ServiceExt as _;

/// A hub with the sample city and one device, in this thread.
pub(super) struct HubStand {
    _folder: TempDir,
    runtime: Runtime,
    router: Router,
    token: String,
}

impl HubStand {
    /// A hub at which this person has a device.
    pub(super) fn of(staff: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        let mut config = Config::new(folder.path().join("hub"));
        config.rate = Rate {
            per_second: 1_000_000,
            burst: 1_000_000,
            guesses_per_minute: 1_000_000,
        };
        let (router, code) = runtime.block_on(async {
            let hub = Hub::open(config).await.unwrap();
            let city = scenarios::sample_city::sample_city().unwrap();
            let city = scenarios::sample_city::to_text(&city).unwrap();
            hub.load_pack(city.as_bytes()).await.unwrap();
            let code = hub.enrol(StaffId::from(staff)).await.unwrap().code;
            (hub.router(), code)
        });
        let mut stand = Self {
            _folder: folder,
            runtime,
            router,
            token: String::new(),
        };
        let (status, body) = stand.send(enrol(json!(code)));
        assert_eq!(status, StatusCode::OK);
        body["token"].as_str().unwrap().clone_into(&mut stand.token);
        stand
    }

    pub(super) fn send(&self, request: Request<Body>) -> (StatusCode, Value) {
        self.runtime.block_on(async {
            let response = self.router.clone().oneshot(request).await.unwrap();
            let status = response.status();
            let body = to_bytes(response.into_body(), usize::MAX).await.unwrap();
            let body = zstd::decode_all(body.as_ref()).unwrap_or_else(|_| body.to_vec());
            (status, serde_json::from_slice(&body).unwrap_or_default())
        })
    }

    /// Sends it; a refusal must be a known one of these statuses.
    pub(super) fn answered(&self, request: Request<Body>, refusals: &[u16]) -> StatusCode {
        let (status, body) = self.send(request);
        if status.is_success() {
            return status;
        }
        let error: ApiError = serde_json::from_value(body)
            .unwrap_or_else(|error| panic!("{status} without its reason: {error}"));
        assert!(
            refusals.contains(&status.as_u16()) && error.code != ErrorCode::Unknown,
            "{status}, {error:?}"
        );
        status
    }

    pub(super) fn request(&self, method: &str, path: &str) -> axum::http::request::Builder {
        let token = format!("Bearer {}", self.token);
        Request::builder()
            .method(method)
            .uri(path)
            .header("authorization", token)
    }

    pub(super) fn push(&self, packed: &[u8]) -> StatusCode {
        let request = self
            .request("POST", "/sync/v1/push")
            .header("content-type", "application/json")
            .header("content-encoding", "zstd")
            .body(Body::from(packed.to_vec()));
        self.answered(request.unwrap(), &[400, 409, 413])
    }
}

/// A device asks for a place by a code.
pub(super) fn enrol(code: Value) -> Request<Body> {
    let body = json!({
        "code": code, "device": DeviceId::from_bytes([7; 16]),
        "device_name": "tablet", "app_version": "0",
    });
    Request::post("/sync/v1/enrol")
        .header("content-type", "application/json")
        .body(Body::from(body.to_string()))
        .unwrap()
}

/// As far as HTTP itself would let it through.
pub(super) fn read_request(stand: &HubStand, bytes: &[u8]) -> Option<Request<Body>> {
    let end = bytes.windows(2).position(|pair| pair == b"\n\n")?;
    let mut lines = bytes[..end].split(|byte| *byte == b'\n');
    let first = str::from_utf8(lines.next()?).ok()?;
    let (method, path) = first.split_once(' ')?;
    let mut request = stand.request(method, path);
    for line in lines {
        let space = line.iter().position(|byte| *byte == b' ')?;
        let value = HeaderValue::from_bytes(&line[space + 1..]).ok()?;
        request = request.header(&line[..space], value);
    }
    let body = bytes[end + 2..].to_vec();
    let request = request.body(Body::from(body)).ok()?;
    let is_ours = request.uri().path().starts_with("/sync/v1/");
    is_ours.then_some(request)
}
