//! Ways a hub can be wrong, told by a proxy in front of one that is right. Each is as consistent
//! as it can be, so that only what it is wrong about can give it away.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Mutex,
};

use axum::{
    body::{Body, Bytes, to_bytes},
    extract::{Request, State},
    http::{HeaderMap, HeaderValue, Method, StatusCode, header},
    middleware::Next,
    response::Response,
};
use serde_json::{Value, json};
use shared::{CaseId, Timestamp, hub_api::photo};

const PUSH: &str = "/sync/v1/push";
const PULL: &str = "/sync/v1/pull";
const HELLO: &str = "/sync/v1/hello";
const ENROL: &str = "/sync/v1/enrol";

/// Every this many places a feed skips one.
const SKIP_EVERY: u64 = 7;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Lie {
    /// No lie: a hub without any option.
    HasNoFeatures,
    TakesUsedCodes,
    DropsAResult,
    ReordersResults,
    /// Answers that an addition took effect, and puts it where nobody looks.
    ForgetsAcknowledged,
    AnswersReplaysAnew,
    ConfirmsBehindGaps,
    LetsClonesGoOn,
    ForgetsWhen,
    RefusesTheBatch,
    LosesUnknownFields,
    SkipsPlaces,
    /// The last item of a full page is lost.
    CutsFullPages,
    WrongSum,
    OpensEveryFeed,
    QuotesWhatWasSent,
    HidesTheVoid,
    IgnoresChecksums,
    CompleteTooEarly,
    KeepsFalseDigests,
    IgnoresRanges,
    ServesForeignDocuments,
    LeavesNoMarkers,
    ShowsPhotosToAll,
}

/// The liar and what it remembers.
#[derive(Debug)]
pub(crate) struct Liar {
    lie: Lie,
    seen: Mutex<Seen>,
}

#[derive(Debug, Default)]
struct Seen {
    enrolled: Value,
    ops: BTreeSet<String>,
    first_docs: BTreeMap<String, Value>,
    photos: BTreeMap<String, Bytes>,
}

/// A request as it came and as far as it could be read.
struct Asked {
    method: Method,
    path: String,
    query: String,
    json: Value,
}

/// An answer in pieces.
struct Told {
    status: StatusCode,
    headers: HeaderMap,
    body: Bytes,
    json: Value,
}

/// The proxy.
pub(crate) async fn tell(
    State(liar): State<std::sync::Arc<Liar>>,
    request: Request,
    next: Next,
) -> Response {
    let (mut parts, body) = request.into_parts();
    let Ok(body) = to_bytes(body, usize::MAX).await else {
        // The device hung up; the hub shall see the same.
        let broken = Err::<Bytes, _>(std::io::Error::other("cut off"));
        let body = Body::from_stream(futures_util::stream::iter([broken]));
        return next.run(Request::from_parts(parts, body)).await;
    };
    let mut asked = Asked {
        method: parts.method.clone(),
        path: parts.uri.path().to_owned(),
        query: parts.uri.query().unwrap_or_default().to_owned(),
        json: read(&parts.headers, &body),
    };
    let before = asked.json.clone();
    liar.change_request(&mut asked, &mut parts.headers);
    let body = if asked.json == before {
        body
    } else {
        parts.headers.remove(header::CONTENT_ENCODING);
        parts.headers.remove(header::CONTENT_LENGTH);
        asked.json.to_string().into()
    };
    let response = next.run(Request::from_parts(parts, body.into())).await;
    let (parts, body) = response.into_parts();
    let body = to_bytes(body, usize::MAX).await.unwrap();
    let mut told = Told {
        status: parts.status,
        json: read(&parts.headers, &body),
        headers: parts.headers,
        body,
    };
    let before = told.json.clone();
    liar.change_answer(&asked, &mut told);
    if told.json != before {
        told.headers.remove(header::CONTENT_ENCODING);
        told.body = told.json.to_string().into();
    }
    told.headers.remove(header::CONTENT_LENGTH);
    let mut response = Response::new(Body::from(told.body));
    *response.status_mut() = told.status;
    *response.headers_mut() = told.headers;
    response
}

/// A body as JSON, unpacked; null when it is none.
fn read(headers: &HeaderMap, body: &Bytes) -> Value {
    let is_packed = headers
        .get(header::CONTENT_ENCODING)
        .is_some_and(|encoding| encoding == "zstd");
    let plain = if is_packed {
        zstd::decode_all(body.as_ref()).unwrap_or_default()
    } else {
        body.to_vec()
    };
    serde_json::from_slice(&plain).unwrap_or_default()
}

fn items<'a>(json: &'a mut Value, name: &str) -> Option<&'a mut Vec<Value>> {
    json.get_mut(name)?.as_array_mut()
}

/// Does something to every case in an answer, wherever it stands.
fn each_case(json: &mut Value, act: &dyn Fn(&mut Value)) {
    match json {
        Value::Object(fields) => {
            if let Some(case) = fields.get_mut("known") {
                act(case);
            }
            fields.values_mut().for_each(|value| each_case(value, act));
        }
        Value::Array(values) => values.iter_mut().for_each(|value| each_case(value, act)),
        _ => {}
    }
}

impl Liar {
    pub(crate) fn new(lie: Lie) -> Self {
        Self {
            lie,
            seen: Mutex::default(),
        }
    }

    fn change_request(&self, asked: &mut Asked, headers: &mut HeaderMap) {
        match self.lie {
            Lie::IgnoresChecksums => drop(headers.remove(photo::UPLOAD_CHECKSUM)),
            Lie::IgnoresRanges => drop(headers.remove(header::RANGE)),
            Lie::ForgetsAcknowledged if asked.path == PUSH => {
                let Some([op]) = items(&mut asked.json, "ops").map(Vec::as_mut_slice) else {
                    return;
                };
                let is_addition =
                    op["action"]["do"] == "supplement" && op["target"]["kind"] == "case";
                if is_addition && op["action"]["note"] != "" {
                    // A case nobody will ever report.
                    let nowhere = CaseId::new(Timestamp::from_ms(0), [7; 10]);
                    op["target"]["id"] = json!(nowhere);
                }
            }
            _ => {}
        }
    }

    fn change_answer(&self, asked: &Asked, told: &mut Told) {
        let mut seen = self.seen.lock().unwrap();
        match (self.lie, asked.path.as_str()) {
            (Lie::TakesUsedCodes, ENROL) => {
                if told.json["code"] == "code_used" {
                    told.status = StatusCode::OK;
                    told.json = seen.enrolled.clone();
                } else if told.status == StatusCode::OK {
                    seen.enrolled = told.json.clone();
                }
            }
            (Lie::QuotesWhatWasSent, _) if told.status.is_client_error() => {
                if let Some(Value::String(detail)) = told.json.get_mut("detail") {
                    detail.push_str(&asked.query);
                    detail.push_str(&asked.json.to_string());
                }
            }
            (_, PUSH) => self.change_results(&mut seen, asked, told),
            (_, PULL) => self.change_page(&mut seen, asked, told),
            (Lie::HasNoFeatures, HELLO) => told.json["features"] = json!([]),
            (Lie::SkipsPlaces, HELLO) => {
                for head in items(&mut told.json, "scopes").into_iter().flatten() {
                    skip(head);
                }
            }
            (_, path) if path.starts_with(photo::CREATE_PATH) => {
                self.change_photo(&mut seen, asked, told);
            }
            _ => {}
        }
    }

    fn change_results(&self, seen: &mut Seen, asked: &Asked, told: &mut Told) {
        let ops = asked.json["ops"].as_array().cloned().unwrap_or_default();
        if self.lie == Lie::LetsClonesGoOn && told.json["code"] == "new_epoch_required" {
            told.status = StatusCode::OK;
            let duplicate =
                |op: &Value| json!({ "op_id": op["op_id"], "outcome": "duplicate", "rev": 1 });
            told.json = json!({ "results": ops.iter().map(duplicate).collect::<Vec<_>>() });
        }
        self.change_cases(&mut told.json);
        let Some(results) = items(&mut told.json, "results") else {
            return;
        };
        let is_bad = |result: &Value| result["outcome"] == "quarantined";
        match self.lie {
            Lie::DropsAResult if results.len() > 1 => drop(results.pop()),
            Lie::ReordersResults => results.reverse(),
            Lie::ForgetsAcknowledged => {
                for (op, result) in ops.iter().zip(results) {
                    let nowhere = CaseId::new(Timestamp::from_ms(0), [7; 10]);
                    let was_taken = ["applied", "merged"]
                        .iter()
                        .any(|it| result["outcome"] == **it);
                    if op["target"]["id"] == json!(nowhere) && was_taken {
                        *result = json!({ "op_id": op["op_id"], "outcome": "merged", "rev": 2 });
                    }
                }
            }
            Lie::AnswersReplaysAnew => {
                for result in results {
                    let op_id = result["op_id"].to_string();
                    if result["outcome"] != "retry_later" && !seen.ops.insert(op_id) {
                        result["outcome"] = "duplicate".into();
                    }
                }
            }
            Lie::ConfirmsBehindGaps => {
                for result in results {
                    if result["outcome"] == "retry_later" {
                        result["outcome"] = "merged".into();
                    }
                }
            }
            Lie::RefusesTheBatch if results.len() > 1 && results.iter().any(is_bad) => {
                told.status = StatusCode::BAD_REQUEST;
                told.json = json!({ "code": "malformed", "detail": "one of them is bad" });
            }
            _ => {}
        }
    }

    fn change_page(&self, seen: &mut Seen, asked: &Asked, told: &mut Told) {
        self.change_cases(&mut told.json);
        match self.lie {
            Lie::WrongSum => {
                if let Some(sum) = told.json["sum"].as_u64() {
                    told.json["sum"] = sum.wrapping_add(1).into();
                }
            }
            Lie::OpensEveryFeed if told.json["code"] == "forbidden" => {
                told.status = StatusCode::OK;
                told.json =
                    json!({ "items": [], "cursor": "x", "more": false, "count": 0, "sum": 0 });
            }
            Lie::SkipsPlaces => {
                for item in items(&mut told.json, "items").into_iter().flatten() {
                    skip(item);
                }
            }
            Lie::CutsFullPages => {
                if let Some(items) = items(&mut told.json, "items") {
                    let limit = format!("&limit={}", items.len());
                    if asked.query.ends_with(&limit) {
                        items.pop();
                    }
                }
            }
            Lie::LeavesNoMarkers => {
                if let Some(items) = items(&mut told.json, "items") {
                    items.retain(|item| item["item"] != "left");
                }
            }
            Lie::ServesForeignDocuments => serve_foreign(seen, asked, &mut told.json),
            _ => {}
        }
    }

    fn change_cases(&self, json: &mut Value) {
        match self.lie {
            Lie::LosesUnknownFields => each_case(json, &|case| {
                if let Some(report) = case["report"].as_object_mut() {
                    report.retain(|name, _| !name.starts_with("x_"));
                }
            }),
            Lie::ForgetsWhen => each_case(json, &|case| {
                for event in items(case, "events").into_iter().flatten() {
                    event["signed"]["at"] = event["signed"]["received_at"].clone();
                }
            }),
            Lie::HidesTheVoid => each_case(json, &|case| {
                if let Some(events) = items(case, "events") {
                    events.retain(|event| event["void"].is_null());
                }
            }),
            _ => {}
        }
    }

    fn change_photo(&self, seen: &mut Seen, asked: &Asked, told: &mut Told) {
        let number = |name: &str| -> u64 {
            let value = told.headers.get(name).and_then(|value| value.to_str().ok());
            value.and_then(|value| value.parse().ok()).unwrap_or(0)
        };
        let complete = HeaderValue::from_static("true");
        match self.lie {
            Lie::CompleteTooEarly => {
                let (offset, length) = (number(photo::UPLOAD_OFFSET), number(photo::UPLOAD_LENGTH));
                if length > 0 && offset * 100 > length * 95 {
                    told.headers.insert(photo::COMPLETE, complete);
                }
            }
            Lie::KeepsFalseDigests if told.json["code"] == "checksum_mismatch" => {
                told.status = StatusCode::NO_CONTENT;
                told.body = Bytes::new();
                told.json = Value::Null;
                told.headers.remove(header::CONTENT_TYPE);
                told.headers.insert(photo::COMPLETE, complete);
            }
            Lie::ShowsPhotosToAll if asked.method == Method::GET => {
                if told.status == StatusCode::OK {
                    seen.photos.insert(asked.path.clone(), told.body.clone());
                } else if let Some(photo) = seen.photos.get(&asked.path) {
                    told.status = StatusCode::OK;
                    told.body = photo.clone();
                }
            }
            _ => {}
        }
    }
}

/// As if the feed's counter had been bumped once too often, again and again.
fn skip(place: &mut Value) {
    if let Some(seq) = place["seq"].as_u64() {
        place["seq"] = (seq + seq / SKIP_EVERY).into();
    }
}

/// Adds a document of another grid to the last page of a grid's feed.
fn serve_foreign(seen: &mut Seen, asked: &Asked, page: &mut Value) {
    let scope = asked
        .query
        .split('&')
        .find_map(|pair| pair.strip_prefix("scope=grid:"));
    let (Some(scope), Some(items)) = (scope, items(page, "items")) else {
        return;
    };
    if let Some(first) = items.first() {
        let first_docs = &mut seen.first_docs;
        first_docs.entry(scope.to_owned()).or_insert(first.clone());
    }
    let foreign = seen.first_docs.iter().find(|(other, _)| *other != scope);
    items.extend(foreign.map(|(_, item)| item.clone()));
}
