//! JavaRosa, timed by its driver inside of one process, so that its machine is warm.

use std::{
    io::Write as _,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use crate::{Act, Day, ROUNDS};

fn tools() -> PathBuf {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let target = std::env::var_os("CARGO_TARGET_DIR")
        .map_or_else(|| root.join("target"), |dir| root.join(dir));
    target.join("tools/forms")
}

/// By pyxform, in Python; not timed.
pub(crate) fn convert(books: &[PathBuf]) {
    let driver = Path::new(env!("CARGO_MANIFEST_DIR")).join("peers/convert.py");
    let lines: Vec<String> = books
        .iter()
        .map(|book| book.display().to_string())
        .collect();
    run(
        Command::new(tools().join("python/bin/python")).arg(driver),
        &lines,
    );
}

/// To load and to fill each form, in milliseconds.
pub(crate) fn best(days: &[Day], books: &[PathBuf]) -> Vec<(f64, f64)> {
    let mut lines = Vec::new();
    for (day, book) in days.iter().zip(books) {
        for _ in 0..ROUNDS {
            lines.push("begin".to_owned());
            lines.push(format!("form\t{}", book.with_extension("xml").display()));
            lines.push("end\tload".to_owned());
            lines.push("begin".to_owned());
            lines.extend(day.acts.iter().map(|act| match act {
                Act::Set(path, value) => format!("set\t{path}\t{value}"),
                Act::Add(path) => format!("add\t{path}"),
                Act::Choices(path) => format!("choices\t{path}"),
            }));
            lines.push("end\tfill".to_owned());
            // That it did what it was told: the answer of the last act.
            let last = day.acts.iter().rev().find_map(|act| match act {
                Act::Set(path, _) => Some(format!("get\t{path}")),
                Act::Add(_) | Act::Choices(_) => None,
            });
            lines.extend(last);
        }
    }
    let mut java = Command::new("java");
    let path = format!("{0}/ODK_Validate.jar:{0}/classes", tools().display());
    let said = run(java.args(["-cp", &path, "JavaRosa"]), &lines);
    let mut said = said.iter();
    let mut best = Vec::new();
    for day in days {
        let mut rounds = Vec::new();
        for _ in 0..ROUNDS {
            let mut time = || {
                let line = said.next().unwrap();
                let (_, ns) = line.split_once('\t').unwrap();
                ns.parse::<f64>().unwrap() / 1e6
            };
            rounds.push((time(), time()));
            let answer = said.next().unwrap();
            assert!(
                !answer.is_empty() && !answer.starts_with('!'),
                "{}: JavaRosa says {answer:?}",
                day.name
            );
        }
        let sum = |times: &(f64, f64)| times.0 + times.1;
        best.push(
            rounds
                .into_iter()
                .min_by(|one, other| sum(one).total_cmp(&sum(other)))
                .unwrap(),
        );
    }
    best
}

fn run(command: &mut Command, lines: &[String]) -> Vec<String> {
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut input = child.stdin.take().unwrap();
    let text = lines.join("\n") + "\n";
    let writer = std::thread::spawn(move || input.write_all(text.as_bytes()));
    let output = child.wait_with_output().unwrap();
    assert!(
        output.status.success(),
        "{command:?} ended with {}",
        output.status
    );
    writer.join().unwrap().unwrap();
    String::from_utf8(output.stdout)
        .unwrap()
        .lines()
        .map(str::to_owned)
        .collect()
}
