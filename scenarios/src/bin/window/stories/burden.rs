//! What it takes: presses and typed characters for what a grid worker does at every door, counted on the
//! real app and written to `docs/burden.md`. The story fails when the document says something else, or
//! when a goal is missed.

use std::{fmt::Write as _, fs, sync::Arc};

use anyhow::{Context, Result, bail, ensure};
use client::{Client, Clock, SystemClock};
use scenarios::sample_city::register::{self, Entered, add, set};
use shared::{
    DocRef, EntryId, GridCode, Timestamp,
    deadline::local,
    ipc::{AnswerForm, Filling, FinishForm, FormFinish, ListForms, OpenForm, SetForm},
    register::{EntryKind, FieldValue},
};

use super::{
    every_page::{LOOKS, dress, shown},
    residents::{GRID, community, delivered, open_door, without_window},
    steps::{sync, worker_and_clerk},
};
use crate::{
    driver::Session,
    stage::{DeviceNo, Stage},
};

const DOCUMENT: &str = "docs/burden.md";

/// What stands above the table.
const ABOVE: &str = "# What it takes

Presses and typed characters after the door is open, counted by the story `burden` \
(`cargo xtask e2e burden`) on the real app in its window. A press is a click on something; going into \
a field to type is one, too. The story fails when this table is not what it counted; \
`GRIDWALKER_RENEW=1` writes it anew.

| what | presses | typed | goal |
| --- | --- | --- | --- |
";

/// What stands below it.
const BELOW: &str = "
The month's twelve columns are `packs/forms/resident-check.xlsx` 人员信息核查: name, sex, birth, ID \
number, phone, kind, relation, registered address, how and since when they live here, marital status, \
work. Ten of them stand in the register, two only in the form. The first time is with what the register knows \
already. A vaccination names the vaccine, who made it and the clinic; after the first one of a day they stand \
there as they were the last time. A day that is neither today nor yesterday takes the day's picker: one or two presses more.
";

/// Where people are vaccinated that day.
const CLINIC: (&str, &str) = ("vaccination/clinic", "云栖社区卫生服务中心");

/// A clock that is a month behind.
#[derive(Debug)]
struct LastMonth(SystemClock);

impl Clock for LastMonth {
    fn now(&self) -> Timestamp {
        Timestamp::from_ms(self.0.now().as_ms() - 31 * 24 * 3_600_000)
    }

    fn mono_ms(&self) -> i64 {
        self.0.mono_ms()
    }

    fn boot(&self) -> &str {
        self.0.boot()
    }
}

/// A line of the table.
struct Counted {
    what: &'static str,
    presses: usize,
    typed: usize,
    goal: Option<usize>,
}

pub(super) async fn burden(stage: &mut Stage) -> Result<()> {
    for form in ["vaccination", "resident-check"] {
        stage.hub.load_form(&format!("packs/forms/{form}.xlsx"))?;
    }
    stage.hub.start().await?;
    let [tablet, desk] = worker_and_clerk(stage).await?;
    let community = community(stage).await?;
    let entered = register::enter(&community, &GridCode::from(GRID), 1).await?;
    for (title, form) in [
        ("10月人员核查", "resident_check"),
        ("秋季流感疫苗", "vaccination"),
    ] {
        launch(&community, title, form).await?;
    }
    delivered(&community).await?;
    last_month(stage, &entered).await?;
    for device in [tablet, desk] {
        sync(stage, device).await?;
    }
    for look in LOOKS {
        for device in [tablet, desk] {
            dress(stage.on(device)?.window()?, look).await?;
            pages(stage, device, look.0).await?;
        }
    }
    for device in [tablet, desk] {
        dress(stage.on(device)?.window()?, LOOKS[0]).await?;
    }
    let counted = all(stage, tablet).await?;
    for it in &counted {
        if let Some(goal) = it.goal {
            ensure!(it.presses <= goal, "{}: {} presses", it.what, it.presses);
        }
    }
    written(&counted)
}

/// A campaign that runs since the day before yesterday, for everybody of the grid.
async fn launch(community: &Client, title: &str, form: &str) -> Result<()> {
    let now = SystemClock::new().now().as_ms();
    let day = |days: i64| {
        let at = Timestamp::from_ms(now + days * 86_400_000);
        let at = local(480, at).context("a day of the calendar")?;
        Ok::<_, anyhow::Error>(at.date().to_string())
    };
    let (from, until) = (day(-2)?, day(20)?);
    let mut fields = set(&[
        ("title", title),
        ("form", form),
        ("about", "resident"),
        ("from", &from),
        ("until", &until),
    ]);
    let grid = format!("grid:{GRID}");
    fields.insert(grid.as_str().into(), Some(FieldValue::Flag(true)));
    add(community, EntryKind::Campaign, fields).await?;
    Ok(())
}

/// A month ago the worker, with another tablet, checked everybody but the first.
async fn last_month(stage: &Stage, entered: &Entered) -> Result<()> {
    let clock = Arc::new(LastMonth(SystemClock::new()));
    let worker = without_window(stage, "last-month", clock, "w-0101").await?;
    let forms = worker.list_forms(ListForms {}).await?.forms;
    let Some(form) = forms.iter().find(|it| it.id == "resident_check") else {
        bail!("the form is not there");
    };
    for resident in entered.residents.iter().skip(1) {
        checked(&worker, form.doc, *resident).await?;
    }
    delivered(&worker).await
}

async fn checked(worker: &Client, form: uuid::Uuid, resident: EntryId) -> Result<()> {
    let filling = Filling::New {
        form,
        subject: Some(DocRef::entry(EntryKind::Resident, resident)),
        prefill: Vec::new(),
    };
    let view = worker.open_form(OpenForm { filling }).await?;
    let draft = view.draft;
    if view.notice.is_some_and(|notice| notice.child) {
        let name = SetForm {
            draft,
            shown: 0,
            language: None,
            grid: None,
            guardian: Some("何大山".to_owned()),
            leave_out: None,
        };
        worker.set_form(name).await?;
    }
    for (address, value) in [
        ("living/kind", "permanent"),
        ("living/hukou_address", "汀川市云栖区"),
        ("living/tenure", "own"),
        ("living/since", "2019-05-01"),
        ("life/marital", "20"),
        ("life/work", "汀川纺织厂"),
    ] {
        let answer = AnswerForm {
            draft,
            shown: 0,
            address: address.to_owned(),
            value: value.to_owned(),
        };
        worker.answer_form(answer).await?;
    }
    match worker.finish_form(FinishForm { draft }).await? {
        FormFinish::Done { .. } => Ok(()),
        FormFinish::NoGuardian => bail!("no guardian is named"),
        FormFinish::Lacking { lacks } => bail!("{lacks:?}"),
    }
}

/// What people do at a door, each at one where nobody was yet.
async fn all(stage: &mut Stage, tablet: DeviceNo) -> Result<Vec<Counted>> {
    let mut counted = Vec::new();

    stage.say("第一次：十二栏 · the first time: twelve columns");
    open_door(stage, tablet, "1-1-101").await?;
    let window = stage.on(tablet)?.window()?;
    let from = window.effort();
    asked(window, "人员核查", "asked-form").await?;
    for choice in ["choice-permanent", "choice-own", "choice-20"] {
        window.click(choice).await?;
    }
    for (address, text) in [
        ("living/hukou_address", "汀川市云栖区"),
        ("life/work", "汀川纺织厂"),
    ] {
        answer(window, address, text).await?;
    }
    window
        .click_on("[data-address='living/since'] [data-test='day-0']")
        .await?;
    finished(window).await?;
    counted.push(line(
        "第一次填十二栏 the twelve columns for the first time",
        window,
        from,
        None,
    ));

    stage.say("见面，无变化 · met, nothing changed");
    open_door(stage, tablet, "1-1-102").await?;
    let window = stage.on(tablet)?.window()?;
    let from = window.effort();
    window.click("door-unchanged").await?;
    window.see("visit").await?;
    counted.push(line(
        "复访，无变化 a revisit, nothing changed",
        window,
        from,
        Some(1),
    ));

    stage.say("十二栏都没变 · none of the twelve columns changed");
    let window = stage.on(tablet)?.window()?;
    let from = window.effort();
    asked(window, "人员核查", "unchanged").await?;
    window
        .see_count("[data-test='asked'] [data-test='unchanged']", 1)
        .await?;
    counted.push(line(
        "每月十二栏，全没变 the twelve columns, none changed",
        window,
        from,
        Some(1),
    ));

    stage.say("十二栏变了一栏 · one of the twelve changed");
    open_door(stage, tablet, "1-1-201").await?;
    let window = stage.on(tablet)?.window()?;
    let from = window.effort();
    asked(window, "人员核查", "asked-form").await?;
    window.click("choice-rent").await?;
    finished(window).await?;
    counted.push(line(
        "每月十二栏，变一栏 the twelve columns, one changed",
        window,
        from,
        Some(4),
    ));

    stage.say("登记信息改一处 · one field of the register changed");
    let window = stage.on(tablet)?.window()?;
    let from = window.effort();
    window.click("entry").await?;
    window.click("edit-entry").await?;
    window.type_into("phone", "13900000003").await?;
    window.click("sheet-confirm").await?;
    window.see_count("[data-test='sheet-confirm']", 0).await?;
    counted.push(line(
        "登记信息改一处（电话） one field of the register, a phone number",
        window,
        from,
        Some(4),
    ));

    stage.say(
        "当天第一针，带疫苗、企业和单位 · the first of the day, with vaccine, company and clinic",
    );
    open_door(stage, tablet, "1-1-202").await?;
    let window = stage.on(tablet)?.window()?;
    let from = window.effort();
    asked(window, "流感疫苗", "asked-form").await?;
    window.click("choice-completed").await?;
    window.click("choice-1").await?;
    window.click("day-0").await?;
    window.click("choice-influenza").await?;
    window.click("choice-e").await?;
    answer(window, CLINIC.0, CLINIC.1).await?;
    finished(window).await?;
    counted.push(line(
        "当天第一针，带疫苗、企业和单位 the first vaccination of the day, with vaccine, company and clinic",
        window,
        from,
        None,
    ));

    stage.say("之后的接种登记，从专项 · a vaccination after it, from the campaign");
    open_door(stage, tablet, "1-1-301").await?;
    let window = stage.on(tablet)?.window()?;
    let from = window.effort();
    asked(window, "流感疫苗", "asked-form").await?;
    vaccinated(window).await?;
    counted.push(line(
        "已知居民的接种登记，从专项 a vaccination of a known resident, from the campaign",
        window,
        from,
        Some(6),
    ));

    stage.say("接种登记，从人 · a vaccination, from the person");
    open_door(stage, tablet, "1-1-302").await?;
    let window = stage.on(tablet)?.window()?;
    let from = window.effort();
    window.click("entry").await?;
    window
        .click_on("[data-form='vaccination'] [data-test='entry-form']")
        .await?;
    vaccinated(window).await?;
    counted.push(line(
        "已知居民的接种登记，从人 the same, from the person",
        window,
        from,
        Some(6),
    ));
    Ok(counted)
}

fn line(
    what: &'static str,
    window: &Session,
    from: (usize, usize),
    goal: Option<usize>,
) -> Counted {
    let now = window.effort();
    Counted {
        what,
        presses: now.0 - from.0,
        typed: now.1 - from.1,
        goal,
    }
}

/// Presses what a campaign offers for the first whom it asks about.
async fn asked(window: &Session, campaign: &str, press: &str) -> Result<()> {
    window.reads("asked", campaign).await?;
    window
        .click_on(&format!(
            "[data-test='asked'][data-campaign*='{campaign}'] [data-test='{press}']"
        ))
        .await
}

async fn answer(window: &Session, address: &str, text: &str) -> Result<()> {
    let field = format!("[data-address='{address}'] [data-test='answer']");
    window.type_at(&field, text).await
}

async fn vaccinated(window: &Session) -> Result<()> {
    window.click("choice-completed").await?;
    window.click("choice-1").await?;
    window.click("day-0").await?;
    // What the first one of the day was given stands there already.
    window
        .see_count("[data-test='choice-influenza'][aria-pressed='true']", 1)
        .await?;
    window
        .see_count("[data-test='choice-e'][aria-pressed='true']", 1)
        .await?;
    let clinic =
        "document.querySelector(`[data-address='${arguments[0]}'] [data-test='answer']`).value";
    let stands = window
        .script(&format!("return {clinic};"), vec![CLINIC.0.into()])
        .await?;
    ensure!(stands == CLINIC.1, "the clinic stands there: {stands}");
    finished(window).await
}

async fn finished(window: &Session) -> Result<()> {
    window.click("fill-finish").await?;
    window.see("door-state").await?;
    Ok(())
}

/// The door with what was said last month, the filling with who said so, the record.
async fn pages(stage: &mut Stage, device: DeviceNo, look: &str) -> Result<()> {
    open_door(stage, device, "1-1-102").await?;
    shown(stage, device, "door", look).await?;
    let window = stage.on(device)?.window()?;
    window.click("entry").await?;
    window.see("record-row").await?;
    shown(stage, device, "card", look).await?;
    let window = stage.on(device)?.window()?;
    window.click("record-row").await?;
    window.see("record-lines").await?;
    window.see("unchanged").await?;
    shown(stage, device, "record", look).await?;
    open_door(stage, device, "1-1-102").await?;
    let window = stage.on(device)?.window()?;
    window.click("entry").await?;
    window
        .click_on("[data-form='resident_check'] [data-test='entry-form']")
        .await?;
    window.see("known").await?;
    shown(stage, device, "begun", look).await?;
    // Nobody was here last month: they are told first.
    open_door(stage, device, "1-1-101").await?;
    let window = stage.on(device)?.window()?;
    window.click("entry").await?;
    window
        .click_on("[data-form='resident_check'] [data-test='entry-form']")
        .await?;
    window.see("fill-notice").await?;
    shown(stage, device, "notice", look).await
}

/// Compares with the document, or writes it.
fn written(counted: &[Counted]) -> Result<()> {
    let mut text = ABOVE.to_owned();
    for it in counted {
        let goal = it.goal.map(|goal| format!("≤ {goal}")).unwrap_or_default();
        writeln!(
            text,
            "| {} | {} | {} | {goal} |",
            it.what, it.presses, it.typed
        )?;
    }
    text.push_str(BELOW);
    if std::env::var_os("GRIDWALKER_RENEW").is_some() {
        return Ok(fs::write(DOCUMENT, text)?);
    }
    let stands = fs::read_to_string(DOCUMENT).unwrap_or_default();
    ensure!(
        stands == text,
        "{DOCUMENT} is not what was counted; GRIDWALKER_RENEW=1 writes it anew:\n{text}"
    );
    Ok(())
}
