//! A real hub on a real port: slow peers, a stop in the middle, two hubs on one folder.

use std::time::Duration;

use hub::{Config, Error, Hub};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
    sync::oneshot,
    task::JoinHandle,
    time::timeout,
};

struct Running {
    address: std::net::SocketAddr,
    stop: oneshot::Sender<()>,
    done: JoinHandle<Result<(), Error>>,
    config: Config,
    _folder: tempfile::TempDir,
}

async fn start(set: impl FnOnce(&mut Config)) -> Running {
    let folder = tempfile::tempdir().unwrap();
    let mut config = Config::new(folder.path());
    set(&mut config);
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (stop, stopped) = oneshot::channel::<()>();
    let shutdown = async {
        stopped.await.unwrap();
    };
    let serving = hub::serve(listener, config.clone(), shutdown);
    let done = tokio::spawn(serving);
    Running {
        address,
        stop,
        done,
        config,
        _folder: folder,
    }
}

async fn read_all(stream: &mut TcpStream) -> String {
    let mut text = String::new();
    timeout(Duration::from_secs(20), stream.read_to_string(&mut text))
        .await
        .unwrap()
        .unwrap();
    text
}

#[tokio::test]
async fn a_hub_answers_on_its_port_and_stops_when_asked() {
    let hub = start(|_| {}).await;
    let mut stream = TcpStream::connect(hub.address).await.unwrap();
    stream
        .write_all(b"GET /healthz HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n")
        .await
        .unwrap();

    let text = read_all(&mut stream).await;

    assert!(text.starts_with("HTTP/1.1 200 OK"), "{text}");
    assert!(text.ends_with(r#"{"status":"ok"}"#), "{text}");
    hub.stop.send(()).unwrap();
    hub.done.await.unwrap().unwrap();
    assert!(TcpStream::connect(hub.address).await.is_err());
}

#[tokio::test]
async fn a_peer_that_never_finishes_its_head_is_hung_up_on() {
    let hub = start(|config| config.patience.head = Duration::from_millis(100)).await;
    let mut stream = TcpStream::connect(hub.address).await.unwrap();
    stream
        .write_all(b"GET /healthz HTTP/1.1\r\nx: ")
        .await
        .unwrap();

    let text = read_all(&mut stream).await;

    assert!(!text.contains("200 OK"), "{text}");
    hub.stop.send(()).unwrap();
    hub.done.await.unwrap().unwrap();
}

#[tokio::test]
async fn a_peer_that_never_finishes_its_body_is_told_so() {
    let hub = start(|config| config.patience.body_idle = Duration::from_millis(100)).await;
    let mut stream = TcpStream::connect(hub.address).await.unwrap();
    stream
        .write_all(b"POST /sync/v1/enrol HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\n{")
        .await
        .unwrap();

    let text = read_all(&mut stream).await;

    assert!(text.starts_with("HTTP/1.1 408"), "{text}");
    hub.stop.send(()).unwrap();
    hub.done.await.unwrap().unwrap();
}

#[tokio::test]
async fn an_idle_connection_does_not_hold_up_the_stop() {
    let hub = start(|_| {}).await;
    let idle = TcpStream::connect(hub.address).await.unwrap();

    hub.stop.send(()).unwrap();

    timeout(Duration::from_secs(15), hub.done)
        .await
        .unwrap()
        .unwrap()
        .unwrap();
    drop(idle);
}

#[tokio::test]
async fn a_folder_is_served_by_one_hub_at_a_time_but_the_command_line_works_beside_it() {
    let first = start(|_| {}).await;
    // Answered once: by now the first holds the folder.
    let mut stream = TcpStream::connect(first.address).await.unwrap();
    stream
        .write_all(b"GET /healthz HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n")
        .await
        .unwrap();
    read_all(&mut stream).await;

    let beside = Hub::open(first.config.clone()).await.unwrap();
    let pack = crate::world::pack().to_string();
    beside.load_pack(pack.as_bytes()).await.unwrap();
    beside.enrol(shared::StaffId::from("w1")).await.unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let second = beside.serve(listener, std::future::pending()).await;

    assert!(matches!(second, Err(Error::AlreadyServing { .. })));
    first.stop.send(()).unwrap();
    first.done.await.unwrap().unwrap();
}

#[tokio::test]
async fn what_is_no_http_or_has_too_large_a_head_is_hung_up_on_and_the_hub_goes_on() {
    let hub = start(|_| {}).await;
    let long = "a".repeat(1 << 20);
    let many = "x: y\r\n".repeat(100);
    let cases: [(&str, Vec<u8>, &str); 6] = [
        ("rubbish", b"\x00\xff\r\n\r\n".to_vec(), "400"),
        (
            "TLS",
            b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n".to_vec(),
            "400",
        ),
        ("no version", b"GET /healthz\r\n\r\n".to_vec(), "400"),
        (
            "a long path",
            format!("GET /{long} HTTP/1.1\r\n\r\n").into_bytes(),
            "4",
        ),
        (
            "a long header",
            format!("GET / HTTP/1.1\r\nx: {long}\r\n\r\n").into_bytes(),
            "431",
        ),
        (
            "many headers",
            format!("GET / HTTP/1.1\r\n{many}\r\n").into_bytes(),
            "431",
        ),
    ];
    for (what, bytes, status) in cases {
        let mut stream = TcpStream::connect(hub.address).await.unwrap();
        // The hub may hang up before everything is sent.
        drop(stream.write_all(&bytes).await);
        let mut answer = Vec::new();
        drop(
            timeout(Duration::from_secs(20), stream.read_to_end(&mut answer))
                .await
                .unwrap(),
        );
        let answer = String::from_utf8_lossy(&answer);
        // A hang-up with bytes still on their way may swallow the answer.
        let begins = answer.starts_with(&format!("HTTP/1.1 {status}"));
        assert!(
            begins || (bytes.len() > 100_000 && answer.is_empty()),
            "{what}: {answer}"
        );
    }

    let mut stream = TcpStream::connect(hub.address).await.unwrap();
    stream
        .write_all(b"GET /healthz HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n")
        .await
        .unwrap();
    assert!(read_all(&mut stream).await.starts_with("HTTP/1.1 200 OK"));
    hub.stop.send(()).unwrap();
    hub.done.await.unwrap().unwrap();
}
