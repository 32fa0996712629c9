//! What the device really sends, seen by a recorder in front of a real hub, against what
//! docs/protocol.md and the OpenAPI document ask of a device. That the answers are right is the
//! hub's tests' matter.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test may fail loudly"
)]

use std::{
    collections::BTreeSet,
    net::SocketAddr,
    sync::{Arc, Mutex},
};

use axum::{
    body::{Body, Bytes, to_bytes},
    extract::{Request, State},
    http::{HeaderMap, Method, header},
    middleware::{self, Next},
    response::Response,
};
use scenarios::world::{Fault, World, serve, street_photo};
use serde_json::{Value, json};
use shared::hub_api::photo;

/// A request as it came over the wire.
#[derive(Debug)]
struct Sent {
    method: Method,
    path: String,
    query: String,
    headers: HeaderMap,
    /// `None`: the link broke in the middle.
    body: Option<Bytes>,
}

type Recording = Arc<Mutex<Vec<Sent>>>;

async fn record(State(recording): State<Recording>, request: Request, next: Next) -> Response {
    let (parts, body) = request.into_parts();
    let body = to_bytes(body, usize::MAX).await.ok();
    recording.lock().unwrap().push(Sent {
        method: parts.method.clone(),
        path: parts.uri.path().to_owned(),
        query: parts.uri.query().unwrap_or_default().to_owned(),
        headers: parts.headers.clone(),
        body: body.clone(),
    });
    let cut = || Err::<Bytes, _>(std::io::Error::other("cut off"));
    let body = body.map_or_else(
        || Body::from_stream(futures_util::stream::iter([cut()])),
        Body::from,
    );
    next.run(Request::from_parts(parts, body)).await
}

/// A recorder in front of the world's hub.
async fn recorder(world: &World) -> (SocketAddr, Recording) {
    let recording = Recording::default();
    let layer = middleware::from_fn_with_state(Arc::clone(&recording), record);
    let address = serve(world.hub().router().layer(layer)).await.unwrap();
    (address, recording)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_working_day_sends_only_what_the_protocol_asks_for() {
    let world = World::new().await.unwrap();
    let (front, recording) = recorder(&world).await;
    let worker = world.device_by("w-0101", front).await.unwrap();
    let clerk = world.device_by("c-01", front).await.unwrap();

    let photos = [street_photo(1, 1_600, 1_200), street_photo(2, 640, 480)];
    let case = worker
        .reports("楼下垃圾桶旁堆了三袋垃圾", &photos)
        .await
        .unwrap();
    worker.supplements(case, "下午还在").await.unwrap();
    worker.link().set(Fault::CutUpAfter(48 * 1024));
    worker.syncs_until_delivered(60).await.unwrap();
    worker.goes_online();
    clerk.syncs().await.unwrap();
    clerk.registers(case).await.unwrap();
    clerk.syncs().await.unwrap();
    let mine = worker.reports("路灯不亮", &[]).await.unwrap();
    worker.withdraws(mine).await.unwrap();
    worker.syncs_until_delivered(3).await.unwrap();

    let document = hub::openapi::document();
    let sent = std::mem::take(&mut *recording.lock().unwrap());
    let mut seen = BTreeSet::new();
    for sent in &sent {
        seen.insert(format!("{} {}", sent.method, template(&sent.path)));
        as_documented(&document, sent);
        as_the_protocol_says(sent);
    }
    for endpoint in [
        "POST /sync/v1/enrol",
        "GET /sync/v1/hello",
        "POST /sync/v1/push",
        "GET /sync/v1/pull",
        "POST /sync/v1/photos",
        "PATCH /sync/v1/photos/{digest}",
        "GET /sync/v1/photos/{digest}",
    ] {
        assert!(
            seen.contains(endpoint),
            "{endpoint} is part of such a day: {seen:?}"
        );
    }
    assert!(worker.link().breaks() > 0, "the link broke on the way");
}

/// The path as the document lists it.
fn template(path: &str) -> String {
    let digest = path.strip_prefix("/sync/v1/photos/");
    digest.map_or_else(
        || path.to_owned(),
        |_| "/sync/v1/photos/{digest}".to_owned(),
    )
}

/// The endpoint, its parameters and its body are those of the OpenAPI document.
fn as_documented(document: &Value, sent: &Sent) {
    let item = &document["paths"][template(&sent.path)];
    let operation = &item[sent.method.as_str().to_lowercase()];
    assert!(operation.is_object(), "a documented endpoint: {sent:?}");
    let parameters = operation["parameters"].as_array().into_iter().flatten();
    let mut queries = BTreeSet::new();
    for parameter in parameters {
        let name = parameter["name"].as_str().unwrap();
        match parameter["in"].as_str().unwrap() {
            "query" => drop(queries.insert(name)),
            "header" if parameter["required"] == true => {
                assert!(sent.headers.contains_key(name), "{name} in {sent:?}");
            }
            _ => {}
        }
    }
    for pair in sent.query.split('&').filter(|pair| !pair.is_empty()) {
        let (name, _) = pair.split_once('=').unwrap();
        assert!(queries.contains(name), "{name} is documented: {sent:?}");
    }
    let schema = operation.pointer("/requestBody/content/application~1json/schema");
    if let (Some(schema), Some(body)) = (schema, &sent.body) {
        let json = packing::unpack(body, usize::MAX).unwrap();
        let json: Value = serde_json::from_slice(&json).unwrap();
        let mut whole = schema.clone();
        whole["components"] = document["components"].clone();
        let validator = jsonschema::options()
            .should_validate_formats(true)
            .build(&whole)
            .unwrap();
        let errors: Vec<_> = validator
            .iter_errors(&json)
            .map(|it| it.to_string())
            .collect();
        assert!(errors.is_empty(), "{errors:?} in {json}");
    }
}

/// What a schema can't say: tokens, compression, versions, checksums, digests.
fn as_the_protocol_says(sent: &Sent) {
    let header = |name: &str| {
        let value = sent.headers.get(name);
        value.map_or("", |value| value.to_str().unwrap())
    };
    let has_token = header(header::AUTHORIZATION.as_str()).starts_with("Bearer ");
    let is_enrolling = sent.path == "/sync/v1/enrol";
    assert_ne!(
        has_token, is_enrolling,
        "2.3: {} {}",
        sent.method, sent.path
    );
    if ["/sync/v1/enrol", "/sync/v1/push"].contains(&sent.path.as_str()) {
        assert_eq!(header("content-type"), "application/json", "2.1");
        assert_eq!(header("content-encoding"), "zstd", "2.2");
    }
    if sent.path == "/sync/v1/hello" {
        for clock in ["wall=", "mono=", "boot="] {
            assert!(sent.query.contains(clock), "5: {}", sent.query);
        }
    }
    let is_photo = sent.path.starts_with(photo::CREATE_PATH);
    if is_photo && sent.method != Method::GET {
        assert_eq!(
            header(photo::TUS_RESUMABLE),
            "1.0.0",
            "8.1: {}",
            sent.method
        );
    }
    if sent.method == Method::PATCH {
        // Nothing changed bytes here, so each piece can be kept in part.
        assert_eq!(header(photo::UPLOAD_CHECKSUM), "", "8.3");
        assert_eq!(header("content-type"), photo::CHUNK_TYPE, "8.3");
    }
    if sent.path == "/sync/v1/push"
        && let Some(body) = &sent.body
    {
        let push = packing::unpack(body, usize::MAX).unwrap();
        let push: Value = serde_json::from_slice(&push).unwrap();
        let places = push["ops"].as_array().unwrap().iter();
        let places: Vec<_> = places.map(|op| op["dev_seq"].as_u64().unwrap()).collect();
        let dense = places.windows(2).all(|pair| pair[0] + 1 == pair[1]);
        assert!(dense, "6.3: {places:?}");
        assert!(
            push["ops"]
                .as_array()
                .unwrap()
                .iter()
                .all(|op| op["schema"] == json!(1)),
            "6.1"
        );
    }
}
