//! `bench NAME …`: measures one thing, tells it in words, and ends with one line of JSON.
//! Figures come from here and never from timed tests.

mod answer;
mod device;
mod import;
mod link;
mod lists;
mod photo;
mod race;
mod save;
mod search;
mod start;
mod sync;

use anyhow::bail;

/// The hub's, for hubs run in this program.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> anyhow::Result<()> {
    let mut arguments = std::env::args().skip(1);
    let name = arguments.next().unwrap_or_default();
    let rest: Vec<String> = arguments.collect();
    match name.as_str() {
        "answer" => answer::run(),
        "import" => import::run(&rest),
        "link" => link::run(&rest),
        "lists" => lists::run(&rest),
        "photo" => photo::run(&rest),
        "race" => race::run(),
        "save" => save::run(),
        "search" => search::run(&rest),
        "start" => start::run(),
        "sync" => sync::run(&rest),
        _ => {
            bail!(
                "there is `bench answer`, `bench import [ROWS]`, `bench link [RECORDS PHOTOS]`, `bench lists [RESIDENTS [FOLDER]]`, `bench photo [--file F]`, `bench race`, `bench save`, `bench search [RESIDENTS]`, `bench start` and `bench sync [RECORDS]`"
            )
        }
    }
}
