//! `cargo xtask …`: everything a contributor does besides editing, as one word each.
//! It depends on none of our crates, so it answers soon on a machine that has only Rust.
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a command-line tool talks on the terminal: answers on stdout, progress on stderr"
)]

mod bench;
mod build;
mod ci;
mod demo;
mod dictionary;
mod e2e;
mod faults;
mod files;
mod fuzz;
mod npm;
mod pip;
mod root;
mod setup;
mod step;
mod tidy;
mod ui;

use std::process::ExitCode;

use anyhow::{Result, bail};

/// One word after `cargo xtask`.
struct Word {
    name: &'static str,
    takes: &'static str,
    about: &'static str,
    run: fn(&[String]) -> Result<()>,
}

const WORDS: [Word; 13] = [
    Word {
        name: "demo",
        takes: "",
        about: "build everything and open the app with a sample city (no display: a tour in pictures)",
        run: demo::run,
    },
    Word {
        name: "test",
        takes: "",
        about: "set up what is missing, then everything CI runs",
        run: ci::test,
    },
    Word {
        name: "setup",
        takes: "[build|check|window|bench]…",
        about: "install what building, checking and window tests need",
        run: setup::run,
    },
    Word {
        name: "ui",
        takes: "[--dev]",
        about: "build the page into ui/dist (--dev: faster to build, larger)",
        run: ui::run,
    },
    Word {
        name: "tidy",
        takes: "",
        about: "check what a lint cannot: rooms, SQL, migrations, manifests, ADRs, locales",
        run: tidy::run,
    },
    Word {
        name: "ci",
        takes: "",
        about: "format, tidy, lints, tests, docs, window tests; what `test` runs after set-up",
        run: ci::run,
    },
    Word {
        name: "e2e",
        takes: "[NAME]…",
        about: "drive the real app window through its tests",
        run: e2e::run,
    },
    Word {
        name: "sim",
        takes: "--seeds N [--from S]",
        about: "play schedules of faults, one a seed; a failing one says how to play it again",
        run: faults::sim,
    },
    Word {
        name: "killsweep",
        takes: "[--every N]",
        about: "kill device and hub at every write point of a scripted day",
        run: faults::killsweep,
    },
    Word {
        name: "mutants",
        takes: "",
        about: "plant bugs one by one and see that each is caught",
        run: faults::mutants,
    },
    Word {
        name: "fuzz",
        takes: "[RUNS] [TARGET]… | TARGET --seconds N",
        about: "damaged input for every decoder, RUNS each (100000); or one, guided by coverage",
        run: fuzz::run,
    },
    Word {
        name: "dictionary",
        takes: "cases|register FILE",
        about: "train a zstd dictionary on invented messages",
        run: dictionary::run,
    },
    Word {
        name: "bench",
        takes: "NAME [ARG]…",
        about: "measure link, photo, race, save, start or sync; the last line is JSON",
        run: bench::run,
    },
];

fn main() -> ExitCode {
    let mut words = std::env::args().skip(1);
    let result = match words.next().as_deref() {
        None | Some("help" | "--help" | "-h") => {
            println!("cargo xtask …\n\n{}", listing());
            Ok(())
        }
        Some(name) => run(name, &words.collect::<Vec<_>>()),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("xtask: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(name: &str, args: &[String]) -> Result<()> {
    match WORDS.iter().find(|word| word.name == name) {
        Some(word) => (word.run)(args),
        None => bail!("there is no command `{name}`; these are:\n\n{}", listing()),
    }
}

/// All commands, a line each.
fn listing() -> String {
    let calls = WORDS.map(|word| (format!("{} {}", word.name, word.takes), word.about));
    let width = calls
        .iter()
        .map(|(call, _)| call.chars().count())
        .max()
        .unwrap_or_default();
    calls
        .map(|(call, about)| format!("  {call:width$}  {about}"))
        .join("\n")
}

#[cfg(test)]
mod tests {
    use super::{WORDS, listing, run};

    #[test]
    fn the_list_has_a_line_for_each_command() {
        assert_eq!(listing().lines().count(), WORDS.len());
        for word in WORDS {
            assert!(
                listing().contains(word.name),
                "{} must be found by reading",
                word.name
            );
        }
    }

    #[test]
    fn an_unknown_command_is_refused_with_the_list() {
        let error = run("fly", &[]).unwrap_err().to_string();

        assert!(
            error.contains("`fly`"),
            "the person sees what was not understood"
        );
        assert!(error.contains("demo"), "and what would have been");
    }
}
