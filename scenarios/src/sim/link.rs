//! The seam between the real core and the simulated network: a [`Remote`] whose requests wait at a
//! gate, so that other things happen between two of them, and then meet their fate.

use std::{
    future::poll_fn,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    task::Poll,
};

use axum::http::Method;
use base64::{Engine as _, prelude::BASE64_STANDARD};
use bytes::Bytes;
use client::sync::{Check, Connect, HubAddress, PhotoPart, Remote, RemoteError, Upload};
use fault::Side;
use serde::Serialize;
use shared::{
    Digest,
    hub_api::{
        Endpoint as _, Enrol, Enrolled, ErrorCode, FeedItem, Hello, HelloAnswer, Pull, PullAnswer,
        Push, PushAnswer, Renew, Renewed, photo,
    },
};

use super::{
    network::{Fate, Network},
    parcel::{Parcel, Reply},
};

/// The hash of a piece, as the header wants it.
fn checksum(piece: &Bytes) -> String {
    let digest = client::photo::digest_of(piece);
    format!("sha256 {}", BASE64_STANDARD.encode(digest.as_bytes()))
}

/// Where a round waits between two requests.
#[derive(Debug, Default)]
pub(super) struct Gate {
    waiting: AtomicBool,
    open: AtomicBool,
}

impl Gate {
    /// Whether a round waits here.
    pub(super) fn is_waiting(&self) -> bool {
        self.waiting.load(Ordering::Relaxed)
    }

    /// Whether rounds pass without waiting.
    pub(super) fn set_open(&self, open: bool) {
        self.open.store(open, Ordering::Relaxed);
    }

    /// Nobody waits here any more.
    pub(super) fn clear(&self) {
        self.waiting.store(false, Ordering::Relaxed);
    }

    /// Pending once; whoever drives the round polls it again when it is its turn.
    async fn pass(&self) {
        if self.open.load(Ordering::Relaxed) {
            return;
        }
        let mut first = true;
        poll_fn(|_| {
            if std::mem::replace(&mut first, false) {
                self.waiting.store(true, Ordering::Relaxed);
                return Poll::Pending;
            }
            self.waiting.store(false, Ordering::Relaxed);
            Poll::Ready(())
        })
        .await;
    }
}

/// The way of one device to the hub.
#[derive(Debug, Clone)]
pub(super) struct Link {
    /// Which device.
    pub who: usize,
    /// What it goes through.
    pub network: Network,
    /// Where its rounds wait.
    pub gate: Arc<Gate>,
}

/// A hub at the end of a link.
#[derive(Debug)]
pub(super) struct Wire {
    link: Link,
    token: Option<String>,
}

impl Connect for Link {
    type Remote = Wire;

    fn connect(&self, _at: &HubAddress, token: Option<&str>) -> Result<Wire, RemoteError> {
        Ok(Wire {
            link: self.clone(),
            token: token.map(str::to_owned),
        })
    }
}

/// The connection broke.
fn cut() -> RemoteError {
    RemoteError::CutOff("the simulated link broke".into())
}

fn no_network() -> RemoteError {
    RemoteError::Unreachable("there is no simulated network".into())
}

/// Hands a parcel to the hub, and sees whether the hub survives it.
pub(super) async fn deliver(
    network: &Network,
    parcel: Parcel,
    cut_at: Option<usize>,
) -> Result<Reply, RemoteError> {
    let Some(router) = network.state().hub.clone() else {
        return Err(no_network());
    };
    let reply = parcel.deliver(router, cut_at).await;
    if let Some(fired) = fault::crashed().filter(|fired| fired.side == Side::Hub) {
        let mut state = network.state();
        state
            .trace
            .say(format!("  the hub crashes at {:?}", fired.at));
        state.crashed_at = Some(fired.at);
        state.hub = None;
        drop(state);
        if !fired.answered {
            return Err(cut());
        }
    }
    reply.map_err(|error| RemoteError::CutOff(error.into()))
}

impl Wire {
    async fn exchange(&self, parcel: Parcel) -> Result<Reply, RemoteError> {
        let Link { who, network, gate } = &self.link;
        // The device has looked at its clocks by now; the wait is part of the way.
        let sent_at = network.state().time.ms();
        gate.pass().await;
        let parcel = parcel.signed_by(self.token.as_deref());
        let fate = network.state().fate(*who, &parcel);
        if network.state().is_gone(sent_at) {
            return Err(cut());
        }
        match fate {
            Fate::Through => deliver(network, parcel, None).await,
            Fate::NoNetwork => Err(no_network()),
            Fate::Lost => Err(cut()),
            Fate::AnswerLost => {
                let reply = deliver(network, parcel.clone(), None).await;
                self.overhear(&parcel, &reply);
                Err(cut())
            }
            Fate::Twice => {
                let first = deliver(network, parcel.clone(), None).await;
                self.overhear(&parcel, &first);
                deliver(network, parcel, None).await
            }
            Fate::Later => {
                network.state().is_late(*who, parcel, sent_at);
                Err(cut())
            }
            Fate::CutAt(bytes) => {
                drop(deliver(network, parcel, Some(bytes)).await);
                Err(cut())
            }
            Fate::Altered(at) => deliver(network, parcel.altered(at), None).await,
            Fate::Refused => Err(RemoteError::refused(ErrorCode::Unavailable)),
            Fate::Portal => Err(RemoteError::NotAHub),
        }
    }

    /// What the hub said counts, even if the device never hears it.
    fn overhear(&self, parcel: &Parcel, reply: &Result<Reply, RemoteError>) {
        overhear(&self.link.network, self.link.who, parcel, reply);
    }

    fn post<T: Serialize>(what: &'static str, path: &str, body: &T) -> Result<Parcel, RemoteError> {
        let json =
            serde_json::to_vec(body).map_err(|_ours| RemoteError::refused(ErrorCode::Malformed))?;
        Ok(Parcel::new(what, Method::POST, path)
            .header("content-type", "application/json")
            .body(json))
    }
}

/// Notes what the hub said to a request whose sender does not hear it.
pub(super) fn overhear(
    network: &Network,
    who: usize,
    parcel: &Parcel,
    reply: &Result<Reply, RemoteError>,
) {
    let Ok(reply) = reply else { return };
    if parcel.what == "push"
        && let Ok(answer) = reply.json::<PushAnswer>()
    {
        let mut state = network.state();
        for result in &answer.results {
            state.answered(who, result);
        }
    }
}

impl Remote for Wire {
    async fn hello(&self, hello: &Hello) -> Result<HelloAnswer, RemoteError> {
        let path = match hello.clone().clocks() {
            Some(clocks) => format!(
                "{}?wall={}&mono={}&boot={}",
                Hello::PATH,
                clocks.wall.as_ms(),
                clocks.mono,
                clocks.boot
            ),
            None => Hello::PATH.to_owned(),
        };
        let parcel = Parcel::new("hello", Method::GET, path);
        self.exchange(parcel).await?.json()
    }

    async fn push(&self, push: &Push) -> Result<PushAnswer, RemoteError> {
        let parcel = Self::post("push", <Push>::PATH, push)?;
        let answer: PushAnswer = self.exchange(parcel).await?.json()?;
        let mut state = self.link.network.state();
        for result in &answer.results {
            state.answered(self.link.who, result);
        }
        drop(state);
        Ok(answer)
    }

    async fn pull(&self, pull: &Pull) -> Result<PullAnswer, RemoteError> {
        let path = format!(
            "{}?scope={}&cursor={}&limit={}",
            Pull::PATH,
            pull.scope,
            pull.cursor,
            pull.limit
        );
        let parcel = Parcel::new("pull", Method::GET, path);
        let who = self.link.who;
        let network = &self.link.network;
        network.state().asks(who, &pull.scope, &pull.cursor);
        let answer: PullAnswer = self.exchange(parcel).await?.json()?;
        let mut state = self.link.network.state();
        let mut before = 0;
        for item in &answer.items {
            let (FeedItem::Doc { seq, .. } | FeedItem::Left { seq, .. }) = item else {
                continue;
            };
            if *seq <= before {
                let says = format!("I7: the feed {} goes back at {seq}", pull.scope);
                state.violations.push(says);
            }
            before = *seq;
            if let FeedItem::Doc { doc, .. } = item {
                state.shown(who, "a page", doc);
            }
        }
        drop(state);
        Ok(answer)
    }

    async fn enrol(&self, enrol: &Enrol) -> Result<Enrolled, RemoteError> {
        let parcel = Self::post("enrol", Enrol::PATH, enrol)?;
        self.exchange(parcel).await?.json()
    }

    async fn renew(&self, renew: &Renew) -> Result<Renewed, RemoteError> {
        let parcel = Self::post("renew", Renew::PATH, renew)?;
        self.exchange(parcel).await?.json()
    }

    async fn photo_create(&self, digest: Digest, length: u64) -> Result<Upload, RemoteError> {
        let metadata = BASE64_STANDARD.encode(digest.to_string());
        let parcel = Parcel::new("photo", Method::POST, photo::CREATE_PATH)
            .header(photo::UPLOAD_LENGTH, length.to_string())
            .header(photo::UPLOAD_METADATA, format!("digest {metadata}"));
        self.exchange(parcel).await?.upload()
    }

    async fn photo_head(&self, digest: Digest) -> Result<Option<Upload>, RemoteError> {
        let parcel = Parcel::new("offset", Method::HEAD, photo::path(digest));
        let reply = self.exchange(parcel).await?;
        if reply.is_nothing() {
            return Ok(None);
        }
        reply.upload().map(Some)
    }

    async fn photo_patch(
        &self,
        digest: Digest,
        offset: u64,
        chunk: Bytes,
        check: Check,
    ) -> Result<Upload, RemoteError> {
        let mut parcel = Parcel::new("piece", Method::PATCH, photo::path(digest))
            .header("content-type", photo::CHUNK_TYPE)
            .header(photo::UPLOAD_OFFSET, offset.to_string());
        if check == Check::EachPiece {
            parcel = parcel.header(photo::UPLOAD_CHECKSUM, checksum(&chunk));
        }
        let parcel = parcel.body(chunk);
        self.exchange(parcel).await?.upload()
    }

    async fn photo_get(
        &self,
        digest: Digest,
        from: u64,
        length: u64,
    ) -> Result<Option<PhotoPart>, RemoteError> {
        let last = from.saturating_add(length.max(1)) - 1;
        let parcel = Parcel::new("fetch", Method::GET, photo::path(digest))
            .header("range", format!("bytes={from}-{last}"));
        let reply = self.exchange(parcel).await?;
        if reply.is_nothing() {
            return Ok(None);
        }
        reply.part().map(Some)
    }
}
