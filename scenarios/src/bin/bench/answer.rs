//! `bench answer`: what one answer costs in a form of 300 instances, each with a look-up into a list
//! of 1,000 rows, and a sum over all: everything that depends on it computed, saved, and told to the
//! page; beside a bare write and fsync of the same disk in the same run, alternating.

use std::{fs::File, io::Write as _};

use anyhow::Result;
use client::{Client, testing};
use serde_json::{Value, json};
use shared::{
    Doc, DocRef, DraftId, Kind, Scope,
    ipc::{AddToForm, AnswerForm, Filling, OpenForm},
};
use uuid::Uuid;

use crate::{
    device,
    save::{now, percentiles},
};

/// Instances of the repeat.
const INSTANCES: usize = 300;

/// Rows of the list that each looks into.
const ROWS: usize = 1_000;

/// Answers measured.
const ANSWERS: usize = 500;

/// Measures.
pub(crate) fn run() -> Result<()> {
    tokio::runtime::Runtime::new()?.block_on(measure())
}

#[expect(clippy::print_stdout, reason = "a bench tells what it measured")]
async fn measure() -> Result<()> {
    std::fs::create_dir_all("target/bench")?;
    // Under target/, not in /tmp: that may be memory.
    let folder = tempfile::tempdir_in("target/bench")?;
    let client = device::worker(folder.path()).await?;
    let doc = DocRef {
        kind: Kind::form(),
        id: Uuid::from_u128(1),
    };
    let form = Doc {
        target: doc.clone(),
        rev: 1,
        body: json!({ "form": form(), "lists": {}, "loaded_at": 1 }),
    };
    testing::pull(&client, Scope::city(), form).await?;
    let (draft, mut shown) = begin(&client, doc.id).await?;

    let mut fsync = File::create(folder.path().join("fsync"))?;
    let (mut answers, mut syncs) = (Vec::new(), Vec::new());
    let mut told = 0;
    for number in 0..ANSWERS {
        let answer = AnswerForm {
            draft,
            shown,
            address: format!("member[{}]/code", number % INSTANCES + 1),
            value: format!("k{}", number * 7 % ROWS),
        };
        let started = now();
        let change = client.answer_form(answer).await?;
        answers.push(started.elapsed());
        shown = change.state.shown;
        told = told.max(serde_json::to_string(&change)?.len());

        let started = now();
        fsync.write_all(&[7; 4_096])?;
        fsync.sync_all()?;
        syncs.push(started.elapsed());
    }
    let (answer_p50, answer_p99) = percentiles(&mut answers)?;
    let (fsync_p50, fsync_p99) = percentiles(&mut syncs)?;
    println!(
        "{ANSWERS} answers among {INSTANCES} instances: p50 {answer_p50:.2} ms, p99 {answer_p99:.2} ms"
    );
    println!("write and fsync of 4 KiB: p50 {fsync_p50:.2} ms, p99 {fsync_p99:.2} ms");
    println!("what an answer tells the page: {told} bytes at most");
    let figures = json!({
        "answer_p50_ms": answer_p50, "answer_p99_ms": answer_p99,
        "fsync_p50_ms": fsync_p50, "fsync_p99_ms": fsync_p99,
        "told_bytes_max": told,
    });
    println!("{figures}");
    Ok(())
}

/// A filling with all its instances; and what the page has of it.
async fn begin(client: &Client, form: Uuid) -> Result<(DraftId, u32)> {
    let filling = Filling::New {
        form,
        subject: None,
        prefill: Vec::new(),
    };
    let view = client.open_form(OpenForm { filling }).await?;
    let mut shown = view.state.shown;
    for _ in 1..INSTANCES {
        let add = AddToForm {
            draft: view.draft,
            shown,
            address: "member".to_owned(),
        };
        shown = client.add_to_form(add).await?.state.shown;
    }
    anyhow::ensure!(shown > 0, "the page was told");
    Ok((view.draft, shown))
}

fn form() -> Value {
    let rows: Vec<Value> = (0..ROWS)
        .map(|n| json!([format!("k{n}"), format!("第{n}号"), (n % 90).to_string()]))
        .collect();
    let question = |name: &str, kind: &str| json!({ "name": name, "label": {"": name}, "shape": "question", "kind": kind });
    let with = |mut it: Value, name: &str, value: Value| {
        if let Some(it) = it.as_object_mut() {
            it.insert(name.to_owned(), value);
        }
        it
    };
    let code = with(
        question("code", "select_one"),
        "choices",
        json!({ "list": "people" }),
    );
    let found = "instance('people')/root/item[name = ${code}]/age";
    let age = with(question("age", "integer"), "calculate", json!(found));
    let total = with(
        question("total", "integer"),
        "calculate",
        json!("sum(${age})"),
    );
    json!({
        "format": 1, "id": "bench", "version": "1", "title": {"": "bench"}, "root": "data",
        "items": [
            { "name": "member", "label": {"": "成员"}, "shape": "repeat",
              "items": [code, age, question("note", "text")] },
            total,
        ],
        "lists": [{ "name": "people",
                    "rows": { "columns": ["name", "label", "age"], "rows": rows } }],
    })
}
