//! How many tests passed, read from what the test programs print.

use std::{fmt, ops::Add};

/// Tests passed and failed.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
pub(super) struct Count {
    pub(super) passed: u32,
    pub(super) failed: u32,
}

impl Count {
    /// Sums the lines `test result: ok. 3 passed; 0 failed; …` that each test program ends with.
    pub(super) fn in_output(output: &str) -> Self {
        output
            .lines()
            .filter_map(Self::in_line)
            .fold(Self::default(), Self::add)
    }

    fn in_line(line: &str) -> Option<Self> {
        let (_, result) = line.split_once("test result: ")?;
        Some(Self {
            passed: before(result, " passed")?,
            failed: before(result, " failed")?,
        })
    }
}

/// The number that stands before a word.
fn before(text: &str, word: &str) -> Option<u32> {
    let (head, _) = text.split_once(word)?;
    head.rsplit(' ').next()?.parse().ok()
}

impl Add for Count {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self {
            passed: self.passed + other.passed,
            failed: self.failed + other.failed,
        }
    }
}

impl fmt::Display for Count {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} passed, {} failed", self.passed, self.failed)
    }
}

#[cfg(test)]
mod tests {
    use super::Count;

    #[test]
    fn the_results_of_all_test_programs_are_summed() {
        let output = "running 2 tests\n\
            test result: ok. 2 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out\n\
            3 passed the door; nobody failed\n\
            test result: \u{1b}[31mFAILED\u{1b}[0m. 40 passed; 1 failed; 0 ignored\n";

        let count = Count::in_output(output);

        assert_eq!(
            count,
            Count {
                passed: 42,
                failed: 1
            }
        );
        assert_eq!(count.to_string(), "42 passed, 1 failed");
    }
}
