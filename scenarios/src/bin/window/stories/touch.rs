//! Fingers on the tablet: photos are moved by dragging and leafed through by swiping, the place
//! comes by itself from the device's position, and everything to press is as large as a finger.
//!
//! Debian's `WebKitWebDriver` has no touch pointers, and a desktop's WebKitGTK no receiver. So the
//! story dispatches the pointer events a touch makes by script, one by one, and puts a position in
//! the place of `navigator.geolocation`; everything after that is the app's own.

use std::{fs, time::Duration};

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};

use super::steps::{RUBBISH, add_photo, choose_category, enrol, settle};
use crate::{
    driver::Session,
    fixtures::{Scene, street},
    stage::{DeviceNo, Stage, TABLET},
};

/// The events of a finger that goes from the middle of one element to a point, in ten steps. As
/// in a browser they all go to the element where the finger came down, if it captured the pointer.
const FINGER: &str = r"
    const [selector, dx, dy] = arguments;
    const element = document.querySelector(selector);
    const box = element.getBoundingClientRect();
    const x = box.x + box.width / 2, y = box.y + box.height / 2;
    const fire = (type, part, pressed) => element.dispatchEvent(new PointerEvent(type, {
        pointerId: 2, pointerType: 'touch', isPrimary: true, bubbles: true, cancelable: true,
        composed: true, button: type === 'pointermove' ? -1 : 0, buttons: pressed ? 1 : 0,
        clientX: x + dx * part, clientY: y + dy * part,
    }));
    fire('pointerdown', 0, true);
    for (let step = 1; step <= 10; step += 1) fire('pointermove', step / 10, true);
    fire('pointerup', 1, false);
";

/// From one tile of the row to another, in pixels.
const BETWEEN: &str = r"
    const middle = (at) => {
        const box = document.querySelector(`.tile[data-at='${at}'] .tile-picture`).getBoundingClientRect();
        return [box.x + box.width / 2, box.y + box.height / 2];
    };
    const [from, to] = [middle(arguments[0]), middle(arguments[1])];
    return [to[0] - from[0], to[1] - from[1]];
";

/// Where the photos come from, in the order of the row.
const ORDER: &str =
    "return [...document.querySelectorAll('.tile[data-at] img')].map((it) => it.src);";

/// Puts longitude and latitude in the place of the device's position.
pub(super) const STAND_AT: &str = r"
    const coords = { longitude: arguments[0], latitude: arguments[1], accuracy: 12 };
    Object.defineProperty(navigator, 'geolocation', {
        configurable: true,
        value: { getCurrentPosition: (found) => found({ coords, timestamp: Date.now() }) },
    });
";

/// What can be pressed and is smaller than a finger in either direction. Left out: what is not
/// drawn; an input inside its label, and a label that only names a field, because the other of the
/// two is what is pressed.
const TOO_SMALL: &str = r"
    const all = document.querySelectorAll('button, a, input, select, textarea, label, summary');
    const pressed = (it) => {
        const style = getComputedStyle(it);
        if (style.visibility !== 'visible' || style.pointerEvents === 'none') return false;
        if (it.tagName === 'INPUT' && it.closest('label')) return false;
        return !(it.tagName === 'LABEL' && it.htmlFor);
    };
    return [...all].filter(pressed)
        .map((it) => [it, it.getBoundingClientRect()])
        .filter(([, box]) => box.width > 0 && box.height > 0)
        .filter(([, box]) => box.width < 47.9 || box.height < 47.9)
        .map(([it, box]) => `${it.tagName} ${it.dataset.test ?? it.className} ${Math.round(box.width)}×${Math.round(box.height)}`);
";

/// Fails where something to press on the page is smaller than 48 px.
pub(super) async fn fits_fingers(window: &Session, page: &str) -> Result<()> {
    let small = window.script(TOO_SMALL, vec![]).await?;
    let small = small.as_array().context("a list")?;
    ensure!(
        small.is_empty(),
        "too small for a finger on {page}: {small:?}"
    );
    Ok(())
}

/// Fingers on the tablet.
pub(super) async fn touch(stage: &mut Stage) -> Result<()> {
    stage.hub.start().await?;
    let tablet = stage.device("tablet", TABLET).await?;
    fits_fingers(stage.on(tablet)?.window()?, "the first page").await?;
    enrol(stage, tablet, "w-0101").await?;
    a_position_is_the_place(stage, tablet).await?;
    photos_are_moved(stage, tablet).await?;
    photos_are_leafed_through(stage, tablet).await
}

/// A grid of the sample city: its name and its first address.
struct Spot {
    grid: String,
    address: String,
    position: Vec<Value>,
}

fn spot(grid: usize) -> Result<Spot> {
    let city: Value = serde_json::from_slice(&fs::read("packs/sample-city.json")?)?;
    let at = |pointer: &str| {
        let found = city.pointer(&format!("/grids/{grid}{pointer}"));
        found.with_context(|| format!("grid {grid} has no {pointer}"))
    };
    let text = |pointer| {
        let found = at(pointer)?;
        found.as_str().map(str::to_owned).context("a text")
    };
    Ok(Spot {
        grid: text("/name")?,
        address: text("/addresses/0/text")?,
        position: vec![
            at("/addresses/0/position/lng")?.clone(),
            at("/addresses/0/position/lat")?.clone(),
        ],
    })
}

/// Inside one's own grid it fills the line; outside it warns, and the report can be sent.
async fn a_position_is_the_place(stage: &mut Stage, tablet: DeviceNo) -> Result<()> {
    // The first grid is that of w-0101.
    let (own, other) = (spot(0)?, spot(7)?);
    let window = stage.on(tablet)?.window()?;
    window.script(STAND_AT, own.position).await?;
    window.click("nav-report").await?;
    window.reads("place-text", &own.address).await?;
    window
        .reads_at(".place-grid[data-own='true']", &own.grid)
        .await?;
    ensure!(
        window.count("[data-test='place-outside']").await? == 0,
        "at home nothing is warned of"
    );
    stage
        .picture(tablet, "place-own", "定位在本网格 · the place, by itself")
        .await?;

    stage.say("走到别的网格 · somewhere else");
    let window = stage.on(tablet)?.window()?;
    window.click("nav-today").await?;
    window.see("today-report").await?;
    window.script(STAND_AT, other.position).await?;
    window.click("nav-report").await?;
    window.reads("place-text", &other.address).await?;
    window
        .reads_at(".place-grid[data-own='false']", &other.grid)
        .await?;
    window.see("place-outside").await?;
    stage
        .picture(
            tablet,
            "place-outside",
            "不在本网格，只提醒 · warned, not stopped",
        )
        .await?;
    let device = stage.on(tablet)?;
    device.window()?.type_into("description", RUBBISH).await?;
    choose_category(device, "bllj").await?;
    let window = device.window()?;
    window.click("send").await?;
    window.see("today-report").await?;
    window.click("nav-cases").await?;
    window.reads("case-row", &other.address).await
}

async fn photos_are_moved(stage: &mut Stage, tablet: DeviceNo) -> Result<()> {
    let scenes = [
        ("near", Scene::Rubbish),
        ("far", Scene::Pothole),
        ("clean", Scene::Clean),
    ];
    stage.on(tablet)?.window()?.click("nav-report").await?;
    for (count, (name, scene)) in scenes.into_iter().enumerate() {
        let photo = street(stage.folder(), name, scene)?;
        add_photo(stage.on(tablet)?, &photo, count + 1).await?;
    }
    let window = stage.on(tablet)?.window()?;
    window.see_count("[data-state='stored'] img", 3).await?;
    fits_fingers(window, "a report with photos").await?;
    let before = order(window).await?;

    let way = window.script(BETWEEN, vec![json!(0), json!(2)]).await?;
    let first = ".tile[data-at='0'] .tile-picture";
    finger(window, first, &way).await?;

    let [near, far, clean] = &before[..] else {
        anyhow::bail!("three photos: {before:?}");
    };
    let after = [far, clean, near].map(Clone::clone);
    stands_in_order(window, &after).await?;
    ensure!(
        window.count("[data-test='photo-viewer']").await? == 0,
        "a drag is no press"
    );
    settle(stage.on(tablet)?).await?;
    stage
        .picture(
            tablet,
            "photo-moved",
            "拖动照片换位置 · a photo moved by a finger",
        )
        .await?;

    let window = stage.on(tablet)?.window()?;
    window.click("nav-today").await?;
    window.click("draft-row").await?;
    stands_in_order(window, &after).await
}

async fn photos_are_leafed_through(stage: &mut Stage, tablet: DeviceNo) -> Result<()> {
    let window = stage.on(tablet)?.window()?;
    let (left, right) = (json!([-220, 6]), json!([220, 6]));
    finger(window, ".tile[data-at='0'] .tile-picture", &json!([0, 0])).await?;
    window.see("photo-viewer").await?;
    fits_fingers(window, "a photo over the whole screen").await?;
    window.reads_at(".viewer-words", "1/3").await?;

    finger(window, ".viewer", &left).await?;
    window.reads_at(".viewer-words", "2/3").await?;
    finger(window, ".viewer", &json!([-20, 0])).await?;
    window.reads_at(".viewer-words", "2/3").await?;
    stage
        .picture(
            tablet,
            "photo-swiped",
            "向左滑到下一张 · swiped to the next photo",
        )
        .await?;
    let window = stage.on(tablet)?.window()?;
    finger(window, ".viewer", &right).await?;
    window.reads_at(".viewer-words", "1/3").await?;
    finger(window, ".viewer", &right).await?;
    window.reads_at(".viewer-words", "1/3").await?;
    window.click("viewer-close").await?;
    window.see_count("[data-test='photo-viewer']", 0).await
}

async fn finger(window: &Session, from: &str, way: &Value) -> Result<()> {
    let arguments = vec![json!(from), way[0].clone(), way[1].clone()];
    window.script(FINGER, arguments).await?;
    Ok(())
}

async fn order(window: &Session) -> Result<Vec<Value>> {
    let photos = window.script(ORDER, vec![]).await?;
    Ok(photos.as_array().context("a list")?.clone())
}

async fn stands_in_order(window: &Session, expected: &[Value]) -> Result<()> {
    let mut found = Vec::new();
    for _ in 0..200 {
        found = order(window).await?;
        if found == expected {
            return Ok(());
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    anyhow::bail!("expected the photos {expected:?}, found {found:?}")
}
