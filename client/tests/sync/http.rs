//! The HTTP remote against servers that answer fixed bytes: what stands between a tablet and its
//! hub is seldom a hub.

use std::time::Duration;

use bytes::Bytes;
use client::{
    photo::digest_of,
    sync::{Check, Connect as _, Http, HubAddress, OverHttp, Remote, RemoteError, Retry},
};
use serde_json::json;
use shared::{
    Scope, Timestamp,
    hub_api::{ErrorCode, Hello, HelloAnswer, Pull, Push},
    time::Observed,
};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
    task::JoinHandle,
};

const PORTAL: &str = "HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-length: 33\r\n\r\n\
                      <html>Please log in first.</html>";

/// Answers every request with `answer`; gives the requests it saw, heads and bodies.
async fn server(answer: impl Into<Vec<u8>>) -> (Http, JoinHandle<Vec<u8>>) {
    let answer = answer.into();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let served = tokio::spawn(async move {
        let (mut connection, _) = listener.accept().await.unwrap();
        let request = read_request(&mut connection).await;
        connection.write_all(&answer).await.unwrap();
        connection.shutdown().await.unwrap();
        request
    });
    (
        Http::new(address.parse().unwrap(), Some("secret-token")).unwrap(),
        served,
    )
}

/// Answers a connection each; gives the requests it saw.
pub(crate) async fn answers_in_turn(
    answers: Vec<Vec<u8>>,
) -> (HubAddress, JoinHandle<Vec<Vec<u8>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let served = tokio::spawn(async move {
        let mut requests = Vec::new();
        for answer in answers {
            let (mut connection, _) = listener.accept().await.unwrap();
            requests.push(read_request(&mut connection).await);
            connection.write_all(&answer).await.unwrap();
            connection.shutdown().await.unwrap();
        }
        requests
    });
    (address.parse().unwrap(), served)
}

pub(crate) fn hello_answer() -> serde_json::Value {
    json!({
        "protocol": { "min": 1, "max": 1 },
        "features": [],
        "hub_id": "h1",
        "hub_name": "云栖区",
        "epoch": "e1",
        "server_time": 5,
        "limits": {
            "max_ops": 9, "max_body": 9_000, "max_op": 900, "chunk_min": 10, "chunk_max": 100
        },
        "scopes": [],
        "last_dev_seq": 0,
        "staff": {
            "id": "w1", "name": "林小禾", "name_en": "Lin Xiaohe", "badge_no": "1",
            "roles": ["worker"], "grids": []
        }
    })
}

async fn read_request(connection: &mut TcpStream) -> Vec<u8> {
    let mut request = Vec::new();
    loop {
        let mut piece = [0; 4096];
        let read = connection.read(&mut piece).await.unwrap();
        request.extend_from_slice(&piece[..read]);
        let Some(head) = find(&request, b"\r\n\r\n") else {
            continue;
        };
        let text = String::from_utf8_lossy(&request[..head]).to_lowercase();
        let length = text
            .lines()
            .find_map(|line| line.strip_prefix("content-length: "))
            .map_or(0, |length| length.trim().parse::<usize>().unwrap());
        if read == 0 || request.len() >= head + 4 + length {
            return request;
        }
    }
}

fn find(text: &[u8], part: &[u8]) -> Option<usize> {
    text.windows(part.len()).position(|window| window == part)
}

pub(crate) fn answer(status: &str, headers: &str, body: &[u8]) -> Vec<u8> {
    let head = format!(
        "HTTP/1.1 {status}\r\n{headers}content-length: {}\r\n\r\n",
        body.len()
    );
    [head.as_bytes(), body].concat()
}

pub(crate) fn json_answer(status: &str, body: &serde_json::Value) -> Vec<u8> {
    answer(
        status,
        "content-type: application/json\r\n",
        body.to_string().as_bytes(),
    )
}

/// The body of a request as it was sent.
pub(crate) fn body_of(request: &[u8]) -> &[u8] {
    &request[find(request, b"\r\n\r\n").unwrap() + 4..]
}

fn first_page() -> Pull {
    Pull {
        scope: Scope::city(),
        cursor: "a&b=c/+ 网格".to_owned(),
        limit: 50,
    }
}

#[tokio::test]
async fn whatever_is_not_a_hub_is_told_apart_from_no_connection() {
    let huge = answer(
        "200 OK",
        "content-type: application/json\r\ncontent-encoding: zstd\r\n",
        &zstd::encode_all(vec![b' '; 65 << 20].as_slice(), 1).unwrap(),
    );
    let cases: [(&str, Vec<u8>); 8] = [
        ("a captive portal", PORTAL.into()),
        (
            "a redirect to a portal",
            answer(
                "302 Found",
                "location: http://portal.example/login\r\n",
                b"",
            ),
        ),
        (
            "a portal that says 511",
            answer("511 Network Authentication Required", "", b""),
        ),
        (
            "another web server's 404",
            answer("404 Not Found", "content-type: text/html\r\n", b"no"),
        ),
        (
            "somebody else's JSON",
            json_answer("200 OK", &json!({"ok": true})),
        ),
        ("no content type", answer("200 OK", "", b"{}")),
        (
            "an encoding nobody asked for",
            answer(
                "200 OK",
                "content-type: application/json\r\ncontent-encoding: br\r\n",
                b"xyz",
            ),
        ),
        ("a bomb", huge),
    ];
    for (what, bytes) in cases {
        let (http, served) = server(bytes).await;

        let error = http.hello(&Hello::default()).await.unwrap_err();

        assert!(
            matches!(error, RemoteError::NotAHub),
            "{what} is no hub: {error:?}"
        );
        served.abort();
    }
}

#[tokio::test]
async fn nobody_there_is_unreachable_and_a_broken_answer_is_cut_off() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let closed = listener.local_addr().unwrap().to_string();
    drop(listener);
    let nobody = Http::new(closed.parse().unwrap(), None).unwrap();
    let (cut, served) = server(
        "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 900\r\n\r\n{\"it",
    )
    .await;

    let slow = json_answer(
        "408 Request Timeout",
        &json!({"code": "malformed", "detail": ""}),
    );
    let (slow, slow_served) = server(slow).await;

    let too_slow = slow.hello(&Hello::default()).await.unwrap_err();
    let unreachable = nobody.hello(&Hello::default()).await.unwrap_err();
    let cut_off = cut.hello(&Hello::default()).await.unwrap_err();

    assert!(
        matches!(unreachable, RemoteError::Unreachable(_)),
        "{unreachable:?}"
    );
    assert!(matches!(cut_off, RemoteError::CutOff(_)), "{cut_off:?}");
    assert!(
        matches!(too_slow, RemoteError::CutOff(_)),
        "less may get through: {too_slow:?}"
    );
    assert_eq!(
        unreachable.retry(),
        Retry::Soon,
        "a dead zone ends somewhere"
    );
    served.await.unwrap();
    slow_served.await.unwrap();
}

#[tokio::test]
async fn a_refusal_keeps_its_code_and_the_longer_wait() {
    let body = json!({"code": "too_many", "detail": "slow down", "retry_after_s": 5});
    let busy = answer(
        "429 Too Many Requests",
        "content-type: application/json\r\nretry-after: 12\r\n",
        body.to_string().as_bytes(),
    );
    let cases = [
        (
            busy,
            ErrorCode::TooMany,
            Retry::After(Duration::from_secs(12)),
        ),
        (
            json_answer(
                "401 Unauthorized",
                &json!({"code": "revoked", "detail": ""}),
            ),
            ErrorCode::Revoked,
            Retry::Never,
        ),
        (
            json_answer("418 I'm a teapot", &json!({"code": "teapot", "detail": ""})),
            ErrorCode::Unknown,
            Retry::Soon,
        ),
        (
            answer("503 Service Unavailable", "retry-after: 7\r\n", b"nginx"),
            ErrorCode::Unavailable,
            Retry::After(Duration::from_secs(7)),
        ),
    ];
    for (bytes, code, retry) in cases {
        let (http, served) = server(bytes).await;

        let error = http.hello(&Hello::default()).await.unwrap_err();

        assert_eq!(error.code(), Some(code), "{error:?}");
        assert_eq!(error.retry(), retry, "{code:?}");
        served.await.unwrap();
    }
}

#[tokio::test]
async fn a_hello_the_hub_says_again_is_the_last_one_with_the_time_of_now() {
    let said = hello_answer();
    let name = "etag: W/\"seven\"\r\n";
    let json = format!("{name}content-type: application/json\r\n");
    let whole = answer("200 OK", &json, said.to_string().as_bytes());
    let again = "HTTP/1.1 304 Not Modified\r\ndate: Sun, 06 Nov 1994 08:49:37 GMT\r\n\r\n";
    let timeless = "HTTP/1.1 304 Not Modified\r\n\r\n";
    let answers = [
        &whole[..],
        again.as_bytes(),
        timeless.as_bytes(),
        &whole[..],
    ];
    let (address, served) = answers_in_turn(answers.map(<[u8]>::to_vec).to_vec()).await;
    let over_http = OverHttp::default();
    let hub = || over_http.connect(&address, Some("secret-token")).unwrap();
    let stranger = over_http.connect(&address, Some("other-token")).unwrap();

    let first = hub().hello(&Hello::default()).await.unwrap();
    let second = hub().hello(&Hello::default()).await.unwrap();
    let third = hub().hello(&Hello::default()).await.unwrap();

    assert_eq!(first.server_time, Timestamp::from_ms(5));
    assert_eq!(second.server_time, Timestamp::from_ms(784_111_777_000));
    let timed = |answer: HelloAnswer| HelloAnswer {
        server_time: first.server_time,
        ..answer
    };
    assert_eq!(
        (timed(second), timed(third)),
        (first.clone(), first.clone())
    );
    assert!(
        stranger.hello(&Hello::default()).await.is_err(),
        "nobody is there any more"
    );
    let conditional: Vec<bool> = served
        .await
        .unwrap()
        .iter()
        .map(|request| find(request, b"if-none-match: W/\"seven\"").is_some())
        .collect();
    assert_eq!(
        conditional,
        [false, true, true, false],
        "asked whole where no time came"
    );
}

#[tokio::test]
async fn a_read_goes_into_the_query_and_comes_back_compressed() {
    let page = json!({"items": [{"item": "hologram"}], "cursor": "7", "more": false, "count": 0, "sum": 0});
    let zstd = zstd::encode_all(page.to_string().as_bytes(), 3).unwrap();
    let (http, served) = server(answer(
        "200 OK",
        "content-type: application/json; charset=utf-8\r\ncontent-encoding: zstd\r\n",
        &zstd,
    ))
    .await;

    let page = http.pull(&first_page()).await.unwrap();

    let request = String::from_utf8(served.await.unwrap()).unwrap();
    let line = request.lines().next().unwrap();
    assert_eq!(page.cursor, "7", "the page was read");
    assert_eq!(page.items.len(), 1, "an unknown item is no error");
    assert!(line.starts_with("GET /sync/v1/pull?"), "{line}");
    assert!(
        line.contains("cursor=a%26b%3Dc%2F%2B+%E7%BD%91%E6%A0%BC"),
        "escaped: {line}"
    );
    assert!(
        line.contains("limit=50") && line.contains("scope=city"),
        "{line}"
    );
    assert!(
        request.contains("authorization: Bearer secret-token"),
        "the device's token goes along"
    );
    assert!(
        request.contains("accept-encoding: zstd"),
        "it says what it can read"
    );
}

#[tokio::test]
async fn a_write_goes_up_compressed() {
    let (http, served) = server(json_answer("200 OK", &json!({"results": []}))).await;
    let push = Push {
        sent: Observed {
            wall: Timestamp::from_ms(1),
            mono: 2,
            boot: "b".to_owned(),
        },
        ops: vec![json!({"op": 1})],
        brief: false,
    };

    http.push(&push).await.unwrap();

    let request = served.await.unwrap();
    let body_at = find(&request, b"\r\n\r\n").unwrap() + 4;
    let head = String::from_utf8_lossy(&request[..body_at]).to_lowercase();
    let body = zstd::decode_all(&request[body_at..]).unwrap();
    assert!(head.starts_with("post /sync/v1/push "), "{head}");
    assert!(head.contains("content-encoding: zstd"), "{head}");
    assert_eq!(
        serde_json::from_slice::<Push>(&body).unwrap(),
        push,
        "the same batch"
    );
}

#[tokio::test]
async fn a_piece_of_a_photo_goes_up_with_its_offset_and_its_checksum_only_if_asked_for() {
    for check in [Check::AtTheEnd, Check::EachPiece] {
        let (http, served) = server(answer(
            "204 No Content",
            "tus-resumable: 1.0.0\r\nupload-offset: 7\r\ngridwalker-complete: true\r\n",
            b"",
        ))
        .await;

        let piece = Bytes::from_static(b"defg");
        let upload = http
            .photo_patch(digest_of(b"abcdefg"), 3, piece, check)
            .await
            .unwrap();

        let request = String::from_utf8(served.await.unwrap())
            .unwrap()
            .to_lowercase();
        assert!(upload.complete && upload.offset == 7, "{upload:?}");
        assert!(request.starts_with("patch /sync/v1/photos/7d1a54127b222502f5b79b5fb0803061152a44f92b37e23c6527baf665d4da9a "), "{request}");
        assert!(request.contains("upload-offset: 3"), "{request}");
        assert_eq!(
            request.contains("upload-checksum: sha256 "),
            check == Check::EachPiece,
            "of a piece with one a hub can keep no part: {request}"
        );
        assert!(
            request.contains("content-type: application/offset+octet-stream"),
            "{request}"
        );
    }
}

#[tokio::test]
async fn bare_statuses_of_a_tus_server_are_understood() {
    let cases = [
        ("460 Checksum Mismatch", ErrorCode::ChecksumMismatch),
        ("409 Conflict", ErrorCode::OffsetMismatch),
        ("404 Not Found", ErrorCode::NotFound),
        ("401 Unauthorized", ErrorCode::NotEnrolled),
    ];
    for (status, code) in cases {
        let (http, served) = server(answer(status, "tus-resumable: 1.0.0\r\n", b"")).await;

        let error = http
            .photo_patch(digest_of(b"x"), 0, Bytes::new(), Check::AtTheEnd)
            .await
            .unwrap_err();

        assert_eq!(error.code(), Some(code), "{status}");
        served.await.unwrap();
    }
}
