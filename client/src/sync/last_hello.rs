//! The last hello of a hub, kept between rounds: a hub that still says the same need not say it
//! again (protocol 5, `ETag`).

use std::{
    fmt,
    sync::{Arc, Mutex, PoisonError},
    time::UNIX_EPOCH,
};

use packing::Dictionaries;
use reqwest::header::{DATE, ETAG, HeaderMap, HeaderValue};
use shared::{Timestamp, hub_api::HelloAnswer};

use super::address::HubAddress;

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

/// An answer to hello that the hub gave a name.
#[derive(Debug, Clone)]
pub(super) struct Said {
    pub(super) tag: HeaderValue,
    pub(super) answer: HelloAnswer,
    /// With it the hub said that it has these dictionaries.
    pub(super) dictionaries: Dictionaries,
}

impl Said {
    /// The hub says it again: with the time it is there now, if these headers tell it.
    pub(super) fn again(self, headers: &HeaderMap) -> Option<HelloAnswer> {
        Some(HelloAnswer {
            server_time: date(headers)?,
            ..self.answer
        })
    }
}

/// What was said last, and to whom.
#[derive(Debug, Clone, Default)]
pub(super) struct LastHello(Arc<Mutex<Option<(Whom, Said)>>>);

impl LastHello {
    /// What the hub said to these.
    pub(super) fn to(&self, whom: &Whom) -> Option<Said> {
        let last = self
            .0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone();
        last.filter(|(to, _)| to == whom).map(|(_, said)| said)
    }

    /// Keeps what the hub said, in place of what anybody was told before.
    pub(super) fn keep(&self, whom: &Whom, said: Option<Said>) {
        let said = said.map(|said| (whom.clone(), said));
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = said;
    }
}

/// The name a hub gave its answer.
pub(super) fn tag(headers: &HeaderMap) -> Option<HeaderValue> {
    headers.get(ETAG).cloned()
}

/// The hub's clock, to the second.
fn date(headers: &HeaderMap) -> Option<Timestamp> {
    let date = httpdate::parse_http_date(headers.get(DATE)?.to_str().ok()?).ok()?;
    let since = date.duration_since(UNIX_EPOCH).ok()?;
    Some(Timestamp::from_ms(since.as_millis().try_into().ok()?))
}
