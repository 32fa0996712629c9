//! The messages about a case.

use anyhow::{Context as _, Result};
use packing::Dictionary;
use shared::{
    Action, CaseId, CategoryCode, Doc, DocRef, Extra, GridCode, OpId, Place, PlaceSource, Role,
    Scope,
    apply::{Stamp, apply},
    case::Urgency,
    op::{Addition, Amendment, Correction, Report},
    pack::{Limit, LimitKind},
};

use super::{
    chance::Chance,
    envelope::{
        Done, Person, address, answer, decimal, hello, observed, op, page, person, photos,
        position, push, round, time,
    },
};

/// What is sent about one case, as JSON.
pub(crate) fn of_a_case(chance: &mut Chance) -> Result<Vec<Vec<u8>>> {
    let worker = person(chance, Role::Worker);
    let mut clerk = person(chance, Role::Clerk);
    clerk.grid = worker.grid.clone();
    let case = CaseId::new(time(chance), chance.bytes());
    let mut messages = vec![hello(chance, &worker, Dictionary::Cases)?];
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
        let (target, at) = (DocRef::case(case), time(chance));
        let op = op(chance, (by, dev_seq), (target, rev), action, at, observed);
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
        let after = doc.clone().context("an operation makes a document")?;
        messages.push(push(&sent, [&op])?);
        let feeds = [Scope::staff(&op.author.staff), op.scope.clone()];
        let outcome = applied.outcome;
        let done = [Done { op, after, outcome }];
        messages.push(answer(chance, feeds, &done, received_at)?);
    }
    let left = |chance: &mut Chance| DocRef::case(CaseId::new(time(chance), chance.bytes()));
    messages.push(page(chance, doc, left)?);
    Ok(messages)
}

fn category(chance: &mut Chance) -> CategoryCode {
    let kind = if chance.percent(50) { "E" } else { "C" };
    CategoryCode::from(format!("{kind}0{}", chance.digits(3)).as_str())
}

fn place(chance: &mut Chance, grid: &GridCode) -> Place {
    Place {
        position: position(chance),
        accuracy_m: Some(round(decimal(chance, 300_000_000) / 10.0)),
        source: match chance.below(4) {
            0 => PlaceSource::Address,
            1 => PlaceSource::Typed,
            _ => PlaceSource::Device,
        },
        address: address(chance),
        grid: grid.clone(),
        in_own_grid: chance.percent(90),
        extra: Extra::default(),
    }
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
