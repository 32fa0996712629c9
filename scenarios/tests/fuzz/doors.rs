//! The hub's doors: packed pushes, uploads, cursors, codes. Whatever comes, the answer is one the
//! protocol has for it, and the hub goes on.

use std::io::{Read as _, Write as _};

use axum::{
    Router,
    body::{Body, to_bytes},
    http::{HeaderValue, Request, StatusCode},
};
use base64::{
    Engine as _,
    prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD},
};
use hub::{Config, Hub, Rate};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use shared::{
    DeviceId, StaffId,
    hub_api::{ApiError, ErrorCode},
};
use tempfile::TempDir;
use tokio::runtime::Runtime;
use tower::ServiceExt as _;
use zstd::zstd_safe::CParameter;

use crate::{Bound, alone, examples, fuzz};

/// A hub with the sample city and one device, in this thread.
struct Stand {
    _folder: TempDir,
    runtime: Runtime,
    router: Router,
    token: String,
}

impl Stand {
    fn new() -> Self {
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
            let code = hub.enrol(StaffId::from("w-0101")).await.unwrap().code;
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

    fn send(&self, request: Request<Body>) -> (StatusCode, Value) {
        self.runtime.block_on(async {
            let response = self.router.clone().oneshot(request).await.unwrap();
            let status = response.status();
            let body = to_bytes(response.into_body(), usize::MAX).await.unwrap();
            let body = zstd::decode_all(body.as_ref()).unwrap_or_else(|_| body.to_vec());
            (status, serde_json::from_slice(&body).unwrap_or_default())
        })
    }

    /// Sends it; a refusal must be a known one of these statuses.
    fn answered(&self, request: Request<Body>, refusals: &[u16]) -> StatusCode {
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

    fn request(&self, method: &str, path: &str) -> axum::http::request::Builder {
        let token = format!("Bearer {}", self.token);
        Request::builder()
            .method(method)
            .uri(path)
            .header("authorization", token)
    }

    fn push(&self, packed: &[u8]) -> StatusCode {
        let request = self
            .request("POST", "/sync/v1/push")
            .header("content-type", "application/json")
            .header("content-encoding", "zstd")
            .body(Body::from(packed.to_vec()));
        self.answered(request.unwrap(), &[400, 409, 413])
    }
}

fn enrol(code: Value) -> Request<Body> {
    let body = json!({
        "code": code, "device": DeviceId::from_bytes([7; 16]),
        "device_name": "tablet", "app_version": "0",
    });
    Request::post("/sync/v1/enrol")
        .header("content-type", "application/json")
        .body(Body::from(body.to_string()))
        .unwrap()
}

fn packed(bytes: &[u8]) -> Vec<u8> {
    zstd::encode_all(bytes, 3).unwrap()
}

/// The same with a window of two to this power.
fn packed_within(bytes: &[u8], window_log: u32) -> Vec<u8> {
    let mut encoder = zstd::Encoder::new(Vec::new(), 1).unwrap();
    encoder
        .set_parameter(CParameter::WindowLog(window_log))
        .unwrap();
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn bomb(byte: u8, bytes: u64) -> Vec<u8> {
    zstd::encode_all(std::io::repeat(byte).take(bytes), 1).unwrap()
}

/// A body of 4 MiB can hold two million operations of one digit, each a value of 32 bytes, in a list
/// that doubles as it grows: 64 MiB, and 128 MiB while it is copied. How many there are is known
/// only then. The window of zstd is not Rust's memory; the test below holds it.
const PUSH: Bound = Bound {
    ms: 10_000,
    bytes: 256 << 20,
};

#[test]
fn packed_pushes() {
    let _alone = alone();
    let stand = Stand::new();
    let push = examples()
        .into_iter()
        .find(|text| text.starts_with(b"{\n  \"sent\""))
        .expect("the protocol has a push");
    let whole = packed(&push);
    let (half, other_half) = push.split_at(push.len() / 2);
    let skippable = [b"\x50\x2a\x4d\x18\x04\x00\x00\x00skip", whole.as_slice()].concat();
    // Says that it unfolds to the largest number there is.
    let boastful = b"\x28\xb5\x2f\xfd\xe0\xff\xff\xff\xff\xff\xff\xff\xff\x01\x00\x00".to_vec();
    let digits = format!(
        r#"{{"sent":{{"wall":1,"mono":1,"boot":"b"}},"ops":[{}0]}}"#,
        "0,".repeat(2_000_000)
    );
    let corpus = [
        whole.clone(),
        [packed(half), packed(other_half)].concat(),
        [whole.as_slice(), &whole].concat(),
        skippable,
        boastful,
        whole[..whole.len() - 5].to_vec(),
        packed_within(&push, 23),
        bomb(b' ', 1 << 30),
        bomb(b'[', 4 << 20),
        packed(digits.as_bytes()),
    ];

    fuzz(400, &corpus, PUSH, |bytes| {
        stand.push(bytes);
    });

    assert_eq!(stand.push(&whole), StatusCode::OK, "the hub goes on");
    assert_eq!(
        stand.push(&corpus[1]),
        StatusCode::OK,
        "two frames are one body"
    );
    assert_eq!(
        stand.push(&corpus[7]),
        StatusCode::PAYLOAD_TOO_LARGE,
        "a bomb"
    );
}

#[test]
fn a_window_that_is_too_large_is_refused_before_it_is_made() {
    let _alone = alone();
    let stand = Stand::new();
    let body = json!({ "sent": { "wall": 1, "mono": 1, "boot": "b" }, "ops": [] });
    let mut body = body.to_string().into_bytes();
    // Frames that are smaller than their window say so and need none.
    body.resize(3 << 20, b' ');
    for (window_log, status) in [(21, 200), (23, 200), (24, 400), (27, 400)] {
        // Its length unsaid, as of a stream, so that the window is what it says.
        let packed = packed_within(&body, window_log);

        assert_eq!(stand.push(&packed), status, "2 to the {window_log}");
    }
}

/// Uploads are written as they come: a chunk, and the buffers it is copied through.
const UPLOAD: Bound = Bound {
    ms: 10_000,
    bytes: 4 << 20,
};

#[test]
fn uploads() {
    let _alone = alone();
    let stand = Stand::new();
    let photo = vec![7; 3_000];
    let digest = hex::encode(Sha256::digest(&photo));
    let checksum = BASE64_STANDARD.encode(Sha256::digest(&photo[..1_000]));
    let metadata = format!("digest {}", BASE64_STANDARD.encode(&digest));
    // Lines: method, path, headers; what follows an empty line is the body.
    let create = format!(
        "POST /sync/v1/photos\nTus-Resumable 1.0.0\nUpload-Length 3000\nUpload-Metadata {metadata}\n\n"
    );
    let head = format!("HEAD /sync/v1/photos/{digest}\nTus-Resumable 1.0.0\n\n");
    let mut chunk = format!(
        "PATCH /sync/v1/photos/{digest}\nTus-Resumable 1.0.0\nContent-Type application/offset+octet-stream\nUpload-Offset 0\nUpload-Checksum sha256 {checksum}\n\n"
    )
    .into_bytes();
    chunk.extend(&photo[..1_000]);
    let range = format!("GET /sync/v1/photos/{digest}\nRange bytes=0-9\n\n");
    let corpus = [
        create.into_bytes(),
        head.into_bytes(),
        chunk,
        range.into_bytes(),
    ];
    let refusals = [400, 403, 404, 405, 409, 412, 413, 415, 416, 460];

    fuzz(600, &corpus, UPLOAD, |bytes| {
        if let Some(request) = read_request(&stand, bytes) {
            let is_head = request.method() == "HEAD";
            if is_head {
                let (status, _) = stand.send(request);
                assert!(
                    status.is_success() || refusals.contains(&status.as_u16()),
                    "{status}"
                );
            } else {
                stand.answered(request, &refusals);
            }
        }
    });
}

/// As far as HTTP itself would let it through.
fn read_request(stand: &Stand, bytes: &[u8]) -> Option<Request<Body>> {
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
    let is_ours = request.uri().path().starts_with("/sync/v1/photos");
    is_ours.then_some(request)
}

/// A page of the city's feed, and a cursor of some dozen bytes.
const PULL: Bound = Bound {
    ms: 10_000,
    bytes: 16 << 20,
};

#[test]
fn cursors() {
    let _alone = alone();
    let stand = Stand::new();
    let pull = |cursor: &str| {
        let path = format!("/sync/v1/pull?scope=city&limit=10&cursor={cursor}");
        let request = stand.request("GET", &path).body(Body::empty());
        request.ok().map(|request| stand.send(request))
    };
    let (status, page) = pull("").unwrap();
    assert_eq!(status, StatusCode::OK);
    let cursor = page["cursor"].as_str().unwrap();
    let corpus = [
        cursor.as_bytes().to_vec(),
        format!("9{cursor}").into_bytes(),
        b"-1.0123456789abcdef".to_vec(),
        // As hubs wrote them first.
        b"e 1 city".to_vec(),
        b"e -1 city".to_vec(),
        b"  ".to_vec(),
    ];

    fuzz(1_500, &corpus, PULL, |bytes| {
        let written = BASE64_URL_SAFE_NO_PAD.encode(bytes);
        let escaped = bytes
            .iter()
            .fold(String::new(), |text, byte| text + &format!("%{byte:02x}"));
        let bare = String::from_utf8_lossy(bytes).into_owned();
        for cursor in [written, escaped, bare] {
            let path = format!("/sync/v1/pull?scope=city&limit=10&cursor={cursor}");
            if let Ok(request) = stand.request("GET", &path).body(Body::empty()) {
                stand.answered(request, &[400, 403, 410]);
            }
        }
    });

    assert_eq!(
        pull(cursor).unwrap().0,
        StatusCode::OK,
        "the true one is good"
    );
}

/// A code of a dozen letters.
const CODE: Bound = Bound {
    ms: 10_000,
    bytes: 2 << 20,
};

#[test]
fn codes() {
    let _alone = alone();
    let stand = Stand::new();
    let corpus = ["K7QM-3F9T-XW2A", "k7qm3f9txw2a", "０Ｋ-㏄ﬀ", " - - ", ""]
        .map(|code| code.as_bytes().to_vec());

    fuzz(1_500, &corpus, CODE, |bytes| {
        let code = String::from_utf8_lossy(bytes).into_owned();
        let status = stand.answered(enrol(json!(code)), &[400, 404]);
        assert!(!status.is_success(), "nobody made it");
        let body = [br#"{"code":""#.as_slice(), bytes, br#"","device":"x"}"#].concat();
        let request = Request::post("/sync/v1/enrol")
            .header("content-type", "application/json")
            .body(Body::from(body));
        let status = stand.answered(request.unwrap(), &[400, 404]);
        assert!(!status.is_success(), "nor this");
    });
}
