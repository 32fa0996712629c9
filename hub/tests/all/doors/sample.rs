//! A good request to each endpoint.

use axum::{
    body::Body,
    http::{HeaderValue, Method, Request, header},
};
use base64::{Engine as _, prelude::BASE64_STANDARD};
use bytes::Bytes;
use hub::Rate;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use shared::hub_api::{Limits, export::EXPORT_PATH, photo, publish::PUBLISH_PATH};

use super::Endpoint;
use crate::world::{Device, Reply, World, fresh, observed, report};

/// Bytes of a body that the hub of this scene still takes.
pub(super) const BODY_MAX: usize = 100_000;

/// A photo as far as the hub cares.
const PHOTO: [u8; 100] = [7; 100];

/// The half that has arrived of another one.
const HALF: [u8; 50] = [8; 50];

/// A hub with a device, one that was revoked, a photo that is there and one on its way.
pub(super) struct Scene {
    pub(super) world: World,
    pub(super) worker: Device,
    clerk: Device,
    pub(super) revoked: Device,
}

impl Scene {
    pub(super) async fn new() -> Self {
        let world = World::with(|config| {
            config.limits = Limits {
                max_body: BODY_MAX,
                ..config.limits
            };
            // Hundreds of requests in one moment of a clock that stands still.
            config.rate = Rate {
                burst: 100_000,
                guesses_per_minute: 100_000,
                ..config.rate
            };
        })
        .await;
        let [worker, revoked] = [world.device("w1").await, world.device("w1").await];
        world.hub.revoke_device(revoked.id).await.unwrap();
        let form = include_bytes!("../../../../packs/forms/vaccination.xlsx");
        let no_list = |_: &str| Err(hub::Error::FormTooLarge);
        let loaded = world.hub.load_form(form, "vaccination", no_list);
        loaded.await.unwrap();
        let scene = Self {
            clerk: world.device("c1").await,
            world,
            worker,
            revoked,
        };
        let shown = json!([{
            "digest": digest(&PHOTO), "thumb": "0".repeat(64), "kind": "near",
            "bytes": 100, "thumb_bytes": 1, "width": 1, "height": 1,
            "taken_at": null, "position": null,
        }]);
        let case = shared::CaseId::from_bytes(fresh());
        let op = scene.worker.op(case, &report("G1", &shown));
        scene.worker.push(&[op]).await;
        let half = [HALF, HALF].concat();
        for (photo, arrived) in [(PHOTO.as_slice(), PHOTO.as_slice()), (&half, &HALF)] {
            scene.send(scene.create(photo)).await;
            let reply = scene.send(scene.patch(&digest(photo), 0, arrived)).await;
            assert_eq!(reply.status, 204, "{reply:?}");
        }
        scene
    }

    fn create(&self, photo: &[u8]) -> Ask {
        Ask::bare(Method::POST, photo::CREATE_PATH)
            .with_token(&self.worker.token)
            .header(photo::UPLOAD_LENGTH, "100")
            .header(photo::UPLOAD_METADATA, &metadata(&digest(photo)))
    }

    fn patch(&self, digest: &str, offset: usize, bytes: &[u8]) -> Ask {
        Ask::bare(Method::PATCH, &format!("{}/{digest}", photo::CREATE_PATH))
            .with_token(&self.worker.token)
            .header("content-type", photo::CHUNK_TYPE)
            .header(photo::UPLOAD_OFFSET, &offset.to_string())
            .body(bytes)
    }

    pub(super) async fn send(&self, ask: Ask) -> Reply {
        self.world.send(ask.into_request()).await
    }

    /// What requests leave behind: operations, quarantined ones, devices, the second photo's state.
    pub(super) async fn traces(&self) -> (u64, u64, usize, String) {
        let stats = self.world.hub.stats().await.unwrap();
        let devices = self.world.hub.devices().await.unwrap().len();
        let path = format!("{}/{}", photo::CREATE_PATH, begun());
        let head = Ask::bare(Method::HEAD, &path).with_token(&self.worker.token);
        let upload = self.send(head).await;
        let offset = upload.header(photo::UPLOAD_OFFSET).to_owned();
        (stats.ops, stats.quarantined, devices, offset)
    }
}

/// The digest of the photo that is on its way.
fn begun() -> String {
    digest(&[HALF, HALF].concat())
}

fn digest(bytes: &[u8]) -> String {
    hex::encode(Sha256::digest(bytes))
}

fn metadata(digest: &str) -> String {
    format!("digest {}", BASE64_STANDARD.encode(digest))
}

/// A request that is not built yet, so that parts of it can be taken away or spoilt.
#[derive(Debug, Clone)]
pub(super) struct Ask {
    pub(super) method: Method,
    pub(super) path: String,
    pub(super) query: Vec<(String, String)>,
    pub(super) headers: Vec<(String, Vec<u8>)>,
    pub(super) body: Vec<u8>,
    /// Whether the connection breaks after the body's last byte.
    pub(super) cut: bool,
}

impl Ask {
    pub(super) fn bare(method: Method, path: &str) -> Self {
        Self {
            method,
            path: path.replace("{digest}", &begun()),
            query: Vec::new(),
            headers: Vec::new(),
            body: Vec::new(),
            cut: false,
        }
    }

    /// A request that this endpoint takes.
    pub(super) async fn good(scene: &Scene, endpoint: &Endpoint) -> Self {
        // Chunks go to the photo that is on its way, everything else asks for the one that is there.
        let path = if endpoint.method == Method::PATCH {
            endpoint.path.clone()
        } else {
            endpoint.path.replace("{digest}", &digest(&PHOTO))
        };
        let mut ask = Self::bare(endpoint.method.clone(), &path);
        if !endpoint.is_open() {
            // Files and forms are for those at desks.
            let by = if [EXPORT_PATH, PUBLISH_PATH].contains(&endpoint.path.as_str()) {
                &scene.clerk
            } else {
                &scene.worker
            };
            ask = ask.with_token(&by.token);
        }
        for (name, _) in endpoint.parameters("query") {
            ask.query.push((name.to_owned(), sample(name)));
        }
        for (name, _) in endpoint.parameters("header") {
            ask = ask.header(name, &sample(name));
        }
        if let Some(kind) = endpoint.body_type() {
            let body = match kind {
                photo::CHUNK_TYPE => HALF.to_vec(),
                _ => scene.json(endpoint).await.to_string().into_bytes(),
            };
            ask = ask.header("content-type", kind).body(&body);
        }
        ask
    }

    pub(super) fn with_token(self, token: &str) -> Self {
        self.header("authorization", &format!("Bearer {token}"))
    }

    /// With this header, in the place of one of the same name.
    pub(super) fn header(self, name: &str, value: &str) -> Self {
        self.raw_header(name, value.as_bytes())
    }

    pub(super) fn raw_header(self, name: &str, value: &[u8]) -> Self {
        let mut ask = self.without_header(name);
        ask.headers.push((name.to_owned(), value.to_vec()));
        ask
    }

    pub(super) fn without_header(mut self, name: &str) -> Self {
        self.headers
            .retain(|(other, _)| !other.eq_ignore_ascii_case(name));
        self
    }

    pub(super) fn with_query(mut self, name: &str, value: Option<&str>) -> Self {
        self.query.retain(|(other, _)| other != name);
        let value = value.map(|value| (name.to_owned(), value.to_owned()));
        self.query.extend(value);
        self
    }

    pub(super) fn body(mut self, body: &[u8]) -> Self {
        self.body = body.to_vec();
        self
    }

    fn into_request(self) -> Request<Body> {
        let query: Vec<_> = self
            .query
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        let uri = if query.is_empty() {
            self.path
        } else {
            format!("{}?{}", self.path, query.join("&"))
        };
        let body = if self.cut {
            let pieces = [
                Ok(Bytes::from(self.body)),
                Err(std::io::Error::from(std::io::ErrorKind::ConnectionReset)),
            ];
            Body::from_stream(futures_util::stream::iter(pieces))
        } else {
            Body::from(self.body)
        };
        let mut request = Request::builder()
            .method(self.method)
            .uri(uri)
            .body(body)
            .unwrap();
        for (name, value) in self.headers {
            let name: header::HeaderName = name.parse().unwrap();
            request
                .headers_mut()
                .insert(name, HeaderValue::from_bytes(&value).unwrap());
        }
        request
    }
}

impl Scene {
    /// A body for the endpoint's schema.
    async fn json(&self, endpoint: &Endpoint) -> Value {
        let schema = endpoint
            .operation
            .pointer("/requestBody/content/application~1json/schema/$ref")
            .and_then(Value::as_str)
            .unwrap_or_else(|| panic!("a sample for the body of {endpoint:?} is missing here"));
        match schema {
            "#/components/schemas/Enrol" => json!({
                "code": self.world.code_for("w2").await, "device": shared::DeviceId::from_bytes(fresh()),
                "device_name": "tablet", "app_version": "0.1.0",
            }),
            "#/components/schemas/Renew" => {
                json!({ "device": shared::DeviceId::from_bytes(fresh()) })
            }
            "#/components/schemas/Export" => json!({
                "form": "vaccination", "format": "csv", "reason": "test",
                "from": "2026-11-01", "until": "2026-11-30",
            }),
            "#/components/schemas/Publish" => json!({
                "name": "vaccination",
                "workbook": BASE64_STANDARD.encode(include_bytes!("../../../../packs/forms/vaccination.xlsx")),
            }),
            "#/components/schemas/Push" => json!({ "sent": observed(), "ops": [] }),
            other => panic!("a sample for {other} is missing here"),
        }
    }
}

/// A good value for a parameter.
fn sample(name: &str) -> String {
    match name {
        "scope" => "grid:G1".to_owned(),
        "cursor" => String::new(),
        "limit" => "10".to_owned(),
        "wall" | "mono" => "1795478400000".to_owned(),
        "boot" => "b7".to_owned(),
        "Range" => "bytes=0-9".to_owned(),
        photo::TUS_RESUMABLE => photo::TUS_VERSION.to_owned(),
        photo::UPLOAD_LENGTH => "100".to_owned(),
        photo::UPLOAD_METADATA => metadata(&begun()),
        photo::UPLOAD_OFFSET => HALF.len().to_string(),
        photo::UPLOAD_CHECKSUM => {
            format!("sha256 {}", BASE64_STANDARD.encode(Sha256::digest(HALF)))
        }
        other => panic!("a sample for the parameter {other} is missing here"),
    }
}
