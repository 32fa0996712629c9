//! Every endpoint of the OpenAPI document against everything that can be wrong with a request: no
//! token, bad parameters, headers and bodies, too much of them, the wrong method. The endpoints
//! come from the document the hub serves, and `borders` holds that against the routes, so a new
//! one is tried here without anybody thinking of it; what has no sample here fails.
#![expect(clippy::indexing_slicing, reason = "a test may fail loudly")]

mod sample;
mod spoil;

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};
use shared::hub_api::{ApiError, ErrorCode};

use self::{
    sample::{Ask, Scene},
    spoil::{Spoilt, spoilt},
};
use crate::world::Reply;

/// Every method a client of HTTP may think of.
const METHODS: [&str; 9] = [
    "get", "head", "post", "put", "patch", "delete", "options", "trace", "propfind",
];

/// One operation of the OpenAPI document.
#[derive(Debug)]
struct Endpoint {
    method: Method,
    path: String,
    operation: Value,
    parameters: Vec<Value>,
}

impl Endpoint {
    /// Whether it takes requests without a token.
    fn is_open(&self) -> bool {
        self.operation["security"] == json!([])
    }

    /// The parameters that stand in `place`.
    fn parameters(&self, place: &str) -> impl Iterator<Item = (&str, &Value)> {
        let here = self.parameters.iter().filter(move |it| it["in"] == place);
        here.map(|it| (it["name"].as_str().unwrap(), it))
    }

    /// The media type of the body it takes.
    fn body_type(&self) -> Option<&str> {
        let content = self.operation.pointer("/requestBody/content")?;
        content.as_object()?.keys().next().map(String::as_str)
    }

    /// What the document says about answers with this status.
    fn says(&self, status: StatusCode) -> Option<&str> {
        self.operation["responses"][status.as_str()]["description"].as_str()
    }
}

/// Every operation of the document the hub serves.
async fn endpoints(scene: &Scene) -> Vec<Endpoint> {
    let document: Value = scene.world.get_open("/openapi.json").await.json();
    let mut all = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        let list = |value: &Value| value.as_array().cloned().unwrap_or_default();
        for (method, operation) in item.as_object().unwrap() {
            if !METHODS.contains(&method.as_str()) {
                continue;
            }
            all.push(Endpoint {
                method: method.to_uppercase().parse().unwrap(),
                path: path.clone(),
                operation: operation.clone(),
                parameters: [list(&item["parameters"]), list(&operation["parameters"])].concat(),
            });
        }
    }
    all
}

#[tokio::test]
async fn every_endpoint_takes_the_sample_that_the_other_tests_spoil() {
    let scene = Scene::new().await;
    for endpoint in endpoints(&scene).await {
        let reply = scene.send(Ask::good(&scene, &endpoint).await).await;

        assert!(
            reply.status.is_success(),
            "{} {}: {reply:?}",
            endpoint.method,
            endpoint.path
        );
    }
}

#[tokio::test]
async fn whatever_is_wrong_with_a_request_is_named_by_a_documented_code_and_changes_nothing() {
    let scene = Scene::new().await;
    let before = scene.traces().await;
    let mut tried = Vec::new();
    let mut wrong = Vec::new();
    for endpoint in endpoints(&scene).await {
        for Spoilt {
            what,
            ask,
            expected,
        } in spoilt(&scene, &endpoint).await
        {
            let reply = scene.send(ask).await;

            let verdict = refusal(&endpoint, &reply, &expected);
            tried.extend(verdict.as_ref().ok().copied().flatten());
            let place = format!("{} {}", endpoint.method, endpoint.path);
            wrong.extend(
                verdict
                    .err()
                    .map(|why| format!("{place}, {what}: {why}, {reply:?}")),
            );
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert_eq!(
        scene.traces().await,
        before,
        "no refused request left anything"
    );
    for code in [
        ErrorCode::Malformed,
        ErrorCode::NotEnrolled,
        ErrorCode::Revoked,
        ErrorCode::NotFound,
        ErrorCode::TooLarge,
        ErrorCode::UnsupportedMedia,
        ErrorCode::OffsetMismatch,
        ErrorCode::ChecksumMismatch,
    ] {
        assert!(tried.contains(&code), "{code:?} was tried");
    }
}

#[tokio::test]
async fn a_method_an_endpoint_does_not_take_is_told_so() {
    let scene = Scene::new().await;
    let endpoints = endpoints(&scene).await;
    for path in hub::paths() {
        for method in METHODS.map(str::to_uppercase) {
            let listed = |method: &str| {
                let same = |it: &&Endpoint| it.path == path && it.method.as_str() == method;
                endpoints.iter().any(|it| same(&it))
            };
            // HTTP answers HEAD wherever it answers GET.
            if listed(&method) || (method == "HEAD" && listed("GET")) {
                continue;
            }
            let ask = Ask::bare(method.parse().unwrap(), path).with_token(&scene.worker.token);

            let reply = scene.send(ask).await;

            assert_eq!(
                reply.status,
                StatusCode::METHOD_NOT_ALLOWED,
                "{method} {path}"
            );
            assert_ne!(
                reply.header("allow"),
                "",
                "{method} {path} says what it takes"
            );
            if method != "HEAD" {
                assert_eq!(reply.error(), ErrorCode::NotFound, "{method} {path}");
            }
        }
    }
}

#[test]
fn the_statuses_are_those_of_the_protocols_table() {
    let protocol = include_str!("../../../../docs/protocol.md");
    let table = protocol.split_once("## 9 Errors").unwrap().1;
    let table = table.split_once("## 10").unwrap().0;
    let rows = table.lines().filter(|line| line.starts_with("| `"));
    let mut known = Vec::new();
    for row in rows {
        let cells: Vec<_> = row.split('|').map(str::trim).collect();
        let statuses: Vec<u16> = cells[2].split(", ").map(|it| it.parse().unwrap()).collect();
        for (nth, name) in cells[1].split(", ").enumerate() {
            let code: ErrorCode = serde_json::from_value(json!(name.trim_matches('`'))).unwrap();
            let status = statuses.get(nth).or(statuses.first());
            assert_eq!(Some(&code.status()), status, "{name}");
            known.push(code);
        }
    }
    assert_eq!(known.len(), 18, "{known:?}");
    assert!(!known.contains(&ErrorCode::Unknown), "{known:?}");
}

/// Holds an answer against what the endpoint promises; gives its code, where it has a body.
fn refusal(
    endpoint: &Endpoint,
    reply: &Reply,
    expected: &[ErrorCode],
) -> Result<Option<ErrorCode>, String> {
    let status = reply.status;
    if !status.is_client_error() {
        return Err("it is not refused".to_owned());
    }
    let Some(promised) = endpoint.says(status) else {
        return Err(format!("{status} is not documented"));
    };
    if endpoint.method == Method::HEAD {
        let fits = expected.iter().any(|code| code.status() == status.as_u16());
        // The one status with a meaning of its own in tus.
        let fits = fits || status == StatusCode::PRECONDITION_FAILED;
        return fits
            .then_some(None)
            .ok_or_else(|| format!("not {expected:?}"));
    }
    let error: ApiError = serde_json::from_slice(&reply.body).map_err(|why| why.to_string())?;
    let code = reply.error();
    let own_status = [StatusCode::PRECONDITION_FAILED, StatusCode::REQUEST_TIMEOUT];
    if !expected.contains(&code) {
        return Err(format!("not {expected:?}"));
    }
    if !promised.contains(json!(code).as_str().unwrap()) {
        return Err(format!("{code:?} is not in {promised:?}"));
    }
    if code.status() != status.as_u16() && !own_status.contains(&status) {
        return Err(format!("{code:?} goes with {}", code.status()));
    }
    if ["张三", "canary"]
        .iter()
        .any(|it| error.detail.contains(it))
    {
        return Err("what was sent is quoted back".to_owned());
    }
    Ok(Some(code))
}
