//! A real process that is told to die at a place: as when the system kills it, but exactly there.

use std::{
    collections::BTreeMap,
    fs::{File, OpenOptions},
    io::Write as _,
    sync::{Mutex, MutexGuard, OnceLock, PoisonError},
};

/// The variable that says where to die: `NAME#N`, the n-th time the point is passed, from 1.
pub const KILL_AT: &str = "GRIDWALKER_KILL_AT";

/// The variable that names a file; every point that is passed is written to it, a line each.
pub const POINTS_TO: &str = "GRIDWALKER_POINTS_TO";

struct Orders {
    kill_at: Option<(String, u64)>,
    points_to: Option<Mutex<File>>,
    passed: Mutex<BTreeMap<&'static str, u64>>,
}

fn orders() -> &'static Orders {
    static ORDERS: OnceLock<Orders> = OnceLock::new();
    ORDERS.get_or_init(|| {
        let kill_at = std::env::var(KILL_AT).ok().and_then(|at| {
            let (name, count) = at.rsplit_once('#')?;
            Some((name.to_owned(), count.parse().ok()?))
        });
        let points_to = std::env::var_os(POINTS_TO).and_then(|path| {
            let file = OpenOptions::new().create(true).append(true).open(path);
            file.ok().map(Mutex::new)
        });
        Orders {
            kill_at,
            points_to,
            passed: Mutex::default(),
        }
    })
}

pub(super) fn pass(name: &'static str) {
    let orders = orders();
    if let Some(file) = &orders.points_to {
        // A list that can't be written is seen by its reader: it is too short.
        drop(writeln!(locked(file), "{name}"));
    }
    let Some((at, count)) = &orders.kill_at else {
        return;
    };
    if at == name && passed_now(orders, name) == *count {
        die();
    }
}

/// How often the point was passed, this time included.
fn passed_now(orders: &Orders, name: &'static str) -> u64 {
    *locked(&orders.passed)
        .entry(name)
        .and_modify(|times| *times += 1)
        .or_insert(1)
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// `SIGKILL`, as the system does it; nothing is tidied up.
fn die() -> ! {
    #[cfg(unix)]
    {
        use rustix::process::{Signal, getpid, kill_process};
        if let Err(error) = kill_process(getpid(), Signal::KILL) {
            // What follows does nearly the same.
            drop(writeln!(std::io::stderr(), "{error}"));
        }
    }
    std::process::abort()
}
