//! Lets tauri generate its context, with an explicit list of the commands the window may call.

use std::{fs, path::Path};

fn main() {
    let commands: &'static [&'static str] =
        Vec::leak(include_str!("commands.txt").lines().collect::<Vec<_>>());
    println!("cargo:rerun-if-changed=commands.txt");
    println!("cargo:rerun-if-changed=../ui/dist");
    placeholder_page();
    let attributes = tauri_build::Attributes::new()
        .app_manifest(tauri_build::AppManifest::new().commands(commands));
    if let Err(error) = tauri_build::try_build(attributes) {
        println!("cargo:warning={error:#}");
        std::process::exit(1);
    }
}

/// Without the built UI the shell still compiles (for checks); it then says what to do.
fn placeholder_page() {
    let page = Path::new("../ui/dist/index.html");
    if page.exists() {
        return;
    }
    let text = "<!doctype html><title>Gridwalker</title><p>Run <code>cargo xtask ui</code> first.";
    let written = page
        .parent()
        .map(fs::create_dir_all)
        .is_some_and(|made| made.is_ok())
        && fs::write(page, text).is_ok();
    if !written {
        println!("cargo:warning=ui/dist could not be created; run `cargo xtask ui`");
    }
}
