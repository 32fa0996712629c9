//! A real process that is told to die at a place: `abort`, so that nothing is tidied up, as when
//! the system kills it, but exactly there.

use std::{
    collections::BTreeMap,
    fs::{File, OpenOptions},
    io::Write as _,
    sync::{Mutex, OnceLock, PoisonError},
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
        let mut file = file.lock().unwrap_or_else(PoisonError::into_inner);
        // A list that can't be written is seen by its reader: it is too short.
        drop(writeln!(file, "{name}"));
    }
    let Some((at, count)) = &orders.kill_at else {
        return;
    };
    if at != name {
        return;
    }
    let mut passed = orders.passed.lock().unwrap_or_else(PoisonError::into_inner);
    let times = passed.entry(name).or_default();
    *times += 1;
    if *times == *count {
        std::process::abort();
    }
}
