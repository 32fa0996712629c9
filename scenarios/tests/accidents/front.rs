//! What stands between devices and the hub, and does to their requests what networks do.

use std::{
    net::SocketAddr,
    sync::{Arc, Mutex},
};

use axum::{
    body::{Body, Bytes, to_bytes},
    extract::{Request, State},
    http::{StatusCode, request::Parts},
    middleware::{self, Next},
    response::{IntoResponse as _, Response},
};
use futures_util::future::join_all;
use scenarios::world::{World, serve};
use tower::ServiceExt as _;

/// A push, as it came.
type Push = (Parts, Bytes);

async fn whole(request: Request) -> Push {
    let (parts, body) = request.into_parts();
    (parts, to_bytes(body, usize::MAX).await.unwrap())
}

fn is_push(request: &Request) -> bool {
    request.uri().path() == "/sync/v1/push"
}

/// Each push arrives so often, all at once; the last answer is passed on.
pub(crate) async fn repeating(world: &World, times: usize) -> SocketAddr {
    let layer = middleware::from_fn_with_state(times, repeat);
    serve(world.hub().router().layer(layer)).await.unwrap()
}

async fn repeat(State(times): State<usize>, request: Request, next: Next) -> Response {
    if !is_push(&request) {
        return next.run(request).await;
    }
    let (parts, body) = whole(request).await;
    let equal = (0..times).map(|_| {
        let again = Request::from_parts(parts.clone(), Body::from(body.clone()));
        next.clone().run(again)
    });
    join_all(equal).await.pop().unwrap()
}

/// Pushes that are on their way for long.
#[derive(Debug, Clone, Default)]
pub(crate) struct Slow {
    held: Arc<Mutex<Option<Vec<Push>>>>,
}

impl Slow {
    /// In front of the world's hub.
    pub(crate) async fn before(world: &World) -> (Self, SocketAddr) {
        let slow = Self::default();
        let hold = async |State(slow): State<Self>, request: Request, next: Next| -> Response {
            if !is_push(&request) || slow.held.lock().unwrap().is_none() {
                return next.run(request).await;
            }
            let push = whole(request).await;
            if let Some(held) = slow.held.lock().unwrap().as_mut() {
                held.push(push);
            }
            // What a gateway says that waited for long enough.
            StatusCode::GATEWAY_TIMEOUT.into_response()
        };
        let layer = middleware::from_fn_with_state(slow.clone(), hold);
        let address = serve(world.hub().router().layer(layer)).await.unwrap();
        (slow, address)
    }

    /// From now on whoever pushes gives up waiting before the push arrives.
    pub(crate) fn holds(&self) {
        *self.held.lock().unwrap() = Some(Vec::new());
    }

    /// What was under way arrives in this order, and what comes now at once.
    pub(crate) async fn lets_go(&self, world: &World, order: &[usize]) {
        let held = self.held.lock().unwrap().take().unwrap();
        assert_eq!(held.len(), order.len(), "so many were under way");
        for nth in order {
            let (parts, body) = held[*nth].clone();
            let late = Request::from_parts(parts, Body::from(body));
            let answer = world.hub().router().oneshot(late).await.unwrap();
            let status = answer.status();
            assert!(!status.is_server_error(), "{status}");
        }
    }
}

/// Every order of so many.
pub(crate) fn orders(of: usize) -> Vec<Vec<usize>> {
    if of == 0 {
        return vec![Vec::new()];
    }
    let mut all = Vec::new();
    for shorter in orders(of - 1) {
        for at in 0..of {
            let mut order = shorter.clone();
            order.insert(at, of - 1);
            all.push(order);
        }
    }
    all
}
