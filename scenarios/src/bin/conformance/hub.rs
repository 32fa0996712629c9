//! The hub under check, reached over HTTP. Checks are plain functions that wait for each answer;
//! what is asynchronous stays in here.

use std::{io, sync::Once, thread, time::Duration};

use futures_util::{StreamExt as _, stream};
use reqwest::{Body, Method, Url, redirect::Policy};
use serde_json::Value;
use tokio::{
    runtime::{Builder, Runtime},
    time::timeout,
};

use crate::{answer::Answer, check::Wrong};

/// Silence for this long is no answer.
const PATIENCE: Duration = Duration::from_mins(1);

/// How long a request that is cut gets its first bytes out.
const BEFORE_CUT: Duration = Duration::from_secs(1);

/// How often a hub may ask for patience, and for how long, before that counts as its answer.
const WAITS: usize = 20;
const WAIT_MAX_S: u64 = 60;

/// The hub under check.
#[derive(Debug)]
pub(crate) struct Hub {
    base: Url,
    client: reqwest::Client,
    runtime: Runtime,
}

/// One request, as a check wants it.
#[derive(Debug, Clone)]
pub(crate) struct Ask {
    method: Method,
    path: String,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
    cut_after: Option<usize>,
}

impl Ask {
    pub(crate) fn new(method: Method, path: &str) -> Self {
        Self {
            method,
            path: path.to_owned(),
            headers: Vec::new(),
            body: Vec::new(),
            cut_after: None,
        }
    }

    pub(crate) fn get(path: &str) -> Self {
        Self::new(Method::GET, path)
    }

    pub(crate) fn post(path: &str) -> Self {
        Self::new(Method::POST, path)
    }

    pub(crate) fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    pub(crate) fn token(self, token: &str) -> Self {
        self.header("authorization", &format!("Bearer {token}"))
    }

    pub(crate) fn body(mut self, body: &[u8]) -> Self {
        self.body = body.to_vec();
        self
    }

    /// A JSON body packed with zstd.
    pub(crate) fn packed(self, value: &Value) -> Self {
        let packed = zstd::encode_all(value.to_string().as_bytes(), 3).unwrap_or_default();
        self.header("content-type", "application/json")
            .header("content-encoding", "zstd")
            .body(&packed)
    }

    /// So many bytes of the body are sent, and no more; see [`Hub::send_cut`].
    pub(crate) fn cut_after(mut self, bytes: usize) -> Self {
        self.cut_after = Some(bytes);
        self
    }
}

impl Hub {
    /// A hub at `base_url`. Makes no request yet.
    pub(crate) fn at(base_url: &str) -> anyhow::Result<Self> {
        static PROVIDER: Once = Once::new();
        PROVIDER.call_once(|| drop(rustls::crypto::ring::default_provider().install_default()));
        let base = Url::parse(base_url)?;
        let builder = reqwest::Client::builder()
            .redirect(Policy::none())
            .timeout(PATIENCE)
            // A connection of its own for each request: one on which a hub refused a body it had
            // not read may end at any moment, and the next check would pay for it.
            .pool_max_idle_per_host(0);
        // A machine without any root certificates must be able to check a hub over plain HTTP.
        let builder = match base.scheme() {
            "http" => builder.tls_certs_only([]).no_proxy(),
            _ => builder,
        };
        Ok(Self {
            base,
            client: builder.build()?,
            runtime: Builder::new_current_thread().enable_all().build()?,
        })
    }

    /// Sends a request and waits for the answer; longer, where the hub asks for it.
    pub(crate) fn send(&self, ask: &Ask) -> Result<Answer, Wrong> {
        let mut answer = self.send_once(ask)?;
        for _ in 0..WAITS {
            let wait = answer.header("retry-after").parse::<u64>();
            match wait {
                Ok(seconds @ 0..=WAIT_MAX_S) if answer.status == 429 => {
                    thread::sleep(Duration::from_secs(seconds));
                }
                _ => break,
            }
            answer = self.send_once(ask)?;
        }
        Ok(answer)
    }

    fn send_once(&self, ask: &Ask) -> Result<Answer, Wrong> {
        self.runtime
            .block_on(self.exchange(ask))
            .map_err(|error| Wrong::new("an answer", format!("none: {error:?}")))
    }

    /// Sends the beginning of a request and hangs up; no answer can come.
    pub(crate) fn send_cut(&self, ask: &Ask) {
        let cut = async { timeout(BEFORE_CUT, self.exchange(ask)).await };
        drop(self.runtime.block_on(cut));
    }

    async fn exchange(&self, ask: &Ask) -> reqwest::Result<Answer> {
        let mut url = self.base.clone();
        let (path, query) = match ask.path.split_once('?') {
            Some((path, query)) => (path, Some(query)),
            None => (ask.path.as_str(), None),
        };
        url.set_path(&format!("{}{path}", self.base.path().trim_end_matches('/')));
        url.set_query(query);
        let mut request = self.client.request(ask.method.clone(), url);
        for (name, value) in &ask.headers {
            request = request.header(name, value);
        }
        let request = match ask.cut_after {
            None => request.body(ask.body.clone()),
            Some(bytes) => {
                let first = ask.body.iter().take(bytes).copied().collect::<Vec<_>>();
                let first = stream::once(async { io::Result::Ok(first) });
                request
                    .header("content-length", ask.body.len())
                    .body(Body::wrap_stream(first.chain(stream::pending())))
            }
        };
        let response = request.send().await?;
        let status = response.status().as_u16();
        let headers = response
            .headers()
            .iter()
            .map(|(name, value)| {
                let value = String::from_utf8_lossy(value.as_bytes());
                (name.as_str().to_owned(), value.into_owned())
            })
            .collect();
        let body = response.bytes().await?.to_vec();
        Ok(Answer::new(status, headers, body))
    }
}
