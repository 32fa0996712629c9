//! Files of as much as one may ask for, from a hub with little memory.
#![expect(clippy::indexing_slicing, reason = "a test may fail loudly")]

use std::{
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::TcpStream,
    path::Path,
    process::{Child, Stdio},
};

use serde_json::{Value, json};
use shared::{CaseId, Outcome, hub_api::export::EXPORT_RECORDS_MAX};
use uuid::Uuid;

use crate::{
    command_line::program,
    world::{Device, MORNING, World, fresh},
};

const VACCINATION: &[u8] = include_bytes!("../../../packs/forms/vaccination.xlsx");

/// What a container of the smallest kind has. kB, as `/proc` counts.
const MEMORY_KB: u64 = 256 * 1024;

/// Operations pushed at once.
const PUSHED: usize = 500;

/// The hub as people run it.
struct Running {
    server: Child,
    address: String,
}

impl Running {
    fn on(data: &Path) -> Self {
        let mut server = program(data, &["serve", "--listen", "127.0.0.1:0"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut ready = String::new();
        let out = server.stdout.take().unwrap();
        BufReader::new(out).read_line(&mut ready).unwrap();
        let address = ready.trim().strip_prefix("listening on http://");
        let address = address.unwrap().to_owned();
        Self { server, address }
    }

    /// Asks for a file; its bytes, behind the head of the answer.
    fn file(&self, by: &Device, wanted: &Value) -> usize {
        let body = wanted.to_string();
        let request = format!(
            "POST /sync/v1/export HTTP/1.1\r\nHost: {}\r\nAuthorization: Bearer {}\r\n\
             Content-Type: application/json\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
            self.address,
            by.token,
            body.len()
        );
        let mut connection = TcpStream::connect(&self.address).unwrap();
        connection.write_all(request.as_bytes()).unwrap();
        let mut answer = Vec::new();
        connection.read_to_end(&mut answer).unwrap();
        let head = String::from_utf8_lossy(answer.get(..200).unwrap_or(&answer));
        assert!(head.starts_with("HTTP/1.1 200"), "{head}");
        answer.len()
    }

    /// The most memory it ever had, in kB (proc(5), `VmHWM`).
    fn peak_kb(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.server.id()));
        let status = status.unwrap();
        let line = status.lines().find_map(|it| it.strip_prefix("VmHWM:"));
        let number = line.unwrap().split_whitespace().next().unwrap();
        number.parse().unwrap()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // Whether or not it ended by itself.
        drop(self.server.kill());
        drop(self.server.wait());
    }
}

async fn pushes(by: &Device, what: &[(&str, Value)]) {
    for some in what.chunks(PUSHED) {
        let ops = some.iter().map(|(kind, action)| {
            let id = Uuid::from_bytes(fresh());
            let mut op = by.op(CaseId::from_bytes(fresh()), action);
            op["target"] = json!({ "kind": kind, "id": id });
            op
        });
        let answer = by.push(&ops.collect::<Vec<_>>()).await;
        for result in answer.results {
            assert_eq!(result.outcome, Outcome::Applied);
        }
    }
}

/// What somebody says at the door, at its longest.
fn record(number: usize) -> Value {
    json!({
        "do": "record",
        "form": { "doc": Uuid::from_u128(5), "id": "vaccination", "version": "1" },
        "grid": "G1",
        "begun_at": MORNING, "finished_at": MORNING,
        "values": [
            { "address": "person/name_shown", "value": format!("田{number}") },
            { "address": "person/phone", "value": "13800005678" },
            { "address": "vaccination/status", "value": "completed" },
            { "address": "vaccination/dose_no", "value": "2" },
            { "address": "vaccination/occurred_on", "value": "2026-09-01" },
            { "address": "vaccination/lot", "value": format!("2026090{number}") },
            { "address": "vaccination/clinic", "value": "文峰街道社区卫生服务中心" },
            { "address": "reported_by", "value": "document" },
        ],
    })
}

/// I26 of SAFETY: the export of another app failed on a server of 1 GB.
#[tokio::test]
async fn a_file_of_as_many_records_as_there_may_be_is_made_in_little_memory() {
    let world = World::on(None, |_| {}).await;
    let no_list = |_: &str| Err(hub::Error::FormTooLarge);
    let loaded = world.hub.load_form(VACCINATION, "vaccination", no_list);
    loaded.await.unwrap();
    let (worker, clerk) = (world.device("w1").await, world.device("c1").await);
    let records: Vec<_> = (0..EXPORT_RECORDS_MAX)
        .map(|number| ("record", record(number)))
        .collect();
    pushes(&worker, &records).await;
    drop(records);
    let data = world.data();

    for format in ["csv", "xlsx", "fhir"] {
        let running = Running::on(&data);
        let wanted = json!({
            "form": "vaccination", "format": format, "reason": "报街道",
            "from": "2026-11-24", "until": "2026-11-24",
        });
        let bytes = running.file(&clerk, &wanted);
        let peak = running.peak_kb();
        println!("{format}: {bytes} bytes, {peak} kB at most");
        assert!(bytes > EXPORT_RECORDS_MAX, "{format}: a line each");
        assert!(peak < MEMORY_KB, "{format}: {peak} kB");
    }
}
