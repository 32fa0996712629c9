//! Trained dictionaries: nobody is sent what they can't unpack, and everybody hears what the hub has.

use axum::{
    body::Body,
    http::{StatusCode, header},
};
use packing::{Dictionaries, Dictionary};
use serde_json::json;
use shared::hub_api::{DICTIONARY, ErrorCode, HelloAnswer, PullAnswer};

use crate::world::{Device, Reply, World, observed};

/// What may be sent to somebody.
const MAX: usize = 1 << 20;

/// Lines of the header, and what they name.
fn headers() -> Vec<(Vec<String>, Dictionaries)> {
    let [cases, register] = Dictionary::ALL.map(Dictionary::short);
    let one = |it: Dictionary| Dictionaries::from_iter([it]);
    let both = Dictionaries::ALL;
    vec![
        (vec![], Dictionaries::NONE),
        (vec!["00000000".to_owned()], Dictionaries::NONE),
        (vec![cases.to_owned()], one(Dictionary::Cases)),
        (vec![register.to_uppercase()], one(Dictionary::Register)),
        (
            vec![format!("00000000 ,{register},x")],
            one(Dictionary::Register),
        ),
        (vec![format!("{cases}, {register}")], both),
        (vec![register.to_owned(), format!("y,{cases}")], both),
    ]
}

async fn get(worker: &Device, path: &str, lines: &[String]) -> Reply {
    let mut request = worker
        .request("GET", path)
        .header(header::ACCEPT_ENCODING, "zstd");
    for line in lines {
        request = request.header(DICTIONARY, line);
    }
    worker.send(request.body(Body::empty()).unwrap()).await
}

#[tokio::test]
async fn answers_are_packed_only_with_what_is_named_and_hello_says_all_there_are() {
    let world = World::new().await;
    let worker = world.device("w1").await;
    let all: Vec<_> = Dictionary::ALL.map(Dictionary::digest).into();
    for (lines, named) in headers() {
        let hello = get(&worker, "/sync/v1/hello", &lines).await;
        let page = get(&worker, "/sync/v1/pull?scope=city&limit=100", &lines).await;

        for reply in [&hello, &page] {
            let with = Dictionary::of_frame(&reply.body);
            assert_eq!(reply.header("content-encoding"), "zstd");
            assert_eq!(with.is_none(), named.is_empty(), "{lines:?}");
            assert!(
                with.is_none_or(|it| named.iter().any(|named| named == it)),
                "{lines:?}: {with:?}"
            );
        }
        let said = packing::unpack(&hello.body, MAX).unwrap();
        let said: HelloAnswer = serde_json::from_slice(&said).unwrap();
        let mut told: Vec<_> = said.dictionaries.iter().map(String::as_str).collect();
        told.extend(Dictionary::of_frame(&hello.body).map(Dictionary::digest));
        told.sort_unstable();
        let mut all = all.clone();
        all.sort_unstable();
        assert_eq!(told, all, "each once, for {lines:?}");
        let page = packing::unpack(&page.body, MAX).unwrap();
        let page: PullAnswer = serde_json::from_slice(&page).unwrap();
        assert_eq!(page, worker.pull("city", "", 100).await.json());
    }
}

#[tokio::test]
async fn whoever_takes_no_zstd_gets_none_whatever_they_name() {
    let world = World::new().await;
    let worker = world.device("w1").await;
    let request = worker
        .request("GET", "/sync/v1/hello")
        .header(DICTIONARY, Dictionaries::ALL.header());

    let reply = worker.send(request.body(Body::empty()).unwrap()).await;

    assert_eq!(reply.header("content-encoding"), "");
    let said: HelloAnswer = reply.json();
    assert_eq!(said.dictionaries, Dictionary::ALL.map(Dictionary::digest));
}

#[tokio::test]
async fn pushes_are_taken_with_each_dictionary_and_refused_with_a_foreign_one() {
    let world = World::new().await;
    let worker = world.device("w1").await;
    let push = json!({ "sent": observed(), "ops": [] }).to_string();
    let push_packed = async |body: Vec<u8>| {
        let request = worker
            .request("POST", "/sync/v1/push")
            .header(header::CONTENT_TYPE, "application/json")
            .header(header::CONTENT_ENCODING, "zstd");
        worker.send(request.body(Body::from(body)).unwrap()).await
    };
    for dictionary in Dictionary::ALL {
        let has = Dictionaries::from_iter([dictionary]);
        let body = packing::pack(push.as_bytes(), has).unwrap();

        assert_eq!(push_packed(body).await.status, StatusCode::OK);
    }
    let samples: Vec<Vec<u8>> = (0..1_000).map(|n| format!("{n} other").into()).collect();
    let foreign = zstd::dict::from_samples(&samples, 1_024).unwrap();
    let mut packer = zstd::bulk::Compressor::with_dictionary(3, &foreign).unwrap();

    let reply = push_packed(packer.compress(push.as_bytes()).unwrap()).await;

    assert_eq!(reply.status, StatusCode::BAD_REQUEST);
    assert_eq!(reply.error(), ErrorCode::Malformed);
}
