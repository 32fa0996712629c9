//! What happened in a schedule, a short line each, so that a failing one can be read.

use std::fmt;

use client::photo::digest_of;
use shared::Digest;

/// The lines of one schedule.
#[derive(Debug, Default)]
pub struct Trace {
    lines: Vec<String>,
}

impl Trace {
    /// Writes a line.
    pub fn say(&mut self, line: impl Into<String>) {
        self.lines.push(line.into());
    }

    /// What tells this schedule from another: two programs that play a seed alike say the same.
    pub fn digest(&self) -> Digest {
        digest_of(self.lines.join("\n").as_bytes())
    }

    /// The lines.
    pub fn lines(&self) -> &[String] {
        &self.lines
    }
}

impl fmt::Display for Trace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (number, line) in (1..).zip(&self.lines) {
            writeln!(f, "{number:5}  {line}")?;
        }
        Ok(())
    }
}
