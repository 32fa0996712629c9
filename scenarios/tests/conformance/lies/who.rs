//! Lies about who the hub is and who asks: enrolling and hello.

use axum::{
    Json,
    http::StatusCode,
    response::{IntoResponse as _, Response},
};
use packing::Dictionary;
use serde_json::json;

use super::{Asked, Lie, Seen, Told, items, pages};

/// Who enrols with which code.
fn who(asked: &Asked) -> String {
    format!("{} {}", asked.json["code"], asked.json["device"])
}

/// What the liar answers without asking the hub, for whom an answer would change something.
pub(super) fn alone(lie: Lie, seen: &Seen, asked: &Asked) -> Option<Response> {
    let is_again = lie == Lie::WastesCodes && seen.enrolled.contains_key(&who(asked));
    let used = json!({ "code": "code_used", "detail": "so it is" });
    is_again.then(|| (StatusCode::CONFLICT, Json(used)).into_response())
}

pub(super) fn enrol(lie: Lie, seen: &mut Seen, asked: &Asked, told: &mut Told) {
    match lie {
        Lie::TakesUsedCodes if told.refuses("code_used") => {
            let other = seen.enrolled.values().next().unwrap();
            told.say(200, other.clone());
        }
        Lie::ConfusesCodes if told.refuses("code_unknown") => told.refuse(404, "not_found"),
        _ if told.status == StatusCode::OK => {
            seen.enrolled.insert(who(asked), told.json.clone());
            if lie == Lie::ForgetsNames {
                told.json["staff"]["name"] = json!("");
            }
        }
        _ => {}
    }
}

pub(super) fn renew(lie: Lie, asked: &Asked, told: &mut Told) {
    let token = asked.token.trim_start_matches("Bearer ").to_owned();
    match lie {
        Lie::KeepsTheIdentity if told.status == StatusCode::OK => {
            told.json["token"] = json!(token);
        }
        Lie::GivesIdentitiesAway if told.refuses("forbidden") => {
            told.say(200, json!({ "token": token }));
        }
        _ => {}
    }
}

pub(super) fn hello(lie: Lie, seen: &mut Seen, asked: &Asked, told: &mut Told) {
    seen.hellos += 1;
    if told.status != StatusCode::OK {
        return;
    }
    match lie {
        Lie::SaysNothingIsNew if asked.is_conditional => told.say(304, json!(null)),
        Lie::HasNoFeatures => {
            told.json["features"] = json!([]);
            told.json["dictionaries"] = json!([]);
        }
        Lie::HasOneDictionary => told.json["dictionaries"] = json!([Dictionary::Cases.digest()]),
        Lie::HidesDictionaries if !asked.named.is_empty() => told.json["dictionaries"] = json!([]),
        Lie::PacksWithAnother if !asked.named.is_empty() => {
            let named = asked.named;
            let others = Dictionary::ALL.into_iter();
            let others = others.filter(|it| named.iter().all(|named| named != *it));
            let body = told.json.to_string();
            let body = packing::pack(body.as_bytes(), others.collect()).unwrap();
            told.body = body.into();
        }
        Lie::LacksALimit => drop(
            told.json["limits"]
                .as_object_mut()
                .unwrap()
                .remove("chunk_min"),
        ),
        Lie::ChangesItsEpoch => told.json["epoch"] = json!(format!("e{}", seen.hellos)),
        Lie::CountsEmptyPushes if std::mem::take(&mut seen.was_empty) => {
            let last = told.json["last_dev_seq"].as_u64().unwrap();
            told.json["last_dev_seq"] = json!(last + 1);
        }
        Lie::ListsForeignFeeds => {
            let scopes = told.json["scopes"].as_array_mut().unwrap();
            scopes.push(json!({ "scope": "grid:elsewhere", "seq": 0 }));
        }
        Lie::RefusesWrongClocks if asked.query.contains("wall=") => told.refuse(400, "malformed"),
        Lie::SkipsPlaces => items(&mut told.json, "scopes").for_each(pages::skip),
        Lie::CountsReplays => {
            items(&mut told.json, "scopes").for_each(|head| pages::shift(head, seen.replays));
        }
        _ => {}
    }
}
