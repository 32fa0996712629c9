//! `WebKitWebDriver` around the app: one driver process per start of the app.

use std::{
    net::TcpListener,
    path::Path,
    process::Command,
    sync::atomic::{AtomicUsize, Ordering},
    time::Duration,
};

use anyhow::{Context, Result};
use serde_json::{Value, json};
use thirtyfour::{By, Capabilities, WebDriver, WebElement, extensions::query::ElementQueryable};

use crate::{
    display::{Display, until},
    process::Process,
};

/// The app in its window, as a person sees it.
#[derive(Debug)]
pub(crate) struct Session {
    web: WebDriver,
    presses: AtomicUsize,
    typed: AtomicUsize,
    _driver: Process,
}

impl Session {
    /// Starts the app with this environment on this screen; with the file systems of the process
    /// `namespace`, if one is given.
    pub(crate) async fn start(
        program: &Path,
        environment: &[(&str, String)],
        display: &Display,
        namespace: Option<u32>,
        log: &Path,
    ) -> Result<Self> {
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let driver = "WebKitWebDriver";
        let mut command = Command::new(if namespace.is_some() {
            "nsenter"
        } else {
            driver
        });
        if let Some(pid) = namespace {
            command
                .args(["--user", "--mount", "--preserve-credentials"])
                .arg(format!("--target={pid}"))
                .arg(driver);
        }
        command
            .arg(format!("--port={port}"))
            .env("DISPLAY", display.name())
            .env_remove("WAYLAND_DISPLAY")
            .env("GDK_BACKEND", "x11")
            .env("TAURI_AUTOMATION", "true")
            .env("TAURI_WEBVIEW_AUTOMATION", "true")
            .env("WEBKIT_DISABLE_DMABUF_RENDERER", "1")
            .env("WEBKIT_DISABLE_COMPOSITING_MODE", "1")
            .env("NO_AT_BRIDGE", "1")
            // Whoever runs the stories may have a keystore of their own; no story may find it.
            .env("DBUS_SESSION_BUS_ADDRESS", "disabled:");
        for (name, value) in environment {
            command.env(name, value);
        }
        let driver = Process::start(&mut command, log)?;
        until("WebKitWebDriver to listen", || {
            std::net::TcpStream::connect(("127.0.0.1", port)).is_ok()
        })
        .await?;
        let mut wanted = Capabilities::new();
        wanted.set(
            "webkitgtk:browserOptions",
            json!({"binary": program, "args": []}),
        )?;
        let web = WebDriver::new(format!("http://127.0.0.1:{port}"), wanted)
            .await
            .context("starting the app through WebKitWebDriver")?;
        Ok(Self {
            web,
            presses: AtomicUsize::new(0),
            typed: AtomicUsize::new(0),
            _driver: driver,
        })
    }

    /// Waits for the element with this `data-test` name.
    pub(crate) async fn see(&self, name: &str) -> Result<WebElement> {
        self.find(&format!("[data-test='{name}']")).await
    }

    /// Waits for the first element that fits a CSS selector.
    pub(crate) async fn find(&self, selector: &str) -> Result<WebElement> {
        self.web
            .query(By::Css(selector))
            // Two stories are told at once, on whatever machine.
            .wait(Duration::from_secs(40), Duration::from_millis(50))
            .first()
            .await
            .with_context(|| format!("waiting for {selector}"))
    }

    /// How many elements fit, now.
    pub(crate) async fn count(&self, selector: &str) -> Result<usize> {
        Ok(self.web.find_all(By::Css(selector)).await?.len())
    }

    /// Waits until exactly so many elements fit.
    pub(crate) async fn see_count(&self, selector: &str, expected: usize) -> Result<()> {
        let mut found = usize::MAX;
        for _ in 0..400 {
            found = self.count(selector).await?;
            if found == expected {
                return Ok(());
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        anyhow::bail!("expected {expected} × {selector}, found {found}")
    }

    /// Waits for the element and clicks it.
    pub(crate) async fn click(&self, name: &str) -> Result<()> {
        self.click_on(&format!("[data-test='{name}']")).await
    }

    /// Waits for the first element that fits and clicks it. A page that draws anew in between
    /// makes the element stale; then it is looked for again.
    pub(crate) async fn click_on(&self, selector: &str) -> Result<()> {
        let mut last = None;
        for _ in 0..40 {
            match self.find(selector).await?.click().await {
                Ok(()) => {
                    self.presses.fetch_add(1, Ordering::Relaxed);
                    return Ok(());
                }
                Err(error) => last = Some(error),
            }
            self.bring_to_the_middle(selector).await?;
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        Err(anyhow::Error::from(last.context("a click")?).context(format!("clicking {selector}")))
    }

    /// What lies under the bars at the window's edge counts as in view for the driver, and can't be
    /// clicked.
    async fn bring_to_the_middle(&self, selector: &str) -> Result<()> {
        let scroll = "document.querySelector(arguments[0])?.scrollIntoView({ block: 'center' });";
        self.script(scroll, vec![json!(selector)]).await?;
        Ok(())
    }

    /// Types into the element.
    pub(crate) async fn type_into(&self, name: &str, text: &str) -> Result<()> {
        self.type_at(&format!("[data-test='{name}']"), text).await
    }

    /// Types into the first element that fits.
    pub(crate) async fn type_at(&self, selector: &str, text: &str) -> Result<()> {
        self.find(selector).await?.send_keys(text).await?;
        self.presses.fetch_add(1, Ordering::Relaxed);
        self.typed
            .fetch_add(text.chars().count(), Ordering::Relaxed);
        Ok(())
    }

    /// How often something was pressed, and how many characters were typed. Going into a field is a
    /// press.
    pub(crate) fn effort(&self) -> (usize, usize) {
        let count = |it: &AtomicUsize| it.load(Ordering::Relaxed);
        (count(&self.presses), count(&self.typed))
    }

    /// Waits until the element's text contains `words`.
    pub(crate) async fn reads(&self, name: &str, words: &str) -> Result<()> {
        self.reads_at(&format!("[data-test='{name}']"), words).await
    }

    /// Waits until some element that fits contains `words`.
    pub(crate) async fn reads_at(&self, selector: &str, words: &str) -> Result<()> {
        self.texts_until(selector, words, |texts| {
            texts.iter().any(|it| it.contains(words))
        })
        .await
    }

    /// Waits until the first of the elements contains one of these, in whichever language.
    pub(crate) async fn leads(&self, name: &str, words: [&str; 2]) -> Result<()> {
        let selector = format!("[data-test='{name}']");
        let is_first = |texts: &[&str]| {
            let first = texts.first();
            first.is_some_and(|it| words.iter().any(|words| it.contains(words)))
        };
        self.texts_until(&selector, words[0], is_first).await
    }

    async fn texts_until(
        &self,
        selector: &str,
        words: &str,
        fit: impl Fn(&[&str]) -> bool,
    ) -> Result<()> {
        // Not the driver's own text: it leaves out what stands in a container of its own width.
        let texts =
            "return [...document.querySelectorAll(arguments[0])].map((it) => it.innerText);";
        let mut found = Value::Null;
        for _ in 0..600 {
            found = self.script(texts, vec![json!(selector)]).await?;
            let all = found.as_array().into_iter().flatten();
            let all: Vec<&str> = all.filter_map(Value::as_str).collect();
            if fit(&all) {
                return Ok(());
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        anyhow::bail!("expected {words:?} in {selector}, found {found}")
    }

    /// What an element says, in view or not; the driver's own text leaves out what is not.
    pub(crate) async fn says(&self, name: &str) -> Result<String> {
        let text = "return document.querySelector(arguments[0])?.innerText ?? '';";
        let selector = format!("[data-test='{name}']");
        let said = self.script(text, vec![json!(selector)]).await?;
        Ok(said.as_str().unwrap_or_default().to_owned())
    }

    /// Writes a whole text into the field at once, as pasting does.
    pub(crate) async fn paste(&self, name: &str, text: &str) -> Result<()> {
        let field = self.see(name).await?.to_json()?;
        let paste = "arguments[0].value = arguments[1]; \
                     arguments[0].dispatchEvent(new InputEvent('input', { bubbles: true }));";
        self.script(paste, vec![field, json!(text)]).await?;
        Ok(())
    }

    /// Waits until the page has nothing left to do that shows: for a tenth of a second nothing was
    /// changed, and nothing moves. A page that never rests is taken as it is after two seconds.
    pub(crate) async fn rests(&self) -> Result<()> {
        let rest = "const done = arguments[arguments.length - 1]; \
             const began = performance.now(); \
             let changed = began; \
             const watch = new MutationObserver(() => { changed = performance.now(); }); \
             watch.observe(document, \
                 { subtree: true, childList: true, attributes: true, characterData: true }); \
             const moves = () => document.getAnimations().some((it) => it.playState === 'running') \
                 || [...document.images].some((it) => !it.complete); \
             const look = () => { \
                 const now = performance.now(); \
                 if ((now - changed > 100 && !moves()) || now - began > 2000) { \
                     watch.disconnect(); \
                     requestAnimationFrame(() => requestAnimationFrame(() => done(null))); \
                 } else { setTimeout(look, 20); } \
             }; \
             look();";
        self.web.execute_async(rest, Vec::new()).await?;
        // What was drawn comes to the screen from another process.
        tokio::time::sleep(Duration::from_millis(50)).await;
        Ok(())
    }

    /// Runs a script in the page.
    pub(crate) async fn script(&self, script: &str, arguments: Vec<Value>) -> Result<Value> {
        let answer = self.web.execute(script, arguments).await?;
        Ok(answer.json().clone())
    }

    /// The value of a field.
    pub(crate) async fn value(&self, name: &str) -> Result<String> {
        Ok(self
            .see(name)
            .await?
            .prop("value")
            .await?
            .unwrap_or_default())
    }

    /// Ends the app the ordinary way.
    pub(crate) async fn quit(self) -> Result<()> {
        self.web.quit().await.context("closing the app")
    }
}
