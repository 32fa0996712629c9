//! What is shown differently: of three hundred instances an answer changes a line or two, and only
//! those go to the page.

use shared::ipc::{FormLine, FormLineAt, FormMove};

use crate::number;

/// From the lines the page has to those there are now: first what came and went in one place, then
/// those that say something else.
pub(crate) fn between(
    before: &[FormLine],
    now: &[FormLine],
) -> (Option<FormMove>, Vec<FormLineAt>) {
    let same = |(one, other): &(&FormLine, &FormLine)| one.address == other.address;
    let head = before.iter().zip(now).take_while(same).count();
    let most = before.len().min(now.len()) - head;
    let tail = before.iter().rev().zip(now.iter().rev()).take(most);
    let tail = tail.take_while(same).count();
    let gone = before.len() - head - tail;
    let come = now.get(head..now.len() - tail).unwrap_or_default();
    let moved = (gone > 0 || !come.is_empty()).then(|| FormMove {
        at: number::count(head),
        gone: number::count(gone),
        come: come.to_vec(),
    });
    let behind = now.len() - tail;
    let pairs = before.iter().zip(now).take(head).enumerate();
    let behind_pairs = before
        .iter()
        .skip(before.len() - tail)
        .zip(now.iter().skip(behind));
    let pairs = pairs.chain((behind..).zip(behind_pairs));
    let changed = pairs
        .filter(|(_, (one, other))| one != other)
        .map(|(at, (_, line))| FormLineAt {
            at: number::count(at),
            line: line.clone(),
        })
        .collect();
    (moved, changed)
}

#[cfg(test)]
mod tests {
    use shared::ipc::FormLineKind;

    use super::*;

    /// Addresses and labels.
    type Said = &'static [(&'static str, &'static str)];

    fn lines(said: &[(&str, &str)]) -> Vec<FormLine> {
        let line = |(address, label): &(&str, &str)| FormLine {
            address: (*address).to_owned(),
            depth: 0,
            label: (*label).to_owned(),
            hint: String::new(),
            appearance: String::new(),
            what: FormLineKind::Group,
        };
        said.iter().map(line).collect()
    }

    /// As the page does it.
    fn patched(
        mut lines: Vec<FormLine>,
        moved: Option<FormMove>,
        changed: Vec<FormLineAt>,
    ) -> Vec<FormLine> {
        if let Some(moved) = moved {
            let at = moved.at as usize;
            lines.splice(at..at + moved.gone as usize, moved.come);
        }
        for one in changed {
            lines[one.at as usize] = one.line;
        }
        lines
    }

    #[test]
    fn the_difference_makes_what_was_into_what_is() {
        let cases: &[(Said, Said)] = &[
            (&[], &[("a", "1")]),
            (&[("a", "1")], &[]),
            (
                &[("a", "1"), ("b", "1"), ("c", "1")],
                &[("a", "2"), ("c", "2")],
            ),
            (
                &[("a", "1"), ("c", "1")],
                &[("a", "1"), ("b", "1"), ("b2", "1"), ("c", "2")],
            ),
            (&[("a", "1"), ("b", "1")], &[("b", "1"), ("a", "1")]),
            (
                &[("a", "1"), ("a2", "1")],
                &[("a", "1"), ("a2", "1"), ("a2", "1")],
            ),
            (
                &[("a", "1"), ("x", "1"), ("b", "1")],
                &[("a", "3"), ("y", "1"), ("z", "1"), ("b", "3")],
            ),
        ];
        for (before, now) in cases {
            let (before, now) = (lines(before), lines(now));

            let (moved, changed) = between(&before, &now);

            assert_eq!(
                patched(before.clone(), moved, changed),
                now,
                "from {before:?}"
            );
        }
    }

    #[test]
    fn a_line_that_says_something_else_goes_alone() {
        let names: Vec<String> = (0..300).map(|n| format!("q{n}")).collect();
        let before: Vec<(&str, &str)> = names.iter().map(|name| (name.as_str(), "1")).collect();
        let mut now = before.clone();
        now[150].1 = "2";

        let (moved, changed) = between(&lines(&before), &lines(&now));

        assert_eq!(moved, None);
        assert_eq!(changed.iter().map(|one| one.at).collect::<Vec<_>>(), [150]);
    }
}
