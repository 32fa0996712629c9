//! Ways a hub can be wrong, told by a proxy in front of one that is right. Each is as consistent
//! as it can be, so that only what it is wrong about can give it away. What is told where is in
//! the other files, one per kind of request.

mod pages;
mod photos;
mod results;
mod who;

use std::{
    collections::{BTreeMap, BTreeSet},
    io,
    sync::{Arc, Mutex},
};

use axum::{
    body::{Body, Bytes, to_bytes},
    extract::{Request, State},
    http::{HeaderMap, Method, StatusCode, header},
    middleware::Next,
    response::Response,
};
use packing::{Dictionaries, Dictionary};
use serde_json::{Value, json};
use shared::hub_api::{DICTIONARY, photo};

const PUSH: &str = "/sync/v1/push";
const PULL: &str = "/sync/v1/pull";
const HELLO: &str = "/sync/v1/hello";
const ENROL: &str = "/sync/v1/enrol";
const RENEW: &str = "/sync/v1/renew";

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Lie {
    /// No lie: a hub without any option.
    HasNoFeatures,
    /// No lie: a hub that has the older of the dictionaries.
    HasOneDictionary,

    ForgetsNames,
    TakesUsedCodes,
    WastesCodes,
    ConfusesCodes,
    ConfusesTokens,
    LacksALimit,
    ChangesItsEpoch,
    CountsEmptyPushes,
    ListsForeignFeeds,
    RefusesWrongClocks,
    /// Whoever names an answer to hello is told that nothing changed since.
    SaysNothingIsNew,
    /// A cloned device is told that it has a new identity, and keeps the old one.
    KeepsTheIdentity,
    GivesIdentitiesAway,

    DropsAResult,
    ReordersResults,
    HidesDocuments,
    /// Brief answers have the sum of something else.
    SumsUpSomethingElse,
    /// Brief answers say that the feeds went further than they did.
    MovesTooFar,
    /// Answers briefly whether or not the device had the document.
    IsTooBrief,
    /// Answers that an addition took effect, and puts it where nobody looks.
    ForgetsAcknowledged,
    AnswersReplaysAnew,
    CountsReplays,
    ConfirmsBehindGaps,
    LetsClonesGoOn,
    RefusesTheBatch,
    RefusesUnknownFields,
    GivesOneReason,
    CallsAllApplied,
    ShowsWhatItRefuses,
    /// What comes from somebody who works elsewhere by now is out of their scope.
    JudgesByToday,
    TakesTooMuch,

    ForgetsWhen,
    LosesUnknownFields,
    HidesTheVoid,
    TurnsTheTimeline,
    ForgetsTheEarly,
    StartsTheClockEarly,
    KeepsItOpen,
    ShowsOthersLess,
    RewritesTheReport,
    KeepsOneCorrection,
    LetsAnybodyCorrect,
    /// What was deleted just leaves; nobody is told who deleted it.
    HidesWhoDeleted,
    /// What nearly everybody does: a delete wins over what it did not know of.
    LetsDeletesWin,
    RestoresWithoutHistory,
    CarriesNothing,
    /// The survivor carries cases as they were reported.
    CarriesNothingNew,
    /// What was merged once stays so.
    KeepsItMerged,

    LosesUnknownValues,
    /// Of an entry's changes only the last is kept.
    KeepsOneChange,
    TurnsTheChanges,
    KeepsEveryConfirmation,
    /// Records lose their last answer, visits their words, reveals their reason.
    KeepsHalfOfIt,
    MakesItTwice,
    /// Takes what somebody enters, records or notes in a grid that is not theirs.
    LetsAnybodyIn,
    TakesAnyFields,
    /// Says of management tags that they are not for this person's grids, where it says of others that
    /// they are not permitted.
    TellsWhatIsApart,
    LetsAnybodyErase,
    /// Who was erased is still named beside it.
    KeepsWhatWasErased,

    SkipsPlaces,
    /// The last item of a full page is lost.
    CutsFullPages,
    RepeatsTheEnd,
    TakesAnyCursor,
    WrongSum,
    LacksASection,
    OpensEveryFeed,
    ServesForeignDocuments,
    HasNoInboxes,
    LeavesNoMarkers,

    PacksForAll,
    MistakesMethods,
    QuotesWhatWasSent,
    TakesBrotli,
    ForgetsADictionary,
    /// Answers are packed with a dictionary that nobody named.
    PacksWithAnother,
    /// Whoever names a dictionary hears of no other.
    HidesDictionaries,

    HidesTus,
    SaysNoPlace,
    BeginsAgain,
    CompleteTooEarly,
    IgnoresChecksums,
    TakesAnyOffset,
    SaysMoreThanCame,
    KeepsFalseDigests,
    HasNoEtag,
    IgnoresRanges,
    ServesHalves,
    TakesAnyTus,
    ShowsPhotosToAll,
    TellsOfPhotos,
}

/// The liar and what it remembers.
#[derive(Debug)]
pub(crate) struct Liar {
    lie: Lie,
    seen: Mutex<Seen>,
}

#[derive(Debug, Default)]
struct Seen {
    /// Answers to enrolling, by code and device.
    enrolled: BTreeMap<String, Value>,
    ops: BTreeSet<String>,
    /// The push being answered asked for brief answers.
    brief: bool,
    replays: u64,
    hellos: u64,
    was_empty: bool,
    first_token: Option<String>,
    first_docs: BTreeMap<String, Value>,
    last_items: BTreeMap<String, Value>,
    photos: BTreeMap<String, Bytes>,
    /// Where a chunk began to come, and is not whole; that it never will be is known only later.
    begun: BTreeSet<String>,
}

/// A request as it came and as far as it could be read.
#[derive(Debug)]
struct Asked {
    method: Method,
    path: String,
    query: String,
    token: String,
    json: Value,
    /// What its body is packed with.
    packed_with: Option<Dictionary>,
    /// The dictionaries it names.
    named: Dictionaries,
    /// Only wanted if it is another answer than one the device had.
    is_conditional: bool,
}

/// An answer in pieces.
#[derive(Debug)]
struct Told {
    status: StatusCode,
    headers: HeaderMap,
    body: Bytes,
    json: Value,
}

impl Told {
    /// What the hub says here is a refusal with this code.
    fn refuses(&self, code: &str) -> bool {
        self.json["code"] == code
    }

    /// It says this instead.
    fn say(&mut self, status: u16, json: Value) {
        self.status = StatusCode::from_u16(status).unwrap();
        self.json = json;
    }

    /// It refuses with this instead.
    fn refuse(&mut self, status: u16, code: &str) {
        self.say(status, json!({ "code": code, "detail": "so it is" }));
    }
}

/// The proxy.
pub(crate) async fn tell(State(liar): State<Arc<Liar>>, request: Request, next: Next) -> Response {
    let (mut parts, body) = request.into_parts();
    let path = parts.uri.path().to_owned();
    if parts.method == Method::PATCH {
        liar.seen.lock().unwrap().begun.insert(path.clone());
    }
    let Ok(body) = to_bytes(body, usize::MAX).await else {
        // The device hung up; the hub shall see the same.
        let broken = Err::<Bytes, _>(io::Error::other("cut off"));
        let body = Body::from_stream(futures_util::stream::iter([broken]));
        return next.run(Request::from_parts(parts, body)).await;
    };
    if parts.method == Method::PATCH {
        liar.seen.lock().unwrap().begun.remove(&path);
    }
    let token = parts.headers.get(header::AUTHORIZATION);
    let dictionaries = parts.headers.get(DICTIONARY);
    let mut asked = Asked {
        method: parts.method.clone(),
        path,
        query: parts.uri.query().unwrap_or_default().to_owned(),
        token: token.map_or_else(String::new, |it| it.to_str().unwrap().to_owned()),
        json: read(&parts.headers, &body),
        packed_with: Dictionary::of_frame(&body),
        named: dictionaries.map_or(Dictionaries::NONE, |it| {
            Dictionaries::named(it.to_str().unwrap())
        }),
        is_conditional: parts.headers.contains_key(header::IF_NONE_MATCH),
    };
    if let Some(response) = who::alone(liar.lie, &liar.seen.lock().unwrap(), &asked) {
        return response;
    }
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
        // How a hello was packed said of one more dictionary that the hub has it.
        if let Some(used) = Dictionary::of_frame(&told.body)
            && let Some(listed) = told.json.get_mut("dictionaries")
        {
            listed.as_array_mut().unwrap().push(used.digest().into());
        }
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
        packing::unpack(body, usize::MAX).unwrap_or_default()
    } else {
        body.to_vec()
    };
    serde_json::from_slice(&plain).unwrap_or_default()
}

/// A list in a message; nothing when it has none of this name.
fn items<'a>(json: &'a mut Value, name: &str) -> impl Iterator<Item = &'a mut Value> {
    let items = json.get_mut(name).and_then(Value::as_array_mut);
    items.into_iter().flatten()
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
            Lie::TakesAnyTus => drop(headers.remove(photo::TUS_RESUMABLE)),
            Lie::TakesBrotli
                if headers
                    .get(header::CONTENT_ENCODING)
                    .is_some_and(|it| it == "br") =>
            {
                headers.remove(header::CONTENT_ENCODING);
            }
            Lie::ForgetsAcknowledged if asked.path == PUSH => results::put_nowhere(&mut asked.json),
            _ => {}
        }
    }

    fn change_answer(&self, asked: &Asked, told: &mut Told) {
        let seen = &mut *self.seen.lock().unwrap();
        match asked.path.as_str() {
            ENROL => who::enrol(self.lie, seen, asked, told),
            RENEW => who::renew(self.lie, asked, told),
            HELLO => who::hello(self.lie, seen, asked, told),
            PUSH => results::change(self.lie, seen, asked, told),
            PULL => pages::change(self.lie, seen, asked, told),
            path if path.starts_with(photo::CREATE_PATH) => {
                photos::change(self.lie, seen, asked, told);
            }
            _ => {}
        }
        refusals(self.lie, asked, told);
    }
}

/// Lies about what was refused, wherever.
fn refusals(lie: Lie, asked: &Asked, told: &mut Told) {
    match lie {
        Lie::ForgetsADictionary if asked.packed_with == Some(Dictionary::Register) => {
            told.refuse(400, "malformed");
        }
        Lie::ConfusesTokens if told.refuses("not_enrolled") => told.refuse(403, "forbidden"),
        Lie::MistakesMethods if told.status == StatusCode::METHOD_NOT_ALLOWED => {
            told.status = StatusCode::NOT_FOUND;
        }
        Lie::QuotesWhatWasSent if told.status.is_client_error() => {
            if let Some(Value::String(detail)) = told.json.get_mut("detail") {
                detail.push_str(&asked.query);
                detail.push_str(&asked.json.to_string());
            }
        }
        _ => {}
    }
}
