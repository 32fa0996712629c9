//! `GET /sync/v1/pull`.

use axum::{
    extract::{Query, State},
    http::Uri,
};
use shared::hub_api::{ErrorCode, Pull, PullAnswer};

use crate::{
    answer::{self, Takes},
    app::Shared,
    auth::Caller,
    cursor,
    error::{Answered, Failure},
    store::PageRequest,
};

/// The most items of a page, whatever the device asks for.
const ITEMS_MAX: usize = 1_000;

/// The most bytes of documents in a page.
const BYTES_MAX: usize = 256 * 1024;

pub(super) async fn answer(
    State(app): State<Shared>,
    Caller(session): Caller,
    takes: Takes,
    uri: Uri,
) -> Answered {
    let Query(pull) = Query::<Pull>::try_from_uri(&uri).map_err(|_quotes_the_query| {
        Failure::new(
            ErrorCode::Malformed,
            "the query must have scope and limit, and may have cursor",
        )
    })?;
    if !session.scopes().contains(&pull.scope) {
        return Err(Failure::new(
            ErrorCode::Forbidden,
            "this feed is not for this device",
        ));
    }
    // Not as of the start: the operator may renew it beside the running hub.
    let epoch = app.store.identity().await?.epoch;
    let gone = || {
        Failure::new(
            ErrorCode::CursorGone,
            "the hub doesn't know this cursor; pull this feed from the beginning",
        )
    };
    let position = cursor::read(&pull.cursor, &epoch, &pull.scope).ok_or_else(gone)?;
    let request = PageRequest {
        scope: pull.scope.clone(),
        after: position.seq(),
        limit: pull.limit.clamp(1, ITEMS_MAX),
        bytes: BYTES_MAX,
    };
    let page = app.store.pull(request).await?;
    if position.seq() > page.head || position.is_before(page.horizon) {
        return Err(gone());
    }
    let answer = PullAnswer {
        items: page.items,
        cursor: cursor::write(&epoch, &pull.scope, page.seq, page.horizon),
        more: page.seq < page.head,
        count: page.count,
        sum: page.sum,
    };
    answer::packed_json(&answer, takes)
}
