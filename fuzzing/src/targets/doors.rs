//! The hub's doors: packed pushes, requests of all kinds, cursors, codes. Whatever comes, the answer is
//! one the protocol has for it, and the hub goes on.

use std::io::{Read as _, Write as _};

use axum::{
    body::Body,
    http::{Request, StatusCode},
};
use base64::{
    Engine as _,
    prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD},
};
use serde_json::json;
use sha2::{Digest as _, Sha256};
use zstd::zstd_safe::CParameter;

use super::{
    hub_stand::{HubStand, enrol, read_request},
    wire::examples,
};
use crate::{measure::Bound, target::Stand};

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
pub(super) const PUSH: Bound = Bound {
    ms: 10_000,
    bytes: 256 << 20,
};

pub(super) fn pushes() -> Stand {
    let stand = HubStand::of("w-0101");
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
    let two_frames = [packed(half), packed(other_half)].concat();
    let a_bomb = bomb(b' ', 1 << 30);
    let known = [
        (whole.clone(), StatusCode::OK, "the hub goes on"),
        (
            two_frames.clone(),
            StatusCode::OK,
            "two frames are one body",
        ),
        (a_bomb.clone(), StatusCode::PAYLOAD_TOO_LARGE, "a bomb"),
    ];
    let examples = vec![
        whole.clone(),
        two_frames,
        [whole.as_slice(), &whole].concat(),
        skippable,
        boastful,
        whole[..whole.len() - 5].to_vec(),
        packed_within(&push, 23),
        a_bomb,
        bomb(b'[', 4 << 20),
        packed(digits.as_bytes()),
    ];
    let mut nth = 0_u64;
    Stand::new(examples, move |bytes| {
        stand.push(bytes);
        nth += 1;
        if nth.is_multiple_of(100) {
            for (body, status, what) in &known {
                assert_eq!(stand.push(body), *status, "{what}");
            }
        }
    })
}

/// Bodies that may be 4 MiB are copied through some buffers; a workbook unfolds to what a form may be.
pub(super) const REQUEST: Bound = Bound {
    ms: 10_000,
    bytes: 64 << 20,
};

/// Whole requests at every path under `/sync/v1`. Lines: method, path, headers; what follows an empty
/// line is the body.
pub(super) fn requests() -> Stand {
    let stand = HubStand::of("c-01");
    let photo = vec![7; 3_000];
    let digest = hex::encode(Sha256::digest(&photo));
    let checksum = BASE64_STANDARD.encode(Sha256::digest(&photo[..1_000]));
    let metadata = format!("digest {}", BASE64_STANDARD.encode(&digest));
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
    let hello = format!(
        "GET /sync/v1/hello?wall=1790000000000&mono=5&boot=b\nGridwalker-Dictionary {}\n\n",
        packing::Dictionaries::ALL.header()
    );
    let pull = "GET /sync/v1/pull?scope=city&limit=10&cursor=\n\n";
    let renew = json!({ "device": "019dfc1c-5c00-7000-8000-000000000001" });
    let export = json!({
        "form": "household-visit", "format": "csv", "from": "2026-01-01", "to": "2026-12-31",
        "numbers": false, "reason": "年度统计",
    });
    let workbook = include_bytes!("../../../packs/forms/resident-check.xlsx");
    let publish = json!({
        "name": "resident-check", "workbook": BASE64_STANDARD.encode(workbook),
        "lists": { "streets.csv": BASE64_STANDARD.encode("name,label\na,A\n") },
    });
    let posts = [("renew", renew), ("export", export), ("form", publish)].map(|(path, body)| {
        format!("POST /sync/v1/{path}\nContent-Type application/json\n\n{body}").into_bytes()
    });
    let push = [
        b"POST /sync/v1/push\nContent-Type application/json\nContent-Encoding zstd\n\n".to_vec(),
        packed(br#"{"sent":{"wall":1,"mono":1,"boot":"b"},"ops":[]}"#),
    ];
    let mut examples = vec![
        create.into_bytes(),
        head.into_bytes(),
        chunk,
        range.into_bytes(),
        hello.into_bytes(),
        pull.into(),
        push.concat(),
    ];
    examples.extend(posts);
    let refusals = [
        400, 401, 403, 404, 405, 409, 410, 412, 413, 415, 416, 422, 426, 460,
    ];
    Stand::new(examples, move |bytes| {
        let Some(request) = read_request(&stand, bytes) else {
            return;
        };
        if request.method() == "HEAD" {
            let (status, _) = stand.send(request);
            assert!(
                status.is_success() || refusals.contains(&status.as_u16()),
                "{status}"
            );
        } else {
            stand.answered(request, &refusals);
        }
    })
}

/// A page of the city's feed, and a cursor of some dozen bytes.
pub(super) const PULL: Bound = Bound {
    ms: 10_000,
    bytes: 16 << 20,
};

pub(super) fn cursors() -> Stand {
    let stand = HubStand::of("w-0101");
    let path = |cursor: &str| format!("/sync/v1/pull?scope=city&limit=10&cursor={cursor}");
    let first = stand.request("GET", &path("")).body(Body::empty()).unwrap();
    let (status, page) = stand.send(first);
    assert_eq!(status, StatusCode::OK);
    let cursor = page["cursor"].as_str().unwrap().to_owned();
    let examples = vec![
        cursor.as_bytes().to_vec(),
        format!("9{cursor}").into_bytes(),
        b"-1.0123456789abcdef".to_vec(),
        // As hubs wrote them first.
        b"e 1 city".to_vec(),
        b"e -1 city".to_vec(),
        b"  ".to_vec(),
    ];
    Stand::new(examples, move |bytes| {
        let written = BASE64_URL_SAFE_NO_PAD.encode(bytes);
        let escaped = bytes
            .iter()
            .fold(String::new(), |text, byte| text + &format!("%{byte:02x}"));
        let bare = String::from_utf8_lossy(bytes).into_owned();
        for tried in [written, escaped, bare] {
            if let Ok(request) = stand.request("GET", &path(&tried)).body(Body::empty()) {
                let status = stand.answered(request, &[400, 403, 410]);
                assert!(
                    status.is_success() || tried != cursor,
                    "the true one is good"
                );
            }
        }
    })
}

/// A code of a dozen letters.
pub(super) const CODE: Bound = Bound {
    ms: 10_000,
    bytes: 2 << 20,
};

pub(super) fn codes() -> Stand {
    let stand = HubStand::of("w-0101");
    let examples = ["K7QM-3F9T-XW2A", "k7qm3f9txw2a", "０Ｋ-㏄ﬀ", " - - ", ""];
    let examples = examples.map(|code| code.as_bytes().to_vec()).to_vec();
    Stand::new(examples, move |bytes| {
        let code = String::from_utf8_lossy(bytes).into_owned();
        let status = stand.answered(enrol(json!(code)), &[400, 404]);
        assert!(!status.is_success(), "nobody made it");
        let body = [br#"{"code":""#.as_slice(), bytes, br#"","device":"x"}"#].concat();
        let request = Request::post("/sync/v1/enrol")
            .header("content-type", "application/json")
            .body(Body::from(body));
        let status = stand.answered(request.unwrap(), &[400, 404]);
        assert!(!status.is_success(), "nor this");
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_window_that_is_too_large_is_refused_before_it_is_made() {
        let stand = HubStand::of("w-0101");
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
}
