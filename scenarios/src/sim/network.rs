//! The network between devices and hub: what becomes of each request, what is still on its way, and
//! what passed by, seen with the eyes of somebody who may see everything.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use axum::Router;
use shared::{Doc, OpId, Outcome, Scope, hub_api::PushResult};

use super::{clocks::TrueTime, dice::Dice, feeds::takes_operations, parcel::Parcel, trace::Trace};

/// How the network treats a device for a while.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Weather {
    /// Everything gets through.
    Fine,
    /// One request in five meets something.
    Rough,
    /// Two in three do.
    Storm,
    /// Nothing gets through.
    Down,
}

/// What becomes of one request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fate {
    /// It is answered.
    Through,
    /// There is no network.
    NoNetwork,
    /// It is lost on the way.
    Lost,
    /// The hub acts, the answer is lost.
    AnswerLost,
    /// It arrives twice; the second answer comes back.
    Twice,
    /// The device gives up; it arrives some time later, behind others.
    Later,
    /// The connection breaks after so many bytes of the body.
    CutAt(usize),
    /// One byte of the body changes, at this place.
    Altered(usize),
    /// A proxy before the hub says that there is none.
    Refused,
    /// A captive portal answers in the hub's place.
    Portal,
}

/// A request that is still on its way after the device gave it up.
#[derive(Debug)]
pub(super) struct Late {
    /// Whose.
    pub who: usize,
    /// What.
    pub parcel: Parcel,
    /// When it was truly sent.
    pub sent_at: i64,
}

/// Nothing between device and hub keeps a request for longer. A hub takes what it receives for sent
/// just now, to a day (docs/protocol.md 6.15).
const KEPT_MS: i64 = 24 * 60 * 60 * 1_000;

/// What a cursor says, as the hub here writes it: `seq[-horizon].mark`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Place {
    seq: u64,
    /// Of the feed and the hub's epoch.
    mark: String,
}

impl Place {
    /// `None`: the beginning.
    fn read(cursor: &str) -> Option<Self> {
        let (place, mark) = cursor.split_once('.')?;
        let seq = place.split('-').next()?.parse().ok()?;
        Some(Self {
            seq,
            mark: mark.to_owned(),
        })
    }
}

/// What all links share.
#[derive(Debug)]
pub(super) struct State {
    /// What time it truly is.
    pub time: Arc<TrueTime>,
    /// The hub, while it is up.
    pub hub: Option<Router>,
    /// Where the hub crashed, until somebody looks after it.
    pub crashed_at: Option<&'static str>,
    /// The schedule's dice.
    pub dice: Dice,
    /// What happened.
    pub trace: Trace,
    /// How each device is treated.
    pub weather: Vec<Weather>,
    /// What is still on its way.
    pub late: Vec<Late>,
    /// The feeds each device may see, as of the pack the hub has.
    pub scopes: Vec<BTreeSet<Scope>>,
    /// What the hub answered for each operation.
    pub answers: BTreeMap<OpId, (Outcome, u64)>,
    /// How far each device said that it has each feed.
    pub asked: BTreeMap<(usize, Scope), Place>,
    /// What was seen that must never be.
    pub violations: Vec<String>,
    /// No faults any more.
    pub calm: bool,
}

/// The network.
#[derive(Debug, Clone)]
pub(super) struct Network(Arc<Mutex<State>>);

impl Network {
    /// A network without a hub.
    pub(super) fn new(dice: Dice, devices: usize, time: &Arc<TrueTime>) -> Self {
        Self(Arc::new(Mutex::new(State {
            time: Arc::clone(time),
            hub: None,
            crashed_at: None,
            dice,
            trace: Trace::default(),
            weather: vec![Weather::Fine; devices],
            late: Vec::new(),
            scopes: vec![BTreeSet::new(); devices],
            answers: BTreeMap::new(),
            asked: BTreeMap::new(),
            violations: Vec::new(),
            calm: false,
        })))
    }

    /// What all links share. Not to be held while waiting.
    pub(super) fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// One more device, a copy of another: at the same place, and its person may see the same.
    pub(super) fn one_more_like(&mut self, who: usize) {
        let weather = self.weather.get(who).copied();
        self.weather.push(weather.unwrap_or(Weather::Fine));
        let scopes = self.scopes.get(who).cloned();
        self.scopes.push(scopes.unwrap_or_default());
    }

    /// Whether nothing keeps a request that was sent then any more.
    pub(super) fn is_gone(&self, sent_at: i64) -> bool {
        self.time.ms() - sent_at > KEPT_MS
    }

    /// A request stays on its way.
    pub(super) fn is_late(&mut self, who: usize, parcel: Parcel, sent_at: i64) {
        self.late.push(Late {
            who,
            parcel,
            sent_at,
        });
    }

    /// A device asks for a page: it goes on from where it was or further, or begins anew.
    pub(super) fn asks(&mut self, who: usize, scope: &Scope, cursor: &str) {
        let key = (who, scope.clone());
        let Some(place) = Place::read(cursor) else {
            self.asked.remove(&key);
            return;
        };
        let before = self.asked.insert(key, place.clone());
        if let Some(before) = before.filter(|it| it.mark == place.mark && it.seq > place.seq) {
            self.violations.push(format!(
                "I7: d{who} goes back in {scope} from {} to {}",
                before.seq, place.seq
            ));
        }
    }

    /// A device is as it was some time ago, its places in feeds, too.
    pub(super) fn is_as_it_was(&mut self, who: usize) {
        self.asked.retain(|(whose, _), _| *whose != who);
    }

    /// Throws the dice for a request.
    pub(super) fn fate(&mut self, who: usize, parcel: &Parcel) -> Fate {
        let fate = self.throw(who, parcel);
        let (what, size) = (parcel.what, parcel.size());
        let said = if fate == Fate::Through {
            String::new()
        } else {
            format!(" — {fate:?}")
        };
        self.trace.say(format!("  d{who} {what} {size}{said}"));
        fate
    }

    fn throw(&mut self, who: usize, parcel: &Parcel) -> Fate {
        if self.calm {
            return Fate::Through;
        }
        let met = match self.weather.get(who) {
            None | Some(Weather::Fine) => 2,
            Some(Weather::Rough) => 20,
            Some(Weather::Storm) => 65,
            Some(Weather::Down) => return Fate::NoNetwork,
        };
        if !self.dice.chance(met) {
            return Fate::Through;
        }
        let is_piece = parcel.what == "piece";
        match self.dice.below(13) {
            0..=2 => Fate::AnswerLost,
            3 | 4 => Fate::Lost,
            5 | 6 => Fate::Twice,
            7 | 8 => Fate::Later,
            9 => Fate::NoNetwork,
            10 => Fate::Refused,
            11 if is_piece => Fate::Altered(self.dice.below(parcel.size())),
            11 => Fate::Portal,
            _ => Fate::CutAt(self.dice.below(parcel.size().max(1))),
        }
    }

    /// A device was given a document: it must be one it may see.
    pub(super) fn shown(&mut self, who: usize, what: &str, doc: &Doc) {
        let Some(scopes) = self.scopes.get(who) else {
            return;
        };
        if !takes_operations(&doc.target.kind) {
            return;
        }
        let visible = match hub::push::audience(doc) {
            Ok(audience) => !audience.is_disjoint(scopes),
            Err(_) => false,
        };
        if !visible {
            self.violations.push(format!(
                "I6: d{who} was given {:?} in {what}, which is in none of its feeds",
                doc.target
            ));
        }
    }

    /// The hub answered for an operation: whatever it said first stays true.
    pub(super) fn answered(&mut self, who: usize, result: &PushResult) {
        if let Some(doc) = &result.doc {
            self.shown(who, "a result", doc);
        }
        let Some(op) = result.op_id else { return };
        if result.outcome == Outcome::RetryLater {
            return;
        }
        let said = (result.outcome.clone(), result.rev);
        let first = self.answers.entry(op).or_insert_with(|| said.clone());
        if *first != said {
            self.violations.push(format!(
                "I2: operation {op} was answered {first:?} and later {said:?}"
            ));
        }
    }
}
