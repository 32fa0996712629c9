//! Where the bytes go: by what was asked for, and in which part of a message. HTTP/1.1 asks one
//! thing at a time on a connection, so what a connection carries belongs to the last thing asked;
//! when it breaks, that was in vain, as far as the other end did not keep a part of it.

use std::{
    collections::BTreeMap,
    fmt,
    sync::{Arc, Mutex, PoisonError},
};

use super::Counted;

/// What was carried for one kind of request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Spent {
    /// How often it was asked.
    pub asked: u64,
    /// How often the link broke before the answer was whole, as far as the link can tell.
    pub broken: u64,
    /// Heads towards the hub.
    pub heads_up: u64,
    /// Bodies towards the hub.
    pub bodies_up: u64,
    /// Heads towards the device.
    pub heads_down: u64,
    /// Bodies towards the device.
    pub bodies_down: u64,
    /// What came over towards the hub for those that broke.
    pub broken_up: u64,
    /// What came over towards the device for those that broke.
    pub broken_down: u64,
    /// What was sent to where nobody is.
    pub vanished: u64,
}

/// All of it, by what was asked: `POST push`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Ledger(BTreeMap<String, Spent>);

impl Ledger {
    /// What was carried for this: `PATCH photos`.
    pub fn of(&self, asked: &str) -> Spent {
        self.0.get(asked).copied().unwrap_or_default()
    }
}

impl fmt::Display for Ledger {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "{:>14} {:>6} {:>6} {:>9} {:>9} {:>9} {:>9} {:>9} {:>9} {:>9}",
            "asked",
            "times",
            "broken",
            "heads up",
            "bodies up",
            "heads dn",
            "bodies dn",
            "brok. up",
            "brok. dn",
            "vanished"
        )?;
        for (asked, it) in &self.0 {
            writeln!(
                f,
                "{asked:>14} {:>6} {:>6} {:>9} {:>9} {:>9} {:>9} {:>9} {:>9} {:>9}",
                it.asked,
                it.broken,
                it.heads_up,
                it.bodies_up,
                it.heads_down,
                it.bodies_down,
                it.broken_up,
                it.broken_down,
                it.vanished
            )?;
        }
        Ok(())
    }
}

/// The ledger of a link.
#[derive(Debug, Clone, Default)]
pub(super) struct Ledgers(Arc<Mutex<Ledger>>);

/// One connection's page.
#[derive(Debug, Clone)]
pub(super) struct Page {
    ledger: Arc<Mutex<Ledger>>,
    open: Arc<Mutex<Open>>,
}

/// What was asked last on a connection.
#[derive(Debug, Default)]
struct Open {
    asked: Option<String>,
    up: u64,
    down: u64,
}

impl Ledgers {
    pub(super) fn page(&self) -> Page {
        Page {
            ledger: Arc::clone(&self.0),
            open: Arc::default(),
        }
    }

    pub(super) fn so_far(&self) -> Ledger {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    pub(super) fn begin_anew(&self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Ledger::default();
    }
}

impl Page {
    /// `sent` was sent, and so much of it came over.
    pub(super) fn carried(&self, direction: Counted, sent: &[u8], passed: usize) {
        let is_up = direction != Counted::Down;
        let begins = if is_up { asked(sent) } else { None };
        let is_new = begins.is_some();
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        if is_new {
            *open = Open {
                asked: begins,
                ..Open::default()
            };
        }
        let has_head = is_new || (!is_up && sent.starts_with(b"HTTP/1.1 "));
        let head = if has_head { head(sent).min(passed) } else { 0 };
        let (head, all) = (as_u64(head), as_u64(passed));
        if is_up {
            open.up += all;
        } else {
            open.down += all;
        }
        let asked = open.asked.clone();
        drop(open);
        self.put_down(asked, |spent| {
            spent.asked += u64::from(is_new);
            spent.vanished += as_u64(sent.len() - passed);
            if is_up {
                spent.heads_up += head;
                spent.bodies_up += all - head;
            } else {
                spent.heads_down += head;
                spent.bodies_down += all - head;
            }
        });
    }

    /// The connection broke.
    pub(super) fn broke(&self) {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let (up, down) = (open.up, open.down);
        (open.up, open.down) = (0, 0);
        // What was asked stays, for what still vanishes belongs to it.
        let asked = open.asked.clone();
        drop(open);
        self.put_down(asked, |spent| {
            spent.broken += 1;
            spent.broken_up += up;
            spent.broken_down += down;
        });
    }

    fn put_down(&self, asked: Option<String>, change: impl FnOnce(&mut Spent)) {
        let mut ledger = self.ledger.lock().unwrap_or_else(PoisonError::into_inner);
        let asked = asked.unwrap_or_else(|| "nothing".to_owned());
        change(ledger.0.entry(asked).or_default());
    }
}

/// What a request is about, if one begins here: the method, and what follows `/sync/v1/`.
fn asked(sent: &[u8]) -> Option<String> {
    let line = sent.split(|byte| *byte == b'\r').next()?;
    let line = str::from_utf8(line).ok()?.strip_suffix(" HTTP/1.1")?;
    let (method, path) = line.split_once(" /sync/v1/")?;
    let about = path.split(['/', '?']).next().unwrap_or_default();
    Some(format!("{method} {about}"))
}

/// Bytes of the head that begins here.
fn head(sent: &[u8]) -> usize {
    let end = sent.windows(4).position(|four| four == b"\r\n\r\n");
    end.map_or(sent.len(), |end| end + 4)
}

fn as_u64(length: usize) -> u64 {
    u64::try_from(length).unwrap_or(u64::MAX)
}
