//! A hub in memory, and a link to it that can be told to fail. It decides with
//! [`shared::apply`] as a real hub does, and knows duplicates by their ids. Whatever it is asked is
//! held against the protocol's schemas first.

use std::{
    collections::{BTreeMap, BTreeSet, VecDeque},
    error::Error,
    sync::{Arc, Mutex, MutexGuard},
};

use bytes::Bytes;
use client::{
    photo::digest_of,
    sync::{Check, Connect, HubAddress, PhotoPart, Remote, RemoteError, Upload},
};
use shared::{
    DeviceId, Digest, Doc, DocRef, GridCode, Op, OpId, Outcome, Role, Scope, StaffId, Timestamp,
    apply::{Quarantine, Stamp},
    hub_api::{
        BRIEF, Brief, Enrol, Enrolled, ErrorCode, FeedItem, FeedMove, FirstSent, Hello,
        HelloAnswer, Limits, ProtocolRange, Pull, PullAnswer, Push, PushAnswer, PushResult, Renew,
        Renewed, ScopeHead, StaffCard, feed_hash,
    },
    time::Observed,
};

use crate::schemas;

/// What goes wrong with one request.
pub(crate) enum Fault {
    /// Nothing does.
    Pass,
    /// The hub acts, but its answer is lost.
    LoseAnswer,
    /// The request doesn't get through.
    Cut,
    /// Nobody is there.
    Unreachable,
    /// Something else answers.
    Portal,
    /// The hub says no.
    Refuse(ErrorCode),
}

/// Everything the fake hub has and does.
pub(crate) struct State {
    pub(crate) hub_id: String,
    pub(crate) epoch: String,
    pub(crate) staff: StaffCard,
    pub(crate) server_time: Timestamp,
    /// What the last hello said of the device's clocks.
    pub(crate) heard_clocks: Option<Observed>,
    /// Results by operation: a replay is answered from here.
    pub(crate) results: BTreeMap<OpId, (Outcome, DocRef)>,
    /// How often each operation arrived.
    pub(crate) arrivals: BTreeMap<OpId, u32>,
    /// When each operation that changed something came first, and the revision it made.
    firsts: BTreeMap<OpId, (FirstSent, u64)>,
    pub(crate) last_dev_seq: u64,
    /// Identities that were asked for.
    pub(crate) identities: Vec<DeviceId>,
    pub(crate) docs: BTreeMap<DocRef, Doc>,
    /// Every feed: documents at their latest place, `None` for left.
    pub(crate) feeds: BTreeMap<Scope, Vec<(u64, DocRef, bool)>>,
    pub(crate) photos: BTreeMap<Digest, Vec<u8>>,
    pub(crate) partial: BTreeMap<Digest, Vec<u8>>,
    /// How each piece of a photo was to be checked.
    pub(crate) checks: Vec<Check>,
    /// Lengths promised at creation.
    lengths: BTreeMap<Digest, u64>,

    /// What goes wrong next, by the name of the request.
    pub(crate) faults: BTreeMap<&'static str, VecDeque<Fault>>,
    /// Pushes and chunks with more bytes than this are cut.
    pub(crate) cut_above: Option<usize>,
    /// Operations that are quarantined, or put off, by their place in the device's sequence.
    pub(crate) poison: Vec<u64>,
    pub(crate) put_off: Vec<u64>,
    /// Operations that break the whole batch.
    pub(crate) crash_on: Vec<u64>,
    /// The next so many cursors are gone.
    pub(crate) cursors_gone: u32,
    /// Added to the sum of every page.
    pub(crate) wrong_sum: u64,
    /// Bytes of photos handed out.
    pub(crate) given: usize,
    /// Every request, by name, with its size.
    pub(crate) log: Vec<(&'static str, usize)>,
    pub(crate) page: usize,
    /// It answers briefly to those who ask for it.
    pub(crate) brief: bool,
    /// What it makes of its own answers before it gives them: it lies.
    pub(crate) twist_hello: Option<Twist<HelloAnswer>>,
    pub(crate) twist_push: Option<Twist<PushAnswer>>,
    pub(crate) twist_page: Option<Twist<PullAnswer>>,
}

/// Its clock stands still.
const RECEIVED_AT: Timestamp = Timestamp::from_ms(1_800_000_000_000);

/// A lie.
pub(crate) type Twist<T> = Box<dyn FnMut(&mut T) + Send>;

fn twisted<T>(mut answer: T, twist: &mut Option<Twist<T>>) -> T {
    if let Some(twist) = twist {
        twist(&mut answer);
    }
    answer
}

/// A door to the fake hub.
#[derive(Clone)]
pub(crate) struct FakeHub(Arc<Mutex<State>>);

impl Default for FakeHub {
    fn default() -> Self {
        Self::named("hub-1")
    }
}

impl FakeHub {
    pub(crate) fn named(hub_id: &str) -> Self {
        Self(Arc::new(Mutex::new(State {
            hub_id: hub_id.to_owned(),
            epoch: "e1".to_owned(),
            staff: StaffCard {
                id: StaffId::from("S1"),
                name: "林小满".to_owned(),
                name_en: "Lin Xiaoman".to_owned(),
                badge_no: "0001".to_owned(),
                roles: vec![Role::Worker],
                grids: vec![GridCode::from("G1")],
                permissions: [].into(),
            },
            // What a new tablet's clock says.
            server_time: Timestamp::from_ms(1_790_000_001_000),
            heard_clocks: None,
            results: BTreeMap::new(),
            arrivals: BTreeMap::new(),
            firsts: BTreeMap::new(),
            last_dev_seq: 0,
            identities: Vec::new(),
            docs: BTreeMap::new(),
            feeds: BTreeMap::new(),
            photos: BTreeMap::new(),
            partial: BTreeMap::new(),
            checks: Vec::new(),
            lengths: BTreeMap::new(),
            faults: BTreeMap::new(),
            cut_above: None,
            poison: Vec::new(),
            put_off: Vec::new(),
            crash_on: Vec::new(),
            cursors_gone: 0,
            wrong_sum: 0,
            given: 0,
            log: Vec::new(),
            page: usize::MAX,
            brief: false,
            twist_hello: None,
            twist_push: None,
            twist_page: None,
        })))
    }

    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap()
    }

    /// The next request of this name meets `fault`.
    pub(crate) fn fail(&self, request: &'static str, fault: Fault) {
        self.state()
            .faults
            .entry(request)
            .or_default()
            .push_back(fault);
    }

    pub(crate) fn requests(&self, name: &str) -> usize {
        self.state()
            .log
            .iter()
            .filter(|(logged, _)| *logged == name)
            .count()
    }

    /// Runs `act` at the hub, unless the link or the hub has something else in store.
    fn serve<T>(
        &self,
        name: &'static str,
        bytes: usize,
        act: impl FnOnce(&mut State) -> Result<T, RemoteError>,
    ) -> Result<T, RemoteError> {
        let mut state = self.state();
        state.log.push((name, bytes));
        if state.cut_above.is_some_and(|most| bytes > most) {
            return Err(cut());
        }
        let fault = state.faults.get_mut(name).and_then(VecDeque::pop_front);
        match fault {
            None | Some(Fault::Pass) => act(&mut state),
            Some(Fault::LoseAnswer) => {
                act(&mut state)?;
                Err(cut())
            }
            Some(Fault::Cut) => Err(cut()),
            Some(Fault::Unreachable) => Err(RemoteError::Unreachable(told("nobody there"))),
            Some(Fault::Portal) => Err(RemoteError::NotAHub),
            Some(Fault::Refuse(code)) => Err(RemoteError::refused(code)),
        }
    }
}

/// What a hub has of everybody.
#[derive(Clone)]
pub(crate) struct Kept {
    results: BTreeMap<OpId, (Outcome, DocRef)>,
    arrivals: BTreeMap<OpId, u32>,
    firsts: BTreeMap<OpId, (FirstSent, u64)>,
    last_dev_seq: u64,
    docs: BTreeMap<DocRef, Doc>,
    feeds: BTreeMap<Scope, Vec<(u64, DocRef, bool)>>,
}

impl FakeHub {
    /// What it has by now.
    pub(crate) fn kept(&self) -> Kept {
        let state = self.state();
        Kept {
            results: state.results.clone(),
            arrivals: state.arrivals.clone(),
            firsts: state.firsts.clone(),
            last_dev_seq: state.last_dev_seq,
            docs: state.docs.clone(),
            feeds: state.feeds.clone(),
        }
    }

    /// As if nothing had happened since.
    pub(crate) fn put_back(&self, kept: &Kept) {
        let kept = kept.clone();
        let mut state = self.state();
        state.results = kept.results;
        state.arrivals = kept.arrivals;
        state.firsts = kept.firsts;
        state.last_dev_seq = kept.last_dev_seq;
        state.docs = kept.docs;
        state.feeds = kept.feeds;
    }
}

impl State {
    /// A document changed, or appeared, in `scope`.
    pub(crate) fn publish(&mut self, scope: &Scope, doc: Doc) {
        self.place(scope, doc.target.clone(), true);
        self.docs.insert(doc.target.clone(), doc);
    }

    /// A document left `scope`.
    pub(crate) fn withdraw(&mut self, scope: &Scope, target: &DocRef) {
        self.place(scope, target.clone(), false);
    }

    fn place(&mut self, scope: &Scope, target: DocRef, there: bool) {
        let feed = self.feeds.entry(scope.clone()).or_default();
        let seq = feed.iter().map(|(seq, ..)| *seq).max().unwrap_or(0) + 1;
        feed.retain(|(_, other, _)| *other != target);
        feed.push((seq, target, there));
    }

    /// Each push is received later than the one before.
    fn received_at(&self) -> Timestamp {
        let pushes = self.log.iter().filter(|it| it.0 == "push").count();
        RECEIVED_AT.plus_ms(i64::try_from(pushes).unwrap() * 1_000)
    }

    fn scopes(&self) -> Vec<ScopeHead> {
        let own = [Scope::staff(&self.staff.id), Scope::city()];
        let grids = self.staff.grids.iter().map(Scope::grid);
        let head = |scope: Scope| ScopeHead {
            seq: self.head(&scope),
            scope,
        };
        own.into_iter().chain(grids).map(head).collect()
    }

    fn decide(&mut self, push: &Push, raw: &serde_json::Value) -> PushResult {
        let op: Op = serde_json::from_value(raw.clone()).unwrap();
        *self.arrivals.entry(op.op_id).or_default() += 1;
        if self.put_off.contains(&op.dev_seq) {
            return PushResult {
                op_id: Some(op.op_id),
                outcome: Outcome::RetryLater,
                rev: 0,
                doc: None,
                brief: None,
            };
        }
        self.last_dev_seq = self.last_dev_seq.max(op.dev_seq);
        if !self.results.contains_key(&op.op_id) {
            let outcome = if self.poison.contains(&op.dev_seq) {
                Outcome::Quarantined {
                    why: Quarantine::OutOfBounds,
                }
            } else {
                let case_no = format!("C{}", op.dev_seq);
                let stamp = Stamp::Hub {
                    received_at: self.received_at(),
                    sent: &push.sent,
                    case_no: &case_no,
                    against: None,
                };
                let applied = shared::apply(self.docs.get(&op.target), &op, &stamp);
                if let Some(doc) = applied.doc {
                    let first = FirstSent {
                        sent: push.sent.clone(),
                        received_at: self.received_at(),
                    };
                    self.firsts.insert(op.op_id, (first, doc.rev));
                    self.publish(&Scope::staff(&self.staff.id.clone()), doc);
                }
                applied.outcome
            };
            self.results.insert(op.op_id, (outcome, op.target.clone()));
        }
        let (outcome, target) = self.results[&op.op_id].clone();
        let doc = self.docs.get(&target).cloned();
        let rev = doc.as_ref().map_or(0, |doc| doc.rev);
        PushResult {
            op_id: Some(op.op_id),
            outcome,
            rev,
            doc,
            brief: None,
        }
    }

    /// The same answer, briefly, and how far the inbox moved since `before`.
    fn shortened(
        &self,
        mut results: Vec<PushResult>,
        mut before: u64,
        again: &BTreeSet<OpId>,
    ) -> PushAnswer {
        let feed = self.feeds.get(&Scope::staff(&self.staff.id));
        let mut told = BTreeSet::new();
        for result in &mut results {
            let op_id = result.op_id.unwrap();
            let is_again = again.contains(&op_id);
            let mut may_be = |doc: &Doc| {
                let is_first = told.insert(doc.target.clone());
                !is_again || (is_first && self.firsts[&op_id].1 == doc.rev)
            };
            if result.outcome == Outcome::Applied
                && let Some(doc) = result.doc.take_if(|doc| may_be(doc))
            {
                let first = is_again.then(|| self.firsts[&op_id].0.clone());
                if is_again {
                    let place = feed.into_iter().flatten().find(|it| it.1 == doc.target);
                    before = before.min(place.unwrap().0 - 1);
                }
                let case_no = doc.body.pointer("/known/case_no");
                result.brief = Some(Brief {
                    sum: doc.sum().unwrap(),
                    case_no: case_no.and_then(|it| it.as_str()).map(str::to_owned),
                    first,
                });
            }
        }
        let scope = Scope::staff(&self.staff.id);
        let is_told = |it: &&(u64, DocRef, bool)| told.contains(&it.1);
        let last = feed.into_iter().flatten().rfind(is_told);
        let seq = last.map_or(before, |it| it.0);
        let (count, sum) = self.tally(&scope);
        PushAnswer {
            results,
            received_at: Some(self.received_at()),
            moved: vec![FeedMove {
                scope,
                from: before,
                seq,
                cursor: seq.to_string(),
                count,
                sum,
            }],
        }
    }

    fn head(&self, scope: &Scope) -> u64 {
        let last = self.feeds.get(scope).and_then(|feed| feed.last());
        last.map_or(0, |item| item.0)
    }

    /// How many documents a feed holds, and their sum.
    fn tally(&self, scope: &Scope) -> (u64, u64) {
        let feed = self.feeds.get(scope).into_iter().flatten();
        let there = feed.filter(|(.., there)| *there);
        let hashes = there.map(|(_, target, _)| feed_hash(target, self.docs[target].rev));
        hashes.fold((0, self.wrong_sum), |(n, sum), hash| {
            (n + 1, sum.wrapping_add(hash))
        })
    }

    fn upload(&self, digest: Digest) -> Option<Upload> {
        if let Some(photo) = self.photos.get(&digest) {
            return Some(Upload {
                offset: photo.len() as u64,
                complete: true,
            });
        }
        let partial = self.partial.get(&digest)?;
        Some(Upload {
            offset: partial.len() as u64,
            complete: false,
        })
    }
}

impl Connect for FakeHub {
    type Remote = Self;

    fn connect(&self, _at: &HubAddress, _token: Option<&str>) -> Result<Self, RemoteError> {
        Ok(self.clone())
    }
}

impl Remote for FakeHub {
    async fn hello(&self, hello: &Hello) -> Result<HelloAnswer, RemoteError> {
        schemas::hold("Hello", hello);
        self.serve("hello", 0, |state| {
            state.heard_clocks = hello.clone().clocks();
            let answer = HelloAnswer {
                protocol: ProtocolRange { min: 1, max: 1 },
                features: state.brief.then(|| BRIEF.to_owned()).into_iter().collect(),
                hub_id: state.hub_id.clone(),
                hub_name: "Test hub".to_owned(),
                epoch: state.epoch.clone(),
                server_time: state.server_time,
                limits: Limits {
                    max_ops: 500,
                    max_body: 4 << 20,
                    max_op: 256 << 10,
                    chunk_min: 16 << 10,
                    chunk_max: 1 << 20,
                },
                scopes: state.scopes(),
                last_dev_seq: state.last_dev_seq,
                staff: state.staff.clone(),
                dictionaries: Vec::new(),
            };
            Ok(twisted(answer, &mut state.twist_hello))
        })
    }

    async fn push(&self, push: &Push) -> Result<PushAnswer, RemoteError> {
        schemas::hold("Push", push);
        let bytes = serde_json::to_vec(push).unwrap().len();
        self.serve("push", bytes, |state| {
            let seqs = push.ops.iter().filter_map(|op| op["dev_seq"].as_u64());
            if seqs.into_iter().any(|seq| state.crash_on.contains(&seq)) {
                return Err(RemoteError::refused(ErrorCode::Malformed));
            }
            let before = state.head(&Scope::staff(&state.staff.id));
            let again = state.firsts.keys().copied().collect();
            let results = push.ops.iter().map(|op| state.decide(push, op)).collect();
            let answer = if push.brief {
                state.shortened(results, before, &again)
            } else {
                PushAnswer {
                    results,
                    received_at: None,
                    moved: Vec::new(),
                }
            };
            Ok(twisted(answer, &mut state.twist_push))
        })
    }

    async fn renew(&self, renew: &Renew) -> Result<Renewed, RemoteError> {
        schemas::hold("Renew", renew);
        self.serve("renew", 0, |state| {
            state.identities.push(renew.device);
            state.last_dev_seq = 0;
            Ok(Renewed {
                token: format!("token of {}", renew.device),
            })
        })
    }

    async fn pull(&self, pull: &Pull) -> Result<PullAnswer, RemoteError> {
        schemas::hold("Pull", pull);
        self.serve("pull", 0, |state| {
            if !pull.cursor.is_empty() && state.cursors_gone > 0 {
                state.cursors_gone -= 1;
                return Err(RemoteError::refused(ErrorCode::CursorGone));
            }
            let after: u64 = pull.cursor.parse().unwrap_or(0);
            let feed = state.feeds.get(&pull.scope).cloned().unwrap_or_default();
            let (count, sum) = state.tally(&pull.scope);
            let mut new: Vec<_> = feed.into_iter().filter(|(seq, ..)| *seq > after).collect();
            let more = new.len() > pull.limit.min(state.page);
            new.truncate(pull.limit.min(state.page));
            let cursor = new
                .last()
                .map_or(pull.cursor.clone(), |(seq, ..)| seq.to_string());
            let items = new
                .into_iter()
                .map(|(seq, target, there)| {
                    if there {
                        FeedItem::Doc {
                            seq,
                            doc: state.docs[&target].clone(),
                        }
                    } else {
                        FeedItem::Left { seq, target }
                    }
                })
                .collect();
            let answer = PullAnswer {
                items,
                cursor,
                more,
                count,
                sum,
            };
            Ok(twisted(answer, &mut state.twist_page))
        })
    }

    async fn enrol(&self, enrol: &Enrol) -> Result<Enrolled, RemoteError> {
        schemas::hold("Enrol", enrol);
        self.serve("enrol", 0, |state| match enrol.code.as_str() {
            "GOOD" => Ok(Enrolled {
                token: "token".to_owned(),
                staff: state.staff.clone(),
                hub_id: state.hub_id.clone(),
                hub_name: "Test hub".to_owned(),
            }),
            "USED" => Err(RemoteError::refused(ErrorCode::CodeUsed)),
            _ => Err(RemoteError::refused(ErrorCode::CodeUnknown)),
        })
    }

    async fn photo_create(&self, digest: Digest, length: u64) -> Result<Upload, RemoteError> {
        self.serve("photo_create", 0, |state| {
            state.lengths.insert(digest, length);
            if state.upload(digest).is_none() {
                state.partial.insert(digest, Vec::new());
            }
            Ok(state.upload(digest).unwrap())
        })
    }

    async fn photo_head(&self, digest: Digest) -> Result<Option<Upload>, RemoteError> {
        self.serve("photo_head", 0, |state| Ok(state.upload(digest)))
    }

    async fn photo_patch(
        &self,
        digest: Digest,
        offset: u64,
        chunk: Bytes,
        check: Check,
    ) -> Result<Upload, RemoteError> {
        self.serve("photo_patch", chunk.len(), |state| {
            state.checks.push(check);
            let Some(partial) = state.partial.get_mut(&digest) else {
                return Err(RemoteError::refused(ErrorCode::NotFound));
            };
            if partial.len() as u64 != offset {
                return Err(RemoteError::refused(ErrorCode::OffsetMismatch));
            }
            partial.extend_from_slice(&chunk);
            if partial.len() as u64 == state.lengths[&digest] {
                let whole = state.partial.remove(&digest).unwrap();
                if digest_of(&whole) != digest {
                    return Err(RemoteError::refused(ErrorCode::ChecksumMismatch));
                }
                state.photos.insert(digest, whole);
            }
            Ok(state.upload(digest).unwrap())
        })
    }

    async fn photo_get(
        &self,
        digest: Digest,
        from: u64,
        length: u64,
    ) -> Result<Option<PhotoPart>, RemoteError> {
        self.serve("photo_get", 0, |state| {
            let Some(whole) = state.photos.get(&digest) else {
                return Ok(None);
            };
            let rest = whole.iter().skip(usize::try_from(from).unwrap());
            let bytes: Bytes = rest
                .take(usize::try_from(length).unwrap())
                .copied()
                .collect();
            let total = whole.len() as u64;
            state.given += bytes.len();
            Ok(Some(PhotoPart { total, bytes }))
        })
    }
}

fn cut() -> RemoteError {
    RemoteError::CutOff(told("cut"))
}

fn told(why: &str) -> Box<dyn Error + Send + Sync> {
    why.into()
}
