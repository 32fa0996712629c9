//! Level merge, corrections: what two people set without knowing of each other both stands, in any
//! order of arrival, until somebody who knew of both decides.

use serde_json::{Value, json};

use crate::{
    answer::{at, list, text},
    check::{Check, Verdict, holds, same},
    stage::Stage,
};

pub(crate) const CHECKS: [Check; 3] = [
    Check::new(
        "merge-12",
        "6.8",
        "corrections are kept beside the report, which stays as it was",
        kept_beside_the_report,
    ),
    Check::new(
        "merge-13",
        "6.8",
        "corrections by two who did not know of each other give the same case in any order",
        any_order,
    ),
    Check::new(
        "merge-14",
        "6.8",
        "only the reporter and those who accept correct, and never a registered category",
        no_right,
    ),
];

/// Of level scopes: a corrected place.
pub(crate) const PLACES: [Check; 1] = [Check::new(
    "scopes-11",
    "6.8",
    "a case whose place was corrected is in the feed of the place's grid, and leaves the old one",
    moves,
)];

fn amend(knew: &[&str], to: Value) -> Value {
    json!({ "do": "amend", "knew": knew, "to": to })
}

fn says(words: &str) -> Value {
    json!([{ "field": "description", "value": words }])
}

/// The operation that reported the case.
fn root(doc: &Value) -> String {
    text(doc, "body.known.reported.op_id").to_owned()
}

/// Words and makers of the corrections of a case, void ones marked.
fn corrections(doc: &Value) -> Vec<String> {
    let events = list(doc, "body.known.events");
    let amended = events.iter().filter(|it| text(it, "action.do") == "amend");
    let line = |event: &Value| {
        let (maker, value) = (
            text(event, "signed.author.staff"),
            at(event, "action.to.0.value"),
        );
        format!("{maker}: {value} {}", text(event, "void.why"))
    };
    amended.map(line).collect()
}

fn kept_beside_the_report(stage: &Stage) -> Verdict {
    let worker = &stage.worker;
    let case = worker.reports()?;
    let before = worker.sees(&case)?;

    let result = worker.does(&case, amend(&[&root(&before)], says("更正后")))?;

    let doc = at(&result, "doc");
    same(
        "the report",
        at(&before, "body.known.report"),
        at(doc, "body.known.report"),
    )?;
    same("corrections", &1, &corrections(doc).len())
}

fn any_order(stage: &Stage) -> Verdict {
    let (worker, clerk) = (&stage.worker, stage.clerk()?);
    let mut ends = Vec::new();
    for is_turned in [false, true] {
        let case = worker.reports()?;
        let root = root(&worker.sees(&case)?);
        let mine = worker.op(&case, amend(&[&root], says("五袋")));
        let theirs = clerk.op(&case, amend(&[&root], says("三袋")));
        let results = if is_turned {
            let theirs = clerk.push_one(&theirs)?;
            [worker.push_one(&mine)?, theirs]
        } else {
            [worker.push_one(&mine)?, clerk.push_one(&theirs)?]
        };
        for result in &results {
            let outcome = text(result, "outcome");
            holds(["applied", "merged"].contains(&outcome), "taken", result)?;
        }
        let mut end = corrections(&worker.sees(&case)?);
        // Whose clock is ahead by a few milliseconds is not what is looked at here.
        end.sort_unstable();
        ends.push(end);
    }
    let [straight, turned] = &ends[..] else {
        return Ok(());
    };
    same("corrections", &2, &straight.len())?;
    same("corrections in the other order", straight, turned)
}

fn no_right(stage: &Stage) -> Verdict {
    let (worker, colleague, clerk) = (&stage.worker, stage.colleague()?, stage.clerk()?);
    let case = worker.reports()?;
    let root = root(&worker.sees(&case)?);
    if !colleague.has_role("clerk") && !colleague.has_role("dispatcher") {
        let result = colleague.push_one(&colleague.op(&case, amend(&[&root], says("别人的"))))?;
        let got = (text(&result, "outcome"), text(&result, "why"));
        same("outcome and reason", &("conflict_kept", "not_yours"), &got)?;
    }
    let registering = stage.registering()?;
    let category = json!([{ "field": "category", "value": null }]);
    clerk.does(&case, registering)?;
    let result = clerk.push_one(&clerk.op(&case, amend(&[&root], category)))?;
    let got = (text(&result, "outcome"), text(&result, "why"));
    same(
        "outcome and reason",
        &("conflict_kept", "wrong_state"),
        &got,
    )
}

fn moves(stage: &Stage) -> Verdict {
    let (worker, stranger) = (&stage.worker, stage.stranger()?);
    let case = worker.reports()?;
    let before = worker.sees(&case)?;
    holds(
        stranger.finds(&stranger.grid_feed(), &case)?.is_none(),
        "a case of another grid not to be seen",
        &case,
    )?;
    let mut place = at(&before, "body.known.report.place").clone();
    if let Some(fields) = place.as_object_mut() {
        fields.insert("grid".to_owned(), json!(stranger.grid()));
    }

    let to = json!([{ "field": "place", "value": place }]);
    worker.does(&case, amend(&[&root(&before)], to))?;

    let found = stranger.finds(&stranger.grid_feed(), &case)?;
    holds(
        found.is_some(),
        "the case in the feed of its new grid",
        &case,
    )?;
    let left = worker.finds(&worker.grid_feed(), &case)?;
    holds(left.is_none(), "the case gone from the old one", &case)
}
