//! The last hello of a hub, kept between rounds: a hub that still says the same need not say it
//! again (protocol 5, `ETag`).

use std::{
    fmt,
    sync::{Arc, Mutex, PoisonError},
    time::UNIX_EPOCH,
};

use reqwest::header::{DATE, ETAG, HeaderMap, HeaderValue};
use shared::{Timestamp, hub_api::HelloAnswer};

use super::address::HubAddress;

/// What one hub said to one device.
#[derive(Debug, Clone)]
struct Said {
    to: Whom,
    tag: HeaderValue,
    answer: HelloAnswer,
    has_dictionary: bool,
}

/// What was said last, whoever asks.
#[derive(Debug, Clone, Default)]
pub(super) struct LastHello(Arc<Mutex<Option<Said>>>);

/// Which hub speaks, and to whom.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Whom {
    pub(super) hub: HubAddress,
    pub(super) token: String,
}

impl fmt::Debug for Whom {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "whoever has a token of {:?}", self.hub)
    }
}

impl LastHello {
    /// By what the hub knows its last answer again.
    pub(super) fn tag(&self, whom: &Whom) -> Option<HeaderValue> {
        self.said(whom).map(|said| said.tag)
    }

    /// The hub says it again. With the time it is there now, and whether it has our dictionary.
    pub(super) fn again(&self, whom: &Whom, heads: &HeaderMap) -> Option<(HelloAnswer, bool)> {
        let said = self.said(whom)?;
        let answer = HelloAnswer {
            server_time: date(heads)?,
            ..said.answer
        };
        Some((answer, said.has_dictionary))
    }

    /// Keeps an answer that the hub gave a name.
    pub(super) fn keep(
        &self,
        whom: &Whom,
        tag: Option<HeaderValue>,
        answer: &HelloAnswer,
        has_dictionary: bool,
    ) {
        let said = tag.map(|tag| Said {
            to: whom.clone(),
            tag,
            answer: answer.clone(),
            has_dictionary,
        });
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = said;
    }

    fn said(&self, whom: &Whom) -> Option<Said> {
        let said = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        said.clone().filter(|said| said.to == *whom)
    }
}

/// The name a hub gave its answer.
pub(super) fn tag(heads: &HeaderMap) -> Option<HeaderValue> {
    heads.get(ETAG).cloned()
}

/// The hub's clock, to the second.
fn date(heads: &HeaderMap) -> Option<Timestamp> {
    let date = httpdate::parse_http_date(heads.get(DATE)?.to_str().ok()?).ok()?;
    let since = date.duration_since(UNIX_EPOCH).ok()?;
    Some(Timestamp::from_ms(since.as_millis().try_into().ok()?))
}
