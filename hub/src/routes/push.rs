//! `POST /sync/v1/push`.

use axum::extract::State;
use serde_json::value::RawValue;
use shared::hub_api::{ErrorCode, FeedMove, Push, PushAnswer};

use crate::{
    answer::{self, Takes},
    app::Shared,
    auth::Caller,
    body::JsonBody,
    cursor, erase,
    error::{Answered, Failure},
    push::Incoming,
    store::{Batch, Moved, NewEpochRequired},
};

pub(super) async fn answer(
    State(app): State<Shared>,
    Caller(session): Caller,
    takes: Takes,
    JsonBody(push): JsonBody<Push<Box<RawValue>>>,
) -> Answered {
    let limits = app.config.limits;
    if push.ops.len() > limits.max_ops {
        return Err(Failure::new(
            ErrorCode::TooLarge,
            "too many operations in one push",
        ));
    }
    let ops = push.ops.into_iter();
    let batch = Batch {
        sent: push.sent,
        brief: push.brief,
        received_at: (app.config.clock)(),
        ops: ops
            .map(|raw| Incoming::read(Box::<str>::from(raw).into(), limits.max_op))
            .collect(),
    };
    let (brief, received_at, scopes) = (batch.brief, batch.received_at, session.scopes());
    let pushed = app
        .store
        .push(session, batch)
        .await?
        .map_err(|NewEpochRequired| {
            Failure::new(
                ErrorCode::NewEpochRequired,
                "another operation stands under this dev_seq; the device must take a new identity",
            )
        })?;
    fault::point("hub/push: committed, not answered");
    app.metrics.ops(&pushed.results);
    if pushed.erased {
        erase::finish(&app).await;
    }
    let mut answer = PushAnswer {
        results: pushed.results,
        received_at: None,
        moved: Vec::new(),
    };
    if brief {
        let epoch = app.store.identity().await?.epoch;
        let own = pushed
            .moved
            .into_iter()
            .filter(|it| scopes.contains(&it.scope));
        answer.received_at = Some(received_at);
        answer.moved = own.map(|moved| feed_move(&epoch, moved)).collect();
    }
    answer::packed_json(&answer, takes)
}

fn feed_move(epoch: &str, moved: Moved) -> FeedMove {
    FeedMove {
        cursor: cursor::write(epoch, &moved.scope, moved.seq, moved.horizon),
        scope: moved.scope,
        from: moved.from,
        seq: moved.seq,
        count: moved.count,
        sum: moved.sum,
    }
}
