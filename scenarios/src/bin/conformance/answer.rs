//! One answer of the hub, and the questions checks ask of it.

use serde_json::Value;

use crate::check::{Verdict, Wrong, holds, same};

/// An answer, unpacked.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    headers: Vec<(String, String)>,
    /// As it was sent.
    pub(crate) body: Vec<u8>,
    /// The body as JSON; null when it is none.
    pub(crate) json: Value,
}

impl Answer {
    pub(crate) fn new(status: u16, headers: Vec<(String, String)>, body: Vec<u8>) -> Self {
        let mut answer = Self {
            status,
            headers,
            body,
            json: Value::Null,
        };
        let plain = match answer.header("content-encoding") {
            "zstd" => zstd::decode_all(answer.body.as_slice()).unwrap_or_default(),
            _ => answer.body.clone(),
        };
        answer.json = serde_json::from_slice(&plain).unwrap_or(Value::Null);
        answer
    }

    /// A header; empty when it is not there.
    pub(crate) fn header(&self, name: &str) -> &str {
        let found = self
            .headers
            .iter()
            .find(|(other, _)| other.eq_ignore_ascii_case(name));
        found.map_or("", |(_, value)| value)
    }

    /// What came, for a report.
    pub(crate) fn said(&self) -> String {
        if self.json.is_null() {
            return format!("status {} with {} bytes", self.status, self.body.len());
        }
        format!("status {} with {}", self.status, self.json)
    }

    /// Fails unless it has this status.
    pub(crate) fn is(&self, status: u16) -> Verdict {
        holds(
            self.status == status,
            format!("status {status}"),
            self.said(),
        )
    }

    /// Fails unless it is JSON with status 200; gives the JSON.
    pub(crate) fn ok(self) -> Result<Value, Wrong> {
        holds(
            self.status == 200 && !self.json.is_null(),
            "status 200 with JSON",
            self.said(),
        )?;
        Ok(self.json)
    }

    /// Fails unless it is a refusal with this status and code, in the form all refusals have.
    pub(crate) fn refuses(&self, status: u16, code: &str) -> Verdict {
        let expected = format!("status {status} with the code {code} and a detail");
        holds(
            self.status == status
                && self.json.get("code").and_then(Value::as_str) == Some(code)
                && self.json.get("detail").is_some_and(Value::is_string),
            expected,
            self.said(),
        )
    }

    /// Where an upload stands.
    pub(crate) fn offset(&self) -> Result<u64, Wrong> {
        let offset = self.header("upload-offset");
        offset
            .parse()
            .map_err(|_not_a_number| Wrong::new("a number as Upload-Offset", self.said()))
    }

    /// Fails unless an upload stands at `offset`, whole or not.
    pub(crate) fn stands_at(&self, offset: u64, complete: bool) -> Verdict {
        same("Upload-Offset", &offset, &self.offset()?)?;
        let says = self.header("gridwalker-complete") == "true";
        same("Gridwalker-Complete", &complete, &says)
    }
}

/// A field, however deep: `action.do`. Null when it is not there.
pub(crate) fn at<'a>(value: &'a Value, path: &str) -> &'a Value {
    path.split('.')
        .fold(value, |value, name| match name.parse::<usize>() {
            Ok(place) => value.get(place).unwrap_or(&Value::Null),
            Err(_) => value.get(name).unwrap_or(&Value::Null),
        })
}

/// A text, however deep; empty when it is not there.
pub(crate) fn text<'a>(value: &'a Value, path: &str) -> &'a str {
    at(value, path).as_str().unwrap_or_default()
}

/// A number, however deep; 0 when it is not there.
pub(crate) fn number(value: &Value, path: &str) -> u64 {
    at(value, path).as_u64().unwrap_or_default()
}

/// A list, however deep; empty when it is not there.
pub(crate) fn list<'a>(value: &'a Value, path: &str) -> &'a [Value] {
    at(value, path).as_array().map_or(&[], Vec::as_slice)
}
