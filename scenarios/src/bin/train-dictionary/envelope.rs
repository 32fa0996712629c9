//! What is around the messages about anything: who, when and where, operations on their way up,
//! the answers to them, the pages that bring documents down, and the hello before all that.

use anyhow::Result;
use packing::Dictionary;
use serde::Serialize;
use shared::{
    Action, Author, Digest, Doc, DocRef, Extra, GridCode, Op, OpId, Outcome, PhotoRef, Position,
    Role, Scope, StaffId, Timestamp,
    hub_api::{
        BRIEF, Brief, FeedItem, FeedMove, HelloAnswer, PROTOCOL, ProtocolRange, PullAnswer, Push,
        PushAnswer, PushResult, ScopeHead, StaffCard,
    },
    op::SCHEMA,
    photo::PhotoKind,
    time::Observed,
};

use super::chance::Chance;

/// 2026-01-01; messages of the next ten years begin with other digits, and lose little by that.
const FIRST_MS: i64 = 1_767_196_800_000;
const YEARS_MS: u64 = 3 * 365 * 24 * 3_600_000;

/// A person of some city.
pub(crate) struct Person {
    pub(crate) staff: StaffId,
    pub(crate) role: Role,
    pub(crate) grid: GridCode,
}

/// An operation, and what the hub makes of it.
pub(crate) struct Done {
    pub(crate) op: Op,
    pub(crate) after: Doc,
    pub(crate) outcome: Outcome,
}

pub(crate) fn json<T: Serialize>(message: &T) -> Result<Vec<u8>> {
    Ok(serde_json::to_vec(message)?)
}

pub(crate) fn time(chance: &mut Chance) -> Timestamp {
    let since = i64::try_from(chance.below(YEARS_MS)).unwrap_or(0);
    Timestamp::from_ms(FIRST_MS + since)
}

pub(crate) fn person(chance: &mut Chance, role: Role) -> Person {
    let letter = if role == Role::Worker { "w" } else { "c" };
    Person {
        staff: StaffId::from(format!("{letter}-{}", chance.digits(4)).as_str()),
        role,
        grid: GridCode::from(chance.digits(15).as_str()),
    }
}

pub(crate) fn observed(chance: &mut Chance, wall: Timestamp) -> Observed {
    Observed {
        wall,
        mono: i64::try_from(chance.below(90_000_000)).unwrap_or(0),
        boot: hex::encode(chance.bytes::<16>()),
    }
}

/// Something a person did at a time; `observe` says how the device's clocks stood then.
pub(crate) fn op(
    chance: &mut Chance,
    (by, dev_seq): (&Person, u64),
    (target, base_rev): (DocRef, u64),
    action: Action,
    at: Timestamp,
    observe: impl FnOnce(&mut Chance, Timestamp) -> Observed,
) -> Op {
    Op {
        op_id: OpId::new(at, chance.bytes()),
        dev_seq,
        target,
        base_rev,
        action,
        observed_at: observe(chance, at),
        author: Author {
            staff: by.staff.clone(),
            role: by.role,
            extra: Extra::default(),
        },
        scope: Scope::grid(&by.grid),
        schema: SCHEMA,
        extra: Extra::default(),
    }
}

#[expect(clippy::cast_precision_loss, reason = "a number to invent")]
pub(crate) fn decimal(chance: &mut Chance, millionths: u64) -> f64 {
    chance.below(millionths) as f64 / 1e6
}

pub(crate) fn round(degrees: f64) -> f64 {
    (degrees * 1e6).round() / 1e6
}

/// A point in China or beside it, as a device gives it.
pub(crate) fn position(chance: &mut Chance) -> Option<Position> {
    let lng = 73.0 + decimal(chance, 62_000_000);
    let lat = 18.0 + decimal(chance, 35_000_000);
    Position::new(round(lng), round(lat)).ok()
}

pub(crate) fn address(chance: &mut Chance) -> String {
    let street = chance.words(3);
    format!(
        "{street}路{}号{}幢{}单元",
        chance.below(400),
        chance.below(40),
        chance.below(5)
    )
}

pub(crate) fn photos(chance: &mut Chance) -> Vec<PhotoRef> {
    let count = chance.below(4).saturating_sub(1);
    (0..count)
        .map(|_| PhotoRef {
            digest: Digest::from_bytes(chance.bytes()),
            thumb: Digest::from_bytes(chance.bytes()),
            kind: if chance.percent(50) {
                PhotoKind::Near
            } else {
                PhotoKind::Far
            },
            bytes: 100_000 + chance.below(300_000),
            thumb_bytes: 5_000 + chance.below(9_000),
            width: 1_920,
            height: 1_440,
            taken_at: chance.percent(60).then(|| time(chance)),
            position: None,
            extra: Extra::default(),
        })
        .collect()
}

/// Operations on their way up.
pub(crate) fn push<'a>(sent: &Observed, ops: impl IntoIterator<Item = &'a Op>) -> Result<Vec<u8>> {
    let ops: serde_json::Result<_> = ops.into_iter().map(serde_json::to_value).collect();
    json(&Push {
        sent: sent.clone(),
        ops: ops?,
        brief: true,
    })
}

/// What the hub says to them; `feeds` are those they move.
pub(crate) fn answer(
    chance: &mut Chance,
    feeds: impl IntoIterator<Item = Scope>,
    done: &[Done],
    received_at: Timestamp,
) -> Result<Vec<u8>> {
    let brief = chance.percent(70);
    let moved = feeds.into_iter().map(|scope| {
        let from = chance.below(9_000);
        FeedMove {
            cursor: cursor(chance, from + 1),
            scope,
            from,
            seq: from + 1,
            count: chance.below(9_000),
            sum: chance.next(),
        }
    });
    let moved = if brief { moved.collect() } else { Vec::new() };
    let results: Result<_> = done.iter().map(|it| result(it, brief)).collect();
    json(&PushAnswer {
        results: results?,
        received_at: brief.then_some(received_at),
        moved,
    })
}

fn result(done: &Done, brief: bool) -> Result<PushResult> {
    let after = &done.after;
    let case_no = after.body.pointer("/known/case_no");
    let case_no = case_no.and_then(|it| it.as_str()).map(str::to_owned);
    Ok(PushResult {
        op_id: Some(done.op.op_id),
        outcome: done.outcome.clone(),
        rev: after.rev,
        doc: (!brief).then(|| after.clone()),
        brief: if brief {
            Some(Brief {
                sum: after.sum()?,
                case_no: case_no.filter(|_| after.rev == 1),
                first: None,
            })
        } else {
            None
        },
    })
}

fn cursor(chance: &mut Chance, seq: u64) -> String {
    format!("{seq}.{:016x}", chance.next())
}

/// A page with these documents, and now and then one that left.
pub(crate) fn page(
    chance: &mut Chance,
    docs: impl IntoIterator<Item = Doc>,
    left: impl FnOnce(&mut Chance) -> DocRef,
) -> Result<Vec<u8>> {
    let mut seq = 1 + chance.below(9_000);
    let mut items = Vec::new();
    for doc in docs {
        items.push(FeedItem::Doc { seq, doc });
        seq += 1 + chance.below(3);
    }
    if chance.percent(20) {
        let target = left(chance);
        items.push(FeedItem::Left { seq, target });
    }
    json(&PullAnswer {
        items,
        cursor: cursor(chance, seq),
        more: chance.percent(20),
        count: chance.below(9_000),
        sum: chance.next(),
    })
}

/// A hello to somebody, packed with this dictionary.
pub(crate) fn hello(chance: &mut Chance, of: &Person, packed: Dictionary) -> Result<Vec<u8>> {
    let others = Dictionary::ALL.into_iter().filter(|it| *it < packed);
    let feeds = [
        Scope::city(),
        Scope::grid(&of.grid),
        Scope::staff(&of.staff),
    ];
    json(&HelloAnswer {
        protocol: ProtocolRange {
            min: PROTOCOL,
            max: PROTOCOL,
        },
        features: [BRIEF, "photos.tus", "zstd"].map(str::to_owned).to_vec(),
        hub_id: hex::encode(chance.bytes::<16>()),
        hub_name: chance.words(3),
        epoch: hex::encode(chance.bytes::<16>()),
        server_time: time(chance),
        limits: hub::Config::new("").limits,
        scopes: feeds
            .into_iter()
            .map(|scope| ScopeHead {
                scope,
                seq: chance.below(9_000),
            })
            .collect(),
        last_dev_seq: chance.below(5_000),
        staff: StaffCard {
            id: of.staff.clone(),
            name: chance.words(3),
            name_en: String::new(),
            badge_no: chance.digits(4),
            roles: vec![of.role],
            grids: vec![of.grid.clone()],
            permissions: [].into(),
        },
        dictionaries: others.map(|it| it.digest().to_owned()).collect(),
    })
}
