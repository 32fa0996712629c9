//! A captive portal in the hub's place, and a hub that wants nothing of this device any more.

use anyhow::{Context, Result, ensure};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
    task::JoinHandle,
};

use super::Told;
use crate::{
    stage::DeviceNo,
    stories::steps::{delivered, fill_enrolment, to_delivery},
};

/// Answers every request with a page that asks to log in; gone when dropped.
#[derive(Debug)]
pub(super) struct Portal {
    pub(super) port: u16,
    serving: JoinHandle<()>,
}

impl Portal {
    /// On this port; 0 takes any.
    pub(super) async fn open(port: u16) -> Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", port)).await?;
        let port = listener.local_addr()?.port();
        let serving = tokio::spawn(async move {
            while let Ok((connection, _)) = listener.accept().await {
                // Whoever hangs up early gets no page.
                tokio::spawn(async move { drop(log_in_first(connection).await) });
            }
        });
        Ok(Self { port, serving })
    }

    /// Closes it and waits until its port is free.
    async fn close(mut self) {
        self.serving.abort();
        // It ends by being aborted.
        drop((&mut self.serving).await);
    }
}

impl Drop for Portal {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

async fn log_in_first(mut connection: TcpStream) -> std::io::Result<()> {
    let page = "<html><title>Free Wi-Fi</title>Please log in first.</html>";
    let mut request = vec![0; 64 * 1024];
    if connection.read(&mut request).await? == 0 {
        return Ok(());
    }
    let answer = format!(
        "HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{page}",
        page.len()
    );
    connection.write_all(answer.as_bytes()).await?;
    connection.shutdown().await
}

/// The report is sent, waits, and the page says what is in the way.
pub(super) async fn a_portal_in_the_hubs_place(
    told: &mut Told<'_>,
    tablet: DeviceNo,
) -> Result<()> {
    told.stage.hub.stop()?;
    let portal = Portal::open(told.stage.hub.port()).await?;
    let window = told.stage.on(tablet)?.window()?;
    window.click("send").await?;
    window.see("today-report").await?;
    to_delivery(window).await?;
    window.click("sync-now").await?;
    told.sees(tablet, "sync-state", "sync.not_a_hub").await?;
    still_waits(told, tablet).await?;
    portal.close().await;

    told.stage.on(tablet)?.window()?.click("sync-now").await?;
    told.sees(tablet, "sync-state", "sync.offline").await
}

async fn still_waits(told: &mut Told<'_>, tablet: DeviceNo) -> Result<()> {
    let window = told.stage.on(tablet)?.window()?;
    window
        .find("[data-test='delivery-row'] [data-test='mark-here'][data-done='true']")
        .await?;
    ensure!(
        window
            .count("[data-test='mark-at-hub'][data-done='true']")
            .await?
            == 0,
        "nothing is said to have arrived"
    );
    Ok(())
}

/// The work stays and is delivered once the device is enrolled anew.
pub(super) async fn a_revoked_device(told: &mut Told<'_>, tablet: DeviceNo) -> Result<()> {
    let device = told.stage.hub.devices()?;
    // Ids begin with their time, so the tablet that was enrolled last has the greatest.
    let device = device.iter().max().context("a device is enrolled")?;
    told.stage.hub.revoke(device)?;
    told.stage.hub.start().await?;
    told.stage.on(tablet)?.window()?.click("sync-now").await?;
    told.sees(tablet, "problem", "problem.revoked").await?;
    told.sees(tablet, "sync-state", "hub_error.revoked").await?;
    still_waits(told, tablet).await?;
    told.stage.on(tablet)?.window()?.click("nav-me").await?;
    told.sees(tablet, "me-revoked", "me.revoked_hint").await?;

    let (url, code) = (told.stage.hub.url(), told.stage.hub.code_for("w-0101")?);
    let window = told.stage.on(tablet)?.window()?;
    window.click_on("[data-test='me-revoked'] a").await?;
    fill_enrolment(window, &url, &code).await?;
    window.see("today-report").await?;
    to_delivery(window).await?;
    window.click("sync-now").await?;
    delivered(told.stage.on(tablet)?).await?;
    window_is_quiet(told, tablet).await
}

async fn window_is_quiet(told: &mut Told<'_>, tablet: DeviceNo) -> Result<()> {
    let window = told.stage.on(tablet)?.window()?;
    window.see_count("[data-test='problem']", 0).await
}
