//! The other engines, as programs that are told what to do, a line each.

use std::{
    fs,
    io::Write as _,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use crate::{Answers, Case};

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Peer {
    JavaRosa,
    XformsEngine,
}

/// Where `cargo xtask setup check` puts them.
fn tools() -> PathBuf {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let target = std::env::var_os("CARGO_TARGET_DIR")
        .map_or_else(|| root.join("target"), |dir| root.join(dir));
    let tools = target.join("tools");
    assert!(
        tools.join("forms").is_dir(),
        "the other engines are not there; cargo xtask setup check installs them"
    );
    tools
}

fn drivers() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("peers")
}

/// Workbooks into XForms, by pyxform; each lies beside its workbook.
pub(crate) fn convert(books: &[PathBuf]) {
    let lines: Vec<String> = books
        .iter()
        .map(|book| book.display().to_string())
        .collect();
    let python = tools().join("forms/python/bin/python");
    run(
        Command::new(python).arg(drivers().join("convert.py")),
        &lines,
    );
}

impl Peer {
    fn command(self) -> Command {
        match self {
            Self::JavaRosa => {
                let mut java = Command::new("java");
                let path = format!(
                    "{0}/ODK_Validate.jar:{0}/classes",
                    tools().join("forms").display()
                );
                java.args([
                    "-Duser.timezone=Asia/Shanghai",
                    "-Duser.language=en",
                    "-cp",
                    &path,
                    "JavaRosa",
                ]);
                java
            }
            Self::XformsEngine => {
                let mut node = Command::new("node");
                node.arg(drivers().join("xforms-engine.mjs"))
                    .env("TZ", "Asia/Shanghai")
                    .env("GRIDWALKER_FORMS_MODULES", tools().join("node_modules"));
                node
            }
        }
    }

    pub(crate) fn play(self, cases: &[Case], books: &[PathBuf]) -> Vec<Answers> {
        let mut lines = Vec::new();
        for (case, book) in cases.iter().zip(books) {
            lines.push(format!("form\t{}", book.with_extension("xml").display()));
            lines.extend(case.steps.iter().map(|step| step.join("\t")));
        }
        let mut said = run(&mut self.command(), &lines).into_iter();
        let answers = cases.iter().zip(books).map(|(case, book)| {
            let gets = case.steps.iter().filter(|step| step[0] == "get").count();
            let said: Answers = said.by_ref().take(gets).collect();
            assert_eq!(said.len(), gets, "{self:?} stopped at {}", case.name);
            match fs::read_to_string(book.with_extension("error")) {
                Ok(error) => vec![format!("!{error}"); gets],
                Err(_no_error) => said,
            }
        });
        answers.collect()
    }
}

fn run(command: &mut Command, lines: &[String]) -> Vec<String> {
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap_or_else(|error| panic!("{command:?}: {error}"));
    let mut input = child.stdin.take().unwrap();
    let text = lines.join("\n") + "\n";
    // It answers while it reads, so somebody must listen meanwhile.
    let writer = std::thread::spawn(move || input.write_all(text.as_bytes()));
    let output = child.wait_with_output().unwrap();
    let errors = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{command:?}: {errors}");
    writer.join().unwrap().unwrap();
    String::from_utf8(output.stdout)
        .unwrap()
        .lines()
        .map(str::to_owned)
        .collect()
}
