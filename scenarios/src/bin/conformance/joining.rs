//! Level merge, merging: two reports of one thing live on under both ids, and whoever reported learns
//! what becomes of it.

use serde_json::{Value, json};

use crate::{
    answer::{at, list, text},
    check::{Check, Verdict, Wrong, same},
    device::{report, supplement, took_effect},
    stage::Stage,
    wire,
};

pub(crate) const CHECKS: [Check; 4] = [
    Check::new(
        "merge-18",
        "6.12",
        "a merged case lives on, and the other carries it and reaches its reporter",
        both_live_on,
    ),
    Check::new(
        "merge-19",
        "6.12",
        "what is added to a merged case is carried by the other",
        additions_are_carried,
    ),
    Check::new(
        "merge-20",
        "6.12",
        "a split case is open again and carried no longer",
        split,
    ),
    Check::new(
        "merge-21",
        "6.12",
        "merging in a circle or into nothing has no effect and is kept with the reason",
        no_survivor,
    ),
];

fn merge(into: &str) -> Value {
    json!({ "do": "merge", "into": into })
}

/// The worker's case, and one of the colleague's that went on as it.
fn merged(stage: &Stage) -> Result<(String, String), Wrong> {
    let (worker, colleague) = (&stage.worker, stage.colleague()?);
    let (lasts, ends) = (worker.reports()?, wire::new_id());
    took_effect(&colleague.does(&ends, report(worker.grid()))?)?;
    took_effect(&stage.clerk()?.does(&ends, merge(&lasts))?)?;
    Ok((lasts, ends))
}

/// Ids of the cases that one carries.
fn carried(doc: &Value) -> Vec<&str> {
    let joined = list(doc, "body.known.joined").iter();
    joined.map(|it| text(it, "id")).collect()
}

fn both_live_on(stage: &Stage) -> Verdict {
    let (worker, colleague) = (&stage.worker, stage.colleague()?);
    let (lasts, ends) = merged(stage)?;

    let ended = worker.sees(&ends)?;
    same("state", &"merged", &text(&ended, "body.known.state"))?;
    let into = text(&ended, "body.known.merged_into");
    same("merged_into", &lasts.as_str(), &into)?;
    let lasting = worker.sees(&lasts)?;
    same("joined", &vec![ends.as_str()], &carried(&lasting))?;
    let as_it_stands = list(&lasting, "body.known.joined").first();
    let ended = Some(at(&ended, "body.known"));
    same("the case it carries", &ended, &as_it_stands)?;
    let told = colleague.finds(&colleague.inbox(), &lasts)?;
    same("in the inbox of its reporter", &Some(lasting), &told)
}

fn additions_are_carried(stage: &Stage) -> Verdict {
    let (lasts, ends) = merged(stage)?;
    let colleague = stage.colleague()?;
    let note = colleague.op(&ends, supplement("still there"));

    took_effect(&colleague.push_one(&note)?)?;

    let lasting = stage.worker.sees(&lasts)?;
    let joined = list(&lasting, "body.known.joined").iter();
    let added = joined
        .flat_map(|it| list(it, "events"))
        .any(|event| at(event, "signed.op_id") == at(&note, "op_id"));
    same("carried", &true, &added)
}

fn split(stage: &Stage) -> Verdict {
    let (lasts, ends) = merged(stage)?;
    let split = json!({ "do": "split", "reason": "conformance" });

    took_effect(&stage.clerk()?.does(&ends, split)?)?;

    let alone = stage.worker.sees(&ends)?;
    same("state", &"submitted", &text(&alone, "body.known.state"))?;
    let lasting = stage.worker.sees(&lasts)?;
    same("joined", &Vec::<&str>::new(), &carried(&lasting))
}

fn no_survivor(stage: &Stage) -> Verdict {
    let clerk = stage.clerk()?;
    let (lasts, ends) = merged(stage)?;
    for into in [ends, wire::new_id()] {
        let merging = clerk.op(&lasts, merge(&into));
        let result = clerk.push_one(&merging)?;
        let outcome = [text(&result, "outcome"), text(&result, "why")];
        same("outcome", &["conflict_kept", "no_survivor"], &outcome)?;
        let doc = stage.worker.sees(&lasts)?;
        let mut events = list(&doc, "body.known.events").iter();
        let kept = events.find(|it| at(it, "signed.op_id") == at(&merging, "op_id"));
        let void = kept.map(|it| text(it, "void.why"));
        same("void", &Some("no_survivor"), &void)?;
    }
    Ok(())
}
