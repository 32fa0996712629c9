//! Files for others, and servers that could not make them.

use std::fs;

use client::testing;
use scenarios::world::{Device, VACCINATION, World};
use shared::{
    Extra, Timestamp,
    hub_api::{
        ErrorCode,
        export::{Export, ExportFormat, ExportOf},
    },
    ipc::{Code, ExportFile, IpcError, ListForms, SavedFile},
    record::{Filled, FormVersion, Given},
};

/// Records in one file of this hub; of others twenty thousand.
const MAX: usize = 600;

const DAY_MS: i64 = 24 * 60 * 60 * 1_000;

/// Files of what was finished from one day to another.
async fn asks_for(clerk: &Device, [from, until]: [&str; 2]) -> Result<SavedFile, IpcError> {
    let of = ExportOf::Records {
        form: "vaccination".to_owned(),
        from: from.to_owned(),
        until: until.to_owned(),
    };
    let export = Export {
        of,
        format: ExportFormat::Csv,
        reason: "报街道".to_owned(),
        numbers: false,
    };
    clerk.client().export_file(ExportFile { export }).await
}

/// What was filled in at so many doors on one day.
fn filled(form: &FormVersion, day: Timestamp, numbers: std::ops::Range<usize>) -> Vec<Filled> {
    let given = |address: &str, value: String| Given {
        address: address.to_owned(),
        value,
    };
    let record = |number| Filled {
        form: form.clone(),
        subject: None,
        grid: Device::grid(),
        begun_at: day,
        finished_at: day,
        name: String::new(),
        values: vec![
            given("person/name_shown", format!("住户{number:06}")),
            given("vaccination/status", "none".to_owned()),
        ],
        photos: Vec::new(),
        replaces: None,
        told: None,
        extra: Extra::default(),
    };
    numbers.map(record).collect()
}

/// I26: the export failed on a server with little memory, and all the clerk had was an error. How much
/// memory it takes is looked at where the hub is a process: `hub/tests/all/export_memory`.
#[tokio::test(flavor = "multi_thread")]
async fn a_clerk_who_asks_for_more_than_one_file_holds_is_told_and_gets_all_of_it_by_days() {
    let world = World::with(None, |config| config.export_records_max = MAX);
    let world = world.await.unwrap();
    world.loads_form(VACCINATION, "vaccination").await.unwrap();
    let worker = world.device("w-0101").await.unwrap();
    let clerk = world.device("c-01").await.unwrap();
    let listed = worker.client().list_forms(ListForms {}).await.unwrap();
    let form = FormVersion {
        doc: listed.forms[0].doc,
        id: listed.forms[0].id.clone(),
        version: listed.forms[0].version.clone(),
    };
    let today = client::Clock::now(world.clock());
    let half = MAX / 2;
    let days = [
        ("2026-11-22", today.plus_ms(-DAY_MS), 0..half),
        ("2026-11-23", today, half..MAX + 1),
    ];
    for (_, day, numbers) in &days {
        let records = filled(&form, *day, numbers.clone());
        testing::record_all(worker.client(), records).await.unwrap();
    }
    worker.syncs_until_delivered(40).await.unwrap();

    let all = asks_for(&clerk, ["2026-11-22", "2026-11-23"]).await;

    let error = ErrorCode::TooLarge;
    assert_eq!(all.unwrap_err().code, Code::Hub { error }, "it is told why");
    let made = world.hub().exports().await.unwrap();
    assert_eq!(made.len(), 0, "no half of a file was made");
    for (day, _, numbers) in days {
        let file = asks_for(&clerk, [day, day]).await.unwrap();
        let text = fs::read_to_string(file.path).unwrap();
        assert_eq!(text.lines().count(), numbers.len() + 1, "{day}: a row each");
        for number in numbers {
            assert!(text.contains(&format!("住户{number:06}")), "{number}");
        }
    }
    let made = world.hub().exports().await.unwrap();
    assert_eq!(made.len(), 2, "each was put down");
}
