//! The one box of the register, in the ways people think of somebody.

use anyhow::Result;

use super::{
    every_page::{LOOKS, dress, shown},
    steps::{report_rubbish, sync},
};
use crate::{
    driver::Session,
    stage::{DeviceNo, Stage},
};

/// What the numbers of all cases of the sample city begin with.
const CITY: &str = "329901-";

/// 找: pinyin, initials, the last four of a telephone, a piece of an address, and the number of a case.
pub(super) async fn one_box(stage: &mut Stage, devices: [DeviceNo; 2]) -> Result<()> {
    stage.say("一个框，都找得到 · one box finds them all");
    let [tablet, desk] = devices;
    let window = stage.on(tablet)?.window()?;
    for (typed, found) in [
        ("xiaoman", "小满"),
        ("oyxm", "欧阳小满"),
        ("1025", "欧阳小满"),
        ("水雅", "云水雅苑"),
    ] {
        look_for(window, typed).await?;
        window.reads("register-hit", found).await?;
    }
    stage.on(tablet)?.window()?.click("nav-today").await?;
    report_rubbish(stage, tablet).await?;
    let window = stage.on(tablet)?.window()?;
    window.click("nav-cases").await?;
    window.click("case-row").await?;
    window.see("receipt-code").await?;
    let receipt = window.says("receipt-code").await?;
    look_for(window, receipt.trim()).await?;
    window.reads("case-hit", receipt.trim()).await?;
    window.reads("case-hit", "已上报").await?;
    sync(stage, desk).await?;
    for device in devices {
        for look in LOOKS {
            let window = stage.on(device)?.window()?;
            dress(window, look).await?;
            look_for(window, CITY).await?;
            window.reads("case-hit", CITY).await?;
            shown(stage, device, "case-number", look.0).await?;
        }
        dress(stage.on(device)?.window()?, LOOKS[0]).await?;
    }
    let window = stage.on(desk)?.window()?;
    look_for(window, CITY).await?;
    window.click("case-hit").await?;
    window.reads("receipt-code", receipt.trim()).await
}

async fn look_for(window: &Session, typed: &str) -> Result<()> {
    window.click("nav-today").await?;
    window.click("nav-residents").await?;
    window.type_into("register-search", typed).await
}
