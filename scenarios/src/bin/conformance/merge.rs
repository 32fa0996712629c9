//! Level merge: several people and one case. Facts commute, decisions stand in the hub's order,
//! and nothing anybody did disappears.

use serde_json::{Value, json};

use crate::{
    answer::{at, list, number, text},
    check::{Check, Verdict, Wrong, holds, same},
    device::{Device, report, supplement, took_effect},
    stage::Stage,
    wire,
};

pub(crate) const CHECKS: [Check; 11] = [
    Check::new(
        "merge-01",
        "6.7",
        "additions of two people give the same case in any order of arrival",
        facts_commute,
    ),
    Check::new(
        "merge-02",
        "6.7",
        "what arrives before its report waits for it",
        facts_wait,
    ),
    Check::new(
        "merge-03",
        "6.2",
        "a change beside one the person had not seen is merged",
        merged,
    ),
    Check::new(
        "merge-04",
        "6.6",
        "registering changes the state and starts the clock at the hub's time",
        registered,
    ),
    Check::new(
        "merge-05",
        "6.7",
        "a withdrawal after the registration has no effect and is kept with the reason",
        too_late_withdrawal,
    ),
    Check::new(
        "merge-06",
        "6.7",
        "a registration after the withdrawal has no effect and is kept with the reason",
        too_late_registration,
    ),
    Check::new(
        "merge-07",
        "6.6",
        "a decision without the right, or without a reason, has no effect and is kept",
        no_right,
    ),
    Check::new(
        "merge-08",
        "6.6",
        "a +1 counts each person once, and never the reporter",
        plus_ones,
    ),
    Check::new(
        "merge-09",
        "6.4",
        "an operation that comes again from another device has no second effect",
        same_op_from_two_devices,
    ),
    Check::new(
        "merge-10",
        "7.5",
        "everybody who sees a case pulls the same document",
        same_document,
    ),
    Check::new(
        "merge-11",
        "6.6",
        "handling on the spot closes the case, and only the reporter may",
        handled_on_the_spot,
    ),
];

/// The same with when it was observed, so many milliseconds ago.
fn observed(mut op: Value, ms_ago: i64) -> Value {
    if let Some(fields) = op.as_object_mut() {
        fields.insert("observed_at".to_owned(), wire::clocks_before(ms_ago));
    }
    op
}

/// The words added to a case, in the order of its timeline, with the reason where one is void.
fn timeline(doc: &Value) -> Vec<(String, String)> {
    let events = list(doc, "body.known.events");
    let line = |event: &Value| {
        let action = at(event, "action");
        let words = [text(action, "note"), text(action, "reason")].concat();
        (words, text(event, "void.why").to_owned())
    };
    events.iter().map(line).collect()
}

/// Fails unless the last event of the case is this one's, void for this reason.
fn kept_void(doc: &Value, op_id: &str, why: &str) -> Verdict {
    let events = list(doc, "body.known.events");
    let event = events.iter().find(|it| text(it, "signed.op_id") == op_id);
    let event = event.ok_or_else(|| {
        Wrong::new(
            format!("operation {op_id} in the timeline"),
            at(doc, "body.known.events"),
        )
    })?;
    same("why it is void", &why, &text(event, "void.why"))
}

fn state(doc: &Value) -> &str {
    text(doc, "body.known.state")
}

/// Does something that must have no effect, and must be kept with this reason.
fn in_vain(device: &Device, case: &str, action: Value, why: &str) -> Verdict {
    let result = device.push_one(&device.op(case, action))?;
    let got = (text(&result, "outcome"), text(&result, "why"));
    same("outcome and reason", &("conflict_kept", why), &got)?;
    kept_void(at(&result, "doc"), text(&result, "op_id"), why)
}

fn withdrawal() -> Value {
    json!({ "do": "withdraw", "reason": "已自行解决" })
}

fn facts_commute(stage: &Stage) -> Verdict {
    let (worker, colleague) = (&stage.worker, stage.colleague()?);
    let mut ends = Vec::new();
    for is_turned in [false, true] {
        let case = worker.reports()?;
        let earlier = |device: &Device| {
            let op = observed(device.op(&case, supplement("先")), 1_200_000);
            device.push_one(&op)
        };
        let later = |device: &Device| {
            let op = observed(device.op(&case, supplement("后")), 10_000);
            device.push_one(&op)
        };
        if is_turned {
            later(colleague)?;
            earlier(worker)?;
        } else {
            earlier(worker)?;
            later(colleague)?;
        }
        ends.push(timeline(&worker.sees(&case)?));
    }
    let both = [("先", ""), ("后", "")].map(|(note, why)| (note.to_owned(), why.to_owned()));
    let expected = vec![both.to_vec(), both.to_vec()];
    same("timelines in both orders of arrival", &expected, &ends)
}

fn facts_wait(stage: &Stage) -> Verdict {
    let (worker, colleague) = (&stage.worker, stage.colleague()?);
    let case = wire::new_id();
    let early = colleague.op(&case, supplement("先到"));
    let result = colleague.push_one(&early)?;
    took_effect(&result)?;
    let waiting = list(&result, "doc.body.awaiting").len();
    same("operations awaiting the report", &1, &waiting)?;
    worker.does(&case, report(worker.grid()))?;
    let doc = worker.sees(&case)?;
    let expected = vec![("先到".to_owned(), String::new())];
    same(
        "the timeline once the report is there",
        &expected,
        &timeline(&doc),
    )
}

fn merged(stage: &Stage) -> Verdict {
    let (worker, colleague) = (&stage.worker, stage.colleague()?);
    let case = worker.reports()?;
    let based = |device: &Device, rev: u64| {
        let mut op = device.op(&case, supplement("还在"));
        if let Some(fields) = op.as_object_mut() {
            fields.insert("base_rev".to_owned(), rev.into());
        }
        device.push_one(&op)
    };
    let seen = based(colleague, 1)?;
    same(
        "outcome, having seen all",
        &"applied",
        &text(&seen, "outcome"),
    )?;
    let unseen = based(worker, 1)?;
    same(
        "outcome, having missed one",
        &"merged",
        &text(&unseen, "outcome"),
    )
}

fn registered(stage: &Stage) -> Verdict {
    let (worker, clerk) = (&stage.worker, stage.clerk()?);
    let case = worker.reports()?;
    let decision = stage.registering()?;
    let result = clerk.does(&case, decision.clone())?;
    let doc = at(&result, "doc");
    same("state", &"registered", &state(doc))?;
    let decided = at(doc, "body.known.registration.decided");
    same("the limit", at(&decision, "limit"), at(decided, "limit"))?;
    let began = at(doc, "body.known.registration.at");
    let received = at(doc, "body.known.events.0.signed.received_at");
    same("when the clock began", received, began)?;
    let number = at(doc, "body.known.case_no");
    holds(number.is_string(), "a case number", number)
}

fn too_late_withdrawal(stage: &Stage) -> Verdict {
    let (worker, clerk) = (&stage.worker, stage.clerk()?);
    let case = worker.reports()?;
    clerk.does(&case, stage.registering()?)?;
    in_vain(worker, &case, withdrawal(), "wrong_state")?;
    same("state", &"registered", &state(&worker.sees(&case)?))
}

fn too_late_registration(stage: &Stage) -> Verdict {
    let (worker, clerk) = (&stage.worker, stage.clerk()?);
    let case = worker.reports()?;
    worker.does(&case, withdrawal())?;
    in_vain(clerk, &case, stage.registering()?, "wrong_state")?;
    same("state", &"withdrawn", &state(&worker.sees(&case)?))
}

fn no_right(stage: &Stage) -> Verdict {
    let (worker, clerk) = (&stage.worker, stage.clerk()?);
    let case = worker.reports()?;
    in_vain(worker, &case, stage.registering()?, "not_your_role")?;
    in_vain(clerk, &case, withdrawal(), "not_yours")?;
    let no_reason = json!({ "do": "reject", "reason": " " });
    in_vain(clerk, &case, no_reason, "no_reason")?;
    in_vain(worker, &case, supplement(""), "nothing_added")?;
    same("state", &"submitted", &state(&worker.sees(&case)?))
}

fn plus_ones(stage: &Stage) -> Verdict {
    let (worker, colleague) = (&stage.worker, stage.colleague()?);
    let plus_one = || json!({ "do": "plus_one", "note": "", "photos": [] });
    let case = worker.reports()?;
    in_vain(worker, &case, plus_one(), "already_counted")?;
    colleague.does(&case, plus_one())?;
    in_vain(colleague, &case, plus_one(), "already_counted")?;
    let doc = worker.sees(&case)?;
    let counted = timeline(&doc)
        .iter()
        .filter(|(_, why)| why.is_empty())
        .count();
    same("+1 that count", &1, &counted)
}

fn same_op_from_two_devices(stage: &Stage) -> Verdict {
    let (worker, colleague) = (&stage.worker, stage.colleague()?);
    let case = worker.reports()?;
    let op = worker.op(&case, supplement("还在"));
    let first = worker.push_one(&op)?;
    let mut again = op;
    let place = colleague.next_seq();
    if let Some(fields) = again.as_object_mut() {
        fields.insert("dev_seq".to_owned(), place.into());
    }
    let second = colleague.push_one(&again)?;
    same(
        "outcome",
        &text(&first, "outcome"),
        &text(&second, "outcome"),
    )?;
    let doc = worker.sees(&case)?;
    same("additions", &1, &timeline(&doc).len())?;
    let last = number(&colleague.hello()?, "last_dev_seq");
    same("last_dev_seq of the other device", &place, &last)
}

fn same_document(stage: &Stage) -> Verdict {
    let (worker, colleague) = (&stage.worker, stage.colleague()?);
    let case = worker.reports()?;
    colleague.does(&case, supplement("还在"))?;
    worker.does(&case, supplement("更多了"))?;
    let ours = worker.sees(&case)?;
    let theirs = colleague.finds(&worker.grid_feed(), &case)?;
    same("the document", &Some(ours), &theirs)
}

fn handled_on_the_spot(stage: &Stage) -> Verdict {
    let (worker, colleague) = (&stage.worker, stage.colleague()?);
    let handled = |note: &str| json!({ "do": "self_handle", "note": note, "photos": [] });
    let case = worker.reports()?;
    in_vain(colleague, &case, handled("已清理"), "not_yours")?;
    let result = worker.does(&case, handled("已清理"))?;
    same("state", &"closed", &state(at(&result, "doc")))?;
    let at_once = wire::new_id();
    let mut report = report(worker.grid());
    if let Some(fields) = report.as_object_mut() {
        fields.insert("handled".to_owned(), "已清理".into());
    }
    let result = worker.does(&at_once, report)?;
    same(
        "state of a report that was handled at once",
        &"closed",
        &state(at(&result, "doc")),
    )
}
