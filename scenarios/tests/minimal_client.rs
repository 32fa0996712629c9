//! docs/protocol.md is enough to write a client in another language: the one in docs/examples
//! delivers a case with a photo to a real hub, and a colleague's tablet shows it.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test may fail loudly"
)]

use std::process::{Command, Output};

use scenarios::world::World;
use shared::{StaffId, case::State, ipc::Presence};
use tokio::task;

const CLIENT: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../docs/examples/minimal_client.py"
);

/// A Python with what the client needs: the system's, for which setup brings it, or another.
fn python() -> &'static str {
    let has = |python: &&str| {
        let import = Command::new(python)
            .args(["-c", "import zstandard"])
            .output();
        import.is_ok_and(|output| output.status.success())
    };
    ["/usr/bin/python3", "python3"]
        .into_iter()
        .find(has)
        .expect("no python3 has the module zstandard; `cargo xtask setup check` installs it")
}

async fn run(url: &str, code: &str) -> Output {
    let mut command = Command::new(python());
    command.arg(CLIENT).args([url, code]).env("PYTHONUTF8", "1");
    let output = task::spawn_blocking(move || command.output());
    output.await.unwrap().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_written_from_the_document_delivers_a_case_with_a_photo() {
    let world = World::new().await.unwrap();
    let code = world
        .hub()
        .enrol(StaffId::from("w-0101"))
        .await
        .unwrap()
        .code;

    let output = run(&world.url(), &code).await;

    let said = String::from_utf8(output.stdout).unwrap();
    let complaints = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.success(), "{said}{complaints}");
    let pushed = said.lines().next().unwrap();
    assert!(pushed.ends_with(" applied"), "{said}");
    let case = pushed.split(' ').nth(1).unwrap();
    for scope in ["grid:329901001001001", "staff:w-0101"] {
        let line = format!("pulled {scope} case {case} rev 1 submitted 路面有积水");
        assert!(said.contains(&line), "{line} in {said}");
    }
    let packs = said
        .lines()
        .filter(|line| line.starts_with("pulled city pack "));
    assert_eq!(packs.count(), 8, "the whole city: {said}");
    assert!(
        said.ends_with(" is the same\n"),
        "the photo came back: {said}"
    );

    let clerk = world.device("c-01").await.unwrap();
    clerk.syncs().await.unwrap();
    let seen = clerk.sees(case.parse().unwrap()).await.unwrap();
    assert_eq!(seen.description, "路面有积水");
    assert_eq!(seen.row.state, State::Submitted);
    let [photo] = seen.photos.as_slice() else {
        panic!("one photo: {:?}", seen.photos);
    };
    assert_ne!(photo.presence, Presence::NotYet, "its thumbnail came along");
    assert!(world.photo_at_hub(photo.photo.digest).is_some());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_that_is_refused_says_so_and_fails() {
    let world = World::new().await.unwrap();

    let output = run(&world.url(), "0000-0000-0000").await;

    assert!(!output.status.success());
    let complaints = String::from_utf8(output.stderr).unwrap();
    assert!(complaints.contains("code_unknown"), "{complaints}");
}
