//! The messages about a case: its operations up, the answers to them, the pages that bring it down,
//! and the hello before all that.

use anyhow::{Context as _, Result};
use serde::Serialize;
use shared::{
    Action, Author, CaseId, CategoryCode, Digest, Doc, DocRef, Extra, GridCode, Op, OpId, Outcome,
    PhotoRef, Place, PlaceSource, Position, Role, Scope, StaffId, Timestamp,
    apply::{Stamp, apply},
    case::Urgency,
    hub_api::{
        BRIEF, Brief, FeedItem, FeedMove, HelloAnswer, PROTOCOL, ProtocolRange, PullAnswer, Push,
        PushAnswer, PushResult, ScopeHead, StaffCard,
    },
    op::{Addition, Amendment, Correction, Report, SCHEMA},
    pack::{Limit, LimitKind},
    photo::PhotoKind,
    time::Observed,
};

use super::chance::Chance;

/// 2026-01-01; messages of the next ten years begin with other digits, and lose little by that.
const FIRST_MS: i64 = 1_767_196_800_000;
const YEARS_MS: u64 = 3 * 365 * 24 * 3_600_000;

/// A person of some city.
struct Person {
    staff: StaffId,
    role: Role,
    grid: GridCode,
}

/// What is sent about one case, as JSON.
pub(crate) fn of_a_case(chance: &mut Chance) -> Result<Vec<Vec<u8>>> {
    let worker = person(chance, Role::Worker);
    let mut clerk = person(chance, Role::Clerk);
    clerk.grid = worker.grid.clone();
    let case = CaseId::new(time(chance), chance.bytes());
    let mut messages = vec![hello(chance, &worker)?];
    let (mut doc, mut dev_seq) = (None, 1 + chance.below(5_000));
    for turn in 0..=chance.below(4) {
        let by = if turn > 0 && chance.percent(40) {
            &clerk
        } else {
            &worker
        };
        let rev = doc.as_ref().map_or(0, |doc: &Doc| doc.rev);
        let action = if turn == 0 {
            Action::Report(Box::new(report(chance, &worker.grid)))
        } else {
            later(chance, by)?
        };
        let op = op(chance, (by, dev_seq), (case, rev), action);
        dev_seq += 1;
        let sent = observed(chance, op.observed_at.wall);
        let received_at = sent.wall;
        let case_no = format!(
            "{}-2026{}-{}",
            chance.digits(6),
            chance.digits(4),
            chance.digits(4)
        );
        let stamp = Stamp::Hub {
            received_at,
            sent: &sent,
            case_no: &case_no,
            against: None,
        };
        let applied = apply(doc.as_ref(), &op, &stamp);
        doc = applied.doc.or(doc);
        let after = doc.as_ref().context("an operation makes a document")?;
        messages.push(json(&Push {
            sent,
            ops: vec![serde_json::to_value(&op)?],
            brief: true,
        })?);
        let brief = chance.percent(70);
        messages.push(json(&answer(
            chance,
            &op,
            (after, applied.outcome),
            received_at,
            brief,
        )?)?);
    }
    let doc = doc.context("the report makes a document")?;
    messages.push(json(&page(chance, doc))?);
    Ok(messages)
}

fn json<T: Serialize>(message: &T) -> Result<Vec<u8>> {
    Ok(serde_json::to_vec(message)?)
}

fn time(chance: &mut Chance) -> Timestamp {
    let since = i64::try_from(chance.below(YEARS_MS)).unwrap_or(0);
    Timestamp::from_ms(FIRST_MS + since)
}

fn person(chance: &mut Chance, role: Role) -> Person {
    let letter = if role == Role::Worker { "w" } else { "c" };
    Person {
        staff: StaffId::from(format!("{letter}-{}", chance.digits(4)).as_str()),
        role,
        grid: GridCode::from(chance.digits(15).as_str()),
    }
}

fn observed(chance: &mut Chance, wall: Timestamp) -> Observed {
    Observed {
        wall,
        mono: i64::try_from(chance.below(90_000_000)).unwrap_or(0),
        boot: hex::encode(chance.bytes::<16>()),
    }
}

fn op(
    chance: &mut Chance,
    (by, dev_seq): (&Person, u64),
    (case, base_rev): (CaseId, u64),
    action: Action,
) -> Op {
    let at = time(chance);
    Op {
        op_id: OpId::new(at, chance.bytes()),
        dev_seq,
        target: DocRef::case(case),
        base_rev,
        action,
        observed_at: observed(chance, at),
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

fn category(chance: &mut Chance) -> CategoryCode {
    let kind = if chance.percent(50) { "E" } else { "C" };
    CategoryCode::from(format!("{kind}0{}", chance.digits(3)).as_str())
}

fn place(chance: &mut Chance, grid: &GridCode) -> Place {
    let lng = 73.0 + decimal(chance, 62_000_000);
    let lat = 18.0 + decimal(chance, 35_000_000);
    Place {
        position: Position::new(round(lng), round(lat)).ok(),
        accuracy_m: Some(round(decimal(chance, 300_000_000) / 10.0)),
        source: match chance.below(4) {
            0 => PlaceSource::Address,
            1 => PlaceSource::Typed,
            _ => PlaceSource::Device,
        },
        address: {
            let street = chance.words(3);
            format!(
                "{street}路{}号{}幢{}单元",
                chance.below(400),
                chance.below(40),
                chance.below(5)
            )
        },
        grid: grid.clone(),
        in_own_grid: chance.percent(90),
        extra: Extra::default(),
    }
}

#[expect(clippy::cast_precision_loss, reason = "a number to invent")]
fn decimal(chance: &mut Chance, millionths: u64) -> f64 {
    chance.below(millionths) as f64 / 1e6
}

fn round(degrees: f64) -> f64 {
    (degrees * 1e6).round() / 1e6
}

fn photos(chance: &mut Chance) -> Vec<PhotoRef> {
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

fn report(chance: &mut Chance, grid: &GridCode) -> Report {
    let words = 5 + chance.below(30);
    Report {
        category: chance.percent(85).then(|| category(chance)),
        description: chance.words(words),
        occurred_at: time(chance),
        place: place(chance, grid),
        urgency: match chance.below(10) {
            0 => Urgency::Critical,
            1 | 2 => Urgency::Urgent,
            _ => Urgency::Normal,
        },
        photos: photos(chance),
        handled: None,
        extra: Extra::default(),
    }
}

fn addition(chance: &mut Chance) -> Addition {
    let words = 2 + chance.below(12);
    Addition {
        note: chance.words(words),
        photos: photos(chance),
        extra: Extra::default(),
    }
}

/// What may follow a report.
fn later(chance: &mut Chance, by: &Person) -> Result<Action> {
    let reason = chance.words(8);
    let done = match (by.role, chance.below(4)) {
        (Role::Clerk, 0) => Action::Reject(reason.into()),
        (Role::Clerk, _) => Action::Register(shared::op::Registering {
            category: category(chance),
            condition: chance.digits(1),
            limit: limit(chance)?,
            opinion: String::new(),
            extra: Extra::default(),
        }),
        (_, 0) => Action::PlusOne(addition(chance)),
        (_, 1) => Action::Amend(Amendment {
            knew: vec![OpId::new(time(chance), chance.bytes())],
            to: vec![Correction::Description(chance.words(12)).into()],
            extra: Extra::default(),
        }),
        (_, 2) if chance.percent(40) => Action::Withdraw(reason.into()),
        _ => Action::Supplement(addition(chance)),
    };
    Ok(done)
}

fn limit(chance: &mut Chance) -> Result<Limit> {
    let kinds = [
        LimitKind::UrgentHour,
        LimitKind::WorkHour,
        LimitKind::WorkDay,
    ];
    Ok(Limit {
        value: u32::try_from(1 + chance.below(24))?,
        kind: *chance.one(&kinds).context("there are kinds")?,
    })
}

fn answer(
    chance: &mut Chance,
    op: &Op,
    (after, outcome): (&Doc, Outcome),
    received_at: Timestamp,
    brief: bool,
) -> Result<PushAnswer> {
    let case_no = after.body.pointer("/known/case_no");
    let case_no = case_no.and_then(|it| it.as_str()).map(str::to_owned);
    let feeds = [Scope::staff(&op.author.staff), op.scope.clone()];
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
    Ok(PushAnswer {
        results: vec![PushResult {
            op_id: Some(op.op_id),
            outcome,
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
        }],
        received_at: brief.then_some(received_at),
        moved: if brief { moved.collect() } else { Vec::new() },
    })
}

fn cursor(chance: &mut Chance, seq: u64) -> String {
    format!("{seq}.{:016x}", chance.next())
}

fn page(chance: &mut Chance, doc: Doc) -> PullAnswer {
    let seq = 1 + chance.below(9_000);
    let mut items = vec![FeedItem::Doc { seq, doc }];
    if chance.percent(20) {
        items.push(FeedItem::Left {
            seq: seq + 1,
            target: DocRef::case(CaseId::new(time(chance), chance.bytes())),
        });
    }
    PullAnswer {
        items,
        cursor: cursor(chance, seq),
        more: chance.percent(20),
        count: chance.below(9_000),
        sum: chance.next(),
    }
}

fn hello(chance: &mut Chance, of: &Person) -> Result<Vec<u8>> {
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
        dictionaries: Vec::new(),
    })
}
