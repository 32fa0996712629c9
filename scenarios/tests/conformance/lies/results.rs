//! Lies about what became of operations.

use axum::http::StatusCode;
use serde_json::{Value, json};
use shared::{CaseId, Timestamp};

use super::{Asked, Lie, Seen, Told, items, pages};

/// A case nobody will ever report.
fn nowhere() -> Value {
    json!(CaseId::new(Timestamp::from_ms(0), [7; 10]))
}

/// An addition that comes alone goes to the case that nobody will ever report.
pub(super) fn put_nowhere(push: &mut Value) {
    let mut ops: Vec<_> = items(push, "ops").collect();
    let [op] = ops.as_mut_slice() else {
        return;
    };
    let is_addition = op["action"]["do"] == "supplement" && op["target"]["kind"] == "case";
    if is_addition && op["action"]["note"] != "" {
        op["target"]["id"] = nowhere();
    }
}

pub(super) fn change(lie: Lie, seen: &mut Seen, asked: &Asked, told: &mut Told) {
    let ops = asked.json["ops"].as_array().cloned().unwrap_or_default();
    seen.was_empty = ops.is_empty() && told.status == StatusCode::OK;
    if lie == Lie::LetsClonesGoOn && told.refuses("new_epoch_required") {
        let duplicate =
            |op: &Value| json!({ "op_id": op["op_id"], "outcome": "duplicate", "rev": 1 });
        told.say(
            200,
            json!({ "results": ops.iter().map(duplicate).collect::<Vec<_>>() }),
        );
    }
    if lie == Lie::TakesTooMuch && told.refuses("too_large") {
        told.say(200, json!({ "results": [] }));
    }
    let is_unknown = |op: &Value| op.get("x_conformance").is_some();
    if lie == Lie::RefusesUnknownFields && ops.iter().any(is_unknown) {
        told.refuse(400, "malformed");
    }
    pages::cases(lie, &mut told.json);
    pages::entries(lie, &mut told.json);
    seen.brief = asked.json["brief"] == true;
    if lie == Lie::MovesTooFar {
        for moved in items(&mut told.json, "moved") {
            moved["seq"] = json!(moved["seq"].as_u64().unwrap_or_default() + 1);
        }
    }
    batch(lie, told);
    for (op, result) in ops.iter().zip(items(&mut told.json, "results")) {
        one(lie, seen, op, result);
    }
}

/// Lies about all results of a push together.
fn batch(lie: Lie, told: &mut Told) {
    let Some(results) = told.json["results"].as_array_mut() else {
        return;
    };
    let is_bad = |result: &Value| result["outcome"] == "quarantined";
    match lie {
        Lie::DropsAResult if results.len() > 1 => drop(results.pop()),
        Lie::ReordersResults => results.reverse(),
        Lie::RefusesTheBatch if results.len() > 1 && results.iter().any(is_bad) => {
            told.refuse(400, "malformed");
        }
        _ => {}
    }
}

/// Lies about one result.
fn one(lie: Lie, seen: &mut Seen, op: &Value, result: &mut Value) {
    let outcome = result["outcome"].as_str().unwrap_or_default().to_owned();
    let is_replay = outcome != "retry_later" && !seen.ops.insert(result["op_id"].to_string());
    match (lie, outcome.as_str()) {
        (Lie::AnswersReplaysAnew, _) if is_replay => result["outcome"] = json!("duplicate"),
        (Lie::CountsReplays, _) if is_replay => seen.replays += 1,
        (Lie::ConfirmsBehindGaps, "retry_later") => result["outcome"] = json!("merged"),
        (Lie::CallsAllApplied, "merged") => result["outcome"] = json!("applied"),
        (Lie::GivesOneReason, "quarantined") => result["why"] = json!("unreadable_document"),
        (Lie::ShowsWhatItRefuses, "quarantined") => {
            let target = &op["target"];
            result["doc"] =
                json!({ "kind": target["kind"], "id": target["id"], "rev": 1, "body": {} });
        }
        (Lie::JudgesByToday, "applied") if result.get("doc").is_none() => {
            result["outcome"] = json!("quarantined");
            result["why"] = json!("not_your_scope");
        }
        (Lie::ForgetsAcknowledged, "applied" | "merged") if op["target"]["id"] == nowhere() => {
            *result = json!({ "op_id": op["op_id"], "outcome": "merged", "rev": 2 });
        }
        (Lie::MakesItTwice, "quarantined") if result["why"] == "already_reported" => {
            result["outcome"] = json!("applied");
        }
        (Lie::LetsAnybodyIn, "quarantined") if result["why"] == "not_your_scope" => {
            result["outcome"] = json!("applied");
        }
        (Lie::TakesAnyFields, "quarantined") if result["why"] == "out_of_bounds" => {
            result["outcome"] = json!("applied");
        }
        (Lie::TellsWhatIsApart, "quarantined") if op["target"]["kind"] == "management" => {
            result["why"] = json!("not_your_scope");
        }
        (Lie::LetsAnybodyErase, "quarantined") if op["action"]["do"] == "erase" => {
            result["outcome"] = json!("applied");
        }
        (Lie::LetsAnybodyCorrect, "conflict_kept") if op["action"]["do"] == "amend" => {
            result["outcome"] = json!("applied");
        }
        (Lie::SumsUpSomethingElse, _) if result["brief"].is_object() => {
            result["brief"]["sum"] = json!(1);
        }
        (Lie::IsTooBrief, _) if result["doc"].is_object() && seen.brief => {
            drop(result.as_object_mut().unwrap().remove("doc"));
            result["brief"] = json!({ "sum": 1 });
        }
        (Lie::HidesDocuments, _) => drop(result.as_object_mut().unwrap().remove("doc")),
        _ => {}
    }
}
