//! Decisions are numbered without a gap, so that one can be named by its number.

use super::{finding::Finding, source::Source};

const FOLDER: &str = "docs/adr/";
/// Not decisions themselves.
const BESIDE: [&str; 2] = ["README.md", "template.md"];

/// Checks the numbers of the decisions.
pub(super) fn check(sources: &[Source]) -> Vec<Finding> {
    let decisions = sources
        .iter()
        .filter(|source| source.path.starts_with(FOLDER) && !BESIDE.contains(&source.name()));
    let mut expected = 1;
    let mut findings = Vec::new();
    for decision in decisions {
        let Some(number) = number(decision.name()) else {
            findings.push(Finding::at(
                &decision.path,
                1,
                "a decision is named NNNN-title.md",
            ));
            continue;
        };
        if number != expected {
            findings.push(Finding::at(
                &decision.path,
                1,
                format!("decision {expected:04} should come here"),
            ));
        }
        expected = number + 1;
    }
    findings
}

fn number(name: &str) -> Option<u32> {
    let (digits, _) = name.strip_suffix(".md")?.split_once('-')?;
    (digits.len() == 4).then(|| digits.parse().ok())?
}

#[cfg(test)]
mod tests {
    use super::{super::source::source, check};

    fn findings(names: &[&str]) -> usize {
        check(
            &names
                .iter()
                .map(|name| source(&format!("docs/adr/{name}"), ""))
                .collect::<Vec<_>>(),
        )
        .len()
    }

    #[test]
    fn decisions_without_a_gap_are_in_order() {
        assert_eq!(findings(&["0001-one.md", "0002-two.md", "README.md"]), 0);
    }

    #[test]
    fn a_gap_a_double_and_a_decision_without_a_number_are_found() {
        assert_eq!(findings(&["0001-one.md", "0003-three.md"]), 1);
        assert_eq!(findings(&["0001-one.md", "0001-other.md"]), 1);
        assert_eq!(findings(&["0001-one.md", "thoughts.md"]), 1);
    }
}
