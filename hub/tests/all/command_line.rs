//! The program itself: what it prints and how it ends.

use std::{
    io::{BufRead as _, BufReader},
    path::Path,
    process::{Command, Output, Stdio},
};

use serde_json::json;
use shared::{CaseId, Digest};

use crate::world::{World, fresh, photo, report};

pub(crate) fn program(data: &Path, args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_gridwalker-hub"));
    command.args(args).arg("--data").arg(data);
    command.env_remove("GRIDWALKER_DATABASE");
    command
}

pub(crate) fn run(data: &Path, args: &[&str]) -> Output {
    program(data, args).output().unwrap()
}

pub(crate) fn out(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

pub(crate) fn err(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

#[test]
fn an_operator_can_load_enrol_list_and_revoke_while_the_hub_runs() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let pack = folder.path().join("pack.json");
    std::fs::write(&pack, crate::world::pack().to_string()).unwrap();
    let mut server = Command::new(env!("CARGO_BIN_EXE_gridwalker-hub"))
        .args(["serve", "--listen", "127.0.0.1:0", "--data"])
        .arg(&data)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut ready = String::new();
    BufReader::new(server.stdout.take().unwrap())
        .read_line(&mut ready)
        .unwrap();
    assert!(
        ready.starts_with("listening on http://127.0.0.1:"),
        "{ready}"
    );

    let loaded = run(&data, &["load-pack", pack.to_str().unwrap()]);
    let code = run(&data, &["enrol", "--staff", "w1"]);
    let revoked = run(&data, &["staff", "revoke", "w3"]);
    let staff = run(&data, &["staff", "list"]);
    let devices = run(&data, &["device", "list"]);

    assert_eq!(
        out(&loaded),
        "loaded pack test-1: 4 staff, 3 grids, 8 sections changed\n"
    );
    assert_eq!(out(&code).trim().len(), 14, "{}", out(&code));
    assert!(err(&code).contains("10 minutes"), "{}", err(&code));
    assert!(revoked.status.success());
    assert!(
        out(&staff)
            .lines()
            .any(|line| line.starts_with("w1") && line.ends_with('-'))
    );
    assert!(
        out(&staff)
            .lines()
            .any(|line| line.starts_with("w3") && line.ends_with("UTC"))
    );
    assert_eq!(out(&devices).lines().count(), 1, "a head and no device");

    let second = run(&data, &["serve", "--listen", "127.0.0.1:0"]);
    assert_eq!(second.status.code(), Some(1));
    assert_eq!(out(&second), "", "it never says it listens");
    assert!(err(&second).contains("already serving"), "{}", err(&second));

    let id = server.id().to_string();
    assert!(
        Command::new("kill")
            .args(["-TERM", &id])
            .status()
            .unwrap()
            .success()
    );
    let ended = server.wait_with_output().unwrap();
    assert!(ended.status.success(), "a stop is no failure");
    for line in err(&ended).lines() {
        let log: serde_json::Value = serde_json::from_str(line).unwrap();
        assert!(log["level"].is_string(), "logs are structured: {line}");
    }
}

#[test]
fn what_can_not_be_done_is_said_and_ends_with_one() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let broken = folder.path().join("broken.json");
    std::fs::write(&broken, "{").unwrap();
    let cases: [(&[&str], &str); 6] = [
        (
            &["load-pack", "/nowhere.json"],
            "/nowhere.json can't be read",
        ),
        (
            &["load-pack", broken.to_str().unwrap()],
            "nothing was loaded",
        ),
        (&["enrol", "--staff", "nobody"], "there is no staff nobody"),
        (&["staff", "revoke", "nobody"], "there is no staff nobody"),
        (&["device", "revoke", "x"], "device list"),
        (
            &["device", "revoke", "00000000-0000-0000-0000-000000000001"],
            "there is no such device",
        ),
    ];
    for (args, expected) in cases {
        let output = run(&data, args);
        assert_eq!(output.status.code(), Some(1), "{args:?}");
        assert!(
            err(&output).contains(expected),
            "{args:?}: {}",
            err(&output)
        );
        assert!(!err(&output).contains("panicked"), "{args:?}");
    }
    let mistyped = run(&folder.path().join("dta"), &["staff", "list"]);
    assert_eq!(mistyped.status.code(), Some(1));
    assert!(
        err(&mistyped).contains("there is no hub in"),
        "{}",
        err(&mistyped)
    );
    assert!(!folder.path().join("dta").exists(), "and none was made");
    assert_eq!(run(&data, &["dance"]).status.code(), Some(2), "wrong usage");
}

#[test]
fn a_database_of_a_newer_program_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    run(&data, &["load-pack", "/nowhere.json"]);
    let path = data.join("hub.db");
    let mut bytes = std::fs::read(&path).unwrap();
    // user_version: big-endian at offset 60 of the header.
    bytes[60..64].copy_from_slice(&99_u32.to_be_bytes());
    std::fs::write(&path, &bytes).unwrap();

    let output = run(&data, &["staff", "list"]);

    assert_eq!(output.status.code(), Some(1));
    assert!(err(&output).contains("schema 99"), "{}", err(&output));
    let header = |bytes: &[u8]| bytes[60..64].to_vec();
    assert_eq!(header(&std::fs::read(&path).unwrap()), header(&bytes));
}

#[tokio::test]
async fn what_did_not_come_is_listed_with_who_is_to_bring_it() {
    let world = World::new().await;
    let worker = world.device("w1").await;
    let missing = || out(&world.run(&["missing-photos"]));
    assert_eq!(missing(), "no photo is missing\n");
    let report = report("G1", &json!([photo(7)]));
    let op = worker.op(CaseId::from_bytes(fresh()), &report);
    worker.push(&[op]).await;
    let [digest, thumb] = [7, 107].map(|n| Digest::from_bytes([n; 32]).to_string());
    worker.create(Digest::from_bytes([7; 32]), 10).await;

    let said = missing();

    assert_eq!(said.lines().count(), 3, "a head, and a line each: {said}");
    let line = |name: &str| said.lines().find(|line| line.contains(name)).unwrap();
    for (name, came) in [(digest, "0 of 10 bytes"), (thumb, "nothing")] {
        assert!(line(&name).ends_with(came), "{said}");
        assert!(line(&name).contains("w1"), "{said}");
    }
    assert!(!said.contains("路灯"), "nothing of what it says: {said}");
    let metrics = world.get_open("/metrics").await;
    let metrics = String::from_utf8_lossy(&metrics.body).into_owned();
    assert!(
        metrics.contains("gridwalker_photos_missing 2\n"),
        "{metrics}"
    );
}
