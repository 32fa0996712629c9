//! 重点管理: a feed of its own, for those who are permitted. Whoever is not learns nothing of it.

use serde_json::{Value, json};

use crate::{
    answer::{at, text},
    check::{Check, Verdict, Wrong, holds, same},
    device::{Device, took_effect},
    stage::Stage,
    wire,
};

pub(crate) const CHECKS: [Check; 1] = [Check::new(
    "scopes-12",
    "6.13",
    "management tags are for those who are permitted, and nobody else learns whether there are any",
    apart,
)];

fn apart(stage: &Stage) -> Verdict {
    let grid = stage.worker.grid();
    let people = [&stage.worker, stage.colleague()?, stage.clerk()?];
    let (permitted, others): (Vec<_>, Vec<_>) =
        people.into_iter().partition(|it| it.is_permitted());
    let mut known = wire::new_id();
    for device in permitted {
        let id = wire::new_id();
        took_effect(&enter(device, &id, grid)?)?;
        let key = ("management".to_owned(), id.clone());
        let stands = |of: &str| -> Result<bool, Wrong> {
            let feed = device.feed(&format!("{of}:{grid}"))?;
            Ok(feed.contains_key(&key))
        };
        holds(stands("control")?, "it in the feed of its own", &id)?;
        holds(
            !stands("grid")?,
            "nothing of it in the feed of the grid",
            &id,
        )?;
        known = id;
    }
    for device in others {
        // One that is there, if anybody is permitted, and one that is not.
        for id in [known.clone(), wire::new_id()] {
            let refused = enter(device, &id, grid)?;
            let got = (text(&refused, "outcome"), text(&refused, "why"));
            same(
                "outcome and reason",
                &("quarantined", "not_your_role"),
                &got,
            )?;
            holds(at(&refused, "doc").is_null(), "no document", &refused)?;
        }
        let feed = device.try_pull(&format!("control:{grid}"), "", 10)?;
        feed.refuses(403, "forbidden")?;
    }
    Ok(())
}

fn enter(device: &Device, id: &str, grid: &str) -> Result<Value, Wrong> {
    let set = json!({ "grid": grid, "resident": wire::new_id(), "control:drugs": true });
    let mut op = device.op(id, json!({ "do": "enter", "set": set }));
    if let Some(target) = op.get_mut("target") {
        *target = json!({ "kind": "management", "id": id });
    }
    device.push_one(&op)
}
