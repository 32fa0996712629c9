//! Lies about feeds and the documents in them.

use axum::http::{HeaderValue, StatusCode, header};
use serde_json::{Value, json};

use super::{Asked, Lie, Seen, Told, items};

/// Every this many places a feed skips one.
const SKIP_EVERY: u64 = 7;

/// The section of the city's pack that is about working time.
const CALENDAR: &str = "67772f70-6163-6b2f-6361-6c656e646172";

pub(super) fn change(lie: Lie, seen: &mut Seen, asked: &Asked, told: &mut Told) {
    let nothing = || json!({ "items": [], "cursor": "x", "more": false, "count": 0, "sum": 0 });
    match lie {
        Lie::OpensEveryFeed if told.refuses("forbidden") => told.say(200, nothing()),
        Lie::TakesAnyCursor if told.refuses("cursor_gone") => told.say(200, nothing()),
        _ => {}
    }
    if told.status != StatusCode::OK {
        return;
    }
    cases(lie, &mut told.json);
    entries(lie, &mut told.json);
    let first_token = seen.first_token.get_or_insert(asked.token.clone());
    let is_other = *first_token != asked.token;
    match lie {
        Lie::WrongSum => {
            let sum = told.json["sum"].as_u64().unwrap();
            told.json["sum"] = json!(sum.wrapping_add(1));
        }
        Lie::SkipsPlaces => items(&mut told.json, "items").for_each(skip),
        Lie::CountsReplays => {
            items(&mut told.json, "items").for_each(|item| shift(item, seen.replays));
        }
        Lie::ShowsOthersLess if is_other => {
            each_case(&mut told.json, &|case| case["case_no"] = Value::Null);
        }
        Lie::PacksForAll if asked.query.contains("scope=city") => pack(told),
        _ => change_items(lie, seen, asked, &mut told.json),
    }
}

/// Lies about which items are in a page.
fn change_items(lie: Lie, seen: &mut Seen, asked: &Asked, page: &mut Value) {
    let items = page["items"].as_array_mut().unwrap();
    match lie {
        Lie::CutsFullPages if asked.query.ends_with(&format!("&limit={}", items.len())) => {
            items.pop();
        }
        Lie::RepeatsTheEnd => {
            let scope = scope(&asked.query);
            match items.last() {
                Some(last) => drop(seen.last_items.insert(scope, last.clone())),
                None => items.extend(seen.last_items.get(&scope).cloned()),
            }
        }
        Lie::LacksASection => items.retain(|item| item["doc"]["id"] != CALENDAR),
        Lie::HidesWhoDeleted => {
            for item in items.iter_mut().filter(|it| it["item"] == "deleted") {
                *item = json!({ "item": "left", "seq": item["seq"], "target": item["target"] });
            }
        }
        Lie::LetsDeletesWin => items.retain(|item| {
            let did = |what: &str| events(&item["doc"]).any(|it| it["action"]["do"] == what);
            !did("delete") || did("restore")
        }),
        Lie::LeavesNoMarkers => items.retain(|item| item["item"] != "left"),
        Lie::HasNoInboxes if scope(&asked.query).starts_with("staff:") => {
            items.retain(|item| item["item"] == "left");
        }
        Lie::ServesForeignDocuments => serve_foreign(seen, &scope(&asked.query), items),
        _ => {}
    }
}

/// Adds a document of another grid to a page of a grid's feed.
fn serve_foreign(seen: &mut Seen, scope: &str, items: &mut Vec<Value>) {
    if !scope.starts_with("grid:") {
        return;
    }
    if let Some(first) = items.first() {
        let first_docs = &mut seen.first_docs;
        first_docs.entry(scope.to_owned()).or_insert(first.clone());
    }
    let foreign = seen.first_docs.iter().find(|(other, _)| *other != scope);
    items.extend(foreign.map(|(_, item)| item.clone()));
}

/// The feed a page is of.
fn scope(query: &str) -> String {
    let mut pairs = query.split('&');
    let scope = pairs.find_map(|pair| pair.strip_prefix("scope="));
    scope.unwrap_or_default().to_owned()
}

/// As if the feed's counter had been bumped once too often, again and again.
pub(super) fn skip(place: &mut Value) {
    let seq = place["seq"].as_u64().unwrap_or_default();
    place["seq"] = json!(seq + seq / SKIP_EVERY);
}

/// As if the feed's counter had been bumped so often by nothing.
pub(super) fn shift(place: &mut Value, by: u64) {
    let seq = place["seq"].as_u64().unwrap_or_default();
    place["seq"] = json!(seq + by);
}

/// The page in zstd, asked for or not.
fn pack(told: &mut Told) {
    told.body = zstd::encode_all(told.json.to_string().as_bytes(), 3)
        .unwrap()
        .into();
    let zstd = HeaderValue::from_static("zstd");
    told.headers.insert(header::CONTENT_ENCODING, zstd);
}

/// Lies about cases, wherever they stand.
pub(super) fn cases(lie: Lie, json: &mut Value) {
    match lie {
        Lie::LosesUnknownFields => each_case(json, &|case| {
            let report = case["report"].as_object_mut().unwrap();
            report.retain(|name, _| !name.starts_with("x_"));
        }),
        Lie::ForgetsWhen => each_case(json, &|case| {
            for event in items(case, "events") {
                event["signed"]["at"] = event["signed"]["received_at"].clone();
            }
        }),
        Lie::HidesTheVoid => each_case(json, &|case| {
            let events = case["events"].as_array_mut().unwrap();
            events.retain(|event| event["void"].is_null());
        }),
        Lie::TurnsTheTimeline => each_case(json, &|case| {
            case["events"].as_array_mut().unwrap().reverse();
        }),
        Lie::StartsTheClockEarly => each_case(json, &|case| {
            if let Some(at) = case["registration"]["at"].as_i64() {
                case["registration"]["at"] = json!(at - 1);
            }
        }),
        Lie::KeepsItOpen => each_case(json, &|case| {
            if case["state"] == "closed" {
                case["state"] = json!("submitted");
            }
        }),
        // What nearly everybody does: the last writer wins, and what was there is gone.
        Lie::RewritesTheReport => each_case(json, &|case| {
            let events = case["events"].as_array().cloned().unwrap_or_default();
            let last = events.iter().rev().find(|it| is_correction(it));
            if let Some(said) = last.map(|it| it["action"]["to"][0]["value"].clone()) {
                case["report"]["description"] = said;
            }
        }),
        Lie::KeepsOneCorrection => each_case(json, &|case| {
            let events = case["events"].as_array_mut().unwrap();
            let last = events.iter().rposition(is_correction);
            let mut at = 0..;
            events.retain(|event| {
                let at = at.next();
                !is_correction(event) || at == last
            });
        }),
        Lie::RestoresWithoutHistory => each_case(json, &|case| {
            let events = case["events"].as_array_mut().unwrap();
            let is_back = events.iter().any(|it| it["action"]["do"] == "restore");
            events.retain(|it| !is_back || it["action"]["do"] != "supplement");
        }),
        Lie::CarriesNothing => each_case(json, &|case| {
            case.as_object_mut().unwrap().remove("joined");
        }),
        Lie::CarriesNothingNew => each_case(json, &|case| {
            for joined in items(case, "joined") {
                let events = joined["events"].as_array_mut().unwrap();
                events.retain(|it| it["action"]["do"] == "merge");
            }
        }),
        Lie::KeepsItMerged => each_case(json, &|case| {
            if items(case, "events").any(|it| it["action"]["do"] == "split") {
                case["state"] = json!("merged");
            }
        }),
        Lie::ForgetsTheEarly => each(json, "awaiting", &|waiting| *waiting = json!([])),
        _ => {}
    }
}

fn events(doc: &Value) -> impl Iterator<Item = &Value> {
    doc["body"]["known"]["events"]
        .as_array()
        .into_iter()
        .flatten()
}

fn is_correction(event: &Value) -> bool {
    event["action"]["do"] == "amend"
}

/// Lies about the register, records and visits, wherever they stand.
pub(super) fn entries(lie: Lie, json: &mut Value) {
    let list = |entry: &mut Value, name: &str, act: &dyn Fn(&mut Vec<Value>)| {
        if let Some(list) = entry.get_mut(name).and_then(Value::as_array_mut) {
            act(list);
        }
    };
    match lie {
        Lie::LosesUnknownValues => each_entry(json, &|entry| {
            let given = entry["given"].as_object_mut().unwrap();
            given.retain(|_, value| !value.is_object());
        }),
        Lie::KeepsOneChange => each_entry(json, &|entry| {
            list(entry, "changes", &|changes| {
                drop(changes.drain(..changes.len() - 1));
            });
        }),
        Lie::TurnsTheChanges => each_entry(json, &|entry| {
            list(entry, "changes", &|changes| changes.reverse());
        }),
        Lie::KeepsEveryConfirmation => each_entry(json, &|entry| {
            list(entry, "confirmed", &|all| all.push(all[0].clone()));
        }),
        Lie::KeepsWhatWasErased => each(json, "body", &|body| {
            if body.get("erased").is_some() {
                body["given"] = json!({ "name": "田清除" });
            }
        }),
        Lie::KeepsHalfOfIt => {
            each(json, "filled", &|filled| {
                filled["values"].as_array_mut().unwrap().pop();
            });
            each(json, "visiting", &|visiting| visiting["note"] = json!(""));
            each(json, "revealing", &|revealing| {
                revealing["reason"] = json!("");
            });
        }
        _ => {}
    }
}

fn each_entry(json: &mut Value, act: &dyn Fn(&mut Value)) {
    each(json, "known", &|known| {
        if known.get("given").is_some() {
            act(known);
        }
    });
}

fn each_case(json: &mut Value, act: &dyn Fn(&mut Value)) {
    each(json, "known", &|known| {
        if known.get("report").is_some() {
            act(known);
        }
    });
}

/// Does something to every field of this name in a message, wherever it stands.
fn each(json: &mut Value, name: &str, act: &dyn Fn(&mut Value)) {
    match json {
        Value::Object(fields) => {
            if let Some(field) = fields.get_mut(name) {
                act(field);
            }
            for value in fields.values_mut() {
                each(value, name, act);
            }
        }
        Value::Array(values) => {
            for value in values {
                each(value, name, act);
            }
        }
        _ => {}
    }
}
