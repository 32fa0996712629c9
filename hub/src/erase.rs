//! Erasing by the hub itself: what an operator was asked for, and records whose form says how long they
//! are kept.

use std::{collections::BTreeMap, time::Duration};

use serde::Deserialize as _;
use serde_json::Value;
use shared::{
    Body, Doc, DocRef, Kind, OpId, Scope, Timestamp, erase::Why, form::FormDoc, record::Record,
};
use uuid::Uuid;

use crate::{
    Error, Hub,
    app::{App, Shared},
    export::each,
    store::{DueRequest, Erasures},
};

/// How often `serve` looks for records whose time is over.
const EVERY: Duration = Duration::from_hours(24);

/// Records erased in one transaction.
const BATCH: usize = 200;

impl Hub {
    /// Erases a resident with all records about them, or a record with its corrections; gives how many
    /// documents that were.
    pub async fn erase(&self, target: DocRef, reason: &str) -> Result<u64, Error> {
        let app = &self.app;
        let now = (app.config.clock)();
        let erasures = Erasures {
            targets: vec![(target, op_id(now)?)],
            why: Why::Request,
            reason: reason.to_owned(),
            along: true,
            now,
        };
        let erased = app.store.erase(erasures).await?;
        if erased == 0 {
            return Err(Error::NothingToErase);
        }
        finish(app).await;
        Ok(erased)
    }

    /// Erases the records whose time is over by the hub's clock; gives how many. `serve` does it when it
    /// starts and then each day.
    pub async fn erase_due(&self) -> Result<u64, Error> {
        erase_due(&self.app).await
    }
}

pub(crate) async fn erase_for_ever(app: Shared) {
    let mut every = tokio::time::interval(EVERY);
    loop {
        every.tick().await;
        match erase_due(&app).await {
            Ok(0) => {}
            Ok(erased) => tracing::info!(erased, "records whose time is over were erased"),
            Err(error) => tracing::warn!(%error, "records could not be erased"),
        }
    }
}

/// What was erased is gone from the tables; now from what is beside them. What fails here is done by
/// the next one, or by the hourly sweep.
pub(crate) async fn finish(app: &App) {
    if let Err(error) = app.store.erase_traces().await {
        tracing::warn!(%error, "the database's log could not be emptied");
    }
    if let Err(failure) = app.photos.remove_erased(&app.config).await {
        tracing::warn!(code = ?failure.code(), "erased photos could not be removed");
    }
}

async fn erase_due(app: &App) -> Result<u64, Error> {
    let now = (app.config.clock)();
    let mut erased = 0;
    for (form, days) in kept_for(app).await? {
        let mut after = None;
        loop {
            let request = DueRequest {
                form,
                before: now.plus_days(-days).plus_ms(1),
                after,
                limit: BATCH,
            };
            let found = app.store.due(request).await?;
            let Some(last) = found.last() else { break };
            after = Some(last.target.id);
            let due = found.iter().filter(|doc| is_due(doc, form, days, now));
            let targets: Vec<_> = due
                .map(|doc| Ok((doc.target.clone(), op_id(now)?)))
                .collect::<Result<_, Error>>()?;
            if targets.is_empty() {
                continue;
            }
            let erasures = Erasures {
                targets,
                why: Why::Retention,
                reason: String::new(),
                // A correction has a time of its own.
                along: false,
                now,
            };
            erased += app.store.erase(erasures).await?;
        }
    }
    if erased > 0 {
        finish(app).await;
    }
    Ok(erased)
}

/// The versions of forms that say for how many days their records are kept.
async fn kept_for(app: &App) -> Result<BTreeMap<Uuid, i64>, Error> {
    let mut kept = BTreeMap::new();
    each::<Error>(app, &Scope::city(), |doc| {
        if doc.target.kind == Kind::form()
            && let Ok(read) = FormDoc::deserialize(&doc.body)
            && let Some(days) = read.form.get("retention_days").and_then(Value::as_i64)
            && days > 0
        {
            kept.insert(doc.target.id, days);
        }
        Ok(())
    })
    .await?;
    Ok(kept)
}

fn is_due(doc: &Doc, form: Uuid, days: i64, now: Timestamp) -> bool {
    let Ok(Some(Body::Record(record))) = doc.body() else {
        return false;
    };
    record.filled.form.doc == form && kept_from(&record).plus_days(days) <= now
}

/// Its days count from when it was filled in, and not before the hub had it: a device's clock alone
/// erases nothing.
fn kept_from(record: &Record) -> Timestamp {
    let signed = &record.recorded;
    signed.received_at.map_or(signed.at, |it| it.max(signed.at))
}

fn op_id(now: Timestamp) -> Result<OpId, Error> {
    let mut random = [0; 10];
    getrandom::fill(&mut random)?;
    Ok(OpId::new(now, random))
}
