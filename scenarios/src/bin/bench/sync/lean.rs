//! A device without a database: it speaks the protocol by the app's own code for HTTP and keeps
//! nothing, so that what is measured is the hub and the protocol.

use std::net::SocketAddr;

use anyhow::{Context as _, Result, ensure};
use client::sync::{Http, HubAddress, Remote as _};
use scenarios::link::{self, Stand};
use serde_json::Value;
use shared::{
    Author, CaseId, DeviceId, DocRef, Extra, OpId, Outcome, Role, Scope, StaffId, Timestamp,
    hub_api::{Enrol, Hello, Pull, Push},
    op::{Action, Addition, Op, SCHEMA},
    time::Observed,
};

/// What the hub takes in one push, and what a page has at most.
pub(super) const BATCH: usize = 500;

/// 2026-11-24T12:00:00Z.
const NOON_MS: i64 = 1_795_521_600_000;

/// A device of `staff`.
pub(super) struct Lean {
    remote: Http,
    staff: StaffId,
    sent: u64,
}

impl Lean {
    /// Enrols at the hub behind `address`.
    pub(super) async fn enrol(stand: &Stand, address: SocketAddr, staff: &str) -> Result<Self> {
        let address: HubAddress = format!("http://{address}").parse()?;
        let staff = StaffId::from(staff);
        let code = stand.hub().enrol(staff.clone()).await?.code;
        let enrol = Enrol {
            code,
            device: DeviceId::new(Timestamp::from_ms(NOON_MS), random()?),
            device_name: "bench".to_owned(),
            app_version: "0.1.0".to_owned(),
        };
        let enrolled = Http::new(address.clone(), None)?.enrol(&enrol).await?;
        Ok(Self {
            remote: Http::new(address, Some(&enrolled.token))?,
            staff,
            sent: 0,
        })
    }

    /// So many invented reports as operations of this device, each about 500 bytes of JSON.
    pub(super) fn reports(&self, count: u32) -> Result<Vec<Value>> {
        let from = u32::try_from(self.sent)?;
        let reports = link::reports(from, count)?;
        let ops = (self.sent + 1..).zip(reports).map(|(dev_seq, report)| {
            let scope = Scope::grid(&report.place.grid);
            let at = report.occurred_at;
            let target = DocRef::case(CaseId::new(at, random()?));
            let action = Action::Report(Box::new(report));
            self.op(dev_seq, (target, 0), scope, at, action)
        });
        ops.collect()
    }

    /// A few words about each of these cases, read as they were reported, as operations that come after what was sent.
    pub(super) fn supplements(&self, cases: &[(DocRef, Scope)]) -> Result<Vec<Value>> {
        let ops = (self.sent + 1..)
            .zip(cases)
            .map(|(dev_seq, (target, scope))| {
                let at = Timestamp::from_ms(NOON_MS + i64::try_from(dev_seq)? * 1_000);
                let action = Action::Supplement(Addition {
                    note: format!("现场又看了一次，第{dev_seq}回"),
                    ..Addition::default()
                });
                self.op(dev_seq, (target.clone(), 1), scope.clone(), at, action)
            });
        ops.collect()
    }

    fn op(
        &self,
        dev_seq: u64,
        (target, base_rev): (DocRef, u64),
        scope: Scope,
        at: Timestamp,
        action: Action,
    ) -> Result<Value> {
        Ok(serde_json::to_value(Op {
            op_id: OpId::new(at, random()?),
            dev_seq,
            target,
            base_rev,
            action,
            observed_at: observed(at),
            author: Author {
                staff: self.staff.clone(),
                role: Role::Worker,
                extra: Extra::default(),
            },
            scope,
            schema: SCHEMA,
            extra: Extra::default(),
        })?)
    }

    /// Sends all of it, in batches.
    pub(super) async fn push(&mut self, mut ops: Vec<Value>) -> Result<()> {
        while !ops.is_empty() {
            let rest = ops.split_off(ops.len().min(BATCH));
            let count = ops.len();
            let push = Push {
                sent: observed(Timestamp::from_ms(NOON_MS)),
                ops,
                brief: true,
            };
            let answer = self.remote.push(&push).await?;
            let taken = answer
                .results
                .iter()
                .filter(|it| matches!(it.outcome, Outcome::Applied | Outcome::Merged));
            ensure!(
                taken.count() == count,
                "the hub did not take every operation"
            );
            self.sent += u64::try_from(count)?;
            ops = rest;
        }
        Ok(())
    }

    /// Reads a feed from its beginning to its end, and says how many items there were.
    pub(super) async fn pull(&self, scope: &Scope) -> Result<usize> {
        let (mut cursor, mut items) = (String::new(), 0);
        loop {
            let pull = Pull {
                scope: scope.clone(),
                cursor,
                limit: BATCH,
            };
            let page = self.remote.pull(&pull).await?;
            items += page.items.len();
            if !page.more {
                return Ok(items);
            }
            cursor = page.cursor;
        }
    }

    /// Asks how things stand.
    pub(super) async fn hello(&self) -> Result<()> {
        let clocks = observed(Timestamp::from_ms(NOON_MS + 61_000));
        self.remote.hello(&Hello::at(clocks)).await?;
        Ok(())
    }
}

/// What these operations are about, and where.
pub(super) fn targets(ops: &[Value]) -> Result<Vec<(DocRef, Scope)>> {
    let read = |op: &Value| -> Result<(DocRef, Scope)> {
        let field = |name| op.get(name).cloned().context("an operation has it");
        Ok((
            serde_json::from_value(field("target")?)?,
            serde_json::from_value(field("scope")?)?,
        ))
    };
    ops.iter().map(read).collect()
}

fn observed(wall: Timestamp) -> Observed {
    Observed {
        wall,
        mono: wall.as_ms() - NOON_MS,
        boot: "bench".to_owned(),
    }
}

fn random() -> Result<[u8; 10]> {
    let mut bytes = [0; 10];
    getrandom::fill(&mut bytes)?;
    Ok(bytes)
}
