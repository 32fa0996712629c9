//! The project's own protocol over HTTP. Every answer is doubted: between a tablet and its hub
//! stand captive portals, proxies and mistyped addresses.
//!
//! No total timeout: a slow link is not a broken one. Connecting, and silence, are bounded.
//! Redirects are not followed, or a portal would get the token.

mod photos;

use std::{
    sync::{
        Mutex, Once, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use bytes::Bytes;
use packing::{Dictionaries, Dictionary};
use reqwest::{
    RequestBuilder, Response, StatusCode, Url,
    header::{
        ACCEPT_ENCODING, AUTHORIZATION, CONTENT_ENCODING, CONTENT_TYPE, HeaderMap, HeaderValue,
        IF_NONE_MATCH,
    },
    redirect::Policy,
};
use serde::Serialize;
use serde_json::Value;
use shared::{
    Digest,
    hub_api::{
        DICTIONARY, Endpoint, Enrol, Enrolled, ErrorCode, Hello, HelloAnswer, Method, Pull,
        PullAnswer, Push, PushAnswer, Renew, Renewed,
        export::{EXPORT_PATH, Export},
        publish::{PUBLISH_PATH, Publish, Published},
    },
};

use super::{
    address::HubAddress,
    answer,
    last_hello::{self, LastHello, Said, Whom},
    remote::{Check, Connect, PACKED_PERCENT, PhotoPart, Remote, RemoteError, Upload},
};

/// How long to wait for a hub that says nothing.
#[derive(Debug, Clone, Copy)]
pub struct Patience {
    /// No connection within this: the hub is not reached.
    pub connect: Duration,
    /// Silence for this long: the connection is broken.
    pub idle: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(10),
            idle: Duration::from_secs(30),
        }
    }
}

/// A body being sent may keep the line busy for longer than [`Patience::idle`]: at this rate.
/// Slower links are met by smaller bodies, see `pace`.
const SLOWEST_BYTES_PER_S: usize = 8 * 1024;

/// How long a hub may take to make a file, or to check a form.
const LONG_PATIENCE: Duration = Duration::from_mins(3);

/// A larger file is no honest answer.
const EXPORT_BYTES_MAX: u64 = 256 * 1024 * 1024;

/// Reaches hubs over HTTP.
#[derive(Debug, Clone, Default)]
pub struct OverHttp {
    /// Of the last round.
    last_hello: LastHello,
}

impl Connect for OverHttp {
    type Remote = Http;

    fn connect(&self, address: &HubAddress, token: Option<&str>) -> Result<Http, RemoteError> {
        let http = Http::new(address.clone(), token)?;
        Ok(Http {
            last_hello: self.last_hello.clone(),
            ..http
        })
    }
}

/// A hub reached over HTTP.
#[derive(Debug)]
pub struct Http {
    /// The hub, and who asks it.
    whom: Whom,
    client: reqwest::Client,
    patience: Patience,
    last_hello: LastHello,
    /// The hub said, by word or by deed, that it has these dictionaries.
    dictionaries: Mutex<Dictionaries>,
    /// What was left of the last body when it was packed, in percent.
    packed_percent: AtomicUsize,
}

impl Http {
    /// A hub at `address`. Makes no request yet.
    pub fn new(address: HubAddress, token: Option<&str>) -> Result<Self, RemoteError> {
        Self::with_patience(address, token, Patience::default())
    }

    /// [`Http::new`] that waits longer, or shorter.
    pub fn with_patience(
        address: HubAddress,
        token: Option<&str>,
        patience: Patience,
    ) -> Result<Self, RemoteError> {
        // ring, not aws-lc: it builds everywhere without cmake and a second assembler. The first
        // one to install wins; that another part of the process was faster is no failure.
        static PROVIDER: Once = Once::new();
        PROVIDER.call_once(|| drop(rustls::crypto::ring::default_provider().install_default()));

        let mut headers = HeaderMap::new();
        if let Some(token) = token {
            let mut bearer = HeaderValue::try_from(format!("Bearer {token}"))
                .map_err(|_quotes_the_token| RemoteError::refused(ErrorCode::NotEnrolled))?;
            bearer.set_sensitive(true);
            headers.insert(AUTHORIZATION, bearer);
        }
        let builder = reqwest::Client::builder()
            .connect_timeout(patience.connect)
            .redirect(Policy::none())
            .default_headers(headers);
        // Certificates are checked against the system's roots, so that a city's own authority
        // works. A machine without any roots could not even build that client; a private hub
        // over plain http must work there. It is also never asked for through a proxy.
        let builder = if address.is_plain() {
            builder.tls_certs_only([]).no_proxy()
        } else {
            builder
        };
        let client = builder.build().map_err(unreachable)?;
        Ok(Self {
            whom: Whom {
                hub: address,
                token: token.unwrap_or_default().to_owned(),
            },
            client,
            patience,
            last_hello: LastHello::default(),
            dictionaries: Mutex::default(),
            packed_percent: AtomicUsize::new(PACKED_PERCENT),
        })
    }

    /// A file of what was filled in. Not part of [`Remote`]: only this kind of hub makes any.
    pub(super) async fn export(&self, wanted: &Export) -> Result<Bytes, RemoteError> {
        let response = self.at_length(EXPORT_PATH, wanted).await?;
        if !response.status().is_success() {
            return Err(answer::refusal(response, self.patience.idle).await);
        }
        answer::bytes(response, EXPORT_BYTES_MAX, self.patience.idle).await
    }

    /// Publishes a form. Not part of [`Remote`]: only this kind of hub takes any.
    pub(super) async fn publish(&self, wanted: &Publish) -> Result<Published, RemoteError> {
        let response = self.at_length(PUBLISH_PATH, wanted).await?;
        Ok(answer::json(response, self.patience.idle).await?.0)
    }

    /// Asks for what takes a hub longer than any answer of the sync: making a file, checking a form.
    async fn at_length(
        &self,
        path: &str,
        wanted: &impl Serialize,
    ) -> Result<Response, RemoteError> {
        let body = serde_json::to_vec(wanted).map_err(|_says_too_much| RemoteError::NotAHub)?;
        let http = self
            .client
            .post(self.whom.hub.join(path))
            .header(CONTENT_TYPE, "application/json")
            .header(ACCEPT_ENCODING, "zstd")
            .body(body);
        tokio::time::timeout(LONG_PATIENCE, http.send())
            .await
            .map_err(|elapsed| RemoteError::CutOff(elapsed.into()))?
            .map_err(unreachable)
    }

    async fn call<E: Endpoint + Sync>(&self, request: &E) -> Result<E::Answer, RemoteError> {
        let response = self.ask(request, None).await?;
        let (answer, with) = answer::json(response, self.patience.idle).await?;
        self.learn(with);
        Ok(answer)
    }

    /// Takes over an answer to hello that came whole.
    async fn greeted(&self, response: Response) -> Result<HelloAnswer, RemoteError> {
        let tag = last_hello::tag(response.headers());
        let (answer, with) = answer::json::<HelloAnswer>(response, self.patience.idle).await?;
        let listed = answer.dictionaries.iter();
        let listed = listed.filter_map(|digest| Dictionary::by_digest(digest));
        let dictionaries: Dictionaries = listed.chain(with).collect();
        self.learn(dictionaries.iter());
        let said = tag.map(|tag| Said {
            tag,
            answer: answer.clone(),
            dictionaries,
        });
        self.last_hello.keep(&self.whom, said);
        Ok(answer)
    }

    /// Sends a request; with the name of the answer it had before, if that may be said again.
    async fn ask<E: Endpoint + Sync>(
        &self,
        request: &E,
        had: Option<HeaderValue>,
    ) -> Result<Response, RemoteError> {
        let (http, sent_bytes) = match E::METHOD {
            Method::Get => {
                let fields = serde_json::to_value(request).map_err(|_ours| malformed())?;
                (self.client.get(self.query(E::PATH, &fields)), 0)
            }
            Method::Post => {
                let json = serde_json::to_vec(request).map_err(|_ours| malformed())?;
                let zstd = packing::pack(&json, self.dictionaries())
                    .map_err(|error| RemoteError::Unreachable(error.into()))?;
                let bytes = zstd.len();
                let percent = bytes.saturating_mul(100).div_ceil(json.len().max(1));
                self.packed_percent
                    .store(percent.clamp(1, 100), Ordering::Relaxed);
                let http = self
                    .client
                    .post(self.whom.hub.join(E::PATH))
                    .header(CONTENT_TYPE, "application/json")
                    .header(CONTENT_ENCODING, "zstd")
                    .body(zstd);
                (http, bytes)
            }
        };
        // Not to photos: nothing of what is said about them is packed, and it would be said often.
        let mut http = http
            .header(ACCEPT_ENCODING, "zstd")
            .header(DICTIONARY, Dictionaries::ALL.header());
        if let Some(tag) = had {
            http = http.header(IF_NONE_MATCH, tag);
        }
        self.send(http, sent_bytes).await
    }

    /// What the hub can unpack.
    fn dictionaries(&self) -> Dictionaries {
        *self
            .dictionaries
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    fn learn(&self, more: impl IntoIterator<Item = Dictionary>) {
        let known = self.dictionaries.lock();
        known.unwrap_or_else(PoisonError::into_inner).extend(more);
    }

    /// The request's fields as a query; nested ones don't occur in our `GET`s.
    fn query(&self, path: &str, request: &Value) -> Url {
        let mut url = self.whom.hub.join(path);
        if let Some(fields) = request.as_object().filter(|fields| !fields.is_empty()) {
            let mut query = url.query_pairs_mut();
            for (name, value) in fields {
                match value {
                    Value::Null => {}
                    Value::String(text) => drop(query.append_pair(name, text)),
                    other => drop(query.append_pair(name, &other.to_string())),
                }
            }
        }
        url
    }

    async fn send(&self, http: RequestBuilder, bytes: usize) -> Result<Response, RemoteError> {
        let slack = Duration::from_secs((bytes / SLOWEST_BYTES_PER_S).try_into().unwrap_or(0));
        let response = tokio::time::timeout(self.patience.idle + slack, http.send())
            .await
            .map_err(|elapsed| RemoteError::CutOff(elapsed.into()))?
            .map_err(unreachable)?;
        let status = response.status();
        if status.is_redirection() && status != StatusCode::NOT_MODIFIED {
            return Err(RemoteError::NotAHub);
        }
        Ok(response)
    }
}

impl Remote for Http {
    async fn hello(&self, hello: &Hello) -> Result<HelloAnswer, RemoteError> {
        if let Some(said) = self.last_hello.to(&self.whom) {
            let response = self.ask(hello, Some(said.tag.clone())).await?;
            if response.status() != StatusCode::NOT_MODIFIED {
                return self.greeted(response).await;
            }
            let dictionaries = said.dictionaries;
            if let Some(answer) = said.again(response.headers()) {
                self.learn(dictionaries.iter());
                return Ok(answer);
            }
        }
        self.greeted(self.ask(hello, None).await?).await
    }

    fn packed_percent(&self) -> usize {
        self.packed_percent.load(Ordering::Relaxed)
    }

    async fn push(&self, push: &Push) -> Result<PushAnswer, RemoteError> {
        self.call(push).await
    }

    async fn pull(&self, pull: &Pull) -> Result<PullAnswer, RemoteError> {
        self.call(pull).await
    }

    async fn enrol(&self, enrol: &Enrol) -> Result<Enrolled, RemoteError> {
        self.call(enrol).await
    }

    async fn renew(&self, renew: &Renew) -> Result<Renewed, RemoteError> {
        self.call(renew).await
    }

    async fn photo_create(&self, digest: Digest, length: u64) -> Result<Upload, RemoteError> {
        self.create(digest, length).await
    }

    async fn photo_head(&self, digest: Digest) -> Result<Option<Upload>, RemoteError> {
        self.stands(digest).await
    }

    async fn photo_patch(
        &self,
        digest: Digest,
        offset: u64,
        chunk: Bytes,
        check: Check,
    ) -> Result<Upload, RemoteError> {
        self.patch(digest, offset, chunk, check).await
    }

    async fn photo_get(
        &self,
        digest: Digest,
        from: u64,
        length: u64,
    ) -> Result<Option<PhotoPart>, RemoteError> {
        self.part(digest, from, length).await
    }
}

/// Our own request types always serialise; were one not to, no retry could help.
fn malformed() -> RemoteError {
    RemoteError::refused(ErrorCode::Malformed)
}

fn unreachable(error: reqwest::Error) -> RemoteError {
    let never_connected = error.is_connect() || error.is_builder();
    // Without the address: it doesn't belong into logs.
    let source = error.without_url().into();
    if never_connected {
        RemoteError::Unreachable(source)
    } else {
        RemoteError::CutOff(source)
    }
}
