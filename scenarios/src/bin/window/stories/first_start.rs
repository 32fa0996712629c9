//! The first page: a wrong code, a code used twice, an address where no hub is.

use anyhow::Result;

use super::steps::fill_enrolment;
use crate::stage::{Stage, TABLET};

/// A wrong code, a code used twice, an address where no hub is.
pub(super) async fn first_start(stage: &mut Stage) -> Result<()> {
    stage.hub.start().await?;
    let tablet = stage.device("tablet", TABLET).await?;
    let url = stage.hub.url();
    let window = stage.on(tablet)?.window()?;
    fill_enrolment(window, &url, "AAAA-BBBB-CCCC").await?;
    window.see("enrol-error").await?;
    stage
        .picture(tablet, "wrong-code", "登记码不对 · a wrong code")
        .await?;
    let window = stage.on(tablet)?.window()?;
    fill_enrolment(window, "http://127.0.0.1:9", "AAAA-BBBB-CCCC").await?;
    window.see("enrol-error").await?;
    stage
        .picture(tablet, "unreachable", "连不上服务器 · unreachable")
        .await?;
    let code = stage.hub.code_for("w-0102")?;
    let window = stage.on(tablet)?.window()?;
    fill_enrolment(window, &url, &code).await?;
    window.see("today-report").await?;
    let second = stage.device("second", TABLET).await?;
    let window = stage.on(second)?.window()?;
    fill_enrolment(window, &url, &code).await?;
    window.see("enrol-error").await?;
    stage
        .picture(second, "used-code", "登记码已用过 · a used code")
        .await
}
