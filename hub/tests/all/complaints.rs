//! What the program says when it can't: one line with what to do, and an exit code.

use std::{fs, net::TcpListener, path::Path};

use crate::command_line::{err, out, run};

/// The only line it says, after its name.
fn complaint(data: &Path, args: &[&str]) -> String {
    let output = run(data, args);
    assert_eq!(output.status.code(), Some(1), "{args:?}: {output:?}");
    assert_eq!(out(&output), "", "{args:?}");
    let said = err(&output);
    // `serve` logs to the same place, in JSON.
    let lines: Vec<_> = said.lines().filter(|line| !line.starts_with('{')).collect();
    let [line] = lines[..] else {
        panic!("{args:?}: not one line: {said}");
    };
    line.strip_prefix("gridwalker-hub: ")
        .unwrap_or_else(|| panic!("it says who complains: {said}"))
        .to_owned()
}

#[test]
fn a_port_in_use_is_said() {
    let folder = tempfile::tempdir().unwrap();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();

    let said = complaint(folder.path(), &["serve", "--listen", &address]);

    assert!(said.contains(&address), "{said}");
    assert!(said.contains("give another --listen"), "{said}");
}

#[test]
fn an_address_of_another_machine_is_said() {
    let folder = tempfile::tempdir().unwrap();

    // Kept free for documentation (RFC 5737).
    let said = complaint(folder.path(), &["serve", "--listen", "192.0.2.1:8640"]);

    assert!(said.contains("this machine has no such address"), "{said}");
}

#[test]
fn a_file_in_place_of_the_data_folder_is_said_and_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("notes.txt");
    fs::write(&file, "mine").unwrap();

    for args in [
        &["serve", "--listen", "127.0.0.1:0"][..],
        &["load-pack", "x"],
    ] {
        let said = complaint(&file, args);
        assert!(
            said.contains("notes.txt can't be used as the data folder; give another by --data"),
            "{said}"
        );
    }
    let said = complaint(&file, &["staff", "list"]);
    assert!(said.contains("there is no hub in"), "{said}");
    assert_eq!(fs::read(&file).unwrap(), b"mine");
}

#[test]
fn a_folder_that_can_not_be_made_is_said() {
    let said = complaint(Path::new("/proc/nowhere/hub"), &["load-pack", "x"]);

    assert!(
        said.contains("/proc/nowhere/hub can't be used as the data folder"),
        "{said}"
    );
}

#[test]
fn a_damaged_database_is_said_and_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("hub.db");
    let rubbish = "not a database at all ".repeat(500);
    fs::write(&path, &rubbish).unwrap();

    for args in [
        &["staff", "list"][..],
        &["serve", "--listen", "127.0.0.1:0"],
    ] {
        let said = complaint(folder.path(), args);
        assert!(said.contains("damaged or no database"), "{said}");
    }
    assert_eq!(fs::read_to_string(&path).unwrap(), rubbish);
}

#[test]
fn a_pack_that_can_not_be_loaded_is_said_with_the_reason() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let file = |name: &str, text: &str| {
        let path = folder.path().join(name);
        fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let mut newer = crate::world::pack();
    newer["format_version"] = 99.into();
    let cases = [
        (folder.path().to_str().unwrap().to_owned(), "can't be read"),
        (file("picture.json", "\u{89}PNG"), "nothing was loaded"),
        (
            file("cut.json", "{\"format\": \"gridwal"),
            "nothing was loaded",
        ),
        (file("newer.json", &newer.to_string()), "version 99"),
    ];
    for (pack, expected) in cases {
        let said = complaint(&data, &["load-pack", &pack]);
        assert!(said.contains(expected), "{pack}: {said}");
    }
}

#[test]
fn every_command_explains_itself() {
    let folder = tempfile::tempdir().unwrap();
    let commands: [&[&str]; 16] = [
        &[],
        &["serve"],
        &["load-pack"],
        &["enrol"],
        &["staff"],
        &["staff", "list"],
        &["staff", "revoke"],
        &["device"],
        &["device", "list"],
        &["device", "revoke"],
        &["quarantine"],
        &["quarantine", "list"],
        &["quarantine", "show"],
        &["quarantine", "retry"],
        &["epoch"],
        &["epoch", "renew"],
    ];
    for command in commands {
        let output = run(folder.path(), &[command, &["--help"]].concat());
        assert!(output.status.success(), "{command:?}");
        let help = out(&output);
        assert!(help.contains("Usage: gridwalker-hub"), "{help}");
        // What can be said stands indented, and beside it what it is for.
        let lists = help.split("To begin:").next().unwrap();
        for line in lists.lines().filter(|line| line.starts_with("  ")) {
            assert!(
                line.trim_start().contains("  "),
                "{command:?}: {line:?} is not explained"
            );
        }
    }
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
}
