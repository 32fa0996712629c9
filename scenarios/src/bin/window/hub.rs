//! A real hub process on a fixed port, that can be stopped and started again: the network.

use std::{
    net::TcpListener,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result, ensure};
use shared::pack::CityPack;

use crate::{display::until, process::Process};

const CITY: &str = "packs/sample-city.json";

/// A hub with its data folder.
#[derive(Debug)]
pub(crate) struct Hub {
    program: PathBuf,
    data: PathBuf,
    log: PathBuf,
    port: u16,
    running: Option<Process>,
}

impl Hub {
    /// A hub with the sample city, not started yet.
    pub(crate) fn with_sample_city(folder: &Path) -> Result<Self> {
        let program = PathBuf::from(
            std::env::var_os("GRIDWALKER_HUB").context("GRIDWALKER_HUB names the hub's program")?,
        );
        // The port is free now and taken again in a moment; a stranger in between fails loudly.
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let data = folder.join("hub");
        std::fs::create_dir_all(&data)?;
        let hub = Self {
            program,
            data,
            log: folder.join("hub.log"),
            port,
            running: None,
        };
        hub.command(&["load-pack", CITY])?;
        Ok(hub)
    }

    /// The city's pack, changed; the hub stands still meanwhile.
    pub(crate) fn load_city(&self, change: impl FnOnce(&mut CityPack)) -> Result<()> {
        let mut pack = serde_json::from_str(&std::fs::read_to_string(CITY)?)?;
        change(&mut pack);
        let file = self.data.with_file_name("city.json");
        std::fs::write(&file, serde_json::to_vec(&pack)?)?;
        self.command(&["load-pack", file.to_str().context("a path of text")?])?;
        Ok(())
    }

    /// Every device gets this form.
    pub(crate) fn load_form(&self, workbook: &str) -> Result<()> {
        self.command(&["load-form", workbook])?;
        Ok(())
    }

    /// Its address.
    pub(crate) fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// The network returns.
    pub(crate) async fn start(&mut self) -> Result<()> {
        let listen = format!("127.0.0.1:{}", self.port);
        let mut command = Command::new(&self.program);
        command
            .args(["serve", "--listen", &listen, "--data"])
            .arg(&self.data);
        self.running = Some(Process::start(&mut command, &self.log)?);
        until("the hub to listen", || {
            std::net::TcpStream::connect(&listen).is_ok()
        })
        .await
    }

    /// The network is gone.
    pub(crate) fn stop(&mut self) -> Result<()> {
        self.running.take().context("the hub runs")?.stop()
    }

    /// A one-time enrolment code for a member of staff.
    pub(crate) fn code_for(&self, staff: &str) -> Result<String> {
        let output = self.command(&["enrol", "--staff", staff])?;
        let code = output.split_whitespace().find(|word| {
            word.len() >= 12
                && word
                    .chars()
                    .all(|c| c == '-' || c.is_ascii_uppercase() || c.is_ascii_digit())
        });
        Ok(code
            .with_context(|| format!("a code in {output:?}"))?
            .to_owned())
    }

    /// Its port.
    pub(crate) fn port(&self) -> u16 {
        self.port
    }

    /// Ids of all devices, in no order.
    pub(crate) fn devices(&self) -> Result<Vec<String>> {
        let list = self.command(&["device", "list"])?;
        let ids = list
            .lines()
            .skip(1)
            .filter_map(|line| line.split(' ').next());
        Ok(ids.map(str::to_owned).collect())
    }

    /// Takes a device's access away.
    pub(crate) fn revoke(&self, device: &str) -> Result<()> {
        self.command(&["device", "revoke", device])?;
        Ok(())
    }

    /// Digests of the photos the hub has whole, each checked against its bytes.
    pub(crate) fn verified_photos(&self) -> Result<Vec<String>> {
        let output = Command::new("find")
            .arg(self.data.join("blobs"))
            .args(["-type", "f", "-exec", "sha256sum", "{}", "+"])
            .output()?;
        let text = String::from_utf8(output.stdout)?;
        text.lines()
            .filter_map(|line| line.split_once("  "))
            .filter(|(_, path)| !path.contains("/part/"))
            .map(|(digest, path)| {
                ensure!(
                    path.contains(digest),
                    "{path} holds bytes with digest {digest}"
                );
                Ok(digest.to_owned())
            })
            .collect()
    }

    fn command(&self, args: &[&str]) -> Result<String> {
        let output = Command::new(&self.program)
            .args(args)
            .arg("--data")
            .arg(&self.data)
            .output()?;
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        ensure!(
            output.status.success(),
            "gridwalker-hub {args:?}: {text}{}",
            String::from_utf8_lossy(&output.stderr)
        );
        Ok(text)
    }
}
