//! Trained dictionaries, with hubs that have all of them, one or none: a hub is sent only what it said
//! that it can unpack.

use client::sync::{Connect as _, OverHttp, Remote as _};
use packing::{Dictionaries, Dictionary};
use serde_json::{Value, json};
use shared::{
    Timestamp,
    hub_api::{Hello, Push},
    time::Observed,
};

use crate::http::{answer, answers_in_turn, body_of, hello_answer, json_answer};

fn one(dictionary: Dictionary) -> Dictionaries {
    Dictionaries::from_iter([dictionary])
}

/// An answer to hello that lists these and is packed with that, if with any.
fn hello(listed: Dictionaries, with: Option<Dictionary>) -> Vec<u8> {
    let mut said = hello_answer();
    let names: Vec<_> = listed.iter().map(Dictionary::digest).collect();
    said["dictionaries"] = json!(names);
    said["dictionaries"]
        .as_array_mut()
        .unwrap()
        .push(json!("0".repeat(64)));
    answer(
        "200 OK",
        "content-type: application/json\r\ncontent-encoding: zstd\r\netag: W/\"one\"\r\n",
        &packing::pack(said.to_string().as_bytes(), with.into_iter().collect()).unwrap(),
    )
}

/// Somebody was not at home: a message that one of the dictionaries is made for.
fn visit() -> Push {
    let op: Value = json!({
        "op_id": "019dfc1c-5c00-7000-8000-000000000043", "dev_seq": 1,
        "target": { "kind": "visit", "id": "019dfc1c-5c00-7000-8000-0000000000bb" },
        "base_rev": 0,
        "action": {
            "do": "visit", "grid": "329901001001001", "outcome": "not_home",
            "at": { "kind": "dwelling", "id": "019dfc1c-5c00-7000-8000-0000000000b8" }
        },
        "observed_at": { "wall": 1, "mono": 2, "boot": "b" },
        "author": { "staff": "w-03", "role": "worker" },
        "scope": "grid:329901001001001", "schema": 1
    });
    Push {
        sent: Observed {
            wall: Timestamp::from_ms(1),
            mono: 2,
            boot: "b".to_owned(),
        },
        ops: vec![op],
        brief: false,
    }
}

#[tokio::test]
async fn a_hub_is_sent_only_what_it_said_it_has() {
    let [cases, register] = Dictionary::ALL;
    let (none, both) = (Dictionaries::NONE, Dictionaries::ALL);
    for (listed, packed_with, sent_with) in [
        (none, None, None),
        (one(cases), None, Some(cases)),
        (none, Some(cases), Some(cases)),
        (one(register), None, Some(register)),
        (none, Some(register), Some(register)),
        (both, None, Some(register)),
        (one(register), Some(cases), Some(register)),
        (one(cases), Some(register), Some(register)),
    ] {
        let again = "HTTP/1.1 304 Not Modified\r\ndate: Sun, 06 Nov 1994 08:49:37 GMT\r\n\r\n";
        let taken = json_answer("200 OK", &json!({ "results": [] }));
        let answers = [
            hello(listed, packed_with),
            taken.clone(),
            again.into(),
            taken,
        ];
        let (address, served) = answers_in_turn(answers.to_vec()).await;
        let over_http = OverHttp::default();
        // Twice, by two connections of one app: what the hub says again is remembered.
        for _ in 0..2 {
            let hub = over_http.connect(&address, Some("secret-token")).unwrap();
            hub.hello(&Hello::default()).await.unwrap();
            hub.push(&visit()).await.unwrap();
        }

        let requests = served.await.unwrap();
        let named = format!("gridwalker-dictionary: {}", both.header());
        for request in &requests {
            let head = String::from_utf8_lossy(request).to_lowercase();
            assert!(head.contains(&named), "{head}");
        }
        for push in [&requests[1], &requests[3]] {
            let body = body_of(push);
            assert_eq!(
                Dictionary::of_frame(body),
                sent_with,
                "{listed:?}, {packed_with:?}"
            );
            let body = packing::unpack(body, 10_000).unwrap();
            assert_eq!(serde_json::from_slice::<Push>(&body).unwrap(), visit());
        }
    }
}

#[tokio::test]
async fn an_answer_packed_with_a_dictionary_says_that_the_hub_has_it() {
    let taken = json!({ "results": [] }).to_string();
    let packed = packing::pack(taken.as_bytes(), one(Dictionary::Register)).unwrap();
    let packed = answer(
        "200 OK",
        "content-type: application/json\r\ncontent-encoding: zstd\r\n",
        &packed,
    );
    let (address, served) = answers_in_turn(vec![packed.clone(), packed]).await;
    let hub = OverHttp::default().connect(&address, Some("secret-token"));
    let hub = hub.unwrap();

    hub.push(&visit()).await.unwrap();
    hub.push(&visit()).await.unwrap();

    let requests = served.await.unwrap();
    let [first, second] = [0, 1].map(|at: usize| Dictionary::of_frame(body_of(&requests[at])));
    assert_eq!(first, None, "nobody had said it");
    assert_eq!(second, Some(Dictionary::Register));
}
