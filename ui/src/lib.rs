//! What a person sees. Shows and asks; the core behind [`ipc`] decides.
//!
//! Runs as wasm inside the app's webview. Three kinds of state have three homes: data of the core
//! is [`live`], where I am is the URL, what I am typing is a draft or a page's own signal.
#![expect(
    unreachable_pub,
    reason = "`#[component]` writes the builders of its props as `pub`"
)]

mod app;
mod components;
mod corrections;
mod dates;
mod drafts;
mod dynamic;
mod feed;
mod ipc;
mod keys_help;
mod layout;
mod live;
mod look;
mod network;
mod pages;
mod position;
mod session;
mod settings;
mod shell;
mod uploads;
mod words;

use wasm_bindgen::prelude::wasm_bindgen;

/// Draws the app into the page; called by the page's script.
#[wasm_bindgen(start)]
pub fn start() {
    console_error_panic_hook::set_once();
    leptos::mount::mount_to_body(app::Root);
}
