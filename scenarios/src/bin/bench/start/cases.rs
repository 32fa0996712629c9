//! Invented cases of the sample city, as a hub would have sent them.

use std::path::Path;

use anyhow::{Context as _, Result, ensure};
use client::Client;
use scenarios::{link, sample_city};
use shared::{
    Author, CaseId, Doc, DocRef, Extra, OpId, Place, PlaceSource, Role, Scope, Timestamp, apply,
    apply::Stamp,
    case::Urgency,
    ipc::Whose,
    op::{Action, Op, Report, SCHEMA},
    time::Observed,
};

use crate::device;

/// 2026-11-02T00:00:00Z; a case every three minutes from there.
const FIRST_MS: i64 = 1_793_577_600_000;
const EVERY_MS: i64 = 180_000;
/// Cases that come at once.
const PAGE: usize = 10_000;
const WORDS: [&str; 6] = [
    "楼下垃圾桶旁堆了三袋垃圾，已经发臭，居民反映两天了",
    "路面有坑，电动车容易摔倒",
    "路灯不亮，晚上回家看不见台阶",
    "楼道里停着电动车充电，线从窗户拉下来",
    "井盖松动，车压过去响声很大",
    "店外经营占了半边人行道",
];

/// Puts so many cases into the data folder of a worker's device.
pub(super) async fn fill(folder: &Path, count: u32) -> Result<()> {
    std::fs::create_dir_all(folder)?;
    let client = device::worker(folder).await?;
    put(&client, count).await?;
    let page = client.list_cases(link::newest(Whose::Mine, 1)).await?;
    ensure!(
        page.total == count,
        "{} of {count} cases are there",
        page.total
    );
    Ok(())
}

/// The number of one of them.
pub(crate) fn number(nth: u32) -> String {
    format!("3206-2026-{nth:06}")
}

/// Puts so many cases on a device.
pub(crate) async fn put(client: &Client, count: u32) -> Result<()> {
    let city = sample_city::sample_city()?;
    let grid = city
        .grids
        .first()
        .context("the city has grids")?
        .code
        .clone();
    let categories: Vec<_> = city
        .catalogue
        .categories
        .iter()
        .map(|it| &it.code)
        .collect();
    let scope = Scope::grid(&grid);
    let mut docs = Vec::new();
    for number in 0..count {
        let at = Timestamp::from_ms(FIRST_MS + i64::from(number) * EVERY_MS);
        let nth = usize::try_from(number)?;
        let pick = |from: usize| nth % from.max(1);
        let report = Report {
            category: categories.get(pick(categories.len())).copied().cloned(),
            description: WORDS
                .get(pick(WORDS.len()))
                .map(|words| format!("{words}（第{number}处）"))
                .context("there are words")?,
            occurred_at: at,
            place: Place {
                position: None,
                accuracy_m: None,
                source: PlaceSource::Address,
                address: format!("五福里{}幢{}单元", 1 + number % 40, 1 + number % 4),
                grid: grid.clone(),
                in_own_grid: true,
                extra: Extra::default(),
            },
            urgency: match number % 20 {
                0 => Urgency::Critical,
                1..4 => Urgency::Urgent,
                _ => Urgency::Normal,
            },
            photos: Vec::new(),
            handled: None,
            extra: Extra::default(),
        };
        docs.push(doc(at, number, report, &scope)?);
        if docs.len() == PAGE || number + 1 == count {
            let page = std::mem::take(&mut docs);
            client::testing::pull_all(client, scope.clone(), page).await?;
        }
    }
    Ok(())
}

/// The document the hub would make of the report.
fn doc(at: Timestamp, number: u32, report: Report, scope: &Scope) -> Result<Doc> {
    let [a, b, c, d] = number.to_be_bytes();
    // Last, where the 回执码 is from.
    let random = [0, 0, 0, 0, 0, 0, a, b, c, d];
    let observed = Observed {
        wall: at,
        mono: 0,
        boot: "bench".to_owned(),
    };
    let op = Op {
        op_id: OpId::new(at, random),
        dev_seq: u64::from(number) + 1,
        target: DocRef::case(CaseId::new(at, random)),
        base_rev: 0,
        action: Action::Report(Box::new(report)),
        observed_at: observed.clone(),
        author: Author {
            staff: "w-0101".into(),
            role: Role::Worker,
            extra: Extra::default(),
        },
        scope: scope.clone(),
        schema: SCHEMA,
        extra: Extra::default(),
    };
    let stamp = Stamp::Hub {
        received_at: at,
        sent: &observed,
        case_no: &self::number(number),
        against: None,
    };
    apply(None, &op, &stamp)
        .doc
        .context("a report makes a case")
}
