//! A round need not wait for its time when the device says that the network is back, or when somebody
//! looks at the app again: while a tablet slept, nothing was tried.

use leptos::{ev, prelude::*, task::spawn_local};
use shared::ipc::NetworkIsBack;

use crate::ipc;

/// Tells the core, as long as the app is there.
pub(crate) fn listen() {
    let online = window_event_listener(ev::online, |_| tell());
    let seen = window_event_listener(ev::visibilitychange, |_| {
        if !document().hidden() {
            tell();
        }
    });
    on_cleanup(move || {
        online.remove();
        seen.remove();
    });
}

fn tell() {
    // It is a hint: that it can't be told changes nothing but how soon.
    spawn_local(async { drop(ipc::call(NetworkIsBack {}).await) });
}
