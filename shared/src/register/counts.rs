//! What counts in a campaign: a question of its form, and the answers to it that say it is done.

use std::collections::BTreeSet;

/// A question, and which of its answers count, written `status=completed` or `outcome=met phone`: names,
/// as the form's author has them, which have no blanks in them. One field and not two, so that a question
/// never stands beside answers to another one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Counts {
    /// The question, by its name without the groups it is in.
    pub question: String,
    /// The answers.
    pub answers: BTreeSet<String>,
}

impl Counts {
    /// Reads it; `None`: it is not written so.
    pub fn read(text: &str) -> Option<Self> {
        let (question, answers) = text.split_once('=')?;
        let question = question.trim();
        let answers: BTreeSet<String> = answers.split_whitespace().map(str::to_owned).collect();
        let is_name = !question.is_empty() && !question.contains(|it: char| it.is_whitespace());
        (is_name && !answers.is_empty()).then(|| Self {
            question: question.to_owned(),
            answers,
        })
    }

    /// Whether the question with this address, or what somebody answered it, is the one that is meant.
    pub fn asks(&self, address: &str) -> bool {
        address.rsplit('/').next() == Some(self.question.as_str())
    }

    /// Whether this answer counts; of several choices one is enough.
    pub fn has(&self, answer: &str) -> bool {
        answer
            .split_whitespace()
            .any(|it| self.answers.contains(it))
    }
}

#[cfg(test)]
mod tests {
    use super::Counts;

    #[test]
    fn a_question_stands_before_the_answers_that_count() {
        let counts = Counts::read("outcome=met phone").unwrap();
        assert!(counts.asks("visit/outcome") && counts.asks("outcome"));
        assert!(!counts.asks("visit/other_outcome"));
        assert!(counts.has("phone") && counts.has("refused met"));
        assert!(!counts.has("refused") && !counts.has(""));
        for wrong in ["", "status", "status=", "=completed", "a b=completed"] {
            assert_eq!(Counts::read(wrong), None, "{wrong}");
        }
    }
}
