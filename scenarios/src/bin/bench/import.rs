//! `bench import [ROWS]`: what taking over a table costs, from its bytes to everything on the disk:
//! read, planned, written into the encrypted database with its indexes and an operation for each
//! entry; beside the same cells written into one plain table without an index, in the same run.

use std::path::Path;

use anyhow::{Context as _, Result, ensure};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use client::Client;
use scenarios::sample_city::table;
use shared::ipc::{
    GetOwnGrids, ImportChoices, ImportUpload, PreviewImport, PutImportChunk, RunImport,
};

use crate::{device, save::now};

const ROWS: u32 = 100_000;
const RUNS: usize = 3;
const PIECE: usize = 256 * 1024;

/// Measures.
pub(crate) fn run(arguments: &[String]) -> Result<()> {
    let rows = match arguments.first() {
        Some(rows) => rows.parse().context("how many rows?")?,
        None => ROWS,
    };
    tokio::runtime::Runtime::new()?.block_on(measure(rows))
}

#[derive(Default)]
struct Times {
    read: Vec<f64>,
    import: Vec<f64>,
    again: Vec<f64>,
    bare: Vec<f64>,
}

#[expect(clippy::print_stdout, reason = "a bench tells what it measured")]
async fn measure(rows: u32) -> Result<()> {
    std::fs::create_dir_all("target/bench")?;
    let text = table::csv(0..rows);
    let cells: Vec<[String; 15]> = (0..rows).map(table::cells).collect();
    let mut times = Times::default();
    let mut entries = 0;
    for _ in 0..RUNS {
        // Under target/, not in /tmp: that may be memory.
        let folder = tempfile::tempdir_in("target/bench")?;
        entries = one(folder.path(), &text, rows, &mut times).await?;

        let started = now();
        let bare = cells.iter().map(|row| row.each_ref().map(String::as_str));
        client::testing::write_bare(&folder.path().join("bare.db"), bare)?;
        times.bare.push(started.elapsed().as_secs_f64());
    }
    let [read, import, again, bare] = [times.read, times.import, times.again, times.bare].map(best);
    let per_second = |seconds: f64| (f64::from(rows) / seconds).round();
    let whole = per_second(read + import);
    println!(
        "{rows} rows, {entries} entries, best of {RUNS}: read {read:.2} s, planned and written {import:.2} s: {whole} rows/s"
    );
    println!(
        "the same table again, nothing to write: {} rows/s",
        per_second(read + again)
    );
    println!(
        "the cells into one plain table: {} rows/s",
        per_second(bare)
    );
    let figures = serde_json::json!({
        "rows": rows, "entries": entries, "read_s": read, "import_s": import,
        "rows_per_s": whole, "again_rows_per_s": per_second(read + again),
        "bare_rows_per_s": per_second(bare),
    });
    println!("{figures}");
    Ok(())
}

/// Takes the table over on a new device, and looks at it once more. Gives how many entries it made.
async fn one(folder: &Path, text: &str, rows: u32, times: &mut Times) -> Result<u32> {
    let client = device::of(folder, "c-01").await?;
    let grids = client.get_own_grids(GetOwnGrids {}).await?;
    let grid = grids.first().context("the clerk has a grid")?.code.clone();

    let (columns, read) = hand_in(&client, text).await?;
    let choices = ImportChoices {
        columns,
        grid: Some(grid),
        ..ImportChoices::default()
    };
    let run = RunImport {
        choices: choices.clone(),
        leave_out: false,
    };
    let started = now();
    let done = client.run_import(run).await?;
    times.import.push(started.elapsed().as_secs_f64());
    times.read.push(read);
    ensure!(done.counts.residents == rows, "every row is a resident");

    hand_in(&client, text).await?;
    let started = now();
    let again = client.preview_import(PreviewImport { choices }).await?;
    times.again.push(started.elapsed().as_secs_f64());
    ensure!(again.counts.unchanged == rows, "twice is once");
    let counts = done.counts;
    Ok(counts.buildings + counts.dwellings + counts.households + counts.residents)
}

/// Hands in a table as the page does. Gives its columns, and what reading it took once it was there.
pub(crate) async fn hand_in(
    client: &Client,
    text: &str,
) -> Result<(Vec<Option<shared::ipc::ImportField>>, f64)> {
    let total = u64::try_from(text.len())?;
    let mut offset = 0;
    for piece in text.as_bytes().chunks(PIECE) {
        let chunk = PutImportChunk {
            upload: "bench".to_owned(),
            offset,
            total,
            data: STANDARD.encode(piece),
        };
        let started = now();
        if let ImportUpload::Read { table } = client.put_import_chunk(chunk).await? {
            let columns = table.columns.into_iter().map(|it| it.field).collect();
            return Ok((columns, started.elapsed().as_secs_f64()));
        }
        offset += u64::try_from(piece.len())?;
    }
    anyhow::bail!("the last piece makes the table")
}

pub(crate) fn best(times: Vec<f64>) -> f64 {
    times.into_iter().fold(f64::INFINITY, f64::min)
}
