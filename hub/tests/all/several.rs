//! Several hubs on one PostgreSQL database, and what an operator reads when it can't be had.

use std::{
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::TcpStream,
    path::Path,
    process::{Child, Command, Output, Stdio},
    sync::Arc,
    time::Duration,
};

use hub::store::{
    HubStore, Lease, PageRequest, StoreError,
    postgres::{DatabaseUrl, Founding, PostgresStore},
};
use pg_cluster::{Cluster, Durability, PASSWORD};
use serde_json::{Value, json};
use shared::{
    Digest, Doc, DocRef, Kind, Scope, Timestamp,
    hub_api::{Enrolled, PullAnswer, PushAnswer},
};
use tempfile::TempDir;
use uuid::Uuid;

use crate::{
    cluster::{cluster, database, database_url},
    command_line::{err, out, program},
    store::{schema, stuck::Stuck},
    world::{fresh, observed, pack, report},
};

/// A real hub process; ended with the test.
struct Process {
    child: Child,
    address: String,
}

impl Process {
    fn serve(folder: &TempDir, url: &str) -> Self {
        let mut child = hub(folder, url, &["serve", "--listen", "127.0.0.1:0"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut ready = String::new();
        BufReader::new(child.stdout.take().unwrap())
            .read_line(&mut ready)
            .unwrap();
        let address = ready.trim().strip_prefix("listening on http://").unwrap();
        Self {
            child,
            address: address.to_owned(),
        }
    }

    /// One request over a connection of its own; the answer's body.
    fn ask(&self, head: &str, token: &str, body: &str) -> Vec<u8> {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        let length = body.len();
        let request = format!(
            "{head} HTTP/1.1\r\nhost: hub\r\nconnection: close\r\nauthorization: Bearer {token}\r\n\
             content-type: application/json\r\ncontent-length: {length}\r\n\r\n{body}"
        );
        stream.write_all(request.as_bytes()).unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).unwrap();
        let text = String::from_utf8_lossy(&answer);
        assert!(text.starts_with("HTTP/1.1 200"), "{text}");
        let body = answer
            .windows(4)
            .position(|end| end == b"\r\n\r\n")
            .unwrap()
            + 4;
        answer.split_off(body)
    }

    fn enrol(&self, code: &str) -> Enrolled {
        let device = Uuid::from_bytes(fresh());
        let body = json!({
            "code": code, "device": device, "device_name": "tablet", "app_version": "0.1.0",
        });
        let answer = self.ask("POST /sync/v1/enrol", "", &body.to_string());
        serde_json::from_slice(&answer).unwrap()
    }

    fn pull(&self, token: &str, cursor: &str) -> PullAnswer {
        let head = format!("GET /sync/v1/pull?scope=grid:G1&cursor={cursor}&limit=100");
        serde_json::from_slice(&self.ask(&head, token, "")).unwrap()
    }

    fn push(&self, token: &str, ops: &[Value]) -> PushAnswer {
        let body = json!({ "sent": observed(), "ops": ops }).to_string();
        serde_json::from_slice(&self.ask("POST /sync/v1/push", token, &body)).unwrap()
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

/// The program, with the address of the database in its environment.
fn hub(folder: &TempDir, url: &str, args: &[&str]) -> Command {
    let mut command = program(&folder.path().join("data"), args);
    command.env("GRIDWALKER_DATABASE", url);
    command
}

fn run(folder: &TempDir, url: &str, args: &[&str]) -> Output {
    hub(folder, url, args).output().unwrap()
}

#[test]
fn what_is_pushed_to_one_hub_is_pulled_from_another() {
    let (folder, url) = (tempfile::tempdir().unwrap(), database());
    let pack_file = folder.path().join("pack.json");
    std::fs::write(&pack_file, pack().to_string()).unwrap();
    let loaded = run(&folder, &url, &["load-pack", pack_file.to_str().unwrap()]);
    assert!(loaded.status.success(), "{}", err(&loaded));
    let [one, other] = [Process::serve(&folder, &url), Process::serve(&folder, &url)];
    let code = |staff| {
        let code = run(&folder, &url, &["enrol", "--staff", staff]);
        out(&code).trim().to_owned()
    };
    let worker = one.enrol(&code("w1"));
    let clerk = other.enrol(&code("c1"));
    let op = |dev_seq: u64, do_it: &Value| {
        json!({
            "op_id": Uuid::from_bytes(fresh()), "dev_seq": dev_seq,
            "target": { "kind": "case", "id": Uuid::from_bytes(fresh()) }, "base_rev": 0,
            "action": do_it, "observed_at": observed(),
            "author": { "staff": "w1", "role": "worker" }, "scope": "grid:G1", "schema": 1,
        })
    };

    let first = one.push(&worker.token, &[op(1, &report("G1", &json!([])))]);
    let seen = other.pull(&clerk.token, "");
    let second = other.push(&worker.token, &[op(2, &report("G1", &json!([])))]);
    let rest = one.pull(&clerk.token, &seen.cursor);

    let number = |answer: &PushAnswer| {
        let doc = answer.results[0].doc.as_ref().unwrap();
        let number = doc.body["known"]["case_no"].as_str().unwrap();
        number.rsplit('-').next().unwrap().to_owned()
    };
    assert_eq!([number(&first), number(&second)], ["0001", "0002"]);
    assert_eq!((seen.items.len(), seen.count), (1, 1));
    assert_eq!((rest.items.len(), rest.count), (1, 2));
    assert!(
        !folder.path().join("data/hub.db").exists(),
        "the folder has photos only"
    );
}

#[tokio::test]
async fn hubs_that_start_at_once_on_an_empty_database_are_one_hub() {
    let url = database_url();
    let mut starts = tokio::task::JoinSet::new();
    for _ in 0..6 {
        let url = url.clone();
        starts.spawn(async move {
            let store = PostgresStore::open(&url, Founding::Found).await.unwrap();
            store.identity().await.unwrap()
        });
    }

    let identities = starts.join_all().await;

    assert!(identities.windows(2).all(|pair| pair[0] == pair[1]));
    assert!(!identities[0].hub_id.is_empty());
}

#[tokio::test]
async fn a_photo_is_written_by_one_hub_at_a_time_and_a_dead_one_keeps_nobody_out() {
    let url = database_url();
    let store = PostgresStore::open(&url, Founding::Found).await.unwrap();
    let lease = |holder: u128, life| Lease {
        digest: Digest::from_bytes([1; 32]),
        holder: Uuid::from_u128(holder),
        life,
    };
    let minute = Duration::from_mins(1);
    let take = async |holder, life| store.lease_upload(lease(holder, life)).await.unwrap();

    assert!(take(1, minute).await);
    assert!(!take(2, minute).await, "another hub waits");
    assert!(take(1, minute).await, "the writer may renew it");
    store.give_back_upload(lease(2, minute)).await.unwrap();
    assert!(!take(2, minute).await, "only its own can be given back");
    store.give_back_upload(lease(1, minute)).await.unwrap();
    assert!(take(2, Duration::ZERO).await);
    assert!(take(1, minute).await, "one that ended is nobody's");
}

#[tokio::test]
async fn a_writer_that_stands_still_keeps_others_from_its_feed_only_and_not_for_ever() {
    let url = database();
    let impatient = format!("{url}?options=-c%20lock_timeout%3D200ms");
    let store = PostgresStore::open(&DatabaseUrl::from(impatient), Founding::Found).await;
    let store = store.unwrap();
    let doc = |id: u128| Doc {
        target: DocRef {
            kind: Kind("notice".to_owned()),
            id: Uuid::from_u128(id),
        },
        rev: 1,
        body: json!({}),
    };
    let [a, b] = ["a", "b"].map(|name| Scope(name.to_owned()));
    let now = Timestamp::from_ms(0);
    store
        .publish(doc(1), [a.clone()].into(), now)
        .await
        .unwrap();

    let stuck = Stuck::on(&url, "a").await;
    let kept_out = store.publish(doc(2), [a.clone()].into(), now).await;
    store.publish(doc(3), [b].into(), now).await.unwrap();
    let request = PageRequest {
        scope: a.clone(),
        after: 0,
        limit: 10,
        bytes: 1_000,
    };
    let page = store.pull(request.clone()).await.unwrap();
    stuck.end().await;
    store.publish(doc(2), [a].into(), now).await.unwrap();

    assert!(matches!(kept_out, Err(StoreError::Busy)), "{kept_out:?}");
    assert_eq!((page.head, page.count), (1, 1), "readers wait for nobody");
    let page = store.pull(request).await.unwrap();
    assert_eq!(
        (page.head, page.count),
        (2, 2),
        "and what was kept out left no hole"
    );
}

#[tokio::test]
async fn a_database_of_a_newer_hub_is_left_alone() {
    let url = database();
    let open = async || PostgresStore::open(&DatabaseUrl::from(url.clone()), Founding::Found).await;
    open().await.unwrap();
    schema::set_version(&url, 99).await;

    let error = open().await.unwrap_err();

    assert!(
        matches!(error, StoreError::NewerSchema { found: 99, .. }),
        "{error}"
    );
    assert_eq!(schema::version(&url).await, 99);
}

#[test]
fn what_keeps_a_database_from_being_opened_is_said_and_never_with_the_password() {
    let folder = tempfile::tempdir().unwrap();
    let name = cluster().database().unwrap();
    let good = cluster().tcp_url(&name, PASSWORD);
    let closed = "postgres://gridwalker:pass-4-tests@127.0.0.1:1/city".to_owned();
    let cases = [
        (
            cluster().tcp_url(&name, "pass-wrong"),
            "refused the user or the password",
        ),
        (
            cluster().tcp_url("nowhere", PASSWORD),
            "has no database nowhere",
        ),
        (closed, "no PostgreSQL answers at 127.0.0.1:1"),
        (good.clone(), "there is no hub in database"),
        (format!("{good}?sslmode=require"), "no secure connection to"),
        (good.replace("-4-", "@4@"), "must look like postgres://"),
        (
            good.replace("postgres:", "pass:"),
            "must look like postgres://",
        ),
    ];
    for (url, expected) in cases {
        for output in [
            run(&folder, &url, &["staff", "list"]),
            program(
                &folder.path().join("data"),
                &["staff", "list", "--database", &url],
            )
            .output()
            .unwrap(),
        ] {
            let told = err(&output);
            assert_eq!(output.status.code(), Some(1), "{told}");
            assert!(told.contains(expected), "{expected:?} in {told}");
            assert!(!told.contains("pass-") && !told.contains("4@"), "{told}");
        }
    }
    assert!(
        !folder.path().join("data").exists(),
        "nothing was made for a hub that isn't there"
    );
    let help = run(&folder, &good, &["--help"]);
    assert!(out(&help).contains("GRIDWALKER_DATABASE"));
    assert!(!out(&help).contains(PASSWORD), "{}", out(&help));
}

#[test]
fn another_machine_is_trusted_by_its_certificate_only() {
    let cluster = Cluster::start(Durability::None).unwrap();
    let made = rcgen::generate_simple_self_signed(["127.0.0.1".to_owned()]).unwrap();
    let certificate = made.cert.pem();
    cluster
        .offer_tls(&certificate, &made.signing_key.serialize_pem())
        .unwrap();
    let folder = tempfile::tempdir().unwrap();
    let trusted = folder.path().join("trusted.pem");
    std::fs::write(&trusted, certificate).unwrap();
    let name = cluster.database().unwrap();
    let url = format!("{}?sslmode=require", cluster.tcp_url(&name, PASSWORD));
    let pack_file = folder.path().join("pack.json");
    std::fs::write(&pack_file, pack().to_string()).unwrap();
    let load = |trusted: Option<&Path>| {
        let mut hub = hub(&folder, &url, &["load-pack", pack_file.to_str().unwrap()]);
        hub.env_remove("SSL_CERT_FILE");
        if let Some(trusted) = trusted {
            hub.env("SSL_CERT_FILE", trusted);
        }
        hub.output().unwrap()
    };

    let unknown = load(None);
    let known = load(Some(&trusted));

    assert_eq!(unknown.status.code(), Some(1));
    let told = err(&unknown);
    let no_certificates = told.contains("this machine trusts can't be read");
    assert!(
        told.contains("no secure connection") || no_certificates,
        "{told}"
    );
    assert!(known.status.success(), "{}", err(&known));
}

#[tokio::test]
async fn a_server_that_is_gone_is_told_as_such_and_found_again() {
    let cluster = Cluster::start(Durability::None).unwrap();
    let name = cluster.database().unwrap();
    let url = DatabaseUrl::from(cluster.url(&name));
    let store: Arc<dyn HubStore> =
        Arc::new(PostgresStore::open(&url, Founding::Found).await.unwrap());
    let identity = store.identity().await.unwrap();

    cluster.pause().unwrap();
    let away = store.identity().await.unwrap_err();
    cluster.go_on().unwrap();

    assert!(matches!(away, StoreError::Unreachable(_)), "{away:?}");
    assert_eq!(store.identity().await.unwrap(), identity);
}
