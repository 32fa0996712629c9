//! What goes over the wire about the register, between real devices and a real hub, is packed with the
//! dictionary that was trained for it, and the smaller for it. `--nocapture` tells the figures of
//! docs/adr/0012-a-trained-dictionary.md.
#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

use std::{
    net::SocketAddr,
    sync::{Arc, Mutex},
};

use axum::{
    body::{Body, Bytes, to_bytes},
    extract::{Request, State},
    middleware::{self, Next},
    response::Response,
};
use packing::{Dictionaries, Dictionary};
use scenarios::{
    sample_city::register::{enter, set},
    world::{Device, VACCINATED, VACCINATION, World, meet, serve},
};
use serde_json::Value;
use shared::{
    ipc::{ChangeEntry, ConfirmDoor},
    register::EntryKind,
};

const PUSH: &str = "/sync/v1/push";
const PULL: &str = "/sync/v1/pull";

/// Bodies as they went over the wire, with the path they were for.
type Recording = Arc<Mutex<Vec<(String, Bytes)>>>;

async fn record(State(recording): State<Recording>, request: Request, next: Next) -> Response {
    let (parts, body) = request.into_parts();
    let path = parts.uri.path().to_owned();
    let sent = to_bytes(body, usize::MAX).await.unwrap();
    let response = next
        .run(Request::from_parts(parts, Body::from(sent.clone())))
        .await;
    let (parts, body) = response.into_parts();
    let told = to_bytes(body, usize::MAX).await.unwrap();
    let both = [(path.clone(), sent), (path, told.clone())];
    recording.lock().unwrap().extend(both);
    Response::from_parts(parts, Body::from(told))
}

async fn recorder(world: &World) -> (SocketAddr, Recording) {
    let recording = Recording::default();
    let layer = middleware::from_fn_with_state(Arc::clone(&recording), record);
    let address = serve(world.hub().router().layer(layer)).await.unwrap();
    (address, recording)
}

/// The packed bodies of a push, its answer, and the page that brought it to a colleague.
fn bodies(recording: &Recording) -> [Bytes; 3] {
    let seen = std::mem::take(&mut *recording.lock().unwrap());
    let of = |path: &str| {
        let bodies = seen
            .iter()
            .filter(|(of, body)| of == path && !body.is_empty());
        bodies.map(|(_, body)| body.clone()).collect::<Vec<_>>()
    };
    let [push, answer] = of(PUSH).try_into().unwrap();
    let has_items = |body: &Bytes| {
        let page: Value = serde_json::from_slice(&plain(body)).unwrap();
        page.get("items")
            .unwrap()
            .as_array()
            .is_some_and(|it| !it.is_empty())
    };
    let [page] = of(PULL)
        .into_iter()
        .filter(has_items)
        .collect::<Vec<_>>()
        .try_into()
        .unwrap();
    [push, answer, page]
}

fn plain(body: &Bytes) -> Vec<u8> {
    packing::unpack(body, usize::MAX).unwrap_or_else(|_| body.to_vec())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_said_about_the_register_is_a_seventh_smaller_with_its_dictionary() {
    let world = World::new().await.unwrap();
    world.loads_form(VACCINATION, "vaccination").await.unwrap();
    let (front, recording) = recorder(&world).await;
    let worker = world.device_by("w-0101", front).await.unwrap();
    let clerk = world.device_by("c-01", front).await.unwrap();
    let entered = enter(clerk.client(), &Device::grid(), 1).await.unwrap();
    clerk.syncs_until_delivered(5).await.unwrap();
    meet(&[&worker, &clerk]).await.unwrap();
    let (door, resident) = (
        *entered.dwellings.first().unwrap(),
        *entered.residents.first().unwrap(),
    );
    let mut figures = Vec::new();
    let mut heard = async |what: &str| {
        recording.lock().unwrap().clear();
        worker.syncs_until_delivered(1).await.unwrap();
        clerk.syncs().await.unwrap();
        figures.push((what.to_owned(), bodies(&recording)));
    };

    let change = ChangeEntry {
        kind: EntryKind::Resident,
        entry: resident,
        set: set(&[("phone", "13800004321")]),
    };
    worker.client().change_entry(change).await.unwrap();
    heard("a change of a resident").await;
    let view = worker.begins_form().await.unwrap();
    worker.answers(&view, &VACCINATED).await.unwrap();
    worker.finishes(view).await.unwrap();
    heard("a record of four answers").await;
    let confirm = ConfirmDoor { dwelling: door };
    worker.client().confirm_door(confirm).await.unwrap();
    heard("nothing new at a door").await;

    let only_cases = Dictionaries::from_iter([Dictionary::Cases]);
    for (what, bodies) in figures {
        let sizes = |has: Dictionaries| {
            let each = bodies.each_ref().map(plain);
            each.map(|body| packing::pack(&body, has).unwrap().len())
        };
        let (before, now) = (sizes(only_cases), sizes(Dictionaries::ALL));
        let without = sizes(Dictionaries::NONE);
        println!(
            "{what}: push, answer, page {without:?} with none, {before:?} with that for cases, {now:?}"
        );
        assert_eq!(
            bodies.each_ref().map(Bytes::len),
            now,
            "{what}, as it went over the wire"
        );
        let [_, _, page] = &bodies;
        assert_eq!(
            Dictionary::of_frame(page),
            Some(Dictionary::Register),
            "{what}"
        );
        let [before, now] = [before, now].map(|it| it.iter().sum::<usize>());
        assert!(now * 7 <= before * 6, "{what}: {now} against {before}");
    }
}
