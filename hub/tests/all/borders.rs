//! Bad input at every door: a clear refusal, no panic, nothing about people in it.

use std::io::Read as _;

use axum::{
    body::Body,
    http::{Method, Request, StatusCode, header},
};
use hub::Rate;
use serde_json::Value;
use shared::hub_api::{ErrorCode, Limits};

use crate::world::World;

const METHODS: [Method; 6] = [
    Method::GET,
    Method::POST,
    Method::PUT,
    Method::PATCH,
    Method::DELETE,
    Method::OPTIONS,
];

fn concrete(path: &str) -> String {
    path.replace("{digest}", &"a".repeat(64))
}

#[tokio::test]
async fn the_openapi_document_lists_each_route_and_no_other() {
    let world = World::new().await;
    let reply = world
        .send(Request::get("/openapi.json").body(Body::empty()).unwrap())
        .await;
    let document: Value = reply.json();
    let paths = document["paths"].as_object().unwrap();

    let mut listed: Vec<_> = paths.keys().map(String::as_str).collect();
    let mut routes = hub::paths();
    listed.sort_unstable();
    routes.sort_unstable();
    assert_eq!(listed, routes);
    for path in routes {
        for method in METHODS {
            let request = Request::builder()
                .method(&method)
                .uri(concrete(path))
                .body(Body::empty());
            let status = world.send(request.unwrap()).await.status;
            let is_listed = paths[path].get(method.as_str().to_lowercase()).is_some();
            assert_eq!(
                status != StatusCode::METHOD_NOT_ALLOWED,
                is_listed,
                "{method} {path} answers {status}"
            );
        }
    }
}

#[tokio::test]
async fn every_reference_in_the_openapi_document_leads_somewhere() {
    fn references<'a>(value: &'a Value, found: &mut Vec<&'a str>) {
        match value {
            Value::Object(fields) => {
                found.extend(fields.get("$ref").and_then(Value::as_str));
                fields.values().for_each(|value| references(value, found));
            }
            Value::Array(items) => items.iter().for_each(|value| references(value, found)),
            _ => {}
        }
    }
    let document = hub::openapi::document();
    let mut found = Vec::new();
    references(&document, &mut found);

    assert!(found.len() > 20);
    for reference in found {
        let pointer = reference.strip_prefix('#').unwrap();
        assert!(document.pointer(pointer).is_some(), "{reference}");
    }
}

#[tokio::test]
async fn rubbish_at_any_door_is_refused_with_an_api_error() {
    let world = World::new().await;
    let worker = world.device("w1").await;
    let rubbish: [(&str, &str, Vec<u8>); 8] = [
        ("application/json", "", b"".to_vec()),
        ("application/json", "", b"{".to_vec()),
        ("application/json", "", b"{\"ops\":7}".to_vec()),
        ("application/json", "", "[".repeat(100_000).into_bytes()),
        ("application/json", "", vec![0xff; 1_000]),
        ("text/html", "", b"<html>".to_vec()),
        ("application/json", "gzip", b"{}".to_vec()),
        ("application/json", "zstd", b"not zstd".to_vec()),
    ];
    for path in hub::paths() {
        for method in METHODS {
            for (kind, encoding, body) in &rubbish {
                let mut request = worker
                    .request(method.as_str(), &concrete(path))
                    .header(header::CONTENT_TYPE, *kind);
                if !encoding.is_empty() {
                    request = request.header(header::CONTENT_ENCODING, *encoding);
                }
                let reply = worker
                    .send(request.body(Body::from(body.clone())).unwrap())
                    .await;
                let status = reply.status;
                assert!(
                    !status.is_server_error(),
                    "{method} {path} answers {status}"
                );
                if status.is_client_error() {
                    assert_ne!(reply.error(), ErrorCode::Unknown, "{method} {path}");
                }
                let open = ["/healthz", "/metrics", "/openapi.json"].contains(&path);
                assert!(
                    status.is_client_error()
                        || open
                        || method == Method::OPTIONS
                        || (method == Method::GET && path.ends_with("hello")),
                    "{method} {path} answers {status} to rubbish"
                );
            }
        }
    }
    assert_eq!(world.hub.stats().await.unwrap().ops, 0);
}

#[tokio::test]
async fn a_wrong_content_type_is_named_so() {
    let world = World::new().await;
    let worker = world.device("w1").await;

    for (kind, status) in [
        ("text/html; charset=utf-8", 415),
        ("\u{7f}", 415),
        ("application/json; charset=utf-8", 400),
    ] {
        let Ok(request) = worker
            .request("POST", "/sync/v1/push")
            .header(header::CONTENT_TYPE, kind)
            .body(Body::from("<html>"))
        else {
            continue;
        };
        assert_eq!(worker.send(request).await.status, status, "{kind:?}");
    }
}

#[tokio::test]
async fn a_malformed_body_is_not_quoted_back() {
    let world = World::new().await;
    let worker = world.device("w1").await;
    let request = worker
        .request("POST", "/sync/v1/push")
        .header(header::CONTENT_TYPE, "application/json")
        .body(Body::from(r#"{"sent":"张三 13800000000","ops":[]}"#));

    let reply = worker.send(request.unwrap()).await;

    assert_eq!(reply.error(), ErrorCode::Malformed);
    let text = String::from_utf8(reply.body.to_vec()).unwrap();
    assert!(!text.contains("张三") && !text.contains("138"), "{text}");
}

#[tokio::test]
async fn nothing_at_a_path_is_an_api_error_too() {
    let world = World::new().await;

    for path in [
        "/",
        "/sync",
        "/sync/v2/hello",
        "/sync/v1/hello/",
        "/%00",
        "/../etc/passwd",
    ] {
        let reply = world
            .send(Request::get(path).body(Body::empty()).unwrap())
            .await;
        assert_eq!(reply.error(), ErrorCode::NotFound, "{path}");
        assert_eq!(reply.status, StatusCode::NOT_FOUND);
    }
}

#[tokio::test]
async fn a_body_is_bounded_as_it_comes_and_as_it_unfolds() {
    let world = World::with(|config| {
        config.limits = Limits {
            max_body: 100_000,
            ..config.limits
        }
    })
    .await;
    let worker = world.device("w1").await;
    let send = async |encoding: &str, body: Vec<u8>| {
        let request = worker
            .request("POST", "/sync/v1/push")
            .header(header::CONTENT_TYPE, "application/json")
            .header(header::CONTENT_ENCODING, encoding)
            .body(Body::from(body));
        worker.send(request.unwrap()).await
    };
    let gigabyte = zstd::encode_all(std::io::repeat(b' ').take(1 << 30), 1).unwrap();
    assert!(
        gigabyte.len() < 100_000,
        "the bomb itself is small: {}",
        gigabyte.len()
    );

    let large = send("identity", vec![b' '; 100_001]).await;
    let bomb = send("zstd", gigabyte).await;
    let honest = send(
        "zstd",
        zstd::encode_all(
            &br#"{"sent":{"wall":0,"mono":0,"boot":""},"ops":[]}"#[..],
            3,
        )
        .unwrap(),
    )
    .await;

    assert_eq!(large.error(), ErrorCode::TooLarge);
    assert_eq!(bomb.error(), ErrorCode::TooLarge);
    assert_eq!(bomb.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert_eq!(honest.status, StatusCode::OK);
}

#[tokio::test]
async fn a_device_that_asks_too_often_is_told_when_to_come_back() {
    let world = World::with(|config| {
        config.rate = Rate {
            burst: 5,
            per_second: 1,
            ..config.rate
        }
    })
    .await;
    let [busy, other] = [world.device("w1").await, world.device("w1").await];
    for _ in 0..5 {
        busy.hello().await;
    }

    let reply = busy.get("/sync/v1/hello").await;

    assert_eq!(reply.error(), ErrorCode::TooMany);
    assert_eq!(reply.status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(reply.header("retry-after"), "1");
    other.hello().await;
    world.turn_clock(1_000);
    busy.hello().await;
}

#[tokio::test]
async fn metrics_count_and_tell_nothing_about_people() {
    let world = World::new().await;
    let worker = world.device("w1").await;
    let (_, op) = worker.report("G1");
    worker.push(&[op]).await;

    let reply = world
        .send(Request::get("/metrics").body(Body::empty()).unwrap())
        .await;

    let text = String::from_utf8(reply.body.to_vec()).unwrap();
    for line in [
        "gridwalker_requests_total{endpoint=\"/sync/v1/push\",status=\"200\"} 1",
        "gridwalker_ops_total{outcome=\"applied\"} 1",
        "gridwalker_op_log 1",
        "gridwalker_feeds{scope=\"grid\"} 1",
        "gridwalker_feed_seq{scope=\"city\"} 8",
    ] {
        assert!(text.contains(line), "{line} in {text}");
    }
    for personal in ["w1", "Test", "路灯", &worker.token] {
        assert!(!text.contains(personal), "{personal}");
    }
}
