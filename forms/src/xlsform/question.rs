//! One row of the sheet `survey` as a question.

use std::collections::BTreeMap;

use super::{Told, grid::Line, mistake::What};
use crate::definition::{Choices, Item, Kind, Question, Shape, Source};

/// A row with all that can be said of any item; its shape is filled in by whoever knows it.
pub(super) fn item(line: Line<'_>, name: &str, shape: Shape) -> Item {
    Item {
        name: name.to_owned(),
        label: line.words("label"),
        hint: line.words("hint"),
        appearance: line.cell("appearance").unwrap_or_default().to_owned(),
        relevant: line.expression("relevant"),
        shape,
    }
}

/// What a row says of a question.
pub(super) fn question(
    line: Line<'_>,
    kind: Kind,
    from: Option<Source>,
    told: &mut Told,
) -> Question {
    let parameters = parameters(line, told);
    let media = ["image", "audio", "video"]
        .into_iter()
        .map(|name| (name.to_owned(), line.words(name)));
    let yes = |name: &str| {
        parameters
            .get(name)
            .is_some_and(|value| value == "true" || value == "true()")
    };
    let choices = from.map(|from| Choices {
        from,
        filter: line.expression("choice_filter"),
        randomize: yes("randomize"),
        seed: parameters.get("seed").cloned(),
    });
    if kind == Kind::Calculate
        && ["calculation", "default", "trigger"]
            .iter()
            .all(|name| line.cell(name).is_none())
    {
        told.mistake(line.mistake("calculation", What::Empty));
    }
    Question {
        kind,
        calculate: line.expression("calculation"),
        trigger: triggers(line),
        default: line.expression("default"),
        required: line.condition("required"),
        required_message: line.words("required_message"),
        constraint: line.expression("constraint"),
        constraint_message: line.words("constraint_message"),
        read_only: line.condition("read_only"),
        choices,
        media: media.filter(|(_, words)| !words.is_empty()).collect(),
        save_to: line.cell("save_to").map(str::to_owned),
        parameters,
    }
}

fn triggers(line: Line<'_>) -> Vec<String> {
    let text = line.expression("trigger").unwrap_or_default();
    text.split(',')
        .map(str::trim)
        .filter(|name| !name.is_empty())
        .map(str::to_owned)
        .collect()
}

/// `name=value`, with spaces, commas or semicolons between.
pub(super) fn parameters(line: Line<'_>, told: &mut Told) -> BTreeMap<String, String> {
    let mut parameters = BTreeMap::new();
    let text = line.expression("parameters").unwrap_or_default();
    // People write `start = 1` as well.
    let text = text.split('=').map(str::trim).collect::<Vec<_>>().join("=");
    for one in text.split([' ', ',', ';']).filter(|one| !one.is_empty()) {
        match one.split_once('=') {
            Some((name, value)) if !name.is_empty() && !value.is_empty() => {
                parameters.insert(name.to_lowercase(), value.to_owned());
            }
            _ => told.mistake(line.mistake("parameters", What::Parameter(one.to_owned()))),
        }
    }
    parameters
}
