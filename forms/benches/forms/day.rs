//! What is measured: a form, and what somebody does with it, the same for both sides.

pub(crate) struct Day {
    pub(crate) name: &'static str,
    pub(crate) survey: Vec<Vec<String>>,
    pub(crate) choices: Vec<Vec<String>>,
    pub(crate) acts: Vec<Act>,
}

/// Paths are those of XForms: instances are counted from 1.
pub(crate) enum Act {
    Set(String, String),
    Add(String),
    /// Reads all choices that a question offers, with their labels.
    Choices(String),
}

fn rows(lines: &[&str]) -> Vec<Vec<String>> {
    lines
        .iter()
        .map(|line| line.split('|').map(|cell| cell.trim().to_owned()).collect())
        .collect()
}

/// A list of 50,000 rows, loaded, and walked through town by town.
pub(crate) fn choices() -> Day {
    let mut choices = rows(&["list_name|name|label|town"]);
    for town in 0..100 {
        choices.push(vec![
            "towns".into(),
            format!("t{town}"),
            format!("镇 {town}"),
            String::new(),
        ]);
    }
    for row in 0..50_000 {
        let town = format!("t{}", row % 100);
        choices.push(vec![
            "houses".into(),
            format!("h{row}"),
            format!("{row} 号"),
            town,
        ]);
    }
    let mut acts = Vec::new();
    for town in 0..100 {
        acts.push(Act::Set("/data/town".into(), format!("t{town}")));
        acts.push(Act::Choices("/data/house".into()));
        acts.push(Act::Set("/data/house".into(), format!("h{town}")));
    }
    Day {
        name: "choices",
        survey: rows(&[
            "type|name|label|choice_filter",
            "select_one towns|town|镇",
            "select_one houses|house|号|town = ${town}",
        ]),
        choices,
        acts,
    }
}

/// 300 instances of a repeat, each with a look-up into 1,000 rows, and a sum over all.
pub(crate) fn look_ups() -> Day {
    let mut choices = rows(&["list_name|name|label|pay"]);
    for row in 0..1000 {
        choices.push(vec![
            "trades".into(),
            format!("w{row}"),
            format!("工种 {row}"),
            (row * 7 % 400).to_string(),
        ]);
    }
    Day {
        name: "repeats",
        survey: rows(&[
            "type|name|label|calculation",
            "begin repeat|worker|人",
            "select_one trades|trade|工种",
            "calculate|pay||instance('trades')/root/item[name = ${trade}]/pay",
            "end repeat",
            "calculate|all||sum(${pay})",
        ]),
        choices,
        acts: repeat(300, "worker", |at| {
            vec![Act::Set(
                format!("/data/worker[{at}]/trade"),
                format!("w{}", at * 3),
            )]
        }),
    }
}

/// 1,000 instances of a repeat with two answers and a calculation each.
pub(crate) fn simple_repeats() -> Day {
    Day {
        name: "simple_repeats",
        survey: rows(&[
            "type|name|label|calculation",
            "begin repeat|member|人",
            "text|name|姓名",
            "integer|age|年龄",
            "calculate|line||concat(${name}, ' ', ${age})",
            "end repeat",
        ]),
        choices: Vec::new(),
        acts: repeat(1000, "member", |at| {
            vec![
                Act::Set(format!("/data/member[{at}]/name"), format!("某 {at}")),
                Act::Set(format!("/data/member[{at}]/age"), (at % 90).to_string()),
            ]
        }),
    }
}

/// The first instance is there from the beginning.
fn repeat(count: usize, name: &str, of: impl Fn(usize) -> Vec<Act>) -> Vec<Act> {
    let mut acts = Vec::new();
    for at in 1..=count {
        if at > 1 {
            acts.push(Act::Add(format!("/data/{name}")));
        }
        acts.extend(of(at));
    }
    acts
}
